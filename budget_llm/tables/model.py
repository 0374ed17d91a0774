"""A table: cells that stand in the document's text, each with its place, its page and the path of its header."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that holds text: `document.text[start:end] == text`, at `row` and `column` (from 0) of its table.

    `rows` and `columns` are what a merged cell covers. `page` is 1-based, None where the format has no pages.
    `header` is the path of the column's header, outermost first ("2024年预算数", "基本支出"), () where it has
    none. `kind` is title, note (unit line, remark), header, ordinal (栏次 1 2 3), field (a label and its words,
    项目名称 | …) or body. A cell whose text is
    broken over lines of plain text is one `Cell` for each line, with one row and column.
    """

    text: str
    start: int
    end: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    page: int | None = None
    header: tuple[str, ...] = ()
    kind: str = "body"


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells as they were found at one place, in the order of the text, before they are known as a table.

    `start` and `end` bound the grid in the text; `edges` are the borders of its columns from left to right in
    the units of the page, () where the format has none. Empty cells are not held. A grid that `continues` the one
    before it is known to go on with its columns.
    """

    cells: tuple[Cell, ...]
    height: int
    width: int
    start: int
    end: int
    page: int | None = None
    edges: tuple[float, ...] = ()
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a document, with what was continued on later pages joined to it.

    `cells` are those that hold text, in the order of their rows; `title` and `unit` are as the source writes them
    (None where it does not), `columns` the header path of each column, () for a column without one.
    `parts` are the spans of the text that it takes, one for each grid that it was joined from; `pages` the
    pages it stands on.
    """

    cells: tuple[Cell, ...]
    height: int
    width: int
    title: str | None
    unit: str | None
    columns: tuple[tuple[str, ...], ...]
    parts: tuple[tuple[int, int], ...]
    pages: tuple[int, ...] = ()

    @property
    def start(self) -> int:
        """Where the table begins in the text."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """Where the table ends in the text."""
        return self.parts[-1][1]

    def row(self, number: int) -> tuple[Cell, ...]:
        """Return the cells of a row that hold text, from left to right."""
        first = bisect_left(self.cells, number, key=lambda cell: cell.row)
        return self.cells[first : bisect_right(self.cells, number, lo=first, key=lambda cell: cell.row)]

    def texts(self) -> list[list[str]]:
        """Return the table as rows of texts; the text of a merged cell stands at its first place, else is ""."""
        rows = [[""] * self.width for _ in range(self.height)]
        for cell in self.cells:
            rows[cell.row][cell.column] += cell.text
        return rows


def outside(parts: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Return what of `start` to `end` lies outside `parts` (in order), as spans."""
    rest: list[tuple[int, int]] = []
    for first, last in parts[max(bisect_right(parts, (start, start)) - 1, 0) :]:
        if last <= start:
            continue
        if first >= end:
            break
        if first > start:
            rest.append((start, first))
        start = max(start, last)
    if start < end:
        rest.append((start, end))
    return rest
