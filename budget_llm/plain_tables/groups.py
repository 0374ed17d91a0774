"""Headers of groups: over how many columns a header goes that is centred above them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# What it costs to leave a column to no header, in columns of display: between two headers, and beside all of them.
_LOST = 100.0
_LEFT_OUT = 4.0
# By how much a reading must be better than the next, in columns of display.
_CLEARLY = 1.0
# From how much worse on a reading is none, and how many are kept.
_UNLIKELY = 40.0
_MOST_READINGS = 4


class Span(NamedTuple):
    """A cell of a line: it stands on the columns of display from `left` up to `right`."""

    left: int
    right: int


class Place(NamedTuple):
    """Where a cell comes to stand: its column, and over how many columns it goes."""

    column: int
    columns: int = 1

    @property
    def end(self) -> int:
        """The first column after it."""
        return self.column + self.columns


class Reading(NamedTuple):
    """Places for the first headers of a row, and how far these stand from the middles of their columns."""

    cost: float
    places: list[Place]


def widened(
    bands: Sequence[Span], row: Sequence[Span], places: Sequence[Place], below: Sequence[Place], valued: set[int]
) -> list[Reading]:
    """Return the readings, likely ones first, of headers that stand above columns with headers of their own below.

    What lies between two headers belongs to one of them; the middles of all together decide to which.
    `valued` are the columns with amounts: others at the border belong to no group that does not stand above
    them. Where two readings are as good as each other, the first leaves the headers as they are.
    """
    free = {column for place in below for column in range(place.column, place.end)}
    parts = _parts(bands, free, valued)
    amounts = parts[len(parts) // 2]
    cuts = {n for place in below for n in range(place.column + 1, place.end)}
    best: dict[int, list[Reading]] = {0: [Reading(0.0, [])]}
    for number, (span, place) in enumerate(zip(row, places, strict=True)):
        least = places[number - 1].end if number else 0
        most = places[number + 1].column if number + 1 < len(places) else len(bands)
        reached: dict[int, list[Reading]] = {}
        own = range(place.column, place.end)
        near = free.intersection(own).union(*(part for part in parts if not part.isdisjoint(own)))
        for found in _choices(place, (least, most), near, cuts):
            cost = _off_centre(bands, span, found)
            for before, readings in best.items():
                if before <= found.column:
                    left = _left(range(before, found.column), free if number else amounts) * (
                        _LOST if number else _LEFT_OUT
                    )
                    kept = [Reading(r.cost + cost + left, [*r.places, found]) for r in readings]
                    reached[found.end] = sorted(reached.get(found.end, []) + kept)[:_MOST_READINGS]
        best = reached
    readings = sorted(
        Reading(reading.cost + _left(range(end, len(bands)), amounts) * _LEFT_OUT, reading.places)
        for end, found in best.items()
        for reading in found
    )
    if not readings:
        return [Reading(0.0, list(places))]
    if len(readings) > 1 and readings[1].cost - readings[0].cost < _CLEARLY:
        readings.insert(0, Reading(readings[0].cost, list(places)))
    return [reading for reading in readings if reading.cost - readings[0].cost < _UNLIKELY][:_MOST_READINGS]


def _parts(bands: Sequence[Span], free: set[int], valued: set[int]) -> list[set[int]]:
    """Return the free columns between which no group goes: labels at the left, amounts, labels at the right.

    Where labels stand between amounts, the table has two sides, each with labels of its own.
    """
    first, last = min(valued, default=0), max(valued, default=0)
    if not valued or any(column not in valued for column in range(first, last) if column in free):
        return [free]
    bounds = [range(first), range(first, last + 1), range(last + 1, len(bands))]
    return [free.intersection(bound) for bound in bounds]


def _left(columns: range, free: set[int]) -> int:
    return sum(column in free for column in columns)


def _choices(place: Place, limits: tuple[int, int], free: set[int], cuts: set[int]) -> list[Place]:
    """Return the place as it is, and wider within `limits` over `free` columns without a gap, where no cut falls."""
    first, last = place.column, place.end
    if not all(column in free for column in range(first, last)):
        return [place]
    low, high = first, last
    while low > limits[0] and low - 1 in free:
        low -= 1
    while high < limits[1] and high in free:
        high += 1
    starts = [a for a in range(first, low - 1, -1) if a == first or a not in cuts]
    ends = [b for b in range(last, high + 1) if b == last or b not in cuts]
    return [Place(a, b - a) for a in starts for b in ends]


def _off_centre(bands: Sequence[Span], span: Span, place: Place) -> float:
    """Return how far the middle of a header is from that of the columns below it."""
    left, right = bands[place.column].left, bands[place.end - 1].right
    return abs(left + right - span.left - span.right) / 2
