"""What is wrong with a disclosure apart from its sums: names, years, tables, and what a template left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from budget_llm.document import Document
from budget_llm.document_checks.contents import contents_against_tables, contents_heading_missing
from budget_llm.document_checks.material import Material, material_of
from budget_llm.document_checks.organisation import organisation_agrees
from budget_llm.document_checks.residue import template_residue
from budget_llm.document_checks.tables import (
    empty_table_says_why,
    filled_table_is_not_called_empty,
    table_numbers_run_on,
)
from budget_llm.document_checks.units import number_unit_missing
from budget_llm.document_checks.years import year_agrees, year_compared_is_earlier
from budget_llm.facts import Fact, Finding
from budget_llm.records import DocumentRecord
from budget_llm.sections import Section

DocumentCheck = Callable[[Material], Iterator[Finding]]

DOCUMENT_CHECKS: tuple[DocumentCheck, ...] = (
    organisation_agrees, year_agrees, year_compared_is_earlier,
    contents_against_tables, contents_heading_missing, table_numbers_run_on,
    empty_table_says_why, filled_table_is_not_called_empty,
    template_residue, number_unit_missing,
)  # fmt: skip
"""Every check of a document apart from its sums: what it is of, what it is made of, how it is written; a test proves that none is left out."""


def check_document(
    document: Document, sections: Sequence[Section], record: DocumentRecord, facts: Sequence[Fact]
) -> tuple[Finding, ...]:
    """Return the findings of every check, errors first, each in the order of the text."""
    material = material_of(document, sections, record, facts)
    found = [finding for check in DOCUMENT_CHECKS for finding in check(material)]
    return tuple(sorted(found, key=lambda f: (f.severity != "error", f.places[0].start)))
