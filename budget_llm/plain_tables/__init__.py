"""Tables inside plain text: parted by tabs, pipes or spaces, drawn with box characters, aligned, or one cell per line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from budget_llm.plain_tables import aligned, boxed, cell_lines, delimited, spaced, stacked, unparted
from budget_llm.plain_tables.lines import Line, pages_of, without_running_heads
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

    What reads as prose, a list, a table of contents or a line of labels is no grid, nor is a table
    whose cells cannot be told without guessing.
    """
    found: list[Grid] = []
    runs: list[list[Line]] = without_running_heads(pages_of(text))
    for find in _FINDERS:
        rest: list[list[Line]] = []
        for run in runs:
            grids = find(run)
            found.extend(grids)
            rest.extend(_around(run, grids) if grids else [run])
        runs = rest
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
