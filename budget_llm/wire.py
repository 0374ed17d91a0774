"""What the model writes: three replies in short keys, and the five schemas that they fill.

A token written costs several times a token read, so a reply holds one row per item, one letter per key, the kind of
an item in the genre's own words, and nothing that is empty. The keys are explained once, in the prompt. Numbers are
strings, as the source writes them.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from budget_llm.schemas import (
    Base,
    Change,
    Count,
    CountConcept,
    Duties,
    Duty,
    Expenditure,
    Filled,
    Indicator,
    MoneyConcept,
    MoneyItem,
    Organisation,
    Performance,
    Scope,
)

MONEY: dict[str, MoneyConcept] = {
    "收入总计": "income.total", "本年收入": "income.current_year", "财政拨款收入": "income.fiscal_appropriation",
    "一般公共预算收入": "income.general_public_budget", "政府性基金收入": "income.government_fund",
    "国有资本经营收入": "income.state_capital", "财政专户收入": "income.special_account", "事业收入": "income.business",
    "经营收入": "income.business_operating", "上级补助收入": "income.superior_subsidy",
    "附属单位上缴": "income.affiliate_remittance", "其他收入": "income.other", "上年结转": "income.carryover",
    "支出总计": "expenditure.total", "本年支出": "expenditure.current_year", "基本支出": "expenditure.basic",
    "项目支出": "expenditure.project", "人员经费": "expenditure.personnel", "公用经费": "expenditure.public",
    "功能科目": "expenditure.function", "经济科目": "expenditure.economic", "结转下年": "expenditure.carry_forward",
    "三公合计": "three_public.total", "出国": "three_public.abroad", "公车": "three_public.vehicle",
    "公车购置": "three_public.vehicle_purchase", "公车运行": "three_public.vehicle_operation",
    "接待": "three_public.reception", "运行经费": "operating.total", "运行分项": "operating.item",
    "采购": "procurement.total", "货物": "procurement.goods", "工程": "procurement.works", "服务": "procurement.services",
    "固定资产": "assets.fixed_total", "绩效金额": "performance.covered_amount", "项目预算": "performance.project_budget",
    "其他": "other",
}  # fmt: skip
"""The kinds of money that a reply may name, and the concept of each."""

COUNTS: dict[str, CountConcept] = {
    "内设机构": "organisation.departments", "下属单位": "organisation.subordinates", "编制": "staff.establishment",
    "实有": "staff.actual", "人员增减": "staff.change", "团组": "three_public.trips", "出国人次": "three_public.travellers",
    "车辆": "assets.vehicles", "购车": "assets.vehicles_planned", "设备": "assets.equipment",
    "绩效项目": "performance.projects", "其他": "other",
}  # fmt: skip
"""The kinds of things and people that a reply may name, and the concept of each."""

FUNDS: dict[str, Scope] = {
    "部门": "department", "财政": "fiscal", "一般": "general_public_budget", "基金": "government_fund", "国资": "state_capital",
}  # fmt: skip
BASES: dict[str, Base] = {
    "上年预算": "prior_budget", "上年决算": "prior_final", "年初预算": "initial_budget", "调整预算": "adjusted_budget",
}  # fmt: skip


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the schema as it is sent: without titles, defaults, null alternatives and references."""
        whole = super().model_json_schema(*args, **kwargs)
        plain = _plain(whole, whole.get("$defs", {}))
        assert isinstance(plain, dict)
        return plain


def _plain(node: Any, rows: dict[str, Any]) -> Any:
    """Return a part of a schema with its references written out and without what says nothing."""
    if isinstance(node, list):
        return [_plain(part, rows) for part in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _plain(rows[node["$ref"].rpartition("/")[2]], rows)
    options = [option for option in node.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        return _plain(options[0], rows)
    kept = {key: value for key, value in node.items() if key not in ("$defs", "title", "default", "description")}
    if "properties" in kept:
        kept["properties"] = {name: _plain(value, rows) for name, value in kept["properties"].items()}
        return kept
    return {key: _plain(value, rows) for key, value in kept.items()}


class MoneyRow(_Wire):
    """An item with its amount, share and change."""

    label: str = Field(alias="n")
    kind: str | None = Field(None, alias="k")
    code: str | None = Field(None, alias="c")
    amount: str | None = Field(None, alias="a")
    budget: str | None = Field(None, alias="b")
    adjusted: str | None = Field(None, alias="j")
    share: str | None = Field(None, alias="s")
    completion: str | None = Field(None, alias="p")
    change: str | None = Field(None, alias="d")
    change_rate: str | None = Field(None, alias="r")
    base: Literal["上年预算", "上年决算", "年初预算", "调整预算"] | None = Field(None, alias="v")
    year: int | None = Field(None, alias="y")
    fund: Literal["部门", "财政", "一般", "基金", "国资"] | None = Field(None, alias="f")

    def item(self) -> MoneyItem:
        """Return the row as an item of a schema; a kind that the prompt does not list is "other"."""
        change = Change(amount=self.change, rate=self.change_rate, base=BASES[self.base] if self.base else None)
        return MoneyItem(
            label=self.label, concept=MONEY.get(self.kind or self.label, "other"), code=self.code, amount=self.amount,
            budget=self.budget, adjusted=self.adjusted, share=self.share, completion=self.completion,
            changes=(change,) if self.change or self.change_rate else (), year=self.year,
            scope=FUNDS[self.fund] if self.fund else None,
        )  # fmt: skip


class CountRow(_Wire):
    """A number of things or people."""

    label: str = Field(alias="n")
    kind: str | None = Field(None, alias="k")
    count: str = Field(alias="q")
    as_of: str | None = Field(None, alias="t")

    def item(self) -> Count:
        """Return the row as an item of a schema; a kind that the prompt does not list is "other"."""
        concept = COUNTS.get(self.kind or self.label, "other")
        return Count(label=self.label, concept=concept, count=self.count, as_of=self.as_of)


class IndicatorRow(_Wire):
    """An indicator with its target, its actual value and its scores."""

    name: str = Field(alias="n")
    project: str | None = Field(None, alias="p")
    operator: Literal["≥", ">", "=", "<", "≤", "定性"] | None = Field(None, alias="o")
    target: str | None = Field(None, alias="t")
    actual: str | None = Field(None, alias="a")
    weight: str | None = Field(None, alias="w")
    score: str | None = Field(None, alias="s")
    rate: str | None = Field(None, alias="r")
    core: bool | None = Field(None, alias="c")

    def item(self) -> Indicator:
        """Return the row as an item of a schema."""
        return Indicator(**self.model_dump())


class BodyReply(_Wire):
    """What a body does and what it is made of; of each duty its opening words."""

    duties: tuple[str, ...] = Field((), alias="d")
    name: str | None = Field(None, alias="n")
    rank: str | None = Field(None, alias="g")
    departments: tuple[str, ...] = Field((), alias="i")
    subordinates: tuple[str, ...] = Field((), alias="u")
    counts: tuple[CountRow, ...] = Field((), alias="q")

    def filled(self) -> tuple[Filled, ...]:
        """Return the schemas that the reply fills."""
        duties = tuple(Duty(number=n, opening=words) for n, words in enumerate(self.duties, start=1))
        body = Organisation(
            name=self.name, rank=self.rank, departments=self.departments, subordinates=self.subordinates,
            counts=tuple(row.item() for row in self.counts),
        )  # fmt: skip
        return (Duties(items=duties), body) if duties else (body,)


class MoneyReply(_Wire):
    """What is received and spent."""

    items: tuple[MoneyRow, ...] = Field((), alias="i")
    counts: tuple[CountRow, ...] = Field((), alias="q")

    def filled(self) -> tuple[Filled, ...]:
        """Return the schema that the reply fills, in the order of the text: the concepts tell income and expenditure apart."""
        items = tuple(row.item() for row in self.items)
        return (Expenditure(items=items, counts=tuple(row.item() for row in self.counts)),)


class PerformanceReply(_Wire):
    """What was aimed at and what was reached."""

    items: tuple[MoneyRow, ...] = Field((), alias="i")
    counts: tuple[CountRow, ...] = Field((), alias="q")
    indicators: tuple[IndicatorRow, ...] = Field((), alias="x")
    score: str | None = Field(None, alias="s")
    execution_rate: str | None = Field(None, alias="e")

    def filled(self) -> tuple[Filled, ...]:
        """Return the schema that the reply fills."""
        return (
            Performance(
                items=tuple(row.item() for row in self.items), counts=tuple(row.item() for row in self.counts),
                indicators=tuple(row.item() for row in self.indicators), score=self.score, execution_rate=self.execution_rate,
            ),
        )  # fmt: skip


Reply = BodyReply | MoneyReply | PerformanceReply
REPLIES: dict[str, type[BodyReply | MoneyReply | PerformanceReply]] = {
    "body": BodyReply,
    "money": MoneyReply,
    "performance": PerformanceReply,
}
"""The reply to each prompt, by the prompt's name."""
