"""Tables with a cell on each line and nothing to tell the rows: headers flattened, empty cells blank, dashed or left out."""

from __future__ import annotations

import pytest

from budget_llm import Document, extract

Rows = list[dict[str, str]]


def lines(*rows: str) -> str:
    """Return rows of cells parted by spaces as a text with a cell on each line; _ is an empty line."""
    return "\n".join("" if cell == "_" else cell for row in rows for cell in row.split()) + "\n"


def read(text: str) -> Rows:
    """Return the body rows of the one table of a text: the text of each cell by its header path."""
    tables = Document.from_text("某县档案馆2024年部门决算\n支出情况表\n单位：万元\n" + text + "\n说明：以上。\n").tables
    assert len(tables) == 1
    (table,) = tables
    rows: Rows = []
    for number in range(table.height):
        cells = [cell for cell in table.row(number) if cell.kind == "body"]
        if cells:
            row: dict[str, str] = {}
            for cell in cells:
                path = "/".join(cell.header)
                row[path] = row.get(path, "") + cell.text
            rows.append(row)
    return rows


TWO_ROWS = "项目 本年支出 科目编码 科目名称 小计 基本支出 项目支出"


def cells(code: str, name: str, *amounts: str) -> dict[str, str]:
    """Return what a row of the two-row header holds; an amount of "" is an empty cell."""
    heads = ("项目/科目编码", "项目/科目名称", "本年支出/小计", "本年支出/基本支出", "本年支出/项目支出")
    return {head: text for head, text in zip(heads, (code, name, *amounts), strict=True) if text}


def test_a_header_of_two_rows_is_put_together() -> None:
    """The second row stands under the cells of the first that may head it; a counting row is no body."""
    text = lines(TWO_ROWS, "栏次 1 2 3", "合计 9.00 6.00 3.00", "201 公共服务支出 9.00 6.00 3.00")
    assert read(text) == [
        cells("", "合计", "9.00", "6.00", "3.00"),
        cells("201", "公共服务支出", "9.00", "6.00", "3.00"),
    ]


@pytest.mark.parametrize("empty", ["_", "—"])
def test_empty_cells_that_are_marked_keep_their_place(empty: str) -> None:
    """An empty line or a dash is a cell without a number."""
    text = lines(TWO_ROWS, "合计 9.00 6.00 3.00", f"201 行政运行 6.00 6.00 {empty}", f"202 专项业务 3.00 {empty} 3.00")
    found = [{k: v for k, v in row.items() if v != "—"} for row in read(text)]
    assert found[1:] == [cells("201", "行政运行", "6.00", "6.00", ""), cells("202", "专项业务", "3.00", "", "3.00")]


def test_empty_cells_that_are_left_out_follow_from_the_sums() -> None:
    """6.00 6.00 may be basic or project expenditure: the total of the column tells which."""
    text = lines(
        TWO_ROWS, "合计 11.00 8.00 3.00", "201 行政运行 6.00 6.00", "202 专项业务 3.00 3.00", "203 离退休 2.00 2.00"
    )
    assert read(text) == [
        cells("", "合计", "11.00", "8.00", "3.00"),
        cells("201", "行政运行", "6.00", "6.00", ""),
        cells("202", "专项业务", "3.00", "", "3.00"),
        cells("203", "离退休", "2.00", "2.00", ""),
    ]


def test_what_the_sums_leave_open_is_no_cell() -> None:
    """Two rows of the same amounts could change places: only their totals are sure."""
    text = lines(TWO_ROWS, "合计 6.00 3.00 3.00", "201 行政运行 3.00 3.00", "202 专项业务 3.00 3.00")
    assert read(text)[1:] == [cells("201", "行政运行", "3.00", "", ""), cells("202", "专项业务", "3.00", "", "")]


@pytest.mark.parametrize(
    ("sentence", "placed"),
    [("", False), ("本年支出合计3.00万元，其中：项目支出3.00万元。", True), ("其中：项目支出13.00万元。", False)],
    ids=["nothing told", "told in the text", "told of another amount"],
)
def test_a_total_stands_where_the_text_names_it(sentence: str, placed: bool) -> None:
    """Two numbers of three columns, and no rows to add up: only a sentence that names the column beside the amount tells."""
    text = lines(TWO_ROWS, "合计 3.00 3.00", "201 公共服务支出 3.00 3.00")
    if sentence:
        text = sentence + "\n" + text
    expected = {"项目/科目名称": "合计", "本年支出/小计": "3.00"} | ({"本年支出/项目支出": "3.00"} if placed else {})
    assert read(text)[0] == expected


def test_a_class_is_the_sum_of_its_items() -> None:
    """Codes tell which rows add up to which, level by level."""
    text = lines(
        TWO_ROWS, "合计 12.00 7.00 5.00", "201 一类 9.00 4.00 5.00", "20101 一款 9.00 4.00 5.00", "2010101 甲项 4.00 4.00",
        "2010102 乙项 5.00 5.00", "208 二类 3.00 3.00", "20805 二款 3.00 3.00", "2080505 丙项 3.00 3.00",
    )  # fmt: skip
    splits = ["basic" if "本年支出/基本支出" in row else "project" for row in read(text)[3:]]
    assert splits == ["basic", "project", "basic", "basic", "basic"]


def test_a_row_that_the_document_adds_up_wrongly_is_read_where_it_is_full() -> None:
    """As many numbers as columns need no sums; the rows beside it are settled by the columns that still add up."""
    text = lines(
        TWO_ROWS,
        "合计 11.00 8.00 3.00",
        "201 行政运行 6.00 6.00",
        "202 专项业务 3.00 0.00 3.50",
        "203 离退休 2.00 2.00",
    )
    assert read(text)[2] == cells("202", "专项业务", "3.00", "0.00", "3.50")
    assert read(text)[3] == cells("203", "离退休", "2.00", "2.00", "")


def test_a_header_read_column_by_column_is_put_together() -> None:
    """Each year stands before the items under it, and those before their own parts."""
    items = "合计 因公出国（境）费 公务用车购置及运行费 小计 公务用车购置费 公务用车运行费 公务接待费"
    text = lines(
        f"2023年预算数 {items} 2024年预算数 {items}", "9.00 1.00 6.00 2.00 4.00 2.00 8.00 1.50 5.00 1.00 4.00 1.50"
    )
    (row,) = read(text)
    assert row["2023年预算数/公务用车购置及运行费/公务用车购置费"] == "2.00"
    assert row["2024年预算数/公务接待费"] == "1.50"
    assert len(row) == 12


def test_wrapped_headers_and_labels_are_joined() -> None:
    """A cell that is broken over two lines is one."""
    text = lines(
        "科目编码 科目名称 合计 基本支出 项目支出 对附属单位 补助支出",
        "201 其他资源管理与 保护支出 9.00 6.00 3.00 0.00",
    )
    assert read(text) == [
        {
            "科目编码": "201",
            "科目名称": "其他资源管理与保护支出",
            "合计": "9.00",
            "基本支出": "6.00",
            "项目支出": "3.00",
            "对附属单位补助支出": "0.00",
        }
    ]


def test_the_halves_of_a_statement_are_told_by_their_labels() -> None:
    """Income and expenditure follow each other; a label without an amount moves nothing."""
    text = lines(
        "收入 支出 项目 决算数 项目 决算数", "一、财政拨款收入 7.00 一、教育支出 8.00", "二、事业收入 二、住房保障支出 1.00",
        "三、其他收入 2.00", "本年收入合计 9.00 本年支出合计 9.00",
    )  # fmt: skip
    income = [row["收入/项目"] for row in read(text) if "收入/决算数" in row]
    spent = [row["支出/项目"] for row in read(text) if "支出/决算数" in row]
    assert income == ["一、财政拨款收入", "三、其他收入", "本年收入合计"]
    assert spent == ["一、教育支出", "二、住房保障支出", "本年支出合计"]


def test_what_no_fund_receives_is_not_spent_from_it() -> None:
    """Of two equal amounts the second is of the general budget where the other half lists no income of another fund."""
    text = lines(
        "收入 支出 项目 预算数 项目 合计 一般公共预算 政府性基金预算", "一、本年收入 9.00 一、本年支出 9.00 9.00",
        "（一）一般公共预算拨款 9.00 （一）教育支出 8.00 8.00", "（二）政府性基金预算拨款 （二）住房保障支出 1.00 1.00",
    )  # fmt: skip
    assert [row["支出/一般公共预算"] for row in read(text) if "支出/合计" in row] == ["9.00", "8.00", "1.00"]
    funded = text.replace("政府性基金预算拨款\n", "政府性基金预算拨款\n1.00\n")
    assert not any("支出/一般公共预算" in row for row in read(funded))


def test_empty_lines_between_all_cells_are_no_cells() -> None:
    """A web page is copied with an empty line behind each cell; an empty cell leaves one more pair."""
    cells_ = f"{TWO_ROWS} 合计 9.00 6.00 3.00 201 行政运行 6.00 6.00 _ 202 专项业务 3.00 _ 3.00".split()
    found = read("\n\n".join("" if cell == "_" else cell for cell in cells_) + "\n")
    assert found[1:] == [cells("201", "行政运行", "6.00", "6.00", ""), cells("202", "专项业务", "3.00", "", "3.00")]


def test_a_header_whose_sums_fail_is_no_header() -> None:
    """Numbers that fill the columns and contradict the total of each row leave the text as it is."""
    text = lines(
        "科目编码 科目名称 合计 基本支出 项目支出", "201 行政运行 1.00 6.00 2.00", "202 专项业务 5.00 3.00 3.00"
    )
    assert Document.from_text("某县档案馆2024年部门决算\n以下所列供参考。\n" + text).tables == ()


def test_row_numbers_are_no_amounts() -> None:
    """行次 is a column of its own."""
    text = lines(
        "收入 支出 项目 行次 金额 项目 行次 金额",
        "一、财政拨款收入 1 7.00 一、教育支出 4 7.00",
        "二、事业收入 2 二、其他支出 5",
        "合计 3 7.00 合计 6 7.00",
    )
    assert [row["支出/行次"] for row in read(text) if "支出/项目" in row] == ["4", "5", "6"]
    assert [row["收入/金额"] for row in read(text) if "收入/金额" in row] == ["7.00", "7.00"]


def test_a_header_that_a_page_repeats_opens_no_table() -> None:
    """Rows go on behind the page number, title, unit and header."""
    head = "科目编码 科目名称 合计 基本支出 项目支出"
    text = (
        lines(head, "201 行政运行 6.00 6.00 0.00", "— 3 —".replace(" ", ""))
        + "支出情况表（续）\n单位：万元\n"
        + lines(head, "202 专项业务 3.00 0.00 3.00")
    )
    assert [row["科目名称"] for row in read(text)] == ["行政运行", "专项业务"]


INDICATORS = "绩效指标 一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因"


def test_the_rows_of_an_indicator_table_are_told_by_their_numbers() -> None:
    """Upper levels stand once, a reason behind its own row, the sums in the last one; a page repeats the header."""
    text = lines(
        INDICATORS, "产出指标 数量指标 巡查次数 ≥12次 12次 10 10 普查面积 ≥30亩 28亩 10 9.3 雨季停工 质量指标 合格率 =100% 100% 5 5",
        "—4—", INDICATORS.removeprefix("绩效指标 "), "满意度指标 服务对象满意度指标 群众满意度 ≥90% 93% 5 5 总分 100 99.3",
    )  # fmt: skip
    rows = read(text)
    assert [row.get("三级指标", "") for row in rows] == ["巡查次数", "普查面积", "合格率", "群众满意度", ""]
    assert [row.get("实际完成值") for row in rows] == ["12次", "28亩", "100%", "93%", None]
    assert [row.get("二级指标") for row in rows] == ["数量指标", None, "质量指标", "服务对象满意度指标", None]
    assert [row["得分"] for row in rows] == ["10", "9.3", "5", "5", "99.3"]
    assert rows[1]["偏差原因"] == "雨季停工"


def test_what_is_told_in_words_has_no_unit() -> None:
    """The unit of a qualitative target is left out."""
    text = lines(
        "一级指标 二级指标 三级指标 指标性质 指标值 度量单位 权重",
        "产出指标 数量指标 巡查次数 ≥ 12 次 10 质量指标 管护水平 定性 提高 5",
        "时效指标 完成率 = 100 % 5",
    )
    assert [(row["指标值"], row.get("度量单位"), row["权重"]) for row in read(text)] == [
        ("12", "次", "10"),
        ("提高", None, "5"),
        ("100", "%", "5"),
    ]


def test_labels_may_stand_under_words_of_their_own() -> None:
    """What heads the labels of a form need be no word of the lexicon."""
    text = lines(
        "年度预算申请 年初预算数 全年预算数 全年执行数 分值 执行率 得分",
        "年度资金总额 9.00 8.00 6.00 10 75% 7.5",
        "其他资金 1.00 1.00 1.00 — — —",
    )
    assert [(row["年度预算申请"], row["全年执行数"]) for row in read(text)] == [
        ("年度资金总额", "6.00"),
        ("其他资金", "1.00"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        lines("收费标准", "门票", "20.00", "讲解", "50.00", "停车", "5.00", "寄存", "2.00"),
        lines("目录", "部门概况", "1", "收支总表", "3", "收入总表", "4", "支出总表", "5"),
        lines("科目编码 科目名称 合计 基本支出 项目支出", "201 行政运行 6.00 6.00 0.00 1.00 2.00", "202 专项业务 3.00"),
    ],
    ids=["prices", "a table of contents", "more numbers than columns"],
)
def test_what_does_not_fit_is_left_as_text(text: str) -> None:
    """No grid without a header whose columns the cells fill."""
    tables = Document.from_text("某县档案馆2024年部门决算\n以下所列供参考。\n" + text).tables
    assert tables == ()


def test_the_head_of_a_page_is_no_cell() -> None:
    """What stands behind the number of one page and of another belongs to the pages: a row goes on below it."""
    page = "第 3 页 某县档案馆文件"
    text = lines(TWO_ROWS, "合计 9.00 6.00 3.00", "201 行政运行 6.00 6.00 0.00", "202 专项业务 3.00").rstrip()
    text = f"{page[:5]}\n{page[6:]}\n{text}\n第 4 页\n{page[6:]}\n0.00\n3.00\n"
    assert read(text)[-1] == cells("202", "专项业务", "3.00", "0.00", "3.00")


def test_the_fields_of_a_form() -> None:
    """Labels and what stands below them are rows; a label of money may have no amount, a label above it its unit."""
    text = lines("项目名称 库房改造 主管部门 某县档案馆 预算额度（万元） 预算总额 12.50 其中：财政拨款 12.50 其他资金")
    text += "年度绩效目标\n改造库房两间。\n"
    (table,) = Document.from_text("某县档案馆2024年部门预算\n项目支出绩效目标表\n" + text).tables
    assert [[cell.text for cell in table.row(n)] for n in range(table.height)] == [
        ["项目名称", "库房改造"],
        ["主管部门", "某县档案馆"],
        ["预算额度（万元）", "预算总额", "12.50"],
        ["其中：财政拨款", "12.50"],
        ["其他资金"],
    ]
    facts = extract(Document.from_text("某县档案馆2024年部门预算\n项目支出绩效目标表\n" + text), "none").facts
    assert [(f.concept, f.project, f.scope, str(f.value), f.unit) for f in facts] == [
        ("performance.project_budget", "库房改造", "department", "12.50", "万元"),
        ("performance.project_budget", "库房改造", "fiscal", "12.50", "万元"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        lines("项目名称 库房改造 主管部门 某县档案馆"),
        lines("主管部门 某县档案馆 年度绩效目标 改造库房两间 12.50"),
        lines("库房改造 预算总额 12.50"),
    ],
    ids=["no amount", "an amount of no label", "no field before the amount"],
)
def test_what_is_no_form(text: str) -> None:
    """Labels and words alone, and amounts without the labels of a form, are no table."""
    assert Document.from_text("某县档案馆2024年部门预算\n" + text).tables == ()
