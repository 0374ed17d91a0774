"""Slots of a table before they are written: within the limits, without empty edges, their lines joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from budget_llm.errors import InputError
from budget_llm.formats.draft import Slot, one_line
from budget_llm.formats.limits import Limits

_NUMBER = re.compile(r"[（(]?[-+－]?[¥￥]?[0-9][0-9,.]{0,30}(?:[%％‰]|[万亿千百]{0,2}元)?[)）]?")


def check_cells(cells: int, place: str, limits: Limits) -> None:
    """Raise InputError where a table at `place` (file and part) covers more than `limits.cells` cells."""
    if cells > limits.cells:
        raise InputError(
            f"{place}: a table of {cells:,} cells, more than the limit of {limits.cells:,} (empty ones counted); "
            "cut what is not needed, or raise Limits(cells=…)"
        )


def fitted(slots: Sequence[Slot]) -> list[Slot]:
    """Return `slots` without the empty rows and columns at the edges; spans end with the last row and column.

    An empty slot is kept only where a merged cell without text covers several places.
    """
    filled = [slot for slot in slots if slot.text]
    if not filled:
        return []
    top, left = min(s.row for s in filled), min(s.column for s in filled)
    # A span that goes beyond every cell that begins does not make columns: a title over 1,000 of them.
    bottom, right = max(s.row for s in filled) + 1, max(s.column for s in filled) + 1
    return [
        Slot(s.text, s.row - top, s.column - left, min(s.rows, bottom - s.row), min(s.columns, right - s.column))
        for s in filled
    ]


def joined(lines: Iterable[str]) -> str:
    """Return the lines of one cell as one text; a space keeps words and numbers of two lines apart."""
    text = last = ""
    for line in map(one_line, lines):
        if not line:
            continue
        before, after = text[-1:], line[0]
        words = before.isascii() and before.isalnum() and after.isascii() and (after.isalnum() or after in "-+(")
        numbers = _NUMBER.fullmatch(last) and _NUMBER.fullmatch(line)
        text += f" {line}" if words or numbers else line
        last = line
    return text


def place_cells(rows: Sequence[Sequence[tuple[str, int, int]]], place: str, limits: Limits) -> list[Slot]:
    """Return the slots of rows of (text, rows, columns) as a web page gives them: each goes to the next free column."""
    slots: list[Slot] = []
    busy: dict[int, int] = {}  # column -> the first row in which it is free again
    width = 0
    for number, row in enumerate(rows):
        column = 0
        for text, down, across in row:
            while busy.get(column, 0) > number:
                column += 1
            # A web page writes 0 for "to the end".
            reach = min(down or len(rows), len(rows) - number)
            width = max(width, column + across)
            check_cells(width * len(rows), place, limits)
            if reach > 1:
                busy.update(dict.fromkeys(range(column, column + across), number + reach))
            slots.append(Slot(text, number, column, reach, across))
            column += across
    return slots
