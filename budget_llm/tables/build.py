"""Grids to tables: continued grids joined, rows told apart, titles and units found, header paths written to the cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby, pairwise, takewhile

from budget_llm.normal_form import normalise
from budget_llm.tables.captions import lines_above, title_above, unit_above, unit_in, unit_stated
from budget_llm.tables.heads import header_paths, is_title_row, row_kinds, rows_of
from budget_llm.tables.model import Cell, Grid, Table

# How many rows may stand above the body of a table: title, unit, headers.
_MOST_OPENING = 12
# What a page break leaves between the parts of a table: a page number, a word that the table goes on.
_PAGE_BREAK = re.compile(r"\(?续表?\)?|[-—–·]{0,4}[0-9]{1,3}[-—–·]{0,4}|第[0-9]{1,3}页(?:[,/]?共[0-9]{1,3}页)?")
# How far the borders of the same column may lie apart on two pages, in points.
_SAME_EDGE = 4.0


def tables_of(text: str, grids: Sequence[Grid]) -> tuple[Table, ...]:
    """Return the tables of a document; `grids` are in the order of its text."""
    runs: list[list[_Part]] = []
    for part in (_Part(grid) for whole in grids for grid in _parted(whole)):
        if runs and _continues(text, runs[-1], part):
            runs[-1].append(part)
        else:
            runs.append([part])
    tables: list[Table] = []
    for run in runs:
        table = _table(text, [part.grid for part in run], tables[-1].end if tables else 0)
        if tables and table.unit is None and table.title is None and _same_words(table, tables[-1]):
            table = replace(table, title=tables[-1].title, unit=tables[-1].unit)
        tables.append(table)
    return tuple(tables)


def _same_words(table: Table, last: Table) -> bool:
    """Whether a table without a title has the header words of the one before it: another page of the same form."""
    words, known = ({head for path in t.columns for head in path} for t in (table, last))
    return len(words & known) * 2 > len(words)


class _Part:
    """A grid that may go on with the one before it: its rows, their kinds, and the words that tell."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid

    @cached_property
    def _rows(self) -> list[tuple[list[Cell], str]]:
        rows = rows_of(self.grid)
        return list(zip(rows, row_kinds(rows), strict=True))

    @cached_property
    def opening(self) -> set[str]:
        """The titles and units in the rows above the body."""
        found: set[str] = set()
        rows = [row for row, _ in self._rows[:_MOST_OPENING]]
        for row, kind in zip(rows, row_kinds(rows), strict=True):
            if kind == "body":
                break
            if kind == "title":
                found.add(normalise("".join(cell.text for cell in row)))
            found.update(unit for cell in row if kind == "note" and (unit := unit_in(cell.text)))
        return found

    @cached_property
    def fields(self) -> set[tuple[str, ...]]:
        """The rows that open the grid as those of a form (项目名称 | …)."""
        return {_words(row) for row, _ in takewhile(lambda item: item[1] == "field", self._rows)}

    @cached_property
    def heads(self) -> set[tuple[str, ...]]:
        """The texts of all header rows."""
        return {_words(row) for row, kind in self._rows if kind == "header"}

    @cached_property
    def first_heads(self) -> set[tuple[str, ...]]:
        """The texts of the header rows above the body."""
        opening = takewhile(lambda item: item[1] != "body", self._rows)
        return {_words(row) for row, kind in opening if kind == "header"}


def _words(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(normalise(cell.text) for cell in row)


def _continues(text: str, run: Sequence[_Part], part: _Part) -> bool:
    """Whether a grid goes on with the last one: the same columns, nothing between, and its header again or none."""
    first, last, grid = run[0], run[-1].grid, part.grid
    if grid.continues:
        return True
    if grid.width != last.width or (grid.page is not None and last.page is not None and grid.page - last.page != 1):
        return False
    if last.edges and grid.edges and any(abs(a - b) > _SAME_EDGE for a, b in zip(last.edges, grid.edges, strict=True)):
        return False
    between = [line.strip() for line in text[last.end : grid.start].split("\n")]
    above = lines_above(text, first.grid.start, 0)
    if any(line and line not in above and not _PAGE_BREAK.fullmatch(normalise(line)) for line in between):
        return False
    titled = any(line and title_above([line]) for line in between)
    if (titled and title_above(above) not in between) or part.fields - first.fields:
        return False
    return titled or (not part.opening - first.opening and part.first_heads <= first.heads)


def _parted(grid: Grid) -> list[Grid]:
    """Return a grid cut where a title row inside it opens another table, above a header or a unit line."""
    rows = rows_of(grid)
    borders = [0]
    for number in range(1, grid.height - 1):
        row = rows[number]
        if is_title_row(row, grid.width) and row_kinds(rows[number:])[:2] in (["title", "header"], ["title", "note"]):
            borders.append(number)
    if len(borders) == 1:
        return [grid]
    parts = []
    for first, last in pairwise([*borders, grid.height]):
        cells = [cell for row in rows[first:last] for cell in row]
        start, end = cells[0].start, grid.end if last == grid.height else cells[-1].end
        moved = tuple(replace(cell, row=cell.row - first) for cell in cells)
        parts.append(replace(grid, cells=moved, height=last - first, start=grid.start if not first else start, end=end))
    return parts


def _table(text: str, run: Sequence[Grid], floor: int) -> Table:
    cells: list[Cell] = []
    height = 0
    for grid in run:
        cells += [replace(cell, row=cell.row + height) for cell in grid.cells] if height else grid.cells
        height += grid.height
    whole = replace(run[0], cells=tuple(cells), height=height)
    rows = rows_of(whole)
    kinds = row_kinds(rows)
    placed, columns = _with_headers(rows, kinds, whole.width)
    above = lines_above(text, whole.start, floor)
    notes = [
        cell.text for row, kind in zip(rows, kinds, strict=True) if kind in ("note", "title", "header") for cell in row
    ]
    titles = ["".join(cell.text for cell in row) for row, kind in zip(rows, kinds, strict=True) if kind == "title"]
    inside = next((unit for note in notes if (unit := unit_in(note))), None)
    return Table(
        cells=tuple(placed),
        height=height,
        width=whole.width,
        title=titles[0] if titles else title_above(above),
        unit=unit_above(above) or inside or unit_stated(text, whole.start),
        columns=columns,
        parts=tuple((grid.start, grid.end) for grid in run),
        pages=tuple(dict.fromkeys(grid.page for grid in run if grid.page is not None)),
    )


def _with_headers(
    rows: Sequence[Sequence[Cell]], kinds: Sequence[str], width: int
) -> tuple[list[Cell], tuple[tuple[str, ...], ...]]:
    """Return the cells with kind and header path, and the header paths of the first header."""
    placed: list[Cell] = []
    paths: tuple[tuple[str, ...], ...] = ((),) * width
    first: tuple[tuple[str, ...], ...] | None = None
    for kind, numbered in groupby(zip(kinds, rows, strict=True), key=lambda item: item[0]):
        block = [row for _, row in numbered]
        if kind == "header":
            paths = header_paths([row for row in block if row][-_MOST_OPENING:], width)
            first = first or paths
        elif kind == "field":  # what stood above it was of another part of the form
            paths = ((),) * width
        for row in block:
            placed += [replace(cell, kind=kind, header=paths[cell.column] if kind == "body" else ()) for cell in row]
    return placed, first or paths
