"""Which numbers are likely at fault: those whose correction makes the most identities hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from budget_llm.facts import Fact
from budget_llm.identities.check import Check
from budget_llm.identities.slips import slip
from budget_llm.ordered import start_of

_Place = tuple[int, int]


class Blame:
    """Weighs the operands of failed checks by all checks that they stand in."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = checks
        self._at: dict[int, list[_Place]] = defaultdict(list)
        for number, check in enumerate(checks):
            for place, fact in enumerate(check.operands):
                self._at[start_of(fact)].append((number, place))

    def suspects(self, number: int) -> tuple[Fact, ...]:
        """Return the operands of a failed check that are likeliest at fault, the likeliest first.

        A number is the likelier at fault the more failed checks one correction of it would mend, and the fewer of those
        that hold it would break; of two alike, that which a slip of the pen explains. What others explain better is left out.
        """
        check, weighed = self._checks[number], self._weighed(number)
        if not weighed:
            return check.operands
        best = max(net for (net, _), _ in weighed)
        ranked = sorted(weighed, key=lambda item: (-item[0][0], -item[0][1], item[1]))
        return tuple(check.operands[place] for (net, _), place in ranked if net == best)

    def best(self, number: int) -> int:
        """Return by how much the best correction of one operand would mend more checks than it breaks."""
        return max((net for (net, _), _ in self._weighed(number)), default=0)

    def _weighed(self, number: int) -> list[tuple[tuple[int, int], int]]:
        check = self._checks[number]
        return [
            (self._weight(fact, needed), place)
            for place, fact in enumerate(check.operands)
            if (needed := check.needed(place)) is not None
        ]

    def _weight(self, fact: Fact, needed: tuple[Decimal, Decimal]) -> tuple[int, int]:
        """Return how many checks the correction of a fact mends less those it breaks, and whether it looks like a slip."""
        value, slack = needed
        mended = broken = 0
        for number, place in self._at[start_of(fact)]:
            check = self._checks[number]
            wanted = check.needed(place)
            if wanted is None:
                continue
            agrees = abs(wanted[0] - value) <= wanted[1] + slack
            if check.holds:
                broken += not agrees
            else:
                mended += agrees
        return mended - broken, slip(fact.value, value)
