"""The order of columns whose names stand in different lines of a header: as the lines tell, else as the forms have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from budget_llm.lexicon import table_words
from budget_llm.plain_tables.spaced.names import Name, left_of

Unit = tuple[Name, ...]
"""Names that stand side by side: one, or those below a common header."""

_Rank = tuple[int, int | None]
"""The place in the forms, and that among the columns of own income, None for one that may stand anywhere among them."""

_MOST_ORDERS = 24


def orders_of(units: Sequence[Unit]) -> list[list[Unit]]:
    """Return the orders from left to right that the lines of a header allow, as far as the forms do not decide among them.

    Of too many orders none is returned: what some of them have in common tells nothing.
    """
    is_account = any(table_words("accounts")["form"].search(name.words) for unit in units for name in unit)
    ranks = {unit: rank(unit, is_account=is_account) for unit in units}
    first = sorted(units, key=lambda unit: -_told(unit, units))
    found = list(islice(_inserted([], first, ranks), _MOST_ORDERS + 1))
    return found if len(found) <= _MOST_ORDERS else []


def rank(unit: Unit, *, is_account: bool = False) -> _Rank | None:
    """Return the place of a column in the forms, the same for those in any order, None for one that they do not have."""
    ranks = [found for name in unit if (found := _rank(name.words, is_account))]
    return max(ranks, key=lambda found: found[0], default=None)


def is_before(one: _Rank, other: _Rank) -> bool:
    """Whether the forms allow one place before another."""
    if one[0] != other[0] or one[1] is None or other[1] is None:
        return one[0] <= other[0]
    return one[1] <= other[1]


def _rank(words: str, is_account: bool) -> _Rank | None:
    place = _first("order", words)
    return None if place is None else (place, _first("accounts" if is_account else "budgets", words))


def _first(part: str, words: str) -> int | None:
    return next((n for n, pattern in enumerate(table_words(part).values()) if pattern.search(words)), None)


def _told(unit: Unit, units: Sequence[Unit]) -> int:
    """Return with how many others a line holds the names of a unit."""
    return sum(_left(unit, other) is not None for other in units if other is not unit)


def _left(one: Unit, other: Unit) -> bool | None:
    sides = [side for a in one for b in other if (side := left_of(a, b)) is not None]
    return sides[0] if sides else None


def _inserted(order: list[Unit], rest: Sequence[Unit], ranks: Mapping[Unit, _Rank | None]) -> Iterator[list[Unit]]:
    if not rest:
        yield order
        return
    unit, *others = rest
    for slot in _slots(unit, order, ranks):
        yield from _inserted([*order[:slot], unit, *order[slot:]], others, ranks)


def _slots(unit: Unit, order: Sequence[Unit], ranks: Mapping[Unit, _Rank | None]) -> list[int]:
    """Return where a unit may stand among others: between those that a line puts left and right of it."""
    sides = [_left(unit, other) for other in order]
    lowest = max((n + 1 for n, side in enumerate(sides) if side is False), default=0)
    highest = min((n for n, side in enumerate(sides) if side is True), default=len(order))
    slots = list(range(lowest, highest + 1))
    own = ranks[unit]
    if len(slots) < 2 or own is None:
        return slots
    known = [ranks[other] for other in order]
    return [slot for slot in slots if _fits(own, known[:slot], known[slot:])] or slots


def _fits(own: _Rank, left: Sequence[_Rank | None], right: Sequence[_Rank | None]) -> bool:
    """Whether the forms have a column behind all that are left of a slot and before all right of it, as far as they have them."""
    return all(found is None or is_before(found, own) for found in left) and all(
        found is None or is_before(own, found) for found in right
    )
