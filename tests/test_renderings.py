"""One disclosure in every format it is published in: the same facts, the same tables, places that hold."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from budget_llm.disclosure import Disclosure
from budget_llm.document import Document
from budget_llm.extraction import extract
from budget_llm.tables import Table
from tests.conftest import ROOT

RENDERINGS = ROOT / "tests" / "renderings"
STEMS = ("budget-prose-2025", "budget-tables-2024", "final-accounts-2023", "self-evaluation-2023")
FORMATS = ("txt", "pdf", "docx", "xlsx", "html")


@cache
def disclosure(stem: str, kind: str) -> Disclosure:
    """Return the reading by rules of one rendering."""
    folder = ROOT / "examples" if kind == "txt" else RENDERINGS
    return extract(folder / f"{stem}.{kind}", "none")


def facts(stem: str, kind: str) -> Counter[tuple[object, ...]]:
    """Return what the facts of a rendering say, without where they stand."""
    return Counter(
        (f.concept, f.label, f.code, f.scope, f.measure, f.split, f.period, f.stage, str(f.value), f.unit)
        for f in disclosure(stem, kind).facts
    )


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("kind", FORMATS[1:])
def test_every_format_gives_the_same_facts(stem: str, kind: str) -> None:
    """Label, concept, scope, measure, split, period, stage, value and unit; equal to the text's, so equal to each other."""
    assert facts(stem, kind) == facts(stem, "txt")
    assert facts(stem, "txt")


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("kind", FORMATS[1:])
def test_every_format_gives_the_same_findings_and_records(stem: str, kind: str) -> None:
    """The errors of the document, its duties, its sections and the names in it do not depend on the format."""
    one, other = disclosure(stem, kind), disclosure(stem, "txt")
    assert [(f.rule, f.severity, f.numbers) for f in one.findings] == [
        (f.rule, f.severity, f.numbers) for f in other.findings
    ]
    assert [squeezed(d.text) for d in one.duties.items] == [squeezed(d.text) for d in other.duties.items]
    assert [s.topic for s in one.sections] == [s.topic for s in other.sections]
    assert (one.organisation.name, one.organisation.departments) == (
        other.organisation.name,
        other.organisation.departments,
    )
    assert (one.document.kind, one.document.year) == (other.document.kind, other.document.year)


def squeezed(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def body(table: Table) -> list[list[str]]:
    """Return the body rows of a table as squeezed texts; header rows may repeat at page breaks."""
    rows = {cell.row for cell in table.cells if cell.kind == "body"}
    return [[squeezed(text) for text in row] for number, row in enumerate(table.texts()) if number in rows]


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("kind", FORMATS[1:])
def test_every_format_gives_the_same_tables(stem: str, kind: str) -> None:
    """Title, unit, header paths and the text of every cell."""
    ours, theirs = disclosure(stem, kind).original.tables, disclosure(stem, "txt").original.tables
    assert [squeezed(t.title or "") for t in ours] == [squeezed(t.title or "") for t in theirs]
    assert [(t.unit, t.columns) for t in ours] == [(t.unit, t.columns) for t in theirs]
    assert [body(table) for table in ours] == [body(table) for table in theirs]


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("kind", FORMATS)
def test_every_place_holds(stem: str, kind: str) -> None:
    """Every cell and every number is cut from the text at its offsets; tables, pages and cells are in order."""
    read = disclosure(stem, kind)
    document = read.original
    for table in document.tables:
        for cell in table.cells:
            assert document.text[cell.start : cell.end] == cell.text
            assert any(first <= cell.start < cell.end <= last for first, last in table.parts)
            assert (cell.page is not None) == (kind == "pdf")
    for fact in read.facts:
        assert fact.start is not None
        assert document.text[fact.start : fact.end] == fact.text
        assert (fact.page is not None) == (kind == "pdf")
    assert all(one[1] <= other[0] for one, other in pairwise(document.table_spans))
    assert all(one.end == other.start for one, other in pairwise(document.pages))


def oracle(path: Path) -> list[list[list[list[str]]]]:
    """Return the tables of each page as pdfplumber finds them, white backgrounds of cells left out."""
    import pdfplumber

    def is_visible(item: dict[str, object]) -> bool:
        white = item.get("non_stroking_color") in (1, 1.0, (1,), (1, 1, 1), (1.0, 1.0, 1.0), [1], [1, 1, 1])
        return not (item["object_type"] == "rect" and white and not item.get("stroke"))

    with pdfplumber.open(path) as pdf:
        pages = [page.filter(is_visible).extract_tables() for page in pdf.pages]
    return [[[[squeezed(text or "") for text in row] for row in table] for table in tables] for tables in pages]


def by_page(document: Document) -> list[list[list[str]]]:
    """Return the rows of all tables that hold text, page by page."""
    pages: list[list[list[str]]] = [[] for _ in document.pages]
    for table in document.tables:
        for number in range(table.height):
            row = [squeezed(cell.text) for cell in table.row(number)]
            if row:
                pages[(table.row(number)[0].page or 1) - 1].append(row)
    return pages


def matches_oracle(path: Path) -> None:
    """Hold the cells of a PDF to pdfplumber's: the same texts in the same rows of the same pages."""
    from budget_llm.formats import load

    expected = [[[c for c in row if c] for table in tables for row in table if any(row)] for tables in oracle(path)]
    assert by_page(load(path)) == expected


@pytest.mark.parametrize("stem", STEMS)
def test_ruled_tables_are_those_that_pdfplumber_finds(stem: str) -> None:
    """Cell for cell, in the renderings."""
    matches_oracle(RENDERINGS / f"{stem}.pdf")
