"""The deterministic reading: sections in, facts out, by grammar and wordings alone.

A number becomes a fact only where its label, kind and unit agree with one concept; every other number
stays unread and is counted by the coverage. Nothing here knows the language model.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from budget_llm.document import Document
from budget_llm.facts import Fact
from budget_llm.normal_form import normalise, squeeze
from budget_llm.rules.amount_tables import Setting as TableSetting
from budget_llm.rules.amount_tables import read_amounts
from budget_llm.rules.blocks import blocks_of
from budget_llm.rules.clauses import mentions
from budget_llm.rules.columns import columns_of
from budget_llm.rules.forms import form_of
from budget_llm.rules.indicator_prose import analysed, read_analysis
from budget_llm.rules.indicator_tables import read_indicators
from budget_llm.rules.labelled_amounts import is_labelled, read_labelled
from budget_llm.rules.paragraphs import Reader
from budget_llm.rules.told_results import read_results, tells_results
from budget_llm.scopes import glossary_scope
from budget_llm.sections import Section
from budget_llm.tables import Table

UNREAD_TOPICS = frozenset({"glossary", "tables"})
"""The topics whose sections the rules do not read."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for a whole document unless its words say otherwise.

    Its fiscal year, the stage of its numbers, the scope of its three public expenses, the scope of the
    overall spending that a self-evaluation is about, and whether it is one.
    """

    year: int | None
    stage: str
    three_public_scope: str
    overall_scope: str
    self_evaluation: bool = False


def setting_of(document: Document, kind: str | None, year: int | None) -> Setting:
    """Return the setting of a document of a kind (budget, final_accounts, performance_self_evaluation)."""
    stage = "budget" if kind in (None, "budget") else "final"
    evaluates = kind == "performance_self_evaluation"
    of_fiscal_money = evaluates and re.search(r"财政资金|财政拨款", document.text)
    overall = "fiscal" if of_fiscal_money else "department"
    return Setting(year, stage, glossary_scope(document.text) or "fiscal", overall, evaluates)


def read_by_rule(document: Document, sections: Sequence[Section], setting: Setting) -> tuple[Fact, ...]:
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
    for number, table in enumerate(document.tables):
        facts += _read_table(table, number, sections, setting)
    analyses = list(_analyses(document, sections, facts, setting))
    told = {fact.start for fact in analyses}
    facts = [fact for fact in facts if fact.start not in told] + analyses
    return tuple(sorted(facts, key=lambda fact: fact.start or 0))


def _analyses(
    document: Document, sections: Sequence[Section], read: Sequence[Fact], setting: Setting
) -> Iterator[Fact]:
    """Yield what sections tell of indicators, of one or of several; a score there is the indicator's, not the whole's."""
    names = {fact.label for fact in read if fact.concept.startswith("indicator.")}
    taken = {fact.start for fact in read if fact.concept not in ("evaluation.score", "other")}
    for section in sections:
        name = analysed(section, names)
        if name:
            told = read_analysis(document.text, section, name, setting.year)
            yield from (fact for fact in told if fact.start not in taken)
        elif setting.stage == "final" and tells_results(section, self_evaluation=setting.self_evaluation):
            results = read_results(document.text, section, document.table_spans, names, setting.year)
            yield from (fact for fact in results if fact.concept != "indicator.actual" or fact.start not in taken)


def _read_table(table: Table, number: int, sections: Sequence[Section], setting: Setting) -> Iterator[Fact]:
    """Yield the facts of one table, by what its title and headers say it is."""
    section = sections[bisect_right([s.start for s in sections], table.start) - 1]
    for body, project in blocks_of(table):
        columns = columns_of(table, body, setting.year)
        form = form_of(table, section, columns, setting.three_public_scope)
        about = TableSetting(setting.year, setting.stage, section.index, number, project)
        if form.kind == "indicators":
            yield from read_indicators(table, body, about)
        elif is_labelled(table, body):
            yield from read_labelled(table, body, form.scope, about)
        else:
            yield from read_amounts(table, body, columns, form, about)


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
