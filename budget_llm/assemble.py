"""Facts and records filled into the five schemas in which a disclosure is handed out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, get_args

from budget_llm.document import Document
from budget_llm.duties import DutySpan
from budget_llm.facts import Fact
from budget_llm.quantities import parse_number
from budget_llm.schemas import (
    Change,
    Count,
    CountConcept,
    Duties,
    Duty,
    Expenditure,
    Income,
    Indicator,
    MoneyItem,
    Performance,
)

_COUNTED = frozenset(get_args(CountConcept)) - {"other"}
_ABOUT_PERFORMANCE = ("performance.", "evaluation.", "indicator.")


def written(fact: Fact) -> str:
    """Return a number as it stands in the source, with its unit; a phrase of no change as it is."""
    number = " ".join(fact.text.split())
    return number if fact.unit is None or parse_number(fact.text) is None else number + fact.unit


def duties_from(document: Document, spans: Iterable[DutySpan]) -> Duties:
    """Return the duties with their verbatim text."""
    items = []
    for span in spans:
        text = document.text[span.start : span.end]
        items.append(
            Duty(
                number=span.number,
                opening=" ".join(text.split())[:20],
                text=text,
                start=span.start,
                end=span.end,
            )
        )
    return Duties(items=tuple(items))


def counts_from(facts: Iterable[Fact], concepts: tuple[str, ...]) -> tuple[Count, ...]:
    """Return the counts among facts whose concept starts with one of `concepts`."""
    return tuple(
        Count.model_validate(
            {
                "label": fact.label,
                "concept": fact.concept,
                "count": _signed(fact),
                "as_of": fact.period if isinstance(fact.period, str) else None,
            }
        )
        for fact in facts
        if fact.concept.startswith(concepts) and fact.concept in _COUNTED
    )


def income_from(facts: Sequence[Fact]) -> Income:
    """Return the income side: every item of `income.*`."""
    return Income(items=_items(f for f in facts if f.concept.startswith("income.")))


def expenditure_from(facts: Sequence[Fact]) -> Expenditure:
    """Return the expenditure side with three public expenses, operating cost, procurement and assets."""
    apart = ("income.", "organisation.", "staff.", *_ABOUT_PERFORMANCE)
    money = [f for f in facts if not f.concept.startswith(apart) and f.concept not in _COUNTED and f.measure != "count"]
    return Expenditure(items=_items(money), counts=counts_from(facts, ("three_public.", "assets.")))


def performance_from(facts: Sequence[Fact]) -> Performance:
    """Return projects, covered amounts, indicators, the total score and the execution rate."""
    money = [f for f in facts if f.concept in ("performance.covered_amount", "performance.project_budget")]
    score = next((f for f in facts if f.concept == "evaluation.score"), None)
    rate = next((f for f in facts if f.concept == "evaluation.execution_rate"), None)
    return Performance(
        items=_items(money),
        counts=counts_from(facts, ("performance.projects",)),
        indicators=_indicators([f for f in facts if f.concept.startswith("indicator.")]),
        score=written(score) if score else None,
        execution_rate=written(rate) if rate else None,
    )


def _items(facts: Iterable[Fact]) -> tuple[MoneyItem, ...]:
    """Join the amount, share and changes of one item into one record, in the order of the text."""
    records: list[dict[str, Any]] = []
    last_of: dict[tuple[object, ...], dict[str, Any]] = {}
    for fact in facts:
        key = (fact.section, fact.scope, fact.concept, fact.label, fact.code, fact.split)
        slot, last = _slot(fact), last_of.get(key)
        if last is None or (slot != "changes" and slot in last):
            last = {"label": fact.label, "concept": fact.concept, "code": fact.code, "scope": fact.scope, "changes": ()}
            records.append(last)
            last_of[key] = last
        last[slot] = (*last["changes"], _change(fact)) if slot == "changes" else written(fact)
    return tuple(MoneyItem(**record) for record in records)


def _slot(fact: Fact) -> str:
    if fact.measure == "change" or (fact.measure == "rate" and fact.whole is None):
        return "changes"
    if fact.measure == "share":
        return "share"
    if fact.measure == "rate":
        return "completion"
    return "amount"


def _change(fact: Fact) -> Change:
    side = "amount" if fact.measure == "change" else "rate"
    return Change.model_validate({side: _signed(fact), "base": fact.basis})


def _signed(fact: Fact) -> str:
    """Return a change with the direction that its sign stands for; a phrase of no change as it is."""
    if fact.measure == "count" or parse_number(fact.text) is None:
        return written(fact)
    return ("减少" if fact.value < 0 else "增加") + written(fact)


def _indicators(facts: Sequence[Fact]) -> tuple[Indicator, ...]:
    records: list[dict[str, Any]] = []
    for fact in facts:
        part = fact.concept.removeprefix("indicator.")
        about = {"name": fact.label, "project": fact.project}
        last = records[-1] if records else None
        if last is None or part in last or any(last[k] != v for k, v in about.items()):
            last = {**about, "operator": fact.operator, "core": fact.core}
            records.append(last)
        last[part] = written(fact)
    return tuple(Indicator(**record) for record in records)
