"""The order of columns whose names stand in different lines of a header: as the lines tell, else as the forms have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from budget_llm.lexicon import table_words
from budget_llm.plain_tables.spaced.names import Name, left_of

Unit = tuple[Name, ...]
"""Names that stand side by side: one, or those below a common header."""

_MOST_ORDERS = 24


def orders_of(units: Sequence[Unit]) -> list[list[Unit]]:
    """Return the orders from left to right that the lines of a header allow, as far as the forms do not decide among them.

    Of too many orders none is returned: what some of them have in common tells nothing.
    """
    found = list(islice(_inserted([], sorted(units, key=lambda unit: -_told(unit, units))), _MOST_ORDERS + 1))
    return found if len(found) <= _MOST_ORDERS else []


def rank(unit: Unit) -> int | None:
    """Return the place of a column in the forms, the same for those in any order, None for one that they do not have."""
    patterns = list(table_words("order").values())
    ranks = [next((n for n, pattern in enumerate(patterns) if pattern.search(name.words)), None) for name in unit]
    return max((n for n in ranks if n is not None), default=None)


def _told(unit: Unit, units: Sequence[Unit]) -> int:
    """Return with how many others a line holds the names of a unit."""
    return sum(_left(unit, other) is not None for other in units if other is not unit)


def _left(one: Unit, other: Unit) -> bool | None:
    sides = [side for a in one for b in other if (side := left_of(a, b)) is not None]
    return sides[0] if sides else None


def _inserted(order: list[Unit], rest: Sequence[Unit]) -> Iterator[list[Unit]]:
    if not rest:
        yield order
        return
    unit, *others = rest
    for slot in _slots(unit, order):
        yield from _inserted([*order[:slot], unit, *order[slot:]], others)


def _slots(unit: Unit, order: Sequence[Unit]) -> list[int]:
    """Return where a unit may stand among others: between those that a line puts left and right of it."""
    sides = [_left(unit, other) for other in order]
    lowest = max((n + 1 for n, side in enumerate(sides) if side is False), default=0)
    highest = min((n for n, side in enumerate(sides) if side is True), default=len(order))
    slots = list(range(lowest, highest + 1))
    own = rank(unit)
    if len(slots) < 2 or own is None:
        return slots
    return [slot for slot in slots if _fits(own, order, slot)] or slots


def _fits(own: int, order: Sequence[Unit], slot: int) -> bool:
    """Whether the forms have a column behind all that are left of a slot and before all right of it, as far as they have them."""
    left, right = ([r for unit in part if (r := rank(unit)) is not None] for part in (order[:slot], order[slot:]))
    return max(left, default=own) <= own <= min(right, default=own)
