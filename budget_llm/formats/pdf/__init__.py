"""PDF by pypdfium2: characters with places → lines and ruled tables → furniture set apart → paragraphs joined."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from budget_llm.errors import FormatError, InputError
from budget_llm.formats.draft import Draft, Slot
from budget_llm.formats.limits import Limits
from budget_llm.formats.pdf.furniture import furniture
from budget_llm.formats.pdf.glyphs import Glyph, Line, Turn, angle_of, glyphs_of, lines_of
from budget_llm.formats.pdf.lattice import Ruled, ruled_tables
from budget_llm.formats.pdf.paragraphs import Margins, goes_on, join, margins
from budget_llm.formats.pdf.streams import check_streams
from budget_llm.formats.pdf.unruled import runs, slots_of

if TYPE_CHECKING:
    from budget_llm.document import Document

# pdfium is not safe to use from several threads.
_PDFIUM = Lock()
_TAIL = 4096
# A page of which this part is pictures and that shows fewer characters than this is a scan.
_PICTURE, _FEW = 0.5, 30
# How many lines below a table at most are taken for the page number and a running foot.
_FURNITURE_LINES = 2
# Above this share of characters without a meaning (private use, replacement) a text layer is none.
_GARBLED = 0.3


class _Page(NamedTuple):
    number: int
    width: float
    height: float
    lines: list[Line]
    tables: list[Ruled]
    apart: str
    has_text: bool


class _Block(NamedTuple):
    """A line, or the cells of a table, at its height on the page."""

    top: float
    line: Line | None
    slots: tuple[Slot, ...] = ()
    edges: tuple[float, ...] = ()


def read_pdf(raw: bytes, source: str, limits: Limits) -> Document:
    """Return the document of a PDF.

    A page that is a picture without a text layer stays in `document.pages` with `has_text` false. Raises
    FormatError for an encrypted, damaged or truncated file, one without pages and one of scans alone,
    InputError where it exceeds `limits`.
    """
    try:
        import pypdfium2 as pdfium
    except ImportError as error:
        raise FormatError(
            f'{source}: reading .pdf files needs pypdfium2; install it with: pip install "budget-llm[pdf]"'
        ) from error
    if b"%%EOF" not in raw[-_TAIL:]:
        raise FormatError(
            f"{source}: the PDF is truncated (no end mark in its last {_TAIL:,} bytes); download it again, "
            "or open it in a viewer and save it anew"
        )
    check_streams(raw, source, limits)
    with _PDFIUM:
        try:
            pdf = pdfium.PdfDocument(raw)
        except pdfium.PdfiumError as error:
            raise FormatError(f"{source}: {_fault(raw, str(error))}") from error
        try:
            pages = list(_pages(pdf, source, limits))
        finally:
            pdf.close()
    if not any(page.has_text for page in pages):
        raise FormatError(
            f"{source}: none of its {len(pages)} pages has a text layer (scanned pictures); "
            "run text recognition on it (for example `ocrmypdf -l chi_sim`) and pass the result"
        )
    return _draft(pages).document(raw, source=source, encoding="utf-8", format="pdf")


def _fault(raw: bytes, message: str) -> str:
    # pdfium tells the error of an earlier file where this one gives none: a lock must be in the file itself.
    if b"/Encrypt" in raw and "password" in message.lower():
        return "the PDF is encrypted with a password; save it without one and pass that file"
    return "the PDF is damaged or has no pages; download it again, or open it in a viewer and save it anew"


def _pages(pdf: Any, source: str, limits: Limits) -> Iterator[_Page]:
    count = len(pdf)
    if count == 0:
        raise FormatError(f"{source}: the PDF has no pages; download it again, or open it in a viewer and save it anew")
    if count > limits.pages:
        raise InputError(
            f"{source}: {count:,} pages, more than the limit of {limits.pages:,}; split it or raise Limits(pages=…)"
        )
    left = limits.characters
    above: tuple[float, ...] = ()
    for index in range(count):
        try:
            page = pdf[index]
        except Exception as error:
            raise FormatError(f"{source}: page {index + 1} of {count} cannot be read: the file is damaged") from error
        try:
            read = _page(page, index + 1, left, above)
        except InputError as error:
            raise InputError(f"{source}, page {index + 1}: {error}") from error
        finally:
            page.close()
        left -= sum(len(line.text) for line in read.lines)
        above = _last_edges(read)
        yield read


def _last_edges(page: _Page) -> tuple[float, ...]:
    """Return the borders of the columns of the table that a page ends with, () where text stands below it."""
    if not page.tables:
        return ()
    foot = page.tables[-1].foot
    below = [line for line in page.lines if line.base < foot]
    return page.tables[-1].edges if len(below) <= _FURNITURE_LINES else ()


def _page(page: Any, number: int, most: int, above: tuple[float, ...]) -> _Page:
    from pypdfium2 import raw

    textpage = page.get_textpage()
    try:
        if raw.FPDFText_CountChars(textpage.raw) > most:
            raise InputError("more characters than the limit; split the file or raise Limits(characters=…)")
        turn, width, height = _turn(page, textpage)
        glyphs, apart = glyphs_of(textpage, turn)
    finally:
        textpage.close()
    if not _is_text(page, glyphs):
        return _Page(number, width, height, [], [], apart, has_text=False)
    tables, rest = ruled_tables(page, glyphs, turn, above)
    return _Page(number, width, height, lines_of(rest), tables, apart, has_text=True)


def _turn(page: Any, textpage: Any) -> tuple[Turn, float, float]:
    """Return how a page must be turned for its text to be upright, however it is shown, and its width and height then."""
    width, height = page.get_size()
    stored = (height, width) if page.get_rotation() in (90, 270) else (width, height)
    turn = Turn(angle_of(textpage), *stored)
    return turn, *((stored[1], stored[0]) if turn.degrees in (90, 270) else stored)


def _is_text(page: Any, glyphs: list[Glyph]) -> bool:
    """Whether a page has a text layer: a blank one has, a picture with no text but a stamp has not."""
    from pypdfium2 import raw

    garbled = sum(0xE000 <= ord(g.text) <= 0xF8FF or g.text == "\ufffd" for g in glyphs)
    if garbled > _GARBLED * len(glyphs):
        return False
    if len(glyphs) >= _FEW:
        return True
    left, low, right, top = ctypes.c_float(), ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    pictured = 0.0
    for shape in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        raw.FPDFPageObj_GetBounds(shape.raw, left, low, right, top)
        pictured += (right.value - left.value) * (top.value - low.value)
    width, height = page.get_size()
    return bool(pictured < _PICTURE * width * height)


def _draft(pages: list[_Page]) -> Draft:
    """Write the pages down: tables at their height, lines joined to paragraphs over line and page ends."""
    apart = furniture([page.lines for page in pages], [page.height for page in pages])
    kept = [[line for n, line in enumerate(page.lines) if n not in apart[k]] for k, page in enumerate(pages)]
    margin = _margins(pages, kept)
    draft = Draft()
    last: Line | None = None
    for number, page in enumerate(pages):
        away = (*(page.lines[n].text for n in sorted(apart[number])), *filter(None, [page.apart]))
        draft.page(page.number, away, has_text=page.has_text)
        fresh = True
        for block in _blocks(page, kept[number]):
            if block.line is None:
                draft.table(block.slots, edges=block.edges)
                last = None
                continue
            line = block.line
            if last and goes_on(last, line, margin[round(page.width)], next_page=fresh):
                draft.paragraph(join(last.text, line.text) + line.text, joined=True)
            else:
                draft.paragraph(line.text)
            last, fresh = line, False
    return draft


def _margins(pages: list[_Page], kept: list[list[Line]]) -> dict[int, Margins]:
    """Return the margins of the running text for each width of page."""
    by_width: dict[int, list[Line]] = defaultdict(list)
    for page, lines in zip(pages, kept, strict=True):
        by_width[round(page.width)] += lines
    return {width: margins(lines) for width, lines in by_width.items()}


def _blocks(page: _Page, lines: list[Line]) -> list[_Block]:
    """Return the lines and tables of a page from its head to its foot."""
    blocks = [_Block(table.top, None, table.slots, table.edges) for table in page.tables]
    done = 0
    for first, last in runs(lines):
        blocks += [_Block(line.base, line) for line in lines[done:first]]
        slots, edges = slots_of(lines[first:last])
        blocks.append(_Block(lines[first].base, None, tuple(slots), edges))
        done = last
    blocks += [_Block(line.base, line) for line in lines[done:]]
    return sorted(blocks, key=lambda block: -block.top)
