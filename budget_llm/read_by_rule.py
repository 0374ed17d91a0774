"""The deterministic reading: sections in, facts out, by grammar and wordings alone.

A number becomes a fact only where its label, kind and unit agree with one concept; every other number
stays unread and is counted by the coverage. Nothing here knows the language model.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace

from budget_llm.concepts import normalise, squeeze
from budget_llm.document import Document
from budget_llm.facts import Fact
from budget_llm.rules.clauses import mentions
from budget_llm.rules.paragraphs import Reader
from budget_llm.scopes import glossary_scope
from budget_llm.sections import Section

UNREAD_TOPICS = frozenset({"glossary", "tables"})
"""The topics whose sections the rules do not read."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for a whole document unless its words say otherwise.

    Its fiscal year, the stage of its numbers, the scope of its three public expenses, and the scope of
    the overall spending that a self-evaluation is about.
    """

    year: int | None
    stage: str
    three_public_scope: str
    overall_scope: str


def setting_of(document: Document, kind: str | None, year: int | None) -> Setting:
    """Return the setting of a document of a kind (budget, final_accounts, performance_self_evaluation)."""
    stage = "budget" if kind in (None, "budget") else "final"
    of_fiscal_money = kind == "performance_self_evaluation" and re.search(r"财政资金|财政拨款", document.text)
    overall = "fiscal" if of_fiscal_money else "department"
    return Setting(year, stage, glossary_scope(document.text) or "fiscal", overall)


def read_by_rule(document: Document, sections: Iterable[Section], setting: Setting) -> tuple[Fact, ...]:
    """Return the facts that the rules read in the prose of the sections, in the order of the text."""
    facts: list[Fact] = []
    tables = document.table_spans
    for section in sections:
        if section.topic in UNREAD_TOPICS:
            continue
        source = _Wordings(document, section)
        reader = Reader(section, setting.year, setting.stage, setting.three_public_scope, setting.overall_scope)
        for mention in mentions(document.text, section.body, section.end, tables):
            fact = reader.read(mention)
            if fact is not None:
                facts.append(replace(fact, label=source.of(fact)))
    return tuple(facts)


class _Wordings:
    """Gives labels back the wording of the source: the last occurrence before the number, else the first behind it."""

    def __init__(self, document: Document, section: Section) -> None:
        self._text = document.text
        self._plain, self._offsets = squeeze(document.text, section.start, section.end)

    def of(self, fact: Fact) -> str:
        """Return a fact's label as the source writes it, without layout white space."""
        assert fact.start is not None
        at = bisect_left(self._offsets, fact.start)
        label = normalise(fact.label)
        place = self._plain.rfind(label, 0, at)
        if place < 0:
            place = self._plain.find(label, at)
        if place < 0:
            return fact.label
        first, last = self._offsets[place], self._offsets[place + len(label) - 1] + 1
        written = self._text[first:last]
        for opening, closing in ("“”", "《》", "‘’"):
            if closing in written and opening not in written and self._text[first - 1] == opening:
                written = opening + written
        return "".join(written.split())
