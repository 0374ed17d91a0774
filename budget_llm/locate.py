"""Where in the document the claims of a reply stand: the same number, at a label that fits.

A number that is not in the section was invented or miscopied. One that is there, but at another label,
does not support the claim either. Only the place where number and label meet does. Equal numbers are told apart
by their labels and by the order of the reply, which is that of the text; no place serves two items.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.claims import Claim
from budget_llm.document import Document
from budget_llm.normal_form import normalise
from budget_llm.quantities import Quantity
from budget_llm.stretches import WRONG_WORDS, Stretch

# What it costs to stand elsewhere than between the places of the claims before and behind, and where another claim stands.
_OUT_OF_ORDER = 30
_TAKEN = 1000
# What it costs to stand further behind the last claim: a point for so many characters, up to so many points.
_STEP, _LONGEST_STEP = 60, 8
# Costs that differ by less are told apart by the order of the reply.
_ALIKE = 1.0
_MOST_ROUNDS = 4
# What is told of a number that does not fit, where it stands in several places.
_HELD = ("sign", "wrong code", "wrong item", "unit", "elsewhere")
_JOINTS = re.compile("[-—()、]")


@dataclass(frozen=True, slots=True)
class Located:
    """The place of a number; `fits` tells whether it supports the claim, `reason` why it does not.

    `label` is the claim's label in the words of the source.
    """

    start: int
    end: int
    text: str
    value: Decimal
    unit: str | None
    label: str
    reason: str | None = None

    @property
    def fits(self) -> bool:
        """Whether the label stands at the number too."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Sought:
    """A claim with the place of its number (None: nowhere) and, where that is none that fits, what its label has instead."""

    claim: Claim
    place: Located | None
    instead: Located | None = None


@dataclass(slots=True)
class _Search:
    """A claim on the way to its place: the places that fit with their cost, and those that do not with the reason."""

    number: int
    claim: Claim
    options: list[tuple[float, Quantity]]
    held: list[tuple[Quantity, str]]
    chosen: int | None = None
    reason: str | None = None

    @property
    def at(self) -> int | None:
        """The offset of the chosen place."""
        return None if self.chosen is None else self.options[self.chosen][1].start

    @property
    def sure(self) -> int | None:
        """The offset of the one place that there is."""
        return self.options[0][1].start if len(self.options) == 1 else None


class Locator:
    """Finds claims in the spans of a chunk."""

    def __init__(self, document: Document, spans: Sequence[tuple[int, int]]) -> None:
        self._parts = [Stretch(document, start, end) for start, end in spans]
        self._searched: dict[Claim, tuple[list[tuple[float, Quantity]], list[tuple[Quantity, str]]]] = {}

    def locate(self, claims: Sequence[Claim]) -> list[Sought]:
        """Return the claims of a reply, in its order, each with its place."""
        for part in self._parts:
            part.name_items(claims)
        searches = [self._search(number, claim) for number, claim in enumerate(claims)]
        _settle(searches, _placed(searches))
        _keep_apart(searches)
        taken = {search.at for search in searches if search.reason is None}
        return [self._sought(search, taken) for search in searches]

    def _search(self, number: int, claim: Claim) -> _Search:
        if claim not in self._searched:  # a reply that repeats itself is looked up once
            self._searched[claim] = self._looked_up(claim)
        options, held = self._searched[claim]
        return _Search(number, claim, options, held)

    def _looked_up(self, claim: Claim) -> tuple[list[tuple[float, Quantity]], list[tuple[Quantity, str]]]:
        options: list[tuple[float, Quantity]] = []
        held: list[tuple[Quantity, str]] = []
        for part in self._parts:
            for quantity, judged in part.places(claim):
                if isinstance(judged, str):
                    held.append((quantity, judged))
                else:
                    options.append((judged, quantity))
        if any(reason == "sign" for _, reason in held) and all(cost >= WRONG_WORDS for cost, _ in options):
            options = []  # the words at the right place contradict the claim: no other place makes it right
        return options, held

    def _sought(self, search: _Search, taken: set[int | None]) -> Sought:
        claim = search.claim
        if search.chosen is not None and search.reason is None:
            return Sought(claim, self._located(claim, search.options[search.chosen][1], None))
        instead = self._instead(claim, taken)
        place = None
        if search.chosen is not None:
            place = self._located(claim, search.options[search.chosen][1], search.reason)
        elif search.held:
            at = instead.start if instead else 0
            quantity, reason = min(search.held, key=lambda item: (_HELD.index(item[1]), abs(item[0].start - at)))
            place = self._located(claim, quantity, "wrong item" if reason == "elsewhere" else reason)
        return Sought(claim, place, instead)

    def _instead(self, claim: Claim, taken: set[int | None]) -> Located | None:
        """Return the number that the source has at a claim's label, one that no other claim has if there is."""
        stated = [
            (cost + (_TAKEN if quantity.start in taken else 0), quantity.start, quantity)
            for part in self._parts
            for quantity, cost in part.stated(claim)
        ]
        return self._located(claim, min(stated, key=lambda item: item[:2])[2], None) if stated else None

    def _located(self, claim: Claim, quantity: Quantity, reason: str | None) -> Located:
        return Located(
            quantity.start, quantity.end, quantity.text, quantity.value, quantity.unit, self._label(claim), reason
        )

    def _label(self, claim: Claim) -> str:
        """Return a claim's label in the source's words; one that is put together from its words stays as it is."""
        whole = normalise(claim.label)
        if any(part.holds(whole) for part in self._parts):
            return whole
        found = [label for part in self._parts for label, places in [part.wording(claim)] if places]
        words = [word for word in _JOINTS.split(whole) if word]
        if not found or (len(words) > 1 and all(any(part.holds(word) for part in self._parts) for word in words)):
            return whole
        return found[0]


def _order(searches: Sequence[_Search], number: int, before: int | None, behind: int | None) -> None:
    """Add to the options of a claim what it costs to stand out of the order of the reply, and sort them."""
    if before is not None and behind is not None and behind < before:
        behind = None

    def ordered(cost: float, start: int) -> float:
        if (before is not None and start < before) or (behind is not None and start > behind):
            return cost + _OUT_OF_ORDER
        return cost + (min((start - before) / _STEP, _LONGEST_STEP) if before is not None else 0)

    searches[number].options = sorted(
        ((ordered(cost, quantity.start), quantity) for cost, quantity in searches[number].options),
        key=lambda option: (option[0], option[1].start),
    )


class _Holders:
    """Which claims stand at which places."""

    def __init__(self) -> None:
        self._at: dict[int, list[_Search]] = {}

    def others(self, start: int, search: _Search) -> list[_Search]:
        """Return the claims at a place without one."""
        return [other for other in self._at.get(start, ()) if other is not search]

    def put(self, search: _Search, option: int) -> None:
        """Let a claim stand at one of its places."""
        if search.at is not None:
            self._at[search.at].remove(search)
        search.chosen = option
        self._at.setdefault(search.options[option][1].start, []).append(search)


def _placed(searches: Sequence[_Search]) -> _Holders:
    """Choose for each claim in turn the cheapest place that no other has."""
    holders, last = _Holders(), dict[str, int]()
    behind = _sure_behind(searches)
    for search in searches:
        part = search.claim.part
        if len(search.options) > 1:
            _order(searches, search.number, last.get(part), behind[search.number])
        costs = [cost + (_TAKEN if holders.others(q.start, search) else 0) for cost, q in search.options]
        if costs:
            holders.put(search, costs.index(min(costs)))
            assert search.at is not None
            last[part] = search.at
    return holders


def _sure_behind(searches: Sequence[_Search]) -> list[int | None]:
    """Return for each claim the place of the next one of its list that has only one place."""
    found: list[int | None] = []
    next_: dict[str, int] = {}
    for search in reversed(searches):
        found.append(next_.get(search.claim.part))
        if search.sure is not None:
            next_[search.claim.part] = search.sure
    return found[::-1]


def _settle(searches: Sequence[_Search], holders: _Holders) -> None:
    """Let claims of one number move to free places and change places as long as that suits both of them better."""
    open_ = [search for search in searches if len(search.options) > 1]
    for _ in range(_MOST_ROUNDS):
        moved = [_moved(search, holders) for search in open_]  # every claim has its turn
        if not any(moved):
            return


def _moved(search: _Search, holders: _Holders) -> bool:
    """Change the place of one claim for the better, where there is such a one."""
    assert search.chosen is not None
    mine = search.options[search.chosen]
    now = mine[0] + (_TAKEN if holders.others(mine[1].start, search) else 0)
    for number, (cost, quantity) in enumerate(search.options):
        if number == search.chosen:
            continue
        others = holders.others(quantity.start, search)
        if not others and cost < now:
            holders.put(search, number)
            return True
        if len(others) == 1 and _exchanged(search, number, others[0], holders):
            return True
    return False


def _exchanged(one: _Search, number: int, other: _Search, holders: _Holders) -> bool:
    """Let two claims change places where that costs less in all, or as much and is the order of the reply."""
    assert one.chosen is not None
    assert other.chosen is not None
    mine, theirs = one.options[one.chosen], other.options[other.chosen]
    back = next((n for n, (_, q) in enumerate(other.options) if q.start == mine[1].start), None)
    if back is None or back == other.chosen:
        return False
    now, then = mine[0] + theirs[0], one.options[number][0] + other.options[back][0]
    reversed_ = one.claim.part == other.claim.part and (one.number < other.number) == (mine[1].start > theirs[1].start)
    if then < now - _ALIKE or (then <= now + _ALIKE and reversed_):
        holders.put(one, number)
        holders.put(other, back)
        return True
    return False


def _keep_apart(searches: Sequence[_Search]) -> None:
    """Let one place support one item: of several claims on it the one that it suits best, and its repetitions."""
    holders: dict[int | None, list[_Search]] = {}
    for search in searches:
        if search.chosen is not None:
            holders.setdefault(search.at, []).append(search)
    for claims in holders.values():
        best = min(claims, key=lambda s: s.options[s.chosen or 0][0])
        for search in claims:
            if _item(search.claim) != _item(best.claim) and not search.claim.concept.startswith("evaluation."):
                search.reason = "wrong item"


def _item(claim: Claim) -> tuple[str, str, str]:
    return claim.concept, claim.measure, normalise(claim.label)
