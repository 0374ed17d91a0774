"""Tables with one cell per line, as they are left when a table is copied out of Word or a web page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import dropwhile, groupby, pairwise

from budget_llm.plain_tables.evidence import (
    is_header_row,
    is_number,
    is_sentence,
    is_table,
    is_title,
    kind,
)
from budget_llm.plain_tables.lines import Line, Piece, bare, grid_of, whole
from budget_llm.tables import Grid

_LONGEST_CELL = 60
_MOST_COLUMNS = 16
_FEWEST_ROWS = 3
# Characters between two rows: two empty lines.
_WIDEST_GAP = 8


def find(run: Sequence[Line]) -> list[Grid]:
    """Return the grids whose rows are parted by blank lines, or told by the lines that begin with a tab."""
    grids = [grid for chain in _chains(run) for grid in _parted(chain)]
    for block in _blocks(run):
        if not any(grid.start <= block[0].start <= grid.end for grid in grids):
            grids.extend(_tab_led(block))
    return sorted(grids, key=lambda grid: grid.start)


def _is_led(line: Line) -> bool:
    return line.text.startswith("\t")


def _is_cell(line: Line) -> bool:
    text = bare(line.text)
    return len(text) <= _LONGEST_CELL and "\t" not in text and not is_sentence(text)


def _blocks(run: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the paragraphs: lines without an empty one between them; a tab alone is an empty cell, not an empty line."""
    block: list[Line] = []
    for line in run:
        if bare(line.text) or _is_led(line):
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _chains(run: Sequence[Line]) -> Iterator[list[list[Line]]]:
    """Yield the successive paragraphs of short lines that all begin with a tab, or all do not."""
    chain: list[list[Line]] = []
    for paragraph in _blocks(run):
        for led, lines in groupby(paragraph, _is_led):
            block = list(lines)
            fits = all(map(_is_cell, block))
            if chain and (not fits or led != _is_led(chain[0][0]) or block[0].start - chain[-1][-1].end > _WIDEST_GAP):
                yield chain
                chain = []
            if fits:
                chain.append(block)
    if chain:
        yield chain


def _parted(chain: list[list[Line]]) -> list[Grid]:
    """Return the grid of paragraphs with as many lines in each, none where a ragged one stands among them."""
    first, last = 0, len(chain)
    while first < last and len(chain[first]) == 1:
        first += 1
    while last > first and len(chain[last - 1]) == 1 and not is_number(bare(chain[last - 1][0].text)):
        last -= 1
    rows = chain[first:last]
    if rows and is_title(bare(rows[0][0].text)):
        rows = [rows[0][1:], *rows[1:]]
    if len({len(row) for row in rows}) != 1 or any(_numbers(row) for row in chain[:first]):
        return []
    return _checked(rows, led=_is_led(rows[0][0]))


def _numbers(block: list[Line]) -> bool:
    return any(is_number(bare(line.text)) for line in block)


def _tab_led(block: list[Line]) -> list[Grid]:
    """Return the grid of a paragraph whose rows begin with a line without a tab, the other cells with one."""
    if not any(map(_is_led, block)):
        return []
    starts = [n for n, line in enumerate(block) if not _is_led(line)]
    rows = [block[a:b] for a, b in pairwise([*starts, len(block)])]
    rows = list(dropwhile(lambda row: len(row) == 1, rows))
    while rows and len(rows[-1]) == 1:
        rows.pop()
    if len({len(row) for row in rows}) != 1 or not all(_is_cell(line) for row in rows for line in row):
        return []
    return _checked(rows, led=False)


def _checked(rows: list[list[Line]], *, led: bool) -> list[Grid]:
    """Return the grid of rows of lines where the kinds of their cells bear it out.

    Rows that the tabs show need a header or a column of numbers; others both, and each column one kind.
    """
    width = len(rows[0])
    if len(rows) < _FEWEST_ROWS or not 2 <= width <= _MOST_COLUMNS:
        return []
    pieces = [[p for column, line in enumerate(row) if (p := whole(line, column))] for row in rows]
    if not is_table(pieces):
        return []
    if not led and not (is_header_row(pieces[0]) and _same_kinds(pieces[1:], width)):
        return []
    return [grid_of(rows[0][0], rows[-1][-1], pieces, width)]


def _same_kinds(rows: Sequence[Sequence[Piece]], width: int) -> bool:
    """Whether each column holds cells of one kind, and one of them numbers."""
    kinds: list[set[str]] = [set() for _ in range(width)]
    for row in rows:
        for p in row:
            kinds[p.column].add(kind(p.text))
    known = [found - {"dash"} for found in kinds]
    return all(len(found) <= 1 for found in known) and any("text" not in found and found for found in known)
