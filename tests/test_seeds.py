"""Real disclosures beside the project: the rules alone reach the bars; skipped, saying so, where they are absent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from budget_llm.extraction import extract
from tests.scoring import errors_caught, load_gold, score

PROSE = ("qijiang-2024-budget", "xiqing-2021-budget", "luojiang-2024-budget")
ALL = (*PROSE, "bishan-2022-self-evaluation", "chongqing-association-2024-budget")


def read(shared: Path, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Expectations and extraction of one seed."""
    return load_gold(shared / "gold" / f"{name}.json"), extract(shared / "seeds" / f"{name}.txt", "none").to_dict()


@pytest.mark.parametrize("name", PROSE)
def test_prose_is_read_by_rules_alone(shared: Path, name: str) -> None:
    """At least 90 % of the numbers at 97 % precision; what is reached stands here so that it is not lost again."""
    gold, found = read(shared, name)
    result = score(gold["facts"], found["facts"])
    assert result.read == 1.0, result.missed
    assert result.read_precision == 1.0, result.wrong
    assert result.named >= 0.97
    assert result.full >= 0.97


@pytest.mark.parametrize("name", ALL)
def test_nearly_every_number_is_read(shared: Path, name: str) -> None:
    """Prose, tables and indicators by rules alone; what is reached stands here so that it is not lost again."""
    gold, found = read(shared, name)
    result = score(gold["facts"], found["facts"])
    assert result.read >= 0.98, result.missed
    assert result.full >= 0.97


@pytest.mark.parametrize("name", ALL)
def test_what_is_read_is_right(shared: Path, name: str) -> None:
    """What is read is true: precision over all seeds."""
    gold, found = read(shared, name)
    result = score(gold["facts"], found["facts"])
    assert result.read_precision == 1.0, result.wrong
    assert result.named_precision >= 0.97


def test_the_documents_own_errors_are_found(shared: Path) -> None:
    """Both errors of a real budget: parts that exceed their total, changes that do not add up."""
    gold, found = read(shared, "qijiang-2024-budget")
    assert sorted(errors_caught(gold, found["findings"])) == ["change_sum", "function_sum"]


@pytest.mark.parametrize("name", ALL)
def test_no_error_is_reported_that_the_readers_did_not_find(shared: Path, name: str) -> None:
    """Two careful readers listed the errors; rounding apart, nothing else is claimed."""
    gold, found = read(shared, name)
    errors = [f for f in found["findings"] if f["severity"] == "error"]
    assert len(errors) == len(errors_caught(gold, errors))


@pytest.mark.parametrize("name", ALL)
def test_records_are_those_of_two_readers(shared: Path, name: str) -> None:
    """Organisation, duties (count, first and last words), contact and kind of document."""
    gold, found = read(shared, name)
    expected, records = gold["records"], found["records"]
    assert records["organisation"] == expected["organisation"]
    assert {k: records["duties"][k] for k in ("count", "first", "last")} == expected["duties"]
    assert records["contact"] == expected["contact"]
    assert records["document"] == expected["document"]


def test_duties_are_cut_verbatim(shared: Path) -> None:
    """Each duty's text is the source between its offsets."""
    path = shared / "seeds" / "xiqing-2021-budget.txt"
    disclosure = extract(path, "none")
    text = disclosure.original.text
    assert len(disclosure.duties.items) == 18
    assert all(text[d.start : d.end] == d.text for d in disclosure.duties.items)
