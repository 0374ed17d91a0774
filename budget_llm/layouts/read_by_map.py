"""A table read by a map: every row, exact numbers at their cells, in the fact model. The model saw three rows of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from budget_llm.document import Document
from budget_llm.facts import Fact, Measure
from budget_llm.layouts.answers import MappedColumn, RowKind, TableMap
from budget_llm.layouts.lines import Line, kinds_of_rows, without_ordinal
from budget_llm.layouts.unknown_tables import unit_words_about
from budget_llm.lexicon import table_words, unit_words, wordings
from budget_llm.normal_form import normalise
from budget_llm.quantities import MONEY_UNITS
from budget_llm.read_by_model import About, ModelFact
from budget_llm.scopes import named_fund
from budget_llm.tables import Table, unit_in

NO_CHUNK = -1
"""The chunk of a fact that was read by a map: it was not written by the model in any."""

_OF_ROWS = {
    "function": "expenditure.function",
    "economic": "expenditure.economic",
    "project": "performance.project_budget",
}
_LOOKED_UP = {
    "income": ("income",),
    "three_public": ("three_public", "operating"),
    "procurement": ("procurement",),
}
_TOTALS = {
    "function": "expenditure.total",
    "economic": "expenditure.total",
    "project": "expenditure.project",
    "income": "income.total",
    "three_public": "three_public.total",
    "procurement": "procurement.total",
}
# What a column may be of that is a part of its rows: then the row gives the concept and the column the split.
_SPLITS = {
    "expenditure.total": None,
    "expenditure.current_year": None,
    "expenditure.function": None,
    "expenditure.economic": None,
    "expenditure.basic": "basic",
    "expenditure.project": "project",
    "expenditure.personnel": "personnel",
    "expenditure.public": "public",
}
_OF_SPLIT = {split: concept for concept, split in _SPLITS.items() if split} | {"reserve": "other"}
_OF_NOBODY = ("assets.", "staff.", "organisation.", "indicator.", "evaluation.", "performance.projects")
_NO_STAGE = ("assets.equipment", "assets.fixed_total", "staff.", "organisation.", "indicator.", "evaluation.")
_YEAR = re.compile(r"(20[0-9]{2})[ \u3000]?年?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands: its number, its section; and the year for which its map was made, None where unknown."""

    table: int
    section: int
    year: int | None


def facts_of(
    document: Document, mapped: TableMap, rows: Sequence[Line], about: About, place: Place
) -> Iterator[ModelFact]:
    """Yield what a map makes of the rows of a table, in their order; what its concept leaves open stays unread."""
    table = document.tables[place.table]
    units = {column.column: unit_of(document, table, column) for column in mapped.columns}
    kinds = kinds_of_rows(mapped)
    named = {normalise(without_ordinal(item.label)): item.concept for item in mapped.items}
    for line in rows:
        for column in mapped.columns:
            kind = kinds[column.column]
            found = _subject(line, column, mapped, (kind, named), table) if column.column in line.numbers else None
            if found:
                yield _fact(table, line, column, mapped, found, (units[column.column], about, place))


def unit_of(document: Document, table: Table, column: MappedColumn) -> str | None:
    """Return the unit of a column's numbers as the source states it: the column's own, else the table's.

    What the map says is taken only where the source has the same words; None where nothing states a unit.
    """
    if column.role in ("share", "rate"):
        return "%"
    path = "".join(table.columns[column.column - 1])
    if own := unit_in(path):
        return own
    if column.unit and _states(path, column.unit):
        return column.unit
    if table.unit and column.measure != "count":
        return table.unit
    return column.unit if column.unit and _states(unit_words_about(document, table), column.unit) else None


def _states(words: str, unit: str) -> bool:
    """Whether words state a known unit: in brackets, behind a colon or in a list, not as a part of another word."""
    known = unit in MONEY_UNITS or unit in unit_words()["count"]
    return known and re.search(rf"[（(：:/、][ \u3000]?{re.escape(unit)}(?=[）)\s/、，,；;]|$)", words) is not None


def _subject(
    line: Line, column: MappedColumn, mapped: TableMap, told: tuple[RowKind, Mapping[str, str]], table: Table
) -> tuple[str, str, str | None] | None:
    """Return concept, label and split of a number; None where the map leaves the concept open."""
    kind, named = told
    label, code, stated = line.names[column.column], line.codes[column.column], column.concept
    split = column.split or _SPLITS.get(stated or "")
    if line.is_total(column.column, mapped.total):
        return _said(_of_total(column, kind), label, None)
    if not label and not code:
        return _said(stated, table.columns[column.column - 1][-1] if table.columns[column.column - 1] else "", None)
    if normalise(label) in named:
        concept = named[normalise(label)]
        return _said(concept, label, split if concept in ("expenditure.function", "expenditure.economic") else None)
    if kind in _OF_ROWS and (stated is None or stated in _SPLITS or stated == _OF_ROWS[kind]):
        return _said(_OF_ROWS[kind], label, None if kind == "project" else split)
    if kind in _LOOKED_UP and (stated is None or stated.endswith(".total")):
        known = wordings(*_LOOKED_UP[kind])
        match = known.equal(normalise(label)) or known.find(normalise(label))
        return _said(match.concept if match else "other", label, None)
    return _said(stated, label, split if stated not in _SPLITS else None)


def _said(concept: str | None, label: str, split: str | None) -> tuple[str, str, str | None] | None:
    return (concept, label, split) if concept and label else None


def _of_total(column: MappedColumn, kind: RowKind) -> str | None:
    """Return what the total of a column is of: what the column tells, its split, else the total of such rows."""
    if column.concept not in (None, "expenditure.total", *_OF_ROWS.values()):
        return column.concept
    whole = column.concept if column.concept == "expenditure.total" else _TOTALS.get(kind)
    return _OF_SPLIT.get(column.split or "") or whole


def _fact(
    table: Table, line: Line, column: MappedColumn, mapped: TableMap, said: tuple[str, str, str | None],
    around: tuple[str | None, About, Place],
) -> ModelFact:  # fmt: skip
    (concept, label, split), (unit, about, place) = said, around
    number, measure = line.numbers[column.column], _measure(column)
    code = line.codes[column.column] if concept not in _OF_SPLIT.values() else None
    written = _YEAR.search("".join(table.columns[column.column - 1]))
    year = int(written[1]) if written else _shifted(column.year, place.year, about.year)
    fact = Fact(
        concept=concept, label=label or line.names[column.column], measure=measure, value=number.value, unit=unit,
        start=number.cell.start, end=number.cell.start + len(number.written), text=number.written,
        section=place.section, table=place.table, scope=_scope(table, column, mapped, concept, measure),
        split=split, period=year or about.year, stage=_stage(table, column, concept, about), code=code, readers=("model",),
    )  # fmt: skip
    stated = {"scope": column.scope or mapped.scope, "code": code, "period": year}
    return ModelFact(fact, True, frozenset(k for k, v in stated.items() if v is not None), NO_CHUNK)


def _measure(column: MappedColumn) -> Measure:
    if column.role == "share":
        return "share"
    return "rate" if column.role == "rate" else column.measure or "amount"


def _shifted(year: int | None, made_for: int | None, now: int | None) -> int | None:
    """Return the year of a column in this document: a kept map speaks of the year that it was made for."""
    return year if year is None or made_for is None or now is None else year + now - made_for


def _scope(table: Table, column: MappedColumn, mapped: TableMap, concept: str, measure: str) -> str | None:
    if concept.startswith(_OF_NOBODY) or measure == "count":
        return None
    default = "fiscal" if concept.startswith("three_public.") else "department"
    return column.scope or mapped.scope or named_fund(normalise(table.title or "")) or default


def _stage(table: Table, column: MappedColumn, concept: str, about: About) -> str | None:
    if concept.startswith(_NO_STAGE):
        return None
    if column.stage:
        return column.stage
    head = normalise("".join(table.columns[column.column - 1]))
    return next((stage for stage, words in table_words("stages").items() if words.search(head)), about.stage)
