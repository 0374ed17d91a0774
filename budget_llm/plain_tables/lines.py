"""The lines of a text with their offsets, and the pieces of them that become cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from budget_llm.tables import Cell, Grid

_LINE_ENDS = "\n\r\v\x1c\x1d\x1e\x85\u2028\u2029"
# What stands around a cell and is no text: white space of every kind, byte order marks, zero-width characters.
_AROUND = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff"
    + "".join(map(chr, range(0x2000, 0x200B)))
)
_PAGE_NUMBER = re.compile(
    r"[-—–－][ \u3000]{0,3}[0-9]{1,4}[ \u3000]{0,3}[-—–－]|第[ \u3000]?[0-9]{1,4}[ \u3000]?页.{0,12}"
)


class Line(NamedTuple):
    """A line without its end: `text` begins at the offset `start`."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where the line ends, before its line break."""
        return self.start + len(self.text)


class Piece(NamedTuple):
    """Text that will be a cell, at the offset `start`, in the column it begins in and over so many `columns`."""

    text: str
    start: int
    column: int
    columns: int = 1


def pages_of(text: str) -> list[list[Line]]:
    """Return the lines of `text`, page by page: a form feed ends a page, and no table goes over it."""
    pages: list[list[Line]] = []
    start = 0
    for page in text.split("\f"):
        lines = []
        for line in page.splitlines(keepends=True):
            lines.append(Line(start, line.rstrip(_LINE_ENDS)))
            start += len(line)
        start += 1
        pages.append(lines)
    return pages


def is_page_number(text: str) -> bool:
    """Whether a line is the number of a page: - 3 -, 第3页 共8页."""
    return _PAGE_NUMBER.fullmatch(text) is not None


def without_running_heads(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the lines without those that stand behind the numbers of several pages: the heads of the pages."""
    behind = Counter(bare(after.text) for before, after in pairwise(chain(*pages)) if is_page_number(bare(before.text)))
    running = {text for text, times in behind.items() if text and times > 1}
    if not running:
        return [list(page) for page in pages]
    kept: list[list[Line]] = []
    for page in pages:
        numbered = [False, *(is_page_number(bare(line.text)) for line in page)]
        kept.append(
            [
                line
                for line, is_head in zip(page, numbered, strict=False)
                if not (is_head and bare(line.text) in running)
            ]
        )
    return kept


def bare(text: str) -> str:
    """Return `text` without the white space around it."""
    return text.strip(_AROUND)


def piece(line: Line, first: int, last: int, column: int, columns: int = 1) -> Piece | None:
    """Return what `line.text[first:last]` holds without the white space around it, None where it holds nothing."""
    raw = line.text[first:last]
    text = raw.strip(_AROUND)
    if not text:
        return None
    start = line.start + first
    # Most cells have nothing around them.
    if text is not raw and len(text) < len(raw):
        start += len(raw) - len(raw.lstrip(_AROUND))
    return Piece(text, start, column, columns)


def whole(line: Line, column: int) -> Piece | None:
    """Return the whole line as one piece."""
    return piece(line, 0, len(line.text), column)


def grid_of(first: Line, last: Line, rows: Sequence[Iterable[Piece]], width: int) -> Grid:
    """Return the grid that the lines `first` to `last` hold; `rows` are its pieces, in the order of the text."""
    cells = tuple(
        Cell(p.text, p.start, p.start + len(p.text), number, p.column, columns=p.columns)
        for number, row in enumerate(rows)
        for p in row
    )
    return Grid(cells, len(rows), width, first.start, last.end)
