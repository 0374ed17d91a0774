"""The accounting identities over the facts: each one function, registered in `IDENTITIES`.

An identity yields a check for each statement in which its terms stand; `check_identities` computes it
exactly and turns a miss into a Finding: `rounding` where it lies within half a unit in the last written
digit of each term, `error` beyond. Terms must share scope, period, stage and unit; what stands in
different sections is not summed. A failed identity is reported with its operands, never repaired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from budget_llm.document import Document
from budget_llm.facts import Fact, Finding, Place, Severity
from budget_llm.identities.check import Check
from budget_llm.identities.ratios import (
    completion_rates,
    direction_words,
    growth_rates,
    indicator_scores,
    prior_year_change,
    shares,
)
from budget_llm.identities.sums import (
    basic_and_project,
    change_parts,
    evaluation_total,
    fiscal_appropriation_parts,
    function_parts,
    income_equals_expenditure,
    income_parts,
    operating_items,
    personnel_and_public,
    procurement_parts,
    three_public_changes,
    three_public_parts,
    vehicle_parts,
    vehicles_by_kind,
)
from budget_llm.statements import Statement, statements

Identity = Callable[[Statement], Iterator[Check]]

IDENTITIES: tuple[Identity, ...] = (
    income_equals_expenditure, income_parts, fiscal_appropriation_parts, function_parts, basic_and_project, personnel_and_public,
    three_public_parts, vehicle_parts, operating_items, procurement_parts, vehicles_by_kind,
    shares, growth_rates, completion_rates, change_parts, three_public_changes, prior_year_change, direction_words, indicator_scores, evaluation_total,
)  # fmt: skip
"""Every identity that is checked, sums first, then quotients; a test proves that none is left out."""

_DOCUMENT_WIDE = frozenset({income_equals_expenditure})
_QUOTIENTS = frozenset({"shares", "growth_rates", "completion_rates"})


def check_identities(document: Document, facts: Iterable[Fact], unread: Sequence[int] = ()) -> tuple[Finding, ...]:
    """Return the findings of every identity over the facts that the document holds, each miss once.

    `unread` are the offsets of amounts that no fact explains, in order: no sum is asserted over a list that
    holds one.
    """
    placed = [f for f in facts if f.start is not None]
    found: dict[tuple[str, tuple[object, ...]], Finding] = {}
    for statement in statements(document, placed, unread):
        for identity in IDENTITIES:
            if statement.is_document_wide != (identity in _DOCUMENT_WIDE):
                continue
            for check in identity(statement):
                if check.is_sum and statement.has_gap(check.found, check.operands[1:]):
                    continue
                if check.found.value != check.expected or identity is direction_words:
                    finding = _finding(document, identity.__name__, check)
                    if finding is not None:
                        found.setdefault((identity.__name__, tuple(f.start for f in check.operands)), finding)
    return tuple(sorted(found.values(), key=lambda f: (f.severity == "rounding", f.places[0].start, f.rule)))


def _finding(document: Document, rule: str, check: Check) -> Finding | None:
    """Return the finding for a miss; None where a quotient agrees to the digits that are written."""
    difference = check.found.value - check.expected
    exponent = int(check.found.value.as_tuple().exponent)
    expected = check.expected.quantize(Decimal(1).scaleb(min(exponent, -2))) if rule in _QUOTIENTS else check.expected
    if rule in _QUOTIENTS and check.expected.quantize(Decimal(1).scaleb(exponent)) == check.found.value:
        return None
    severity: Severity = "rounding" if abs(difference) <= check.slack else "error"
    partial = severity == "error" and check.may_be_partial and difference > 0
    difference = check.found.value - expected
    unit = check.found.unit or ""
    message = f"{check.words}：{check.found.label}应为 {expected}{unit}，原文为 {check.found.value}{unit}，相差 {difference}{unit}"
    if rule == "direction_words":
        message = f"{check.words}，但决算数 {check.found.value}{unit}，预算数 {expected}{unit}"
    elif severity == "rounding":
        message += "（末位舍入）"
    elif partial:
        severity, message = "warning", message + "（“其中”之后可能未列全）"
    return Finding(
        rule=rule, severity=severity, message=message, numbers=tuple(str(f.value) for f in check.operands),
        expected=str(expected), found=str(check.found.value), difference=str(difference),
        places=tuple(place_of(document, f) for f in check.operands),
    )  # fmt: skip


def place_of(document: Document, fact: Fact) -> Place:
    """Return where a fact stands."""
    assert fact.start is not None
    assert fact.end is not None
    return Place(fact.start, fact.end, document.line(fact.start), fact.text, fact.label)
