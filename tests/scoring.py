"""An extraction against expectations: which numbers were read, named, and read in full."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

_DETAILS = ("code", "scope", "split", "period", "stage", "unit")


@dataclass(frozen=True)
class Score:
    """Shares of the expected facts that were found (recall) and of the found facts that are right (precision)."""

    read: float
    read_precision: float
    named: float
    named_precision: float
    full: float
    missed: list[dict[str, Any]]
    wrong: list[dict[str, Any]]


def load_gold(path: Path) -> dict[str, Any]:
    """Return the expectations for one document."""
    gold: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return gold


def score(gold: list[dict[str, Any]], facts: list[dict[str, Any]]) -> Score:
    """Return the score of extracted facts (as in the JSON contract) against expected ones."""
    matches = [[f for f in facts if _same_number(g, f)] for g in gold]
    named = [[f for f in found if _allowed(g, "concept", f)] for g, found in zip(gold, matches, strict=True)]
    full = [any(_details(g, f) for f in found) for g, found in zip(gold, named, strict=True)]
    right = [f for f in facts if any(_same_number(g, f) for g in gold)]
    right_named = [f for f in right if any(_same_number(g, f) and _allowed(g, "concept", f) for g in gold)]
    return Score(
        read=_share(sum(map(bool, matches)), gold),
        read_precision=_share(len(right), facts),
        named=_share(sum(map(bool, named)), gold),
        named_precision=_share(len(right_named), facts),
        full=_share(sum(full), gold),
        missed=[g for g, found in zip(gold, matches, strict=True) if not found],
        wrong=[f for f in facts if f not in right],
    )


def errors_caught(gold: dict[str, Any], findings: list[dict[str, Any]]) -> list[str]:
    """Return the kinds of the planted document errors (roundings aside) that some finding names by its numbers."""
    named = [{_number(n) for n in finding["numbers"]} for finding in findings]
    return [
        error["kind"]
        for error in gold["inconsistencies"]
        if error["kind"] != "rounding"
        and any(
            len({_number(n) for n in error["numbers"]} & numbers) >= min(2, len(set(error["numbers"])))
            for numbers in named
        )
    ]


def _share(part: int, whole: list[Any]) -> float:
    return part / len(whole) if whole else 1.0


def _number(value: object) -> Decimal | str:
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return str(value)


def _same_number(gold: dict[str, Any], fact: dict[str, Any]) -> bool:
    if fact["start"] is None or fact["measure"] != gold["measure"]:
        return False
    overlaps = fact["start"] < gold["end"] and gold["start"] < fact["end"]
    return bool(overlaps) and _number(gold["value"]) == _number(fact["value"])


def _allowed(gold: dict[str, Any], key: str, fact: dict[str, Any]) -> bool:
    return str(fact.get(key)) in {str(choice) for choice in (gold.get(key), *gold.get("or", {}).get(key, []))}


def _details(gold: dict[str, Any], fact: dict[str, Any]) -> bool:
    keys = [key for key in _DETAILS if not (key == "unit" and gold.get("phrase"))]
    return all(_allowed(gold, key, fact) for key in keys)
