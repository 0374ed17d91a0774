"""The text of a document as a format writes it down: paragraphs and tables, with the offsets of every cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from budget_llm.document import Document, Page
from budget_llm.tables import Cell, Grid


class Slot(NamedTuple):
    """A cell before it has a place in the text: its text and the rows and columns (from 0) that it covers."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


_WRAP = re.compile(r"(?<![ \t\u00a0])[ \t\u00a0]*+[\r\n\v\f\x85\u2028\u2029]\s*")
_TABS = re.compile(r"(?<![ \t\u00a0])[ \u00a0]*+\t[ \t\u00a0]*+")


def one_line(text: str) -> str:
    """Return the text of a cell or a paragraph on one line: line breaks go, between Latin words they become a space."""

    def join(match: re.Match[str]) -> str:
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        return " " if before.isascii() and before.isalpha() and after.isascii() and after.isalpha() else ""

    return _TABS.sub(" ", _WRAP.sub(join, text.strip())).strip(" \t\u00a0\u3000")


class Draft:
    """Collects the text of a document, its pages and its grids; nothing already written is changed.

    A table is written as lines of cells parted by tabs, with an empty line before and after it.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._grids: list[Grid] = []
        self._pages: list[Page] = []
        self._page: int | None = None
        self._left_out: list[str] = []

    def leave_out(self, name: str) -> None:
        """Name a part of the file that is hidden from its readers and therefore not written."""
        self._left_out.append(name)

    def page(self, number: int, furniture: tuple[str, ...] = (), *, has_text: bool = True) -> None:
        """Begin page `number`; `furniture` are its page number and running heads, which are not in the text."""
        self._page = number
        self._pages.append(Page(number, self._length, self._length, furniture, has_text))

    def paragraph(self, text: str, *, joined: bool = False) -> None:
        """Write a paragraph on a line of its own, or go on with the last one where it is `joined`."""
        if joined and self._parts and self._parts[-1] == "\n":
            self._parts.pop()
            self._length -= 1
            if self._pages and self._pages[-1].start > self._length:
                self._pages[-1] = replace(self._pages[-1], start=self._length)
        self._write(text)
        self._write("\n")

    def table(self, slots: Iterable[Slot], *, edges: tuple[float, ...] = ()) -> None:
        """Write a table; a merged cell's text stands at its first row and column, the rest of it is left empty."""
        kept = sorted((s for s in slots), key=lambda s: (s.row, s.column))
        height = max((s.row + s.rows for s in kept), default=0)
        width = max((s.column + s.columns for s in kept), default=0)
        if not any(s.text for s in kept):
            return
        if self._length:
            self._write("\n")
        start, row, column = self._length, 0, 0
        cells: list[Cell] = []
        for slot in kept:
            while row < slot.row:
                self._write("\t" * (width - 1 - column) + "\n")
                row, column = row + 1, 0
            self._write("\t" * (slot.column - column))
            column = slot.column
            if slot.text:
                cells.append(
                    Cell(
                        slot.text, self._length, self._length + len(slot.text), slot.row, slot.column,
                        slot.rows, slot.columns, self._page,
                    )
                )  # fmt: skip
                self._write(slot.text)
        self._write("\t" * (width - 1 - column))
        self._grids.append(Grid(tuple(cells), height, width, start, self._length, self._page, edges))
        self._write("\n")
        self._write("\n")

    def document(self, raw: bytes, *, source: str | None, encoding: str, format: str) -> Document:
        """Return the document; raise EmptyInputError where nothing was written."""
        starts = [page.start for page in self._pages] + [self._length]
        return Document.from_bytes(
            "".join(self._parts), raw, source=source, encoding=encoding, format=format, grids=tuple(self._grids),
            left_out=tuple(self._left_out),
            pages=tuple(replace(page, end=end) for page, end in zip(self._pages, starts[1:], strict=True)),
        )  # fmt: skip

    def _write(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += len(text)
