"""From a block of cells to a grid: the reading of the header under which the numbers below it fit best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from budget_llm.plain_tables.cell_lines.blocks import Block, Token, cells_of
from budget_llm.plain_tables.cell_lines.heads import Node, trees_of
from budget_llm.plain_tables.cell_lines.layout import Group, Layout, layout_of
from budget_llm.plain_tables.cell_lines.placing import place, satisfied
from budget_llm.plain_tables.cell_lines.rows import Row, rows_of
from budget_llm.plain_tables.cell_lines.told import Told
from budget_llm.tables import Cell, Grid

_FEWEST_NUMBERS, _FEWEST_CODED = 4, 2


class Reading(NamedTuple):
    """The rows of a body and their cells by column, and how well they fit: sums that hold, the share of numbers placed."""

    layout: Layout
    rows: list[Row]
    cells: list[dict[int, Token]]
    fit: tuple[bool, float, int]


def grid_of_block(block: Block, told: Told) -> Grid | None:
    """Return the grid of a block, None where no reading of its header fits the cells below it."""
    best: Reading | None = None
    for tree in trees_of(block.head):
        reading = _read(block, layout_of(tree), told)
        if reading and (best is None or reading.fit > best.fit):
            best = reading
    return grid_of_reading(best, block.counters, (block.start, block.end)) if best else None


def _read(block: Block, layout: Layout, told: Told) -> Reading | None:
    """Return the reading of a body under a header; None where its cells do not fit or too few find their column."""
    if not layout.is_sound or (block.counters and layout.values != len(block.counters)):
        return None
    if not layout.groups[0].keys and any(token.kind == "text" for token in block.body):
        return None
    if not layout.is_coded and any(a.kind == "code" and b.kind == "text" for a, b in pairwise(block.body)):
        return None
    layout = folded(layout)
    if not block.body:
        return Reading(layout, [], [], (False, 1.0, 0))
    rows = rows_of(block.body, layout)
    return reading_of(rows, layout, told, is_counted=bool(block.counters)) if rows else None


def reading_of(rows: list[Row], layout: Layout, told: Told, *, is_counted: bool) -> Reading | None:
    """Return the reading of rows; None where they are none of a table, or where their sums speak against the columns.

    `is_counted` says that a row 栏次 1 2 3 … tells how many columns there are.
    """
    widest = {id(g): max((len(r.values) for r in rows if r.group is g), default=0) for g in layout.groups}
    full = all(widest[id(group)] == len(group.values) for group in layout.groups)
    if not full and not (is_counted or layout.sums):
        return None
    cells = place(rows, layout, told)
    numbers = sum(len(row.numbers) for row in rows)
    if numbers < (_FEWEST_CODED if layout.is_coded else _FEWEST_NUMBERS):
        return None
    placed = sum(token.kind in ("number", "code") for row in cells for token in row.values())
    if sum(map(bool, cells)) * 4 < sum(bool(row.numbers) for row in rows) * 3:
        return None
    held = sum(satisfied(row, found, layout) for row, found in zip(rows, cells, strict=True))
    if held < 0 or (layout.sums and not held and placed * 2 < numbers):
        return None  # the sums of the header fail more often than they hold
    return Reading(layout, rows, cells, (held > 0, placed / numbers, held))


def folded(layout: Layout) -> Layout:
    """Return the columns with blocks of the same columns side by side taken as one below the other."""
    first, *others = layout.groups
    words = _words_of(layout, first)
    if others and all(_words_of(layout, group) == words for group in others):
        if not layout.is_coded:
            return layout
        return layout_of([Node(layout.leaves[n].token) for n in (*first.keys, *first.values)])
    return layout


def _words_of(layout: Layout, group: Group) -> list[str]:
    """Return the headers of a group of columns; one of codes is like another (科目编码, 经济分类科目编码)."""
    words = [layout.leaves[n].words for n in (*group.keys, *group.values)]
    return ["编码" if word.endswith("编码") else word for word in words]


def grid_of_reading(reading: Reading, counters: Sequence[Token], span: tuple[int, int]) -> Grid:
    """Return the grid of a reading and of the numbers that count its columns; `span` is where it stands in the text."""
    layout = reading.layout
    depth = max(_depth(node) for node in layout.tree)
    cells = [cell for node, column in _columns(layout.tree, 0) for cell in _head_cells(node, column, 0)]
    number = depth + bool(counters) - 1
    values = [column for group in layout.groups for column in group.values]
    for token, column in zip(counters, values, strict=False):
        cells += cells_of(token, depth, column)
    for row, found in zip(reading.rows, reading.cells, strict=True):
        number += not row.beside
        placed = sorted((*_keys(row, layout), *((token, column) for column, token in found.items())), key=_start)
        for token, column in placed:
            cells += cells_of(token, number, column)
    return Grid(tuple(sorted(cells, key=lambda c: c.start)), number + 1, len(layout.leaves), *span)


def _start(placed: tuple[Token, int]) -> int:
    return placed[0].pieces[0].start


def _keys(row: Row, layout: Layout) -> Iterator[tuple[Token, int]]:
    """Yield the codes, labels and number of a row with their columns: codes from the left, a label in the last one."""
    columns = row.group.keys
    if row.places:
        yield from zip(row.keys, row.places, strict=True)
        columns = ()
    texts = [key for key in row.keys if key.kind == "text"]
    yield from zip((key for key in row.keys if key.kind != "text"), columns, strict=False)
    if columns:
        for text in texts:
            yield text, columns[-1]
    if row.line is not None and row.group.line is not None:
        yield row.line, row.group.line


def _depth(node: Node) -> int:
    return 1 + max(map(_depth, node.under), default=0)


def _columns(nodes: Sequence[Node], first: int) -> Iterator[tuple[Node, int]]:
    """Yield header cells of one row with the column each begins in."""
    for node in nodes:
        yield node, first
        first += len(list(node.leaves()))


def _head_cells(node: Node, column: int, row: int) -> Iterator[Cell]:
    yield from cells_of(node.token, row, column, columns=len(list(node.leaves())))
    for below, first in _columns(node.under, column):
        yield from _head_cells(below, first, row + 1)
