"""Tables whose cells stand one below the other, a line for each, with nothing to tell where a row ends.

The header is a flattened one of several rows; empty cells are empty lines, dashes, or left out. The words of
the header tell the columns, the labels the rows, and the sums of the table where each number belongs. A number
whose column the sums leave open is no cell: it stays unread.
"""

from __future__ import annotations

from collections.abc import Sequence

from budget_llm.plain_tables.cell_lines.blocks import block_at
from budget_llm.plain_tables.cell_lines.forms import form_at
from budget_llm.plain_tables.cell_lines.grids import grid_of_block
from budget_llm.plain_tables.cell_lines.indicators import indicator_grid
from budget_llm.plain_tables.cell_lines.told import Told
from budget_llm.plain_tables.lines import Line
from budget_llm.tables import Grid


def find(run: Sequence[Line]) -> list[Grid]:
    """Return the grids of the tables with a cell on each line, in their order."""
    grids: list[Grid] = []
    told = Told(run)
    position = 0
    while position < len(run):
        form = form_at(run, position)
        if form:
            grids.append(form.grid)
            position = form.next_line
            continue
        block = block_at(run, position)
        grid = block and (indicator_grid(block) if block.is_of_indicators else grid_of_block(block, told))
        if block and grid:
            grids.append(grid)
            position = block.next_line
        else:
            position += 1
    return grids
