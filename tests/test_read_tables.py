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
        "附 opens a name, 附: lists what is part of the row above",
        "收入预算表\n单位：万元\n项目\t预算数\n一、附属单位上缴收入\t3.00\n二、其他收入\t1.00\n",
        [
            ("income.affiliate_remittance", "附属单位上缴收入", None, "department", None, 2024, "budget", "3.00", "万元"),
            ("income.other", "其他收入", None, "department", None, 2024, "budget", "1.00", "万元"),
        ],
    ),
    (
        "a column of 项目支出 is of the expenditure though the title names both sides",
        "政府性基金预算收入支出表\n单位：万元\n科目编码\t科目名称\t本年收入\t本年支出小计\t项目支出\n\t合计\t7.00\t6.00\t6.00\n",
        [
            ("income.current_year", "合计", None, "government_fund", None, 2024, "budget", "7.00", "万元"),
            ("expenditure.current_year", "合计", None, "government_fund", None, 2024, "budget", "6.00", "万元"),
            ("expenditure.project", "合计", None, "government_fund", None, 2024, "budget", "6.00", "万元"),
        ],
    ),
    (
        "a budget after its adjustment is no budget of the beginning of the year",
        "项目支出明细表\n单位：万元\n项目名称\t年初预算\t调整后预算\n堤防养护\t4.00\t5.00\n",
        [
            ("performance.project_budget", "堤防养护", None, "department", None, 2024, "budget", "4.00", "万元"),
            ("performance.project_budget", "堤防养护", None, "department", None, 2024, "adjusted_budget", "5.00", "万元"),
        ],
    ),
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
        "an item of no told kind of procurement is only an item; a unit's row is its total",
        "政府采购预算表\n单位：万元\n单位名称\t采购品目\t合计\t一般公共预算\n合计\t\t5.00\t5.00\n某水库管理处\t\t5.00\t5.00\n\t水位计\t5.00\t5.00\n",
        [
            ("procurement.total", "合计", None, "department", None, 2024, "budget", "5.00", "万元"),
            ("procurement.total", "合计", None, "general_public_budget", None, 2024, "budget", "5.00", "万元"),
            ("procurement.total", "某水库管理处", None, "department", None, 2024, "budget", "5.00", "万元"),
            ("procurement.total", "某水库管理处", None, "general_public_budget", None, 2024, "budget", "5.00", "万元"),
            ("other", "水位计", None, "department", None, 2024, "budget", "5.00", "万元"),
            ("other", "水位计", None, "general_public_budget", None, 2024, "budget", "5.00", "万元"),
        ],
    ),
    (
        "bought services are neither projects nor a statement",
        "政府购买服务预算表\n单位：万元\n项目名称\t指导性目录名称\t合计\n合计\t\t7.00\n河湖划界\t测绘服务\t7.00\n",
        [
            ("other", "合计", None, "department", None, 2024, "budget", "7.00", "万元"),
            ("other", "测绘服务", None, "department", None, 2024, "budget", "7.00", "万元"),
        ],
    ),
    (
        "a project is called by its name, not by who carries it out; a column that sorts may hold the word of the sum",
        "项目支出表\n单位：万元\n类型\t项目名称\t实施单位\t合计\t单位资金\n合计\t\t\t9.00\t2.00\n特定目标类\t河湖划界\t某测绘中心\t9.00\t2.00\n",
        [
            ("expenditure.project", "合计", None, "department", None, 2024, "budget", "9.00", "万元"),
            ("expenditure.project", "合计", None, "department", None, 2024, "budget", "2.00", "万元"),
            ("performance.project_budget", "河湖划界", None, "department", None, 2024, "budget", "9.00", "万元"),
            ("performance.project_budget", "河湖划界", None, "department", None, 2024, "budget", "2.00", "万元"),
        ],
    ),
    (
        "the funds of a unit itself, and the class that is called as a fund's expenditure",
        "部门收支总表\n单位：万元\n收入\t\t支出\t\n项目\t预算数\t项目\t预算数\n三、专户资金\t1.00\t十三、农林水支出\t4.00\n四、单位资金收入\t5.00\t二十三、国有资本经营预算支出\t2.00\n收入总计\t6.00\t支出总计\t6.00\n",
        [
            ("income.special_account", "专户资金", None, "department", None, 2024, "budget", "1.00", "万元"),
            ("expenditure.function", "农林水支出", None, "department", None, 2024, "budget", "4.00", "万元"),
            ("income.other", "单位资金收入", None, "department", None, 2024, "budget", "5.00", "万元"),
            ("expenditure.function", "国有资本经营预算支出", None, "department", None, 2024, "budget", "2.00", "万元"),
            ("income.total", "收入总计", None, "department", None, 2024, "budget", "6.00", "万元"),
            ("expenditure.total", "支出总计", None, "department", None, 2024, "budget", "6.00", "万元"),
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


EVALUATION = "某县林业局2023年度项目支出绩效自评报告\n一、自评情况\n自评工作已经完成。\n\n"
FORM = (
    "项目支出绩效自评表\n项目名称|林道养护\n主管部门|某县林业局|实施单位|某县第2林场\n项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分\n"
    "|年度资金总额|50.00|60.00|57.00|10|95%|9.50\n|其中：财政拨款|50.00|50.00|48.00|—|96%|—\n|其他资金||10.00|9.00\n"
    "年度总体目标|预期目标|实际完成情况\n|养护林道30公里，修复边坡12处。|养护林道31公里，修复边坡12处，没有安全事故。\n"
    "绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因\n|产出指标（60分）|数量指标|养护里程|≥30公里|31公里|30|30|\n"
    "|||修复边坡|12处|完成12处|30|30\n||时效指标|完成时间|2023年10月底前|2023年12月|30|28|雨天停工15天\n总分||||||100|97.50|\n"
)


def test_a_form_in_pipes_is_read_block_by_block() -> None:
    """The project above its blocks is that of all numbers; goals, dates and reasons state none; the sum is the score."""
    disclosure = extract(Document.from_text(EVALUATION + FORM), "none")
    assert [(f.concept, f.label, f.text, f.unit, f.scope, f.stage) for f in disclosure.facts] == [
        ("performance.project_budget", "林道养护", "50.00", "万元", "department", "budget"),
        ("performance.project_budget", "林道养护", "60.00", "万元", "department", "adjusted_budget"),
        ("performance.project_budget", "林道养护", "57.00", "万元", "department", "final"),
        ("indicator.weight", "预算执行率", "10", "分", None, None),
        ("evaluation.execution_rate", "年度资金总额", "95", "%", None, None),
        ("indicator.score", "预算执行率", "9.50", "分", None, None),
        ("performance.project_budget", "财政拨款", "50.00", "万元", "fiscal", "budget"),
        ("performance.project_budget", "财政拨款", "50.00", "万元", "fiscal", "adjusted_budget"),
        ("performance.project_budget", "财政拨款", "48.00", "万元", "fiscal", "final"),
        ("evaluation.execution_rate", "财政拨款", "96", "%", None, None),
        ("performance.project_budget", "其他资金", "10.00", "万元", "department", "adjusted_budget"),
        ("performance.project_budget", "其他资金", "9.00", "万元", "department", "final"),
        ("indicator.weight", "产出指标", "60", "分", None, None),
        ("indicator.target", "养护里程", "30", "公里", None, None),
        ("indicator.actual", "养护里程", "31", "公里", None, None),
        ("indicator.weight", "养护里程", "30", "分", None, None),
        ("indicator.score", "养护里程", "30", "分", None, None),
        ("indicator.target", "修复边坡", "12", "处", None, None),
        ("indicator.actual", "修复边坡", "12", "处", None, None),
        ("indicator.weight", "修复边坡", "30", "分", None, None),
        ("indicator.score", "修复边坡", "30", "分", None, None),
        ("indicator.weight", "完成时间", "30", "分", None, None),
        ("indicator.score", "完成时间", "28", "分", None, None),
        ("indicator.weight", "总分", "100", "分", None, None),
        ("evaluation.score", "总分", "97.50", "分", None, None),
    ]
    assert {f.project for f in disclosure.facts} == {"林道养护"}
    assert [unread.text for unread in disclosure.coverage.unread] == []


def test_forms_of_several_projects_in_one_table() -> None:
    """Each project's name opens its blocks anew."""
    second = FORM.split("\n", 1)[1].replace("林道养护", "古树保护")
    projects = [f.project for f in facts(FORM + second, EVALUATION)]
    assert projects == ["林道养护"] * 25 + ["古树保护"] * 25


def test_money_and_execution_stand_beside_the_indicators_of_a_project() -> None:
    """Each column of money has its own stage."""
    text = "单位：万元\n项目名称\t年初预算数\t全年预算数\t全年执行数\t执行率\t三级指标\t指标值\t计量单位\t得分\n林道养护\t5.00\t6.00\t5.70\t95%\t养护里程\t30\t公里\t10\n合计\t\t\t\t\t\t\t\t10\n"
    assert [(f.concept, f.label, f.text, f.stage) for f in facts(text, EVALUATION)][:5] == [
        ("performance.project_budget", "林道养护", "5.00", "budget"),
        ("performance.project_budget", "林道养护", "6.00", "adjusted_budget"),
        ("performance.project_budget", "林道养护", "5.70", "final"),
        ("evaluation.execution_rate", "林道养护", "95", None),
        ("indicator.target", "养护里程", "30", None),
    ]


VALUES = [
    ("≥1.62万亩", ("1.62", "万亩", "≥")),
    ("90%以上", ("90", "%", "≥")),
    ("30天以内", ("30", "天", "≤")),
    ("5个工作日内", ("5", "个工作日", "≤")),
    ("≥95％", ("95", "%", "≥")),
    ("达到20次", ("20", "次", "=")),
    ("12个小区完成雨污分流改造", ("12", "个", "=")),
    ("1200元/亩", ("1200", "元/亩", "=")),
    ("2023年4月底前", None),
    ("4月底前", None),
    ("90%-95%", None),
    ("3：1", None),
    ("1.造林5处；2.抚育3处", None),
    ("每月1次、全年12次", None),
]


@pytest.mark.parametrize(("written", "expected"), VALUES, ids=[written for written, _ in VALUES])
def test_a_target_is_one_number_or_none(written: str, expected: tuple[str, str, str] | None) -> None:
    """With its operator, before or behind it, and its unit; of dates, ranges and lists nothing is read."""
    read = facts(f"三级指标\t年度指标值\t分值\n甲\t{written}\t10\n乙\t≥3处\t10\n", EVALUATION)
    targets = [(f.text, f.unit, f.operator) for f in read if f.concept == "indicator.target" and f.label == "甲"]
    assert targets == ([expected] if expected else [])


def test_weights_are_written_behind_names_too() -> None:
    """In the cells of the levels and of the indicator itself."""
    text = "一级指标\t三级指标\t年度指标值\t实际完成值\n产出指标（50%）\t养护里程（分值：30分）\t≥30公里\t31公里\n\t修复边坡\t≥12处\t12处\n"
    read = [f for f in facts(text, EVALUATION) if f.measure == "weight"]
    assert [(f.label, f.text, f.unit) for f in read] == [("产出指标", "50", "%"), ("养护里程", "30", "分")]


LABELLED = [
    (
        "a department's money, its unit and stage in the label before it",
        "部门整体支出绩效自评表\n部门名称\t某县林业局\n年度预算（万元）\t预算总额\t800.00\t其中：基本支出\t500.00\t项目支出\t300.00\n"
        "自评得分\t96.5\t预算执行率\t98%\n",
        [
            ("expenditure.total", "预算总额", "800.00", "万元", "department", "budget"),
            ("expenditure.basic", "基本支出", "500.00", "万元", "department", "budget"),
            ("expenditure.project", "项目支出", "300.00", "万元", "department", "budget"),
            ("evaluation.score", "自评得分", "96.5", "分", None, None),
            ("evaluation.execution_rate", "预算执行率", "98", "%", None, None),
        ],
    ),
    (
        "a project's money by source, one below the other",
        "项目绩效目标申报表\n项目名称\t林道养护\n项目资金（万元）\t年度资金总额\t60.00\n\t其中：财政拨款\t50.00\n\t其他资金\t10.00\n",
        [
            ("performance.project_budget", "林道养护", "60.00", "万元", "department", "budget"),
            ("performance.project_budget", "财政拨款", "50.00", "万元", "fiscal", "budget"),
            ("performance.project_budget", "其他资金", "10.00", "万元", "department", "budget"),
        ],
    ),
    (
        "without a stage an evaluation leaves open what was planned and what was spent; a rate is a percentage",
        "项目支出绩效自评表\n项目名称\t林道养护\n资金总额（万元）\t60.00\t执行率\t0.95\n补助标准\t60.00\t全年执行数\t57.00\n",
        [("performance.project_budget", "林道养护", "57.00", "万元", "department", "final")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("case", "text", "expected"), LABELLED, ids=[case for case, *_ in LABELLED])
def test_amounts_stand_beside_their_labels(case: str, text: str, expected: list[tuple[object, ...]]) -> None:
    """In a form, above its headers."""
    indicators = "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t养护林道\t≥30公里\n"
    read = [f for f in facts(text + indicators, EVALUATION) if f.concept != "indicator.target"]
    assert [(f.concept, f.label, f.text, f.unit, f.scope, f.stage) for f in read] == expected


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
