"""Which ways of reading the rows of a table are left by its sums over rows: classes and items, a total and its list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import prod

from budget_llm.lexicon import table_words
from budget_llm.plain_tables.cell_lines.blocks import Token, is_ordinal_led
from budget_llm.plain_tables.cell_lines.layout import Layout
from budget_llm.plain_tables.cell_lines.rows import Row, unled
from budget_llm.quantities import parse_number

Way = tuple[int, ...]
"""The columns of the numbers of a row, in order."""
_Amounts = tuple[Decimal, ...]
_Family = tuple[int, list[int]]

_NOTHING, _HALF_A_DIGIT = Decimal(0), Decimal("0.005")
_MOST_STATES, _MOST_STEPS = 4000, 40_000
_MOST_PASSES = 8
_MOST_BY_ONE_COLUMN = 256


def amount_of(token: Token) -> Decimal:
    """Return the number of a cell, 0 where it holds none."""
    return parse_number(token.text.rstrip("%％")) or Decimal(0)


def settle(rows: Sequence[Row], ways: list[list[Way]], layout: Layout) -> None:
    """Drop the ways under which a row is not the sum of the rows that it heads, as long as any way is left."""
    families = _families(rows)
    for _ in range(_MOST_PASSES):
        before = sum(map(len, ways))
        for head, members in families:
            _settle_family(head, members, rows, ways, layout)
        if sum(map(len, ways)) == before:
            return


def _families(rows: Sequence[Row]) -> list[_Family]:
    """Return each row that sums up others with those: a class with the next longer codes below it, a total with the classes."""
    families: list[_Family] = list(_lists(rows))
    coded = [(n, row.code) for n, row in enumerate(rows) if row.code]
    inner: set[int] = set()
    for n, code in coded:
        below = [(m, other) for m, other in coded if other != code and other.startswith(code)]
        shortest = min((len(other) for _, other in below), default=0)
        members = [m for m, other in below if len(other) == shortest]
        inner.update(m for m, _ in below)
        if members:
            families.append((n, members))
    tops = [n for n, _ in coded if n not in inner]
    families += [(n, tops) for n, row in enumerate(rows) if row.is_total and tops]
    return families


def _lists(rows: Sequence[Row]) -> Iterator[_Family]:
    """Yield, for each side of a statement, the first total with the items of the list above it (一、 二、 三、 …)."""
    for group in {id(row.group): row.group for row in rows if row.group.keys}.values():
        members: list[int] = []
        for n, row in enumerate(rows):
            if row.group is not group or not row.keys or row.code:
                continue
            label = row.keys[-1].text
            if is_ordinal_led(label) and label[0] not in "（(" and "其中" not in label:
                members += [n] if row.numbers else []
            elif members and row.numbers and table_words("leaves")["sums"].search(unled(label)):
                yield n, members
                break


def _settle_family(
    head: int, members: Sequence[int], rows: Sequence[Row], ways: list[list[Way]], layout: Layout
) -> None:
    if not ways[head] or not all(ways[m] for m in members) or all(len(ways[n]) == 1 for n in (head, *members)):
        return
    columns = sorted(layout.moneys)
    if not _settle_columns(columns, head, members, rows, ways) and _are_few(ways, members):
        for column in columns:
            # A head that may have nothing there would drive its members out of the column that does not add up.
            if len({*_vectors(rows[head], ways[head], [column])}) == 1:
                _settle_columns([column], head, members, rows, ways)


def _are_few(ways: Sequence[Sequence[Way]], members: Sequence[int]) -> bool:
    """Whether the rows can be read in so few ways that a sum of one column does not come out right by chance."""
    return prod(len(ways[m]) for m in members) <= _MOST_BY_ONE_COLUMN


def _settle_columns(
    columns: Sequence[int], head: int, members: Sequence[int], rows: Sequence[Row], ways: list[list[Way]]
) -> bool:
    """Drop the ways under which columns do not add up; return whether any way of all the rows does."""
    options = [_vectors(rows[m], ways[m], columns) for m in members]
    heads = _vectors(rows[head], ways[head], columns)
    ends = set(heads)
    for slack in (Decimal(0), _rounding(options)):
        forward = _sums_reached(options, ends, slack)
        if forward is None:
            return False
        wanted = {total for total in forward[-1] if any(_near(total, end, slack) for end in ends)}
        if wanted:
            break
    else:
        return False
    ways[head] = [w for w, end in zip(ways[head], heads, strict=True) if any(_near(end, t, slack) for t in wanted)]
    for number in range(len(members) - 1, -1, -1):
        kept: list[Way] = []
        needed = set()
        for way, vector in zip(ways[members[number]], options[number], strict=True):
            starts = {_minus(total, vector) for total in wanted} & forward[number]
            if starts:
                kept.append(way)
                needed |= starts
        ways[members[number]], wanted = kept, needed
    return True


def _rounding(options: Sequence[Sequence[_Amounts]]) -> Decimal:
    """Return by how much rounded parts may miss their sum; 0 where an amount is so small that it would go unnoticed."""
    slack = _HALF_A_DIGIT * len(options)
    smallest = min((abs(a) for choices in options for choice in choices for a in choice if a), default=Decimal(0))
    return slack if smallest > 4 * slack else Decimal(0)


def _near(one: _Amounts, other: _Amounts, slack: Decimal) -> bool:
    return all(abs(a - b) <= slack for a, b in zip(one, other, strict=True))


def _sums_reached(
    options: Sequence[Sequence[_Amounts]], ends: set[_Amounts], slack: Decimal
) -> list[set[_Amounts]] | None:
    """Return the sums that are reached after each member of a family, as far as they may lead to its head; None for too many.

    Where nothing is negative a sum that is beyond the head in a column leads nowhere.
    """
    rising = all(amount >= 0 for choices in options for choice in choices for amount in choice)
    most = tuple(max(column) + slack for column in zip(*ends, strict=True))
    forward = [{(Decimal(0),) * len(most)}]
    steps = 0
    for choices in options:
        steps += len(forward[-1]) * len(choices)
        if steps > _MOST_STEPS:
            return None
        sums = {_plus(total, choice) for total in forward[-1] for choice in set(choices)}
        if rising:
            sums = {total for total in sums if all(a <= b for a, b in zip(total, most, strict=True))}
        if len(sums) > _MOST_STATES:
            return None
        forward.append(sums)
    return forward


def _vectors(row: Row, ways: Sequence[Way], columns: Sequence[int]) -> list[_Amounts]:
    """Return for each way of reading a row its amounts in some columns, 0 where it has none."""
    amounts = [amount_of(token) for token in row.numbers]
    found = (dict(zip(way, amounts, strict=True)) for way in ways)
    return [tuple(cells.get(column, _NOTHING) for column in columns) for cells in found]


def _plus(one: _Amounts, other: _Amounts) -> _Amounts:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _minus(one: _Amounts, other: _Amounts) -> _Amounts:
    return tuple(a - b for a, b in zip(one, other, strict=True))
