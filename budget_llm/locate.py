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
from budget_llm.stretches import Stretch

# What it costs to stand elsewhere than between the places of the claims before and behind, and where another claim stands.
_OUT_OF_ORDER = 30
_TAKEN = 1000
_MOST_ROUNDS = 4
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
    """A claim on the way to its place: the places that fit with their cost, the first that does not with the reason."""

    number: int
    claim: Claim
    options: list[tuple[float, Quantity]]
    held: tuple[Quantity, str] | None
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

    def locate(self, claims: Sequence[Claim]) -> list[Sought]:
        """Return the claims of a reply, in its order, each with its place."""
        searches = [self._search(number, claim) for number, claim in enumerate(claims)]
        for number, search in enumerate(searches):
            _order(searches, number)
            _take(searches, search)
        _settle(searches)
        _keep_apart(searches)
        taken = {search.at for search in searches if search.reason is None}
        return [self._sought(search, taken) for search in searches]

    def _search(self, number: int, claim: Claim) -> _Search:
        options: list[tuple[float, Quantity]] = []
        held: tuple[Quantity, str] | None = None
        for part in self._parts:
            for quantity, judged in part.places(claim):
                if not isinstance(judged, str):
                    options.append((judged, quantity))
                elif held is None or (held[1] != "sign" and judged == "sign"):
                    held = quantity, judged
        return _Search(number, claim, options, held)

    def _sought(self, search: _Search, taken: set[int | None]) -> Sought:
        claim = search.claim
        if search.chosen is not None and search.reason is None:
            return Sought(claim, self._located(claim, search.options[search.chosen][1], None))
        place = None
        if search.chosen is not None:
            place = self._located(claim, search.options[search.chosen][1], search.reason)
        elif search.held is not None:
            place = self._located(claim, *search.held)
        return Sought(claim, place, self._instead(claim, taken))

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


def _order(searches: Sequence[_Search], number: int) -> None:
    """Add to the options of a claim what it costs to stand out of the order of the reply, and sort them."""
    search = searches[number]
    if len(search.options) < 2:
        return
    part = search.claim.part
    before = next((s.at for s in reversed(searches[:number]) if s.claim.part == part and s.at is not None), None)
    behind = next((s.sure for s in searches[number + 1 :] if s.claim.part == part and s.sure is not None), None)
    if before is not None and behind is not None and behind < before:
        behind = None

    def ordered(cost: float, start: int) -> float:
        out = (before is not None and start < before) or (behind is not None and start > behind)
        return cost + (_OUT_OF_ORDER if out else 0)

    search.options = sorted(
        ((ordered(cost, quantity.start), quantity) for cost, quantity in search.options),
        key=lambda option: (option[0], option[1].start),
    )


def _take(searches: Sequence[_Search], search: _Search) -> None:
    """Choose the cheapest place of a claim that no other has."""
    taken = {other.at for other in searches if other is not search}
    costs = [cost + (_TAKEN if quantity.start in taken else 0) for cost, quantity in search.options]
    if costs:
        search.chosen = costs.index(min(costs))


def _settle(searches: Sequence[_Search]) -> None:
    """Let claims of one number move to free places and change places as long as that suits both of them better."""
    open_ = [search for search in searches if len(search.options) > 1]
    for _ in range(_MOST_ROUNDS):
        if not any([_moved(searches, search) for search in open_]):
            return


def _moved(searches: Sequence[_Search], search: _Search) -> bool:
    """Change the place of one claim for the better, where there is such a one."""
    assert search.chosen is not None
    mine = search.options[search.chosen]
    crowded = any(other is not search and other.at == mine[1].start for other in searches)
    for number, (cost, quantity) in enumerate(search.options):
        if number == search.chosen:
            continue
        holders = [other for other in searches if other is not search and other.at == quantity.start]
        if not holders and cost < mine[0] + (_TAKEN if crowded else 0):
            search.chosen = number
            return True
        if len(holders) == 1 and _exchanged(search, number, holders[0]):
            return True
    return False


def _exchanged(one: _Search, number: int, other: _Search) -> bool:
    """Let two claims change places where that costs less in all, or as much and is the order of the reply."""
    assert one.chosen is not None
    assert other.chosen is not None
    mine, theirs = one.options[one.chosen], other.options[other.chosen]
    back = next((n for n, (_, q) in enumerate(other.options) if q.start == mine[1].start), None)
    if back is None or back == other.chosen:
        return False
    now, then = mine[0] + theirs[0], one.options[number][0] + other.options[back][0]
    reversed_ = one.claim.part == other.claim.part and (one.number < other.number) == (mine[1].start > theirs[1].start)
    if then < now - 1e-9 or (then <= now + 1e-9 and reversed_):
        one.chosen, other.chosen = number, back
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
            if _item(search.claim) != _item(best.claim):
                search.reason = "wrong item"


def _item(claim: Claim) -> tuple[str, str, str]:
    return claim.concept, claim.measure, normalise(claim.label)
