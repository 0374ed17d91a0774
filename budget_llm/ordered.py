"""Facts in the order of the text, found by place or by concept without going through all of them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

from budget_llm.facts import Fact
from budget_llm.quantities import YUAN


def start_of(fact: Fact) -> int:
    """Return where a fact's number begins; -1 without a place."""
    return -1 if fact.start is None else fact.start


def end_of(fact: Fact) -> int:
    """Return where a fact's number ends; -1 without a place."""
    return -1 if fact.end is None else fact.end


def commensurable(one: Fact, other: Fact) -> bool:
    """Whether two amounts can be added: of one unit, or both of money."""
    return one.unit == other.unit or (one.unit in YUAN and other.unit in YUAN)


def level_of(fact: Fact) -> int:
    """Return the level of a classified item: by its code, else by its path (类, 款, 项), else 1."""
    if fact.concept not in ("expenditure.function", "expenditure.economic"):
        return 0
    if fact.code:
        return {3: 1, 5: 2, 7: 3}.get(len(fact.code), 0)
    return 2 if re.search(r"\((?:款|项)\)|（(?:款|项)）|-", fact.label) else 1


class Ordered:
    """Placed facts by their start; `between` and `of` cost the logarithm of their number."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts = sorted(facts, key=start_of)
        self._starts = [start_of(fact) for fact in self._facts]
        self._of: dict[str, list[Fact]] = defaultdict(list)
        for fact in self._facts:
            self._of[fact.concept].append(fact)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts)

    def __bool__(self) -> bool:
        return bool(self._facts)

    def between(self, first: int, last: int) -> list[Fact]:
        """Return the facts that begin at `first` or behind it and not behind `last`."""
        return self._facts[bisect_left(self._starts, first) : bisect_right(self._starts, last)]

    def behind(self, position: int) -> Iterator[Fact]:
        """Yield the facts that begin behind a position."""
        for place in range(bisect_right(self._starts, position), len(self._facts)):
            yield self._facts[place]

    def of(self, concept: str) -> list[Fact]:
        """Return the facts of a concept."""
        return self._of.get(concept, [])

    def before(self, position: int, concept: str) -> Iterator[Fact]:
        """Yield the facts of a concept that begin before a position, nearest first."""
        found = self.of(concept)
        for place in range(bisect_left(found, position, key=start_of) - 1, -1, -1):
            yield found[place]
