"""What a number is a number of, so that two disclosures can be asked for the same fact."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from budget_llm.facts import Fact
from budget_llm.identities.check import unit_factor
from budget_llm.normal_form import normalise, share_words
from budget_llm.ordered import commensurable, start_of
from budget_llm.quantities import quantum

_CLASSIFIED = frozenset({"expenditure.function", "expenditure.economic"})
# What has its wording alone to tell one item from another.
_BY_LABEL = frozenset({"other", "operating.item", "performance.project_budget"})
_KINDS_BY_LABEL = frozenset({"indicator", "staff", "assets", "organisation"})
_LEVEL = re.compile(r"\((类|款|项)\)")
_LEVELS = {"类": 1, "款": 2, "项": 3}
_OF_CODES = {3: 1, 5: 2, 7: 3}
_PATH = re.compile(r"\((?:类|款|项)\)|-+")
_SPENT = "支出"
_SHORTEST = 2
_APPROXIMATE = re.compile("基本|大致|约")


class Kind(NamedTuple):
    """What must be alike in two facts beside their item for them to be the same fact."""

    concept: str
    scope: str | None
    split: str | None
    measure: str
    period: int | str | None
    stage: str | None
    basis: str | None = None
    project: str | None = None


class Item(NamedTuple):
    """The item of a classification: its code where known, and the names on the way to it, outermost first."""

    code: str | None = None
    path: tuple[str, ...] = ("",)
    level: int | None = None

    def may_be(self, other: Item) -> bool:
        """Whether two items may be one: by their codes where both have one, else by their names."""
        if self.code and other.code:
            return self.code == other.code and share_words(self.path[-1], other.path[-1])
        if self.level and other.level and self.level != other.level:
            return False
        known = min(len(self.path), len(other.path))
        return self.path[-known:] == other.path[-known:]


class Stated:
    """The numbers that one disclosure states, by what they are numbers of."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        placed = sorted(facts, key=start_of)
        names = _names_of_codes(placed)
        self._entries = [
            (kind, _item(kind.concept, fact, names), fact)
            for fact in placed
            for kind in _kinds(fact)
            if not _APPROXIMATE.search(fact.text)
        ]
        self._at: dict[tuple[Kind, str], list[tuple[Item, Fact]]] = defaultdict(list)
        for kind, item, fact in self._entries:
            self._at[kind, item.path[-1]].append((item, fact))
            if item.code:
                self._at[kind, item.code].append((item, fact))

    def __iter__(self) -> Iterator[tuple[Kind, Item, Fact]]:
        """Yield each number that is stated once, or always alike: where it has the most digits."""
        seen: set[tuple[Kind, int]] = set()
        for kind, item, _ in self._entries:
            fact = self.find(kind, item)
            if fact is not None and (kind, start_of(fact)) not in seen:
                seen.add((kind, start_of(fact)))
                yield kind, item, fact

    def find(self, kind: Kind, item: Item) -> Fact | None:
        """Return the number of a kind and item with the most digits; None without one, or where two values are stated."""
        named = [
            entry for word in (item.path[-1], item.code) if word is not None for entry in self._at.get((kind, word), ())
        ]
        found = [fact for other, fact in named if item.may_be(other)]
        if not found or not _agree(found):
            return None
        return min(found, key=lambda fact: (_digits(fact, found[0]), start_of(fact)))


def _kinds(fact: Fact) -> Iterator[Kind]:
    """Yield the kinds of a fact, several where one number states several concepts (收、支总计)."""
    for concept in (fact.concept, *fact.also):
        yield Kind(
            concept, fact.scope, fact.split, fact.measure, fact.period, fact.stage, fact.basis, fact.project
        )  # fmt: skip


def _agree(facts: Sequence[Fact]) -> bool:
    """Whether facts state one number, to the digits that the coarser of each two writes."""
    first = min(facts, key=lambda fact: _digits(fact, facts[0]))
    for fact in facts:
        if not commensurable(fact, first) or abs(fact.value * unit_factor(fact, first) - first.value) > precision(
            first, fact
        ):
            return False
    return True


def _digits(fact: Fact, other: Fact) -> Decimal:
    """Return half a unit in the last written digit of a number, in the unit of another."""
    return quantum(fact.value) * unit_factor(fact, other)


def precision(fact: Fact, other: Fact) -> Decimal:
    """Return half a unit in the last written digit of the coarser of two numbers, in the unit of the first; a 0 is exact."""
    halves = [_digits(f, fact) for f in (fact, other) if f.value]
    return max(halves, default=Decimal(0)) if fact.measure != "count" else Decimal(0)


def _item(concept: str, fact: Fact, names: dict[tuple[str, str], str]) -> Item:
    """Return the item that a fact is of; the whole where its concept says all."""
    label = normalise(fact.label)
    if concept in _CLASSIFIED or fact.code:
        marks = _LEVEL.findall(label)
        if fact.code:
            above = (names.get((concept, fact.code[:digits])) for digits in (3, 5) if digits < len(fact.code))
            own = names.get((concept, fact.code)) or _path(label)[-1]
            return Item(fact.code, (*(name for name in above if name), own), _OF_CODES.get(len(fact.code)))
        return Item(None, _path(label), _LEVELS[marks[-1]] if marks else None)
    if concept in _BY_LABEL or concept.partition(".")[0] in _KINDS_BY_LABEL:
        return Item(None, (label,))
    return Item()


def _names_of_codes(facts: Iterable[Fact]) -> dict[tuple[str, str], str]:
    """Return the name of each code of a document, the first where it has several."""
    found: dict[tuple[str, str], str] = {}
    for fact in facts:
        if fact.code:
            for concept in (fact.concept, *fact.also):
                found.setdefault((concept, fact.code), _path(normalise(fact.label))[-1])
    return found


def _path(label: str) -> tuple[str, ...]:
    """Return the names of a path: 农林水支出(类)水利(款) is 农林水, 水利; 支出 behind a name is no name of its own."""
    parts = [part.removesuffix(_SPENT) if len(part) - len(_SPENT) >= _SHORTEST else part for part in _PATH.split(label)]
    named = tuple(part for part in parts if part and part != _SPENT)
    return named or (label,)
