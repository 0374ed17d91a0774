"""Tables with a row on each line and one space between its cells, empty cells lost: how they are found and what is placed."""

from __future__ import annotations

from collections import Counter

import pytest

from budget_llm import Document
from budget_llm.plain_tables import find_grids
from tests.conftest import ROOT
from tests.text_tables import lines, read, spaced, table_facts

HEAD = "科目编码 科目名称 合计 基本支出 项目支出"


def amounts(*rows: str) -> list[tuple[str, str, str]]:
    """Return 合计, 基本支出 and 项目支出 of each row of the table below HEAD, "" for none."""
    return [(row.get("合计", ""), row.get("基本支出", ""), row.get("项目支出", "")) for row in read(HEAD, *rows)]


def test_a_full_row_falls_into_place() -> None:
    """As many numbers as columns: each stands in its own, behind the code and the name."""
    assert read(HEAD, "合计 9.00 6.00 3.00", "201 公共服务支出 9.00 6.00 3.00")[1] == {
        "科目编码": "201",
        "科目名称": "公共服务支出",
        "合计": "9.00",
        "基本支出": "6.00",
        "项目支出": "3.00",
    }


def test_cells_stand_at_their_offsets() -> None:
    """Every cell is the text at its place, and no two share one."""
    text = lines(HEAD, "合计 9.00 6.00 3.00", "201 公共 服务支出 9.00 9.00 -")
    (grid,) = find_grids(text)
    assert all(text[cell.start : cell.end] == cell.text for cell in grid.cells)
    assert len({cell.start for cell in grid.cells}) == len(grid.cells)
    assert text[grid.start : grid.end].startswith(HEAD)


def test_one_ideographic_space_parts_cells_as_well() -> None:
    """The white space of Chinese text is as good as another one."""
    rows = (HEAD, "合计 9.00 6.00 3.00", "201 公共服务支出 9.00 6.00 3.00")
    assert read(*(row.replace(" ", "\u3000") for row in rows)) == read(*rows)


def test_lost_cells_follow_from_the_sums() -> None:
    """6.00 6.00 may be basic or project expenditure: the total of the column tells which."""
    rows = ("合计 11.00 8.00 3.00", "201 行政运行 6.00 6.00", "202 专项业务 3.00 3.00", "203 离退休 2.00 2.00")
    assert amounts(*rows)[1:] == [("6.00", "6.00", ""), ("3.00", "", "3.00"), ("2.00", "2.00", "")]


def test_lost_cells_follow_from_the_only_item_of_a_class() -> None:
    """类, 款 and 项 of the same amount have it in the same column."""
    rows = (
        "合计 11.00 8.00 3.00", "201 一类 8.00 8.00", "20101 一款 8.00 8.00", "2010101 甲项 8.00 8.00",
        "208 二类 3.00 3.00", "20805 二款 3.00 3.00", "2080505 乙项 3.00 3.00",
    )  # fmt: skip
    assert amounts(*rows)[1:] == [("8.00", "8.00", "")] * 3 + [("3.00", "", "3.00")] * 3


def test_what_the_sums_leave_open_is_no_cell() -> None:
    """Two rows of the same amounts could change places: only their totals are sure."""
    rows = ("合计 6.00 3.00 3.00", "201 行政运行 3.00 3.00", "202 专项业务 3.00 3.00")
    assert amounts(*rows)[1:] == [("3.00", "", ""), ("3.00", "", "")]


def test_a_wrong_number_drives_none_into_another_column() -> None:
    """The items miss their class by 0.20: that leaves their column open, it does not make them project expenditure."""
    rows = (
        "208 一类 9.00 9.00", "20805 一款 9.00 9.00", "2080501 甲项 2.00 2.00", "2080505 乙项 7.20 7.20",
        "221 二类 4.00 1.00 3.00",
    )  # fmt: skip
    open_ = [("9.00", "", ""), ("9.00", "", ""), ("2.00", "", ""), ("7.20", "", "")]
    assert amounts(*rows) == [*open_, ("4.00", "1.00", "3.00")]


def test_a_column_that_is_rarely_filled_is_taken_where_the_total_needs_it() -> None:
    """The total has an amount behind basic and project expenditure, so a row may have one there as well."""
    rows = read(
        "科目编码 科目名称 合计 基本支出 项目支出 经营支出",
        "合计 12.00 6.00 5.00 1.00", "201 一项 6.00 6.00", "202 二项 6.00 5.00 1.00",
    )  # fmt: skip
    assert rows[2]["项目支出"] == "5.00"
    assert rows[2]["经营支出"] == "1.00"


def test_codes_in_three_columns_stand_in_them() -> None:
    """类, 款 and 项 stand under one header, each in a column of its own."""
    rows = read(
        "科目编码 科目名称 合计 基本支出 项目支出", "类 款 项",
        "201 公共服务支出 9.00 6.00 3.00", "201 03 政府办公 9.00 6.00 3.00", "201 03 01 行政运行 6.00 6.00 0.00",
        "合计 9.00 6.00 3.00",
    )  # fmt: skip
    assert [(r.get("科目编码/类"), r.get("科目编码/款"), r.get("科目编码/项")) for r in rows[:3]] == [
        ("201", None, None), ("201", "03", None), ("201", "03", "01"),
    ]  # fmt: skip
    assert rows[2]["基本支出"] == "6.00"


@pytest.mark.parametrize(
    "rows",
    [
        ("2089999 其他社会保障和 就业支出 3.00 1.00 2.00",),
        ("2089999 其他社会保障和 3.00 1.00 2.00", "就业支出"),
        ("其他社会保障和", "2089999 3.00 1.00 2.00", "就业支出"),
    ],
    ids=["a space in it", "goes on below", "begins above"],
)
def test_a_name_may_hold_a_space_or_be_wrapped(rows: tuple[str, ...]) -> None:
    """The code and the amounts tell the row; what else stands there is its name."""
    found = read(HEAD, "合计 9.00 7.00 2.00", "201 一类 6.00 6.00 0.00", *rows, "221 住房保障支出 0.00 0.00 0.00")
    assert (found[2]["科目编码"], found[2]["科目名称"], found[2]["基本支出"]) == (
        "2089999",
        "其他社会保障和就业支出",
        "1.00",
    )


def test_a_total_may_stand_in_the_column_of_codes_too() -> None:
    """合计 below the codes and below the names is one label, not a name of two words."""
    (row, _) = read(HEAD, "合计 合计 9.00 6.00 3.00", "201 一类 9.00 6.00 3.00")
    assert (row["科目编码"], row["科目名称"]) == ("合计", "合计")


def test_the_number_of_a_table_beside_its_body_is_not_its_title() -> None:
    """The title stands above the line with the name of the body, the number of the table and the unit."""
    text = (
        "一般公共预算支出表\n某县档案馆 预算公开05表 单位：万元\n"
        + HEAD
        + "\n合计 9.00 6.00 3.00\n201 一类 9.00 6.00 3.00\n"
    )
    (table,) = Document.from_text(text).tables
    assert (table.title, table.unit) == ("一般公共预算支出表", "万元")


def test_a_header_that_names_two_columns_alike_is_refused() -> None:
    """Above it stands a row that no lexicon knows: 上年 and 本年 are not told apart without it."""
    rows = ("科目名称 合计 基本支出 合计 基本支出", "公共服务支出 9.00 6.00 8.00 5.00", "合计 9.00 6.00 8.00 5.00")
    assert find_grids(lines("上年 本年", *rows)) == ()
    assert find_grids(lines(*rows)) == ()


def test_a_column_of_remarks_holds_no_amount() -> None:
    """Three numbers fill the three columns of amounts, though a fourth column stands behind them."""
    rows = read("项目名称 合计 财政拨款 其他资金 备注", "甲项目 5.00 3.00 2.00", "乙项目 4.00 4.00 0.00")
    assert rows[0] == {"项目名称": "甲项目", "合计": "5.00", "财政拨款": "3.00", "其他资金": "2.00"}


def test_a_header_goes_on_behind_a_page_break() -> None:
    """Neither the number of the page nor the header again is a row."""
    rows = ("合计 9.00 6.00 3.00", "201 一类 6.00 6.00 0.00", "- 3 -", HEAD, "208 二类 3.00 0.00 3.00")
    assert amounts(*rows) == [("9.00", "6.00", "3.00"), ("6.00", "6.00", "0.00"), ("3.00", "0.00", "3.00")]


def test_the_halves_of_a_statement_are_told_apart() -> None:
    """A line with one label is of the side that its words, its amounts or its ordinals allow."""
    rows = read(
        "收入 支出", "项目 预算数 项目 合计 一般公共预算 政府性基金预算",
        "一、本年收入 9.00 一、教育支出 5.00 5.00", "（一）一般公共预算拨款 7.00 二、卫生健康支出 2.00 2.00",
        "（二）政府性基金预算拨款 2.00", "三、城乡社区支出 2.00 0.00 2.00", "收入总计 9.00 支出总计 9.00 7.00 2.00",
    )  # fmt: skip
    assert (rows[0]["收入/预算数"], rows[0]["支出/项目"], rows[0]["支出/合计"]) == ("9.00", "一、教育支出", "5.00")
    assert rows[2] == {"收入/项目": "（二）政府性基金预算拨款", "收入/预算数": "2.00"}
    assert rows[3]["支出/政府性基金预算"] == "2.00"
    assert rows[4]["支出/一般公共预算"] == "7.00"


def test_the_numbers_of_rows_are_no_amounts() -> None:
    """行次 stands before the amount, and alone where a side has nothing."""
    rows = read(
        "收入 支出", "项目 行次 金额 项目 行次 金额", "栏次 1 栏次 2",
        "一、财政拨款收入 1 7.00 一、教育支出 11 6.00", "二、事业收入 2 二、卫生健康支出 12 3.00",
        "三、其他收入 3 2.00 13", "4 三、住房保障支出 14 1.00", "总计 5 9.00 总计 15 10.00",
    )  # fmt: skip
    assert [(row.get("收入/金额"), row.get("支出/金额")) for row in rows] == [
        ("7.00", "6.00"), (None, "3.00"), ("2.00", None), (None, "1.00"), ("9.00", "10.00"),
    ]  # fmt: skip


def test_blocks_side_by_side_keep_what_stands_above_them() -> None:
    """The codes tell whether a line with one item is of the personnel or of the public expenditure."""
    rows = read(
        "人员经费 公用经费", "科目编码 科目名称 决算数 科目编码 科目名称 决算数",
        "301 工资福利支出 8.00 302 商品和服务支出 3.00", "30101 基本工资 8.00 30201 办公费 1.00",
        "30299 其他商品和服务支出 2.00", "303 对个人和家庭的补助 0.50", "人员经费合计 8.50 公用经费合计 3.00",
    )  # fmt: skip
    assert [(row.get("人员经费/决算数"), row.get("公用经费/决算数")) for row in rows] == [
        ("8.00", "3.00"), ("8.00", "1.00"), (None, "2.00"), ("0.50", None), ("8.50", "3.00"),
    ]  # fmt: skip


def test_a_subtotal_among_its_parts_is_their_sum() -> None:
    """公务用车…小计 stands in the same row of the header as its parts: the total counts it, not them."""
    items = "合计 因公出国（境）费 公务用车购置及运行维护费小计 公务用车购置费 公务用车运行维护费 公务接待费"
    (row,) = read("预算数 决算数", f"{items} {items}", "9.00 1.00 6.00 2.00 4.00 2.00 8.00 1.50 5.00 1.00 4.00 1.50")
    assert row["预算数/公务用车购置费"] == "2.00"
    assert row["决算数/公务接待费"] == "1.50"
    assert len(row) == 12


def test_a_header_that_may_be_read_in_two_ways_places_only_what_both_do() -> None:
    """Which of the two funds the second row stands under is not told: its columns have two names."""
    rows = read(
        "单位名称 合计 财政资金 单位资金", "财政拨款 事业收入 其他收入",
        "合计 9.00 4.00 3.00 1.50 0.50", "某县档案馆 9.00 4.00 3.00 1.50 0.50",
    )  # fmt: skip
    assert [row["合计"] for row in rows] == ["9.00", "9.00"]
    assert not any("4.00" in row.values() for row in rows)


@pytest.mark.parametrize(
    "rows",
    [
        ("2024年收入 100.00 万元，支出 100.00 万元，", "比上年增加 3.00 万元，增长 3.00", "其中基本支出 60.00 万元。"),
        ("部门收支总表 3", "部门收入总表 5", "部门支出总表 7"),
        ("目录 页码", "部门收支总表 3", "部门收入总表 5", "部门支出总表 7"),
        ("1. 购置办公设备 5 台", "2. 维修办公用房 2 处", "3. 培训 120"),
        ("一级指标 二级指标 三级指标 指标值", "产出指标 数量指标 培训人数 120", "产出指标 质量指标 合格率 95%"),
        ("单位名称 地址 电话", "某县档案馆 人民路 12 号 0231234567", "某县图书馆 文化路 8 号 0237654321"),
        ("联系人：某人 电话：0231234567", "邮编：400000 传真：0237654321"),
        ("201 一类 6.00 6.00", "202 二类 3.00 3.00", "203 三类 2.00 2.00"),
        ("项目 金额", "办公费 3.00"),
    ],
    ids=["prose", "contents", "contents with a header", "list", "indicators", "addresses", "labels", "no header",
         "one number"],
)  # fmt: skip
def test_what_is_no_table_of_single_spaced_rows(rows: tuple[str, ...]) -> None:
    """Without a header of known words and rows of amounts below it nothing is placed."""
    assert find_grids(lines(*rows)) == ()


@pytest.mark.parametrize("separator", [" ", "\u3000"], ids=["space", "ideographic space"])
@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("final-accounts-nine-tables", 0.95),
        ("final-accounts-township", 0.93),
        ("budget-three-code-columns", 0.93),
        ("budget-shandong", 0.79),
    ],
)
def test_tables_in_spaced_rows_are_read_as_in_their_own_form(name: str, share: float, separator: str) -> None:
    """Most facts of a layout's tables are found in single-spaced rows, and none is read otherwise."""
    text = (ROOT / "tests" / "layouts" / f"{name}.txt").read_text("utf-8")
    expected, found = table_facts(text), table_facts(spaced(text, separator))
    assert found - expected == Counter()
    assert (expected & found).total() >= share * expected.total()
