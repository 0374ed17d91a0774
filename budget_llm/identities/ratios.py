"""Identities of quotients and comparisons: rates, prior years, directions, scores.

A percentage that is off by one in its last written digit is rounding: publishers cut digits, or let shares
add to a hundred.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budget_llm.facts import Fact
from budget_llm.identities.check import (
    Check,
    growth_check,
    order_check,
    ratio_check,
    sum_check,
    years_check,
)
from budget_llm.identities.pairs import budget_and_final, directions, executed, grows, rates_with_prior, with_prior
from budget_llm.identities.slips import explained_by_slip
from budget_llm.quantities import quantum
from budget_llm.statements import Statement

_ALL = Decimal(100)
_ORDERS = {"大于": "more than", "小于": "less than", "等于": "equal to", "持平": "equal to"}


def growth_rates(statement: Statement) -> Iterator[Check]:
    """增长率 = 增减额 ÷ 上年数 × 100, where 上年数 = 本年数 − 增减额."""
    for rate in statement.of_measure("rate"):
        change, amount = _change_of(statement, rate), statement.part_of(rate)
        if rate.whole is None and change and amount and amount.unit == change.unit:
            amounts = (
                amount,
                *statement.amounts_before(amount),
            )  # 收入100万元，其中A60万元，比上年增加5万元: said of the whole
            checks = [check for fact in amounts if (check := growth_check(rate, change, fact))]
            if amount.value != change.value:
                yield next((check for check in checks if check.holds), checks[0])


def _change_of(statement: Statement, rate: Fact) -> Fact | None:
    """Return the change that goes with a growth rate, before it or behind."""
    return statement.change_before(rate) or (statement.change_behind(rate) if grows(statement, rate) else None)


def completion_rates(statement: Statement) -> Iterator[Check]:
    """完成率 = 决算数 ÷ 预算数 × 100; no rate where the budget is 0."""
    for rate in statement.of_measure("rate"):
        pair = budget_and_final(statement, rate)
        if pair and pair[0].value and pair[0].unit == pair[1].unit:
            budget, final = pair
            yield ratio_check(rate, final, budget)


def execution_rates(statement: Statement) -> Iterator[Check]:
    """执行率 = 执行数 ÷ 全年（调整）预算数 × 100, of the amounts told just before it; 年初预算数 where no other is told."""
    for rate in statement.facts.of("evaluation.execution_rate"):
        pair = executed(statement, rate)
        check = ratio_check(rate, pair[1], pair[0]) if pair and pair[0].value else None
        if check and (check.holds or explained_by_slip(check)):  # a text tells of several budgets
            yield check


def prior_year_change(statement: Statement) -> Iterator[Check]:
    """增减额 = 本年数 − 上年数, where the text states the prior year's number."""
    for change, amount, prior in with_prior(statement):
        yield sum_check(change, (amount, prior), signs=(1, -1))


def rates_of_nothing(statement: Statement) -> Iterator[Check]:
    """上年数 = 0 admits no 增长率: where the change is this year's whole amount, there is nothing that it could be a percentage of."""
    for rate in statement.of_measure("rate"):
        change, amount = _change_of(statement, rate), statement.part_of(rate)
        if rate.whole is None and rate.value and change and amount and change.value and change.unit == amount.unit:
            detail = (
                f"{rate.label}增减额 {change.value}{change.unit or ''} 等于本年数，上年数为 0，不应有增长率 {rate.value}%",
                f"{rate.label}: the change of {change.value}{change.unit or ''} is all of this year's amount, last year's was 0, "
                f"so no rate of {rate.value} % exists",
            )
            holds = change.value != amount.value or rate.value == _ALL  # 增长100% is what people write for it
            yield order_check(rate, change, rate.value, holds=holds, detail=detail, is_slight=True)


def prior_year_rates(statement: Statement) -> Iterator[Check]:
    """增长率 = (本年数 − 上年数) / 上年数 × 100, where the text states the prior year's number and no change."""
    for rate, current, prior in rates_with_prior(statement):
        yield years_check(rate, current, prior)


def direction_words(statement: Statement) -> Iterator[Check]:
    """决算数大于（小于、等于）预算数 agrees with the two numbers."""
    for budget, final, word in directions(statement):
        larger, smaller = final.value > budget.value, final.value < budget.value
        agrees = {"大于": larger, "小于": smaller}.get(word, not larger and not smaller)
        unit = final.unit or ""
        detail = (
            f"原文称决算数{word}预算数，但决算数 {final.value}{unit}，预算数 {budget.value}{unit}",
            f"the text calls the final amount {_ORDERS[word]} the budget, but {final.value}{unit} was spent and {budget.value}{unit} budgeted",
        )
        yield order_check(final, budget, budget.value, holds=agrees, detail=detail)


def indicator_scores(statement: Statement) -> Iterator[Check]:
    """得分 = 权重 × 得分率, for an indicator whose row states all three; the finest score tells the precision of all."""
    rows = list(statement.indicator_rows())
    finest = min((quantum(score.value) for score, _, _ in rows), default=Decimal(0))
    checks = []
    for score, weight, rate in rows:
        expected = weight.value * rate.value / 100
        slack = finest + weight.value * quantum(rate.value) / 100
        checks.append(Check(score, expected, (score, weight, rate), (Decimal(1),) * 3, slack, form="product"))
    failed = sum(not check.holds for check in checks)
    told = sum(check.holds and check.operands[2].value != _ALL for check in checks)  # a full score tells no rule
    by_steps = failed > told  # this publisher's scores follow another rule
    yield from (check for check in checks if check.holds or not by_steps or explained_by_slip(check))
