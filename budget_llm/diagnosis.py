"""What kind of mistake a wrong reading is, in fixed words.

| word | the model's reading |
|---|---|
| `unit` | the number in another unit: 元 for 万元 |
| `decimal shift` | the same digits, the point elsewhere |
| `sign` | an increase for a decrease |
| `transposed digits` | the same digits in another order |
| `dropped digit` | one digit less, or more |
| `changed digit` | one digit is another |
| `truncated` | decimals cut off |
| `rounding` | decimals rounded |
| `neighbouring row` | the number that the source has at the item before or behind, in the table or the sentence |
| `neighbouring column` | another number that the source has at the same item |
| `wrong year`, `wrong stage`, `wrong scope` | the number of another year, of the budget for the final account, of other money |
| `wrong measure`, `wrong code` | an amount for a change, another classification code |
| `wrong item` | the number under the name or the kind of something else |
| `invented` | a number that the source does not hold |
| `value` | another number of the source, of which none of these can be said |
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from budget_llm.facts import Fact
from budget_llm.locate import Located
from budget_llm.normal_form import normalise
from budget_llm.quantities import in_yuan
from budget_llm.read_by_model import ModelFact

_FAR = 120
"""How many characters apart two numbers of neighbouring items may stand where no fact tells the items."""


def diagnose(right: Decimal, unit: str | None, wrong: Decimal, wrong_unit: str | None) -> str:
    """Return how a wrong number came from the right one, by the two numbers alone; `value` where they do not tell."""
    if right == wrong or _same_money(right, unit, wrong, wrong_unit):
        return "unit"
    if right == -wrong:
        return "sign"
    right, wrong = abs(right), abs(wrong)
    if not (right.is_finite() and wrong.is_finite()):
        return "value"
    a, b = _digits(right), _digits(wrong)
    if right and wrong and a == b:
        return "decimal shift"
    if _decimals(wrong) < _decimals(right):
        if _is_cut(right, wrong):
            return "truncated"
        if _rounds_to(right, wrong):
            return "rounding"
    one, other = _aligned(right, wrong)
    if len(one) == len(other) and sum(x != y for x, y in zip(one, other, strict=True)) == 1:
        return "changed digit"
    if one != other and sorted(one) == sorted(other):
        return "transposed digits"
    return "dropped digit" if _without_one(a, b) or _without_one(b, a) else "value"


def name_mistake(claim: ModelFact, right: Fact | Located | None, facts: Sequence[Fact]) -> str:
    """Return the kind of a claim that the source does not bear out.

    `right` is what stands where the claim's number should (None: nothing does), `facts` what the rules read: they tell which
    numbers are of neighbouring items.
    """
    wrong = claim.fact
    if claim.reason in _OF_FIELDS:
        return claim.reason or "value"
    elsewhere = wrong.start is not None and claim.reason != "unit"
    if right is None:
        return claim.reason or "invented" if wrong.start is not None else "invented"
    value = abs(right.value) if isinstance(right, Located) and wrong.value >= 0 else right.value
    value = -abs(value) if isinstance(right, Located) and wrong.value < 0 else value
    kind = diagnose(value, right.unit, wrong.value, wrong.unit)
    if elsewhere and wrong.start != right.start:
        beside = _beside(right, wrong, facts)
        if beside or kind in ("value", "unit"):
            return beside or "wrong item"
    if kind == "unit" and right.unit == wrong.unit:
        return claim.reason or "wrong item"
    if kind == "value" and not elsewhere:
        return "invented"
    return kind


_OF_FIELDS = frozenset({"sign", "wrong year", "wrong stage", "wrong scope", "wrong code", "wrong measure"})


def _beside(right: Fact | Located, wrong: Fact, facts: Sequence[Fact]) -> str | None:
    """Return whether the number that the model wrote stands at a neighbour of the right place, and of which kind."""
    if right.start is None or wrong.start is None:
        return None
    ours, theirs = _at(right.start, facts), _at(wrong.start, facts)
    if ours is None or theirs is None:
        return "neighbouring row" if abs(right.start - wrong.start) <= _FAR else None
    same_item = (ours.code, normalise(ours.label)) == (theirs.code, normalise(theirs.label))
    if ours.table is not None or theirs.table is not None:
        if ours.table != theirs.table:
            return None
        if same_item:
            return "neighbouring column"
    else:
        if ours.section != theirs.section:
            return None
        if same_item and abs(right.start - wrong.start) <= _FAR:
            return "neighbouring column"
    return "neighbouring row" if _follow(ours, theirs, facts) else None


def _at(start: int, facts: Sequence[Fact]) -> Fact | None:
    return next((f for f in facts if f.start is not None and f.end is not None and f.start <= start < f.end), None)


def _follow(one: Fact, other: Fact, facts: Sequence[Fact]) -> bool:
    """Whether no third item of their measure and split stands between two facts of a table or section."""
    first, last = sorted((one.start or 0, other.start or 0))
    between = {
        normalise(fact.label)
        for fact in facts
        if fact.start is not None
        and first < fact.start < last
        and fact.measure == one.measure
        and fact.stage == one.stage
    }
    return len(between - {normalise(one.label), normalise(other.label)}) == 0


def _same_money(right: Decimal, unit: str | None, wrong: Decimal, wrong_unit: str | None) -> bool:
    ours, theirs = in_yuan(right, unit), in_yuan(wrong, wrong_unit)
    return ours is not None and ours == theirs


def _digits(value: Decimal) -> str:
    """Return the digits of a value without the zeros around them."""
    return "".join(map(str, value.as_tuple().digits)).strip("0")


def _aligned(one: Decimal, other: Decimal) -> tuple[str, str]:
    """Return the digits of two values down to the same place behind the point."""
    places = max(_decimals(one), _decimals(other))
    return str(int(one.scaleb(places))), str(int(other.scaleb(places)))


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _without_one(longer: str, shorter: str) -> bool:
    return len(longer) == len(shorter) + 1 and any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _is_cut(right: Decimal, wrong: Decimal) -> bool:
    return right.quantize(Decimal(1).scaleb(-_decimals(wrong)), "ROUND_DOWN") == wrong


def _rounds_to(right: Decimal, wrong: Decimal) -> bool:
    return right.quantize(Decimal(1).scaleb(-_decimals(wrong)), "ROUND_HALF_UP") == wrong
