"""Tables inside plain text: what is a table, where its cells stand, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget_llm import Document
from budget_llm.plain_tables import find_grids
from budget_llm.plain_tables.displaced import Box, in_place
from budget_llm.plain_tables.groups import Span
from budget_llm.tables import Grid


def rows_of(grid: Grid) -> list[list[str]]:
    """Return the grid as rows of texts; a merged cell stands at its first column."""
    rows = [[""] * grid.width for _ in range(grid.height)]
    for cell in grid.cells:
        rows[cell.row][cell.column] += cell.text
    return rows


def tables(text: str) -> list[list[list[str]]]:
    """Return the tables found in `text` as rows of texts."""
    return [rows_of(grid) for grid in find_grids(text)]


def spans(grid: Grid) -> dict[str, tuple[int, int]]:
    """Return the column and the number of columns of the cells that go over several."""
    return {cell.text: (cell.column, cell.columns) for cell in grid.cells if cell.columns > 1}


def check(text: str, grids: tuple[Grid, ...]) -> None:
    """Assert what holds for every result: cells cut from the text, grids apart and in order, cells inside them."""
    end = -1
    for grid in grids:
        assert end < grid.start <= grid.end <= len(text)
        assert grid.start == 0 or text[grid.start - 1] in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
        end, before = grid.end, grid.start
        assert grid.cells
        places = []
        for cell in grid.cells:
            assert cell.text == text[cell.start : cell.end] == cell.text.strip()
            assert cell.text
            assert before <= cell.start < cell.end <= grid.end
            assert 0 <= cell.row < grid.height
            assert 0 <= cell.column < cell.column + cell.columns <= grid.width
            assert (cell.page, cell.header, cell.kind, cell.rows) == (None, (), "body", 1)
            before = cell.end
            places.append(cell.row)
        assert places == sorted(places)


OVERVIEW = (
    "2030年收入\t\t2030年支出\t\n"
    "项 目\t预算数\t项 目\t预算数\n"
    "一、本年收入\t1,204.50\t一、本年支出\t1,254.50\n"
    "一般公共预算资金\t1,204.50\t农林水支出\t1,254.50\n"
    "政府性基金预算资金\t\t\t\n"
    "二、上年结转\t50.00\t二、结转下年\t\n"
    "收入合计\t1,254.50\t支出合计\t1,254.50"
)

TABBED = [
    pytest.param(
        OVERVIEW,
        [
            ["2030年收入", "", "2030年支出", ""],
            ["项 目", "预算数", "项 目", "预算数"],
            ["一、本年收入", "1,204.50", "一、本年支出", "1,254.50"],
            ["一般公共预算资金", "1,204.50", "农林水支出", "1,254.50"],
            ["政府性基金预算资金", "", "", ""],
            ["二、上年结转", "50.00", "二、结转下年", ""],
            ["收入合计", "1,254.50", "支出合计", "1,254.50"],
        ],
        id="two-sided overview with a header of two rows and empty cells",
    ),
    pytest.param(
        "类\t款\t项\t科目名称\t合计\t基本支出\t项目支出\n"
        "栏次\t\t\t\t1\t2\t3\n"
        "213\t\t\t农林水支出\t88.00\t60.00\t28.00\n"
        "213\t03\t\t水利\t88.00\t60.00\t28.00\n"
        "213\t03\t14\t防汛\t88.00\t60.00\t28.00\n"
        "\t\t\t合计\t88.00\t60.00\t28.00",
        [
            ["类", "款", "项", "科目名称", "合计", "基本支出", "项目支出"],
            ["栏次", "", "", "", "1", "2", "3"],
            ["213", "", "", "农林水支出", "88.00", "60.00", "28.00"],
            ["213", "03", "", "水利", "88.00", "60.00", "28.00"],
            ["213", "03", "14", "防汛", "88.00", "60.00", "28.00"],
            ["", "", "", "合计", "88.00", "60.00", "28.00"],
        ],
        id="codes in three columns, ordinals of columns, a total",
    ),
    pytest.param(
        "科目编码\t科目名称\t2030年预算数\t\t\n\t\t总计\t基本支出\t项目支出\n\t合计\t\t\t",
        [
            ["科目编码", "科目名称", "2030年预算数", "", ""],
            ["", "", "总计", "基本支出", "项目支出"],
            ["", "合计", "", "", ""],
        ],
        id="a form with nothing in it",
    ),
    pytest.param(
        "序号\t项目名称\t金额\t绩效目标\t计量单位",
        [["序号", "项目名称", "金额", "绩效目标", "计量单位"]],
        id="a header alone",
    ),
    pytest.param(
        "绩效指标\t指标名称\t性质\t指标值\t单位\n"
        "\t培训人数\t≥\t300\t人次\n"
        "\t制度健全\t定性\t是\t无\n"
        "项目概况\t修建观测点，维护设备；培训人员。分两年完成，第一年建成主体。\t\t\t",
        [
            ["绩效指标", "指标名称", "性质", "指标值", "单位"],
            ["", "培训人数", "≥", "300", "人次"],
            ["", "制度健全", "定性", "是", "无"],
            ["项目概况", "修建观测点，维护设备；培训人员。分两年完成，第一年建成主体。", "", "", ""],
        ],
        id="indicators with text in their cells",
    ),
    pytest.param(
        "收入总计\t310.20\n支出总计\t310.20",
        [["收入总计", "310.20"], ["支出总计", "310.20"]],
        id="two totals without a header",
    ),
    pytest.param(
        "水费\t1.00\t2.00\n电费\t3.00\t4.00",
        [["水费", "1.00", "2.00"], ["电费", "3.00", "4.00"]],
        id="two columns of amounts without a header",
    ),
    pytest.param(
        "213\t农林水支出\t8.00\n21303\t水利\t8.00",
        [["213", "农林水支出", "8.00"], ["21303", "水利", "8.00"]],
        id="codes without a header",
    ),
    pytest.param(
        "项目\t金额\n水费\t1.00万元\n电费\t2.00万元",
        [["项目", "金额"], ["水费", "1.00万元"], ["电费", "2.00万元"]],
        id="amounts with their unit under a header",
    ),
]


@pytest.mark.parametrize(("text", "expected"), TABBED)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_with_tabs_are_rows(text: str, expected: list[list[str]], end: str) -> None:
    """Every tab parts two cells, in a table after its title and unit line, with either line end."""
    whole = f"表一\n\n某县水务局收支表\n\n单位：万元\n\n{text}\n\n备注：以上为预算。\n".replace("\n", end)
    grids = find_grids(whole)
    assert [rows_of(grid) for grid in grids] == [expected]
    table = text.replace("\n", end)
    assert (grids[0].start, grids[0].end) == (whole.index(table), whole.index(table) + len(table))
    check(whole, grids)


PIPED = [
    pytest.param(
        "| 项目 | 预算数 |\n|------|-------:|\n| 办公费 | 1.20 |\n| 水费 | |",
        [["项目", "预算数"], ["办公费", "1.20"], ["水费", ""]],
        id="Markdown",
    ),
    pytest.param(
        "项目 | 金额 | 备注\n--- | --- | ---\n印刷费 | 3.00 | 含税",
        [["项目", "金额", "备注"], ["印刷费", "3.00", "含税"]],
        id="Markdown without outer pipes",
    ),
    pytest.param(
        "|姓|名|\n|:-:|:-:|\n|甲|乙|",
        [["姓", "名"], ["甲", "乙"]],
        id="the separator row is proof enough",
    ),
    pytest.param(
        "|科目编码|科目名称|合计|\n|301|工资福利支出|80.00|\n|302|商品和服务支出|20.00|",
        [["科目编码", "科目名称", "合计"], ["301", "工资福利支出", "80.00"], ["302", "商品和服务支出", "20.00"]],
        id="no separator row, numbers in a column",
    ),
    pytest.param(
        "| 项目 | 说明 |\n|---|---|\n| 甲\\|乙 | 两者 |",
        [["项目", "说明"], ["甲\\|乙", "两者"]],
        id="an escaped pipe is text",
    ),
    pytest.param(
        "| 项目 | 金额 |\n|---|---:|\n| 水费 | 2.00 |\n| **合计** | __2.00__ |",
        [["项目", "金额"], ["水费", "2.00"], ["合计", "2.00"]],
        id="bold cells are cells without the signs for it",
    ),
    pytest.param(
        "项目名称|林道养护\n项目资金||年初预算数|全年执行数\n|资金总额|6.00|5.00\n|其他资金|1.00\n总分|||98",
        [
            ["项目名称", "林道养护", "", ""],
            ["项目资金", "", "年初预算数", "全年执行数"],
            ["", "资金总额", "6.00", "5.00"],
            ["", "其他资金", "1.00", ""],
            ["总分", "", "", "98"],
        ],
        id="the rows of a form differ in width",
    ),
]


@pytest.mark.parametrize(("text", "expected"), PIPED)
def test_lines_with_pipes_are_rows(text: str, expected: list[list[str]]) -> None:
    """Pipes part cells where a separator row or a column of numbers shows that they are meant so."""
    whole = f"三、收支情况\n{text}\n以上单位为万元。\n"
    grids = find_grids(whole)
    assert [rows_of(grid) for grid in grids] == [expected]
    check(whole, grids)


BOXED = [
    pytest.param(
        "┌────┬────┐\n│项目│金额│\n├────┼────┤\n│水费│1.00│\n│电费│2.00│\n└────┴────┘",
        [["项目", "金额"], ["水费", "1.00"], ["电费", "2.00"]],
        {},
        id="rows with no borders between them",
    ),
    pytest.param(
        "┌────────┬────┐\n│指标名称│权重│\n├────────┼────┤\n│观测数据│  20│\n│到报率  │    │\n├────────┼────┤\n│满意度  │  10│\n└────────┴────┘",
        [["指标名称", "权重"], ["观测数据到报率", "20"], ["满意度", "10"]],
        {},
        id="a cell over two lines between two borders is one cell",
    ),
    pytest.param(
        "+------+-------------+\n| 科目 | 2030 预算数 |\n|      +------+------+\n| 名称 | 基本 | 项目 |\n+------+------+------+\n| 奖金 | 6.00 | 1.00 |\n| 水费 | 2.00 | 0.50 |\n+------+------+------+",
        [["科目", "2030 预算数", ""], ["名称", "基本", "项目"], ["奖金", "6.00", "1.00"], ["水费", "2.00", "0.50"]],
        {"2030 预算数": (1, 2)},
        id="ASCII box with a header over two columns",
    ),
    pytest.param(
        "+----+----+\n| 项目 | 金额 |\n+====+====+\n| 差旅费 | 7.10 |\n+----+----+",
        [["项目", "金额"], ["差旅费", "7.10"]],
        {},
        id="bars that do not line up are counted",
    ),
    pytest.param(
        "┏━━━━━━┳━━━━━━┓\n┃合计  ┃      ┃\n┣━━━━━━╋━━━━━━┫\n┃      ┃  9.00┃\n┗━━━━━━┻━━━━━━┛\n┌──────┬──────┐\n│人数  │    12│\n│车辆  │     3│\n└──────┴──────┘",
        None,
        {},
        id="two boxes without a line between them",
    ),
    pytest.param(
        "项目 │ 金额\n─────┼─────\n会费 │ 1.50\n利息 │ 0.30",
        [["项目", "金额"], ["会费", "1.50"], ["利息", "0.30"]],
        {},
        id="no outer borders",
    ),
]


@pytest.mark.parametrize(("text", "expected", "merged"), BOXED)
def test_drawn_tables(text: str, expected: list[list[str]] | None, merged: dict[str, tuple[int, int]]) -> None:
    """Bars part columns, borders part rows, and the borders themselves are no cells."""
    whole = f"表3 明细\n{text}\n注：无。\n"
    grids = find_grids(whole)
    check(whole, grids)
    if expected is None:
        assert [rows_of(grid) for grid in grids] == [[["人数", "12"], ["车辆", "3"]]]
    else:
        assert [rows_of(grid) for grid in grids] == [expected]
        assert spans(grids[0]) == merged
        assert (grids[0].start, grids[0].end) == (whole.index(text), whole.index(text) + len(text))


def test_a_wrapped_cell_is_a_cell_for_each_line() -> None:
    """The lines of a wrapped cell have one row and column, so that each can be cut from the text."""
    text = "┌────┬──┐\n│名称│数│\n├────┼──┤\n│观测│ 4│\n│站点│  │\n├────┼──┤\n│船只│ 2│\n└────┴──┘"
    (grid,) = find_grids(text)
    wrapped = [(cell.text, cell.row, cell.column) for cell in grid.cells if cell.row == 1]
    assert wrapped == [("观测", 1, 0), ("4", 1, 1), ("站点", 1, 0)]


TORN = [
    pytest.param("│会议│1,20│2.00│\n│    │4.56│    │", [["会议", "1,204.56", "2.00"]], id="a number"),
    pytest.param("│会议│1,20│2.00│\n│费用│4.56│    │", [["会议费用", "1,204.56", "2.00"]], id="a number and its label"),
    pytest.param("│会议│1,204.│2,0│\n│    │56│40.00│", [["会议", "1,204.56", "2,040.00"]], id="two numbers"),
    pytest.param(
        "│会议│1.20│2.00│\n│    │4.56│    │", [["会议", "1.20", "2.00"], ["", "4.56", ""]], id="whole numbers"
    ),
    pytest.param(
        "│会议│1,20│2.00│\n│水费│4.56│3.00│",
        [["会议", "1,20", "2.00"], ["水费", "4.56", "3.00"]],
        id="a row of its own",
    ),
]


@pytest.mark.parametrize(("text", "expected"), TORN)
def test_a_number_over_two_lines_of_a_box_is_one(text: str, expected: list[list[str]]) -> None:
    """What breaks off inside a group of digits goes on below, where that line has no other number."""
    whole = f"┌──┬──┬──┐\n│项目│预算│决算│\n├──┼──┼──┤\n{text}\n│培训│3.00│4.00│\n└──┴──┴──┘\n"
    assert tables(whole) == [[["项目", "预算", "决算"], *expected, ["培训", "3.00", "4.00"]]]
    check(whole, find_grids(whole))


ALIGNED = [
    pytest.param(
        "科目编码    科目名称            合计      基本支出    项目支出\n"
        "            合计              120.00      100.00       20.00\n"
        "301         工资福利支出      100.00      100.00\n"
        "30101       基本工资           60.00       60.00\n"
        "302         商品和服务支出     20.00                   20.00",
        [
            ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
            ["", "合计", "120.00", "100.00", "20.00"],
            ["301", "工资福利支出", "100.00", "100.00", ""],
            ["30101", "基本工资", "60.00", "60.00", ""],
            ["302", "商品和服务支出", "20.00", "", "20.00"],
        ],
        {},
        id="empty cells are told by their place",
    ),
    pytest.param(
        "        2030年收入                      2030年支出\n"
        "项目                预算数    项目                预算数\n"
        "一、财政拨款收入     80.00    一、农林水支出       90.00\n"
        "二、事业收入         10.00\n"
        "收入合计             90.00    支出合计             90.00",
        [
            ["2030年收入", "", "2030年支出", ""],
            ["项目", "预算数", "项目", "预算数"],
            ["一、财政拨款收入", "80.00", "一、农林水支出", "90.00"],
            ["二、事业收入", "10.00", "", ""],
            ["收入合计", "90.00", "支出合计", "90.00"],
        ],
        {"2030年收入": (0, 2), "2030年支出": (2, 2)},
        id="headers centred above two columns",
    ),
    pytest.param(
        "类   款   项   功能分类科目名称        合计\n\n"
        "213            农林水支出            88.00\n\n"
        "213  03        水利                  88.00\n\n"
        "213  03   14   防汛                  88.00\n\n",
        [
            ["类", "款", "项", "功能分类科目名称", "合计"],
            ["213", "", "", "农林水支出", "88.00"],
            ["213", "03", "", "水利", "88.00"],
            ["213", "03", "14", "防汛", "88.00"],
        ],
        {},
        id="empty lines between the rows",
    ),
    pytest.param(
        "项　目　　　　　预算数　　决算数\n因公出国费　　　１．００　０．５０\n公务接待费　　　２．００　１．２０",
        [
            ["项　目", "预算数", "决算数"],
            ["因公出国费", "１．００", "０．５０"],
            ["公务接待费", "２．００", "１．２０"],
        ],
        {},
        id="full-width spaces part cells, but not the two halves of a word",
    ),
    pytest.param(
        "合计        基本支出      项目支出      结转下年\n1,200.00    900.00        300.00",
        [["合计", "基本支出", "项目支出", "结转下年"], ["1,200.00", "900.00", "300.00", ""]],
        {},
        id="one row of amounts below a header",
    ),
    pytest.param(
        "项目                 金额   项目               金额\n"
        "一、上级补助收入 1,000.00 一、教育支出       900.00\n"
        "二、其他收入        20.00   二、其他支出       120.00",
        [
            ["项目", "金额", "项目", "金额"],
            ["一、上级补助收入", "1,000.00", "一、教育支出", "900.00"],
            ["二、其他收入", "20.00", "二、其他支出", "120.00"],
        ],
        {},
        id="an amount one space from its neighbours",
    ),
    pytest.param(
        "              收入                            支出\n"
        "项目                行次    金额  项目            行次    金额\n"
        "栏    次                       1  栏    次                     2\n"
        "一、上级补助收入     1     80.00  一、农林水支出     7     70.00\n"
        "二、事业收入         2     10.00  二、教育支出       8      5.00\n"
        "三、附属林场上缴的收入   3      6.00  三、其他支出       9     25.00\n"
        "四、其他收入         4      4.00  四、住房保障支出  10\n"
        "五、以前各年度结余弥补   5            五、灾害防治及管理支出  11      3.00\n"
        "合计                 6    100.00  合计              12    103.00",
        [
            ["收入", "", "", "支出", "", ""],
            ["项目", "行次", "金额", "项目", "行次", "金额"],
            ["栏    次", "", "1", "栏    次", "", "2"],
            ["一、上级补助收入", "1", "80.00", "一、农林水支出", "7", "70.00"],
            ["二、事业收入", "2", "10.00", "二、教育支出", "8", "5.00"],
            ["三、附属林场上缴的收入", "3", "6.00", "三、其他支出", "9", "25.00"],
            ["四、其他收入", "4", "4.00", "四、住房保障支出", "10", ""],
            ["五、以前各年度结余弥补", "5", "", "五、灾害防治及管理支出", "11", "3.00"],
            ["合计", "6", "100.00", "合计", "12", "103.00"],
        ],
        {"收入": (0, 3), "支出": (3, 3)},
        id="labels longer than their column push the rest of their row away",
    ),
]


@pytest.mark.parametrize(("text", "expected", "merged"), ALIGNED)
def test_aligned_columns(text: str, expected: list[list[str]], merged: dict[str, tuple[int, int]]) -> None:
    """Cells that stand above each other are a column; an East Asian character is two columns wide."""
    whole = (
        f"                某县收支表\n编制部门：某县水务局        单位：万元\n{text}\n注：本表含所属单位，数据取整。\n"
    )
    grids = find_grids(whole)
    check(whole, grids)
    assert [rows_of(grid) for grid in grids] == [expected]
    assert spans(grids[0]) == merged


@pytest.mark.parametrize(
    ("label", "amounts", "places"),
    [
        ("三、农村公路养护支出", (43, 63), (40, 60)),
        ("三、各类村庄绿化", (43, 63), (43, 63)),
        ("三、农村公路养护支出", (43, 62), (43, 62)),
        ("三、农村公路养护支出", (46, 66), (46, 66)),
    ],
    ids=[
        "as far as the label is too long",
        "no label too long",
        "not all as far",
        "further than the label is too long",
    ],
)
def test_cells_behind_a_long_label(label: str, amounts: tuple[int, int], places: tuple[int, int]) -> None:
    """They are moved back where the label explains the places of them all."""
    labels = ["一、林业改革发展", "二、湿地保护修复", "四、防火道路建设", "五、病虫害的防治"]
    rows = [[box(0, name), box(40, "8.00", ends=True), box(60, "9.00", ends=True)] for name in labels]
    odd = [box(0, label), *(box(end, "7.00", ends=True) for end in amounts)]
    assert tuple(span.right for span in in_place([*rows, odd])[-1][1:]) == places


def box(edge: int, text: str, *, ends: bool = False) -> Box:
    """Return a cell that begins or ends at an edge."""
    wide = sum(2 if ord(character) > 255 else 1 for character in text)
    return Box(Span(edge - wide, edge) if ends else Span(edge, edge + wide), ends)


def columns_of(items: list[tuple[int, str]]) -> str:
    """Return a line on which each text is centred at its column of display."""
    line, width = "", 0
    for centre, text in items:
        wide = sum(2 if ord(character) > 255 else 1 for character in text)
        line += " " * (centre - wide // 2 - width) + text
        width = centre - wide // 2 + wide
    return line


CENTRES = (20, 32, 44, 60, 72, 84)
PARTS = ("小计", "人员经费", "公用经费") * 2
GROUPED = [
    pytest.param([(32, "年初预算数"), (72, "决算数")], {"年初预算数": (1, 3), "决算数": (4, 3)}, id="two groups"),
    pytest.param([(30, "年初预算数"), (70, "决算数")], {"年初预算数": (1, 3), "决算数": (4, 3)}, id="shifted left"),
    pytest.param([(34, "年初预算数"), (74, "决算数")], {"年初预算数": (1, 3), "决算数": (4, 3)}, id="shifted right"),
    pytest.param([(52, "本年支出")], {"本年支出": (1, 6)}, id="one group over all amounts"),
    pytest.param([(26, "上年"), (66, "本年")], {"上年": (1, 2), "本年": (3, 4)}, id="groups of two and four"),
]


@pytest.mark.parametrize(("groups", "expected"), GROUPED)
def test_headers_of_groups(groups: list[tuple[int, str]], expected: dict[str, tuple[int, int]]) -> None:
    """Headers above groups part the columns between them; the labels at the left belong to none."""
    lines = [columns_of(groups), columns_of([(4, "项目"), *zip(CENTRES, PARTS, strict=True)])]
    for number, label in enumerate(("基本支出", "项目支出", "合计")):
        amounts = [(centre, f"{number + 1}{column}.00") for column, centre in enumerate(CENTRES)]
        lines.append(columns_of([(4, label), *amounts]))
    (grid,) = find_grids("\n".join(["        单位：万元", *lines]))
    assert spans(grid) == expected


def test_a_title_parted_from_its_number_ends_a_table() -> None:
    """表2 and its name stand apart by two spaces, as cells do; they are the title of what follows."""
    first = [columns_of([(4, label), (20, "5.00"), (40, "6.00")]) for label in ("科目", "水费", "电费")]
    text = "\n".join(["表1  收入预算表", "单位：万元", *first, "表2  支出预算表", "单位：万元", *first])
    found = Document.from_text(text).tables
    assert [table.title for table in found] == ["表1 收入预算表", "表2 支出预算表"]
    assert "支出预算表" not in [cell.text for cell in found[0].cells]


HALF_WAY = columns_of([(29, "年初预算数"), (69, "决算数")])


@pytest.mark.parametrize(
    ("parts", "amounts", "expected"),
    [
        (PARTS, "39.00 25.00 14.00 37.00 26.00 11.00", [{"年初预算数": (1, 3), "决算数": (4, 3)}]),
        (PARTS, "39.00 25.00 13.00 37.00 26.00 12.00", []),
        (("工资", "人员经费", "公用经费") * 2, "39.00 25.00 14.00 37.00 26.00 11.00", [{}]),
    ],
    ids=["sums prove one", "sums speak against all", "no sums are stated"],
)
def test_headers_half_way_between_two_readings(
    parts: tuple[str, ...], amounts: str, expected: list[dict[str, tuple[int, int]]]
) -> None:
    """The sums that 小计 states decide; where they hold under no reading, the table stays unread."""
    lines = [HALF_WAY, columns_of([(4, "项目"), *zip(CENTRES, parts, strict=True)])]
    lines += [columns_of([(4, label), *zip(CENTRES, amounts.split(), strict=True)]) for label in ("水费", "电费")]
    grids = find_grids("\n".join(["        单位：万元", *lines]))
    assert [spans(grid) for grid in grids] == expected


def test_words_of_a_header_over_two_rows() -> None:
    """因公出国 above （境）费 heads one column, whatever stands beside it; so does 公务 beside 接待费."""
    text = (
        "                        单位：万元\n"
        "          因公出国  公务用车购置及运行维护费      公务\n"
        "      合计  （境）费      小计    购置费    运行费    接待费\n"
        "      9.00      1.00      5.00      2.00      3.00      3.00\n"
        "      8.00      1.00      5.00      2.00      3.00      2.00\n"
    )
    (grid,) = find_grids(text)
    places = {cell.text: (cell.column, cell.columns) for cell in grid.cells if cell.row == 0}
    assert places == {"因公出国": (1, 1), "公务用车购置及运行维护费": (2, 3), "公务": (5, 1)}


def test_columns_counted_by_characters() -> None:
    """Some programs place a cell by the number of characters before it; the reading that lines up is taken."""
    text = (
        "科目编码   科目名称                  金额\n"
        "301     工资福利支出            3,806.26\n"
        "30101   机关事业单位基本养老保险缴费     854.47\n"
        "30103   奖金                  68.90\n"
    )
    assert tables(text) == [
        [
            ["科目编码", "科目名称", "金额"],
            ["301", "工资福利支出", "3,806.26"],
            ["30101", "机关事业单位基本养老保险缴费", "854.47"],
            ["30103", "奖金", "68.90"],
        ]
    ]


SCORES = [
    ["指标名称", "权重", "得分", "得分率"],
    ["预算执行率", "10", "8.80", "88.00%"],
    ["演练场次", "40", "40", "100%"],
    ["群众满意度", "50", "49.5", "99%"],
    ["合计", "100", "98.30", "—"],
]

STACKED = [
    pytest.param("\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in SCORES), id="tabs and empty lines"),
    pytest.param("\n\n".join("\n".join(row) for row in SCORES), id="empty lines between the rows"),
    pytest.param("\n".join("\n\t".join(row) for row in SCORES), id="tabs before all cells but the first"),
    pytest.param("\n".join("\n".join(row) for row in SCORES), id="nothing between the rows"),
    pytest.param("\n\n".join("\n\n".join(row) for row in SCORES), id="an empty line after every cell"),
    pytest.param("\n".join("\n".join(f"　　{cell}" for cell in row) for row in SCORES), id="indented"),
]


@pytest.mark.parametrize("text", STACKED)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_one_cell_per_line(text: str, end: str) -> None:
    """A table copied cell by cell is put together again."""
    whole = f"自评得分98.30分，等级为优，具体得分见表1。\n\n表1 得分明细\n\n{text}\n\n（二）分析\n执行率低是因为年中追加，资金到位较晚。\n"
    if "\n\n" not in text:
        whole = whole.replace("明细\n\n", "明细\n").replace("\n\n（二", "\n（二")
    whole = whole.replace("\n", end)
    grids = find_grids(whole)
    check(whole, grids)
    assert [rows_of(grid) for grid in grids] == [SCORES]


def test_an_empty_cell_is_a_tab_alone() -> None:
    """A line with nothing but a tab holds the place of an empty cell."""
    text = "\t项目\n\t金额\n\t备注\n\n\t水费\n\t1.00\n\t\n\n\t电费\n\t2.00\n\t含税\n"
    assert tables(text) == [[["项目", "金额", "备注"], ["水费", "1.00", ""], ["电费", "2.00", "含税"]]]


def test_text_columns_between_numbers() -> None:
    """The kinds of the cells tell the columns, wherever the numbers stand among them."""
    text = "序号\n指标名称\n目标值\n计量单位\n1\n培训人数\n300\n人次\n2\n巡查次数\n52\n次\n3\n满意度\n95\n分\n"
    assert tables(text) == [
        [
            ["序号", "指标名称", "目标值", "计量单位"],
            ["1", "培训人数", "300", "人次"],
            ["2", "巡查次数", "52", "次"],
            ["3", "满意度", "95", "分"],
        ]
    ]


SEVERAL = [
    pytest.param(
        "科目编码\t合计\n301\t8.00\n302\t2.00\n\n科目编码\t合计\n303\t1.00\n",
        [[["科目编码", "合计"], ["301", "8.00"], ["302", "2.00"]], [["科目编码", "合计"], ["303", "1.00"]]],
        id="a header repeated after an empty line begins a second grid",
    ),
    pytest.param(
        "项目\t金额\n水费\t1.00\n表二\n项目\t金额\n电费\t2.00\n",
        [[["项目", "金额"], ["水费", "1.00"]], [["项目", "金额"], ["电费", "2.00"]]],
        id="a line without a tab ends a grid",
    ),
    pytest.param(
        "项目\t金额\n水费\t1.00\n\f项目\t金额\n电费\t2.00\n",
        [[["项目", "金额"], ["水费", "1.00"]], [["项目", "金额"], ["电费", "2.00"]]],
        id="a form feed ends a grid",
    ),
    pytest.param(
        "项目\t金额\n水费\t1.00\n\n| 项目 | 金额 |\n|---|---|\n| 电费 | 2.00 |\n\n┌──┬──┐\n│甲│ 1│\n│乙│ 2│\n└──┴──┘\n",
        [[["项目", "金额"], ["水费", "1.00"]], [["项目", "金额"], ["电费", "2.00"]], [["甲", "1"], ["乙", "2"]]],
        id="different kinds in one text",
    ),
    pytest.param(
        "\t单位：万元\n项目\t金额\t备注\n水费\t1.00\t\n电费\t2.00\t\n\t本表不含结转资金，单位为万元。\n",
        [[["项目", "金额", "备注"], ["水费", "1.00", ""], ["电费", "2.00", ""]]],
        id="indented lines above and below are not in the table",
    ),
]


@pytest.mark.parametrize(("text", "expected"), SEVERAL)
def test_where_a_grid_begins_and_ends(text: str, expected: list[list[list[str]]]) -> None:
    """Grids are apart, in order, and hold nothing that only stands beside them."""
    check(text, find_grids(text))
    assert tables(text) == expected


_DONE = "全年养护林区道路三十一公里，补植行道树二百六十株，安全度过两轮强降雨。"
GOALS = [
    pytest.param(f"年度目标\t预期目标\t完成情况\n\t养护林区道路。\t{_DONE}\n", 2, id="below the headers of goals"),
    pytest.param(f"年度目标\t预期\n\t{_DONE}\n", 2, id="below the label of goals"),
    pytest.param(f"其他资金\t1.00\t\n\t{_DONE}\n", 1, id="an indented sentence"),
    pytest.param(f"年度目标\t预期目标\t完成情况\n{_DONE}\t见附件。\n", 1, id="a sentence at the margin"),
]


@pytest.mark.parametrize(("rows", "inside"), GOALS)
def test_goals_do_not_end_a_form(rows: str, inside: int) -> None:
    """Sentences stand in a form behind an empty cell; an indented sentence is prose all the same."""
    opening = "项目资金\t年初预算数\t全年执行数\n资金总额\t6.00\t5.00\n林道养护\t2.00\t1.00\n"
    closing = "三级指标\t年度指标值\t得分\n养护里程\t30\t10\n修复边坡\t12\t9\n"
    heights = [len(rows) for rows in tables(opening + rows + closing)]
    assert heights == ([3 + inside + 3] if inside == 2 else [3 + inside, 3])


def test_a_column_of_catalogue_names_is_no_list_of_contents() -> None:
    """目录 names a column here, and no page stands in the last one."""
    (table,) = tables("项目名称\t指导性目录名称\t合计\n档案整理\t辅助服务\t8.00\n会务\t会议服务\t1.00\n")
    assert len(table) == 3


NO_TABLE = [
    pytest.param("", id="nothing"),
    pytest.param("一、部门职责\t3\n二、机构设置\t5\n三、收支预算总表\t12\n", id="contents with tabs"),
    pytest.param("目 录\n第一部分 概况\t1\n第二部分 预算表\t4\n表一 收支总表\t4\n", id="contents with a title"),
    pytest.param("标题\t页码\n收支总表\t3\n收入总表\t4\n", id="contents with a header"),
    pytest.param("一、部门职责…………3\n二、收支总表…………12\n", id="contents with leaders"),
    pytest.param("一、部门职责    ………… 3\n二、收支总表    ………… 12\n", id="contents with leaders and spaces"),
    pytest.param("一、部门职责\t......\t3\n二、预算金额\t......\t12\n", id="contents with leaders and tabs"),
    pytest.param("部门职责        3\n机构设置        5\n收支情况       12\n", id="contents aligned"),
    pytest.param("\t本年度收入预算100.00万元。\n\t本年度支出预算100.00万元。\n", id="indented with a tab"),
    pytest.param("联系人：\t张某某\n联系电话：\t0000-8120000\n", id="labels with tabs"),
    pytest.param("联系人：张某某    电话：81200000\n地址：某路1号    邮编：000000\n", id="labels with spaces"),
    pytest.param("单位名称\t某县水务局\n单位地址\t某路1号\n", id="names and values without numbers"),
    pytest.param("张一\t李二\t王三\n赵四\t钱五\t孙六\n", id="names with tabs"),
    pytest.param("张一    李二    王三\n赵四    钱五    孙六\n", id="names with spaces"),
    pytest.param("1.\t贯彻水利法规。\n2.\t管理水资源项目。\n3.\t防汛。\n", id="a numbered list with tabs"),
    pytest.param("1.  贯彻水利法规\n2.  管理项目支出\n", id="a numbered list with spaces"),
    pytest.param("（一）\t收入预算\n（二）\t支出预算\n", id="headings with tabs"),
    pytest.param(
        "负责全县水资源的统一管理和监督，拟订中长期规划并组织实施，保障用水安全。\t负责\n"
        "承担水旱灾害防御的日常工作，编制洪水防御方案并按程序报批，组织抢险演练。\t承担\n",
        id="sentences in the first cell",
    ),
    pytest.param(
        "收入预算\t100.00\t万元，其中财政拨款\t80.00\t万元。\n支出预算\t100.00\t万元，与收入持平。\n",
        id="prose cut by tabs",
    ),
    pytest.param("第一部分  部门概况\n第二部分  预算说明\n", id="headings with two spaces"),
    pytest.param("第一部分　部门概况\n本局设科室五个。\n第二部分　预算情况\n", id="headings with a full-width space"),
    pytest.param("　　全年收入100.00万元。\n　　全年支出100.00万元。\n", id="indented with full-width spaces"),
    pytest.param("首页 | 政务公开 | 部门预算\n通知 | 预算 | 决算\n", id="links with pipes"),
    pytest.param("首页\t部门预算\t部门决算\t政策\n", id="links with tabs"),
    pytest.param("预算 | 100\n", id="one line with a pipe"),
    pytest.param("收入|支出\n其中：一|二|三\n", id="pipes that differ in number"),
    pytest.param("┌────┐\n│提示│\n└────┘\n", id="a frame around a text"),
    pytest.param("────────\n第一部分\n────────\n", id="rules around a heading"),
    pytest.param("----+----\n+--------+\n", id="rules alone"),
    pytest.param("一、概况\n水务局\n二、收支\n100\n三、其他\n无\n", id="headings with short paragraphs"),
    pytest.param("办公室\n\n人事科\n\n财务科\n\n水资源科\n", id="a list of names"),
    pytest.param("部门职责\n机构设置\n\n收入预算\n支出预算\n\n资产\n绩效\n", id="paragraphs of two short lines"),
    pytest.param("项目\n金额\n水费\n1.00\n电费\n2.00\n", id="two stacked rows are too few"),
    pytest.param(
        "项目\n金额\n备注\n水费\n1.00\n含税\n电费\n2.00\n奖金\n3.00\n无\n", id="a stacked table that lost a cell"
    ),
    pytest.param(
        "\t项目\n\t金额\n\n\t水费\n\t1.00\n\n\t电费\n\n\t奖金\n\t3.00\n", id="a parted table that lost a cell"
    ),
    pytest.param("项目\n金额\n水费\n1.00\n电费\n无\n奖金\n3.00\n", id="a stacked column of mixed kinds"),
    pytest.param("电话\t81200000\n传真\t81200001\n", id="telephone numbers"),
    pytest.param("\n- 1 -\n\n2030 年度\n部门预算\n\n- 2 -\n", id="page numbers"),
    pytest.param(
        "2030年收入  310.20万元，比上年增加  12.00万元\n2030年支出  300.20万元，比上年增加  13.00万元\n",
        id="clauses with two spaces",
    ),
    pytest.param(
        "会议费    12.00    比上年增加    1.00\n培训费    13.00    比2029年减少    2.00\n", id="comparisons with spaces"
    ),
    pytest.param("水费\t12.00万元\t1.00万元\n电费\t13.00万元\t2.00万元\n", id="amounts with their unit behind them"),
    pytest.param(
        "一、\t本年收入\t1,204.50\n二、\t上年结转\t50.00\n", id="one column of amounts without header or codes"
    ),
]


@pytest.mark.parametrize("text", NO_TABLE)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_only_looks_like_a_table_is_left_as_text(text: str, end: str) -> None:
    """A false table would be withheld from the readers of prose."""
    assert tables(text.replace("\n", end)) == []
    prose = "本部门2030年收入预算100.00万元，支出预算100.00万元，收支平衡。"
    assert tables(f"{prose}\n{text}{prose}\n".replace("\n", end)) == []


TABLEISH = st.lists(
    st.sampled_from(
        ["\t", "\t\t", "\n", "\r\n", "\n\n", "\f", " ", "  ", "    ", "　", "|", "｜", "│", "┼", "─", "──", "├", "┤", "+", "--", "+--+", "|--|",
         "1", "1.00", "10,150.48", "98%", "—", "项目", "金额", "合计", "预算数", "名称", "水费", "表一", "单位：万元", "一、", "（二）分析", "。", "，",
         "……", "万元", "：", "\\|", "\xa0", "\u200b", "\ufeff", "\x1c", "\x85", "\u2028", "1. ", "301"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(max_size=200), TABLEISH))
def test_every_cell_can_be_cut_from_any_text(text: str) -> None:
    """Whatever the text: nothing is raised, cells are cut from it, grids are apart and in its order."""
    check(text, find_grids(text))


CELLS = st.text(alphabet="水务防汛甲乙丙", min_size=1, max_size=6)


@given(st.lists(st.tuples(CELLS, st.decimals(0, 10**6, places=2)), min_size=3, max_size=12))
def test_what_is_written_as_a_table_is_read_back(rows: list[tuple[str, object]]) -> None:
    """A header and rows of a name and an amount come back from each way to write them."""
    cells = [["项目名称", "金额"], *([name, f"{amount:.2f}"] for name, amount in rows)]
    wide = [[name + "　" * (8 - len(name)), amount.rjust(12)] for name, amount in cells]
    ways = [
        "\n".join("\t".join(row) for row in cells),
        "\n".join(f"|{'|'.join(row)}|" + ("\n|---|---|" if n == 0 else "") for n, row in enumerate(cells)),
        "┌─┬─┐\n" + "\n├─┼─┤\n".join(f"│{'│'.join(row)}│" for row in wide) + "\n└─┴─┘",
        "\n".join("  ".join(row) for row in wide),
        "\n".join("\n".join(row) for row in cells),
        "\n\n".join("\n".join(row) for row in cells),
    ]
    for text in ways:
        assert tables(f"表1\n{text}\n\n以上为全部项目，单位为万元。") == [cells], text
