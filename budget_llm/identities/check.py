"""One instance of an identity: its operands, what it asks for, and the slack that rounding gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from budget_llm.facts import Fact
from budget_llm.quantities import YUAN, quantum

Form = Literal["sum", "share", "growth", "years", "product", "order"]
"""How `expected` follows from the operands: by addition; in per cent as a part of a whole (rate, part, whole), as growth
told by a change (rate, change, amount) or by two years (rate, this year, last year); as a score (score, weight, rate in
per cent); or not at all, where one number merely bounds the other."""

QUOTIENTS: frozenset[Form] = frozenset({"share", "growth", "years"})

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Check:
    """One instance of an identity: the number found, what it ought to be, the operands, the slack of rounding.

    `operands` begin with `found`; `factors` are what each is multiplied by, unit conversion included, so that in a
    sum found × 1 = Σ factor × value over the others. `may_be_partial` tells that 其中 opens the list of parts, so that
    parts which fall short of the total may be some of them only; `is_listed` that the parts are a list in prose, where
    an amount that nobody understood leaves it open, `is_assumed` that only their names tell that
    two numbers are of one fact, `is_slight` that a miss is no more than a warning. `told` says whether an order holds, where no arithmetic does, and
    `detail` what the rule's words leave open, in Chinese and in English.
    """

    found: Fact
    expected: Decimal
    operands: tuple[Fact, ...]
    factors: tuple[Decimal, ...]
    slack: Decimal
    form: Form = "sum"
    may_be_partial: bool = False
    is_listed: bool = False
    is_assumed: bool = False
    is_slight: bool = False
    told: bool | None = None
    detail: tuple[str, str] = ("", "")

    @property
    def difference(self) -> Decimal:
        """By how much the number found exceeds what it ought to be."""
        return self.found.value - self.expected

    @property
    def holds(self) -> bool:
        """Whether the identity holds, rounding included."""
        return abs(self.difference) <= self.slack if self.told is None else self.told

    @property
    def is_exact(self) -> bool:
        """Whether it holds to the last written digit."""
        if self.told is not None:
            return self.told
        if self.form in QUOTIENTS:
            return self.expected.quantize(Decimal(1).scaleb(exponent(self.found.value))) == self.found.value
        return self.holds if self.form == "product" else self.found.value == self.expected

    def needed(self, place: int) -> tuple[Decimal, Decimal] | None:
        """Return what the operand at `place` would have to be for the identity to hold, and within which slack.

        None where no value of it would do, or where any of many would.
        """
        if self.form == "order":
            return None
        if place == 0:
            return self.expected, self.slack
        if self.form == "sum":
            factor = self.factors[place]
            return self.operands[place].value + self.difference / factor, abs(self.slack / factor)
        return self._needed_of_quotient(place)

    def _needed_of_quotient(self, place: int) -> tuple[Decimal, Decimal] | None:
        rate, (_, part, whole) = self.found.value, (fact.value for fact in self.operands)
        if self.form == "product":  # score = weight × rate
            other = whole if place == 1 else part
            return (rate * _HUNDRED / other, abs(self.slack * _HUNDRED / other)) if other else None
        if not rate or (rate == -_HUNDRED and self.form != "share"):
            return None
        if self.form == "growth":  # rate = change / (amount - change)
            value = whole * rate / (_HUNDRED + rate) if place == 1 else part * (_HUNDRED + rate) / rate
        else:
            ratio = (rate if self.form == "share" else _HUNDRED + rate) / _HUNDRED
            value = whole * ratio if place == 1 else part / ratio
        return value, abs(value * self.slack / rate)


def sum_check(
    total: Fact, parts: Sequence[Fact], *, signs: Sequence[int] = (), may_be_partial: bool = False, is_listed: bool = False
) -> Check:  # fmt: skip
    """Return the check that a total is the sum of its parts, each with its sign (all plus by default), in the total's unit."""
    factors = tuple(unit_factor(part, total) * (signs[place] if signs else 1) for place, part in enumerate(parts))
    expected = sum((part.value * factor for part, factor in zip(parts, factors, strict=True)), Decimal(0))
    return Check(
        total, expected, (total, *parts), (Decimal(1), *factors), slack_of(total, *parts),
        may_be_partial=may_be_partial, is_listed=is_listed,
    )  # fmt: skip


def same_check(found: Fact, other: Fact) -> Check:
    """Return the check that two facts state one number; the coarser of them tells the precision of both.

    A number that is the other one rounded to fewer digits, as 万元 in prose are of 元 in a table, is that number.
    """
    factor = unit_factor(other, found)
    value, half = other.value * factor, quantum(other.value) * factor
    slack = max(quantum(found.value), half) if found.measure != "count" else Decimal(0)
    digits = Decimal(1).scaleb(max(exponent(found.value), (2 * half).adjusted()))
    rounded = (number.quantize(digits, ROUND_HALF_UP) for number in (found.value, value))
    expected = found.value if abs(found.value - value) <= slack and len(set(rounded)) == 1 else value
    return Check(found, expected, (found, other), (Decimal(1), factor), slack, is_assumed=True)


def at_most(found: Fact, bound: Fact) -> Check:
    """Return the check that a number does not exceed another."""
    limit = bound.value * unit_factor(bound, found)
    coarser = max(quantum(found.value), quantum(bound.value) * unit_factor(bound, found))
    return order_check(found, bound, limit, holds=found.value <= limit + coarser)


def order_check(
    found: Fact, other: Fact, expected: Decimal, *, holds: bool, detail: tuple[str, str] = ("", ""), is_slight: bool = False
) -> Check:  # fmt: skip
    """Return the check of an order between two facts, of which it is known whether it holds."""
    ones = (Decimal(1), Decimal(1))
    return Check(
        found, expected, (found, other), ones, Decimal(0), form="order", told=holds, detail=detail, is_slight=is_slight
    )


def ratio_check(stated: Fact, part: Fact, whole: Fact) -> Check:
    """Return the check that a percentage is a part of a whole; what rounding of the three may make it differ is slack.

    A percentage that is off by one in its last written digit is rounding: publishers cut digits, or let shares add to a hundred.
    """
    factor = unit_factor(part, whole)
    ratio = part.value * factor / whole.value * 100
    slack = 2 * quantum(stated.value)
    slack += (quantum(part.value) * factor + abs(ratio) / 100 * quantum(whole.value)) / abs(whole.value) * 100
    return Check(stated, ratio, (stated, part, whole), (Decimal(1), factor, Decimal(1)), slack, form="share")


def growth_check(rate: Fact, change: Fact, amount: Fact) -> Check | None:
    """Return the check that a rate is a change over the amount before it, which is the amount less the change; None over 0."""
    factor = unit_factor(change, amount)
    prior = amount.value - change.value * factor
    if not prior:
        return None
    ratio = change.value * factor / prior * 100
    slack = 2 * quantum(rate.value) + abs(quantum(change.value) * factor / prior * 100) * (1 + abs(ratio) / 100)
    return Check(rate, ratio, (rate, change, amount), (Decimal(1), factor, Decimal(1)), slack, form="growth")


def years_check(rate: Fact, current: Fact, prior: Fact) -> Check:
    """Return the check that a rate is what this year exceeds the last one by."""
    check = ratio_check(rate, current, prior)
    return replace(check, expected=check.expected - 100, form="years")


def hundred_check(shares: Sequence[Fact], detail: tuple[str, str]) -> Check:
    """Return the check that shares or weights add up to a hundred, told of the last of them; weights are exact."""
    *others, last = shares
    slack = Decimal(0) if last.measure == "weight" else slack_of(last, *others)
    expected = _HUNDRED - sum((fact.value for fact in others), Decimal(0))
    minus = (Decimal(-1),) * len(others)
    return Check(last, expected, (last, *others), (Decimal(1), *minus), slack, detail=detail)


def unit_factor(fact: Fact, other: Fact) -> Decimal:
    """Return what an amount is multiplied by to be in the unit of another (亿元 in 万元); 1 for counts."""
    if fact.unit == other.unit or fact.unit not in YUAN or other.unit not in YUAN:
        return Decimal(1)
    return YUAN[fact.unit] / YUAN[other.unit]


def slack_of(first: Fact, *others: Fact) -> Decimal:
    """Half a unit in the last written digit of each term that is not 0; counts are exact.

    Of the terms in one unit the finest tells the precision of all: beside 0.6万元, 1万元 is written for 1.0万元.
    """
    terms = (first, *others)
    if any(f.measure == "count" for f in terms):
        return Decimal(0)
    finest: dict[str | None, Decimal] = {}
    for term in terms:
        half = _quantum_in(term, first)
        finest[term.unit] = min(finest.get(term.unit, half), half)
    return sum((finest[term.unit] for term in terms if term.value), Decimal(0))


def exponent(value: Decimal) -> int:
    """Return the exponent of the last written digit of a number."""
    return int(value.as_tuple().exponent)


def _quantum_in(fact: Fact, other: Fact) -> Decimal:
    return quantum(fact.value) * (unit_factor(fact, other) if fact.value else 1)
