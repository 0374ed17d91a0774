"""Identities of quotients and comparisons: shares, rates, prior years, directions, scores.

A percentage that is off by one in its last written digit is rounding: publishers cut digits, or let shares
add to a hundred.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budget_llm.facts import Fact
from budget_llm.identities.check import Check, slack_of
from budget_llm.quantities import quantum
from budget_llm.statements import Statement


def shares(statement: Statement) -> Iterator[Check]:
    """占比 = 部分 ÷ 总额 × 100, for a share written behind its part; where two totals may be meant, either."""
    for share in statement.of_measure("share"):
        part = statement.part_of(share)
        checks = [
            _share_check(share, part, whole)
            for whole in statement.wholes_of(share)
            if part and whole.value and part.unit == whole.unit
        ]
        if checks and all(abs(check.found.value - check.expected) > check.slack for check in checks):
            yield checks[0]
        elif checks:
            yield min(checks, key=lambda check: abs(check.found.value - check.expected))


def _share_check(share: Fact, part: Fact, whole: Fact) -> Check:
    ratio, slack = _percentage(share, part, whole)
    return Check(share, ratio, (share, part, whole), slack, "占比 = 部分 ÷ 总额")


def _percentage(stated: Fact, part: Fact, whole: Fact) -> tuple[Decimal, Decimal]:
    """Return part ÷ whole × 100, and what rounding of the three numbers may make it differ from what is stated."""
    ratio = part.value / whole.value * 100
    slack = 2 * quantum(stated.value) + (quantum(part.value) + ratio / 100 * quantum(whole.value)) / whole.value * 100
    return ratio, slack


def growth_rates(statement: Statement) -> Iterator[Check]:
    """增长率 = 增减额 ÷ 上年数 × 100, where 上年数 = 本年数 − 增减额."""
    for rate in statement.of_measure("rate"):
        change, amount = statement.change_before(rate), statement.part_of(rate)
        if rate.whole is None and change and amount and amount.unit == change.unit and amount.value != change.value:
            prior = amount.value - change.value
            ratio = change.value / prior * 100
            slack = 2 * quantum(rate.value) + abs(quantum(change.value) / prior * 100) * (1 + abs(ratio) / 100)
            yield Check(rate, ratio, (rate, change, amount), slack, "增长率 = 增减额 ÷ 上年数")


def completion_rates(statement: Statement) -> Iterator[Check]:
    """完成率 = 决算数 ÷ 预算数 × 100; no rate where the budget is 0."""
    for rate in statement.of_measure("rate"):
        pair = statement.budget_and_final(rate)
        if pair and pair[0].value and pair[0].unit == pair[1].unit:
            budget, final = pair
            ratio, slack = _percentage(rate, final, budget)
            yield Check(rate, ratio, (rate, budget, final), slack, "完成率 = 决算数 ÷ 预算数")


def prior_year_change(statement: Statement) -> Iterator[Check]:
    """增减额 = 本年数 − 上年数, where the text states the prior year's number."""
    for change, amount, prior in statement.with_prior():
        yield Check(
            change,
            amount.value - prior.value,
            (change, amount, prior),
            slack_of(change, amount, prior),
            "增减额 = 本年数 − 上年数",
        )


def direction_words(statement: Statement) -> Iterator[Check]:
    """决算数大于（小于、等于）预算数 agrees with the two numbers."""
    for budget, final, word in statement.directions():
        larger, smaller = final.value > budget.value, final.value < budget.value
        if (
            (word == "大于" and not larger)
            or (word == "小于" and not smaller)
            or (word in ("等于", "持平") and (larger or smaller))
        ):
            yield Check(final, budget.value, (final, budget), Decimal(0), f"原文称决算数{word}预算数")


def indicator_scores(statement: Statement) -> Iterator[Check]:
    """得分 = 权重 × 得分率, for an indicator whose row states all three; the finest score tells the precision of all."""
    rows = list(statement.indicator_rows())
    finest = min((quantum(score.value) for score, _, _ in rows), default=Decimal(0))
    for score, weight, rate in rows:
        expected = weight.value * rate.value / 100
        slack = finest + weight.value * quantum(rate.value) / 100
        if abs(score.value - expected) > slack:
            yield Check(score, expected, (score, weight, rate), slack, "得分 = 权重 × 得分率")
