"""Tables with one cell per line and nothing between the rows: the number of columns follows from the kinds of the cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from budget_llm.plain_tables.evidence import (
    is_header_word,
    is_heading,
    is_sentence,
    is_title,
    is_unit_line,
    kind,
)
from budget_llm.plain_tables.lines import Line, Piece, bare, grid_of, whole
from budget_llm.tables import Grid

_LONGEST_CELL = 40
_MOST_COLUMNS = 12
_FEWEST_ROWS = 3


class _Entry(NamedTuple):
    """A short line: its text and what kind of cell it would be."""

    line: Line
    text: str
    kind: str


class _Layout(NamedTuple):
    """A reading of a block: the header begins at entry `start`, has `width` entries, and `rows` rows follow."""

    start: int
    width: int
    rows: int

    @property
    def end(self) -> int:
        return self.start + self.width * (self.rows + 1)


def find(run: Sequence[Line]) -> list[Grid]:
    """Return the grids that can be read in one way only, with a header, three rows and a column of numbers."""
    grids: list[Grid] = []
    for block in _blocks(run):
        done = 0
        for first in _first_numbers(block):
            if first < done:
                continue
            layouts = list(_layouts(block, done, first))
            if len(layouts) == 1:
                grids.append(_grid(block, layouts[0]))
                done = layouts[0].end
    return grids


def _blocks(run: Sequence[Line]) -> Iterator[list[_Entry]]:
    """Yield the runs of short lines that follow each other at one distance: at once, or after one empty line each."""
    block: list[_Entry] = []
    empty, step = 0, -1
    for line in run:
        text = bare(line.text)
        if not text:
            empty += 1
            continue
        is_cell = len(text) <= _LONGEST_CELL and "\t" not in text and not is_sentence(text)
        if block and (not is_cell or empty > 1 or (step >= 0 and empty != step)):
            yield block
            block, step = [], -1
        elif block:
            step = empty
        if is_cell:
            block.append(_Entry(line, text, kind(text)))
        empty = 0
    if block:
        yield block


def _first_numbers(block: list[_Entry]) -> Iterator[int]:
    """Yield the places where a number follows two texts or more."""
    texts = 0
    for number, entry in enumerate(block):
        if entry.kind in {"number", "percent"} and texts >= 2:
            yield number
        texts = texts + 1 if entry.kind == "text" else 0


def _layouts(block: list[_Entry], done: int, first: int) -> Iterator[_Layout]:
    """Yield the readings in which the entry at `first` is the first number of the first row."""
    start = first
    while start > done and first - start < 2 * _MOST_COLUMNS - 1 and block[start - 1].kind == "text":
        start -= 1
        if not _can_begin(block, done, start):
            continue
        before = first - start
        for width in range(max(2, before // 2 + 1), min(_MOST_COLUMNS, before) + 1):
            if not _is_header(block[start : start + width]):
                continue
            layout = _Layout(start, width, _count_rows(block, start + width, width))
            if layout.rows >= _FEWEST_ROWS and _can_end(block, layout):
                yield layout


def _can_begin(block: list[_Entry], done: int, start: int) -> bool:
    """Whether a table can begin at `start`: nothing, a title, a unit or a heading stands before it."""
    if start in {0, done}:
        return True
    text = block[start - 1].text
    return is_title(text) or is_unit_line(text) or is_heading(text) or text.endswith(("：", ":", "情况", "明细"))


def _is_header(entries: list[_Entry]) -> bool:
    words = sum(is_header_word(entry.text) for entry in entries)
    plain = all(len(e.text) <= 24 and not is_title(e.text) and not is_unit_line(e.text) for e in entries)
    return plain and words * 2 >= len(entries)


def _count_rows(block: list[_Entry], start: int, width: int) -> int:
    """Return how many rows of `width` entries follow whose columns hold one kind each, dashes aside."""
    kinds = [""] * width
    count = 0
    while start + width <= len(block):
        row = [entry.kind for entry in block[start : start + width]]
        if any(k not in {"dash", known} and known for k, known in zip(row, kinds, strict=True)):
            break
        if count and is_title(block[start].text):
            break
        kinds = [known or (k if k != "dash" else "") for k, known in zip(row, kinds, strict=True)]
        start, count = start + width, count + 1
    return count


def _can_end(block: list[_Entry], layout: _Layout) -> bool:
    """Whether nothing that follows looks like a rest of the table: a cell that is lost would shift all others."""
    rest = block[layout.end : layout.end + 2 * layout.width]
    for entry in rest:
        if is_title(entry.text) or is_unit_line(entry.text):
            break
        if entry.kind != "text":
            return False
    return not rest or is_title(rest[0].text) or is_heading(rest[0].text) or is_unit_line(rest[0].text)


def _grid(block: list[_Entry], layout: _Layout) -> Grid:
    entries = block[layout.start : layout.end]
    rows: list[list[Piece]] = [[] for _ in range(layout.rows + 1)]
    for number, entry in enumerate(entries):
        row, column = divmod(number, layout.width)
        found = whole(entry.line, column)
        if found:
            rows[row].append(found)
    return grid_of(entries[0].line, entries[-1].line, rows, layout.width)
