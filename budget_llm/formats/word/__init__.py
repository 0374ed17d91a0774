"""Word documents (.docx, .docm): paragraphs and tables of the body in order, as they are shown after tracked changes."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from budget_llm.document import Document
from budget_llm.errors import FormatError, InputError
from budget_llm.formats.archives import check_archive
from budget_llm.formats.cells import check_cells, fitted, joined
from budget_llm.formats.draft import Draft, Slot
from budget_llm.formats.limits import Limits
from budget_llm.formats.word.numbering import Numbering, child, integer, local, value
from budget_llm.formats.word.paragraphs import CONTAINERS, DROPPED, ParagraphReader, branch, is_on

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

_MAIN = "word/document.xml"
# A part may have so many bytes for each character of the limit, and so many tags for each cell of it.
_BYTES, _TAGS = 4, 10


def read_word(raw: bytes, source: str, limits: Limits) -> Document:
    """Return the text and tables of a Word document; headers, footers, notes, comments and deletions are left out.

    Raises FormatError where it is encrypted, damaged or no Word document, InputError beyond `limits`,
    EmptyInputError where it holds no text. Macros and links are not followed.
    """
    try:
        import docx.oxml  # noqa: F401
    except ImportError as error:
        raise FormatError(
            f'{source}: reading .docx files needs python-docx; install it with: pip install "budget-llm[docx]"'
        ) from error
    names = check_archive(raw, source, limits)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        main = _main_part(archive, names, source, limits)
        folder = posixpath.dirname(main)
        numbering = Numbering.of(
            _part(archive, f"{folder}/numbering.xml", source, limits),
            _part(archive, f"{folder}/styles.xml", source, limits),
        )
        body = child(_part(archive, main, source, limits), "body")
        notes = [_part(archive, f"{folder}/{name}.xml", source, limits) for name in ("footnotes", "endnotes")]
    if body is None:
        raise FormatError(f"{source}: expected a Word document, found no body in {main}; save it again")
    reader = ParagraphReader(numbering)
    writer = _Writer(reader, source, limits)
    writer.blocks(body)
    for name, there in (
        ("删除线文字", reader.struck),
        ("嵌入的对象", _embeds(body)),
        ("脚注", any(map(_has_text, notes))),
    ):
        if there:
            writer.draft.leave_out(name)
    return writer.draft.document(raw, source=source, encoding="utf-8", format="docx")


def _part(archive: zipfile.ZipFile, name: str, source: str, limits: Limits) -> BaseOxmlElement | None:
    """Return the root of a part, None where there is no such part; a tree takes many times the bytes of its XML."""
    from docx.oxml import parse_xml

    if name not in archive.namelist():
        return None
    if archive.getinfo(name).file_size > _BYTES * limits.characters:
        raise InputError(
            f"{source}: {name} holds more than {_BYTES} bytes for each of the {limits.characters:,} characters of the limit; "
            "split the document, or raise Limits(characters=…)"
        )
    try:
        xml = archive.read(name)
        check_cells(xml.count(b"<") // _TAGS, f"{source}: {name}", limits)
        return parse_xml(xml)
    except (SyntaxError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise FormatError(
            f"{source}: expected a whole Word document, found {name} damaged ({error}); save it again"
        ) from error


def _main_part(archive: zipfile.ZipFile, names: frozenset[str], source: str, limits: Limits) -> str:
    """Return the name of the part that holds the body."""
    relations = _part(archive, "_rels/.rels", source, limits)
    for relation in relations if relations is not None else ():
        target = posixpath.normpath(f"/{(value(relation, 'Target') or '').lstrip('/')}").lstrip("/")
        if (
            (value(relation, "Type") or "").endswith("/officeDocument")
            and target in names
            and target.startswith("word")
        ):
            return target
    if _MAIN in names:
        return _MAIN
    found = "an Excel workbook" if "xl/workbook.xml" in names else f"a container without {_MAIN}"
    raise FormatError(f"{source}: expected a Word document, found {found}; save it as .docx and pass that file")


def _embeds(body: BaseOxmlElement) -> bool:
    """Whether a body holds a file of another program, or a part in another format."""
    return next(body.iter("{*}OLEObject", "{*}altChunk"), None) is not None


def _has_text(notes: BaseOxmlElement | None) -> bool:
    """Whether any footnote holds text; those with a type are the lines that part notes from the page."""
    return any(
        (text.text or "").strip()
        for note in (notes if notes is not None else ())
        if value(note, "type") in (None, "normal")
        for text in note.iter("{*}t")
    )


class _Writer:
    """Writes the blocks of a document into a draft."""

    def __init__(self, reader: ParagraphReader, source: str, limits: Limits) -> None:
        self.draft = Draft()
        self._reader, self._source, self._limits = reader, source, limits
        self._tables = 0

    def blocks(self, container: BaseOxmlElement) -> None:
        """Write the paragraphs and tables of `container` in order, and what stands in text boxes after its paragraph."""
        for block in _inner(container, "p", "tbl"):
            if local(block) == "tbl":
                self._table(block)
                continue
            lines, boxes = self._reader.read(block)
            for line in lines:
                self.draft.paragraph(line)
            for box in boxes:
                self.blocks(box)

    def _table(self, table: BaseOxmlElement) -> None:
        rows = [list(_inner(row, "tc")) for row in _inner(table, "tr") if not _is_gone(row)]
        if len(rows) == 1 and len(rows[0]) == 1:
            # A frame of one cell around text or another table is no table.
            self.blocks(rows[0][0])
            return
        self._tables += 1
        place = f"{self._source}: table {self._tables}"
        nested: list[BaseOxmlElement] = []
        slots = self._slots(table, place, nested)
        kept = fitted(slots)
        if kept:
            height = max(slot.row + slot.rows for slot in kept)
            check_cells(height * max(slot.column + slot.columns for slot in kept), place, self._limits)
            self.draft.table(kept)
        for inner in nested:
            self._table(inner)

    def _slots(self, table: BaseOxmlElement, place: str, nested: list[BaseOxmlElement]) -> list[Slot]:
        """Return the cells of a table, merged ones once; tables inside its cells are added to `nested`."""
        slots: list[Slot] = []
        above: dict[int, int] = {}  # column -> index of the slot that a merge may go on from
        rows = [row for row in _inner(table, "tr") if not _is_gone(row)]
        for number, row in enumerate(rows):
            column = integer(child(row, "trPr", "gridBefore"), 0)
            for cell in _inner(row, "tc"):
                properties = child(cell, "tcPr")
                across = max(integer(child(properties, "gridSpan"), 1), 1)
                check_cells((column + across) * len(rows), place, self._limits)
                down = child(properties, "vMerge")
                start = above.get(column)
                if _goes_on(child(properties, "hMerge")) and slots and slots[-1].row == number:
                    slots[-1] = slots[-1]._replace(columns=column + across - slots[-1].column)
                elif _goes_on(down) and start is not None:
                    slots[start] = slots[start]._replace(rows=number + 1 - slots[start].row)
                else:
                    slots.append(Slot(joined(self._lines(cell, nested)), number, column, 1, across))
                    above.pop(column, None)
                    if down is not None:
                        above[column] = len(slots) - 1
                if down is None:
                    above.pop(column, None)
                column += across
        return slots

    def _lines(self, cell: BaseOxmlElement, nested: list[BaseOxmlElement]) -> Iterator[str]:
        for block in _inner(cell, "p", "tbl"):
            if local(block) == "tbl":
                nested.append(block)
                continue
            lines, boxes = self._reader.read(block)
            yield from lines
            for box in boxes:
                yield from self._lines(box, nested)


def _goes_on(merge: BaseOxmlElement | None) -> bool:
    return merge is not None and value(merge) != "restart"


def _is_gone(row: BaseOxmlElement) -> bool:
    """Whether a row was deleted with changes tracked, or is hidden."""
    properties = child(row, "trPr")
    return child(properties, "del") is not None or is_on(child(properties, "hidden"))


def _inner(container: BaseOxmlElement, *names: str) -> Iterator[BaseOxmlElement]:
    """Yield the elements of these names, through content controls and insertions, not through deletions."""
    for element in container:
        name = local(element)
        if name in names:
            yield element
        elif name == "AlternateContent":
            yield from _inner(branch(element), *names)
        elif name in CONTAINERS and name not in DROPPED:
            yield from _inner(element, *names)
