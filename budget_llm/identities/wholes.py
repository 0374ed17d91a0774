"""Identities of shares: each is its part over its whole, and those of all parts add up to a hundred."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from budget_llm.facts import Fact
from budget_llm.identities.check import Check, hundred_check, ratio_check, sum_check
from budget_llm.normal_form import normalise
from budget_llm.ordered import end_of, start_of
from budget_llm.quantities import quantum
from budget_llm.statements import Statement, same_item

_NEAREST_WHOLES = 4
# What a share may be taken of, by the kind of its item; the first that stands before it counts.
_WHOLES = {
    "income": ("income.total", "income.current_year"),
    "expenditure": ("expenditure.total", "expenditure.current_year", "income.total", "income.general_public_budget"),
    "procurement": ("procurement.total",),
}
# How few shares show that another whole is meant, where all that fail are shares of it.
_FEWEST_ALIKE, _SHORTEST_NAME, _REACH = 2, 3, 600
_PLAIN = re.compile("本年|当年|全年|的|总额|合计|总计")
_TOTAL_NAME = re.compile(
    "^(?:部门|单位|全部|财政拨款|一般公共预算(?:财政)?(?:拨款)?)*(?:总)?(?:收入|支出|收支|预算|决算)+(?:总?[额数])?$|基本支出|项目支出|采购"
)
_OF_BASIC = frozenset({"expenditure.personnel", "expenditure.public"})


def shares(statement: Statement) -> Iterator[Check]:
    """占比 = 部分 ÷ 总额 × 100, for a share written behind its part; where two totals may be meant, either."""
    failed: dict[tuple[str, int], list[Check]] = defaultdict(list)
    for share in statement.of_measure("share"):
        part = _part_of(statement, share)
        checks = [
            ratio_check(share, part, whole)
            for whole in _wholes_of(statement, share)
            if part and whole.value and part.unit == whole.unit
        ]
        held = [check for check in checks if check.holds]
        if held:
            yield min(held, key=lambda check: abs(check.difference))
        elif checks:
            failed[_list_of(share), start_of(checks[0].operands[2])].append(checks[0])
    for checks in failed.values():
        if not _are_of_another_whole(checks):
            yield from checks


def _are_of_another_whole(checks: Sequence[Check]) -> bool:
    """Whether shares that fail against one whole are all shares of another, which was not read."""
    if len(checks) < _FEWEST_ALIKE or any(not check.operands[1].value or not check.found.value for check in checks):
        return False
    spans = []
    for check in checks:
        share, part = check.found.value, check.operands[1].value
        half = 2 * quantum(share)
        spans.append((part / (share + half), part / (share - half)) if share > half else (Decimal(0), part / half))
    return max(low for low, _ in spans) <= min(high for _, high in spans)


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
        part = _part_of(statement, share)
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


def _part_of(statement: Statement, share: Fact) -> Fact | None:
    """Return the amount that a share is said of, in the same sentence."""
    part = statement.part_of(share)
    between = statement.document.text[end_of(part) : start_of(share)] if part else "。"
    return None if "。" in between else part


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
    if share.whole and (named := _named_whole(statement, share)) is not None:
        return named
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


def _named_whole(statement: Statement, share: Fact) -> list[Fact] | None:
    """Return the amounts that are called as a share calls its whole (占事业收入的), None where it calls it a total."""
    name = _PLAIN.sub("", normalise(share.whole or ""))
    if len(name) < _SHORTEST_NAME or _TOTAL_NAME.search(name):
        return None
    near = statement.section_facts.between(start_of(share) - _REACH, start_of(share) - 1)
    same = [f for f in near if f.measure == "amount" and (f.period, f.stage) == (share.period, share.stage)]
    same = [f for f in same if not same_item(f, share)]
    return [f for f in reversed(same) if name in normalise(f.label) or normalise(f.label) in name][:1]


def _first_and_nearest(statement: Statement, concept: str, share: Fact) -> list[Fact]:
    """Return the first total of a concept and those just before a share: either may be its whole."""
    nearest = itertools.islice(statement.facts.before(start_of(share), concept), _NEAREST_WHOLES)
    found = dict.fromkeys((*statement.facts.of(concept)[:1], *nearest))
    return [f for f in found if _may_be_whole(f, share)]


def _may_be_whole(fact: Fact, share: Fact) -> bool:
    stands_before = end_of(fact) <= start_of(share) and fact.measure == "amount" and fact.stage == share.stage
    return stands_before and fact.split is None and fact.period == share.period and not same_item(fact, share)
