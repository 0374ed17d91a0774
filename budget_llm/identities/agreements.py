"""Identities throughout a document: what is stated twice is one number, and income equals expenditure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from budget_llm.document import Document
from budget_llm.facts import Fact
from budget_llm.identities.check import Check, at_most, same_check, sum_check, unit_factor
from budget_llm.normal_form import normalise
from budget_llm.ordered import commensurable, start_of
from budget_llm.quantities import quantum

_Context = tuple[str, int]
_Key = tuple[object, ...]
_Groups = dict[_Key, dict[_Context, Fact]]

_CLASSIFIED = frozenset({"expenditure.function", "expenditure.economic"})
_OF_INDICATORS = ("indicator.", "evaluation.")
_STATED = frozenset({"amount", "change", "score"})
_PUBLIC_MONEY = frozenset({"fiscal", "general_public_budget"})
_FEWEST_PROJECTS, _SENTENCE = 2, 60
_ALL_OF_THEM = re.compile(r"(?:均|全部|所有|全面)[^。\n]{0,50}$")
# (类)…(款)…(项): the last name of a path is the item's.
_PATH = re.compile(r"\((?:类|款|项)\)|-+")


def income_equals_expenditure(document: Document, facts: Sequence[Fact]) -> Iterator[Check]:
    """收入总计 = 支出总计, of one scope, period and stage: first against first in the prose, and in every table of both."""
    firsts: dict[tuple[object, ...], dict[str, Fact]] = defaultdict(dict)
    for fact in facts:
        if fact.concept in ("income.total", "expenditure.total") and _is_whole(fact):
            firsts[fact.table, fact.scope, fact.period, fact.stage].setdefault(fact.concept, fact)
    for (_, _, _, stage), both in firsts.items():
        if len(both) == 2:
            income, expenditure = both["income.total"], both["expenditure.total"]
            named = all("总" in fact.label for fact in both.values())
            if commensurable(income, expenditure) and (stage != "final" or named):
                yield sum_check(expenditure, (income,))


def _is_whole(fact: Fact) -> bool:
    return fact.measure == "amount" and fact.code is None and fact.split is None and not fact.also


def same_fact(document: Document, facts: Sequence[Fact]) -> Iterator[Check]:
    """A fact stated twice (prose = table, table = table) = one number, units converted.

    Two places are compared where they name the same facts: at least one other number that both state must agree, and
    no fewer must agree than differ. A total score has no other beside it.
    """
    groups = _groups(facts)
    agreeing = _agreeing(groups)
    for group in groups.values():
        yield from _compared(list(group.items()), agreeing)


def _groups(facts: Sequence[Fact]) -> _Groups:
    """Return what states the same fact, by the section or table in which it stands; what a place states twice is left out."""
    codes = _codes(facts)
    groups: _Groups = defaultdict(dict)
    ambiguous: set[tuple[_Key, _Context]] = set()
    for fact in facts:
        key = _key(fact, codes)
        if key is None:
            continue
        context = ("table", fact.table) if fact.table is not None else ("section", _section(fact))
        known = groups[key].setdefault(context, fact)
        if known is not fact and not _agree(known, fact):
            ambiguous.add((key, context))
    for key, context in ambiguous:
        del groups[key][context]
    return {key: group for key, group in groups.items() if len(group) > 1}


def _section(fact: Fact) -> int:
    """Return the section of a fact; what is told of indicators, of each under a heading of its own, is one place."""
    return -1 if fact.concept.startswith(_OF_INDICATORS) else fact.section


def _codes(facts: Sequence[Fact]) -> dict[tuple[str, str], str | None]:
    """Return the code of each classified item by its name, None where several items share one."""
    found: dict[tuple[str, str], str | None] = {}
    for fact in facts:
        if fact.concept in _CLASSIFIED and fact.code:
            name = (fact.concept, _name(fact))
            found[name] = fact.code if found.get(name, fact.code) == fact.code else None
    return found


def _name(fact: Fact) -> str:
    label = normalise(fact.label)
    parts = [part for part in _PATH.split(label) if part]
    return parts[-1] if parts else label


def _key(fact: Fact, codes: Mapping[tuple[str, str], str | None]) -> _Key | None:
    """Return what tells whether two facts are the same; None for what has nothing to be compared with."""
    if fact.measure not in _STATED and not fact.concept.startswith(_OF_INDICATORS):
        return None
    item: object = fact.code
    if fact.concept in _CLASSIFIED and fact.code is None:
        item = codes.get((fact.concept, _name(fact)), _name(fact))
        if item is None:
            return None
    elif fact.concept in ("other", "operating.item", "performance.project_budget") or fact.concept.startswith(
        "indicator."
    ):
        item = normalise(fact.label)
    return (
        fact.concept,
        item, fact.scope, fact.split, fact.period, fact.stage, fact.measure, fact.project,
    )  # fmt: skip


def _agree(one: Fact, other: Fact) -> bool:
    """Whether two facts state the same number, to the digits that the coarser of them writes."""
    if not commensurable(one, other):
        return False
    factor = unit_factor(other, one)
    return abs(one.value - other.value * factor) <= max(quantum(one.value), quantum(other.value) * factor)


def _agreeing(groups: _Groups) -> dict[tuple[_Context, _Context], int]:
    """Return for each two places how many more numbers they agree in than they differ in."""
    found: Counter[tuple[_Context, _Context]] = Counter()
    agreed: Counter[tuple[_Context, _Context]] = Counter()
    for group in groups.values():
        items = list(group.items())
        for at, (context, fact) in enumerate(items):
            for other_context, other in items[at + 1 :]:
                if not fact.value and not other.value:
                    continue
                same = _agree(fact, other)
                found[context, other_context] += 1 if same else -1
                agreed[context, other_context] += same
    return {pair: balance for pair, balance in found.items() if agreed[pair]}


def _compared(
    items: Sequence[tuple[_Context, Fact]], agreeing: Mapping[tuple[_Context, _Context], int]
) -> Iterator[Check]:
    """Yield the checks of the places of one fact against the number that most of them state."""
    backing = [sum(_agree(fact, other) for _, other in items) for _, fact in items]
    most = max(backing)
    stated = [item for item, count in zip(items, backing, strict=True) if count == most]
    finest = min(stated, key=lambda item: quantum(item[1].value) * unit_factor(item[1], stated[0][1]))
    for context, fact in items:
        if fact is finest[1]:
            continue
        if _agree(fact, finest[1]):
            yield same_check(fact, finest[1])
            continue
        for other_context, other in stated:
            pair = (context, other_context) if start_of(fact) < start_of(other) else (other_context, context)
            balance = agreeing.get(pair, agreeing.get(pair[::-1]))
            sure = fact.concept == "evaluation.score" or (balance is not None and balance >= 0)
            if sure and commensurable(fact, other):
                yield same_check(fact, other)
                break


# What an item of the economic classification is a part of: the expenditure of the whole year, whatever pays for it.
_WITHIN = {
    "30212": "three_public.abroad", "30217": "three_public.reception", "30231": "three_public.vehicle_operation",
    "31013": "three_public.vehicle_purchase",
}  # fmt: skip


def three_public_items(document: Document, facts: Sequence[Fact]) -> Iterator[Check]:
    """30212 <= 因公出国（境）费, 30217 <= 公务接待费, 30231 <= 公务用车运行维护费, 31013 <= 公务用车购置费: a part of basic expenditure."""
    wholes: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.concept.startswith("three_public.") and fact.measure == "amount":
            wholes[fact.concept, fact.period, fact.stage].append(fact)
    for fact in facts:
        concept = _WITHIN.get(fact.code or "") if fact.concept == "expenditure.economic" else None
        stated = wholes.get((concept, fact.period, fact.stage), []) if concept and fact.measure == "amount" else []
        same = [whole for whole in stated if commensurable(whole, fact)]
        if same and fact.scope in _PUBLIC_MONEY and all(_agree(same[0], whole) for whole in same):
            yield at_most(fact, same[0])


def project_budgets(document: Document, facts: Sequence[Fact]) -> Iterator[Check]:
    """项目支出均实行绩效管理、涉及的金额 = Σ of the projects whose targets are published, each counted once."""
    named: dict[str, Fact] = {}
    for fact in facts:
        if fact.concept == "performance.project_budget" and fact.stage == "budget" and fact.table is not None:
            known = named.setdefault(normalise(fact.label), fact)
            if known is not fact and not _agree(known, fact):
                return
    for covered in facts:
        if (
            covered.concept == "performance.covered_amount"
            and covered.stage == "budget"
            and len(named) >= _FEWEST_PROJECTS
        ):
            before = document.text[max(0, start_of(covered) - _SENTENCE) : start_of(covered)]
            own = [fact for fact in named.values() if fact.period == covered.period and commensurable(fact, covered)]
            if _ALL_OF_THEM.search(before) and len(own) == len(named):
                yield sum_check(covered, own)
