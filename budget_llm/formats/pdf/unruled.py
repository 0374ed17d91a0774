"""Tables without rules, or with level rules only: neighbouring lines whose pieces stand in columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from budget_llm.formats.draft import Slot
from budget_llm.formats.pdf.glyphs import Line

_NUMBER = re.compile(r"[-－−]?[0-9][0-9,]*(?:\.[0-9]+)?%?")
_CONTENTS = re.compile(r"[0-9]{1,3}")
_FEWEST_ROWS = 3
# Lines farther apart than this many font sizes are not rows of one table.
_FAR = 4.0


def runs(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return the spans (first line, line behind the last) that stand in columns and hold numbers."""
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(lines):
        last = first
        while (
            last < len(lines) and len(lines[last].pieces) > 1 and (last == first or _near(lines[last - 1], lines[last]))
        ):
            last += 1
        if last - first >= _FEWEST_ROWS and _is_table(lines[first:last]):
            found.append((first, last))
        first = max(last, first + 1)
    return found


def _near(above: Line, line: Line) -> bool:
    return above.base - line.base <= _FAR * max(line.size, above.size)


def _has_number(line: Line) -> bool:
    return any(_NUMBER.fullmatch(text) for _, _, text in line.pieces[1:])


def _is_table(lines: Sequence[Line]) -> bool:
    numbered = [line for line in lines if _has_number(line)]
    if len(numbered) < 2:
        return False
    contents = [line for line in numbered if len(line.pieces) == 2 and _CONTENTS.fullmatch(line.pieces[1][2])]
    rising = all(int(a.pieces[1][2]) <= int(b.pieces[1][2]) for a, b in pairwise(contents))
    return len(contents) < len(numbered) or not rising


def slots_of(lines: Sequence[Line]) -> tuple[list[Slot], tuple[float, ...]]:
    """Return the cells of lines in columns, and the borders of the columns.

    The columns are where the pieces of the rows with numbers overlap; a piece of another row that lies
    over several of them is a merged cell.
    """
    columns = _columns([(left, right) for line in lines if _has_number(line) for left, right, _ in line.pieces])
    others = [(a, b) for line in lines for a, b, _ in line.pieces if not any(a < d and c < b for c, d in columns)]
    columns = _columns([*columns, *others])
    slots = []
    for row, line in enumerate(lines):
        for left, right, text in line.pieces:
            under = [n for n, (a, b) in enumerate(columns) if a < right and left < b]
            slots.append(Slot(text, row, under[0], 1, under[-1] - under[0] + 1))
    return slots, tuple(left for left, _ in columns)


def _columns(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    columns: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(right, columns[-1][1]))
        else:
            columns.append((left, right))
    return columns
