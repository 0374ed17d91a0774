"""Layouts that the rules were not written for: composed by readers who had not seen them, with expectations.

What is not read is counted as not understood; what is read must be right, in every layout.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from budget_llm.extraction import extract
from tests.conftest import ROOT
from tests.scoring import errors_caught, load_gold, score

LAYOUTS = ROOT / "tests" / "layouts"

# numbers read, numbers read with their concept
REACHED = {
    "budget-anhui-style": (0.99, 0.99),
    "budget-beijing-style": (0.95, 0.95),
    "budget-central-style": (0.98, 0.98),
    "budget-copied-pages": (0.99, 0.99),
    "budget-funds-and-procurement": (0.99, 0.98),
    "budget-general-statements": (1.0, 1.0),
    "budget-jiangsu-style": (0.97, 0.97),
    "budget-mixed-western": (0.87, 0.84),
    "budget-no-headings-pipes": (0.98, 0.98),
    "budget-numbered-statements": (1.0, 1.0),
    "budget-numbered-tables": (1.0, 1.0),
    "budget-pdf-text": (0.98, 0.98),
    "budget-performance-cell-lines": (0.98, 0.98),
    "budget-performance-tables": (1.0, 1.0),
    "budget-prior-year-amounts": (0.97, 0.97),
    "budget-school-yuan": (0.99, 0.96),
    "budget-shandong": (0.99, 0.99),
    "budget-three-block-statement": (0.98, 0.98),
    "budget-three-code-columns": (0.99, 0.99),
    "budget-traditional-no-headings": (0.96, 0.96),
    "budget-traditional-tables": (0.99, 0.99),
    "budget-two-units": (1.0, 1.0),
    "budget-zhejiang-style": (1.0, 1.0),
    "department-overall-self-evaluation": (0.98, 0.98),
    "final-accounts-aligned-columns": (1.0, 1.0),
    "final-accounts-boxes": (0.97, 0.95),
    "final-accounts-bracketed-headings": (0.98, 0.98),
    "final-accounts-cell-lines": (1.0, 1.0),
    "final-accounts-copied-numbered": (0.99, 0.99),
    "final-accounts-copied-pages": (0.99, 0.99),
    "final-accounts-growth": (1.0, 1.0),
    "final-accounts-guangdong-style": (1.0, 1.0),
    "final-accounts-lines": (0.99, 0.99),
    "final-accounts-markdown-mixed": (0.98, 0.98),
    "final-accounts-nine-tables": (1.0, 1.0),
    "final-accounts-shares": (1.0, 1.0),
    "final-accounts-sichuan-style": (0.98, 0.97),
    "final-accounts-township": (0.99, 0.99),
    "final-accounts-unit-columns": (0.98, 0.98),
    "final-accounts-web-page": (1.0, 1.0),
    "hospital-unit-budget": (0.98, 0.98),
    "project-self-evaluations": (0.99, 0.99),
    "self-evaluation-cell-lines": (0.85, 0.84),
    "self-evaluation-hunan-style": (0.99, 0.98),
    "self-evaluation-indicator-tables": (0.97, 0.96),
    "self-evaluation-narrative": (0.97, 0.97),
    "unit-budget-function-items": (1.0, 1.0),
}
# Where what is read is not all right (numbers, numbers with their concept): as the layout was scored at first sight.
PRECISION = {
    "budget-mixed-western": (1.0, 0.96),
    "budget-school-yuan": (1.0, 0.97),
    "final-accounts-boxes": (1.0, 0.97),
    "self-evaluation-cell-lines": (0.99, 0.98),
}


def test_every_layout_is_tested() -> None:
    """No composed layout is left out of the table."""
    assert sorted(path.stem for path in LAYOUTS.glob("*.txt")) == sorted(REACHED)


@pytest.mark.parametrize("name", sorted(REACHED))
def test_a_layout_is_read_by_rules_alone(name: str) -> None:
    """Nearly every number is read, nearly none wrongly, and no error is reported of prose that has none."""
    gold = load_gold(LAYOUTS / f"{name}.json")
    disclosure = extract(LAYOUTS / f"{name}.txt", "none")
    result = score(gold["facts"], disclosure.to_dict()["facts"])
    read, named = REACHED[name]
    assert result.read >= read, result.missed
    assert result.named >= named
    read_right, named_right = PRECISION.get(name, (1.0, 0.98))
    assert result.read_precision >= read_right, result.wrong
    assert result.named_precision >= named_right
    if not gold["inconsistencies"]:
        assert [f.message for f in disclosure.findings] == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason="a traditional name before 謹將, not a year"))
        if name == "budget-traditional-no-headings"
        else name
        for name in sorted(REACHED)
    ],
)
def test_the_body_of_a_layout_is_named(name: str) -> None:
    """The name is that of the cover, whole: not that of its region, nor of a part of the disclosure."""
    expected = load_gold(LAYOUTS / f"{name}.json")["records"]["organisation"]["name"]
    assert extract(LAYOUTS / f"{name}.txt", "none").organisation.name == expected


# Planted errors that no finding names yet: a number that the rules do not read, a list whose form they do not know.
MISSED = {
    "budget-anhui-style": ["change_sum"],
    "budget-three-block-statement": ["sum"],
    "final-accounts-sichuan-style": ["reception_sum"],
    "project-self-evaluations": ["prose_vs_table"],
}


@pytest.mark.parametrize("name", sorted(REACHED))
def test_the_planted_errors_of_a_layout_are_found_and_nothing_else(name: str) -> None:
    """Every finding above rounding names a number that its composer planted or that contradicts one."""
    gold = load_gold(LAYOUTS / f"{name}.json")
    found = [f for f in extract(LAYOUTS / f"{name}.txt", "none").to_dict()["findings"] if f["severity"] != "rounding"]
    errors = [error for error in gold["inconsistencies"] if error["kind"] != "rounding"]
    caught = errors_caught(gold, found)
    assert sorted(error["kind"] for error in errors) == sorted([*caught, *MISSED.get(name, [])])
    planted = {abs(Decimal(number)) for error in errors for number in error["numbers"]}
    assert [f["message"] for f in found if not planted & {abs(Decimal(number)) for number in f["numbers"]}] == []
