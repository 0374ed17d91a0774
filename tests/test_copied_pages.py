"""Prose copied out of a PDF: a line break where a printed line ended, a number between two pages."""

from __future__ import annotations

import pytest

from budget_llm import Document, extract
from budget_llm.disclosure import Disclosure
from budget_llm.page_ends import full_width, without_page_ends

TITLE = "某县城市管理局2024年度部门决算\n"
# Lines of 30 characters, as a page prints them.
ITEMS = """五、一般公共预算财政拨款支出决算情况说明
一般公共预算财政拨款支出年初预算为800.00万元，支出决算为
840.00万元，完成年初预算的105.00%。决算数大于预算数的主要原
因是年中增加垃圾分类设施投入，并按规定补缴以前年度的运行费用
，其他项目按进度执行，年末没有结转和结余的资金需要在下年继续
使用。其中：
1.卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）。
年初预算为40.00万元，支出决算为38.00万元，完成年初预算的95%，
决算数小于预算数的主要原因是年中有人员调出，单位缴费相应减少，
结余的资金已经按规定交回财政。
"""


def read(text: str) -> Disclosure:
    """Return the reading of a text by rules."""
    return extract(Document.from_text(TITLE + text))


def told(text: str) -> list[tuple[str, str, str, str | None]]:
    """Return concept, measure, value and stage of each fact."""
    return [(f.concept, f.measure, str(f.value), f.stage) for f in read(text).facts]


def test_a_line_that_is_full_ends_no_paragraph() -> None:
    """The item is named in a sentence that fills its line: what the next line tells is told of it."""
    found = [fact for fact in told(ITEMS) if fact[0] == "expenditure.function"]
    assert found == [
        ("expenditure.function", "amount", "40.00", "budget"),
        ("expenditure.function", "amount", "38.00", "final"),
        ("expenditure.function", "rate", "95", "final"),
    ]


def test_a_line_that_is_not_full_ends_its_paragraph() -> None:
    """What follows the short last line of an item is of the whole body again."""
    text = ITEMS + "年初预算为800.00万元，支出决算为840.00万元。\n"
    assert told(text)[-2:] == [
        ("expenditure.total", "amount", "800.00", "budget"),
        ("expenditure.total", "amount", "840.00", "final"),
    ]


def test_lines_of_any_length_are_paragraphs() -> None:
    """Where lines within sentences are not nearly all as wide, no line is full."""
    assert full_width("收入，\n" * 20) is None
    assert full_width("".join("支出，" * n + "\n" for n in range(5, 25))) is None
    assert full_width(ITEMS) == pytest.approx(30, abs=1.5)


@pytest.mark.parametrize("number", ["- 9 -", "— 9 —", "9", "第 9 页"])
def test_a_sentence_goes_on_over_a_page(number: str) -> None:
    """Neither the number of the page nor the form feed comes between a word and its number."""
    text = f"三、支出决算情况说明\n本年支出合计100.00万元，其中：基本支出60.00万\n{number}\n\f元，占60.00%；项目支出\n{number}\n\f40.00万元，占40.00%。\n"
    disclosure = read(text)
    assert [(f.concept, f.measure, str(f.value), f.unit) for f in disclosure.facts] == [
        ("expenditure.current_year", "amount", "100.00", "万元"),
        ("expenditure.basic", "amount", "60.00", "万元"),
        ("expenditure.basic", "share", "60.00", "%"),
        ("expenditure.project", "amount", "40.00", "万元"),
        ("expenditure.project", "share", "40.00", "%"),
    ]
    assert not disclosure.coverage.unread
    assert not disclosure.findings


def test_blanks_for_page_numbers_move_no_offset() -> None:
    """The text keeps its length, and every other character its place."""
    text = "支出\n- 9 -\n\f100万元。\n12\n\f第二部分\n2024年\n"
    blank = without_page_ends(text)
    assert len(blank) == len(text)
    assert all(b in (a, " ") for a, b in zip(text, blank, strict=True))
    assert "9" not in blank
    assert "12" not in blank
    assert "2024" in blank


def test_a_direction_may_stand_over_the_end_of_a_line() -> None:
    """决算数小于 | 预算数 is what the sentence says; both numbers say the opposite."""
    text = "五、一般公共预算财政拨款支出决算情况说明\n1.教育支出（类）20.00万元，年初预算为20.00万元，支出决算为24.00万元，决算数小\n于预算数的主要原因是据实结算。\n"
    (finding,) = read(text).findings
    assert (finding.rule, str(finding.difference)) == ("direction_words", "4.00")


def test_a_direction_says_nothing_of_an_amount_before_one_that_is_not_read() -> None:
    """装修工程 costs from 2 to 3, which no fact tells: the words may be about that."""
    text = "五、一般公共预算财政拨款支出决算情况说明\n1.教育支出（类）年初预算为20.00万元，支出决算为24.00万元。另有装修工程每层造价2万元-3万元，决算数小于预算数。\n"
    assert [f.rule for f in read(text).findings] == []


def test_the_stage_of_last_years_amount_is_not_that_of_the_change() -> None:
    """2025年预算较2024年执行数 is a change of the budget, though an amount that was spent stands before it."""
    text = (
        "某县文物局2025年部门预算\n一、一般公共预算支出情况\n1.文化旅游体育与传媒支出（类）文物（款）行政运行（项）97.00万元。"
        "2024年执行数100.00万元，2025年预算较2024年执行数下降3.00%。\n"
    )
    facts = extract(Document.from_text(text)).facts
    assert [(f.measure, f.stage, f.period) for f in facts] == [
        ("amount", "budget", 2025),
        ("amount", "final", 2024),
        ("rate", "budget", 2025),
    ]


def test_the_name_of_a_fund_is_no_stage() -> None:
    """政府性基金预算 before 年初结转 names the money; what was carried over was carried over."""
    text = "八、政府性基金预算收入支出决算情况说明\n政府性基金预算年初结转和结余12.00万元，本年收入196.00万元，本年支出199.00万元，年末结转和结余9.00万元。\n"
    assert {stage for *_, stage in told(text)} == {"final"}


def test_a_threshold_may_stand_over_the_end_of_a_line() -> None:
    """单价100万元（含） | 以上设备: 100 says what is counted, 3 how many there are."""
    text = "十、国有资产占用情况说明\n截至2024年12月31日，共有车辆5辆；单价100万元（含）\n以上设备（不含车辆）3台（套）。\n"
    assert [(f.concept, str(f.value)) for f in read(text).facts] == [
        ("assets.vehicles", "5"),
        ("assets.equipment", "3"),
    ]


def test_equipment_to_be_bought_is_not_in_stock() -> None:
    """安排购置…，购置单价100万元以上设备1台 is of the budget's year."""
    text = "某县文物局2025年部门预算\n一、国有资产占用情况\n截至2024年8月31日，共有车辆6辆。2025年部门预算安排购置车辆0辆，购置单价100万元以上设备1台（套）。\n"
    facts = extract(Document.from_text(text)).facts
    assert [(f.concept, f.period, f.stage) for f in facts] == [
        ("assets.vehicles", "2024-08", None),
        ("assets.vehicles_planned", 2025, "budget"),
        ("assets.equipment", 2025, "budget"),
    ]


def test_the_money_of_evaluated_projects_is_read_by_any_of_its_names() -> None:
    """涉及一般公共预算项目资金 is what the evaluation covers, as 涉及资金 is."""
    text = "十一、预算绩效情况说明\n组织对11个项目开展绩效自评，涉及一般公共预算项目资金564.20万元。\n"
    assert told(text)[-1] == ("performance.covered_amount", "amount", "564.20", "final")


def test_an_item_whose_path_goes_on_in_the_next_line_is_no_heading() -> None:
    """The path is broken after （款）: it is one item, with its amounts."""
    text = (
        "五、一般公共预算财政拨款支出决算情况说明\n1、社会保障和就业支出（类）行政事业单位养老支出（款）\n"
        "行政单位离退休（项）。年初预算为40.00万元，支出决算为38.00万元。\n"
    )
    assert [(f.concept, f.label.endswith("行政单位离退休（项）")) for f in read(text).facts] == [
        ("expenditure.function", True)
    ] * 2


def test_what_an_item_is_for_ends_at_its_amounts() -> None:
    """主要用于… tells no amount of its own; 年初预算为 behind it is the item's."""
    text = "五、一般公共预算财政拨款支出决算情况说明\n1.教育支出（类）进修及培训（款）培训支出（项）。主要用于培训费支出，年初预算为4.00万元，支出决算为3.00万元。\n"
    assert [(f.concept, f.stage) for f in read(text).facts] == [
        ("expenditure.function", "budget"),
        ("expenditure.function", "final"),
    ]


def test_a_column_of_codes_may_name_the_departments_budget() -> None:
    """部门预算经济分类科目编码 holds the codes of the classification, not those of departments."""
    text = (
        "某县文物局2025年部门预算\n一般公共预算基本支出表\n单位：万元\n部门预算经济分类科目编码\t经济分类科目名称\t合计\n"
        "301\t工资福利支出\t30.00\n30101\t基本工资\t30.00\n302\t商品和服务支出\t10.00\n合计\t\t40.00\n"
    )
    facts = [f for f in extract(Document.from_text(text)).facts if f.concept == "expenditure.economic"]
    assert [f.code for f in facts] == ["301", "30101", "302"]


def test_a_list_that_adds_up_ends_with_its_paragraph() -> None:
    """（二） lists all classes; 行政运行 in （三） is an item of one of them and not one class more."""
    text = (
        "五、一般公共预算财政拨款支出决算情况说明\n（一）一般公共预算财政拨款支出100.00万元。\n"
        "（二）社会保障和就业支出30.00万元，占30.00%；农林水支出70.00万元，占70.00%。\n（三）具体情况。\n1.行政运行支出决算40.00万元。\n"
    )
    assert [f.rule for f in read(text).findings] == []


def test_the_execution_of_classes_is_no_form_of_projects() -> None:
    """Codes before 年初预算数, 全年预算数, 全年执行数 and 执行率: each amount is of its class and stage."""
    text = (
        "二、支出预算执行情况\n表1 支出预算执行情况表\n单位：万元\n科目编码\t科目名称\t年初预算数\t全年预算数\t全年执行数\t执行率（%）\n"
        "208\t社会保障和就业支出\t30.00\t32.00\t24.00\t75.00\n221\t住房保障支出\t8.00\t8.00\t8.00\t100.00\n"
    )
    facts = [f for f in read(text).facts if f.code == "208"]
    assert [(f.concept, f.measure, f.stage) for f in facts] == [
        ("expenditure.function", "amount", "budget"),
        ("expenditure.function", "amount", "adjusted_budget"),
        ("expenditure.function", "amount", "final"),
        ("expenditure.function", "rate", "final"),
    ]
