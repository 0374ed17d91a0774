"""Workbooks to documents: visible sheets in order, numbers as shown, titles as text and tables as tables."""

from __future__ import annotations

import datetime
import io
import struct
import sys
import zipfile

import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from budget_llm.document import Document
from budget_llm.errors import EmptyInputError, FormatError, InputError
from budget_llm.extraction import extract
from budget_llm.formats.excel import read_excel
from budget_llm.formats.excel.number_formats import shown
from budget_llm.formats.excel.workbook_parts import SheetReader
from budget_llm.formats.limits import Limits
from tests.office_files import checked, container, word, workbook

Row = list[object]


def read(raw: bytes, limits: Limits | None = None, kind: str = "xlsx") -> Document:
    """Return the checked document of these bytes."""
    return checked(read_excel(raw, f"某局.{kind}", limits or Limits(), kind=kind))


def made(rows: list[Row], name: str = "Sheet1", merged: tuple[str, ...] = ()) -> bytes:
    """Return a workbook of one sheet; None is an empty cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(row)
    for place in merged:
        sheet.merge_cells(place)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


HEAD: Row = ["项目", "金额"]
ONE: Row = ["合计", 1]
TEXT_HEAD = "项目\t金额\n合计\t1\n"

LAYOUTS: list[tuple[list[Row], str]] = [
    ([HEAD, ONE], f"{TEXT_HEAD}\n"),
    ([["收支总表"], [None, "单位：万元"], HEAD, ONE], f"收支总表\n单位：万元\n\n{TEXT_HEAD}\n"),
    ([HEAD, ONE, ["备注：无"]], f"{TEXT_HEAD}\n备注：无\n"),
    ([HEAD, ONE, ["注：本表无数据"], ["说明：空表"]], f"{TEXT_HEAD}\n注：本表无数据\n说明：空表\n"),
    ([HEAD, ONE, ["其他支出"]], "项目\t金额\n合计\t1\n其他支出\t\n\n"),
    ([HEAD, ONE, [None], HEAD, ONE], f"{TEXT_HEAD}\n\n{TEXT_HEAD}\n"),
    ([HEAD, ONE, [None], ["表二"], HEAD, ONE], f"{TEXT_HEAD}\n表二\n\n{TEXT_HEAD}\n"),
    ([HEAD, ONE, [None], ["办公费", 2]], "项目\t金额\n合计\t1\n\t\n办公费\t2\n\n"),
    (
        [HEAD, ONE, [None], ["二、其他", "三、其他"], ["差旅费", 3]],
        "项目\t金额\n合计\t1\n\t\n二、其他\t三、其他\n差旅费\t3\n\n",
    ),
    ([["一、概况"], [None], ["本局负责水利。"], ["二、收入"]], "一、概况\n本局负责水利。\n二、收入\n"),
    ([[None], [None, None], [None, *HEAD], [None, *ONE], [None, "", " "]], f"{TEXT_HEAD}\n"),
    ([["项目\n名称", "2024年\n预算"], ["合\t计", 1]], "项目名称\t2024年预算\n合 计\t1\n\n"),
]


@pytest.mark.parametrize(("rows", "text"), LAYOUTS)
def test_a_sheet_is_written_as_it_is_read(rows: list[Row], text: str) -> None:
    """Titles and remarks are paragraphs; a blank row parts tables only where the next has a header of its own."""
    assert read(made(rows)).text == text


def test_merged_cells_stand_once_with_what_they_cover() -> None:
    """A title over all columns is text; what a merged cell hides is not read."""
    rows: list[Row] = [["总表", None, None], ["科目", "支出", "隐"], [None, "基本", "项目"], ["办公费", 1, 2]]
    document = read(made(rows, merged=("A1:C1", "A2:A3", "B2:C2")))
    assert document.text.startswith("总表\n\n科目\t支出\t\n\t基本\t项目\n")
    (table,) = document.tables
    assert [(c.text, c.row, c.column, c.rows, c.columns) for c in table.cells[:3]] == [
        ("科目", 0, 0, 2, 1), ("支出", 0, 1, 1, 2), ("基本", 1, 1, 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rows", "text"),
    [
        ("收支总表", [HEAD, ONE], f"收支总表\n\n{TEXT_HEAD}\n"),
        ("收支总表", [["单位：万元"], HEAD, ONE], f"收支总表\n单位：万元\n\n{TEXT_HEAD}\n"),
        ("1", [["收支总表"], HEAD, ONE], f"收支总表\n\n{TEXT_HEAD}\n"),
        ("Sheet1", [HEAD, ONE], f"{TEXT_HEAD}\n"),
    ],
)
def test_the_name_of_a_sheet_stands_for_a_missing_title(name: str, rows: list[Row], text: str) -> None:
    """A name that nobody chose is no title."""
    assert read(made(rows, name)).text == text


SHOWN: list[tuple[object, str | None, str]] = [
    (1234.5600000000001, None, "1234.56"), (10.0, None, "10"), (0.1 + 0.2, None, "0.3"), (2010101.0, "General", "2010101"),
    (1e15, None, "1000000000000000"), (-0.0, None, "0"), (1.5e-7, None, "0.00000015"), (True, None, "TRUE"),
    (0.1234, "0.00%", "12.34%"), (0.125, "0%", "13%"), (1, "0.0%", "100.0%"),
    (1234.5, "#,##0.00", "1,234.50"), (1234.5, "#,##0.00_ ", "1,234.50"), (-1234.5, "#,##0.00_);[Red]\\(#,##0.00\\)", "-1,234.50"),
    (1234.5, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "1,234.50"),
    (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"), (-5, "#,##0;[红色]-#,##0", "-5"),
    (12, '0.00"万元"', "12.00万元"), (12, "[$￥-804]#,##0", "￥12"), (301, "000000", "000301"), (1.5, "0.##", "1.5"), (2, "0.##", "2"),
    (2.5, "0", "3"), (5, "# ?/?", "5"), (123456, "0!.0,", "123456"), (12345, "0.00E+00", "12345"),
    (0.12345, "[Color10]0.00%;[Red]-0.00%", "12.35%"), (0.12345, "[DBNum1]0.00%", "12.35%"), (0.5, "# ?/?%", "50%"),
    (0.5, "0.0E+00%", "50.0%"), (0.5, "General%", "50%"), (0.125, "0.00\\%", "0.13%"), (0.125, '0.00"%"', "0.13%"),
    (5, "[>=1]0.00;0.0%", "5.00"), (0.5, "[>=1]0.00;0.0%", "50.0%"), (-5, '[<0]"减少"0.00;0.00', "-5.00"), (5, "[h]:mm", "5"),
    (12.5, 'General"万元"', "12.5万元"), (-12.5, 'G/通用格式"万元"', "-12.5万元"), (12.5, "G/通用格式", "12.5"),
    (12.5, '# ?/?"万元"', "12.5万元"), (12.5, "0.00万元", "12.50万元"), (5, "0‰", "5‰"),
    (1234567, "#,##0.00,", "1,234.57"), (1234567, "0.0,,", "1.2"), (1234567, "#,##0,", "1,235"), (12000, '0.0,"千元"', "12.0千元"),
    (1e300, "0.00", "1" + "0" * 300 + ".00"), (1.5, "0." + "0" * 40, "1.5" + "0" * 39),
    (datetime.date(2024, 3, 1), None, "2024-03-01"), (datetime.datetime(2024, 3, 1), None, "2024-03-01"),
    (datetime.datetime(2024, 3, 1, 9, 30), None, "2024-03-01 09:30"), ("301", "0.00", "301"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "number_format", "text"), SHOWN)
def test_numbers_are_written_as_they_are_shown(value: object, number_format: str | None, text: str) -> None:
    """A format that is not understood leaves the plain number; a minus stays a minus."""
    assert shown(value, number_format) == text


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_formats_dates_and_errors_come_from_both_kinds_of_file(kind: str) -> None:
    """12.34% is not 0.1234, and an error is not an empty cell."""
    formats = ["0.00%", "#,##0.00", "yyyy-mm-dd"]
    values: Row = [0.1234, 1234.5, datetime.date(2024, 3, 1)]
    buffer = io.BytesIO()
    if kind == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["完成率", "金额", "日期", "差"])
        sheet.append([*values, "#REF!"])
        for index, number_format in enumerate(formats):
            sheet.cell(2, index + 1).number_format = number_format
        book.save(buffer)
    else:
        old = xlwt.Workbook()
        page = old.add_sheet("Sheet1")
        for index, name in enumerate(["完成率", "金额", "日期", "差"]):
            page.write(0, index, name)
        for index, number_format in enumerate(formats):
            page.write(1, index, values[index], xlwt.easyxf(num_format_str=number_format))
        page.row(1).set_cell_error(3, "#REF!")
        old.save(buffer)
    (table,) = read(buffer.getvalue(), kind=kind).tables
    assert table.texts()[1] == ["12.34%", "1,234.50", "2024-03-01", "#REF!"]


def test_a_large_legacy_workbook_keeps_its_merged_cells_and_hides_its_hidden_sheets() -> None:
    """The workbook's stream lies in many sectors; several numbers in a row share one record."""
    book = xlwt.Workbook()
    page = book.add_sheet("收入表")
    page.write_merge(0, 0, 0, 2, "收入总表")
    for column, name in enumerate(["科目", "预算", "执行"]):
        page.write(1, column, name)
    for row in range(2, 2_000):
        page.write(row, 0, f"科目{row}")
        page.write(row, 1, 0.5, xlwt.easyxf(num_format_str="0%") if row == 1_999 else xlwt.Style.default_style)
        page.write(row, 2, row)
    book.add_sheet("草稿").write(0, 0, "隐藏")
    book.get_sheet(1).visibility = 1
    buffer = io.BytesIO()
    book.save(buffer)
    document = read(buffer.getvalue(), kind="xls")
    assert document.text.startswith("收入总表\n\n科目\t预算\t执行\n科目2\t0.5\t2\n")
    assert "隐藏" not in document.text
    assert document.tables[0].texts()[-1] == ["科目1999", "50%", "1999"]


DATA = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1"><v>1</v></c></row></sheetData>'


def test_hidden_sheets_are_left_out_and_the_others_keep_their_order() -> None:
    """Publishers hide their scratch sheets: the text does not have them, the result warns of each."""
    document = read(workbook(DATA, DATA, DATA, states=("visible", "hidden", "veryHidden")))
    assert document.text == "甲表\n\n甲\t1\n\n"
    assert document.left_out == ("隐藏的工作表“乙表”", "隐藏的工作表“丙表”")
    findings = extract(document, "none").findings
    assert [(f.rule, f.severity) for f in findings] == [("left_out", "warning")] * 2
    assert "乙表" in findings[0].message
    assert read(workbook(DATA, DATA)).text == "甲表\n\n甲\t1\n\n乙表\n\n甲\t1\n\n"


def test_formulas_give_their_saved_values_and_errors_stay() -> None:
    """Nothing is computed."""
    cells = (
        '<c r="A1" t="inlineStr"><is><r><t>合</t></r><r><t>计</t></r></is></c><c r="B1"><f>1+1</f><v>2</v></c>'
        '<c r="C1" t="str"><f>A1</f><v>文</v></c><c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E1" t="b"><v>1</v></c>'
    )
    assert (
        read(workbook(f'<sheetData><row r="1">{cells}</row></sheetData>')).text
        == "甲表\n\n合计\t2\t文\t#DIV/0!\tTRUE\n\n"
    )


@pytest.mark.parametrize(
    ("cells", "left_out"),
    [
        ('<c r="A1"><v>1</v></c><c r="B1"><f>A1</f></c><c r="C1"><f>A1</f><v></v></c>', ("工作表“甲表”中2个公式没有保存的值",)),
        ('<c r="A1"><v>1</v></c><c r="B1"><f>A1</f><v>0</v></c><c r="C1" t="str"><f>""</f><v></v></c>', ()),
    ],
)  # fmt: skip
def test_formulas_without_a_saved_value_are_counted(cells: str, left_out: tuple[str, ...]) -> None:
    """Their cells stay empty; a saved empty text or a saved 0 is a value."""
    document = read(workbook(f'<sheetData><row r="1">{cells}</row></sheetData>'))
    assert document.left_out == left_out
    assert document.text.split()[0] in ("1", "甲表")


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="A1" s="²"><v>1.5</v></c>',
        '<c r="A1"><v>1.5</v></c><c r="B1" t="s"><v>²</v></c>',
        '<c r="A1" s="１"><v>1.5</v></c>',
    ],
)
def test_signs_that_only_look_like_digits_are_no_numbers(cells: str) -> None:
    """² is a digit to Python and no number; the facts of the sheet are read without it."""
    styles = '<numFmts><numFmt numFmtId="²" formatCode="0.00"/></numFmts><cellXfs><xf numFmtId="²"/></cellXfs>'
    raw = workbook(f'<sheetData><row r="²">{cells}</row></sheetData>', styles=styles)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        facts = SheetReader(archive, "某局.xlsx", Limits()).read("xl/worksheets/sheet1.xml", "甲表")
    assert facts.formats == {}


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        ('<dimension ref="A1:XFD1048576"/>' + DATA, 2),
        ('<sheetData><row><c t="inlineStr"><is><t>甲</t></is></c><c><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>', 2),
        ('<sheetData><row r="1048576"><c r="XFC1048576"><v>1</v></c><c r="XFD1048576"><v>2</v></c></row></sheetData>', 2),
        (DATA + '<mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>', 2),
    ],
)  # fmt: skip
def test_a_claimed_size_without_values_costs_nothing(sheet: str, cells: int) -> None:
    """Templates are formatted to the last row and column; only values count."""
    (table,) = read(workbook(sheet), Limits(cells=100)).tables
    assert len(table.cells) == cells


FAR = DATA.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
LONG = '<c t="s"><v>0</v></c>' * 200
STRING = f"<si><t>{'预算' * 5_000}</t></si>"


@pytest.mark.parametrize(
    ("raw", "limits", "words"),
    [
        (workbook(FAR), Limits(), r"sheet 甲表: a table of 17,179,869,184 cells, .* limit of 500,000 .* raise Limits\(cells=…\)"),
        (workbook(f"<sheetData><row>{LONG}</row></sheetData>", strings=STRING), Limits(characters=1_000_000),
         r"sheet 甲表: the text of the workbook is longer than the limit of 1,000,000 .* raise Limits\(characters=…\)"),
    ],
)  # fmt: skip
def test_a_small_file_that_asks_for_much_is_refused(raw: bytes, limits: Limits, words: str) -> None:
    """One cell at the last place of a sheet, and one long string in every cell, are seen before the workbook is opened."""
    with pytest.raises(InputError, match=words):
        read(raw, limits)


def test_a_legacy_workbook_with_a_far_cell_is_refused() -> None:
    """Every sheet of it is unfolded at once, so all are bounded before."""
    book = xlwt.Workbook()
    page = book.add_sheet("收入表")
    page.write(0, 0, 1)
    page.write(65_535, 255, 1)
    buffer = io.BytesIO()
    book.save(buffer)
    with pytest.raises(InputError, match=r"某局.xls: sheet 收入表: a table of 16,777,216 cells"):
        read(buffer.getvalue(), kind="xls")


def test_a_wide_sheet_is_read() -> None:
    """1,000 columns are no reason to refuse."""
    (table,) = read(made([list(range(1_000)), list(range(1_000))])).tables
    assert (table.height, table.width) == (2, 1_000)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("raw", "kind", "words"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "xlsx", "encrypted with a password; open it"),
        (OLE + b"\0" * 22 + b"\x09\0" + "EncryptedPackage".encode("utf-16-le") * 9, "xls", "encrypted with a password"),
        (OLE + b"\0" * 600, "xls", "found a damaged one or another kind"),
        (b"PK\x03\x04", "xls", "found another kind of file"),
        (word("<w:p/>"), "xlsx", "expected an Excel workbook, found a Word document"),
        (
            container({"[Content_Types].xml": "<a/>", "xl/workbook.bin": b"\1"}),
            "xlsx",
            r"found a binary workbook \(.xlsb\)",
        ),
        (workbook(DATA)[:400], "xlsx", "damaged"),
        (workbook("<sheetData><row>"), "xlsx", "sheet1.xml damaged"),
        (workbook('<!DOCTYPE a [<!ENTITY b "x">]>'), "xlsx", "declares a document type"),
    ],
)
def test_what_cannot_be_read_is_named(raw: bytes, kind: str, words: str) -> None:
    """Each message names the file and the fault."""
    with pytest.raises(FormatError, match=words) as caught:
        read(raw, kind=kind)
    assert str(caught.value).startswith(f"某局.{kind}: ")


def legacy(rows: int = 1) -> bytearray:
    """Return an .xls workbook with so many rows."""
    book = xlwt.Workbook()
    page = book.add_sheet("甲")
    for row in range(rows):
        page.write(row, 0, f"科目{row}")
        page.write(row, 1, row + 0.5)
    buffer = io.BytesIO()
    book.save(buffer)
    return bytearray(buffer.getvalue())


FAR_SECTOR = struct.pack("<I", 0x7FFFFFFF)
DAMAGES = [
    (30, b"\x1f\0", "sectors of"),
    (40, FAR_SECTOR, "its directory claims"),
    (44, FAR_SECTOR, "its table claims"),
    (64, FAR_SECTOR, "its small table claims"),
    (48, FAR_SECTOR, "its sector 2,147,483,647 is beyond"),
    (60, FAR_SECTOR, "its sector 2,147,483,647 is beyond"),
    (68, FAR_SECTOR, "leads out of the file"),
    (68, b"\0\0\0\0", "leads out of the file"),
    (76, FAR_SECTOR, "leads out of the file"),
]


@pytest.mark.parametrize(("place", "found", "words"), DAMAGES)
def test_a_header_that_claims_more_than_the_file_is_refused(place: int, found: bytes, words: str) -> None:
    """The reader of the values would make room for it, and end the process."""
    raw = legacy()
    raw[place : place + len(found)] = found
    with pytest.raises(FormatError, match=rf"某局.xls: .*{words}"):
        read(bytes(raw), kind="xls")


@pytest.mark.parametrize(
    ("at", "found", "words"),
    [
        (120, FAR_SECTOR, "claims 2,147,483,647 bytes"),
        (116, FAR_SECTOR, "its sector 2,147,483,647 is beyond"),
        (116, b"\xff\xff\xff\xff", "its sector 4,294,967,295 is beyond"),
    ],
)
def test_a_stream_that_lies_outside_the_file_is_refused(at: int, found: bytes, words: str) -> None:
    """Its length and its first sector are held against the file."""
    raw = legacy()
    place = raw.index("Workbook".encode("utf-16-le")) + at
    raw[place : place + 4] = found
    with pytest.raises(FormatError, match=words):
        read(bytes(raw), kind="xls")


def test_sectors_in_a_circle_are_refused() -> None:
    """Each sector of the workbook would be read again and again."""
    raw = legacy(200)
    table = (struct.unpack_from("<I", raw, 76)[0] + 1) * 512
    for number in range(128):
        if struct.unpack_from("<I", raw, table + 4 * number)[0] == number + 1:
            raw[table + 4 * number + 4 : table + 4 * number + 8] = struct.pack("<I", number)
    with pytest.raises(FormatError, match="go in a circle"):
        read(bytes(raw), kind="xls")


@pytest.mark.parametrize(
    ("record", "at", "found", "words"),
    [
        (struct.pack("<HH", 0x0200, 14), 8, b"\xff\x7f\xff\x7f", "a sheet of 2,147"),
        (struct.pack("<HH", 0x0200, 14), 4, b"\xff\0\0\0\1\0\0\0", "a sheet of -254 rows"),
        (b"\xfc\0", 8, b"\xff\xff\xff\x7f", "more shared strings than bytes"),
    ],
)
def test_a_legacy_sheet_that_claims_to_be_endless_is_refused(record: bytes, at: int, found: bytes, words: str) -> None:
    """The room for its cells and strings is made before the first of them is read."""
    raw = legacy()
    place = raw.index(record) + at
    raw[place : place + len(found)] = found
    with pytest.raises(FormatError, match=words):
        read(bytes(raw), kind="xls")


class PanicException(BaseException):
    """What compiled code raises where it gives up."""


@pytest.mark.parametrize(
    ("raised", "expected"), [(PanicException, FormatError), (KeyboardInterrupt, KeyboardInterrupt)]
)
def test_only_the_panic_of_the_reader_becomes_an_error_of_the_file(
    raised: type[BaseException], expected: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key press that ends the program still ends it."""

    def load(_: object) -> None:
        raise raised("range start 116")

    monkeypatch.setattr("python_calamine.load_workbook", load)
    with pytest.raises(expected, match="range start 116"):
        read(workbook(DATA))


def test_a_legacy_workbook_under_a_password_is_named() -> None:
    """Its records say so."""
    book = xlwt.Workbook()
    book.add_sheet("甲").write(0, 0, "a")
    buffer = io.BytesIO()
    book.save(buffer)
    raw = buffer.getvalue()
    at = raw.index(struct.pack("<HHH", 0x0809, 16, 0x0600)) + 20
    with pytest.raises(FormatError, match="encrypted with a password; open it with its password"):
        read(raw[:at] + struct.pack("<H", 0x2F) + raw[at + 2 :], kind="xls")


def test_a_remark_under_a_merged_title_needs_no_table() -> None:
    """A title that is merged over more columns than are filled, then a remark: two lines of text."""
    document = read(made([["2024"], [None, "收入"], ["备注：无"]], merged=("B2:C3",)))
    assert document.text.split() == ["2024", "收入", "备注：无"]
    assert document.tables == ()


def test_an_empty_workbook_is_refused() -> None:
    """Empty sheets are no disclosure, and neither is their name."""
    with pytest.raises(EmptyInputError, match="white space"):
        read(made([[None]], "收支总表"))


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_the_missing_package_is_named(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    words = rf'reading .{kind} files needs python-calamine; install it with: pip install "budget-llm\[excel\]"'
    with pytest.raises(FormatError, match=words):
        read(workbook(DATA), kind=kind)


CELL = st.sampled_from([None, None, "收入", "备注：无", "一、收入", 1.5, 2010101])
PLACES = st.tuples(st.integers(1, 5), st.integers(1, 4), st.integers(0, 2), st.integers(0, 2))


@given(st.lists(st.lists(CELL, max_size=4), min_size=1, max_size=6), PLACES)
def test_any_sheet_gives_its_texts_in_order_and_cells_that_stand_in_the_text(
    rows: list[Row], place: tuple[int, int, int, int]
) -> None:
    """No cell is lost, whatever is a title, a table or a remark."""
    top, left, down, across = place
    sheet: list[Row] = [["2024"], *rows]
    assert read(made(sheet)).text.split() == [shown(value) for row in sheet for value in row if value is not None]
    merged = f"{'ABCDEFG'[left]}{top}:{'ABCDEFG'[left + across]}{top + down}"
    read(made([["2024"], ["2024"], *rows], merged=(merged,)))
