"""Faults as the benchmark plants them: each kind does what it says, and offsets hold in the document after it."""

from __future__ import annotations

import random
from functools import cache

import pytest

from budget_llm.disclosure import Disclosure
from budget_llm.document import Document
from budget_llm.extraction import extract
from tests.benchmarks.document_faults import group_of, outcome_of
from tests.benchmarks.faults_planted import (
    Fault,
    cell_at,
    faults,
    numbers,
    other_digit,
    plus_ten,
    spread,
    swapped,
    with_fault,
)
from tests.conftest import ROOT

PROSE = """某市水利局2024年部门预算
一、收入预算
2024年收入预算1,995.50万元，比上年增加12.30万元。其中：财政拨款收入1,990.50万元，其他收入5.00万元。
"""


@cache
def rendering(kind: str) -> Disclosure:
    """Return the reading by rules of a budget with tables, in one format."""
    return extract(ROOT / "tests" / "renderings" / f"budget-tables-2024.{kind}", "none")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("5.00", "15.00"),
        ("0", "10"),
        ("0.50", "10.50"),
        ("1,995.50", "2,005.50"),
        ("999,995", "1,000,005"),
        ("995.5", "1005.5"),
        ("５１８", "５２８"),
        ("9，995.50", "10，005.50"),
        ("-15.20", "-5.20"),
        ("-5.20", "4.80"),
        ("-1,005", "-995"),
        ("12.\n34", "22.\n34"),
        ("3 100.48", "3 110.48"),
        ("1O.5", "20.5"),
    ],
)
def test_ten_is_added_in_the_form_of_the_number(written: str, expected: str) -> None:
    """Decimals, separators, breaks and the width of the digits stay as they are written."""
    assert plus_ten(written) == expected


@pytest.mark.parametrize("written", ["1,995.50", "0.5", "７．２", "-10"])
def test_one_digit_is_changed(written: str) -> None:
    """Exactly one character differs, it is still a digit, and none becomes a zero in front."""
    for seed in range(40):
        new = other_digit(written, random.Random(seed))
        places = [place for place, pair in enumerate(zip(written, new, strict=True)) if pair[0] != pair[1]]
        assert len(places) == 1
        assert new[places[0]].isdigit()
        assert new.lstrip("-")[0] != "0" or written[0] == "0"


def test_a_swap_changes_two_neighbours() -> None:
    """Only digits side by side are swapped, never a zero to the front; equal ones are none."""
    assert swapped("1,005.23", random.Random(0)) in ("1,050.23", "1,005.32")
    assert {swapped("12", random.Random(seed)) for seed in range(5)} == {"21"}
    assert [swapped(written, random.Random(0)) for written in ("10", "5.00", "1,1.2", "7")] == [None] * 4


def planted(text: str, kind: str) -> list[str]:
    """Return the lines of a text that a kind of fault changes, as they read with it."""
    document = Document.from_text(text)
    found = [f for n in numbers(extract(document, "none")) for f in faults(document, n, "7") if f.kind == kind]
    texts = [with_fault(document, fault).text for fault in found]
    return [new for t in texts for old, new in zip(text.split("\n"), t.split("\n"), strict=True) if old != new]


def test_the_sign_word_of_a_change_is_turned() -> None:
    """The nearest direction word before a change is replaced by its opposite; amounts have none."""
    line = PROSE.split("\n")[2]
    assert planted(PROSE, "sign") == [line.replace("增加", "减少")]
    assert planted(PROSE.replace("增加", "下降"), "sign") == [line.replace("增加", "上升")]


def test_every_money_number_gets_a_fault() -> None:
    """Each amount and change is faulted once for a kind, and the same in every run."""
    assert len(planted(PROSE, "plus ten")) == 4
    assert planted(PROSE, "digit") == planted(PROSE, "digit")


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_places_hold_in_a_loaded_document_with_a_fault(kind: str) -> None:
    """Each cell, fact, page and line stands where the document with the fault says, and one cell alone reads otherwise."""
    document = rendering(kind).original
    inside = [number for number in numbers(rendering(kind)) if cell_at(document.tables, number.start)]
    for number in spread(inside, 8, "7"):
        fault = Fault("longer", number, number.start, number.text, "1,2" + number.text)
        after = with_fault(document, fault)
        assert after.text[slice(*fault.span)] == fault.new
        cells = [cell for table in after.tables for cell in table.cells]
        before = [cell for table in document.tables for cell in table.cells]
        assert all(after.text[cell.start : cell.end] == cell.text for cell in cells)
        assert sum(one.text != other.text for one, other in zip(before, cells, strict=True)) == 1
        assert [after.text[p.start : p.end] for p in after.pages if p.start > fault.start] == [
            document.text[p.start : p.end] for p in document.pages if p.start > fault.start
        ]
        end = len(document.text) - 1
        assert (after.line(fault.after(end)), after.page(fault.after(end))) == (document.line(end), document.page(end))
        assert fault.before(fault.after(end)) == end


def test_an_unchanged_document_has_no_new_findings() -> None:
    """A finding that merely moves is not new: faults far from any identity add none."""
    path = ROOT / "examples" / "budget-prose-2025.txt"
    disclosure = extract(path, "none")
    number = numbers(disclosure)[0]
    lengthened = Fault("longer", number, disclosure.original.text.index("\n"), "\n", "　\n")
    assert disclosure.findings
    assert outcome_of((path, lengthened)).new == 0


def test_the_group_of_a_number_is_its_sentence_or_its_row_and_column() -> None:
    """A finding about a neighbour leads a reader to the number as well."""
    document = Document.from_text(PROSE)
    start = document.text.index("1,990.50")
    assert [document.text[a:b] for a, b in group_of(document, (start, start + 8))] == [
        "其中：财政拨款收入1,990.50万元，其他收入5.00万元"
    ]
    table = next(t for t in rendering("html").original.tables if t.height > 4 and t.width > 2)
    cell = next(c for c in reversed(table.cells) if c.kind == "body" and c.column)
    group = group_of(rendering("html").original, (cell.start, cell.end))
    assert {(c.start, c.end) for c in table.row(cell.row)} <= set(group)
    assert {(c.start, c.end) for c in table.cells if c.column == cell.column} <= set(group)
    assert len(group) < len(table.cells)
