"""The five schemas in which a disclosure's content is handed out; what the model writes (`wire`) fills them.

Numbers are strings, copied from the source with their unit and, for a change, with the word that gives
its direction ("减少12.34万元"): code parses them, so nothing passes through a float and every quote can
be looked up. Long text is pointed at by its opening words and cut by code (`SkipJsonSchema` hides what
code fills). The descriptions tell what each field holds.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

Scope = Literal["department", "fiscal", "general_public_budget", "government_fund", "state_capital"]
Base = Literal["prior_budget", "prior_final", "initial_budget", "adjusted_budget"]
MoneyConcept = Literal[
    "income.total", "income.current_year", "income.fiscal_appropriation", "income.general_public_budget",
    "income.government_fund", "income.state_capital", "income.special_account", "income.business",
    "income.business_operating", "income.superior_subsidy", "income.affiliate_remittance", "income.other", "income.carryover",
    "expenditure.total", "expenditure.current_year", "expenditure.basic", "expenditure.project", "expenditure.personnel",
    "expenditure.public", "expenditure.function", "expenditure.economic", "expenditure.carry_forward",
    "three_public.total", "three_public.abroad", "three_public.vehicle", "three_public.vehicle_purchase",
    "three_public.vehicle_operation", "three_public.reception",
    "operating.total", "operating.item", "procurement.total", "procurement.goods", "procurement.works", "procurement.services",
    "assets.fixed_total", "performance.covered_amount", "performance.project_budget", "other",
]  # fmt: skip
CountConcept = Literal[
    "organisation.departments", "organisation.subordinates", "staff.establishment", "staff.actual", "staff.change",
    "three_public.trips", "three_public.travellers", "assets.vehicles", "assets.vehicles_planned", "assets.equipment",
    "performance.projects", "other",
]  # fmt: skip


def _plain(schema: dict[str, Any]) -> None:
    """Drop what only costs tokens: titles, defaults, and the null alternative of optional fields."""
    schema.pop("title", None)
    for name, field in schema.get("properties", {}).items():
        field.pop("title", None)
        field.pop("default", None)
        options = [o for o in field.get("anyOf", []) if o != {"type": "null"}]
        if len(options) == 1:
            field.pop("anyOf")
            schema["properties"][name] = {**options[0], **field}


class Schema(BaseModel):
    """A value that a model fills or that is handed out: frozen, its JSON Schema without what says nothing."""

    model_config = ConfigDict(frozen=True, json_schema_extra=_plain)


class Duty(Schema):
    """一项职责。"""

    number: int = Field(description="序号，从1起")
    opening: str = Field(description="该项正文开头10至16个字，逐字照抄，不含序号")
    text: SkipJsonSchema[str] = ""
    start: SkipJsonSchema[int | None] = None
    end: SkipJsonSchema[int | None] = None


class Duties(Schema):
    """职能职责。"""

    items: tuple[Duty, ...] = Field(default=(), description="按原文顺序")


class Count(Schema):
    """一个数量（人、机构、车辆、设备、团组、项目）。"""

    label: str = Field(description="所数对象，照抄原文名词")
    concept: CountConcept
    count: str = Field(description="照抄数字和量词，如“2辆”“七个”；增减写“减少2人”“无变化”")
    as_of: str | None = Field(default=None, description="写明的截止年月，YYYY-MM")


class Organisation(Schema):
    """机构与人员。"""

    name: str | None = Field(default=None, description="本部门（单位）名称，照抄")
    rank: str | None = Field(default=None, description="级别，如“正处级”")
    departments: tuple[str, ...] = Field(default=(), description="内设机构名称，照抄")
    subordinates: tuple[str, ...] = Field(default=(), description="下属单位名称，照抄")
    counts: tuple[Count, ...] = ()


class Change(Schema):
    """一次增减比较。"""

    amount: str | None = Field(
        default=None, description="照抄方向词、数字、单位，如“减少12.34万元”；持平类照抄词语，如“无增减变化”"
    )
    rate: str | None = Field(default=None, description="照抄方向词和百分数，如“下降1.2%”")
    base: Base | None = Field(default=None, description="写明比较对象时：上年预算、上年决算、年初预算、调整预算")


class MoneyItem(Schema):
    """一个项目的金额及其占比、增减、完成率，合为一条。"""

    label: str = Field(description="项目名称，照抄原文")
    concept: MoneyConcept
    code: str | None = Field(default=None, description="原文印出的科目编码")
    amount: str | None = Field(
        default=None, description="金额（决算、自评文件中为决算数或执行数），照抄数字和单位，如“1234.56万元”"
    )
    budget: str | None = Field(default=None, description="仅决算、自评文件：年初预算数")
    adjusted: str | None = Field(default=None, description="仅决算、自评文件：全年（调整）预算数")
    share: str | None = Field(default=None, description="占比，如“12.34%”")
    completion: str | None = Field(default=None, description="完成预算的百分数")
    changes: tuple[Change, ...] = Field(default=(), description="与上年或预算相比的增减")
    year: int | None = Field(default=None, description="金额属于其他年度时写年份，本年不写")
    scope: Scope | None = Field(
        default=None,
        description="本句或标题点明的资金范围，未点明不写：department 部门全部资金，fiscal 财政拨款合计，general_public_budget 一般公共预算，government_fund 政府性基金，state_capital 国有资本经营",
    )


class Income(Schema):
    """收入一节的全部数字。"""

    items: tuple[MoneyItem, ...] = ()
    counts: tuple[Count, ...] = ()


class Expenditure(Schema):
    """支出、财政拨款、三公经费、运行经费、采购、资产各节的全部数字。"""

    items: tuple[MoneyItem, ...] = ()
    counts: tuple[Count, ...] = ()


class Indicator(Schema):
    """一个绩效指标。"""

    name: str = Field(description="指标名称，照抄")
    project: str | None = Field(default=None, description="所属项目名称")
    operator: Literal["≥", ">", "=", "<", "≤", "定性"] | None = None
    target: str | None = Field(default=None, description="指标值，照抄数字和单位")
    actual: str | None = Field(default=None, description="实际完成值，照抄数字和单位")
    weight: str | None = Field(default=None, description="权重或分值")
    score: str | None = Field(default=None, description="得分")
    rate: str | None = Field(default=None, description="得分率")
    core: bool | None = Field(default=None, description="是否核心指标")


class Performance(Schema):
    """绩效目标、绩效自评的全部数字。"""

    items: tuple[MoneyItem, ...] = Field(default=(), description="涉及金额、项目预算、预算执行金额")
    counts: tuple[Count, ...] = Field(default=(), description="项目数等")
    indicators: tuple[Indicator, ...] = ()
    score: str | None = Field(default=None, description="自评总得分")
    execution_rate: str | None = Field(default=None, description="正文所述预算执行率")


Filled = Duties | Organisation | Income | Expenditure | Performance
