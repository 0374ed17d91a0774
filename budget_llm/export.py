"""The public contract: a disclosure as plain values under fixed keys, and files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from budget_llm.disclosure import Disclosure
from budget_llm.errors import BudgetLLMError
from budget_llm.facts import Fact, Finding
from budget_llm.tables import Table
from budget_llm.usage import Entry

_OPENING = 20


def to_dict(disclosure: Disclosure) -> dict[str, Any]:
    """Return the contract: document, facts, findings, coverage, records, filled schemas, sections, usage, ledger."""
    return {
        "document": asdict(disclosure.document),
        "facts": [_fact(disclosure, fact) for fact in disclosure.facts],
        "findings": [finding_to_dict(finding) for finding in disclosure.findings],
        "coverage": _coverage(disclosure),
        "records": _records(disclosure),
        **{name: _filled(disclosure, name) for name in ("income", "expenditure", "performance")},
        "tables": [_table(table) for table in disclosure.original.tables],
        "sections": [asdict(section) for section in disclosure.sections],
        "model": disclosure.model,
        "prompts": disclosure.prompts,
        "incomplete": disclosure.incomplete,
        "usage": {
            **asdict(disclosure.usage),
            "cost": None if disclosure.cost is None else str(disclosure.cost),
            "currency": disclosure.prices.currency if disclosure.prices else None,
            "prices_of": disclosure.prices.date if disclosure.prices else None,
        },
        "ledger": [_entry(entry) for entry in disclosure.ledger],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    cost = None if entry.cost is None else str(entry.cost)
    return {"sections": list(entry.sections), "purpose": entry.purpose, **asdict(entry.usage), "cost": cost}


def _filled(disclosure: Disclosure, name: str) -> dict[str, Any]:
    """Return one of the filled schemas, without what was left empty."""
    filled: dict[str, Any] = getattr(disclosure, name).model_dump(exclude_defaults=True, mode="json")
    return filled


def _fact(disclosure: Disclosure, fact: Fact) -> dict[str, Any]:
    other = fact.other
    indicator = fact.concept.startswith("indicator.")
    return {
        "concept": fact.concept,
        "label": fact.label,
        "code": fact.code,
        "scope": fact.scope,
        "measure": fact.measure,
        "basis": fact.basis,
        "split": fact.split,
        "period": fact.period,
        "stage": fact.stage,
        "value": fact.text if fact.value.is_nan() else str(fact.value),
        "unit": fact.unit,
        "start": fact.start,
        "end": fact.end,
        "page": fact.page,
        "table": fact.table,
        "text": fact.text,
        "also": list(fact.also),
        **({"operator": fact.operator, "project": fact.project, "core": fact.core} if indicator else {}),
        "verdict": fact.verdict,
        "trusted": fact.trusted,
        "readers": list(fact.readers),
        "section": fact.section,
        "section_title": disclosure.sections[fact.section].title,
        "conflict": fact.conflict,
        "other": None if other is None else {**asdict(other), "value": str(other.value)},
        "supported": list(fact.supported),
        "contradicted": list(fact.contradicted),
    }


def _table(table: Table) -> dict[str, Any]:
    """Return what a table is and where it stands; its cells stay with the document."""
    return {
        "title": table.title,
        "unit": table.unit,
        "rows": table.height,
        "columns": [list(path) for path in table.columns],
        "start": table.start,
        "end": table.end,
        "pages": list(table.pages),
    }


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain values, ready for JSON."""
    return {
        **asdict(finding),
        "numbers": list(finding.numbers),
        "places": [asdict(place) for place in finding.places],
        "suspects": [asdict(place) for place in finding.suspects],
    }


def _coverage(disclosure: Disclosure) -> dict[str, Any]:
    covered = disclosure.coverage
    return {
        "explained": covered.explained,
        "aside": len(covered.aside),
        "not_understood": len(covered.unread),
        "share": round(covered.share, 4),
        "not_understood_numbers": [asdict(unread) for unread in covered.unread],
        "aside_numbers": [asdict(unread) for unread in covered.aside],
    }


def _records(disclosure: Disclosure) -> dict[str, Any]:
    info, organisation, duties = disclosure.document, disclosure.organisation, disclosure.duties.items
    return {
        "organisation": {
            "name": organisation.name,
            "departments": list(organisation.departments),
            "subordinates": list(organisation.subordinates),
            "rank": organisation.rank,
        },
        "duties": {
            "count": len(duties),
            "first": duties[0].text[:_OPENING] if duties else None,
            "last": duties[-1].text[:_OPENING] if duties else None,
            "items": [{"number": d.number, "text": d.text, "start": d.start, "end": d.end} for d in duties],
        },
        "contact": disclosure.contact,
        "document": {"kind": info.kind, "year": info.year, "organisation": info.organisation},
        "sections": [
            {"title": s.title, "start": s.start, "level": s.level, "topic": s.topic}
            for s in disclosure.sections
            if s.title
        ],
    }


def write_whole(path: str | Path, text: str) -> None:
    """Write a file so that its final name only ever holds the whole text; raise BudgetLLMError where it cannot be written."""
    path = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BudgetLLMError(f"{path}: cannot be written: {error.strerror or error}") from error
