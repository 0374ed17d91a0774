"""What is stated twice is one number: prose against tables, tables against each other."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from budget_llm.document import Document
from budget_llm.facts import Fact
from budget_llm.identities.check import Check, same_check
from budget_llm.identities.slips import is_slip
from budget_llm.normal_form import normalise
from budget_llm.quantities import YUAN, quantum

_Context = tuple[str, int]
_Key = tuple[object, ...]
_Groups = dict[_Key, "dict[_Context, list[_Stated]]"]

_ONE = Decimal(1)
_CLASSIFIED = frozenset({"expenditure.function", "expenditure.economic"})
_OF_INDICATORS = ("indicator.", "evaluation.")
_TOTALS = {"income.total": "income.current_year", "expenditure.total": "expenditure.current_year"}
_CLAUSE, _NEAR = re.compile(r"[，,。；;：:\n]"), 24
_SUM, _BESIDE_EXECUTION = re.compile("总分|合计|总计|小计"), 90
_THIS_YEAR = re.compile("本年|当年")
_CARRIED = {
    "income.carryover": re.compile("上年|年初|以前|历年"),
    "expenditure.carry_forward": re.compile("下年|年末|年终|以后"),
}
_STATED = frozenset({"amount", "change", "score"})
# How many places of one fact each is compared with, so that a text of many copies costs no more than they do.
_MOST_PLACES = 12
# (类)…(款)…(项): the last name of a path is the item's.
_PATH = re.compile(r"\((?:类|款|项)\)|-+")


class _Stated(NamedTuple):
    """A fact with its number and half of its last written digit in one unit for all of its kind (money in 元)."""

    fact: Fact
    value: Decimal
    half: Decimal

    def agrees(self, other: _Stated) -> bool:
        """Whether two facts state the same number, to the digits that the coarser of them writes."""
        return abs(self.value - other.value) <= max(self.half, other.half)

    def slips_from(self, other: _Stated) -> bool:
        """Whether the one number is the other with a slip of the pen, at the precision of the coarser."""
        digits = Decimal(1).scaleb((2 * max(self.half, other.half)).adjusted())
        return is_slip(*(number.quantize(digits, ROUND_HALF_UP) for number in (self.value, other.value)))


def _stated(fact: Fact) -> _Stated:
    factor = YUAN.get(fact.unit or "", _ONE)
    return _Stated(fact, fact.value * factor, quantum(fact.value) * factor)


def same_fact(document: Document, facts: Sequence[Fact]) -> Iterator[Check]:
    """A fact stated twice (prose = table, table = table) = one number, units converted.

    Two places are compared where they name the same facts: at least one other number that both state must agree, and
    no fewer must agree than differ; else only where one number is the other with a slip of the pen. A total score has no
    other beside it.
    """
    groups = _groups(document, facts)
    agreeing, carried = _agreeing(groups), _carried(facts)
    differing: dict[tuple[_Context, _Context], list[Check]] = defaultdict(list)
    for group in groups.values():
        items = [(context, stated) for context, own in group.items() for stated in own]
        for places, check in _compared(items, agreeing) if len(items) > 1 else ():
            if check.holds:
                yield check
            elif not _is_carried(check, carried):
                differing[places].append(check)
    for checks in differing.values():
        for check in checks:
            crossed = any(_is_crossed(check, other) for other in checks)
            yield replace(check, is_assumed=False) if crossed else check


def _carried(facts: Sequence[Fact]) -> list[_Stated]:
    """Return what the document says is carried from year to year."""
    return [
        _stated(f) for f in facts if f.measure == "amount" and f.value and (f.concept in _CARRIED or "结转" in f.label)
    ]


def _is_carried(check: Check, carried: Sequence[_Stated]) -> bool:
    """Whether two numbers differ by just what is carried over: the one holds it, the other does not."""
    one, other = (_stated(fact) for fact in check.operands)
    apart = one._replace(value=abs(one.value - other.value), half=one.half + other.half)
    return any(apart.agrees(amount) for amount in carried)


def _is_crossed(one: Check, other: Check) -> bool:
    """Whether two facts have changed numbers between two places: purchase 4 and operation 2 here, 2 and 4 there."""
    (a, b), (c, d) = ((_stated(fact).value for fact in check.operands) for check in (one, other))
    return one is not other and (a, b) == (d, c)


def _groups(document: Document, facts: Sequence[Fact]) -> _Groups:
    """Return what states the same fact, by the section or table in which it stands; what a place states twice is left out."""
    codes = _codes(facts)
    groups: _Groups = defaultdict(dict)
    ambiguous: set[tuple[_Key, _Context]] = set()
    partial = _without_execution(facts)
    for fact in facts:
        key = _key(document, fact, codes)
        if key is None or (fact.concept == "evaluation.score" and fact.table in partial):
            continue
        context = ("table", fact.table) if fact.table is not None else ("section", _section(fact))
        stated = _stated(fact)
        known = groups[key].setdefault(context, [])
        if known and not (known[0].agrees(stated) or (fact.table is None and known[0].slips_from(stated))):
            ambiguous.add((key, context))
        known.append(stated)
    for key, context in ambiguous:
        del groups[key][context]
    return groups


def _without_execution(facts: Sequence[Fact]) -> set[int | None]:
    """Return the tables whose weights are the 90 beside which 预算执行 has its 10: their 总分 is no total score."""
    weights: Counter[int | None] = Counter()
    for fact in facts:
        if fact.concept == "indicator.weight" and fact.table is not None and not _SUM.search(fact.label):
            weights[fact.table] += int(fact.value)
    return {table for table, total in weights.items() if total == _BESIDE_EXECUTION}


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


def _key(document: Document, fact: Fact, codes: Mapping[tuple[str, str], str | None]) -> _Key | None:
    """Return what tells whether two facts are the same; None for what has nothing to be compared with."""
    if fact.measure not in _STATED and not fact.concept.startswith(_OF_INDICATORS):
        return None
    named = _CARRIED.get(fact.concept)
    if named and not named.search(fact.label):  # its funds, told one by one
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
    unit = "money" if fact.unit in YUAN else fact.unit
    concept, split = fact.concept, fact.split
    if concept in _TOTALS and _THIS_YEAR.search(
        _named(document, fact)
    ):  # 本年财政拨款支出 is no total of what is carried too
        concept = _TOTALS[concept]
    if concept == "expenditure.economic" and (split in ("personnel", "public") or fact.table is None):
        split = "basic"  # a class of the basic expenditure is of the one or of the other
    return (concept, item, fact.scope, split, fact.period, fact.stage, fact.measure, fact.project, unit)


def _named(document: Document, fact: Fact) -> str:
    """Return a fact's label, in prose with the words of its clause before it."""
    if fact.table is not None:
        return fact.label
    start = fact.start or 0
    return fact.label + _CLAUSE.split(document.text[max(0, start - _NEAR) : start])[-1]


def _agreeing(groups: _Groups) -> dict[tuple[_Context, _Context], int]:
    """Return for each two places that agree in a number how many more they agree in than they differ in."""
    found: Counter[tuple[_Context, _Context]] = Counter()
    agreed: set[tuple[_Context, _Context]] = set()
    for group in groups.values():
        items = [(context, own[0]) for context, own in group.items()]
        for at, (context, stated) in enumerate(items):
            for other_context, other in items[at + 1 : at + 1 + _MOST_PLACES]:
                if not stated.value and not other.value:
                    continue
                pair = (min(context, other_context), max(context, other_context))
                same = stated.agrees(other)
                found[pair] += 1 if same else -1
                if same:
                    agreed.add(pair)
    return {pair: balance for pair, balance in found.items() if pair in agreed}


def _compared(
    items: Sequence[tuple[_Context, _Stated]], agreeing: Mapping[tuple[_Context, _Context], int]
) -> Iterator[tuple[tuple[_Context, _Context], Check]]:
    """Yield the checks of the places of one fact, in order, against the number that most of them state."""
    alike: list[list[tuple[_Context, _Stated]]] = []
    for item in items:
        known = next((own for own in alike if own[0][1].agrees(item[1])), None)
        if known is None:
            alike.append([item])
        else:
            known.append(item)
    most = max(alike, key=len)
    best, finest = min(most, key=lambda item: item[1].half)
    for context, stated in items:
        if stated is finest:
            continue
        if stated.agrees(finest):
            yield (context, best), same_check(stated.fact, finest.fact)
            continue
        for other_context, other in most[:_MOST_PLACES]:
            balance = agreeing.get((min(context, other_context), max(context, other_context)), -1)
            alone = stated.fact.concept == "evaluation.score" and {context[0], other_context[0]} == {"section", "table"}
            if balance >= 0 or alone or stated.slips_from(other):
                places = (min(context, other_context), max(context, other_context))
                yield places, same_check(stated.fact, other.fact)
                break
