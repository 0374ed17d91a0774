"""Tables without rules, or with level rules only: neighbouring lines whose pieces stand in columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from budget_llm.formats.draft import Slot
from budget_llm.formats.pdf.glyphs import Line

_NUMBER = re.compile(r"[-－−]?[0-9][0-9,]*(?:\.[0-9]+)?%?")
_CONTENTS = re.compile(r"[0-9]{1,3}")
_FEWEST_ROWS, _LONGEST_LABEL = 3, 24
# Lines farther apart than this many font sizes are not rows of one table.
_FAR = 4.0


def runs(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return the spans (first line, line behind the last) that stand in columns and hold numbers."""
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(lines):
        last = _end(lines, first)
        if last - first >= _FEWEST_ROWS and _is_table(lines[first:last]):
            found.append((first, last))
        first = max(last, first + 1)
    return found


def _end(lines: Sequence[Line], first: int) -> int:
    """Return where the rows that begin at line `first` end: a line of one short piece between rows is one of them."""
    last = first
    while last < len(lines) and (last == first or _near(lines[last - 1], lines[last])):
        if len(lines[last].pieces) > 1:
            last += 1
            continue
        alone = len(lines[last].text) <= _LONGEST_LABEL and last > first and len(lines[last - 1].pieces) > 1
        following = lines[last + 1] if last + 1 < len(lines) else None
        if not alone or following is None or len(following.pieces) < 2 or not _near(lines[last], following):
            break
        last += 1
    return last


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

    The columns are where the pieces of the usual rows overlap; a piece of another row that lies
    over several of them is a merged cell.
    """
    usual = Counter(len(line.pieces) for line in lines if _has_number(line)).most_common(1)[0][0]
    rows = [line for line in lines if _has_number(line) and len(line.pieces) == usual]
    numbers = _columns([(a, b) for line in rows for a, b, text in line.pieces if _NUMBER.fullmatch(text)])
    labels = [(a, b) for line in rows for a, b, _ in line.pieces if len(_under(numbers, a, b)) < 2]
    columns = _columns([*numbers, *labels])
    if len(columns) < len(numbers):  # a label that reaches into two columns of numbers would make them one
        columns = _columns([*numbers, *(span for span in labels if not _under(numbers, *span))])
    others = [
        (a, b) for line in lines for a, b, _ in line.pieces if len(line.pieces) != usual and not _under(columns, a, b)
    ]
    columns = _columns([*columns, *(span for span in others if not _near_column(columns, *span))])
    slots: dict[tuple[int, int], Slot] = {}
    for row, line in enumerate(lines):
        for number, (left, right, text) in enumerate(line.pieces):
            under = _under(columns, left, right) or [_nearest(columns, left, right)]
            if len(line.pieces) == len(columns):
                under = [number]  # as many pieces as columns: each stands for one, wherever it is aligned
            at = (row, under[0])
            known = slots.get(at)
            slots[at] = Slot(f"{known.text} {text}" if known else text, row, under[0], 1, under[-1] - under[0] + 1)
    return list(slots.values()), tuple(left for left, _ in columns)


def _under(columns: Sequence[tuple[float, float]], left: float, right: float) -> list[int]:
    """Return which columns a stretch of a line lies over."""
    return [number for number, (a, b) in enumerate(columns) if a < right and left < b]


def _nearest(columns: Sequence[tuple[float, float]], left: float, right: float) -> int:
    middle = (left + right) / 2
    return min(range(len(columns)), key=lambda n: abs((columns[n][0] + columns[n][1]) / 2 - middle))


def _near_column(columns: Sequence[tuple[float, float]], left: float, right: float) -> bool:
    """Whether a header stands beside the numbers of its column: nearer to one column than that is wide, and to no other."""
    near = columns[_nearest(columns, left, right)]
    gap = max(near[0] - right, left - near[1])
    return gap < max(near[1] - near[0], right - left)


def _columns(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    columns: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(right, columns[-1][1]))
        else:
            columns.append((left, right))
    return columns
