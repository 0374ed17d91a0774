"""Real disclosures beside the project, in the formats they were published in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budget_llm import extract
from budget_llm.comparison import comparison_of
from budget_llm.document import Document
from budget_llm.formats import load
from budget_llm.quantities import parse_number
from budget_llm.tables import Table
from tests.conftest import ROOT
from tests.test_renderings import matches_oracle

REAL = ROOT.parent / "shared" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/real is not beside the project")

TABLES = {
    "shanghai-wanli-2024-budget.pdf": 9,
    "jiangsu-cppcc-2018-tables.pdf": 12,
    "jiangsu-cppcc-2018-budget.pdf": 0,
    "chongqing-transport-2018.html": 0,
}


@pytest.mark.parametrize(("name", "count"), TABLES.items())
def test_every_document_opens_with_all_its_tables(name: str, count: int) -> None:
    """Each table once, however many pages it runs over, with its title and unit."""
    document = load(REAL / name)
    assert len(document.tables) == count
    assert all(table.title and table.unit in ("元", "万元") for table in document.tables)
    assert all(document.text[c.start : c.end] == c.text for table in document.tables for c in table.cells)


@pytest.mark.parametrize("name", [name for name in TABLES if name.endswith(".pdf")])
def test_cells_are_those_that_pdfplumber_finds(name: str) -> None:
    """The same texts in the same rows of the same pages, white backgrounds of cells left out."""
    matches_oracle(REAL / name)


def split_rows(document: Document) -> list[tuple[Table, int, Decimal, Decimal]]:
    """Return for every row of a table with a 基本支出 or 人员经费 column: its total, and the sum of its other columns."""
    rows = []
    for table in document.tables:
        heads = [path[-1] if path else "" for path in table.columns]
        if not {"基本支出", "人员经费"} & set(heads) or "合计" not in heads:
            continue
        total = heads.index("合计")
        for number in range(table.height):
            values = {
                c.column: parse_number(c.text) for c in table.row(number) if c.kind == "body" and c.column >= total
            }
            if values.get(total) is not None:
                rest = [v for column, v in values.items() if column > total and v is not None]
                rows.append((table, number, values[total], sum(rest, Decimal(0))))
    return rows  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("name", "fewest"), [("shanghai-wanli-2024-budget.pdf", 166), ("jiangsu-cppcc-2018-tables.pdf", 1)]
)
def test_every_row_adds_up(name: str, fewest: int) -> None:
    """Total = basic + project (or personnel + public) in every row of the tables that split it."""
    rows = split_rows(load(REAL / name))
    assert len(rows) >= fewest
    assert [(t.title, n, total, parts) for t, n, total, parts in rows if total != parts] == []


def test_page_numbers_inside_sentences_are_set_apart() -> None:
    """Each page of the Jiangsu budget has its number as furniture; no growth rate gained a digit."""
    document = load(REAL / "jiangsu-cppcc-2018-budget.pdf")
    assert [page.furniture for page in document.pages] == [(f"-{n}-",) for n in range(1, 18)]
    assert "增长10.97%" in document.text


def test_two_publications_of_one_budget_agree() -> None:
    """The tables of a body and the text that it published beside them state the same numbers, and many of them."""
    comparison = comparison_of(
        extract(REAL / "jiangsu-cppcc-2018-tables.pdf", "none"), extract(REAL / "jiangsu-cppcc-2018-budget.pdf", "none")
    )
    assert comparison.findings == ()
    assert comparison.compared >= 29


# What is told of real files beside roundings; each was judged by eye, and is so in the document.
TOLD = {
    "jiangsu-cppcc-2018-budget.pdf": [("warning", "template_residue")] * 4,
    "jiangsu-cppcc-2018-tables.pdf": [],
    "shanghai-wanli-2024-budget.pdf": [("error", "filled_table_is_not_called_empty")],
    "chongqing-transport-2018.html": [],
}


@pytest.mark.parametrize("name", sorted(TOLD))
def test_nothing_is_told_of_a_real_file_that_is_not_so(name: str) -> None:
    """A false alarm costs trust: the findings above rounding are these."""
    found = extract(REAL / name, "none").findings
    assert [(f.severity, f.rule) for f in found if f.severity != "rounding"] == TOLD[name]
