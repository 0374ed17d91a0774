"""Columns from places: which cells of lines that are aligned by spaces stand above each other."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from typing import NamedTuple

# How far, in columns of display, a header may stand beside the cells that it belongs to.
_NEAR = 3
# How far a header may stand from the only column without one.
_FAR = 16
_MOST_HEADERS = 12
# What it costs to leave a column between two headers to neither, in columns of display.
_LOST = 100.0


class Span(NamedTuple):
    """A cell of a line: it stands on the columns of display from `left` up to `right`."""

    left: int
    right: int


class Place(NamedTuple):
    """Where a cell comes to stand: its column, and over how many columns it goes."""

    column: int
    columns: int = 1


class Layout(NamedTuple):
    """The places of the cells of all lines that could be placed (the first `dropped` could not), and the width."""

    places: list[list[Place]]
    width: int
    dropped: int


def layout_of(rows: Sequence[Sequence[Span]], body: Sequence[int]) -> Layout | None:
    """Return the places of the cells of `rows`; `body` (not empty) are the numbers of those that hold amounts.

    The columns follow from the body; the rows above it are headers. Return None where two cells of a line
    come to stand in one column.
    """
    bands = _bands([span for number in body for span in rows[number]])
    first, head = max(body[0] - _MOST_HEADERS, 0), body[0]
    for row in rows[first:head]:
        _add_header_only(bands, row)
    below = [_body_places(bands, row) for row in rows[head:]]
    headers: list[list[Place]] = []
    for row in reversed(rows[first:head]):
        found = _header_places(bands, row)
        if found is None:
            break
        headers.insert(0, found)
    places = [row for row in below if row is not None]
    if len(places) < len(below):
        return None
    filled = sorted({place.column for row in places for place in row})
    now = _settled(bands, headers, filled)
    for number in range(len(headers) - 1):
        spans = rows[head - len(headers) + number]
        headers[number] = _widened(bands, spans, headers[number], headers[number + 1])
    placed = [[Place(now[place.column]) for place in row] for row in places]
    return Layout(headers + placed, len(bands), head - len(headers))


def _bands(spans: list[Span]) -> list[Span]:
    """Return what the spans cover, spans that overlap joined."""
    bands: list[Span] = []
    for span in sorted(spans):
        if bands and span.left < bands[-1].right:
            bands[-1] = Span(bands[-1].left, max(bands[-1].right, span.right))
        else:
            bands.append(span)
    return bands


def _over(bands: Sequence[Span], span: Span) -> list[int]:
    """Return the numbers of the bands that the span overlaps; the bands are in order and apart."""
    over: list[int] = []
    for number in range(bisect_right(bands, span.left, key=_right), len(bands)):
        if bands[number].left >= span.right:
            break
        over.append(number)
    return over


def _right(span: Span) -> int:
    return span.right


def _nearest(bands: Sequence[Span], span: Span) -> tuple[int, int]:
    """Return the band nearest to the span and the distance between them."""
    gaps = [(max(band.left - span.right, span.left - band.right), number) for number, band in enumerate(bands)]
    gap, number = min(gaps)
    return number, gap


def _add_header_only(bands: list[Span], row: Sequence[Span]) -> None:
    """Add a band for each header above a column that no amount stands in."""
    taken = {number for span in row for number in _over(bands, span)}
    new: list[Span] = []
    for span in row:
        if _over(bands, span):
            continue
        number, gap = _nearest(bands, span)
        if gap >= _NEAR or number in taken:
            new.append(span)
        taken.add(number)
    for span in new:
        insort(bands, span)


def _body_places(bands: Sequence[Span], row: Sequence[Span]) -> list[Place] | None:
    """Return one column for each cell: the one it covers most of, else the nearest; None where two share one."""
    places: list[Place] = []
    for span in row:
        over = _over(bands, span)
        if over:
            shares = [(min(bands[n].right, span.right) - max(bands[n].left, span.left), -n) for n in over]
            places.append(Place(-max(shares)[1]))
        else:
            places.append(Place(_nearest(bands, span)[0]))
    columns = [place.column for place in places]
    return places if columns == sorted(set(columns)) else None


def _header_places(bands: Sequence[Span], row: Sequence[Span]) -> list[Place] | None:
    """Return the columns that each header stands above; None where two headers share one."""
    places: list[Place] = []
    after = 0
    for span in row:
        over = _over(bands, span) or [_nearest(bands, span)[0]]
        if over[0] < after:
            return None
        after = over[-1] + 1
        places.append(Place(over[0], len(over)))
    return places


def _settled(bands: list[Span], headers: list[list[Place]], filled: Sequence[int]) -> dict[int, int]:
    """Take out the columns with nothing but a header that belongs elsewhere; return where the filled ones are now.

    Such a header is that of the one column next to it that has none, or stands above both its neighbours.
    """
    now = {column: column for column in filled}
    while step := _step(bands, headers, set(now.values())):
        column, into, columns = step
        del bands[column]
        for row in headers:
            row[:] = [Place(into, columns) if p.column == column else _without(p, column) for p in row]
        now = {old: new - (new > column) for old, new in now.items()}
    return now


def _step(bands: list[Span], headers: list[list[Place]], filled: set[int]) -> tuple[int, int, int] | None:
    """Return a column to take out, and where its header then stands; None where there is none left."""
    rows_of: dict[int, list[int]] = {}
    for number, row in enumerate(headers):
        for place in row:
            if place.columns == 1:
                rows_of.setdefault(place.column, []).append(number)
    for column in sorted(set(rows_of) - filled):
        beside = [c for c in (column - 1, column + 1) if 0 <= c < len(bands)]
        bare = [c for c in beside if c in filled and c not in rows_of and _gap(bands[c], bands[column]) <= _FAR]
        if len(bare) == 1:
            return column, min(column, bare[0]), 1
        if len(beside) == 2 and all(min(rows_of.get(c, [-1])) > max(rows_of[column]) for c in beside):
            return column, column - 1, 2
    return None


def _gap(one: Span, other: Span) -> int:
    return max(one.left, other.left) - min(one.right, other.right)


def _without(place: Place, column: int) -> Place:
    """Return the place as it is when `column`, at which it does not begin, is taken out."""
    if place.column > column:
        return Place(place.column - 1, place.columns)
    if place.column + place.columns > column:
        return Place(place.column, place.columns - 1)
    return place


def _widened(
    bands: Sequence[Span], row: Sequence[Span], places: Sequence[Place], below: Sequence[Place]
) -> list[Place]:
    """Widen headers that are centred above several columns, each of which has a header on the next line.

    What lies between two headers belongs to one of them; the middles of all together decide to which.
    """
    covered = {column for place in below for column in range(place.column, place.column + place.columns)}
    best: dict[int, tuple[float, list[Place]]] = {0: (0.0, [])}
    for number, (span, place) in enumerate(zip(row, places, strict=True)):
        least = places[number - 1].column + places[number - 1].columns if number else 0
        most = places[number + 1].column if number + 1 < len(places) else len(bands)
        reached: dict[int, tuple[float, list[Place]]] = {}
        for found in _choices(place, (least, most), covered):
            end = found.column + found.columns
            cost = _off_centre(bands, span, found)
            for before, (total, chosen) in best.items():
                if before > found.column:
                    continue
                lost = sum(column in covered for column in range(before, found.column)) * _LOST if number else 0
                if end not in reached or total + cost + lost < reached[end][0]:
                    reached[end] = (total + cost + lost, [*chosen, found])
        best = reached
    return min(best.values(), key=lambda reading: reading[0])[1] if best else list(places)


def _choices(place: Place, limits: tuple[int, int], covered: set[int]) -> list[Place]:
    """Return the place as it is, and wider within `limits` as far as the line below has headers without a gap."""
    first, last = place.column, place.column + place.columns
    if not all(column in covered for column in range(first, last)):
        return [place]
    low, high = first, last
    while low > limits[0] and low - 1 in covered:
        low -= 1
    while high < limits[1] and high in covered:
        high += 1
    return [Place(a, b - a) for a in range(first, low - 1, -1) for b in range(last, high + 1)]


def _off_centre(bands: Sequence[Span], span: Span, place: Place) -> float:
    """Return how far the middle of a header is from that of the columns below it."""
    left, right = bands[place.column].left, bands[place.column + place.columns - 1].right
    return abs(left + right - span.left - span.right) / 2
