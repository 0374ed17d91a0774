"""Tables with a row on each line and one space between its cells, as text copied out of a PDF has them.

Empty cells are lost, names hold spaces or go on in the next line. The words of the header tell the columns; a row
with as many numbers as there are columns is read as it stands, any other by its sums and by those of the table.
A number whose column stays open is no cell: it stays unread.
"""

from __future__ import annotations

from collections.abc import Sequence

from budget_llm.plain_tables.cell_lines.grids import Reading, folded, grid_of_reading, reading_of
from budget_llm.plain_tables.cell_lines.layout import Layout, layout_of
from budget_llm.plain_tables.cell_lines.told import Told
from budget_llm.plain_tables.lines import Line
from budget_llm.plain_tables.spaced.agreement import agreed
from budget_llm.plain_tables.spaced.blocks import Block, blocks_in
from budget_llm.plain_tables.spaced.halves import rows_of_halves
from budget_llm.plain_tables.spaced.heads import (
    headers_of,
    is_in_blocks,
    is_of_indicators,
    is_sound,
    is_told_apart,
    without_remarks,
)
from budget_llm.plain_tables.spaced.rows import rows_of_lines
from budget_llm.tables import Grid

# Of the lines with numbers so many at least must be rows.
_SHARE = 0.8


def find(run: Sequence[Line]) -> list[Grid]:
    """Return the grids of the tables whose cells single spaces part, in their order."""
    told = Told(run)
    return [grid for block in blocks_in(run) if (grid := _grid(run, block, told))]


def _grid(run: Sequence[Line], block: Block, told: Told) -> Grid | None:
    """Return the grid of a block, None where no reading of its header fits the rows below it."""
    if is_of_indicators(block.heads):
        return None
    for heads, trees in headers_of(block.heads):
        sound = [tree for tree in trees if is_sound(tree)]
        reading = agreed([found for tree in sound if (found := _read(block, layout_of(tree), told))])
        if reading:
            start = heads[0][0].pieces[0].start
            return grid_of_reading(reading, block.counters, (start, run[block.last].end))
    return None


def _read(block: Block, layout: Layout, told: Told) -> Reading | None:
    layout = without_remarks(layout)
    if not layout.is_sound or not is_told_apart(layout) or (block.counters and layout.values != len(block.counters)):
        return None
    one = layout if is_in_blocks(layout) else folded(layout)
    if not block.body and block.counters:
        return Reading(one, [], [], (False, 1.0, 0))
    side_by_side = len(one.leaves) < len(layout.leaves)
    if len(one.groups) > 1:
        rows, refused = rows_of_halves(block.body, one)
    else:
        rows, refused = rows_of_lines(block.body, one, side_by_side=side_by_side)
    numbers = sum(bool(row.numbers) for row in rows)
    if not rows or numbers < (numbers + refused) * _SHARE:
        return None
    return reading_of(rows, one, told, is_counted=bool(block.counters))
