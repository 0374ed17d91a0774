"""Word documents to documents: what is shown, in order, with the numbers that Word adds and the tables as they are merged."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget_llm.document import Document
from budget_llm.errors import EmptyInputError, FormatError, InputError
from budget_llm.formats import load
from budget_llm.formats.limits import Limits
from budget_llm.formats.word import read_word
from budget_llm.formats.word.numbering import chinese
from tests.office_files import WORD_TYPES, checked, container, word, workbook


def read(raw: bytes, limits: Limits | None = None) -> Document:
    """Return the checked document of these bytes."""
    return checked(read_word(raw, "某局.docx", limits or Limits()))


def p(inner: str, properties: str = "") -> str:
    """Return a paragraph."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    """Return a run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def tc(text: str, properties: str = "") -> str:
    """Return a table cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(r(text))}</w:tc>"


def tbl(*rows: str) -> str:
    """Return a table of rows of cells."""
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def field(kind: str) -> str:
    """Return a mark of a field: begin, separate or end."""
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


CODE = "<w:r><w:instrText>{}</w:instrText></w:r>"
BOX = "<w:txbxContent>{}</w:txbxContent>"

TEXTS = [
    (p(r("一、收入")) + p("") + p(r("二、支出")), "一、收入\n二、支出\n"),
    (p(r("收入10") + r("0.50", "<w:b/>") + r("万元")), "收入100.50万元\n"),
    (p(r("甲") + "<w:r><w:br/></w:r>" + r("乙") + '<w:r><w:br w:type="page"/></w:r>' + r("丙")), "甲\n乙\n丙\n"),
    (p(r("甲") + "<w:r><w:tab/></w:r>" + r("10")), "甲\t10\n"),
    (p(r("　　甲 ")), "甲\n"),
    (p(r("301") + "<w:r><w:noBreakHyphen/></w:r>" + r("01")), "301-01\n"),
    (p(r("比上年") + "<w:del><w:r><w:delText>减少</w:delText></w:r></w:del><w:ins>" + r("增加") + "</w:ins>" + r("5")),
     "比上年增加5\n"),
    ("<w:ins>" + p(r("新")) + "</w:ins><w:moveFrom>" + p(r("旧")) + "</w:moveFrom>" + p(r("后")), "新\n后\n"),
    (p(r("收入") + r("草稿", "<w:vanish/>") + r("5万元", '<w:vanish w:val="0"/>')), "收入5万元\n"),
    (p(r("收入") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + '<w:commentRangeStart w:id="1"/>' + r("5")), "收入5\n"),
    (p(field("begin") + CODE.format(" = 1+1 ") + field("separate") + r("2") + field("end") + r("万元")), "2万元\n"),
    (p(field("begin") + CODE.format("IF ") + field("begin") + CODE.format("A") + field("separate") + r("否") + field("end")
       + field("separate") + r("是") + field("end")), "是\n"),
    (p('<w:fldSimple w:instr="PAGE">' + r("3") + "</w:fldSimple>"), "3\n"),
    (p(field("begin") + CODE.format("BAD") + r("码")) + p(r("后")), "后\n"),
    (p(field("begin") + CODE.format('TOC \\o "1-3"') + field("separate") + r("一、收入") + "<w:r><w:tab/></w:r>" + r("3"))
     + p(r("二、支出") + "<w:r><w:tab/></w:r>" + r("4") + field("end")), "一、收入 3\n二、支出 4\n"),
    ("<w:sdt><w:sdtPr/><w:sdtContent>" + p(r("控件") + "<w:sdt><w:sdtContent>" + r("内") + "</w:sdtContent></w:sdt>")
     + "</w:sdtContent></w:sdt>", "控件内\n"),
    (p('<w:hyperlink w:anchor="a">' + r("链接") + "</w:hyperlink><w:smartTag>" + r("标记") + "</w:smartTag>"), "链接标记\n"),
    (p(r("前") + "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>" + BOX.format(p(r("框一")) + p(r("框二")))
       + "</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>" + BOX.format(p(r("框一")) + p(r("框二")))
       + "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>" + r("后")) + p(r("末")), "前后\n框一\n框二\n末\n"),
    (p("<w:r><w:pict><v:textbox>" + BOX.format(p(r("旧框"))) + "</v:textbox></w:pict></w:r>"), "旧框\n"),
    (p(r("收入12.5") + r("1", '<w:vertAlign w:val="superscript"/>') + r("万元")), "收入12.5¹万元\n"),
    (p(r("收入12.5") + r("1", '<w:vertAlign w:val="baseline"/>')), "收入12.51\n"),
    (p(r("收入") + r("5", "<w:strike/>") + r("6", "<w:dstrike/>") + r("7", '<w:strike w:val="0"/>')), "收入7\n"),
    ("<w:customXml>" + p(r("甲")) + '</w:customXml><w:altChunk w:id="x"/>', "甲\n"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "text"), TEXTS)
def test_the_text_is_what_a_reader_sees(body: str, text: str) -> None:
    """Tracked changes are taken as accepted; codes, hidden text and notes are not in the sentences."""
    assert read(word(body)).text == text


TABLES = [
    (tbl(tc("项目") + tc("金额"), tc("合计") + tc("1.50")), [["项目", "金额"], ["合计", "1.50"]]),
    (tbl(tc("科目", '<w:vMerge w:val="restart"/>') + tc("支出", '<w:gridSpan w:val="2"/>'),
         tc("", "<w:vMerge/>") + tc("基本") + tc("项目"), tc("办公") + tc("1") + tc("2")),
     [["科目", "支出", ""], ["", "基本", "项目"], ["办公", "1", "2"]]),
    (tbl('<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("金额"), tc("合计") + tc("1")), [["", "金额"], ["合计", "1"]]),
    (tbl(tc("支出", '<w:hMerge w:val="restart"/>') + tc("", "<w:hMerge/>"), tc("1") + tc("2")), [["支出", ""], ["1", "2"]]),
    (tbl(tc("甲") + tc("1"), "<w:trPr><w:del/></w:trPr>" + tc("旧") + tc("0"), tc("乙") + tc("2")), [["甲", "1"], ["乙", "2"]]),
    (tbl("<w:tc>" + p(r("一般")) + p(r("公共")) + "</w:tc><w:tc>" + p(r("12")) + p(r("34")) + "</w:tc>"), [["一般公共", "12 34"]]),
    (tbl("<w:tc>" + p(r("12.5%")) + p(r("13.5%")) + "</w:tc><w:tc>" + p(r("（1.00）")) + p(r("（2.00）")) + "</w:tc>",
         "<w:tc>" + p(r("1.00元")) + p(r("2.00元")) + "</w:tc><w:tc>" + p(r("增长5%")) + p(r("左右")) + "</w:tc>"),
     [["12.5% 13.5%", "（1.00） （2.00）"], ["1.00元 2.00元", "增长5%左右"]]),
    (tbl("<w:sdt><w:sdtContent>" + tc("甲") + "</w:sdtContent></w:sdt>" + tc("1")), [["甲", "1"]]),
    (tbl(tc("甲") + tc("1") + tc(""), tc("") + tc("") + tc("")), [["甲", "1"]]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "texts"), TABLES)
def test_tables_have_each_merged_cell_once(body: str, texts: list[list[str]]) -> None:
    """Deleted rows are gone, the paragraphs of a cell are one text, empty edges are cut off."""
    assert [table.texts() for table in read(word(body)).tables] == [texts]


def test_merged_cells_know_what_they_cover() -> None:
    """gridSpan gives the columns, vMerge the rows."""
    body = tbl(
        tc("科目", '<w:vMerge w:val="restart"/>') + tc("支出", '<w:gridSpan w:val="2"/>'),
        tc("", "<w:vMerge/>") + tc("基本") + tc("项目"),
    )
    (table,) = read(word(body)).tables
    assert [(c.text, c.row, c.column, c.rows, c.columns) for c in table.cells] == [
        ("科目", 0, 0, 2, 1), ("支出", 0, 1, 1, 2), ("基本", 1, 1, 1, 1), ("项目", 1, 2, 1, 1),
    ]  # fmt: skip


def test_paragraphs_and_tables_keep_their_order() -> None:
    """A frame of one cell is text; a table inside a cell follows the table that it stands in."""
    inner = tbl(tc("内甲") + tc("1"))
    body = p(r("前")) + tbl(tc("框中")) + tbl(tc("外") + f"<w:tc>{p(r('二'))}{inner}{p('')}</w:tc>") + p(r("后"))
    document = read(word(body))
    assert document.text == "前\n框中\n\n外\t二\n\n\n内甲\t1\n\n后\n"
    assert [cell.text for table in document.tables for cell in table.cells] == ["外", "二", "内甲", "1"]


NUMBERING = (
    "".join(
        f'<w:abstractNum w:abstractNumId="{number}">'
        + "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for level, (kind, text) in enumerate(levels)
        )
        + f'</w:abstractNum><w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        for number, levels in enumerate(
            [
                [("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")],
                [("bullet", "●")],
                [("japaneseCounting", "第%1部分"), ("decimal", "%1.%2"), ("decimal", '%1.%3"/><w:isLgl w:val="1')],
                [("hebrew1", "%1.")],
            ]
        )
    )
    + '<w:num w:numId="9"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
)
STYLES = (
    '<w:style w:styleId="H"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="0"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="H2"><w:basedOn w:val="H"/></w:style><w:style w:styleId="L"><w:basedOn w:val="L"/></w:style>'
)


def item(text: str, number: int, level: int = 0) -> str:
    """Return a numbered paragraph."""
    return p(r(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


NUMBERED = [
    (item("甲", 0) + item("乙", 0, 1) + item("丙", 0, 1) + item("丁", 0, 2) + item("戊", 0) + item("己", 0, 1),
     "一、甲\n（一）乙\n（二）丙\n1.丁\n二、戊\n（一）己\n"),
    (item("甲", 0) + item("乙", 9) + item("丙", 9), "一、甲\n五、乙\n六、丙\n"),
    (item("甲", 1) + item("乙", 3) + item("丙", 8), "甲\n乙\n丙\n"),
    (item("甲", 2) + item("乙", 2, 1) + item("丙", 2, 2), "第一部分 甲\n一.1 乙\n1.1 丙\n"),
    (item("5万元", 0, 2) + item("2024年", 0, 2) + item(".5", 0, 2) + item("5万元", 0), "1. 5万元\n2. 2024年\n3. .5\n一、5万元\n"),
    (item("甲", 0) + p(r("乙"), '<w:pStyle w:val="H"/>') + p(r("丙"), '<w:pStyle w:val="H2"/>') + p(r("丁"), '<w:pStyle w:val="L"/>'),
     "一、甲\n（一）乙\n（二）丙\n丁\n"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "text"), NUMBERED)
def test_automatic_numbers_are_written_before_the_text(body: str, text: str) -> None:
    """They count by level, restart under a new heading, and come from styles as well; bullets are not text."""
    assert read(word(body, numbering=NUMBERING, styles=STYLES)).text == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (105, "一百零五"),
        (110, "一百一十"),
        (2024, "二千零二十四"),
        (0, "0"),
    ],
)
def test_chinese_counting(number: int, text: str) -> None:
    """As Word counts headings."""
    assert chinese(number) == text


NOTE = '<w:footnote w:id="2">{}</w:footnote>'
LINE = '<w:footnote w:type="separator" w:id="0">{}</w:footnote>'
OBJECT = '<w:r><w:object><v:shape/><o:OLEObject xmlns:o="urn:o" Type="Embed"/></w:object></w:r>'


@pytest.mark.parametrize(
    ("body", "parts", "left_out"),
    [
        (p(r("甲") + r("乙", "<w:strike/>")) + p(r("丙", "<w:strike/>")), {}, ("删除线文字",)),
        (p(r("甲") + r(" ", "<w:strike/>") + r("乙", '<w:strike w:val="0"/>')), {}, ()),
        (p(r("甲") + OBJECT * 2), {}, ("嵌入的对象",)),
        (p(r("甲")) + '<w:altChunk w:id="x"/>', {}, ("嵌入的对象",)),
        (p(r("甲") + "<w:r><w:object><v:shape/></w:object></w:r>"), {}, ()),
        (p(r("甲")), {"footnotes": NOTE.format(p(r("含上年结转")))}, ("脚注",)),
        (p(r("甲")), {"endnotes": NOTE.format(p(r("含上年结转"))), "footnotes": NOTE.format(p(r("注")))}, ("脚注",)),
        (p(r("甲")), {"footnotes": LINE.format(p(r("线"))) + NOTE.format(p(""))}, ()),
    ],
)
def test_what_is_not_read_is_named_once(body: str, parts: dict[str, str], left_out: tuple[str, ...]) -> None:
    """Struck-out text, embedded files and footnotes are no part of the text, and the result says so."""
    assert read(word(body, **parts)).left_out == left_out


def test_macros_and_links_are_neither_run_nor_followed(tmp_path: Path) -> None:
    """A document with a macro project and links to other hosts and files is read like any other."""
    path = tmp_path / "某局.docm"
    path.write_bytes(word(p(r("2024年收入预算100.50万元。")) + '<w:altChunk r:id="rId2" xmlns:r="urn:r"/>'))
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="urn:{kind}" TargetMode="External" Target="{target}"/>'
        for n, (kind, target) in enumerate(
            (("image", "http://host.invalid/a.png"), ("oleObject", "file:///etc/passwd")), 2
        )
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"Shell" * 9)
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{relations}</Relationships>")
    assert load(path).text == "2024年收入预算100.50万元。\n"


def test_a_part_with_another_checksum_is_damaged() -> None:
    """A changed byte that still unfolds is reported as damage of that part."""
    raw = bytearray(word(p(r("甲"))))
    place = raw.rindex(b"PK\x01\x02") + 16
    raw[place : place + 4] = b"\1\2\3\4"
    with pytest.raises(FormatError, match=r"found word/document\.xml damaged"):
        read(bytes(raw))


def test_what_the_library_writes_is_read() -> None:
    """A file of an office program, with page header and footer, which are left out."""
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "页眉"
    made.sections[0].footer.paragraphs[0].text = "第1页"
    made.add_heading("某局2024年部门预算", 1)
    table = made.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "收支总表"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "收入"
    table.cell(1, 1).text, table.cell(2, 2).text = "1.50", "2"
    made.add_paragraph("说明。")
    buffer = io.BytesIO()
    made.save(buffer)
    document = read(buffer.getvalue())
    assert document.text == "某局2024年部门预算\n\n收支总表\t\t\n收入\t1.50\t\n\t\t2\n\n说明。\n"
    assert (document.format, document.source) == ("docx", "某局.docx")


BAD = [
    (container({"[Content_Types].xml": WORD_TYPES}), "found a container without word/document.xml"),
    (workbook("<sheetData/>"), "expected a Word document, found an Excel workbook"),
    (word("<w:p>"), "found word/document.xml damaged"),
    (word("<w:tbl><w:tr><w:tc>" * 5_000 + "</w:tc></w:tr></w:tbl>" * 5_000), "found word/document.xml damaged"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted with a password"),
    (word(p(r("a")))[:200], "damaged"),
]


@pytest.mark.parametrize(("raw", "words"), BAD)
def test_what_cannot_be_read_is_named(raw: bytes, words: str) -> None:
    """Each message names the file and the fault."""
    with pytest.raises(FormatError, match=words) as caught:
        read(raw)
    assert str(caught.value).startswith("某局.docx: ")


def test_an_empty_document_is_refused() -> None:
    """White space is no disclosure."""
    with pytest.raises(EmptyInputError, match="white space"):
        read(word(p(r(" 　"))))


def test_a_wide_table_is_read_and_one_beyond_the_limit_is_not() -> None:
    """1,000 columns are fine; what the spans cover counts."""
    body = tbl("".join(tc(str(i)) for i in range(1_000)), tc("甲"))
    assert read(word(body)).tables[0].width == 1_000
    with pytest.raises(InputError, match=r"某局.docx: table 1: .* limit of 1,500 .* raise Limits\(cells=…\)"):
        read(word(body), Limits(cells=1_500))
    with pytest.raises(InputError, match="more than the limit of 5,000"):
        read(word(tbl(tc("甲", '<w:gridSpan w:val="999999999"/>') + tc("乙"))), Limits(cells=5_000))


def test_a_part_that_would_fill_the_memory_is_refused() -> None:
    """Its bytes and its tags are counted before a tree is made of them."""
    raw = word(p(r("甲" * 1_000)) + "<w:p/>" * 1_000)
    with pytest.raises(InputError, match=r"document.xml holds more than 4 bytes .* raise Limits\(characters=…\)"):
        read(raw, Limits(characters=1_000))
    with pytest.raises(InputError, match=r"document.xml: .* limit of 50 .* raise Limits\(cells=…\)"):
        read(raw, Limits(cells=50))


def test_nested_alternatives_take_linear_time() -> None:
    """Each level of alternative content is looked through once, not twice for each level above."""
    inner = "<w:drawing>" + BOX.format(p(r("框"))) + "</w:drawing>"
    for _ in range(60):
        inner = f"<mc:AlternateContent><mc:Choice>{inner}</mc:Choice></mc:AlternateContent>"
    assert read(word(p(f"<w:r>{inner}</w:r>"))).text == "框\n"


def test_the_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "docx.oxml", None)
    with pytest.raises(FormatError, match=r'needs python-docx; install it with: pip install "budget-llm\[docx\]"'):
        read(word(p(r("a"))))


CELLS = st.tuples(
    st.sampled_from(["", "收入", "1.50", "a b"]),
    st.sampled_from(["", '<w:gridSpan w:val="3"/>', "<w:vMerge/>", '<w:vMerge w:val="restart"/>', "<w:hMerge/>"]),
)


@given(st.lists(st.lists(CELLS, max_size=4), max_size=5))
def test_any_merging_gives_cells_that_stand_in_the_text(rows: list[list[tuple[str, str]]]) -> None:
    """However cells are merged, they are where they say."""
    read(word(p(r("2024")) + tbl(*("".join(tc(text, merge) for text, merge in row) for row in rows))))
