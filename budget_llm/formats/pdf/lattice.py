"""Ruled tables: rules drawn on a page become a lattice, its fields the cells, and characters fall into them by place."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from budget_llm.errors import InputError
from budget_llm.formats.draft import Slot
from budget_llm.formats.pdf.glyphs import Glyph, Turn, wrapped_text

# Points: what is thinner is a rule, rules nearer than this are one, rules that miss each other by less meet.
_THIN, _SAME, _MEET = 2.5, 2.5, 3.0
_MOST_RULES = 60_000
# A table whose rules run on beyond its outermost upright rule by more than this is open at that side.
_OPEN_SIDE = 12.0


class Rule(NamedTuple):
    """A straight rule: its place across (y of a level one, x of an upright one) and from where to where it runs."""

    at: float
    start: float
    end: float


class Lattice(NamedTuple):
    """The rules of one table: its level and upright places in rising order, and which stretches of them are drawn."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    level: tuple[Rule, ...]
    upright: tuple[Rule, ...]


class Ruled(NamedTuple):
    """A ruled table on a page: its outline, its cells and the borders of its columns."""

    top: float
    foot: float
    left: float
    right: float
    slots: tuple[Slot, ...]
    edges: tuple[float, ...]


def ruled_tables(
    page: Any, glyphs: Sequence[Glyph], turn: Turn, above: tuple[float, ...] = ()
) -> tuple[list[Ruled], list[Glyph]]:
    """Return the ruled tables of a page, from its head to its foot, and the characters that stand in none of them.

    `above` are the borders of the columns of the table that ended the page before: a first table between the
    same outer borders, be it a single row, goes on with it and takes its columns.
    """
    tables: list[Ruled] = []
    rest = list(glyphs)
    for lattice in sorted(lattices(*rules_of(page, turn)), key=lambda lattice: -lattice.ys[-1]):
        own = lattice._replace(xs=above) if not tables and _goes_on(lattice.xs, above) else lattice
        inside: list[Glyph] = []
        outside: list[Glyph] = []
        for glyph in rest:
            (inside if _holds(own, glyph) else outside).append(glyph)
        slots = _slots(own, inside)
        if _is_table(slots) or (own is not lattice and any(slot.text for slot in slots)):
            rest = outside
            tables.append(Ruled(own.ys[-1], own.ys[0], own.xs[0], own.xs[-1], tuple(slots), own.xs))
    return tables, rest


def _goes_on(xs: Sequence[float], above: Sequence[float]) -> bool:
    """Whether every border is one of the borders `above`, the outermost ones among them."""
    near = [min(range(len(above)), key=lambda n: abs(above[n] - x)) for x in xs] if above else []
    return (
        bool(near)
        and (near[0], near[-1]) == (0, len(above) - 1)
        and all(abs(above[n] - x) <= _SAME + 1.5 for n, x in zip(near, xs, strict=True))
    )


def _is_table(slots: Sequence[Slot]) -> bool:
    """Whether the fields make a table: two rows and two columns at least, and text in more than one field."""
    filled = [slot for slot in slots if slot.text]
    return len({s.row for s in slots}) > 1 and len({s.column for s in slots}) > 1 and len(filled) > 1


def _holds(lattice: Lattice, glyph: Glyph) -> bool:
    middle, height = (glyph.left + glyph.right) / 2, glyph.base + 0.3 * glyph.size
    return lattice.xs[0] <= middle <= lattice.xs[-1] and lattice.ys[0] <= height <= lattice.ys[-1]


def rules_of(page: Any, turn: Turn) -> tuple[list[Rule], list[Rule]]:
    """Return the level and the upright rules of a page: thin filled shapes, and stroked straight lines."""
    import pypdfium2.raw as pdfium

    level: list[Rule] = []
    upright: list[Rule] = []

    def add(one: tuple[float, float], other: tuple[float, float]) -> None:
        (x0, y0), (x1, y1) = turn.point(*one), turn.point(*other)
        width, height = abs(x1 - x0), abs(y1 - y0)
        if height <= _THIN < width:
            level.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif width <= _THIN < height:
            upright.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    for shape in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4):
        if len(level) + len(upright) > _MOST_RULES:
            raise InputError(
                f"a page draws more than {_MOST_RULES:,} rules, which no published table has; split off that page"
            )
        left, low, right, high = shape.get_bounds()
        if right - left <= _THIN or high - low <= _THIN:
            add((left, low), (right, high))
        else:
            for one, other in _strokes(shape):
                add(one, other)
    return level, upright


def _strokes(shape: Any) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return the straight lines that a path draws; the outline of a filled area counts as drawn where it is stroked."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(shape.raw, fill, stroke)
    if not stroke.value:
        return []
    matrix = shape.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    lines: list[tuple[tuple[float, float], tuple[float, float]]] = []
    first = last = (0.0, 0.0)
    for index in range(min(pdfium.FPDFPath_CountSegments(shape.raw), _MOST_RULES)):
        segment = pdfium.FPDFPath_GetPathSegment(shape.raw, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            lines.append((last, point))
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            lines.append((last, first))
    return lines


def lattices(level: Sequence[Rule], upright: Sequence[Rule]) -> list[Lattice]:
    """Return the lattices that rules make which cross or meet each other."""
    level, upright = joined(level), joined(upright)
    parent = list(range(len(level) + len(upright)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    places = [rule.at for rule in upright]
    for number, rule in enumerate(level):
        begin = bisect_right(places, rule.start - _MEET)
        for other in range(begin, bisect_right(places, rule.end + _MEET)):
            if upright[other].start - _MEET <= rule.at <= upright[other].end + _MEET:
                parent[root(number)] = root(len(level) + other)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for number, rule in enumerate(level):
        groups[root(number)][0].append(rule)
    for number, rule in enumerate(upright):
        groups[root(len(level) + number)][1].append(rule)
    found = []
    for rows, columns in groups.values():
        if len(rows) > 1 and len(columns) > 1:
            found.append(_lattice(rows, columns))
    return found


def _lattice(level: Sequence[Rule], upright: Sequence[Rule]) -> Lattice:
    xs, ys = _places(upright), _places(level)
    left, right = min(rule.start for rule in level), max(rule.end for rule in level)
    sides = list(upright)
    if left < xs[0] - _OPEN_SIDE:
        xs.insert(0, left)
        sides.append(Rule(left, ys[0], ys[-1]))
    if right > xs[-1] + _OPEN_SIDE:
        xs.append(right)
        sides.append(Rule(right, ys[0], ys[-1]))
    return Lattice(tuple(xs), tuple(ys), tuple(level), tuple(sides))


def joined(rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules with those that lie on one another or follow one another on one line made one, by place."""
    out: list[Rule] = []
    bands: list[list[Rule]] = []
    for rule in sorted(rules):
        if bands and rule.at - bands[-1][0].at <= _SAME:
            bands[-1].append(rule)
        else:
            bands.append([rule])
    for band in bands:
        at, begin = band[0].at, len(out)
        for rule in sorted(band, key=lambda r: r.start):
            if len(out) > begin and rule.start <= out[-1].end + _MEET:
                out[-1] = Rule(at, out[-1].start, max(out[-1].end, rule.end))
            else:
                out.append(Rule(at, rule.start, rule.end))
    return out


def _places(rules: Sequence[Rule]) -> list[float]:
    places: list[float] = []
    for rule in sorted(rules):
        if not places or rule.at - places[-1] > _SAME:
            places.append(rule.at)
    return places


def _slots(lattice: Lattice, glyphs: Sequence[Glyph]) -> list[Slot]:
    """Return the cells of a lattice with their text; fields without a rule between them are one cell."""
    xs, ys = lattice.xs, lattice.ys
    height, width = len(ys) - 1, len(xs) - 1
    fields = _merged(lattice)
    texts: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        column = min(bisect_right(xs, (glyph.left + glyph.right) / 2), width) - 1
        low = min(bisect_right(ys, glyph.base + 0.3 * glyph.size), height) - 1
        texts[fields[(height - 1 - low) * width + column]].append(glyph)
    members: dict[int, list[int]] = defaultdict(list)
    for field, cell in enumerate(fields):
        members[cell].append(field)
    slots = []
    for cell, own in members.items():
        rows, columns = [field // width for field in own], [field % width for field in own]
        top, first, last = min(rows), min(columns), max(columns)
        text = wrapped_text(texts[cell], xs[first], xs[last + 1]) if texts[cell] else ""
        slots.append(Slot(text, top, first, max(rows) - top + 1, last - first + 1))
    return slots


def _merged(lattice: Lattice) -> list[int]:
    """Return for each field (row by row from the top) the number of the first field of its cell."""
    xs, ys = lattice.xs, lattice.ys
    height, width = len(ys) - 1, len(xs) - 1
    walls, floors = _drawn(lattice.upright, xs, ys), _drawn(lattice.level, ys, xs)
    cell = list(range(height * width))

    def root(field: int) -> int:
        while cell[field] != field:
            field = cell[field]
        return field

    def merge(one: int, other: int) -> None:
        a, b = root(one), root(other)
        cell[max(a, b)] = min(a, b)

    for row in range(height):
        low = height - 1 - row
        for column in range(width):
            field = row * width + column
            if column + 1 < width and (column + 1, low) not in walls:
                merge(field, field + 1)
            if row + 1 < height and (low, column) not in floors:
                merge(field, field + width)
    return [root(field) for field in range(height * width)]


def _drawn(rules: Sequence[Rule], places: Sequence[float], stretches: Sequence[float]) -> set[tuple[int, int]]:
    """Return which stretches between neighbouring crossings are drawn: (number of the place, number of the stretch)."""
    drawn: set[tuple[int, int]] = set()
    for rule in rules:
        place = bisect_right(places, rule.at + _SAME) - 1
        for number in range(len(stretches) - 1):
            if rule.start <= stretches[number] + _MEET and rule.end >= stretches[number + 1] - _MEET:
                drawn.add((place, number))
    return drawn
