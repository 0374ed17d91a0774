"""The column of each number of a row in which empty cells are left out: the one that the sums of the table allow.

A row of fewer numbers than columns may be read in several ways. Those are kept under which the total of the row
is the sum of its parts; of these, those under which a class is the sum of its items and the total of the table
that of its classes. What is still open is given no column.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from budget_llm.normal_form import normalise
from budget_llm.plain_tables.cell_lines.blocks import Token
from budget_llm.plain_tables.cell_lines.layout import Layout
from budget_llm.plain_tables.cell_lines.rows import Row
from budget_llm.plain_tables.cell_lines.settling import Way, amount_of, settle
from budget_llm.plain_tables.cell_lines.told import Told

# Of the general budget, and of the funds that many departments have nothing of.
_FUNDS = ("一般公共预算", "政府性基金", "国有资本")
_MOST_WAYS = 3000
# Up to this much the rounded parts of a sum may miss it, for each part.
_ROUNDING = Decimal("0.005")


def place(rows: Sequence[Row], layout: Layout, told: Told) -> list[dict[int, Token]]:
    """Return the cells of each row by column; a number whose column stays open is in none."""
    filled = [row for row in rows if row.numbers]
    if sum(len(row.values) == len(row.group.values) for row in filled) * 5 < len(filled) * 4:
        for row in rows:
            row.values = [value for value in row.values if value.kind != "blank"]
    rare = layout.rare | _unfunded(rows, layout)
    ways = [_ways(row, layout) for row in rows]
    rare -= _needed(ways, rare)
    ways = [_commonest(row, options, layout, rare) for row, options in zip(rows, ways, strict=True)]
    for n, row in enumerate(rows):
        if (row.is_total or not row.group.keys) and len(ways[n]) > 1:
            ways[n] = _best_told(row, ways[n], layout, told)
    ways = _without_empty_columns(rows, ways)
    settle(rows, ways, layout)
    return [_placed(row, options, layout) for row, options in zip(rows, ways, strict=True)]


def _best_told(row: Row, ways: Sequence[Way], layout: Layout, told: Told) -> list[Way]:
    """Return the ways under which most numbers of a total stand in the column that the text names beside them."""
    amounts = [amount_of(token) for token in row.numbers]
    named = [{c for c in row.group.values if told.says(layout.name_of(c), a)} for a in amounts]
    scores = [sum(column in names for column, names in zip(way, named, strict=True)) for way in ways]
    return [way for way, score in zip(ways, scores, strict=True) if score == max(scores)]


def _without_empty_columns(rows: Sequence[Row], ways: Sequence[list[Way]]) -> list[list[Way]]:
    """Return the ways without those that put an amount where the total of the table has none, as far as others are left."""
    ways = list(ways)
    for group in {id(row.group): row.group for row in rows}.values():
        totals = [n for n, row in enumerate(rows) if row.group is group and row.is_total and row.numbers]
        if len(totals) != 1 or len(ways[totals[0]]) != 1:
            continue
        filled = set(ways[totals[0]][0])
        for n, row in enumerate(rows):
            if row.group is group:
                ways[n] = [way for way in ways[n] if filled.issuperset(way)] or ways[n]
    return ways


def _unfunded(rows: Sequence[Row], layout: Layout) -> frozenset[int]:
    """Return the columns of funds for which the other half of a statement lists no income: nothing is spent from them."""
    if len(layout.groups) != 2:
        return frozenset()
    received = {fund: [r for r in rows if r.group is layout.groups[0] and _names(r, fund)] for fund in _FUNDS}
    general, *others = _FUNDS
    if not any(row.numbers for row in received[general]):
        return frozenset()
    empty = [fund for fund in others if not any(row.numbers for row in received[fund])]
    return frozenset(n for n in layout.groups[1].values for fund in empty if fund in layout.leaves[n].words)


def _names(row: Row, fund: str) -> bool:
    return any(fund in normalise(key.text) for key in row.keys)


def satisfied(row: Row, cells: dict[int, Token], layout: Layout) -> int:
    """Return how many of the sums of a row hold, less those that do not; 0 where a number of it has no column."""
    amounts = {column: amount_of(token) for column, token in cells.items() if token.kind != "dash"}
    if len(amounts) < len(row.numbers):
        return 0
    held = 0
    for whole, parts in layout.sums:
        if whole in row.group.values and whole in amounts and any(p in amounts for p in parts):
            held += (
                1 if _adds_up(amounts, whole, parts, Decimal(0)) or _adds_up(amounts, whole, parts, _ROUNDING) else -1
            )
    return held


def _needed(ways: Sequence[Sequence[Way]], rare: frozenset[int]) -> frozenset[int]:
    """Return the columns that are rarely filled and that a row cannot do without: the table has them."""
    needed: set[int] = set()
    for options in ways:
        if options and all(rare.intersection(way) for way in options):
            needed.update(*options)
    return rare & needed


def _ways(row: Row, layout: Layout) -> list[Way]:
    """Return the ways in which the numbers of a row may stand in its columns: those under which its sums hold."""
    if len(row.values) == len(row.group.values):
        return [
            tuple(c for c, value in zip(row.group.values, row.values, strict=True) if value.kind in ("number", "code"))
        ]
    amounts = [amount_of(value) for value in row.numbers]
    found = _orders(row, layout)
    readings = [dict(zip(way, amounts, strict=True)) for way in found]
    for slack, is_strict in ((Decimal(0), True), (_ROUNDING, True), (Decimal(0), False)):
        held = [
            way
            for way, a in zip(found, readings, strict=True)
            if _holds(a, row, layout, slack)
            and (not is_strict or (_differ(a, layout.differences) and _balances(a, layout.balance, slack)))
        ]
        if held:
            break
    return held


def _orders(row: Row, layout: Layout) -> list[Way]:
    """Return the columns that the numbers of a row may stand in, in order; none for more than can be tried."""
    percents = [value.text.endswith(("%", "％")) for value in row.numbers]
    found: list[Way] = []
    for tried, way in enumerate(combinations(row.group.values, len(percents))):
        if tried >= _MOST_WAYS:
            return []
        if all(not percent or column not in layout.moneys for column, percent in zip(way, percents, strict=True)):
            found.append(way)
    return found


def _commonest(row: Row, held: list[Way], layout: Layout, rare: frozenset[int]) -> list[Way]:
    """Return the ways that take the fewest columns that are rarely filled."""
    if len(row.values) == len(row.group.values):
        return held
    if not held:  # its sums fail, but its numbers may just fill the columns that are ever filled
        common = [way for way in _orders(row, layout) if not rare & set(way)]
        return common if len(common) == 1 else []
    fewest = min((len(rare & set(way)) for way in held), default=0)
    return [way for way in held if len(rare & set(way)) == fewest]


def _holds(amounts: dict[int, Decimal], row: Row, layout: Layout, slack: Decimal) -> bool:
    """Whether under a way every total of the row is there and is the sum of its parts."""
    for whole, parts in layout.sums:
        if whole not in row.group.values:
            continue
        if (whole in amounts) != any(part in amounts for part in parts):
            return False
        if not _adds_up(amounts, whole, parts, slack):
            return False
    return True


def _differ(amounts: dict[int, Decimal], differences: Sequence[tuple[int, int, int]]) -> bool:
    """Whether every change is the difference of its two years."""
    return all(
        change not in amounts or amounts[change] == amounts.get(now, Decimal(0)) - amounts.get(before, Decimal(0))
        for change, now, before in differences
    )


def _balances(amounts: dict[int, Decimal], balance: Sequence[int], slack: Decimal) -> bool:
    """Whether what was carried over and came in is what was spent and is left."""
    carried, received, spent, left = (amounts.get(column, Decimal(0)) for column in balance or (-1,) * 4)
    return abs(carried + received - spent - left) <= slack * 2


def _adds_up(amounts: dict[int, Decimal], whole: int, parts: Sequence[int], slack: Decimal) -> bool:
    missing = amounts.get(whole, Decimal(0)) - sum((amounts.get(part, Decimal(0)) for part in parts), Decimal(0))
    return abs(missing) <= slack * len(parts)


def _placed(row: Row, ways: Sequence[Way], layout: Layout) -> dict[int, Token]:
    """Return the cells of a row in the columns on which all its ways agree."""
    if len(row.values) == len(row.group.values):
        return {c: value for c, value in zip(row.group.values, row.values, strict=True) if value.kind != "blank"}
    numbers = row.numbers
    if not ways:  # the row's own sums fail: only what stands first is sure, where that is the total of all
        first = row.group.values[0]
        whole = any(
            total == first and set(parts) | {first} >= set(row.group.values) & layout.moneys
            for total, parts in layout.sums
        )
        return {first: numbers[0]} if whole and numbers else {}
    agreed = {}
    for n, number in enumerate(numbers):
        columns = {way[n] for way in ways}
        if len(columns) == 1:
            agreed[columns.pop()] = number
    return agreed
