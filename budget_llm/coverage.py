"""How much of a document the facts explain: every number is explained, set aside, or not understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from budget_llm.asides import reason_aside
from budget_llm.document import Document
from budget_llm.facts import Fact, Unread
from budget_llm.quantities import NUMERAL_AMOUNT, find_quantities
from budget_llm.sections import Section


@dataclass(frozen=True, slots=True)
class Coverage:
    """The three counts over the numbers written in digits, and the lists behind two of them.

    `aside` holds the numbers that state no fact with the reason, `unread` those that are not understood.
    """

    explained: int
    aside: tuple[Unread, ...]
    unread: tuple[Unread, ...]

    @property
    def share(self) -> float:
        """The explained share of the numbers that may state something (1.0 where there are none)."""
        stated = self.explained + len(self.unread)
        return self.explained / stated if stated else 1.0


def coverage(document: Document, sections: Sequence[Section], facts: Iterable[Fact]) -> Coverage:
    """Return the coverage of a document by its facts."""
    spans = sorted((f.start, f.end) for f in facts if f.start is not None and f.end is not None)
    explained = 0
    aside: list[Unread] = []
    unread: list[Unread] = []
    place = 0
    for section in sections:
        for quantity in find_quantities(document.text, section.start, section.end):
            while place < len(spans) and spans[place][1] <= quantity.start:
                place += 1
            if place < len(spans) and spans[place][0] < quantity.end:
                explained += 1
                continue
            reason = reason_aside(document.text, quantity)
            if reason is None and section.topic in ("glossary", "duties"):
                reason = section.topic
            if reason is None and quantity.unit is None and quantity.start < section.body:
                reason = "heading"
            (aside if reason else unread).append(
                Unread(quantity.text, quantity.start, quantity.end, reason, quantity.is_money)
            )
    unread += (
        Unread(m.group(), m.start(), m.end(), None, is_money=True) for m in NUMERAL_AMOUNT.finditer(document.text)
    )
    return Coverage(explained, tuple(aside), tuple(sorted(unread, key=lambda u: u.start)))
