"""Tables inside plain text: parted by tabs, pipes or spaces, drawn with box characters, aligned, or one cell per line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from budget_llm.plain_tables import aligned, boxed, cell_lines, delimited, spaced, stacked, unparted
from budget_llm.plain_tables.lines import Line, pages_of, without_running_heads
from budget_llm.plain_tables.page_breaks import joined, parted_grid, parted_runs
from budget_llm.tables import Grid

# In the order of how sure their signs are; each looks only at the lines that those before it left.
_FINDERS: tuple[Callable[[Sequence[Line]], list[Grid]], ...] = (
    boxed.find,
    delimited.find_piped,
    delimited.find_tabbed,
    stacked.find,
    spaced.find,
    cell_lines.find,
    unparted.find,
    aligned.find,
)


def find_grids(text: str) -> tuple[Grid, ...]:
    """Return the grids that stand in `text`, in its order; no two overlap, and none goes over a form feed.

    Only single-spaced rows are read over the end of a page, where they often go on without their header; the grid
    of such a table is parted there.

    What reads as prose, a list, a table of contents or a line of labels is no grid, nor is a table
    whose cells cannot be told without guessing.
    """
    found: list[Grid] = []
    pages = without_running_heads(pages_of(text))
    runs = list(pages)
    for find in _FINDERS:
        rest: list[list[Line]] = []
        over_pages = find is spaced.find
        for run in joined(runs, pages) if over_pages else runs:
            grids = find(run)
            found.extend(part for grid in grids for part in (parted_grid(grid, pages) if over_pages else [grid]))
            rest.extend(_around(run, grids) if grids else [run])
        runs = parted_runs(rest, pages) if over_pages else rest
    return tuple(sorted(found, key=lambda grid: grid.start))


def _around(run: list[Line], grids: Sequence[Grid]) -> list[list[Line]]:
    """Return the runs of lines that `grids`, in order, leave of `run`."""
    left: list[list[Line]] = [[]]
    number = 0
    for line in run:
        while number < len(grids) and grids[number].end < line.start:
            number += 1
            left.append([])
        if number == len(grids) or line.start < grids[number].start:
            left[-1].append(line)
    return [lines for lines in left if lines]
