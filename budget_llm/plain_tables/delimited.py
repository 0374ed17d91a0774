"""Tables whose cells are parted by tabs, or by pipes with or without the separator row of Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from budget_llm.plain_tables.evidence import (
    has_numbers,
    is_cut_row,
    is_header_row,
    is_label_row,
    is_number,
    is_prose_row,
    is_sentence,
    is_table,
    is_total,
)
from budget_llm.plain_tables.lines import Line, Piece, bare, grid_of, piece
from budget_llm.tables import Grid

_RULE = re.compile(r"[ \t|:+=-]*")
_RULE_SIGN = re.compile(r"--|:-|-:")
_PIPE = re.compile(r"(?<!\\)[|｜]")
_BOLD = re.compile(r"(\*\*|__)[^*_]{1,100}\1")


class _Row(NamedTuple):
    """A line with its cells and the number of its fields, empty ones counted."""

    line: Line
    pieces: list[Piece]
    fields: int


def find_tabbed(run: Sequence[Line]) -> list[Grid]:
    """Return the grids of consecutive lines whose cells are parted by tabs."""
    grids: list[Grid] = []
    block: list[_Row] = []
    for line in run:
        row = _tab_row(line) if "\t" in line.text else None
        if row is None or _is_prose(row, block[-1] if block else None):
            grids.extend(_tab_grid(block))
            block = []
        else:
            block.append(row)
    return grids + _tab_grid(block)


def _tab_row(line: Line) -> _Row:
    pieces: list[Piece] = []
    at = 0
    fields = line.text.split("\t")
    for column, field in enumerate(fields):
        if field and (found := piece(line, at, at + len(field), column)):
            pieces.append(found)
        at += len(field) + 1
    return _Row(line, pieces, len(fields))


def _tab_grid(block: list[_Row]) -> list[Grid]:
    """Return the grid of a block of lines with tabs, none where they are no table."""
    width = max((row.fields for row in block), default=0)
    first, last = 0, len(block)
    while first < last and _is_loose(block[first], width):
        first += 1
    while last > first and _is_loose(block[last - 1], width) and not _is_total_row(block[last - 1]):
        last -= 1
    rows = block[first:last]
    if not rows or not is_table([row.pieces for row in rows]):
        return []
    width = max(row.fields for row in rows)
    return [grid_of(rows[0].line, rows[-1].line, [row.pieces for row in rows], width)]


def _is_loose(row: _Row, width: int) -> bool:
    """Whether a line at the border of a block only stands beside the table: nothing, a caption, indented prose."""
    if not row.pieces:
        return True
    if len(row.pieces) == 1:
        return row.fields < width or is_sentence(row.pieces[0].text)
    return is_label_row(row.pieces) and (row.fields <= 2 or all("：" in p.text or ":" in p.text for p in row.pieces))


def _is_prose(row: _Row, above: _Row | None) -> bool:
    """Whether a line with separators is prose; below a row, sentences behind an empty first cell are goals of a form."""
    if not is_prose_row(row.pieces):
        return False
    first, *others = row.pieces
    if above is None or not above.pieces or not first.column or not first.text.endswith(("。", "；")):
        return True
    if not others:
        return row.fields != above.fields or "目标" not in above.pieces[0].text
    return is_cut_row(row.pieces)


def _is_total_row(row: _Row) -> bool:
    return any(is_total(p.text) for p in row.pieces)


def find_piped(run: Sequence[Line]) -> list[Grid]:
    """Return the grids of consecutive lines whose cells are parted by pipes."""
    grids: list[Grid] = []
    block: list[Line] = []
    for line in run:
        if "|" in line.text or "｜" in line.text:
            block.append(line)
        elif block:
            grids.extend(_pipe_grids(block))
            block = []
    return grids + _pipe_grids(block)


def _pipe_grids(block: list[Line]) -> list[Grid]:
    """Return the grids of a block of lines with pipes; a table begins at the line above its separator row."""
    rules = [_is_rule(line) for line in block]
    ends = _outer_bars(block)
    head = next(
        (
            n
            for n in range(1, len(block))
            if rules[n] and not rules[n - 1] and _same_fields(block[n - 1], block[n], ends)
        ),
        0,
    )
    if not head:
        return _unruled([line for line, rule in zip(block, rules, strict=True) if not rule])
    top = head - 1
    while top and not rules[top - 1] and _is_upper_header(block[top - 1], block[top], ends):
        top -= 1
    grids = _unruled([line for line, rule in zip(block[:top], rules, strict=False) if not rule])
    rows = [_pipe_row(line, ends) for line, rule in zip(block[top:], rules[top:], strict=True) if not rule]
    if not any(len(row.pieces) >= 2 for row in rows):
        return grids
    width = max(row.fields for row in rows)
    return [*grids, grid_of(block[top], block[-1], [row.pieces for row in rows], width)]


def _is_upper_header(line: Line, below: Line, ends: tuple[bool, bool]) -> bool:
    """Whether a line is one more header row: as many fields as the one below it, and no number."""
    row = _pipe_row(line, ends)
    return row.fields == _pipe_row(below, ends).fields and not any(is_number(piece.text) for piece in row.pieces)


def _unruled(block: list[Line]) -> list[Grid]:
    """Return the grid of lines with pipes and no separator row: numbers in them, and as many fields in each.

    Only the rows of a form differ in width: it has headers of three cells or more.
    """
    ends = _outer_bars(block)
    rows = [_pipe_row(line, ends) for line in block]
    pieces = [row.pieces for row in rows]
    if len(rows) < 2 or any(_is_prose(row, above) for row, above in zip(rows, [None, *rows], strict=False)):
        return []
    ragged = len({row.fields for row in rows}) > 1
    if ragged and not any(len(row) >= 3 and is_header_row(row) for row in pieces):
        return []
    if not is_table(pieces) or not has_numbers(pieces):
        return []
    return [grid_of(block[0], block[-1], pieces, max(row.fields for row in rows))]


def _is_rule(line: Line) -> bool:
    return _RULE_SIGN.search(line.text) is not None and _RULE.fullmatch(line.text) is not None


def _outer_bars(block: Sequence[Line]) -> tuple[bool, bool]:
    """Whether every line begins, and every line ends, with a pipe, which then parts nothing."""
    plain = [bare(line.text) for line in block]
    return all(text[:1] in ("|", "｜") for text in plain), all(text[-1:] in ("|", "｜") for text in plain)


def _same_fields(head: Line, rule: Line, ends: tuple[bool, bool]) -> bool:
    """Whether a separator row has as many fields as the line above it."""
    parts = len(bare(rule.text).strip("|").replace("+", "|").split("|"))
    return parts == _pipe_row(head, ends).fields and parts > 1


def _pipe_row(line: Line, ends: tuple[bool, bool]) -> _Row:
    """Return the cells between the pipes; `ends` tells whether the first and the last pipe only close the line."""
    bars = [match.start() for match in _PIPE.finditer(line.text)]
    edges = [-1, *bars, len(line.text)]
    if bars and ends[0]:
        edges.pop(0)
    if bars and len(edges) > 1 and ends[1]:
        edges.pop()
    pieces = [
        _unmarked(found)
        for column, (left, right) in enumerate(pairwise(edges))
        if (found := piece(line, left + 1, right, column))
    ]
    return _Row(line, pieces, max(len(edges) - 1, 0))


def _unmarked(cell: Piece) -> Piece:
    """Return a cell without the signs of Markdown that make all of it bold."""
    return cell._replace(text=cell.text[2:-2], start=cell.start + 2) if _BOLD.fullmatch(cell.text) else cell
