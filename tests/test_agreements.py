"""What a document states in several places: one fact is one number, and a part is within its whole."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.composed import ABOUT, BUDGET, FINAL, Case, budget, differences, findings, tabbed

OVERVIEW = BUDGET + "一、收支总体情况\n2024年收入总预算100.50万元，一般公共预算拨款收入90.25万元。\n\n"
INCOME = "部门收入总表\n单位：万元\n项目 预算数\n一、一般公共预算拨款收入 90.25\n二、事业收入 10.25\n收入总计 100.50\n"
IN_YUAN = (
    "部门收入总表\n单位：元\n项目 预算数\n一、一般公共预算拨款收入 902,500\n二、事业收入 102,500\n收入总计 1,005,000\n"
)
SPENT = """部门支出总表
单位：万元
科目编码 科目名称 合计
213 农林水支出 60.00
221 住房保障支出 40.00
合计 _ 100.00

部门收支总表
单位：万元
收入 _ 支出 _
项目 预算数 项目 预算数
一、一般公共预算拨款收入 100.00 一、农林水支出 60.00
_ _ 二、住房保障支出 40.00
收入总计 100.00 支出总计 100.00
"""
THREE_PUBLIC = """“三公”经费支出表
单位：万元
合计 因公出国（境）费 公务用车购置及运行费 _ _ 公务接待费
_ _ 小计 公务用车购置费 公务用车运行费 _
9.00 1.00 6.00 2.00 4.00 2.00
"""
TOLD = (
    BUDGET + "一、“三公”经费情况\n2024年财政拨款安排的“三公”经费预算9.00万元，其中：因公出国（境）费1.00万元，"
    "公务用车购置费2.00万元，公务用车运行维护费4.00万元，公务接待费2.00万元。\n\n"
)
SCORES = (
    "某县水利局2023年度部门整体支出绩效自评报告\n一、绩效自评情况\n经自评，总得分95分。\n二、绩效指标\n"
    "三级指标 年度指标值 实际完成值 分值 得分\n巡查次数 ≥300次 326次 40 40\n修复堤防 ≥12处 12处 30 30\n群众满意度 ≥90% 85% 30 25\n总分 _ _ 100 95\n"
)
TARGETS = (
    "项目绩效目标表\n单位：万元\n项目名称 当年财政拨款预算金额 指标名称 指标性质 指标值 计量单位 指标权重（%） 是否核心\n"
    "河道整治 20.00 整治河道长度 ≥ 36 公里 25 是\n水质监测 10.00 监测断面 ≥ 12 个 25 是\n"
)
COVERED = BUDGET + "一、绩效目标情况\n2024年项目支出均实行绩效管理，涉及一般公共预算拨款30.00万元。\n\n" + TARGETS
RECEPTION = (
    BUDGET + "一、“三公”经费情况\n2024年一般公共预算安排的公务接待费预算5.00万元。\n\n"
    "一般公共预算基本支出表\n单位：万元\n科目编码 科目名称 金额\n302 商品和服务支出 9.00\n30201 办公费 5.00\n30217 公务接待费 4.00\n合计 _ 9.00\n"
)

YEARS = (
    BUDGET
    + "一、“三公”经费情况\n2024年公务接待费预算4.60万元，比2023年预算减少0.60万元；公务用车运行维护费预算7.50万元，比2023年预算减少2.50万元。\n\n"
    "“三公”经费支出表\n单位：万元\n项目 2023年预算数 2024年预算数\n公务接待费 5.20 4.60\n公务用车运行维护费 10.00 7.50\n"
)

SAME: list[Case] = [
    ("a change of the prose and the two years of a table", "changes_between_years", tabbed(YEARS), ("减少0.60", "减少0.80"), "-0.20"),
    ("prose and a table", "same_fact", tabbed(OVERVIEW + INCOME), ("总预算100.50", "总预算101.50"), "1.00"),
    ("prose in 万元 and a table in 元", "same_fact", tabbed(OVERVIEW + IN_YUAN), ("总预算100.50", "总预算101.50"), "1.00"),
    ("two tables", "same_fact", tabbed(BUDGET + ABOUT + SPENT), ("一、农林水支出 60.00", "一、农林水支出 65.00"), "5.00"),
    ("an item of the three public expenses", "same_fact", tabbed(TOLD + THREE_PUBLIC), ("公务接待费2.00", "公务接待费2.50"), "0.50"),
    ("the total score in the report and in its table", "same_fact", tabbed(SCORES), ("总得分95", "总得分90"), "-5"),
    ("two statements of prose", "same_fact",
     BUDGET + "一、收支总体情况\n收入总预算100.50万元，事业收入10.25万元。\n二、收入预算\n收入预算100.50万元，其中：一般公共预算拨款收入90.25万元，事业收入10.25万元。",
     ("总预算100.50", "总预算105.00"), "4.50"),
    ("all that is under performance management = the projects", "project_budgets", tabbed(COVERED), ("拨款30.00", "拨款35.00"), "5.00"),
    ("30217 is within 公务接待费", "three_public_items", tabbed(RECEPTION), ("接待费预算5.00", "接待费预算3.50"), "0.50"),
    ("income and expenditure of the prose", "income_equals_expenditure",
     BUDGET + "一、收支总体情况\n收入总计100.00万元，支出总计100.00万元。", ("支出总计100.00", "支出总计99.00"), "-1.00"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "rule", "text", "wrong", "difference"), SAME, ids=[case[0] for case in SAME])
def test_what_is_stated_twice_agrees_and_a_wrong_number_is_found(
    case: str, rule: str, text: str, wrong: tuple[str, str], difference: str
) -> None:
    """No finding on the right text; with one number wrong an error of the rule with the exact difference, once."""
    assert findings(text) == ()
    assert differences(rule, text, wrong) == [("error", difference)]


ROUNDED = [
    ("100.5", "100.48", []),
    ("100", "100.48", []),
    ("100.50", "100.50", []),
    ("100.4", "100.48", ["same_fact"]),
    ("101", "100.48", ["same_fact"]),
]


@pytest.mark.parametrize(
    ("told", "tabled", "rules"), ROUNDED, ids=[f"{told} of {tabled}" for told, tabled, _ in ROUNDED]
)
def test_a_number_told_with_fewer_digits_is_the_rounded_one(told: str, tabled: str, rules: list[str]) -> None:
    """Prose may round what its table states; it may not cut it off or round it wrongly."""
    rest = str(Decimal(tabled) - Decimal("90.25"))
    text = (OVERVIEW + INCOME).replace("总预算100.50", f"总预算{told}").replace("10.25", rest)
    text = tabbed(text.replace("总计 100.50", f"总计 {tabled}"))
    assert sorted({f.rule for f in findings(text)}) == rules


APART = [
    ("nothing else in common: perhaps two scopes", tabbed(BUDGET + "一、收支总体情况\n2024年收入总预算300.00万元。\n\n" + INCOME)),
    ("another year", tabbed(BUDGET + "一、收支总体情况\n2024年收入总预算100.50万元，一般公共预算拨款收入90.25万元，2023年收入总预算80.00万元。\n\n" + INCOME)),
    ("another stage", FINAL + "一、机关运行经费\n机关运行经费年初预算20.00万元，支出决算15.00万元。\n二、其他\n机关运行经费支出决算15.00万元。"),
    ("another fund", budget(
        "一般公共预算支出表\n单位：万元\n科目编码 科目名称 合计\n212 城乡社区支出 60.00\n213 农林水支出 30.00\n合计 _ 90.00\n",
        "政府性基金预算支出表\n单位：万元\n科目编码 科目名称 合计\n212 城乡社区支出 40.00\n合计 _ 40.00\n")),
    ("all funds and the fiscal ones", budget(
        "部门支出总表\n单位：万元\n科目编码 科目名称 合计\n213 农林水支出 60.00\n221 住房保障支出 40.00\n合计 _ 100.00\n",
        "财政拨款支出表\n单位：万元\n科目编码 科目名称 合计\n213 农林水支出 50.00\n221 住房保障支出 40.00\n合计 _ 90.00\n")),
]  # fmt: skip


@pytest.mark.parametrize(("case", "text"), APART, ids=[case for case, _ in APART])
def test_two_facts_of_one_name_are_not_compared(case: str, text: str) -> None:
    """Scope, year, stage and fund are a part of what a number says."""
    assert [f.message for f in findings(text)] == []


def test_the_place_that_differs_from_the_others_is_told_once() -> None:
    """Of three places two agree: the third is found, against one of them."""
    text = tabbed(
        BUDGET + "一、收支总体情况\n收入总预算100.50万元，一般公共预算拨款收入90.25万元。\n"
        "二、收入预算\n收入预算100.50万元，其中：一般公共预算拨款收入90.25万元，事业收入10.25万元。\n\n" + INCOME
    )
    assert findings(text) == ()
    (finding,) = findings(text.replace("总预算100.50", "总预算150.50"))
    assert (finding.rule, finding.found, finding.expected) == ("same_fact", "150.50", "100.50")
    assert [place.text for place in finding.suspects] == ["150.50"]


def test_the_projects_are_summed_only_where_the_text_says_all_of_them() -> None:
    """均, 全部, 所有: without the word the projects may be some of those that the money covers."""
    wrong = tabbed(COVERED.replace("拨款30.00", "拨款35.00"))
    assert [f.rule for f in findings(wrong)] == ["project_budgets"]
    assert [f.rule for f in findings(wrong.replace("项目支出均实行", "全部项目支出实行"))] == ["project_budgets"]
    assert findings(wrong.replace("项目支出均实行", "部分项目支出实行")) == ()
