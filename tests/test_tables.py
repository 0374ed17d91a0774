"""Grids to tables: what is a title, a unit, a header, a row number; which header heads a column; what goes on."""

from __future__ import annotations

import pytest

from budget_llm.document import Document
from budget_llm.formats.draft import Draft, Slot
from budget_llm.tables import Table, outside


def tables(text: str) -> tuple[Table, ...]:
    """Return the tables of a text, cells parted by tabs."""
    return Document.from_text(text).tables


ABOVE = [
    ("表二\n\n某局2024年支出预算表\n\n单位：万元\n\n", "某局2024年支出预算表", "万元"),
    ("某局2024年支出预算表\n编制部门：某局 单位:元\n", "某局2024年支出预算表", "元"),
    ("表1：支出情况（单位：千元）\n", "表1：支出情况", "千元"),
    ("附表3 一般公共预算支出决算表（续）\n金额单位：人民币百万元\n", "附表3 一般公共预算支出决算表（续）", "百万元"),
    ("支出預算表\n單位：萬元\n", "支出預算表", "萬元"),
    ("本年支出如下。\n", None, None),
    ("以下各表金额单位均为元。\n一、支出预算表\n", "一、支出预算表", "元"),
    ("", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("above", "title", "unit"), ABOVE)
def test_title_and_unit_stand_above(above: str, title: str | None, unit: str | None) -> None:
    """The nearest line that ends as titles do, and the unit line, or what the text states for its tables."""
    (table,) = tables(above + "科目编码\t科目名称\t合计\n201\t一般公共服务支出\t3.00\n20101\t人大事务\t3.00\n")
    assert (table.title, table.unit) == (title, unit)


def test_a_unit_inside_the_table_counts() -> None:
    """As a row of its own, or in a header cell."""
    row = table_of("部门：某局\t\t单位：万元\n科目\t合计\t基本支出\n教育支出\t3.00\t1.00\n")
    assert (row.unit, [c.kind for c in row.row(0)]) == ("万元", ["note", "note"])
    cell = table_of("科目\t预算数（元）\t占比\n教育支出\t300\t50%\n科学技术支出\t300\t50%\n")
    assert cell.unit == "元"


HEADERS = [
    (
        "two rows, groups spread to the right",
        "功能分类科目\t\t2024年预算数\t\t\n科目编码\t科目名称\t总 计\t基本支出\t项目支出\n201\t甲\t3\t1\t2\n",
        (("功能分类科目", "科目编码"), ("功能分类科目", "科目名称"), ("2024年预算数", "总计"), ("2024年预算数", "基本支出"), ("2024年预算数", "项目支出")),
    ),
    (
        "a column without a second row keeps its own head",
        "合 计\t因公出国（境）费\t公务用车购置及运行费\t\t\t公务接待费\n\t\t小 计\t购置费\t运行费\t\n6.00\t1.00\t3.00\t1.00\t2.00\t2.00\n",
        (("合计",), ("因公出国（境）费",), ("公务用车购置及运行费", "小计"), ("公务用车购置及运行费", "购置费"), ("公务用车购置及运行费", "运行费"), ("公务接待费",)),
    ),
    (
        "the halves of a statement",
        "收入\t\t支出\t\n项目\t预算数\t项目\t预算数\n一、本年收入\t5.00\t一、本年支出\t5.00\n",
        (("收入", "项目"), ("收入", "预算数"), ("支出", "项目"), ("支出", "预算数")),
    ),
    (
        "words that go on in the next row",
        "合计\t因公出国\t公务用车购置及运行维护费\t\t公务\n\t（境）费\t购置费\t运行费\t接待费\n6.00\t1.00\t1.00\t2.00\t2.00\n",
        (("合计",), ("因公出国（境）费",), ("公务用车购置及运行维护费", "购置费"), ("公务用车购置及运行维护费", "运行费"), ("公务接待费",)),
    ),
    (
        "a group over parts of it is no word that goes on",
        "公务用车\t\t公务接待费\n购置费\t运行费\t\n1.00\t2.00\t2.00\n",
        (("公务用车", "购置费"), ("公务用车", "运行费"), ("公务接待费",)),
    ),
    ("years as heads", "项目\t2023年\t2024年\t增减%\n甲\t1.00\t2.00\t100\n乙\t1.00\t2.00\t100\n", (("项目",), ("2023年",), ("2024年",), ("增减%",))),
    ("words that no lexicon knows", "用款去向\t本期拨付\t下期拨付\n甲\t1.00\t2.00\n乙\t1.00\t2.00\n", (("用款去向",), ("本期拨付",), ("下期拨付",))),
]  # fmt: skip


@pytest.mark.parametrize(("case", "text", "columns"), HEADERS, ids=[case for case, *_ in HEADERS])
def test_header_rows_become_paths(case: str, text: str, columns: tuple[tuple[str, ...], ...]) -> None:
    """Each column has the path of its header, outermost first; each body cell carries it."""
    (table,) = tables(text)
    assert table.columns == columns
    assert all(cell.header == columns[cell.column] for cell in table.cells if cell.kind == "body")


def table_of(text: str) -> Table:
    """Return the table whose rows are lines and whose cells are parted by tabs, as a format hands it over."""
    draft = Draft()
    draft.table(
        Slot(c, y, x) for y, row in enumerate(text.strip("\n").split("\n")) for x, c in enumerate(row.split("\t"))
    )
    return draft.document(b"", source=None, encoding="utf-8", format="docx").tables[0]


def kinds(text: str) -> list[str]:
    """Return the kind of each row of a table."""
    table = table_of(text)
    return [next((cell.kind for cell in table.row(n)), "empty") for n in range(table.height)]


ROWS = [
    ("row numbers are no amounts", "项目\t行次\t金额\n栏次\t1\t2\n甲\t1\t3.00\n乙\t2\t4.00\n", ["header", "ordinal", "body", "body"]),
    ("formulas of row numbers", "项目\t合计\t基本支出\t项目支出\n栏次\t1=2+3\t2\t3\n甲\t3.00\t1.00\t2.00\n", ["header", "ordinal", "body"]),
    ("a header repeated by a page break", "项目\t合计\t备注\n甲\t3.00\t\n项 目\t合计\t备注\n乙\t4.00\t\n", ["header", "body", "header", "body"]),
    ("an empty form", "科目编码\t科目名称\t总计\t基本支出\n\t合 计\t\t\n", ["header", "body"]),
    ("class rows without amounts", "项目\t预算数\t项目\t预算数\n一、本年收入\t\t一、本年支出\t\n甲\t1.00\t乙\t1.00\n", ["header", "body", "body"]),
    ("a remark at the foot", "项目\t合计\t备注\n甲\t3.00\t\n注：本表不含结转。\t\t\n", ["header", "body", "note"]),
    ("a second header inside", "部门名称\t某局\t\t\t\n绩效指标\t指标名称\t指标性质\t指标值\t计量单位\n\t数量\t≥\t10\t个\n", ["field", "header", "body"]),
    ("names above an amount beside its label", "项目名称\t林道养护\t主管部门\t某局\n资金总额（万元）\t60.00\t其他资金\t5.00\n", ["field", "body"]),
    ("names above data are a header", "项目名称\t2024年安排\t主管部门\t建设内容\n林道养护\t60.00\t某局\t养护\n", ["header", "body"]),
    ("a goal and the row below it", "一级指标\t三级指标\t指标值\n产出\t里程\t3\n年度目标\t预期目标\t实际完成情况\n\t养护林道30公里。\t养护了31公里。\n", ["header", "body", "field", "field"]),
    ("a label beside headers is no goal", "绩效目标\t一级指标\t三级指标\t指标值\n\t产出\t里程\t3\n", ["header", "body"]),
]  # fmt: skip


@pytest.mark.parametrize(("case", "text", "expected"), ROWS, ids=[case for case, *_ in ROWS])
def test_rows_are_told_apart(case: str, text: str, expected: list[str]) -> None:
    """Only body rows state something."""
    assert kinds(text) == expected


FORM = "项目名称\t林道养护\t\n项目资金\t年初预算数\t全年执行数\n资金总额\t6.00\t5.00\n"
FORMS = FORM + "项目名称\t古树保护\t\n资金总额（万元）\t2.00\t\n三级指标\t指标值\t得分\n古树\t9\t5\n"


def test_what_stands_above_a_field_heads_nothing_below_it() -> None:
    """The second form of a table has the headers of its own alone."""
    table = table_of(FORMS)
    assert [cell.header for cell in table.row(2)] == [("项目资金",), ("年初预算数",), ("全年执行数",)]
    assert {cell.header for cell in (*table.row(3), *table.row(4))} == {()}
    assert [cell.header for cell in table.row(6)] == [("三级指标",), ("指标值",), ("得分",)]


HEAD, ROW = "科目编码\t科目名称\t合计\n", "201\t一般公共服务支出\t3.00\n20101\t人大事务\t3.00\n"


def test_a_table_goes_on_behind_an_empty_line() -> None:
    """With its header again or with none; both parts count as one table."""
    (table,) = tables(HEAD + ROW + "\n" + HEAD + "202\t外交支出\t1.00\n203\t国防支出\t1.00\n")
    assert (table.height, len(table.parts)) == (6, 2)
    assert table.row(5)[2].header == ("合计",)


@pytest.mark.parametrize("between", ["\n— 12 —\n", "\n12\n", "\n第3页，共9页\n", "\n（续表）\n", "\n续\n"])
def test_a_table_goes_on_behind_a_page_number(between: str) -> None:
    """And behind a word that says so; a line of words ends it."""
    rest = HEAD + "202\t外交支出\t1.00\n203\t国防支出\t1.00\n"
    assert len(tables(HEAD + ROW + between + rest)) == 1
    assert len(tables(HEAD + ROW + "\n12个单位\n" + rest)) == 2


def test_the_form_of_another_project_is_its_own() -> None:
    """Though both have one title and one width; the same form goes on behind a page break."""
    again = FORM.replace("6.00\t5.00", "2.00\t1.00")
    assert len(tables(f"自评表\n{FORM}\n自评表\n{FORM.replace('林道养护', '古树保护')}")) == 2
    assert len(tables(f"自评表\n{FORM}\n12\n{again}")) == 1


def test_the_next_table_is_its_own() -> None:
    """A title between them, another width, or another header."""
    assert len(tables(HEAD + ROW + "\n表三\n\n支出决算表\n\n" + HEAD + ROW)) == 2
    assert len(tables(HEAD + ROW + "\n科目\t合计\n甲\t1.00\n乙\t2.00\n")) == 2
    assert len(tables(HEAD + ROW + "\n单位名称\t采购方式\t数量\n甲\t公开\t1\n乙\t公开\t2\n")) == 2


def test_prose_inside_and_outside_of_tables() -> None:
    """What lies outside of spans, in order, for spans that touch, overlap the bounds or miss them."""
    assert outside([(2, 4), (4, 6), (8, 20)], 0, 10) == [(0, 2), (6, 8)]
    assert outside([(0, 3), (12, 15)], 2, 9) == [(3, 9)]
    assert outside([(0, 30)], 2, 9) == []
    assert outside([], 2, 9) == [(2, 9)]
    assert outside([], 9, 9) == []


def test_texts_shows_the_table_as_rows() -> None:
    """Empty cells are empty strings, and every cell is cut from the text."""
    document = Document.from_text(HEAD + "201\t甲\t\n20101\t乙\t3.00\n")
    (table,) = document.tables
    assert table.texts() == [["科目编码", "科目名称", "合计"], ["201", "甲", ""], ["20101", "乙", "3.00"]]
    assert all(document.text[c.start : c.end] == c.text for c in table.cells)
