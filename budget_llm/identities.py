"""The accounting identities over the facts: each one function, registered in `IDENTITIES`.

An identity yields a check for each statement in which its terms stand; `check_identities` computes it
exactly and turns a miss into a Finding: `rounding` where it lies within half a unit in the last written
digit of each term, `error` beyond. Terms must share scope, period, stage and unit; what stands in
different sections is not summed. A failed identity is reported with its operands, never repaired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.document import Document
from budget_llm.facts import Fact, Finding, Place
from budget_llm.quantities import quantum
from budget_llm.statements import Statement, statements


@dataclass(frozen=True, slots=True)
class Check:
    """One instance of an identity: the number found, what it ought to be, the operands, the slack of rounding."""

    found: Fact
    expected: Decimal
    operands: tuple[Fact, ...]
    slack: Decimal
    words: str


Identity = Callable[[Statement], Iterator[Check]]


def _sum_check(total: Fact, parts: Sequence[Fact], words: str) -> Check:
    slack = _slack(total, *parts)
    return Check(total, sum((f.value for f in parts), Decimal(0)), (total, *parts), slack, words)


def _slack(*terms: Fact) -> Decimal:
    """Half a unit in the last written digit of each term that is not 0.

    The finest term tells the precision of all: beside 0.6万元, 1万元 is written for 1.0万元.
    """
    return min(quantum(f.value) for f in terms) * sum(1 for f in terms if f.value)


def _sum_of(statement: Statement, totals: Sequence[str], parts: Sequence[str], words: str) -> Iterator[Check]:
    """Yield the check that a total is the sum of the first amounts of its parts, where all are stated."""
    total, found = statement.first(*totals), statement.parts(*parts)
    if total and found and all(f.unit == total.unit for f in found):
        yield _sum_check(total, found, words)


def income_equals_expenditure(statement: Statement) -> Iterator[Check]:
    """收入总计 = 支出总计, within one scope, period and stage of the whole document."""
    income, expenditure = statement.first("income.total"), statement.first("expenditure.total")
    if not income or not expenditure or income.start == expenditure.start:
        return
    if statement.key[3] != "final" or all("总" in f.label for f in (income, expenditure)):
        yield Check(
            expenditure,
            income.value,
            (expenditure, income),
            _slack(income, expenditure),
            "收入总计 = 支出总计",
        )


def income_parts(statement: Statement) -> Iterator[Check]:
    """收入总计 = Σ 收入各项 (+ 上年结转), where the text lists at least two parts behind the total."""
    total = statement.first("income.total", "income.current_year")
    parts = statement.listed_after(total, _INCOME_PARTS) if total else ()
    if total and len(parts) >= 2:
        yield _sum_check(total, parts, "收入合计 = 各项收入之和")


def function_parts(statement: Statement) -> Iterator[Check]:
    """支出总计 = Σ 功能分类各项 listed under it, all of one level of the classification."""
    total = statement.first(
        "expenditure.total", "expenditure.current_year", "income.total", "income.general_public_budget"
    )
    parts = statement.listed_after(total, ("expenditure.function",)) if total else ()
    if total and len(parts) >= 2 and statement.lists(total, parts[0]):
        yield _sum_check(total, parts, "支出总额 = 各功能科目之和")


def basic_and_project(statement: Statement) -> Iterator[Check]:
    """支出总计 = 基本支出 + 项目支出."""
    yield from _sum_of(
        statement,
        ("expenditure.total", "expenditure.current_year"),
        ("expenditure.basic", "expenditure.project"),
        "支出总额 = 基本支出 + 项目支出",
    )


def personnel_and_public(statement: Statement) -> Iterator[Check]:
    """基本支出 = 人员经费 + 公用经费."""
    yield from _sum_of(
        statement,
        ("expenditure.basic",),
        ("expenditure.personnel", "expenditure.public"),
        "基本支出 = 人员经费 + 公用经费",
    )


def three_public_parts(statement: Statement) -> Iterator[Check]:
    """“三公”经费 = 因公出国（境）费 + 公务用车购置及运行费 + 公务接待费."""
    total = statement.first("three_public.total")
    parts = _three_public_parts(statement)
    if total and parts:
        yield _sum_check(total, parts, "“三公”经费 = 出国（境）费 + 公务用车费 + 公务接待费")


def vehicle_parts(statement: Statement) -> Iterator[Check]:
    """公务用车购置及运行费 = 购置费 + 运行维护费."""
    yield from _sum_of(
        statement,
        ("three_public.vehicle",),
        ("three_public.vehicle_purchase", "three_public.vehicle_operation"),
        "公务用车费 = 购置费 + 运行维护费",
    )


def operating_items(statement: Statement) -> Iterator[Check]:
    """机关运行经费 = Σ 各项, where the text lists them behind 包括."""
    total = statement.first("operating.total")
    parts = statement.listed_after(total, ("operating.item",)) if total else ()
    if total and len(parts) >= 3 and statement.lists(total, parts[0]):
        yield _sum_check(total, parts, "机关运行经费 = 各项之和")


def procurement_parts(statement: Statement) -> Iterator[Check]:
    """政府采购总额 = 货物 + 工程 + 服务, in every list of the section."""
    for total in statement.all("procurement.total"):
        parts = statement.listed_after(total, ("procurement.goods", "procurement.works", "procurement.services"))
        if len(parts) >= 2:
            yield _sum_check(total, parts, "政府采购 = 货物 + 工程 + 服务")


def vehicles_by_kind(statement: Statement) -> Iterator[Check]:
    """车辆总数 = Σ 各类车辆, where kinds are listed behind the total."""
    for concept in ("assets.vehicles", "assets.vehicles_planned"):
        total, kinds = statement.counted_by_kind(concept)
        if total and (len(kinds) >= 2 or any(k.value > total.value for k in kinds)):
            yield _sum_check(total, kinds, "车辆总数 = 各类车辆之和")


def shares(statement: Statement) -> Iterator[Check]:
    """占比 = 部分 ÷ 总额 × 100, for a share written behind its part."""
    for share in statement.of_measure("share"):
        part, whole = statement.part_of(share), statement.whole_of(share)
        if part and whole and whole.value and part.unit == whole.unit:
            ratio = part.value / whole.value * 100
            slack = (
                quantum(share.value)
                + ratio * (quantum(whole.value) / whole.value)
                + quantum(part.value) / whole.value * 100
            )
            yield Check(share, ratio, (share, part, whole), slack, "占比 = 部分 ÷ 总额")


def growth_rates(statement: Statement) -> Iterator[Check]:
    """增长率 = 增减额 ÷ 上年数 × 100, where 上年数 = 本年数 − 增减额."""
    for rate in statement.of_measure("rate"):
        change, amount = statement.change_before(rate), statement.part_of(rate)
        if change and amount and amount.unit == change.unit and amount.value != change.value:
            prior = amount.value - change.value
            ratio = change.value / prior * 100
            slack = quantum(rate.value) + abs(quantum(change.value) / prior * 100) * (1 + abs(ratio) / 100)
            yield Check(rate, ratio, (rate, change, amount), slack, "增长率 = 增减额 ÷ 上年数")


def completion_rates(statement: Statement) -> Iterator[Check]:
    """完成率 = 决算数 ÷ 预算数 × 100; no rate where the budget is 0."""
    for rate in statement.of_measure("rate"):
        pair = statement.budget_and_final(rate)
        if pair and pair[0].value and pair[0].unit == pair[1].unit:
            budget, final = pair
            ratio = final.value / budget.value * 100
            slack = (
                quantum(rate.value) + (quantum(final.value) + ratio / 100 * quantum(budget.value)) / budget.value * 100
            )
            yield Check(rate, ratio, (rate, budget, final), slack, "完成率 = 决算数 ÷ 预算数")


def change_parts(statement: Statement) -> Iterator[Check]:
    """总额的增减 = 基本支出的增减 + 项目支出的增减; 收入的增减 = Σ 各项的增减."""
    for total, parts in statement.changes_broken_down():
        yield _sum_check(total, parts, "总额的增减 = 各项增减之和")


def three_public_changes(statement: Statement) -> Iterator[Check]:
    """“三公”经费的增减 = 各项增减之和, where every part states its change against the same base."""
    total = statement.change_of("three_public.total")
    parts = _three_public_changes(statement)
    if total and parts:
        yield _sum_check(total, parts, "“三公”经费的增减 = 各项增减之和")


def prior_year_change(statement: Statement) -> Iterator[Check]:
    """增减额 = 本年数 − 上年数, where the text states the prior year's number."""
    for change, amount, prior in statement.with_prior():
        yield Check(
            change,
            amount.value - prior.value,
            (change, amount, prior),
            _slack(change, amount, prior),
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


IDENTITIES: tuple[Identity, ...] = (
    income_equals_expenditure, income_parts, function_parts, basic_and_project, personnel_and_public,
    three_public_parts, vehicle_parts, operating_items, procurement_parts, vehicles_by_kind,
    shares, growth_rates, completion_rates, change_parts, three_public_changes, prior_year_change, direction_words,
)  # fmt: skip
"""Every identity that is checked, in the order of DOMAIN rules; a test proves that none is left out."""

_INCOME_PARTS = (
    "income.fiscal_appropriation", "income.general_public_budget", "income.government_fund", "income.state_capital",
    "income.special_account", "income.business", "income.business_operating", "income.superior_subsidy",
    "income.affiliate_remittance", "income.other", "income.carryover",
)  # fmt: skip


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


def check_identities(document: Document, facts: Iterable[Fact]) -> tuple[Finding, ...]:
    """Return the findings of every identity over the facts that the document holds, each miss once."""
    placed = [f for f in facts if f.start is not None]
    found: dict[tuple[str, tuple[object, ...]], Finding] = {}
    for statement in statements(document, placed):
        for identity in IDENTITIES:
            if statement.is_document_wide != (identity in _DOCUMENT_WIDE):
                continue
            for check in identity(statement):
                if check.found.value != check.expected or identity is direction_words:
                    finding = _finding(document, identity.__name__, check)
                    if finding is not None:
                        found.setdefault((identity.__name__, tuple(f.start for f in check.operands)), finding)
    return tuple(sorted(found.values(), key=lambda f: (f.severity == "rounding", f.places[0].start, f.rule)))


def _finding(document: Document, rule: str, check: Check) -> Finding | None:
    """Return the finding for a miss; None where a quotient agrees to the digits that are written."""
    difference = check.found.value - check.expected
    exponent = int(check.found.value.as_tuple().exponent)
    expected = check.expected.quantize(Decimal(1).scaleb(min(exponent, -2))) if rule in _QUOTIENTS else check.expected
    if rule in _QUOTIENTS and check.expected.quantize(Decimal(1).scaleb(exponent)) == check.found.value:
        return None
    severity = "rounding" if abs(difference) <= check.slack else "error"
    difference = check.found.value - expected
    unit = check.found.unit or ""
    message = f"{check.words}：{check.found.label}应为 {expected}{unit}，原文为 {check.found.value}{unit}，相差 {difference}{unit}"
    if rule == "direction_words":
        message = f"{check.words}，但决算数 {check.found.value}{unit}，预算数 {expected}{unit}"
    elif severity == "rounding":
        message += "（末位舍入）"
    return Finding(
        rule=rule, severity=severity, message=message, numbers=tuple(str(f.value) for f in check.operands),  # type: ignore[arg-type]
        expected=str(expected), found=str(check.found.value), difference=str(difference),
        places=tuple(place_of(document, f) for f in check.operands),
    )  # fmt: skip


_DOCUMENT_WIDE = frozenset({income_equals_expenditure})
_QUOTIENTS = frozenset({"shares", "growth_rates", "completion_rates"})


def place_of(document: Document, fact: Fact) -> Place:
    """Return where a fact stands."""
    assert fact.start is not None
    assert fact.end is not None
    return Place(fact.start, fact.end, document.line(fact.start), fact.text, fact.label)
