"""Where in the document a claim's number stands: the same number, at a label that fits.

A number that is not in the section was invented or miscopied. One that is there, but at another label,
does not support the claim either. Only the place where number and label meet does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.asides import reason_aside
from budget_llm.claims import Claim
from budget_llm.document import Document
from budget_llm.lexicon import of_lexicon, unchanged_phrases, words
from budget_llm.normal_form import normalise, share_words, squeeze
from budget_llm.quantities import Quantity, find_numeral_counts, find_quantities

_FARTHEST = 260
_LONGEST_LABEL = 120
# What it costs to go back to a stretch before the last one.
_BACKWARDS = 3
_BORDER = re.compile(r"[，,。；;：:、\n\t（(|]")


@of_lexicon
def _verbs() -> re.Pattern[str]:
    return re.compile("|".join((*words().up, *words().down, *words().amount_verbs)))


@of_lexicon
def _turned() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join((*words().up, *words().down)) + ")(?:了|额|约|率|幅度)*$")


@dataclass(frozen=True, slots=True)
class Located:
    """The place of a claim's number; `fits` tells whether its label stands there too."""

    start: int
    end: int
    text: str
    unit: str | None
    fits: bool


class Locator:
    """Finds claims in the spans of a chunk; each occurrence of a number serves a label only once."""

    def __init__(self, document: Document, spans: Sequence[tuple[int, int]]) -> None:
        self._parts = [_Stretch(document, start, end) for start, end in spans]
        self._at = 0  # the stretch of the last place: the model goes through them in order

    def locate(self, claim: Claim) -> Located | None:
        """Return the best place of a claim's number, or None where no span holds it."""
        found: list[tuple[float, int, Quantity]] = []
        held: list[tuple[int, Quantity]] = []
        for number, part in enumerate(self._parts):
            best, first = part.best(claim)
            if best is not None:
                found.append((best[0] + (_BACKWARDS if number < self._at else 0), number, best[1]))
            elif first is not None:
                held.append((number, first))
        if found:
            _, self._at, chosen = min(found, key=lambda item: item[:2])
            return self._parts[self._at].take(claim, chosen, fits=True)
        return self._parts[held[0][0]].take(claim, held[0][1], fits=False) if held else None


class _Stretch:
    """One span of the document, and which of its numbers are taken."""

    def __init__(self, document: Document, start: int, end: int) -> None:
        text = document.text
        self._text, self._start, self._end = text, start, end
        found = [q for q in find_quantities(text, start, end) if reason_aside(text, q) is None]
        found += find_numeral_counts(text, start, end)
        found += self._phrases()
        self._quantities = sorted(found, key=lambda q: q.start)
        self._by_value: dict[Decimal, list[Quantity]] = {}
        for quantity in self._quantities:
            self._by_value.setdefault(abs(quantity.value), []).append(quantity)
        self._taken: dict[int, str] = {}
        self._cursor = start
        self._last: dict[str, int] = {}
        self._plain, self._offsets = squeeze(text, start, end)

    def best(self, claim: Claim) -> tuple[tuple[float, Quantity] | None, Quantity | None]:
        """Return the place that suits a claim best with its cost, and the first place that holds its number at all."""
        if claim.value is None:
            return None, None
        candidates = [q for q in self._by_value.get(abs(claim.value), ()) if self._same_number(q, claim)]
        if not candidates:
            return None, None
        if claim.code is not None and claim.code not in self._text[self._start : self._end]:
            return None, candidates[0]
        labels = self._label_ends(claim)
        best: tuple[float, Quantity] | None = None
        for quantity in candidates:
            cost = self._cost(quantity, claim, labels)
            if cost is not None and (best is None or cost < best[0]):
                best = (cost, quantity)
        return best, candidates[0]

    def take(self, claim: Claim, chosen: Quantity, *, fits: bool) -> Located:
        """Return a place as that of the claim and keep it from others."""
        self._taken[chosen.start] = claim.measure
        if fits:
            self._last[claim.label] = chosen.end
        if fits and claim.measure == "amount":
            self._cursor = chosen.start
        return Located(chosen.start, chosen.end, chosen.text, chosen.unit, fits)

    def _phrases(self) -> list[Quantity]:
        spans = unchanged_phrases(self._text, self._start, self._end)
        return [Quantity(self._text[a:b], a, b, Decimal(0), None, b) for a, b in spans]

    def _same_number(self, quantity: Quantity, claim: Claim) -> bool:
        """Whether a quantity of a claim's value is written like it: a phrase or a number, in a unit that fits."""
        phrase = not re.search(r"[0-9０-９]", claim.written) and claim.value == 0
        if phrase != (quantity.text in words().same):
            return False
        if claim.measure in ("weight", "score") or claim.unit is None or quantity.unit == claim.unit:
            return True
        if quantity.unit is not None:  # 场次 for 场（次）: one word within the other
            return claim.unit in quantity.unit or quantity.unit in claim.unit
        return claim.unit == "%" or claim.unit in self._text[self._start : self._end]

    def _label_ends(self, claim: Claim) -> list[tuple[int, int]]:
        """Return the offsets where the label starts and ends, wherever it occurs in the stretch (by words if need be)."""
        wanted = [normalise(claim.label)]
        wanted += [part for part in re.split(r"[-—()、的]|其中", wanted[0]) if len(part) >= 2]
        # A label put together from two places of a sentence: its longer half must stand there.
        half = max(4, (len(wanted[0]) + 1) // 2)
        if len(wanted[0]) <= _LONGEST_LABEL:
            wanted += [wanted[0][:length] for length in range(len(wanted[0]) - 1, half - 1, -1)]
        for label in wanted:
            places = [m.start() for m in re.finditer(re.escape(label), self._plain)] if label else []
            if places:
                return [(self._offsets[p], self._offsets[p + len(label) - 1] + 1) for p in places]
        return []

    def _cost(self, quantity: Quantity, claim: Claim, labels: list[tuple[int, int]]) -> float | None:
        """Return how badly a place suits a claim (None: not at all): distance from the label, reuse, wrong words."""
        distances: list[float] = []
        another = self._is_of_another(quantity, claim)
        for start, end in labels:
            if end <= quantity.start <= end + _FARTHEST and not another:
                between = self._text[end : quantity.start]
                if "\n" in between.strip("\n") and re.search(r"[。；]\s*\n", between) and between.count("。") > 1:
                    continue
                nearer = sum(1 for q in self._quantities if end <= q.start < quantity.start)
                inside = (
                    5 if re.match(r"[\u4e00-\u9fff](?<![年中的和及为])", self._text[max(start - 1, 0) : start]) else 0
                )
                distances.append(len(between) / 10 + nearer * 6 + between.count("。") * 8 + inside)
            elif quantity.unit_end <= start <= quantity.unit_end + 14 and not re.search(
                r"[，,。；;、：:\n]", self._text[quantity.unit_end : start]
            ):
                distances.append((start - quantity.unit_end) + 4)
        if not distances or self._turns_away(quantity, claim):
            return None
        cost = min(distances)
        if quantity.start in self._taken:
            cost += 1000
        if claim.concept.startswith("indicator."):
            cost += self._away_from_last(quantity, claim)
        if quantity.start < self._cursor and claim.measure == "amount":
            cost += 3  # the model goes through the text in order
        return cost + self._wrong_words(quantity, claim)

    def _own_words(self, quantity: Quantity) -> str:
        """Return the words directly before a number, from the last number or border on."""
        before = bisect_left(self._quantities, quantity.start, key=lambda q: q.start) - 1
        last = self._quantities[before].unit_end if before >= 0 else self._start
        return _BORDER.split(self._text[max(last, quantity.start - 60) : quantity.start])[-1]

    def _is_of_another(self, quantity: Quantity, claim: Claim) -> bool:
        """Whether the words directly before a number name something else than the claim."""
        own = _verbs().sub("", normalise(self._own_words(quantity)))
        return len(own) > 1 and not share_words(own, claim.label)

    def _turns_away(self, quantity: Quantity, claim: Claim) -> bool:
        """Whether the source's direction word contradicts the claim's sign."""
        if claim.measure not in ("change", "rate") or not claim.value:
            return False
        own = normalise(self._own_words(quantity))
        up, down = (any(word in own for word in kind) for kind in (words().up, words().down))
        return up != down and (claim.value < 0) == up

    def _away_from_last(self, quantity: Quantity, claim: Claim) -> float:
        """Prefer the place just behind the last one of the same indicator: its parts stand in one row or sentence."""
        last = self._last.get(claim.label)
        if last is None:
            return 0
        return -30 if -40 <= quantity.start - last <= 40 else 3

    def _wrong_words(self, quantity: Quantity, claim: Claim) -> float:
        """Penalise a place whose words speak of another kind of number than the claim."""
        before = normalise(self._text[max(self._start, quantity.start - 16) : quantity.start])
        turned = _turned().search(before) is not None
        shared = re.search(r"占[^占,。]{0,14}$", before) is not None
        expected_turn = claim.measure == "change" or (claim.measure == "rate" and bool(claim.basis))
        penalty = (
            40.0
            if quantity.text not in words().same and turned != expected_turn and claim.measure in ("change", "amount")
            else 0.0
        )
        if claim.measure == "share" and not shared:
            penalty += 20
        if claim.near and claim.measure != "amount":
            near = claim.near in self._text[max(self._start, quantity.start - 60) : quantity.start]
            penalty += 0 if near else 5
        return penalty
