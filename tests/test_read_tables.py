"""Tables read by rule: what the row and the column of a cell make of its number."""

from __future__ import annotations

import pytest

from budget_llm.document import Document
from budget_llm.extraction import extract
from budget_llm.facts import Fact

OPENING = "某县水利局2024年部门预算\n一、基本情况\n某县水利局是县政府工作部门。\n\n"


def facts(text: str, opening: str = OPENING) -> list[Fact]:
    """Return the facts that stand in the tables of a text."""
    return [fact for fact in extract(Document.from_text(opening + text), "none").facts if fact.table is not None]


def told(fact: Fact) -> tuple[object, ...]:
    """Return what a fact says: concept, label, code, scope, split, period, stage, value, unit."""
    return (
        fact.concept,
        fact.label,
        fact.code,
        fact.scope,
        fact.split,
        fact.period,
        fact.stage,
        str(fact.value),
        fact.unit,
    )


TABLES = [
    (
        "the halves of one row are two statements, columns of funds are scopes",
        "财政拨款收支总表\n单位：万元\n收入\t\t支出\t\t\n项 目\t预算数\t项 目\t合 计\t一般公共预算\n"
        "一、本年收入\t5.00\t一、本年支出\t6.00\t6.00\n一般公共预算资金\t5.00\t农林水支出\t6.00\t6.00\n二、上年结转\t1.00\t二、结转下年\t\t\n收入合计\t6.00\t支出合计\t6.00\t6.00\n",
        [
            ("income.current_year", "本年收入", None, "fiscal", None, 2024, "budget", "5.00", "万元"),
            ("expenditure.current_year", "本年支出", None, "fiscal", None, 2024, "budget", "6.00", "万元"),
            ("expenditure.current_year", "本年支出", None, "general_public_budget", None, 2024, "budget", "6.00", "万元"),
            ("income.general_public_budget", "一般公共预算资金", None, "fiscal", None, 2024, "budget", "5.00", "万元"),
            ("expenditure.function", "农林水支出", None, "fiscal", None, 2024, "budget", "6.00", "万元"),
            ("expenditure.function", "农林水支出", None, "general_public_budget", None, 2024, "budget", "6.00", "万元"),
            ("income.carryover", "上年结转", None, "fiscal", None, 2024, "budget", "1.00", "万元"),
            ("income.total", "收入合计", None, "fiscal", None, 2024, "budget", "6.00", "万元"),
            ("expenditure.total", "支出合计", None, "fiscal", None, 2024, "budget", "6.00", "万元"),
            ("expenditure.total", "支出合计", None, "general_public_budget", None, 2024, "budget", "6.00", "万元"),
        ],
    ),
    (
        "codes in columns of their own, zeros kept, empty cells skipped, columns are splits",
        "一般公共预算支出表\n单位：元\n功能分类科目编码\t\t\t科目名称\t2024年预算数\t\t\n类\t款\t项\t\t合计\t基本支出\t项目支出\n"
        "213\t\t\t农林水支出\t60000\t60000\t0\n213\t03\t\t水利\t60000\t60000\t0\n213\t03\t01\t行政运行\t60000\t60000\t\n\t\t\t合计\t60000\t60000\t0\n",
        [
            ("expenditure.function", "农林水支出", "213", "general_public_budget", None, 2024, "budget", "60000", "元"),
            ("expenditure.function", "农林水支出", "213", "general_public_budget", "basic", 2024, "budget", "60000", "元"),
            ("expenditure.function", "农林水支出", "213", "general_public_budget", "project", 2024, "budget", "0", "元"),
            ("expenditure.function", "水利", "21303", "general_public_budget", None, 2024, "budget", "60000", "元"),
            ("expenditure.function", "水利", "21303", "general_public_budget", "basic", 2024, "budget", "60000", "元"),
            ("expenditure.function", "水利", "21303", "general_public_budget", "project", 2024, "budget", "0", "元"),
            ("expenditure.function", "行政运行", "2130301", "general_public_budget", None, 2024, "budget", "60000", "元"),
            ("expenditure.function", "行政运行", "2130301", "general_public_budget", "basic", 2024, "budget", "60000", "元"),
            ("expenditure.total", "合计", None, "general_public_budget", None, 2024, "budget", "60000", "元"),
            ("expenditure.basic", "合计", None, "general_public_budget", None, 2024, "budget", "60000", "元"),
            ("expenditure.project", "合计", None, "general_public_budget", None, 2024, "budget", "0", "元"),
        ],
    ),
    (
        "basic expenditure by economic class",
        "一般公共预算财政拨款基本支出表\n单位：万元\n科目编码\t科目名称\t合计\t人员经费\t公用经费\n301\t工资福利支出\t4.00\t4.00\t\n30201\t办公费\t1.00\t\t1.00\n合计\t\t5.00\t4.00\t1.00\n",
        [
            ("expenditure.economic", "工资福利支出", "301", "general_public_budget", "basic", 2024, "budget", "4.00", "万元"),
            ("expenditure.economic", "工资福利支出", "301", "general_public_budget", "personnel", 2024, "budget", "4.00", "万元"),
            ("expenditure.economic", "办公费", "30201", "general_public_budget", "basic", 2024, "budget", "1.00", "万元"),
            ("expenditure.economic", "办公费", "30201", "general_public_budget", "public", 2024, "budget", "1.00", "万元"),
            ("expenditure.basic", "合计", None, "general_public_budget", None, 2024, "budget", "5.00", "万元"),
            ("expenditure.personnel", "合计", None, "general_public_budget", None, 2024, "budget", "4.00", "万元"),
            ("expenditure.public", "合计", None, "general_public_budget", None, 2024, "budget", "1.00", "万元"),
        ],
    ),
    (
        "three public expenses across, years down",
        "财政拨款“三公”经费支出表\n单位：万元\n年 度\t合 计\t因公出国（境）费\t公务用车购置及运行费\t\t\t公务接待费\n\t\t\t小 计\t公务用车购置费\t公务用车运行费\t\n2023年预算数\t4.00\t1.00\t2.00\t0.00\t2.00\t1.00\n2024年预算数\t3.00\t\t2.00\t\t2.00\t1.00\n",
        [
            ("three_public.total", "合计", None, "fiscal", None, 2023, "budget", "4.00", "万元"),
            ("three_public.abroad", "因公出国（境）费", None, "fiscal", None, 2023, "budget", "1.00", "万元"),
            ("three_public.vehicle", "公务用车购置及运行费", None, "fiscal", None, 2023, "budget", "2.00", "万元"),
            ("three_public.vehicle_purchase", "公务用车购置费", None, "fiscal", None, 2023, "budget", "0.00", "万元"),
            ("three_public.vehicle_operation", "公务用车运行费", None, "fiscal", None, 2023, "budget", "2.00", "万元"),
            ("three_public.reception", "公务接待费", None, "fiscal", None, 2023, "budget", "1.00", "万元"),
            ("three_public.total", "合计", None, "fiscal", None, 2024, "budget", "3.00", "万元"),
            ("three_public.vehicle", "公务用车购置及运行费", None, "fiscal", None, 2024, "budget", "2.00", "万元"),
            ("three_public.vehicle_operation", "公务用车运行费", None, "fiscal", None, 2024, "budget", "2.00", "万元"),
            ("three_public.reception", "公务接待费", None, "fiscal", None, 2024, "budget", "1.00", "万元"),
        ],
    ),
    (
        "the columns of an income table are the concepts",
        "部门收入总表\n单位：万元\n科目编码\t科目名称\t合计\t财政拨款收入\t事业收入\t其他收入\n213\t农林水支出\t6.00\t5.00\t0.60\t0.40\n合计\t\t6.00\t5.00\t0.60\t0.40\n",
        [
            ("income.total", "农林水支出", "213", "department", None, 2024, "budget", "6.00", "万元"),
            ("income.fiscal_appropriation", "农林水支出", "213", "department", None, 2024, "budget", "5.00", "万元"),
            ("income.business", "农林水支出", "213", "department", None, 2024, "budget", "0.60", "万元"),
            ("income.other", "农林水支出", "213", "department", None, 2024, "budget", "0.40", "万元"),
            ("income.total", "合计", None, "department", None, 2024, "budget", "6.00", "万元"),
            ("income.fiscal_appropriation", "合计", None, "department", None, 2024, "budget", "5.00", "万元"),
            ("income.business", "合计", None, "department", None, 2024, "budget", "0.60", "万元"),
            ("income.other", "合计", None, "department", None, 2024, "budget", "0.40", "万元"),
        ],
    ),
    (
        "a total over 三公, meetings and training is not that of the three public expenses",
        "“三公”经费、会议费、培训费支出预算表\n单位：万元\n合计\t“三公”经费\t\t会议费\t培训费\n\t小计\t公务接待费\t\t\n9.00\t4.00\t4.00\t3.00\t2.00\n",
        [
            ("other", "合计", None, "fiscal", None, 2024, "budget", "9.00", "万元"),
            ("three_public.total", "“三公”经费", None, "fiscal", None, 2024, "budget", "4.00", "万元"),
            ("three_public.reception", "公务接待费", None, "fiscal", None, 2024, "budget", "4.00", "万元"),
            ("other", "会议费", None, "fiscal", None, 2024, "budget", "3.00", "万元"),
            ("other", "培训费", None, "fiscal", None, 2024, "budget", "2.00", "万元"),
        ],
    ),
    (
        "the items of a kind of procurement stand below it",
        "政府采购预算表\n单位：万元\n采购品目\t采购物品名称\t采购组织形式\t总计\n合计\t\t\t5.00\n一、货物A\t\t\t5.00\n\t台式计算机\t分散自行组织\t5.00\n二、工程B\t\t\t0.00\n",
        [
            ("procurement.total", "合计", None, "department", None, 2024, "budget", "5.00", "万元"),
            ("procurement.goods", "货物A", None, "department", None, 2024, "budget", "5.00", "万元"),
            ("procurement.goods", "台式计算机", None, "department", None, 2024, "budget", "5.00", "万元"),
            ("procurement.works", "工程B", None, "department", None, 2024, "budget", "0.00", "万元"),
        ],
    ),
    (
        "the funds of a self-evaluation: money by source and stage, what was carried out, what that scores",
        "资金情况表（单位：万元）\n项目资金\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分\n年度资金总额\t4.00\t5.00\t4.50\t10\t90.00%\t9.00\n其他资金\t1.00\t2.00\t1.80\t—\t90.00%\t—\n",
        [
            ("expenditure.total", "年度资金总额", None, "department", None, 2024, "budget", "4.00", "万元"),
            ("expenditure.total", "年度资金总额", None, "department", None, 2024, "adjusted_budget", "5.00", "万元"),
            ("expenditure.total", "年度资金总额", None, "department", None, 2024, "final", "4.50", "万元"),
            ("indicator.weight", "预算执行率", None, None, None, 2024, None, "10", "分"),
            ("evaluation.execution_rate", "年度资金总额", None, None, None, 2024, None, "90.00", "%"),
            ("indicator.score", "预算执行率", None, None, None, 2024, None, "9.00", "分"),
            ("income.other", "其他资金", None, "department", None, 2024, "budget", "1.00", "万元"),
            ("income.other", "其他资金", None, "department", None, 2024, "adjusted_budget", "2.00", "万元"),
            ("income.other", "其他资金", None, "department", None, 2024, "final", "1.80", "万元"),
            ("evaluation.execution_rate", "其他资金", None, None, None, 2024, None, "90.00", "%"),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("case", "text", "expected"), TABLES, ids=[case for case, *_ in TABLES])
def test_amounts_are_told_by_row_and_column(case: str, text: str, expected: list[tuple[object, ...]]) -> None:
    """Every filled amount of the body, nothing else."""
    assert [told(fact) for fact in facts(text)] == expected


def test_without_a_unit_no_amount_is_read() -> None:
    """10 may be 10 元 or 10 万元: an amount without a unit is left as not understood."""
    text = "部门支出总表\n科目编码\t科目名称\t合计\n213\t农林水支出\t6.00\n21303\t水利\t6.00\n"
    assert facts(text) == []
    assert [fact.unit for fact in facts("单位：万元\n" + text)] == ["万元", "万元"]


INDICATORS = (
    "项目绩效目标表\n单位：万元\n项目名称\t当年财政拨款预算金额\t当年绩效目标\t指标名称\t指标性质\t指标值\t计量单位\t指标权重（%）\t是否核心\n"
    "河道整治\t286.00\t整治河道36公里。\t整治河道长度\t≥\t36\t公里\t25\t是\n\t\t\t制度健全\t定性\t是\t无\t10\t否\n"
)


def test_indicators_are_told_under_their_project() -> None:
    """Operator, unit, weight and core of each; the project stands for the rows below it; goal text states nothing."""
    read = facts(INDICATORS)
    assert [(f.concept, f.label, f.text, f.unit, f.operator, f.project, f.core) for f in read] == [
        ("performance.project_budget", "河道整治", "286.00", "万元", None, None, None),
        ("indicator.target", "整治河道长度", "36", "公里", "≥", "河道整治", True),
        ("indicator.weight", "整治河道长度", "25", "%", "≥", "河道整治", True),
        ("indicator.target", "制度健全", "是", "无", "定性", "河道整治", False),
        ("indicator.weight", "制度健全", "10", "%", "定性", "河道整治", False),
    ]
    assert [f.value.is_nan() for f in read] == [False, False, False, True, False]


def test_scores_are_told_with_their_rates() -> None:
    """A self-evaluation's weight, score and rate; values written with operator and unit in one cell."""
    text = "三级指标\t年度指标值\t实际完成值\t分值\t得分\n巡查次数\t≥300次\t326次\t10\t10.00\n群众满意度\t≥90%\t88.2%\t5\t4.90\n"
    read = facts(text, "某县水利局2023年度部门整体支出绩效自评报告\n一、绩效自评情况\n")
    assert [(f.concept, f.label, f.measure, str(f.value), f.unit) for f in read] == [
        ("indicator.target", "巡查次数", "target", "300", "次"),
        ("indicator.actual", "巡查次数", "count", "326", "次"),
        ("indicator.weight", "巡查次数", "weight", "10", "分"),
        ("indicator.score", "巡查次数", "score", "10.00", "分"),
        ("indicator.target", "群众满意度", "target", "90", "%"),
        ("indicator.actual", "群众满意度", "rate", "88.2", "%"),
        ("indicator.weight", "群众满意度", "weight", "5", "分"),
        ("indicator.score", "群众满意度", "score", "4.90", "分"),
    ]


ANALYSIS = [
    ("年度目标≥120场，实际演出126场，得分率100%，得15分。",
     [("target", "120"), ("actual", "126"), ("rate", "100"), ("score", "15")]),
    ("本年度举办演出126场。根据评价标准，该指标得100%权重分。", [("actual", "126"), ("rate", "100")]),
    ("指标权重15分，自评得14.50分。", [("weight", "15"), ("score", "14.50")]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), ANALYSIS)
def test_the_analysis_of_an_indicator_is_read(sentence: str, expected: list[tuple[str, str]]) -> None:
    """Under a heading that names what is measured."""
    text = f"某县2023年度部门整体支出绩效自评报告\n一、绩效指标分析\n1、惠民演出场次分析\n{sentence}\n二、建议\n加强管理。\n"
    found = [f for f in extract(Document.from_text(text), "none").facts if f.label == "惠民演出场次"]
    assert [(f.concept.removeprefix("indicator."), f.text) for f in found] == expected
