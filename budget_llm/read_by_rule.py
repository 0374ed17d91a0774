"""The deterministic reading: sections in, facts out, by grammar and wordings alone.

A number becomes a fact only where its label, kind and unit agree with one concept; every other number
stays unread and is counted by the coverage. Nothing here knows the language model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from budget_llm.document import Document
from budget_llm.facts import Fact
from budget_llm.rules.clauses import mentions
from budget_llm.rules.paragraphs import Reader
from budget_llm.rules.scopes import glossary_scope
from budget_llm.sections import Section

_UNREAD_TOPICS = frozenset({"glossary", "tables", "contents"})


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
    for section in sections:
        if section.topic in _UNREAD_TOPICS:
            continue
        reader = Reader(section, setting.year, setting.stage, setting.three_public_scope, setting.overall_scope)
        for mention in mentions(document.text, section.body, section.end):
            fact = reader.read(mention)
            if fact is not None:
                facts.append(fact)
    return tuple(facts)
