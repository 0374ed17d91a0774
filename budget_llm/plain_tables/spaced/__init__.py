"""Tables with a row on each line and one space between its cells, as text copied out of a PDF has them.

Empty cells are lost, names hold spaces or go on in the next line. The words of the header tell the columns; a row
with as many numbers as there are columns is read as it stands, any other by its sums and by those of the table.
A number whose column stays open is no cell: it stays unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import comb

from budget_llm.plain_tables.cell_lines.blocks import Token
from budget_llm.plain_tables.cell_lines.grids import Reading, folded, grid_of_reading, reading_of
from budget_llm.plain_tables.cell_lines.heads import Tree
from budget_llm.plain_tables.cell_lines.layout import Layout, layout_of
from budget_llm.plain_tables.cell_lines.told import Told
from budget_llm.plain_tables.lines import Line
from budget_llm.plain_tables.spaced.agreement import agreed
from budget_llm.plain_tables.spaced.blocks import Block, blocks_in
from budget_llm.plain_tables.spaced.bodies import has_codes, rows_again, with_whole_labels
from budget_llm.plain_tables.spaced.frames import trees_of_pieces
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
from budget_llm.plain_tables.spaced.wrapped import unwrapped
from budget_llm.tables import Grid

# Of the lines with numbers so many at least must be rows.
_SHARE = 0.8
# More ways to place the numbers of a table, under all its headers, are not tried: it stays unread.
_MOST_WAYS = 200_000


def find(run: Sequence[Line]) -> list[Grid]:
    """Return the grids of the tables whose cells single spaces part, in their order."""
    told = Told(run)
    grids = (next(filter(None, (_grid(run, block, told) for block in blocks)), None) for blocks in blocks_in(run))
    return [grid for grid in grids if grid]


def _grid(run: Sequence[Line], block: Block, told: Told) -> Grid | None:
    """Return the grid of a block, None where no reading of its header fits the rows below it."""
    if is_of_indicators(block.heads):
        return None
    block = replace(block, body=tuple(rows_again(block.body, whole_codes=block.is_whole)))
    for heads, trees in _headers(block):
        sound = [layout_of(tree) for tree in trees if is_sound(tree)]
        if sum(_ways(block, layout) for layout in sound) > _MOST_WAYS:
            continue
        reading = agreed([found for layout in sound if (found := _read(block, layout, told))])
        if reading:
            start = heads[0][0].pieces[0].start
            return grid_of_reading(reading, block.counters, (start, run[block.last].end))
    return None


def _ways(block: Block, layout: Layout) -> int:
    """Return in how many ways the numbers of all rows may stand in the columns of a group of a layout."""
    columns = max((len(group.values) for group in layout.groups), default=0)
    return sum(comb(columns, sum(cell.kind == "number" for cell in cells)) for cells in block.body)


def _headers(block: Block) -> Iterator[tuple[Sequence[Sequence[Token]], list[Tree]]]:
    """Yield the lines of a header with the trees that they may be."""
    if block.is_whole:
        yield block.heads, trees_of_pieces(block.heads, is_coded=has_codes(block.body))
    else:
        yield from headers_of(block.heads)


def _read(block: Block, layout: Layout, told: Told) -> Reading | None:
    if not layout.groups:
        return None
    layout = without_remarks(layout)
    if not layout.is_sound or not is_told_apart(layout) or (block.counters and layout.values != len(block.counters)):
        return None
    one = layout if is_in_blocks(layout) else folded(layout)
    if not block.body and block.counters:
        return Reading(one, [], [], (False, 1.0, 0))
    side_by_side = len(one.leaves) < len(layout.leaves)
    if len(one.groups) > 1 and not all(group.keys for group in one.groups):
        return None
    if len(one.groups) > 1:
        rows, refused = rows_of_halves(with_whole_labels(unwrapped(block.body, one, told)), one)
    else:
        rows, refused = rows_of_lines(block.body, one, side_by_side=side_by_side)
    numbers = sum(bool(row.numbers) for row in rows)
    if not rows or numbers < (numbers + refused) * _SHARE:
        return None
    return reading_of(rows, one, told, is_counted=bool(block.counters))
