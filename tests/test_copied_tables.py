"""Tables copied out of a PDF line by line: headers whose lines run through each other, names around their amounts.

A printed cell is wrapped to its column and stands in the middle of what it covers. A copy of the page gives its lines
back one by one, so that the pieces of a header or a name are parted by those of its neighbours.
"""

from __future__ import annotations

from collections import Counter

import pytest

from budget_llm import Document, extract
from budget_llm.plain_tables import find_grids
from tests.conftest import ROOT
from tests.text_tables import Rows, lines, printed, read, table_facts

LAYOUTS = ROOT / "tests" / "layouts"


def amounts(rows: Rows, *columns: str) -> list[tuple[str, ...]]:
    """Return the amounts of some columns row by row, "" for none."""
    return [tuple(row.get(column, "") for column in columns) for row in rows]


# Headers


def test_a_name_broken_over_lines_is_one_name() -> None:
    """对附属单位 | 补助支出 is one, over the line that stands between its halves."""
    rows = read(
        "项目 对附属单位", "本年支出合计 基本支出 项目支出 上缴上级支出 经营支出", "功能分类 补助支出", "科目名称", "科目编码",
        "合计 10.00 6.00 3.00 0.00 0.00 1.00", "201 一般公共服务支出 9.00 6.00 3.00", "20126 档案事务 1.00 0.00 0.00 0.00 0.00 1.00",
    )  # fmt: skip
    assert rows[1] == {
        "科目编码": "201",
        "科目名称": "一般公共服务支出",
        "本年支出合计": "9.00",
        "基本支出": "6.00",
        "项目支出": "3.00",
    }
    assert (rows[2]["科目编码"], rows[2]["对附属单位补助支出"]) == ("20126", "1.00")


def test_a_header_that_covers_others_stands_highest() -> None:
    """基本支出 stands above 合计 and 项目支出, which cover both rows, and these above what is below it."""
    rows = read(
        "功能分类科目 基本支出", "合计 项目支出", "科目编码 科目名称 小计 人员经费 公用经费",
        "合计 9.00 6.00 5.00 1.00 3.00", "201 一般公共服务支出 9.00 6.00 5.00 1.00 3.00",
    )  # fmt: skip
    assert (
        amounts(rows, "合计", "基本支出/小计", "基本支出/人员经费", "基本支出/公用经费", "项目支出")
        == [("9.00", "6.00", "5.00", "1.00", "3.00")] * 2
    )


def test_a_lone_sum_ends_the_name_above_it() -> None:
    """本年收入 | 合计 around a line is one column; 本年支出 above 合计, 基本支出 and 项目支出 is no column of its own."""
    rows = read(
        "本年收入 财政拨款", "科目编码 科目名称 事业收入 其他收入", "合计 收入",
        "合计 9.00 6.00 2.00 1.00", "201 一般公共服务支出 9.00 6.00 2.00 1.00",
    )  # fmt: skip
    assert (
        amounts(rows, "本年收入合计", "财政拨款收入", "事业收入", "其他收入") == [("9.00", "6.00", "2.00", "1.00")] * 2
    )
    rows = read(
        "本年支出", "科目编码 科目名称", "合计 基本支出 项目支出",
        "合计 9.00 6.00 3.00", "201 一般公共服务支出 9.00 6.00 3.00",
    )  # fmt: skip
    assert amounts(rows, "本年支出/合计", "本年支出/基本支出", "本年支出/项目支出") == [("9.00", "6.00", "3.00")] * 2


def test_blocks_of_the_same_columns_stand_under_two_headers() -> None:
    """Each block is read by itself, 公务用车 | 运行维护 | 费 and 公务用车 | 购置费 by their even distances."""
    block = (
        "公务用车购置及运行维护费", "因公出国 公务用车 公务接待", "合计 公务用车", "（境）费 小计 运行维护 费", "购置费", "费",
    )  # fmt: skip
    (row,) = read(
        "预算数 决算数",
        *(f"{line} {line}" for line in block),
        "9.00 1.00 6.00 2.00 4.00 2.00 8.00 1.50 5.00 1.00 4.00 1.50",
    )
    vehicles = "公务用车购置及运行维护费"
    assert (row[f"预算数/{vehicles}/公务用车购置费"], row[f"预算数/{vehicles}/公务用车运行维护费"]) == ("2.00", "4.00")
    assert (row["决算数/因公出国（境）费"], row["决算数/公务接待费"]) == ("1.50", "1.50")
    assert len(row) == 12


def test_stages_below_every_column_are_told_by_sums() -> None:
    """Two empty columns of 因公出国 are lost: that the parts are the total in each stage tells which."""
    *_, row = read(
        "财政拨款“三公”经费", "公务用车购置及运行维护费", "因公出国", "合计 公务用车 公务用车 公务接待费", "（境）费 小计",
        "购置费 运行维护费", "预算数 决算数 预算数 决算数 预算数 决算数 预算数 决算数 预算数 决算数 预算数 决算数",
        "9.50 8.20 9.00 8.00 3.00 2.50 6.00 5.50 0.50 0.20",
    )  # fmt: skip
    own = {"/".join(path.split("/")[-2:]): text for path, text in row.items()}
    assert (own["合计/预算数"], own["合计/决算数"]) == ("9.50", "8.20")
    assert (own["公务用车购置费/预算数"], own["公务用车运行维护费/决算数"]) == ("3.00", "5.50")
    assert (own["公务接待费/预算数"], own["公务接待费/决算数"]) == ("0.50", "0.20")
    assert not any("因公出国" in path for path in own)


def test_the_total_may_stand_among_the_lowest_headers() -> None:
    """The lowest row of a header is printed as low as the first row of the table: 合计 12.00 | 合计 基本支出 项目支出."""
    rows = read(
        "项目", "年初结转和 年末结转和", "本年收入 本年支出", "功能分类", "结余 结余", "科目名称", "科目编码",
        "合计 2.00 10.00 合计 基本支出 项目支出 1.00",
        "212 城乡社区支出 2.00 10.00 11.00 4.00 7.00 1.00", "21208 土地出让支出 2.00 10.00 11.00 4.00 7.00 1.00",
    )  # fmt: skip
    paths = ("年初结转和结余", "本年收入", "本年支出/合计", "本年支出/基本支出", "本年支出/项目支出", "年末结转和结余")
    assert amounts(rows, *paths)[1:] == [("2.00", "10.00", "11.00", "4.00", "7.00", "1.00")] * 2
    assert rows[0]["科目名称"] == "合计"


def test_what_came_in_is_what_was_spent_and_is_left() -> None:
    """Three amounts of 6.00: one came in or was there, one was spent in all; on staff or on projects stays open, nothing is left."""
    rows = read(
        "项目", "年初结转和 年末结转和", "本年收入 本年支出", "功能分类", "结余 结余", "科目名称", "科目编码",
        "合计 6.00 合计 基本支出 项目支出",
        "229 其他支出 6.00 6.00 6.00", "22908 彩票支出 6.00 6.00 6.00", "2290804 福利彩票支出 6.00 6.00 6.00",
    )  # fmt: skip
    assert [row.get("本年支出/合计") for row in rows if "科目编码" in row] == ["6.00"] * 3
    assert not any(row.get("年末结转和结余") for row in rows)


def test_an_order_that_lines_and_forms_leave_open_places_nothing() -> None:
    """上年结转 stands in no line with the funds: behind or before them, nobody can tell."""
    rows = read(
        "一般公共 政府性基", "项目名称 合计 上年结转 其他资金", "预算 金预算",
        "合计 9.00 4.00 3.00 1.50 0.50", "甲项目 5.00 2.00 2.00 0.50 0.50", "乙项目 4.00 2.00 1.00 1.00 0.00",
    )  # fmt: skip
    assert amounts(rows, "合计") == [("9.00",), ("5.00",), ("4.00",)]
    assert not any("4.00" in row.values() and row["合计"] == "9.00" for row in rows)


def test_own_income_stands_as_the_final_accounts_have_it() -> None:
    """附属单位上缴收入 is wrapped and in no line with the others; the form has it behind 经营收入."""
    rows = read(
        "项目", "附属单位", "本年收入合计 财政拨款收入 上级补助收入 事业收入 经营收入 其他收入", "功能分类", "上缴收入", "科目名称", "科目编码",
        "合计 9.00 5.00 1.00 1.00 0.50 0.30 1.20", "201 一般公共服务支出 9.00 5.00 1.00 1.00 0.50 0.30 1.20",
    )  # fmt: skip
    assert (
        amounts(rows, "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
        == [("1.00", "1.00", "0.50", "0.30", "1.20")] * 2
    )


@pytest.mark.parametrize(
    "header",
    [
        ("日常公用支", "科目编码 科目名称 合计 人员支出 项目支出"),
        ("科目编码 科目名称 合计 基本支出 项目支出", "补足部分"),
    ],
    ids=["a name without its end", "a piece that is of no name"],
)
def test_a_header_with_a_piece_left_over_is_refused(header: tuple[str, ...]) -> None:
    """A piece that no name takes up may be a column: nothing is placed under the others."""
    rows = ("合计 12.00 6.00 3.00 3.00", "201 一般公共服务支出 9.00 6.00 3.00", "208 社会保障支出 3.00 3.00")
    assert find_grids(lines(*header, *rows)) == ()


def test_a_header_without_amounts_is_no_table() -> None:
    """Columns of labels only hold no amounts, whatever stands below them."""
    assert find_grids(lines("序号 单位名称 备注", "1 某县档案馆", "2 某县图书馆 12")) == ()


# Rows

HEAD = ("项目 本年支出", "科目编码 科目名称 合计 基本支出 项目支出")
PATHS = ("本年支出/合计", "本年支出/基本支出", "本年支出/项目支出")


def names(*rows: str) -> list[tuple[str, str, str]]:
    """Return code, name and total of the rows below HEAD."""
    return [(row.get("科目编码", row.get("项目/科目编码", "")), row.get("科目名称", row.get("项目/科目名称", "")), row["本年支出/合计"])
            for row in read(*HEAD, *rows)]  # fmt: skip


def test_a_name_stands_around_the_middle_of_its_row() -> None:
    """As many lines of it stand below its amounts as above them, so that it never takes the next one's first line."""
    rows = (
        "合计 9.00 6.00 3.00", "机关事业单位基本养", "2080505 4.00 4.00 0.00", "老保险缴费支出", "机关事业单位职业年",
        "2080506 2.00 2.00 0.00", "金缴费支出", "2089999 其他支出 3.00 0.00 3.00",
    )  # fmt: skip
    assert names(*rows)[1:] == [
        ("2080505", "机关事业单位基本养老保险缴费支出", "4.00"),
        ("2080506", "机关事业单位职业年金缴费支出", "2.00"),
        ("2089999", "其他支出", "3.00"),
    ]


def test_codes_in_parts_are_whole_under_one_header() -> None:
    """类, 款 and 项 under a header of one column are one code."""
    rows = (
        "合计 9.00 6.00 3.00",
        "201 一类 9.00 6.00 3.00",
        "201 26 一款 9.00 6.00 3.00",
        "201 26 01 一项 9.00 6.00 3.00",
    )
    assert [code for code, _, _ in names(*rows)] == ["", "201", "20126", "2012601"]


def test_rows_go_on_over_a_page_without_a_header() -> None:
    """The number of the page stands between the rows, and nothing else."""
    rows = (
        "合计 9.00 6.00 3.00",
        "201 一类 6.00 6.00 0.00",
        "- 3 -\n\f208 二类 3.00 0.00 3.00",
        "20801 一款 3.00 0.00 3.00",
    )
    assert [total for _, _, total in names(*rows)] == ["9.00", "6.00", "3.00", "3.00"]


def test_a_column_that_is_empty_in_the_total_is_empty_in_every_row() -> None:
    """The total has no 经营支出: 1.00 and 1.00 are the whole and its project expenditure, not 经营支出."""
    rows = read(
        "项目 本年支出", "科目编码 科目名称 合计 基本支出 项目支出 经营支出",
        "合计 9.00 6.00 3.00", "201 一类 8.00 6.00 2.00", "208 二类 1.00 1.00",
    )  # fmt: skip
    assert amounts(rows, *PATHS)[2] == ("1.00", "", "1.00")


def test_parts_may_miss_their_sum_by_rounding() -> None:
    """2.00 + 1.00 for 3.01 is half a unit in the last digit for each: still the only way to read the row."""
    rows = read(*HEAD, "合计 9.01 8.00 1.00", "201 一类 6.00 6.00", "208 二类 3.01 2.00 1.00")
    assert amounts(rows, *PATHS) == [("9.01", "8.00", "1.00"), ("6.00", "6.00", ""), ("3.01", "2.00", "1.00")]


# Statements of two sides

STATEMENT = ("收入 支出", "项目 决算数 项目 决算数")


def sides(*rows: str, header: tuple[str, ...] = STATEMENT) -> list[tuple[str, str, str, str]]:
    """Return label and amount of both sides of each row of a statement."""
    return [
        (row.get("收入/项目", ""), row.get("收入/决算数", ""), row.get("支出/项目", ""), row.get("支出/决算数", ""))
        for row in read(*header, *rows)
    ]


def test_labels_are_broken_around_the_amounts_of_both_sides() -> None:
    """Two labels above, two amounts, the ends of both labels below."""
    found = sides(
        "一、一般公共预算财政 八、社会保障和就业支", "9.00 4.00", "拨款收入 出", "二、事业收入 3.00 九、卫生健康支出 8.00",
        "总计 12.00 总计 12.00",
    )  # fmt: skip
    assert found[0] == ("一、一般公共预算财政拨款收入", "9.00", "八、社会保障和就业支出", "4.00")


def test_a_label_is_broken_around_the_line_of_the_other_side() -> None:
    """The expenditure's label is above and below, the income's label and both amounts between them."""
    found = sides(
        "八、社会保障和就业支",
        "一、事业收入 9.00 4.00",
        "出",
        "二、其他收入 3.00 九、卫生健康支出 8.00",
        "总计 12.00 总计 12.00",
    )
    assert found[0] == ("一、事业收入", "9.00", "八、社会保障和就业支出", "4.00")


def test_an_amount_that_may_be_of_either_side_is_of_none() -> None:
    """One amount beside the income, the label of the expenditure around it: whose it is, only the text could tell."""
    rows = (
        "八、社会保障和就业",
        "一、事业收入 9.00",
        "支出",
        "二、其他收入 3.00 九、卫生健康支出 3.00",
        "总计 12.00 总计 12.00",
    )
    assert sides(*rows)[0] == ("二、其他收入", "3.00", "九、卫生健康支出", "3.00")
    assert sides(*rows, "2024年社会保障和就业支出9.00万元。")[0] == (
        "一、事业收入",
        "",
        "八、社会保障和就业支出",
        "9.00",
    )


def test_the_numbers_of_rows_part_the_sides() -> None:
    """行次 tells which amounts are of which side, where a label is broken around them or has none."""
    header = ("收入 支出", "项目 行次 决算数 项目 行次 决算数", "栏次 1 栏次 2")
    found = sides(
        "一、一般公共预算财政 一、一般公共服务支", "1 9.00 32", "拨款收入 出", "二、事业收入 2 3.00 二、外交支出 33",
        "八、社会保障和就业支", "3 34 12.00", "出", "总计 4 12.00 总计 35 12.00", header=header,
    )  # fmt: skip
    assert found[0] == ("一、一般公共预算财政拨款收入", "9.00", "一、一般公共服务支出", "")
    assert ("", "", "八、社会保障和就业支出", "12.00") in found


def test_no_fragment_of_a_label_is_a_row() -> None:
    """预算财政拨款 is what is left of 一、一般公共预算财政拨款收入, not the money that its words name."""
    text = lines(*STATEMENT, "一、一般公共 八、社会保障", "预算财政拨款 9.00", "收入 支出", "二、事业收入 3.00 九、卫生健康支出 3.00",
                 "总计 12.00 总计 12.00")  # fmt: skip
    labels = {fact.label for fact in extract(Document.from_text(text)).facts}
    assert not labels & {"预算财政拨款", "收入"}


def test_no_sum_is_asserted_over_rows_with_a_number_that_has_no_cell() -> None:
    """9.00 may be of either side: that the expenditures then miss their total is no error of the document."""
    text = lines(*STATEMENT, "八、社会保障和就业", "一、事业收入 9.00", "支出", "二、其他收入 3.00 九、卫生健康支出 3.00",
                 "总计 12.00 总计 12.00")  # fmt: skip
    disclosure = extract(Document.from_text(text))
    assert "9.00" in [unread.text for unread in disclosure.coverage.unread]
    assert not disclosure.findings


# Whole disclosures, printed


@pytest.mark.parametrize("width", [9, 12])
@pytest.mark.parametrize("name", sorted(path.stem for path in LAYOUTS.glob("*.txt")))
def test_nothing_in_a_printed_table_is_read_otherwise(name: str, width: int) -> None:
    """Whatever is read in a table with wrapped and centred cells is what its own form says."""
    text = (LAYOUTS / f"{name}.txt").read_text("utf-8")
    assert table_facts(printed(text, label_width=width)) - table_facts(text) == Counter()


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("budget-anhui-style", 0.82), ("budget-copied-pages", 0.98), ("budget-three-code-columns", 0.97), ("budget-school-yuan", 0.82),
        ("final-accounts-boxes", 0.83), ("final-accounts-cell-lines", 0.89), ("final-accounts-copied-numbered", 0.96),
        ("final-accounts-lines", 0.96), ("final-accounts-nine-tables", 0.96), ("final-accounts-township", 0.96), ("final-accounts-web-page", 0.98),
    ],
)  # fmt: skip
def test_most_of_a_printed_table_is_read(name: str, share: float) -> None:
    """The columns of the forms are told though every header and name is wrapped."""
    text = (LAYOUTS / f"{name}.txt").read_text("utf-8")
    expected = table_facts(text)
    assert (expected & table_facts(printed(text))).total() >= share * expected.total()


def test_rows_left_unread_on_the_next_page_leave_a_total_open() -> None:
    """The list of 本年支出 goes on below a header that is not understood, behind what is read of the table."""
    text = lines(
        "收入 支出", "项目 预算数 项目 合计 一般公共预算 政府性基金预算", "一、本年收入 2607.00 一、本年支出 2667.00 2268.00 399.00",
        "（一）一般公共预算拨款 2233.00 （一）社会保障和就业支出 475.00 136.00 339.00", "（二）政府性基金预算拨款 374.00 （二）卫生健康支出 42.00 42.00",
        "- 3 -", "收入 支出", "一般公共预 政府性基金", "项目 预算数 项目 合计", "算 乙",
        "（三）国有资本经营", "（三）城乡社区支出 60.00 60.00", "预算拨款", "二、上年结转 60.00 （四）农林水支出 2090.00 2090.00",
        "收入总计 2667.00 支出总计 2667.00 2268.00 399.00",
    )  # fmt: skip
    disclosure = extract(Document.from_text(text))
    assert "2667.00" in [unread.text for unread in disclosure.coverage.unread]
    assert not disclosure.findings
