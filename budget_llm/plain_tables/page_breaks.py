"""Lines of several pages read in one go, and grids parted where a page ends."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from budget_llm.plain_tables.lines import Line
from budget_llm.tables import Cell, Grid


def joined(runs: Sequence[Sequence[Line]], pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the runs of lines with those joined between which nothing but the end of a page stands."""
    follows = {last[-1].start: page[0].start for last, page in _adjacent(pages)}
    found: list[list[Line]] = []
    for run in runs:
        if found and run and follows.get(found[-1][-1].start) == run[0].start:
            found[-1].extend(run)
        elif run:
            found.append(list(run))
    return found


def _adjacent(pages: Sequence[Sequence[Line]]) -> Iterator[tuple[Sequence[Line], Sequence[Line]]]:
    filled = [page for page in pages if page]
    return pairwise(filled)


def parted_runs(runs: Sequence[Sequence[Line]], pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the runs of lines parted where a page ends."""
    starts = [page[0].start for page in pages if page]
    return [list(part) for run in runs for _, part in groupby(run, key=lambda line: bisect_right(starts, line.start))]


def parted_grid(grid: Grid, pages: Sequence[Sequence[Line]]) -> list[Grid]:
    """Return a grid parted where a page ends; a row that goes over the end is of the page that it begins on."""
    starts = [page[0].start for page in pages if page]
    if bisect_right(starts, grid.start) == bisect_right(starts, grid.end):
        return [grid]
    rows = {cell.row: bisect_right(starts, cell.start) for cell in reversed(grid.cells)}
    parts = [list(part) for _, part in groupby(sorted(grid.cells, key=lambda c: c.row), key=lambda c: rows[c.row])]
    return [_part(grid, part, n == 0, n == len(parts) - 1) for n, part in enumerate(parts)]


def _part(grid: Grid, cells: Sequence[Cell], is_first: bool, is_last: bool) -> Grid:
    top, bottom = min(cell.row for cell in cells), max(cell.row for cell in cells)
    ordered = tuple(sorted((replace(cell, row=cell.row - top) for cell in cells), key=lambda cell: cell.start))
    start = grid.start if is_first else ordered[0].start
    end = grid.end if is_last else max(cell.end for cell in cells)
    return replace(grid, cells=ordered, height=bottom - top + 1, start=start, end=end, continues=not is_first)
