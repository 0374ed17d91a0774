"""PDF: what stands where on a page becomes paragraphs and tables; damaged, locked and scanned files say so."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import pytest

from budget_llm.errors import FormatError, InputError
from budget_llm.extraction import extract
from budget_llm.formats import read
from budget_llm.formats.limits import Limits
from tests.pdf_writer import Sheet, pdf

FULL = "本表反映部门年度总体收支预算情况并按照批复的预算数填列说明其中"  # as wide as the running text at 12 points


def lines(*pages: Sequence[tuple[float, float, str]]) -> str:
    """Return the text of pages, each given as (x, y, words)."""
    sheets = []
    for page in pages:
        sheets.append(Sheet())
        for x, y, words in page:
            sheets[-1].text(x, y, words)
    return read(pdf(*sheets), "a.pdf").text.strip()


PARAGRAPHS = [
    ("a number broken over lines", [(96, 700, FULL[:-6] + "增加100"), (72, 680, "3.69万元。")], FULL[:-6] + "增加1003.69万元。"),
    ("a full line and its end", [(96, 700, FULL), (72, 680, "万元。")], FULL + "万元。"),
    ("an indented line is a new paragraph", [(96, 700, FULL + "。"), (96, 680, "另一段")], FULL + "。\n另一段"),
    ("a short line ends its paragraph", [(96, 700, FULL), (72, 680, "到此"), (72, 660, "又一段")], FULL + "到此\n又一段"),
    ("a heading is a paragraph", [(72, 700, FULL + "某"), (72, 680, "二、支出预算")], FULL + "某\n二、支出预算"),
    ("a token that did not fit", [(96, 700, FULL), (72, 680, FULL[:-4]), (72, 660, "1,234,567.89万元")], FULL + FULL[:-4] + "1,234,567.89万元"),
    ("Latin words keep their space", [(96, 700, FULL[:-3] + "Open"), (72, 680, "Data")], FULL[:-3] + "Open Data"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "page", "text"), PARAGRAPHS, ids=[case for case, *_ in PARAGRAPHS])
def test_lines_become_paragraphs(case: str, page: list[tuple[float, float, str]], text: str) -> None:
    """A line goes on with a full line above it unless it is indented or opens with a mark."""
    rest = [(72, 300 - 20 * n, FULL + "某某") for n in range(4)]  # sets the margins of the page
    assert lines([*page, *rest]).split("\n" + FULL)[0] == text


@pytest.mark.parametrize("style", ["{}", "- {} -", "— {} —", "第 {} 页", "第{}页 共3页", "{}/3"])
def test_a_page_number_never_joins_a_sentence(style: str) -> None:
    """增长 + page number 3 + 17.31% is 17.31%, not 317.31%."""
    pages = [[(72, 700, FULL), (290, 30, style.format(n))] for n in (1, 2)]
    pages.append([(72, 700, FULL), (72, 680, FULL[:-2] + "增长"), (290, 30, style.format(3))])
    pages.append([(72, 760, "17.31%。"), (290, 30, style.format(4))])
    document_text = lines(*pages)
    assert document_text.endswith("增长17.31%。")
    assert "317.31" not in document_text


def test_furniture_is_kept_beside_the_text() -> None:
    """Nothing is dropped in silence: the page tells what was set apart, and where its text begins."""
    pages = [
        Sheet().text(200, 800, "某市水利局2024年部门预算").text(72, 700, FULL[n:]).text(290, 30, str(n))
        for n in (1, 2, 3)
    ]
    document = read(pdf(*pages), "a.pdf")
    assert [page.furniture for page in document.pages] == [("某市水利局2024年部门预算", str(n)) for n in (1, 2, 3)]
    assert "水利局" not in document.text
    assert [document.page(page.start) for page in document.pages] == [1, 2, 3]


def test_what_only_looks_like_furniture_stays() -> None:
    """A unit line on every page and a lone number inside a page are part of the text."""
    pages = [
        Sheet().text(400, 800, "单位：万元").text(72, 700, FULL).text(72, 680, "正文" + "一二三"[n]) for n in range(3)
    ]
    text = read(pdf(*pages, Sheet().text(72, 400, "2024").text(72, 380, "正文")), "a.pdf").text
    assert text.count("单位：万元") == 3
    assert "2024" in text


def test_characters_of_one_baseline_are_one_line() -> None:
    """Digits in a font whose box is 5 points higher stay with their words."""
    page = Sheet().text(72, 700, "公务接待费").text(132, 700, "12.60", font="F2").text(162, 700, "万元")
    assert read(pdf(page), "a.pdf").text == "公务接待费12.60万元\n"


def test_radicals_are_read_as_the_characters_they_stand_for() -> None:
    """Fonts that share a glyph name the radical; the text holds the character that is meant."""
    assert read(pdf(Sheet().text(72, 700, "⽀出⽤⻋⾏⽅案")), "a.pdf").text == "支出用车行方案\n"


def test_merged_and_wrapped_cells() -> None:
    """A merged header covers its columns, a wrapped name is one text, stacked numbers stay apart."""
    rows = [
        ["科目", "2024年预算数", "<"],
        ["名称", "合计", "基本支出"],
        ["机关事业单位\n养老保险", "10.00", "1.50\n2.50"],
    ]
    document = read(pdf(Sheet().table(72, 700, [80, 90, 90], rows, height=28)), "a.pdf")
    (table,) = document.tables
    assert table.texts()[2] == ["机关事业单位养老保险", "10.00", "1.50 2.50"]
    assert [(c.text, c.columns) for c in table.row(0)] == [("科目", 1), ("2024年预算数", 2)]
    assert table.columns == (("科目", "名称"), ("2024年预算数", "合计"), ("2024年预算数", "基本支出"))
    assert all(document.text[c.start : c.end] == c.text for c in table.cells)


HEAD = ["科目编码", "科目名称", "合计", "基本支出"]
FIRST = [HEAD, ["201", "一般公共服务支出", "3.00", "1.00"]]


def continued(*later: tuple[list[str], list[list[str]]]) -> list[list[list[str]]]:
    """Return the texts of the tables of a document whose later pages are (lines above, rows)."""
    pages = [Sheet().text(200, 780, "支出总表").text(400, 760, "单位：元").table(72, 740, [90] * 4, FIRST)]
    for above, rows in later:
        page = Sheet()
        for number, words in enumerate(above):
            page.text(200, 790 - 16 * number, words)
        pages.append(page.table(72, 740, [90] * 4, rows))
    for number, page in enumerate(pages):
        page.text(290, 30, str(number + 1))
    return [table.texts() for table in read(pdf(*pages), "a.pdf").tables]


ROW = ["20101", "人大事务", "2.00", ""]


def test_a_table_goes_on_over_pages() -> None:
    """With its header repeated, without any, and with a merged total alone on the last page."""
    assert continued(([], [HEAD, ROW])) == [[*FIRST, HEAD, ROW]]
    assert continued(([], [ROW]), ([], [ROW])) == [[*FIRST, ROW, ROW]]
    assert continued(([], [["合计", "<", "5.00", "1.00"]])) == [[*FIRST, ["合计", "", "5.00", "1.00"]]]
    assert continued((["支出总表", "单位：元"], [HEAD, ROW])) == [[*FIRST, HEAD, ROW]]


def test_another_table_is_not_joined() -> None:
    """A new title or another header begins a table of its own."""
    assert continued((["一般公共预算支出表", "单位：元"], [HEAD, ROW])) == [FIRST, [HEAD, ROW]]
    other = ["项目", "预算数", "项目", "决算数"]
    assert continued(([], [other, ROW])) == [FIRST, [other, ROW]]


def test_a_continued_table_knows_its_pages_and_header() -> None:
    """Each cell has the page it stands on and the header from the first page; title and unit come from above."""
    pages = [
        Sheet().text(200, 780, "支出总表").text(400, 760, "单位：元").table(72, 740, [90] * 4, FIRST),
        Sheet().table(72, 800, [90] * 4, [ROW, ROW]),
    ]
    (table,) = read(pdf(*pages), "a.pdf").tables
    assert (table.title, table.unit, table.pages, table.height) == ("支出总表", "元", (1, 2), 4)
    last = table.row(3)
    assert [(c.text, c.page, c.header) for c in last] == [
        ("20101", 2, ("科目编码",)), ("人大事务", 2, ("科目名称",)), ("2.00", 2, ("合计",)),
    ]  # fmt: skip


def test_a_table_open_at_its_sides_keeps_its_outer_columns() -> None:
    """Level rules that run on beyond the upright ones close the table."""
    page = Sheet()
    for y in (700, 680, 660):
        page.rule(72, y, 372, y)
    for x in (172, 272):
        page.rule(x, 660, x, 700)
    for x, top, low in ((80, "项目", "甲"), (180, "预算数", "1.00"), (280, "决算数", "2.00")):
        page.text(x, 685, top, 10).text(x, 665, low, 10)
    assert read(pdf(page), "a.pdf").tables[0].texts() == [["项目", "预算数", "决算数"], ["甲", "1.00", "2.00"]]


def test_a_table_without_rules_is_found_by_its_columns() -> None:
    """Empty cells stay empty: columns come from places, not from counting."""
    page = Sheet().text(200, 740, "部门支出表")
    for y, cells in (
        (700, "项目 合计 基本支出 项目支出"),
        (680, "甲类 3.00 1.00 2.00"),
        (660, "乙类 4.00 - 4.00"),
        (640, "丙类 5.00 5.00 -"),
    ):
        for x, words in zip((72, 200, 300, 400), cells.split(), strict=True):
            if words != "-":
                page.text(x, y, words)
    (table,) = read(pdf(page), "a.pdf").tables
    assert table.texts()[2:] == [["乙类", "4.00", "", "4.00"], ["丙类", "5.00", "5.00", ""]]


def columns(rows: list[tuple[float, list[tuple[float, str]]]]) -> Sheet:
    """Return a page of rows without rules, each a height and the words with where they begin."""
    page = Sheet()
    for y, cells in rows:
        for x, words in cells:
            page.text(x, y, words)
    return page


UNRULED = [
    (
        "headers to the left, numbers to the right of their columns",
        [(700, [(72, "项目"), (150, "预算数"), (300, "决算数")]), (680, [(72, "甲费"), (220, "1.00"), (370, "2.00")]), (660, [(72, "乙费"), (220, "3.00"), (370, "4.00")])],
        [["项目", "预算数", "决算数"], ["甲费", "1.00", "2.00"], ["乙费", "3.00", "4.00"]],
    ),
    (
        "class rows without amounts",
        [(700, [(72, "项目"), (220, "预算数"), (370, "决算数")]), (680, [(72, "一、基本支出")]), (660, [(72, "甲费"), (220, "1.00"), (370, "2.00")]), (640, [(72, "乙费"), (220, "3.00"), (370, "4.00")])],
        [["项目", "预算数", "决算数"], ["一、基本支出", "", ""], ["甲费", "1.00", "2.00"], ["乙费", "3.00", "4.00"]],
    ),
    (
        "a long remark with an amount does not make its columns one",
        [(700, [(72, "甲费"), (250, "1.00"), (370, "2.00")]), (680, [(72, "乙费"), (250, "3.00"), (370, "4.00")]), (660, [(72, "丙费上述金额均含上年结转资金详见附件"), (370, "9.00")])],
        [["甲费", "1.00", "2.00"], ["乙费", "3.00", "4.00"], ["丙费上述金额均含上年结转资金详见附件", "", "9.00"]],
    ),
    (
        "a word spread over its cell is one",
        [(700, [(72, "编码"), (200, "名称"), (370, "预算数")]), (680, [(72, "20101"), (200, "行政运行"), (370, "2.00")]), (660, [(200, "合"), (236, "计"), (370, "2.00")])],
        [["编码", "名称", "预算数"], ["20101", "行政运行", "2.00"], ["", "合计", "2.00"]],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("case", "rows", "texts"), UNRULED, ids=[case for case, *_ in UNRULED])
def test_tables_without_rules_keep_their_columns(
    case: str, rows: list[tuple[float, list[tuple[float, str]]]], texts: list[list[str]]
) -> None:
    """No two numbers share a cell and every amount stands under its header."""
    (table,) = read(pdf(columns(rows)), "a.pdf").tables
    assert table.texts() == texts


def test_rows_without_rules_between_them_are_rows() -> None:
    """A table with upright rules only: numbers below one another in two columns make rows, not one cell."""
    page = Sheet()
    for y in (700, 680, 600):
        page.rule(72, y, 372, y)
    for x in (72, 172, 272, 372):
        page.rule(x, 600, x, 700)
    for x, words in ((80, "项目"), (180, "预算数"), (280, "决算数")):
        page.text(x, 685, words, 10)
    for number in range(3):
        for x, words in ((80, "甲乙丙"[number] + "费"), (180, f"{number}1.00"), (280, f"{number}2.00")):
            page.text(x, 665 - 22 * number, words, 10)
    (table,) = read(pdf(page), "a.pdf").tables
    assert table.texts()[1:] == [["甲费", "01.00", "02.00"], ["乙费", "11.00", "12.00"], ["丙费", "21.00", "22.00"]]


def test_a_thick_border_is_part_of_the_table() -> None:
    """A border of five points drawn as filled shapes bounds the first and the last row."""
    page = Sheet().table(72, 700, [100, 100], [["甲", "1.00"], ["乙", "2.00"]])
    page.drawn = [d for d in page.drawn if b" l S" not in d or b"72 680" in d or b"172" in d.split(b" m ")[0]]
    for box in ("70 657 204 5", "70 698 204 5", "69 657 5 46", "270 657 5 46"):
        page.drawn.append(f"{box} re f".encode())
    (table,) = read(pdf(page), "a.pdf").tables
    assert table.texts() == [["甲", "1.00"], ["乙", "2.00"]]


def test_a_watermark_is_set_apart() -> None:
    """Slanted text over a table changes no number; the page keeps it beside the text."""
    page = Sheet().table(72, 700, [100, 100], [["甲", "11,234.56"], ["乙", "22,345.67"]])
    page.drawn.append(b"q 0.866 0.5 -0.5 0.866 90 640 cm BT /F3 20 Tf <3230323430333135> Tj ET Q")
    document = read(pdf(page), "a.pdf")
    assert document.tables[0].texts() == [["甲", "11,234.56"], ["乙", "22,345.67"]]
    assert document.pages[0].furniture == ("20240315",)


def test_two_numbers_at_a_line_end_stay_two() -> None:
    """A number broken over lines is one; two whole ones are not glued."""
    rest = [(72, 300 - 20 * n, FULL + "某某") for n in range(4)]
    assert "70,991.44 69,908.71" in lines([(72, 700, FULL[:-7] + "分别70,991.44"), (72, 680, "69,908.71元"), *rest])
    assert "1,003.69万元" in lines([(72, 700, FULL[:-5] + "增加1,00"), (72, 680, "3.69万元"), *rest])


def test_amounts_that_repeat_over_pages_are_no_running_heads() -> None:
    """Five reports of one page each, alike but for their numbers: every number stays in the text."""
    pages = [
        Sheet().text(72, 800, f"全年预算数：47{n}.93万元").text(72, 700, FULL[n:]).text(72, 60, f"自评得分：9{n}.85分")
        for n in range(5)
    ]
    text = read(pdf(*pages), "a.pdf").text
    assert all(f"47{n}.93" in text and f"9{n}.85" in text for n in range(5))


def test_tables_with_titles_inside_are_parted() -> None:
    """A new title or unit row on the next page, or inside the same grid, opens a table of its own."""

    def rows(title: str, unit: str) -> list[list[str]]:
        return [[title, "<", "<", "<"], [f"单位：{unit}", "<", "<", "<"], *FIRST]

    one, other = rows("表七支出表", "元"), rows("表八支出表", "万元")
    pages = [Sheet().table(72, 740, [90] * 4, one), Sheet().table(72, 740, [90] * 4, other)]
    tables = read(pdf(*pages), "a.pdf").tables
    assert [(t.title, t.unit) for t in tables] == [("表七支出表", "元"), ("表八支出表", "万元")]
    tables = read(pdf(Sheet().table(72, 740, [90] * 4, [*one, *other])), "a.pdf").tables
    assert [(t.title, t.unit, t.height) for t in tables] == [("表七支出表", "元", 4), ("表八支出表", "万元", 4)]


def test_a_drawing_of_countless_fields_is_refused() -> None:
    """A lattice beyond any published table is named with its page, before memory is spent on it."""
    with pytest.raises(InputError, match=r"page 1: a page draws a table of 600 rows and 600 columns"):
        read(pdf(_dense()), "a.pdf")


def _dense() -> Sheet:
    """Return a page of 600 × 600 fields, three points apart."""
    page = Sheet(2000, 2000).text(72, 1900, "支出表" * 12)
    for n in range(601):
        page.rule(0, 3 * n, 1800, 3 * n).rule(3 * n, 0, 3 * n, 1800)
    return page


@pytest.mark.parametrize("shown", [True, False], ids=["shown upright", "shown on its side"])
@pytest.mark.parametrize("turned", [90, 180, 270])
def test_turned_pages_read_like_upright_ones(turned: int, *, shown: bool) -> None:
    """A page stored on its side gives the same text and table, whether viewers turn it upright or not."""
    upright = Sheet().text(72, 780, "支出总表").table(72, 740, [90] * 4, FIRST)
    matrix = {90: "0 1 -1 0 842 0", 180: "-1 0 0 -1 595 842", 270: "0 -1 1 0 0 595"}[turned]
    width, height = (842, 595) if turned != 180 else (595, 842)
    stored = Sheet(width, height, turned if shown else 0, [f"q {matrix} cm".encode(), *upright.drawn, b"Q"])
    expected, found = read(pdf(upright), "a.pdf"), read(pdf(stored), "a.pdf")
    assert found.text == expected.text
    assert [t.texts() for t in found.tables] == [t.texts() for t in expected.tables]


def test_a_scanned_page_is_reported() -> None:
    """A picture with a stamped page number is no empty page: the result warns and names it."""
    document = read(
        pdf(Sheet().text(72, 700, "2024年收入预算100.50万元。"), Sheet().picture().text(290, 30, "2"), Sheet()), "a.pdf"
    )
    assert [page.has_text for page in document.pages] == [True, False, True]
    findings = extract(document, "none").findings
    assert [(f.rule, f.severity) for f in findings] == [("page_without_text", "warning")]
    assert "第2页" in findings[0].message


def test_facts_have_the_page_they_stand_on() -> None:
    """The page of a fact is that of its number."""
    document = read(
        pdf(Sheet().text(72, 700, "一、收入预算"), Sheet().text(72, 700, "2024年收入预算100.50万元。")), "a.pdf"
    )
    (fact,) = extract(document, "none").facts
    assert (fact.page, document.text[fact.start : fact.end]) == (2, "100.50")


LOCK = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%b> /U <%b> >> /ID [<00> <00>]" % (b"11" * 32, b"22" * 32)
GOOD = pdf(Sheet().text(72, 700, "2024年收入预算100.50万元。"))
BAD = [
    (pdf(Sheet().text(72, 700, "甲"), trailer=LOCK), FormatError, "encrypted with a password; save it without one"),
    (GOOD[: len(GOOD) // 2], FormatError, "truncated"),
    (GOOD.replace(b"/Pages", b"/Xages"), FormatError, "has no pages|damaged"),
    (pdf(), FormatError, "has no pages|damaged"),
    (b"%PDF-1.7\nnothing\n%%EOF", FormatError, "damaged"),
    (pdf(Sheet().picture(), Sheet().picture()), FormatError, "none of its 2 pages has a text layer"),
    (pdf(*[Sheet()] * 4), InputError, "4 pages, more than the limit of 3"),
    (pdf(*[Sheet().text(9, 700 - 20 * n, "预算" * 20) for n in range(3)]), InputError, r"page 3: more characters.*characters=…"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "error", "words"), BAD)
def test_bad_files_say_what_is_wrong_and_what_to_do(raw: bytes, error: type[InputError], words: str) -> None:
    """Each kind of unusable PDF has its named error with the file's name in it."""
    with pytest.raises(error, match=words) as caught:
        read(raw, "a.pdf", Limits(pages=3, characters=100))
    assert "a.pdf" in str(caught.value)


def test_a_compressed_bomb_is_refused_before_it_is_opened() -> None:
    """A small file whose stream unfolds beyond the limit, once or twice compressed, is named with the limit."""
    once = Sheet(drawn=[b" " * 3_000_000])
    twice = Sheet(drawn=[zlib.compress(b" " * 50_000_000)])
    for sheet in (once, twice):
        raw = pdf(sheet, compress=True)
        assert len(raw) < 10_000
        with pytest.raises(InputError, match=r"more than 2,000,000 bytes; .*expanded_bytes"):
            read(raw, "a.pdf", Limits(expanded_bytes=2_000_000))


def test_a_missing_package_says_which_extra_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pypdfium2 the error is an instruction."""
    monkeypatch.setitem(__import__("sys").modules, "pypdfium2", None)
    with pytest.raises(FormatError, match=r'pip install "budget-llm\[pdf\]"'):
        read(GOOD, "a.pdf")
