"""Wordings found in labels: the longest wins, and of several side by side the last one.

Chinese puts the head of a noun phrase at its end. No wording: no concept, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """A wording found in a label: the concept it names and its place in the normalised label."""

    concept: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Wordings:
    """The wordings of the groups that a topic draws on: `anywhere` in a label, or only as the `whole` of it."""

    anywhere: Mapping[str, str]
    whole: Mapping[str, str]
    longest: int

    def find(self, label: str) -> Match | None:
        """Return the last, longest wording in a normalised label, or None."""
        found, position = None, 0
        while position < len(label):
            for length in range(min(self.longest, len(label) - position), 0, -1):
                concept = self.anywhere.get(label[position : position + length])
                if concept is not None:
                    found = Match(concept, label[position : position + length], position, position + length)
                    position += length - 1
                    break
            position += 1
        return found

    def first(self, label: str) -> Match | None:
        """Return the first wording in a normalised label, at its longest, or None."""
        for position in range(len(label)):
            for length in range(min(self.longest, len(label) - position), 0, -1):
                concept = self.anywhere.get(label[position : position + length])
                if concept is not None:
                    return Match(concept, label[position : position + length], position, position + length)
        return None

    def equal(self, label: str) -> Match | None:
        """Return the match of a label that is, as a whole, one wording."""
        concept = self.whole.get(label) or self.anywhere.get(label)
        return None if concept is None else Match(concept, label, 0, len(label))
