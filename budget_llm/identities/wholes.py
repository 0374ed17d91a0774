"""Identities of shares: each is its part over its whole, and those of all parts add up to a hundred."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from budget_llm.facts import Fact
from budget_llm.identities.check import Check, hundred_check, ratio_check, sum_check
from budget_llm.ordered import end_of, start_of
from budget_llm.statements import Statement, same_item

_NEAREST_WHOLES = 4
# What a share may be taken of, by the kind of its item; the first that stands before it counts.
_WHOLES = {
    "income": ("income.total", "income.current_year"),
    "expenditure": ("expenditure.total", "expenditure.current_year", "income.total", "income.general_public_budget"),
    "procurement": ("procurement.total",),
}
_OF_BASIC = frozenset({"expenditure.personnel", "expenditure.public"})


def shares(statement: Statement) -> Iterator[Check]:
    """占比 = 部分 ÷ 总额 × 100, for a share written behind its part; where two totals may be meant, either."""
    for share in statement.of_measure("share"):
        part = statement.part_of(share)
        checks = [
            ratio_check(share, part, whole)
            for whole in _wholes_of(statement, share)
            if part and whole.value and part.unit == whole.unit
        ]
        if checks and all(abs(check.found.value - check.expected) > check.slack for check in checks):
            yield checks[0]
        elif checks:
            yield min(checks, key=lambda check: abs(check.found.value - check.expected))


def share_totals(statement: Statement) -> Iterator[Check]:
    """Σ 占比 = 100%, where the parts that the shares are said of add up to their whole."""
    for listed in _full_lists(statement):
        total = sum(share.value for share in listed)
        detail = (f"{len(listed)}项占比合计 {total}%", f"{len(listed)} shares add up to {total} %")
        yield hundred_check(listed, detail)


def _full_lists(statement: Statement) -> Iterator[list[Fact]]:
    """Yield the shares that stand in one list, where what they are said of adds up to what they are shares of."""
    lists: list[list[tuple[Fact, Fact]]] = []
    last: Fact | None = None
    for share in statement.of_measure("share"):
        part = statement.part_of(share)
        if part is None:
            last = None
            continue
        if last is None or _list_of(share) != _list_of(last):
            lists.append([])
        lists[-1].append((share, part))
        last = share
    for listed in lists:
        if len(listed) >= 2 and any(_is_whole_of(whole, listed) for whole in _wholes_of(statement, listed[0][0])):
            yield [share for share, _ in listed]


def _list_of(share: Fact) -> str:
    """Return what tells which shares are of one list: kinds of income, uses, items of one classification."""
    if share.concept.startswith("income."):
        return "income"
    return "use" if share.concept in ("expenditure.basic", "expenditure.project") else share.concept


def _is_whole_of(whole: Fact, listed: Sequence[tuple[Fact, Fact]]) -> bool:
    """Whether parts add up to a whole, and most shares are shares of it."""
    parts = [part for _, part in listed]
    if not whole.value or any(part.unit != whole.unit for part in parts):
        return False
    held = sum(ratio_check(share, part, whole).holds for share, part in listed)
    return 2 * held >= len(listed) and sum_check(whole, parts).holds


def _wholes_of(statement: Statement, share: Fact) -> list[Fact]:
    """Return the totals that a share may be taken of: those of its section, else the last one before in its scope."""
    kind = share.concept.split(".")[0]
    if share.whole and "采购" in share.whole:
        kind = "procurement"
    wanted = _WHOLES.get(kind, ())
    if share.whole and "本年" in share.whole:
        wanted = tuple(concept for concept in wanted if concept.endswith(".current_year"))
    if share.concept in _OF_BASIC:
        wanted = ("expenditure.basic", *wanted)
    own = [f for concept in wanted for f in _first_and_nearest(statement, concept, share)]
    if own:
        return own
    for concept in wanted:
        for fact in statement.document_facts.before(start_of(share), concept):
            if _may_be_whole(fact, share):
                return [fact]
    return []


def _first_and_nearest(statement: Statement, concept: str, share: Fact) -> list[Fact]:
    """Return the first total of a concept and those just before a share: either may be its whole."""
    nearest = itertools.islice(statement.facts.before(start_of(share), concept), _NEAREST_WHOLES)
    found = dict.fromkeys((*statement.facts.of(concept)[:1], *nearest))
    return [f for f in found if _may_be_whole(f, share)]


def _may_be_whole(fact: Fact, share: Fact) -> bool:
    stands_before = end_of(fact) <= start_of(share) and fact.measure == "amount" and fact.stage == share.stage
    return stands_before and fact.split is None and fact.period == share.period and not same_item(fact, share)
