"""Rows that a label too long for its column pushes to the right: where their cells stand without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from budget_llm.plain_tables.groups import Span

# In so many rows, and in such a share of them, cells begin or end at a place that a column has there.
_FEWEST = 3
_SHARE = 0.25


class Box(NamedTuple):
    """A cell where it stands, and whether it holds a number: numbers end where their column ends, words begin there."""

    span: Span
    is_number: bool

    def edge(self, shift: int = 0) -> tuple[bool, int]:
        """Return where the cell is aligned, were it so much further left."""
        return self.is_number, (self.span.right if self.is_number else self.span.left) - shift


def in_place(rows: Sequence[Sequence[Box]]) -> list[list[Span]]:
    """Return where the cells of rows stand once those behind a long label are moved back below their column.

    They are moved only where all of them then stand as those of the other rows do, in one way alone, and the
    label reaches further than those of the rows that are in place.
    """
    counts = Counter(edge for row in rows for edge in {box.edge() for box in row})
    common = {edge for edge, count in counts.items() if count >= max(_FEWEST, len(rows) * _SHARE)}
    reach: dict[int, int] = {}
    for row in rows:
        for label, box in pairwise(row):
            if not label.is_number and box.edge() in common:
                reach[label.span.left] = max(reach.get(label.span.left, 0), label.span.right)
    return [_moved(row, common, reach) for row in rows]


def _moved(row: Sequence[Box], common: set[tuple[bool, int]], reach: dict[int, int]) -> list[Span]:
    spans = [box.span for box in row]
    shift = 0
    for number in range(1, len(row)):
        label, box = spans[number - 1], row[number]
        if not row[number - 1].is_number and box.edge(shift) not in common:
            behind = _up_to_a_label(row[number:])
            most = label.right - reach.get(label.left, label.right)
            fits = [s for s in range(1, most + 1) if all(b.edge(shift + s) in common for b in behind)]
            if len(fits) != 1:
                return [box.span for box in row]
            shift += fits[0]
            spans[number - 1] = Span(label.left, label.right - fits[0])
        spans[number] = Span(box.span.left - shift, box.span.right - shift)
    return spans


def _up_to_a_label(row: Sequence[Box]) -> Sequence[Box]:
    """Return the boxes up to the next label and that itself; what stands behind it a second long label may have pushed."""
    end = next((number for number, box in enumerate(row) if not box.is_number), len(row))
    return row[: end + 1]
