"""Columns from places: which cells of lines that are aligned by spaces stand above each other."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from typing import NamedTuple

from budget_llm.plain_tables.groups import Place, Reading, Span, widened

# How far, in columns of display, a header may stand beside the cells that it belongs to.
_NEAR = 3
# How far a header may stand from the only column without one.
_FAR = 16
_MOST_HEADERS = 12


# How much better, in columns of display, the first reading of a header must be than the next to need no proof.
_SURE = 4.0
_MOST_READINGS = 8

# How many sums of the header rows (numbered from the first that could be placed) hold in the body, less those that do not.
Balance = Callable[[int, Sequence[Sequence[Place]], Sequence[Sequence[Place]], set[int]], int]


class Wrapped(NamedTuple):
    """A word that goes on in a row below: the numbers of both rows and of the cells in them."""

    row: int
    cell: int
    row_below: int
    cell_below: int


class Layout(NamedTuple):
    """The places of the cells of all lines that could be placed (the first `dropped` could not), and the width.

    `bare` is how many columns have no header of their own; where it `is_open` what the headers stand above,
    geometry leaves it so and the sums speak against all readings.
    """

    places: list[list[Place]]
    width: int
    dropped: int
    bare: int
    is_open: bool


def layout_of(
    rows: Sequence[Sequence[Span]], body: Sequence[int], amounts: Sequence[Span], wrapped: Sequence[Wrapped],
    balance: Balance,
) -> Layout | None:  # fmt: skip
    """Return the places of the cells of `rows`; `body` (not empty) are the numbers of those that hold `amounts`.

    The columns follow from the body; the rows above it are headers. Return None where two cells of a line
    come to stand in one column.
    """
    bands = _bands([span for number in body for span in rows[number]])
    first, head = max(body[0] - _MOST_HEADERS, 0), body[0]
    for row in rows[first:head]:
        _add_header_only(bands, row)
    rights = [band.right for band in bands]
    below = [_body_places(bands, rights, row) for row in rows[head:]]
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
    headers = [_apart(row) for row in headers]
    valued = {number for span in amounts for number in _over(bands, span)}
    placed = [[Place(now[place.column]) for place in row] for row in places]
    top = head - len(headers)
    readings = _readings(
        bands,
        rows[top:head],
        headers,
        [w._replace(row=w.row - top, row_below=w.row_below - top) for w in wrapped],
        valued,
    )
    chosen, is_open = _proved(readings, lambda heads: balance(top, heads, placed, valued))
    named = {place.column for row in chosen for place in row if place.columns == 1}
    return Layout(chosen + placed, len(bands), top, len(bands) - len(named), is_open)


def _readings(
    bands: Sequence[Span], rows: Sequence[Sequence[Span]], headers: list[list[Place]], wrapped: Sequence[Wrapped],
    valued: set[int],
) -> list[tuple[float, list[list[Place]]]]:  # fmt: skip
    """Return what the header rows may stand above, with what each reading costs, likely ones first."""
    if not headers:
        return [(0.0, [])]
    readings = [(0.0, headers[-1:])]
    # From the lowest up: a header of three levels stands above groups, not above single columns.
    for number in reversed(range(len(headers) - 1)):
        reached: list[tuple[float, list[list[Place]]]] = []
        for cost, lower in readings:
            places = list(headers[number])
            whole: set[int] = set()
            for word in wrapped:
                if word.row == number:
                    place = lower[word.row_below - number - 1][word.cell_below]
                    if place.columns == 1:
                        places[word.cell] = place
                        whole.add(place.column)
            below = [place for place in _under(lower) if place.column not in whole]
            options = widened(bands, rows[number], places, below, valued) if below else [Reading(0.0, places)]
            reached += [(cost + option.cost, [option.places, *lower]) for option in options]
        readings = sorted(reached, key=lambda reading: reading[0])[:_MOST_READINGS]
    return readings


def _under(headers: Sequence[Sequence[Place]]) -> list[Place]:
    """Return the highest places of the rows below a header, column by column.

    A row whose cells stand beside those of the row below it, and over none, is centred between that and the
    header: its cells are as high as both, so that the header does not stand above them.
    """
    found: list[Place] = []
    for number, row in enumerate(headers):
        taken = {column for place in found for column in range(place.column, place.end)}
        beside = [place for place in row if taken.isdisjoint(range(place.column, place.end))]
        if number == 1 and len(beside) == len(row):
            found = []
        found += beside
    return sorted(found)


def _proved(
    readings: Sequence[tuple[float, list[list[Place]]]], balance: Callable[[list[list[Place]]], int]
) -> tuple[list[list[Place]], bool]:
    """Return the reading under which most sums hold, of several the likeliest; and whether none is likely or proved."""
    if len(readings) == 1:
        return readings[0][1], False
    balances = [balance(headers) for _, headers in readings]

    def proof(number: int) -> tuple[int, float, int]:
        cost, headers = readings[number]
        return balances[number], -cost, sum(place.columns for row in headers for place in row)

    best = max(range(len(readings)), key=proof)
    chosen = best if balances[best] > 0 else 0
    return readings[chosen][1], balances[chosen] < 0 and readings[1][0] - readings[0][0] < _SURE


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


def _body_places(bands: Sequence[Span], rights: Sequence[int], row: Sequence[Span]) -> list[Place] | None:
    """Return one column for each cell: the one it covers most of, else the nearest; None where two share one."""
    places: list[Place] = []
    for span in row:
        first = bisect_right(rights, span.left)
        if first < len(bands) and bands[first].left < span.right <= rights[first]:
            places.append(Place(first))
            continue
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


def _apart(row: Sequence[Place]) -> list[Place]:
    """Return the places of a row, each cut off where the next one begins."""
    ends = [place.column for place in row[1:]] + [row[-1].end]
    return [Place(p.column, max(min(p.end, end) - p.column, 1)) for p, end in zip(row, ends, strict=True)]


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
