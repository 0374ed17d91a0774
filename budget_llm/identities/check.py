"""One instance of an identity, and the slack that rounding gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.facts import Fact
from budget_llm.quantities import quantum


@dataclass(frozen=True, slots=True)
class Check:
    """One instance of an identity: the number found, what it ought to be, the operands, the slack of rounding.

    `is_sum` tells that the operands are a total and all of its parts.
    """

    found: Fact
    expected: Decimal
    operands: tuple[Fact, ...]
    slack: Decimal
    words: str
    is_sum: bool = False


def sum_check(total: Fact, parts: Sequence[Fact], words: str) -> Check:
    """Return the check that a total is the sum of its parts."""
    slack = slack_of(total, *parts)
    return Check(total, sum((f.value for f in parts), Decimal(0)), (total, *parts), slack, words, is_sum=True)


def slack_of(*terms: Fact) -> Decimal:
    """Half a unit in the last written digit of each term that is not 0; counts are exact.

    The finest term tells the precision of all: beside 0.6万元, 1万元 is written for 1.0万元.
    """
    if any(f.measure == "count" for f in terms):
        return Decimal(0)
    return min(quantum(f.value) for f in terms) * sum(1 for f in terms if f.value)
