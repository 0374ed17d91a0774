"""Slips of the pen: how one number may have become another by a digit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from budget_llm.identities.check import Check, exponent

_FEWEST_DIGITS = 4


def slip(written: Decimal, meant: Decimal) -> int:
    """Return 2 for digits that changed places, or a digit, a point or a sign that was lost or doubled; 1 for a changed digit; 0 else."""
    return max(
        _slip(written, meant.quantize(Decimal(1).scaleb(exponent(written)), ROUND_HALF_UP)), _slip(written, meant)
    )


def _slip(written: Decimal, meant: Decimal) -> int:
    a, b = _digits(written), _digits(meant)
    if written == -meant or a.strip("0") == b.strip("0"):
        return 2
    if len(a) == len(b):
        wrong = [place for place, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        if len(wrong) == 2 and a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]:
            return 2
        return 1 if len(wrong) <= 1 else 0
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return 2 * any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def is_slip(one: Decimal, other: Decimal) -> bool:
    """Whether two numbers of several digits surely are one, with a slip in either: no two facts are so alike by chance."""
    return min(len(_digits(one).strip("0")), len(_digits(other).strip("0"))) >= _FEWEST_DIGITS and slip(one, other) > 0


def explained_by_slip(check: Check) -> bool:
    """Whether one slip of the pen in one number of a failed sum, or in the number found, makes it hold."""
    places = range(len(check.operands)) if check.form == "sum" else (0,)
    needed = ((check.operands[place].value, check.needed(place)) for place in places)
    return any(wanted is not None and is_slip(value, wanted[0]) for value, wanted in needed)


def _digits(value: Decimal) -> str:
    return "".join(map(str, value.as_tuple().digits))
