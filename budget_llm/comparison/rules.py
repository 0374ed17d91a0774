"""What must hold between two disclosures of one body: each rule one function, all of them in `COMPARISONS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from budget_llm.comparison.bases import Doubt, base_of, doubt_of_stage, tells_growth
from budget_llm.comparison.items import Item, Kind, precision
from budget_llm.comparison.sides import FINAL, Pair, Side
from budget_llm.facts import Fact
from budget_llm.identities.check import Check, ratio_check, same_check, sum_check, unit_factor, years_check
from budget_llm.ordered import commensurable
from budget_llm.quantities import quantum


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison: its check, whose last operand is the first disclosure's, and why a miss may be none."""

    check: Check
    doubt: Doubt | None = None


def published_twice(pair: Pair) -> Iterator[Compared]:
    """A fact in two publications of one year and kind = one number, units converted."""
    if pair.is_twice:
        for kind, item, fact in pair.second.stated:
            yield from _same(fact, pair.first.stated.find(kind, item))


def published_prior(pair: Pair) -> Iterator[Compared]:
    """上年数 that a disclosure states = the number that was published that year."""
    if pair.is_of_years:
        for kind, item, fact in pair.second.stated:
            if kind.measure == "amount" and (kind.period, kind.stage) == (pair.first.year, pair.first.stage):
                yield from _same(fact, pair.first.stated.find(kind, item), doubt_of_stage(pair, fact))


def published_budget(pair: Pair) -> Iterator[Compared]:
    """年初预算数 that final accounts or a self-evaluation state = the number of the budget, or of the final accounts."""
    yield from _of_one_year(pair, "budget")


def published_final(pair: Pair) -> Iterator[Compared]:
    """执行数 that a self-evaluation states = the number of the final accounts."""
    yield from _of_one_year(pair, "final")


def _of_one_year(pair: Pair, stage: str) -> Iterator[Compared]:
    if pair.is_of_one_year:
        for kind, item, fact in pair.second.stated:
            if kind.measure == "amount" and (kind.period, kind.stage) == (pair.first.year, stage):
                yield from _same(fact, pair.first.stated.find(kind, item), doubt_of_stage(pair, fact))


def published_change(pair: Pair) -> Iterator[Compared]:
    """增减额 = 本年数 − the number that was published last year."""
    yield from _changes(pair, pair.is_of_years)


def published_budget_change(pair: Pair) -> Iterator[Compared]:
    """比年初预算的增减额 = 决算数 − the number of the budget."""
    yield from _changes(pair, pair.is_of_one_year)


def _changes(pair: Pair, applies: bool) -> Iterator[Compared]:
    for change, current, base, doubt in _with_base(pair, "change") if applies else ():
        check = sum_check(change, (current, base), signs=(1, -1))
        yield Compared(replace(check, slack=_slack(change, current, base)), doubt)


def published_growth(pair: Pair) -> Iterator[Compared]:
    """增长率 = (本年数 − the number that was published last year) ÷ that number."""
    if pair.is_of_years:
        for rate, current, base, doubt in _with_base(pair, "rate"):
            if rate.whole is None and base.value and tells_growth(pair, rate):
                yield Compared(years_check(rate, current, base), doubt)


def published_completion(pair: Pair) -> Iterator[Compared]:
    """完成率 = 决算数 ÷ the number of the budget."""
    if pair.is_of_one_year:
        for rate, current, base, doubt in _with_base(pair, "rate"):
            if rate.whole is not None and "预算" in rate.whole and base.value:
                yield Compared(ratio_check(rate, current, base), doubt)


def carried_over(pair: Pair) -> Iterator[Compared]:
    """年初结转和结余 = 年末结转和结余 of the final accounts of the year before."""
    first, second = pair.first, pair.second
    if not pair.is_of_years or (first.kind, second.kind) != (FINAL, FINAL):
        return
    carried = ("income.carryover", "amount", second.year, "final")
    for kind, item, fact in second.stated:
        if (kind.concept, kind.measure, kind.period, kind.stage) == carried:
            before = kind._replace(concept="expenditure.carry_forward", period=first.year)
            yield from _same(fact, first.stated.find(before, item), "restated")


COMPARISONS: tuple[Callable[[Pair], Iterator[Compared]], ...] = (
    published_twice, published_prior, published_change, published_growth, carried_over,
    published_budget, published_budget_change, published_completion, published_final,
)  # fmt: skip
"""Every rule between two disclosures; a test proves that none is left out."""


def _same(fact: Fact, other: Fact | None, doubt: Doubt | None = None) -> Iterator[Compared]:
    """Yield the check that both disclosures state one number."""
    if other is not None and commensurable(fact, other):
        check = same_check(fact, other)
        yield Compared(replace(check, slack=precision(fact, other), is_assumed=False), doubt)


def _with_base(pair: Pair, measure: str) -> Iterator[tuple[Fact, Fact, Fact, Doubt | None]]:
    """Yield the second disclosure's changes or rates with its own amount and the first one's that they are taken from."""
    for kind, item, fact in pair.second.stated:
        if kind.measure != measure or kind.period != pair.second.year:
            continue
        base = base_of(pair, fact)
        if base is None:
            continue
        doubt = base.doubt
        if doubt == "base":
            cited = _amount(pair.second, kind, item, base.year, base.stage)
            if cited is not None and doubt_of_stage(pair, cited) is None:
                doubt = None  # 比2023年预算的95万元增加2万元
        current = _amount(pair.second, kind, item, pair.second.year, fact.stage)
        before = _amount(pair.first, kind, item, base.year, base.stage)
        if current and before and commensurable(current, before) and (measure == "rate" or commensurable(fact, before)):
            yield fact, current, before, doubt


def _amount(side: Side, kind: Kind, item: Item, year: int, stage: str | None) -> Fact | None:
    """Return the amount that a side states for an item, year and stage."""
    return side.stated.find(kind._replace(measure="amount", period=year, stage=stage, basis=None), item)


def _slack(change: Fact, current: Fact, base: Fact) -> Decimal:
    """Half a unit in the last written digit of each term; beside 0.6万元, the same document writes 1万元 for 1.0万元."""
    own = [quantum(fact.value) * unit_factor(fact, change) for fact in (change, current) if fact.value]
    slack = min(own, default=Decimal(0)) * len(own)
    return slack + (quantum(base.value) * unit_factor(base, change) if base.value else 0)
