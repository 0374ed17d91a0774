"""An example as a Word document: styles, sections, merged cells, headers and footers with page fields."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from tests.renderings.content import Block, Table, blocks, pieces

CENTRE, RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True, slots=True)
class Look:
    """How a publisher sets its documents: fonts, sizes in points, page furniture and tables."""

    footer: str
    running_head: str = ""
    latin: str = "Times New Roman"
    text: str = "仿宋"
    heading: str = "黑体"
    subheading: str = "楷体"
    size: float = 16
    pitch: float = 28
    table_size: float = 10.5
    landscape: bool = False
    repeat_head: bool = True
    cut_runs: bool = False
    contents_pages: tuple[int, ...] = ()


def write(stem: str, look: Look, path: Path) -> None:
    """Write an example as a Word document in the look given."""
    document: Any = docx.Document()
    _styles(document, look)
    _page(document.sections[0], look)
    entries, wide = 0, False
    for block in blocks(stem):
        if block.table is not None:
            if look.landscape and not wide:
                wide = True
                _turn(document)
            elif wide:
                document.add_page_break()
            _table(document, block.table, look)
        elif block.kind == "contents":
            page = look.contents_pages[entries] if look.contents_pages else None
            entries += 1
            _contents_entry(document, block, page, look)
        else:
            _prose(document, block, look)
    document.save(str(path))


def _styles(document: Document, look: Look) -> None:
    levels = {1: look.heading, 2: look.heading, 3: look.subheading, 4: look.text}
    faces = {"Normal": look.text, "Title": look.heading}
    faces |= {f"Heading {level}": face for level, face in levels.items()}
    for name, face in faces.items():
        style: Any = document.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]
        for slot, value in (("ascii", look.latin), ("hAnsi", look.latin), ("cs", look.latin), ("eastAsia", face)):
            fonts.set(qn(f"w:{slot}"), value)
        style.font.size = Pt(look.size + 6 if name == "Title" else look.size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.font.bold = name != "Normal" and face in (look.text, look.subheading)
        style.font.italic = False
        style.paragraph_format.line_spacing = Pt(look.pitch + 8 if name == "Title" else look.pitch)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.widow_control = False
        for border in style.element.pPr.findall(qn("w:pBdr")):
            style.element.pPr.remove(border)


def _page(section: Any, look: Look) -> None:
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    if look.running_head:
        paragraph = section.header.paragraphs[0]
        paragraph.alignment = CENTRE
        paragraph.add_run(look.running_head).font.size = Pt(9)
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = CENTRE
    for part in look.footer.replace("{", "|{").replace("}", "}|").split("|"):
        if part in ("{PAGE}", "{NUMPAGES}"):
            _field(paragraph, part.strip("{}"))
        elif part:
            paragraph.add_run(part).font.size = Pt(12)


def _field(paragraph: Paragraph, name: str) -> None:
    """A field as word processors write it: begin, instruction, separator, last result, end."""
    for kind in ("begin", name, "separate", "1", "end"):
        run = paragraph.add_run()
        run.font.size = Pt(12)
        if kind == "1":
            run.text = kind
            continue
        element = OxmlElement("w:instrText" if kind == name else "w:fldChar")
        if kind == name:
            element.text = f" {name} "
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _turn(document: Document) -> None:
    """Begin the landscape section that holds the tables."""
    section: Any = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)


def _add(paragraph: Paragraph, text: str, look: Look) -> None:
    for piece in pieces(text) if look.cut_runs else [text]:
        paragraph.add_run(piece)


def _prose(document: Document, block: Block, look: Look) -> None:
    if block.kind == "heading":
        paragraph = document.add_paragraph(style=f"Heading {block.level}")
        if block.level == 1:
            paragraph.alignment = CENTRE
            paragraph.paragraph_format.page_break_before = bool(look.contents_pages)
        else:
            _indent(paragraph, look)
    elif block.kind in ("title", "contents-title"):
        paragraph = document.add_paragraph(style="Title" if block.kind == "title" else None)
        paragraph.alignment = CENTRE
        paragraph.paragraph_format.space_after = Pt(look.pitch)
    elif block.kind == "signature":
        paragraph = document.add_paragraph()
        paragraph.alignment = RIGHT
    else:
        paragraph = document.add_paragraph()
        paragraph.alignment = JUSTIFY
        _indent(paragraph, look)
        _break_figures(paragraph)
    _add(paragraph, block.text, look)


def _indent(paragraph: Paragraph, look: Look) -> None:
    """Two characters before the first line, as a count of characters and as a length."""
    paragraph.paragraph_format.first_line_indent = Pt(2 * look.size)
    properties: Any = paragraph._p.get_or_add_pPr()
    properties.ind.set(qn("w:firstLineChars"), "200")


def _break_figures(paragraph: Paragraph) -> None:
    """Let lines end inside figures and Latin words."""
    properties = paragraph._p.get_or_add_pPr()
    element = OxmlElement("w:wordWrap")
    element.set(qn("w:val"), "0")
    properties.insert_element_before(element, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _contents_entry(document: Document, block: Block, page: int | None, look: Look) -> None:
    paragraph = document.add_paragraph()
    if block.level > 1:
        paragraph.paragraph_format.left_indent = Pt(look.size)
    _add(paragraph, block.text, look)
    if page is not None:
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(15.6), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        paragraph.add_run(f"\t{page}")


def _table(document: Document, table: Table, look: Look) -> None:
    left = WD_ALIGN_PARAGRAPH.LEFT
    for text, alignment in ((table.label, left), (table.title, CENTRE), (table.unit, RIGHT)):
        if text:
            paragraph = document.add_paragraph()
            paragraph.alignment = alignment
            paragraph.paragraph_format.keep_with_next = True
            run = paragraph.add_run(text)
            run.font.size = Pt(look.table_size + (4 if text == table.title else 1))
            run.bold = text == table.title
    grid = document.add_table(len(table.rows), table.width, style="Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    _widths(grid, table, look)
    hidden = table.covered()
    for row, cells in enumerate(table.rows):
        _row(grid, row, row < table.head and look.repeat_head)
        for column, text in enumerate(cells):
            if (row, column) in hidden:
                continue
            span = table.span(row, column)
            cell = grid.cell(row, column)
            if (span.rows, span.columns) != (1, 1):
                cell = cell.merge(grid.cell(row + span.rows - 1, column + span.columns - 1))
            _cell(cell, text, row < table.head, look)


def _widths(grid: DocxTable, table: Table, look: Look) -> None:
    """Columns as narrow as publishers make them: room for figures, names wrap."""
    room = 25.0 if look.landscape else 15.4
    longest = [max(min(len(row[column]), 14) for row in table.rows) + 1.5 for column in range(table.width)]
    grid.autofit = False
    for column, share in enumerate(longest):
        width = Cm(room * share / sum(longest))
        grid.columns[column].width = width
        for cell in grid.columns[column].cells:
            cell.width = width


def _row(grid: DocxTable, row: int, repeat: bool) -> None:
    """A row that no page break cuts; a header row stands again on each page."""
    properties: Any = grid.rows[row]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeat:
        properties.append(OxmlElement("w:tblHeader"))


def _cell(cell: _Cell, text: str, head: bool, look: Look) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.line_spacing = Pt(look.table_size * 1.45)
    figure = text.replace(",", "").replace(".", "").rstrip("%").isdecimal()
    if head:
        paragraph.alignment = CENTRE
    elif figure:
        paragraph.alignment = RIGHT
    for piece in pieces(text) if look.cut_runs else [text] if text else []:
        run = paragraph.add_run(piece)
        run.font.size = Pt(look.table_size)
        run.bold = head
