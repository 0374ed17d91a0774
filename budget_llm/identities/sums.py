"""Identities of addition: totals and their parts, changes and the changes of their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from budget_llm.facts import Fact
from budget_llm.identities.check import Check, at_most, hundred_check, sum_check
from budget_llm.identities.slips import explained_by_slip
from budget_llm.normal_form import normalise
from budget_llm.ordered import commensurable, start_of
from budget_llm.statements import SPENT_BESIDE, Statement

_FUNDS = ("income.general_public_budget", "income.government_fund", "income.state_capital")
# What a unit earns itself (单位资金), beside the funds: told as one sum, by kind, or as the sum and its kinds.
_EARNED = (
    "income.business", "income.business_operating", "income.superior_subsidy", "income.affiliate_remittance", "income.other",
)  # fmt: skip
_CURRENT_INCOME = (
    "income.fiscal_appropriation", "income.general_public_budget", "income.government_fund", "income.state_capital",
    "income.special_account", *_EARNED,
)  # fmt: skip

_SUMS = re.compile("(?:总分|合计|总计|小计|得分合计|总得分|总体得分|分值合计)(?:分)?")
_FIRMS = re.compile(r"(?:小微|中小)(?:微)?企业")
_THREE_PUBLIC = (
    "three_public.abroad", "three_public.vehicle", "three_public.vehicle_purchase", "three_public.vehicle_operation",
    "three_public.reception",
)  # fmt: skip
_PROCURED = ("procurement.goods", "procurement.works", "procurement.services")
# A list of weights far from 100 holds sums of weights, or only some of them.
_FEWEST_WEIGHTS, _LEAST_WEIGHT, _FULL_WEIGHT, _MOST_WEIGHT, _BESIDE_EXECUTION = 3, 80, 100, 120, 90
# What a list of income may hold beside income: money of earlier years that is used.
_BALANCE_USED = re.compile(r"结余(?!分配)|弥补")


def _sum_of(statement: Statement, totals: Sequence[str], parts: Sequence[str]) -> Iterator[Check]:
    """Yield the check that a total is the sum of the first amounts of its parts, where all are stated."""
    total = statement.first(*totals)
    found = statement.parts(*parts, total=total)
    if total and found and all(commensurable(f, total) for f in found):
        yield sum_check(total, found)


def income_parts(statement: Statement) -> Iterator[Check]:
    """收入总计 = 本年收入 + 上年结转; 本年收入 (收入总计 where it is not stated) = Σ 收入各项, two at least."""
    total, current = statement.first("income.total"), statement.first("income.current_year")
    carried = statement.first("income.carryover")
    others = [f for f in statement.all("other") if total and commensurable(f, total) and "结余分配" not in f.label]
    used = [f for f in others if _BALANCE_USED.search(f.label) and f.value >= 0]
    if total and current and carried and len(used) == len(others) and total.unit == current.unit == carried.unit:
        yield sum_check(total, (current, *used, carried))
    whole = current or total
    listed = statement.listed_after(whole, (*_CURRENT_INCOME, "income.carryover", "other")) if whole else ()
    parts = tuple(f for f in listed if f.concept != "other")
    wider = tuple(f for f in listed if f.concept != "other" or _BALANCE_USED.search(f.label))
    if whole and sum(f.value for f in wider) == whole.value:
        parts = wider
    if any(f.concept == "income.fiscal_appropriation" for f in parts):  # the funds are its parts, not beside it
        parts = tuple(f for f in parts if f.concept not in _FUNDS)
    sums = [f for f in parts if f.label.startswith("单位资金")]
    if sums and any(f.concept in _EARNED for f in parts if f not in sums):
        parts = tuple(f for f in parts if f not in sums)
    without = tuple(f for f in parts if f.concept != "income.carryover")
    if whole and len(parts) >= 2:
        whole = statement.nearest(whole, parts[0])
        adds_up = current is None or sum(f.value for f in parts) == whole.value  # some list it under 本年收入
        yield sum_check(whole, parts if adds_up or len(without) < 2 else without, is_listed=True)


def fiscal_appropriation_parts(statement: Statement) -> Iterator[Check]:
    """财政拨款收入 = 一般公共预算 + 政府性基金 + 国有资本经营, where at least two of them are listed behind it."""
    total = statement.first("income.fiscal_appropriation")
    parts = statement.listed_after(total, _FUNDS) if total else ()
    if total and len(parts) >= 2:
        yield sum_check(total, parts, is_listed=True)


def _spending_totals(statement: Statement) -> tuple[str, ...]:
    """Return what the year's spending is called here: 支出总计 counts only where nothing is carried forward."""
    forward = statement.first("expenditure.carry_forward")
    return (
        ("expenditure.current_year",)
        if forward and forward.value
        else ("expenditure.current_year", "expenditure.total")
    )


def function_parts(statement: Statement) -> Iterator[Check]:
    """本年支出 (else 支出总计) = Σ 功能分类各项 listed under it, all of one level of the classification."""
    total = statement.first(*_spending_totals(statement), "income.total", "income.general_public_budget")
    parts = statement.listed_after(total, ("expenditure.function",)) if total else ()
    if not total or len(parts) < 2 or not statement.lists(total, parts[0]) or statement.names_more(total, parts):
        return
    total = statement.nearest(total, parts[0])
    partial = statement.opens_with_some(total, parts[0])
    check = sum_check(total, parts, may_be_partial=partial, is_listed=True)
    short = check.difference > 0 and not check.holds and not explained_by_slip(check)
    if short and (statement.leaves_rest(parts) or (partial and statement.is_partial_in_other_stage(total, parts))):
        return
    yield check


def expenditure_parts(statement: Statement) -> Iterator[Check]:
    """支出总计 = 本年支出 + 结余分配 + 年末结转和结余, where the text states them."""
    total, current = statement.first("expenditure.total"), statement.first("expenditure.current_year")
    both = statement.first("income.total")
    if both and "expenditure.total" in both.also:  # 收、支总计: what the year spent stands behind it
        total, current = both, current or total
    forward = statement.first("expenditure.carry_forward")
    others = [f for f in statement.all("other") if total and commensurable(f, total)]
    given = [f for f in others if "结余分配" in f.label]
    if total and current and forward and len(given) == len(others) and total.unit == current.unit == forward.unit:
        yield sum_check(total, (current, *given, forward))


def basic_and_project(statement: Statement) -> Iterator[Check]:
    """本年支出 (else 支出总计) = 基本支出 + 项目支出 (+ 上缴上级 + 经营 + 对附属单位补助 + 单位预留机动经费)."""
    total = statement.first(*_spending_totals(statement))
    parts = statement.parts("expenditure.basic", "expenditure.project")
    others = statement.all("other")
    if statement.table is not None and others:
        return  # whether a column stands beside the two, its header tells: the rows are checked one by one
    beside = tuple(f for f in others if SPENT_BESIDE.search(f.label))
    fits = total and parts and all(commensurable(f, total) for f in (*parts, *beside))
    if total and fits and not statement.parts_of_another(total, (*parts, *beside)):
        yield sum_check(total, (*parts, *beside))


def personnel_and_public(statement: Statement) -> Iterator[Check]:
    """基本支出 = 人员经费 + 公用经费."""
    yield from _sum_of(
        statement,
        ("expenditure.basic",),
        ("expenditure.personnel", "expenditure.public"),
    )


def three_public_parts(statement: Statement) -> Iterator[Check]:
    """“三公”经费 = 因公出国（境）费 + 公务用车购置及运行费 + 公务接待费."""
    total = statement.first("three_public.total")
    parts = _three_public_parts(statement)
    if total and parts:
        first = min(parts, key=start_of)
        yield sum_check(total if statement.table is not None else statement.nearest(total, first), parts)
    elif total and statement.table is None:
        named = statement.listed_after(total, _THREE_PUBLIC)
        if len(named) >= 2 and statement.opens_with_some(total, named[0]) and statement.is_plain_list(total, named):
            yield sum_check(total, named, may_be_partial=True, is_listed=True)


def vehicle_parts(statement: Statement) -> Iterator[Check]:
    """公务用车购置及运行费 = 购置费 + 运行维护费."""
    yield from _sum_of(
        statement,
        ("three_public.vehicle",),
        ("three_public.vehicle_purchase", "three_public.vehicle_operation"),
    )


def operating_items(statement: Statement) -> Iterator[Check]:
    """机关运行经费 = Σ 各项, where the text lists them behind 包括."""
    total = statement.first("operating.total")
    parts = statement.listed_after(total, ("operating.item",)) if total else ()
    if total and len(parts) >= 3 and statement.lists(total, parts[0]):
        check = sum_check(total, parts, is_listed=True)
        if check.difference <= 0 or check.holds or not statement.leaves_rest(parts) or explained_by_slip(check):
            yield check


def procurement_parts(statement: Statement) -> Iterator[Check]:
    """政府采购总额 = 货物 + 工程 + 服务, in every list of the section."""
    if statement.table is not None:
        total = statement.first("procurement.total")
        kinds = [statement.all(concept) for concept in _PROCURED]
        named = tuple(kind[0] for kind in kinds if kind)
        if total and len(named) >= 2 and all(len(kind) <= 1 for kind in kinds):
            yield sum_check(total, named)
        return
    for total in statement.all("procurement.total"):
        parts = statement.listed_after(total, _PROCURED)
        if len(parts) >= 2 and statement.nearest(total, parts[0]) is total:
            yield sum_check(total, parts, is_listed=True)


def small_firms(statement: Statement) -> Iterator[Check]:
    """小微企业 <= 中小企业 <= 政府采购总额, of the contracts of one section."""
    firms = [f for f in statement.all("other", "procurement.total") if _FIRMS.search(f.label)]
    small = [f for f in firms if "小微" in f.label]
    both = [f for f in firms if "中小" in f.label]
    total = statement.first("procurement.total")
    if len(small) == len(both) == 1 and commensurable(small[0], both[0]):
        yield at_most(small[0], both[0])
    if total and len(both) == 1 and both[0] is not total and commensurable(both[0], total):
        yield at_most(both[0], total)


def change_parts(statement: Statement) -> Iterator[Check]:
    """总额的增减 = 基本支出的增减 + 项目支出的增减."""
    for total, parts in statement.changes_broken_down():
        yield sum_check(total, parts)


def three_public_changes(statement: Statement) -> Iterator[Check]:
    """“三公”经费的增减 = 各项增减之和, where every part states its change against the same base."""
    total = statement.change_of("three_public.total")
    parts = _three_public_changes(statement)
    if total and parts:
        yield sum_check(total, parts)


def evaluation_total(statement: Statement) -> Iterator[Check]:
    """自评总得分 = Σ 各指标得分, of the same project, where the indicators' weights add to 100."""
    totals: dict[str | None, Fact] = {}
    for total in statement.facts.of("evaluation.score"):
        totals.setdefault(total.project, total)
    weights, scores = _by_project(statement, "indicator.weight"), _by_project(statement, "indicator.score")
    for total in statement.facts.of("indicator.score"):
        if _SUMS.fullmatch(normalise(total.label)):
            totals.setdefault(total.project, total)
    for project, total in totals.items():
        own = scores.get(project, [])
        if own and len(own) == len(weights.get(project, [])) and sum(f.value for f in weights[project]) == _FULL_WEIGHT:
            yield sum_check(total, own)


def _by_project(statement: Statement, concept: str) -> dict[str | None, list[Fact]]:
    """Return the weights or scores of each project's indicators, without those of a row that sums them up."""
    found: dict[str | None, list[Fact]] = {}
    for fact in statement.facts.of(concept):
        if not _SUMS.fullmatch(normalise(fact.label)):
            found.setdefault(fact.project, []).append(fact)
    return found


def indicator_weights(statement: Statement) -> Iterator[Check]:
    """Σ 指标权重 = 100, or the 90 that 预算执行 leaves, of the indicators of one project in one table."""
    for weights in _by_project(statement, "indicator.weight").values():
        total = sum(weight.value for weight in weights)
        if len(weights) >= _FEWEST_WEIGHTS and _LEAST_WEIGHT < total < _MOST_WEIGHT and total != _BESIDE_EXECUTION:
            detail = (
                f"{len(weights)}项指标权重合计 {total}",
                f"the weights of {len(weights)} indicators add up to {total}",
            )
            yield hundred_check(weights, detail)


def _three_public_parts(statement: Statement) -> tuple[Fact, ...] | None:
    """Return the parts of the three public expenses; purchase and operation where no sum of both is stated."""
    vehicle = statement.parts("three_public.vehicle") or statement.parts(
        "three_public.vehicle_purchase", "three_public.vehicle_operation"
    )
    others = statement.parts("three_public.abroad", "three_public.reception")
    return (*others, *vehicle) if others and vehicle else None


def _three_public_changes(statement: Statement) -> tuple[Fact, ...] | None:
    abroad, reception = (
        statement.change_of("three_public.abroad"),
        statement.change_of("three_public.reception"),
    )
    whole = statement.change_of("three_public.vehicle")
    purchase, operation = (
        statement.change_of("three_public.vehicle_purchase"),
        statement.change_of("three_public.vehicle_operation"),
    )
    vehicle = (whole,) if whole else (purchase, operation)
    parts = (abroad, reception, *vehicle)
    return tuple(p for p in parts if p) if all(parts) else None
