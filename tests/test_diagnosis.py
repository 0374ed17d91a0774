"""What kind of mistake a wrong reading is: by its number, and by what the source has at the label."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budget_llm.diagnosis import diagnose
from budget_llm.document import Document
from budget_llm.extraction import extract
from budget_llm.facts import Fact
from budget_llm.schemas import Change, Expenditure, MoneyItem
from tests.test_crosscheck import Scripted, item

NUMBERS = [
    ("100.50", "万元", "1005000", "元", "unit"),
    ("100.50", "万元", "100.50", "元", "unit"),
    ("-3.5", "万元", "3.5", "万元", "sign"),
    ("100.5", "万元", "10.05", "万元", "decimal shift"),
    ("6", "辆", "60", "辆", "decimal shift"),
    ("642.80", "万元", "624.80", "万元", "transposed digits"),
    ("1234.5", "万元", "124.5", "万元", "dropped digit"),
    ("1234.5", "万元", "12345.5", "万元", "dropped digit"),
    ("1234.5", "万元", "1284.5", "万元", "changed digit"),
    ("115.20", "万元", "115.28", "万元", "changed digit"),
    ("0", "%", "8", "%", "changed digit"),
    ("12.34", "万元", "12.3", "万元", "truncated"),
    ("12.34", "万元", "12", "万元", "truncated"),
    ("-12.38", "%", "-12.3", "%", "truncated"),
    ("98.76", "万元", "98.8", "万元", "rounding"),
    ("5.32", "万元", "91.7", "万元", "value"),
]


@pytest.mark.parametrize(("right", "unit", "wrong", "wrong_unit", "kind"), NUMBERS)
def test_the_kind_of_a_wrong_number_is_told(right: str, unit: str, wrong: str, wrong_unit: str, kind: str) -> None:
    """The numbers alone tell it where they can."""
    assert diagnose(Decimal(right), unit, Decimal(wrong), wrong_unit) == kind


TEXT = (
    "某县水利局2023年部门决算\n一、财政拨款支出决算情况\n"
    "2023年一般公共预算财政拨款支出412.60万元，比上年减少18.25万元。其中：教育支出260.30万元，卫生健康支出152.30万元。\n"
    "二、机关运行经费\n机关运行经费年初预算95.70万元，支出决算88.40万元。\n"
)
BUDGET_TEXT = "某县水利局2024年部门预算\n一、收入预算\n收入预算100万元，另有甲乙款物63.17万元，丙丁票证减少7.42万元。\n"


def read(text: str, *items: MoneyItem) -> list[Fact]:
    """The facts of a text that cannot be trusted, as a model reads `items` in it."""
    facts = extract(Document.from_text(text), Scripted(Expenditure(items=items))).facts
    return [fact for fact in facts if not fact.trusted]


EDUCATION = "教育支出", "expenditure.function"
HEALTH = "卫生健康支出", "expenditure.function"
TOTAL = "一般公共预算财政拨款支出", "expenditure.total"
OPERATING = "机关运行经费", "operating.total"

BESIDE_RULES = [
    (item(*EDUCATION, "152.30万元"), "neighbouring row"),
    (item(*HEALTH, "260.30万元"), "neighbouring row"),
    (item(*OPERATING, "95.70万元"), "wrong stage"),
    (item(*OPERATING, "88.40万元", year=2022), "wrong year"),
    (item(*TOTAL, "412.60万元", scope="government_fund"), "wrong scope"),
    (item("一般公共预算财政拨款支出", "income.total", "412.60万元"), "wrong item"),
    (item(*TOTAL, "", Change(amount="增加18.25万元")), "sign"),
    (item(*HEALTH, "15230万元"), "decimal shift"),
    (item(*HEALTH, "152.30元"), "unit"),
    (item(*HEALTH, "157.30万元"), "changed digit"),
    (item(*HEALTH, "999.99万元"), "invented"),
    (item("水利专项补助", "other", "777.77万元"), "invented"),
    (item("水利专项补助", "other", "260.30万元"), "wrong item"),
]


@pytest.mark.parametrize(("wrong", "kind"), BESIDE_RULES)
def test_a_mistake_beside_the_rules_reading_has_its_name(wrong: MoneyItem, kind: str) -> None:
    """Among the facts that cannot be trusted one says what the model did."""
    assert [fact.conflict for fact in read(TEXT, wrong)] == [kind]


ALONE = [
    (item("甲乙款物", "income.other", "63.17万元", year=2023), "wrong year"),
    (item("甲乙款物", "income.other", "63.17万元", scope="government_fund"), "wrong scope"),
    (item("甲乙款物", "income.other", "63.17万元", code="2060101"), "wrong code"),
    (item("甲乙款物", "income.other", "63.17亿元"), "unit"),
    (item("甲乙款物", "income.other", "63.71万元"), "transposed digits"),
    (item("甲乙款物", "income.other", "631.7万元"), "decimal shift"),
    (item("甲乙款物", "income.other", "63.1万元"), "truncated"),
    (item("丙丁票证", "income.other", "", Change(amount="增加7.42万元")), "sign"),
]


@pytest.mark.parametrize(("wrong", "kind"), ALONE)
def test_a_mistake_where_the_rules_read_nothing_has_its_name(wrong: MoneyItem, kind: str) -> None:
    """What the source has at the label, and the words around it, tell without any rule."""
    found = read(BUDGET_TEXT, wrong)
    assert [(fact.verdict, fact.conflict, fact.start) for fact in found] == [("unsupported", kind, None)]


def test_budget_and_final_account_of_one_item_are_neighbouring_columns() -> None:
    """The other number of the same item, where the model says nothing of a stage."""
    wrong = item(*OPERATING, "95.70万元", budget="88.40万元")
    assert {fact.conflict for fact in read(TEXT, wrong)} <= {"wrong stage", "neighbouring column"}


def test_a_year_a_fund_and_a_stage_that_the_source_tells_are_borne_out() -> None:
    """The words around a number support what a claim says, where no rule knows the label."""
    text = "某县水利局2024年部门预算\n一、收入预算\n收入预算100万元，其中政府性基金甲乙款物63.17万元，比2023年甲乙款物71.20万元减少8.03万元。\n"
    right = (
        item("甲乙款物", "income.other", "63.17万元", Change(amount="减少8.03万元"), scope="government_fund"),
        item("甲乙款物", "income.other", "71.20万元", year=2023),
    )
    assert read(text, *right) == []
    left_out = item("甲乙款物", "income.other", "71.20万元")
    assert [fact.conflict for fact in read(text, left_out)] == ["wrong year"]
