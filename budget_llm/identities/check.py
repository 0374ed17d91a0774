"""One instance of an identity, and the slack that rounding gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.facts import Fact
from budget_llm.quantities import YUAN, quantum


@dataclass(frozen=True, slots=True)
class Check:
    """One instance of an identity: the number found, what it ought to be, the operands, the slack of rounding.

    `is_sum` tells that the operands are a total and its parts, `may_be_partial` that 其中 opens their list, so
    that parts which fall short of the total may be some of them only.
    """

    found: Fact
    expected: Decimal
    operands: tuple[Fact, ...]
    slack: Decimal
    words: str
    is_sum: bool = False
    may_be_partial: bool = False


def sum_check(total: Fact, parts: Sequence[Fact], words: str, *, may_be_partial: bool = False) -> Check:
    """Return the check that a total is the sum of its parts, all in the total's unit."""
    expected = sum((in_unit_of(part, total) for part in parts), Decimal(0))
    return Check(
        total, expected, (total, *parts), slack_of(total, *parts), words, is_sum=True, may_be_partial=may_be_partial
    )


def in_unit_of(fact: Fact, other: Fact) -> Decimal:
    """Return an amount in the unit of another (亿元 in 万元); a count as it is."""
    if fact.unit == other.unit or fact.unit not in YUAN or other.unit not in YUAN:
        return fact.value
    return fact.value * YUAN[fact.unit] / YUAN[other.unit]


def slack_of(first: Fact, *others: Fact) -> Decimal:
    """Half a unit in the last written digit of each term that is not 0; counts are exact.

    The finest term tells the precision of all: beside 0.6万元, 1万元 is written for 1.0万元.
    """
    terms = (first, *others)
    if any(f.measure == "count" for f in terms):
        return Decimal(0)
    return min(_quantum_in(f, first) for f in terms) * sum(1 for f in terms if f.value)


def _quantum_in(fact: Fact, other: Fact) -> Decimal:
    scale = in_unit_of(fact, other) / fact.value if fact.value else Decimal(1)
    return quantum(fact.value) * scale
