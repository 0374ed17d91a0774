"""Tables drawn with box characters (│ ─ ┼) or with +---+ and pipes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from budget_llm.plain_tables.evidence import has_numbers, is_bare_header, is_number, is_table
from budget_llm.plain_tables.lines import Line, Piece, bare, grid_of, piece
from budget_llm.plain_tables.widths import MEASURES, Measure
from budget_llm.tables import Grid

_BOX_BAR = re.compile(r"[│┃║┆┇┊┋├┤┼┝┥┿┠┨╂┣┫╋╟╢╫╠╣╬╞╡╪]")
_PIPE_BAR = re.compile(r"[|｜]")
_BOX_RULE = re.compile(r"[\s\u2500-\u257f+|｜=-]+")
_LINES = re.compile(r"[─━═┄┅┈┉╌╍]|[-=]{2}")
_ASCII_RULE = re.compile(r"[+|][-=+| ]*[+|]")
_CORNER = re.compile(r"\+[-=]|[-=]\+")
_SIGN = re.compile(r"[\u2500-\u257f|｜+]")
_DRAWN = re.compile(r"[\u2500-\u257f=+-]+")
# A number that breaks off inside a group of three digits or at its point, what may follow, and what both make.
_TORN = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3}){0,6}(?:,[0-9]{0,2}|\.)")
_REST = re.compile(r"[0-9,.]{1,24}")
_AMOUNT = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3}){0,7}(?:\.[0-9]{1,4})?")


class _Line(NamedTuple):
    """A line of a block: a border (no text) or the places of its bars, in characters."""

    line: Line
    border: bool
    bars: tuple[int, ...]


def find(run: Sequence[Line]) -> list[Grid]:
    """Return the grids of consecutive lines that are borders or hold vertical bars between cells."""
    grids: list[Grid] = []
    block: list[_Line] = []
    for line in run:
        drawn = _drawn(line)
        closed = drawn is not None and drawn.border and len(block) > 1 and block[-1].border
        if drawn is None or closed:
            grids.extend(_grid(block))
            block = []
        if drawn is not None:
            block.append(drawn)
    return grids + _grid(block)


def _drawn(line: Line) -> _Line | None:
    text = line.text
    if not _SIGN.search(text):
        return None
    if _LINES.search(text) and _is_border(text):
        return _Line(line, True, ())
    bars = tuple(match.start() for match in _BOX_BAR.finditer(text))
    if not bars:
        inner = bare(text)
        if len(inner) < 3 or not _PIPE_BAR.match(inner[0]) or not _PIPE_BAR.match(inner[-1]):
            return None
        bars = tuple(match.start() for match in _PIPE_BAR.finditer(text))
    return _Line(line, False, bars)


def _is_border(text: str) -> bool:
    """Whether a line holds nothing but borders: of box characters, or with a corner of + and -."""
    if _BOX_RULE.fullmatch(text) and any("\u2500" <= character <= "\u257f" for character in text):
        return True
    return _CORNER.search(text) is not None and _ASCII_RULE.fullmatch(text.strip()) is not None


def _grid(block: list[_Line]) -> list[Grid]:
    """Return the grid of a block of drawn lines, none where its bars do not line up or hold no table."""
    written = [drawn for drawn in block if not drawn.border]
    ruled = len(written) < len(block)
    if not written or not (ruled or _BOX_BAR.search(written[0].line.text)):
        return []
    placed = _placed(written)
    if placed is None:
        return []
    pieces, width = placed
    rows = _rows(block, pieces)
    if width < 2 or sum(len({p.column for p in row}) >= 2 for row in rows) == 0:
        return []
    if ruled and not (len(rows) >= 2 or is_bare_header(rows[0])):
        return []
    if not ruled and not (is_table(rows) and has_numbers(rows)):
        return []
    return [grid_of(block[0].line, block[-1].line, rows, width)]


def _placed(written: list[_Line]) -> tuple[list[list[Piece]], int] | None:
    """Return the cells of each line and the number of columns, by the places of the bars, else by their number."""
    for measure in MEASURES:
        edges_of = [_edges(drawn, measure) for drawn in written]
        widest = max(edges_of, key=len)
        known = {edge: number for number, edge in enumerate(widest)}
        if all(edge in known for edges in edges_of for edge in edges):
            columns = [[known[edge] for edge in edges] for edges in edges_of]
            return [_cells(d, c) for d, c in zip(written, columns, strict=True)], len(widest) - 1
    counts = {len(_ends(drawn)) for drawn in written}
    if len(counts) > 1:
        return None
    return [_cells(drawn, list(range(len(_ends(drawn))))) for drawn in written], counts.pop() - 1


def _ends(drawn: _Line) -> list[int]:
    """Return where the fields of a line end: its bars, and the ends of the line where no bar stands there."""
    text, bars = drawn.line.text, list(drawn.bars)
    if bare(text[: bars[0]]):
        bars.insert(0, -1)
    if bare(text[bars[-1] + 1 :]):
        bars.append(len(text))
    return bars


def _edges(drawn: _Line, measure: Measure) -> list[float]:
    """Return the edges of the fields in units of display width; the open ends of a line are the same for all."""
    text = drawn.line.text
    return [
        -1.0 if end < 0 else float("inf") if end == len(text) else float(place)
        for end, place in zip(_ends(drawn), measure.places(text, _ends(drawn)), strict=True)
    ]


def _cells(drawn: _Line, columns: list[int]) -> list[Piece]:
    ends = _ends(drawn)
    found = (
        piece(drawn.line, left + 1, right, column, after - column)
        for left, right, column, after in zip(ends, ends[1:], columns, columns[1:], strict=False)
    )
    return [p for p in found if p and not _DRAWN.fullmatch(p.text)]


def _rows(block: list[_Line], pieces: list[list[Piece]]) -> list[list[Piece]]:
    """Return the rows: what stands between two borders is one row where every row has its borders."""
    groups: list[list[list[Piece]]] = [[]]
    lines = iter(pieces)
    for drawn in block:
        if drawn.border:
            groups.append([])
        else:
            groups[-1].append(next(lines))
    groups = [_mended(group) for group in groups if any(group)]
    rows: list[list[Piece]] = []
    for number, group in enumerate(groups):
        if _is_one_row(group, header=number == 0 and len(groups) > 1, ruled=len(groups) > 2):
            rows.append([p for line in group for p in line])
        else:
            rows.extend(group)
    return rows


def _mended(group: list[list[Piece]]) -> list[list[Piece]]:
    """Return the lines of a group, one that goes on with numbers torn off above it joined to the line above."""
    lines: list[list[Piece]] = []
    for line in group:
        if lines and _goes_on(lines[-1], line):
            lines[-1] = lines[-1] + line
        else:
            lines.append(line)
    return lines


def _goes_on(above: list[Piece], line: list[Piece]) -> bool:
    """Whether a line holds rests of the numbers above it, which are none without them, and no other number."""
    before = {p.column: p.text for p in above}
    numbers = [p for p in line if _REST.fullmatch(p.text)]
    return bool(numbers) and all(
        _TORN.fullmatch(text := before.get(p.column, "")) and _AMOUNT.fullmatch(text + p.text) for p in numbers
    )


def _is_one_row(group: list[list[Piece]], *, header: bool, ruled: bool) -> bool:
    """Whether the lines between two borders are one row with wrapped cells: no column holds two numbers."""
    if len(group) == 1:
        return True
    seen: set[int] = set()
    for line in group:
        columns = {p.column for p in line if is_number(p.text)}
        if columns & seen:
            return False
        seen |= columns
    if header:
        # A header of two levels has cells over several columns; a wrapped one has none.
        return not any(p.columns > 1 for line in group for p in line)
    return ruled
