"""Whose reading of a conflict is followed: by default, and as the caller wants; the other one is kept with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from budget_llm.disclosure import Disclosure
from budget_llm.document import Document
from budget_llm.errors import InputError
from budget_llm.extraction import extract
from budget_llm.facts import Fact, Reader, Reading
from budget_llm.precedence import Precedence, settle, source_and_identities_first
from budget_llm.schemas import Change, Income, MoneyItem
from tests.test_crosscheck import BUSINESS, FUND, TEXT, TOTAL, Scripted, item

TURNED = item("收入预算", "income.total", "100.50万元", Change(amount="增加3.5万元"))
NOT_IN_SOURCE = item("收入预算", "income.total", "105.00万元")


def model_first(fact: Fact) -> Reader:
    """Follow the model always."""
    return "model"


def rule_first(fact: Fact) -> Reader:
    """Follow the rule always."""
    return "rule"


def read(*items: MoneyItem, precedence: Precedence | None = None) -> Disclosure:
    """Return the text of the cross-check as the rules and a model that fills these items read it."""
    return extract(Document.from_text(TEXT), Scripted(Income(items=items)), precedence=precedence)


def conflicting(by_rule: str, by_model: str, start: int | None = 51) -> list[Fact]:
    """Return the facts of the text with a conflict over its second number, 90.25, which the model read at `start`."""
    facts = list(extract(Document.from_text(TEXT), "none").facts)
    fund = facts[1]
    assert fund.text == "90.25"
    end = None if start is None else start + len(by_model)
    other = Reading("model", fund.concept, Decimal(by_model), fund.unit, by_model, start, end)
    facts[1] = replace(
        fund, value=Decimal(by_rule), verdict="conflict", readers=("model", "rule"), conflict="value", other=other
    )
    return facts


def settled(facts: Sequence[Fact], precedence: Precedence | None = None) -> Fact:
    """Return the second fact after the conflict is settled."""
    return settle(Document.from_text(TEXT), facts, (), precedence)[1]


def test_by_default_the_model_is_followed_where_the_identities_speak_for_it() -> None:
    """Its number stands in the source, the sum fails with the rule's and holds with its own."""
    fact = settled(conflicting("9.25", "90.25"))
    assert (str(fact.value), fact.verdict, fact.supported, fact.contradicted) == (
        "90.25",
        "conflict",
        ("income_parts",),
        (),
    )
    assert fact.other is not None
    assert (fact.other.reader, str(fact.other.value), fact.other.supported, fact.other.contradicted) == ("rule", "9.25", (), ("income_parts",))  # fmt: skip


def test_by_default_the_rule_is_followed_where_the_identities_speak_for_it() -> None:
    """The evidence for both sides is kept all the same."""
    fact = settled(conflicting("90.25", "9.25"))
    assert (str(fact.value), fact.supported, fact.contradicted) == ("90.25", ("income_parts",), ())
    assert fact.other is not None
    assert (fact.other.reader, str(fact.other.value), fact.other.supported, fact.other.contradicted) == ("model", "9.25", (), ("income_parts",))  # fmt: skip


def test_by_default_a_number_that_the_source_does_not_hold_is_never_followed() -> None:
    """The source comes before the identities: without a place, the model is wrong even where its sum would hold."""
    fact = settled(conflicting("9.25", "90.25", start=None))
    assert (str(fact.value), fact.contradicted) == ("9.25", ("income_parts",))
    assert fact.other is not None
    assert (str(fact.other.value), fact.other.supported) == ("90.25", ("income_parts",))


def test_by_default_the_rule_is_followed_where_no_identity_speaks() -> None:
    """Of a change alone nothing can be added up: the rule comes before the model."""
    (change,) = [f for f in read(TURNED, FUND, BUSINESS).facts if f.measure == "change"]
    assert (str(change.value), change.supported, change.contradicted) == ("-3.5", (), ())
    assert change.other is not None
    assert (change.other.reader, str(change.other.value)) == ("model", "3.5")


WEIGHED: list[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...], int | None, Reader]] = [
    ("nothing speaks against the rule", (), (), ("a", "b"), (), 1, "rule"),
    ("as much fails with either", (), ("a",), ("b",), ("a",), 1, "rule"),
    ("less fails with the model's, but nothing more holds", (), ("a",), (), (), 1, "rule"),
    ("less fails with the model's and more holds", (), ("a",), ("a",), (), 1, "model"),
    ("as much holds with either", ("b",), ("a",), ("b",), (), 1, "rule"),
    ("the model's is not in the source", (), ("a",), ("a",), (), None, "rule"),
]


@pytest.mark.parametrize(
    ("case", "supported", "contradicted", "others", "against", "start", "reader"), WEIGHED, ids=[w[0] for w in WEIGHED]
)
def test_the_default_weighs_what_holds_and_what_fails(
    case: str, supported: tuple[str, ...], contradicted: tuple[str, ...], others: tuple[str, ...], against: tuple[str, ...],
    start: int | None, reader: Reader,
) -> None:  # fmt: skip
    """The model is followed only where its reading makes fewer identities fail and more hold."""
    fact = conflicting("9.25", "90.25")[1]
    assert fact.other is not None
    other = replace(fact.other, supported=others, contradicted=against, start=start)
    weighed = replace(fact, supported=supported, contradicted=contradicted, other=other)
    assert source_and_identities_first(weighed) == reader


def test_a_caller_may_follow_the_model_always() -> None:
    """The rule's reading then stands in `other`; the verdict still says that the two conflict."""
    (change,) = [f for f in read(TURNED, FUND, BUSINESS, precedence=model_first).facts if f.measure == "change"]
    assert (str(change.value), change.verdict, change.conflict, change.trusted) == ("3.5", "conflict", "sign", False)
    assert change.other is not None
    assert (change.other.reader, str(change.other.value)) == ("rule", "-3.5")


def test_a_caller_may_follow_the_rule_always() -> None:
    """Even where the identities speak against it; the finding then stands."""
    assert str(settled(conflicting("9.25", "90.25"), rule_first).value) == "9.25"


FIELDS = [
    ("wrong item", item("事业收入", "income.business_operating", "10.25万元"), "income.business_operating", "income.business"),
    ("wrong scope", item("事业收入", "income.business", "10.25万元", scope="fiscal"), "fiscal", "department"),
    ("wrong year", item("事业收入", "income.business", "10.25万元", year=2022), "2022", "2024"),
    ("wrong measure", item("事业收入", "income.business", "", Change(amount="增加10.25万元")), "change", "amount"),
]  # fmt: skip


NAMES = {"wrong item": "concept", "wrong scope": "scope", "wrong year": "period", "wrong measure": "measure"}


@pytest.mark.parametrize(("mistake", "answer", "followed", "kept"), FIELDS)
def test_a_field_is_followed_as_a_number_is(mistake: str, answer: MoneyItem, followed: str, kept: str) -> None:
    """The entry of the reading that is followed becomes the fact's; the other one is kept."""
    (fact,) = [f for f in read(TOTAL, FUND, answer, precedence=model_first).facts if f.text == "10.25"]
    assert fact.other is not None
    assert fact.conflict == mistake
    assert str(getattr(fact, NAMES[mistake])) == followed
    assert (fact.other.concept if mistake == "wrong item" else fact.other.field) == kept


def test_the_policy_is_asked_about_conflicts_alone_with_the_evidence_for_both_sides() -> None:
    """Confirmed, lone and unsupported numbers are not up for choice."""
    asked: list[Fact] = []

    def watching(fact: Fact) -> Reader:
        asked.append(fact)
        return "rule"

    read(NOT_IN_SOURCE, FUND, BUSINESS, item("其他收入", "income.other", "77.77万元"), precedence=watching)
    assert [(f.verdict, f.text, f.supported, f.contradicted) for f in asked] == [("conflict", "100.50", ("income_parts",), ())]  # fmt: skip
    assert [f.other and (f.other.text, f.other.supported, f.other.contradicted) for f in asked] == [("105.00", (), ("income_parts",))]  # fmt: skip


def test_an_unsupported_number_is_never_followed() -> None:
    """An invented item has no place, no part in any sum, and no policy makes it one that can be trusted."""
    disclosure = read(TOTAL, FUND, BUSINESS, item("其他收入", "income.other", "77.77万元"), precedence=model_first)
    (invented,) = [f for f in disclosure.facts if f.text == "77.77"]
    assert (invented.verdict, invented.start, invented.trusted, invented.supported) == ("unsupported", None, False, ())
    assert disclosure.findings == ()


def test_a_number_stands_where_the_source_holds_it_whoever_is_followed() -> None:
    """105.00 is not in the source: it cannot have the place of 100.50, not even for a caller who follows the model."""
    facts = read(NOT_IN_SOURCE, FUND, BUSINESS, precedence=model_first).facts
    assert [f.text for f in facts if f.start is not None and TEXT[f.start : f.end] != f.text] == []


@pytest.mark.parametrize("precedence", [None, model_first, rule_first])
def test_no_reading_of_a_conflict_is_ever_hidden(precedence: Precedence | None) -> None:
    """Whichever is followed, both numbers and both readers are there."""
    fact = settled(conflicting("9.25", "90.25"), precedence)
    assert fact.other is not None
    assert {str(fact.value), str(fact.other.value)} == {"9.25", "90.25"}
    assert fact.readers == ("model", "rule")


def test_without_a_conflict_nothing_is_changed() -> None:
    """The facts come back as they went in."""
    facts = extract(Document.from_text(TEXT), "none").facts
    assert settle(Document.from_text(TEXT), facts, (), model_first) == facts


def test_a_policy_that_names_no_reader_is_refused() -> None:
    """Neither an answer that is none, nor what is no function."""
    with pytest.raises(InputError, match="returns 'rule' or 'model', it returned 'rubbish'"):
        read(NOT_IN_SOURCE, FUND, BUSINESS, precedence=lambda fact: "rubbish")  # type: ignore[arg-type,return-value]
    with pytest.raises(InputError, match="expected a function of a fact, found str"):
        read(NOT_IN_SOURCE, FUND, BUSINESS, precedence="model")  # type: ignore[arg-type]
