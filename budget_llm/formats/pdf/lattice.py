"""Ruled tables: rules drawn on a page become a lattice, its fields the cells, and characters fall into them by place."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from budget_llm.errors import InputError
from budget_llm.formats.draft import Slot
from budget_llm.formats.pdf.glyphs import Glyph, Turn, lines_of, wrapped_text
from budget_llm.formats.pdf.rules import MEET, SAME, Rule, joined, rules_of

# No published table has more fields on a page; a lattice beyond it is a drawing.
_MOST_FIELDS = 200_000
# So many numbers below one another in one field are rows.
_FEWEST_LINES = 3
# A table whose rules run on beyond its outermost upright rule by more than this is open at that side.
_OPEN_SIDE = 12.0


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
        slots = _slots(_with_rows(own, inside), inside)
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
        and all(abs(above[n] - x) <= SAME + 1.5 for n, x in zip(near, xs, strict=True))
    )


def _is_table(slots: Sequence[Slot]) -> bool:
    """Whether the fields make a table: two rows and two columns at least, and text in more than one field."""
    filled = [slot for slot in slots if slot.text]
    return len({s.row for s in slots}) > 1 and len({s.column for s in slots}) > 1 and len(filled) > 1


def _holds(lattice: Lattice, glyph: Glyph) -> bool:
    middle, height = (glyph.left + glyph.right) / 2, glyph.base + 0.3 * glyph.size
    return lattice.xs[0] <= middle <= lattice.xs[-1] and lattice.ys[0] <= height <= lattice.ys[-1]


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
        begin = bisect_right(places, rule.start - MEET)
        for other in range(begin, bisect_right(places, rule.end + MEET)):
            if upright[other].start - MEET <= rule.at <= upright[other].end + MEET:
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


def _places(rules: Sequence[Rule]) -> list[float]:
    places: list[float] = []
    for rule in sorted(rules):
        if not places or rule.at - places[-1] > SAME:
            places.append(rule.at)
    return places


def _with_rows(lattice: Lattice, glyphs: Sequence[Glyph]) -> Lattice:
    """Return a lattice with rules added where rows are written below one another without any between them.

    Rows are known by two columns of numbers, three of them or more at the same heights in each.
    """
    digits = [glyph for glyph in glyphs if glyph.text.isdigit()]
    level, ys = list(lattice.level), list(lattice.ys)
    for low, high in pairwise(lattice.ys):
        band = [g for g in digits if low <= g.base + 0.3 * g.size <= high]
        columns = [[g for g in band if a <= g.left < b] for a, b in pairwise(lattice.xs)]
        heights = [[line.base for line in lines_of(column)] for column in columns]
        tall = [found for found in heights if len(found) >= _FEWEST_LINES]
        if len(tall) < 2 or any(len(found) != len(tall[0]) or _differ(found, tall[0]) for found in tall):
            continue
        middle = 0.3 * band[0].size
        for above, below in pairwise(tall[0]):
            place = (above + below) / 2 + middle
            ys.append(place)
            level.append(Rule(place, lattice.xs[0], lattice.xs[-1]))
    return lattice if len(level) == len(lattice.level) else lattice._replace(level=tuple(level), ys=tuple(sorted(ys)))


def _differ(heights: Sequence[float], others: Sequence[float]) -> bool:
    return any(abs(a - b) > SAME for a, b in zip(heights, others, strict=True))


def _slots(lattice: Lattice, glyphs: Sequence[Glyph]) -> list[Slot]:
    """Return the cells of a lattice with their text; fields without a rule between them are one cell."""
    xs, ys = lattice.xs, lattice.ys
    height, width = len(ys) - 1, len(xs) - 1
    if height * width > _MOST_FIELDS:
        raise InputError(f"a page draws a table of {height:,} rows and {width:,} columns; split off that page")
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
        place = bisect_right(places, rule.at + SAME) - 1
        number = bisect_left(stretches, rule.start - MEET)
        while number + 1 < len(stretches) and rule.end >= stretches[number + 1] - MEET:
            drawn.add((place, number))
            number += 1
    return drawn
