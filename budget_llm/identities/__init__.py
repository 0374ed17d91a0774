"""The accounting identities over the facts: each one function, registered in `IDENTITIES`.

An identity yields a check for each place in which its terms stand: in a section's prose, in a table, or anywhere in the
document. `examine` computes all of them exactly and turns a miss into a Finding: `rounding` where it lies within half a
unit in the last written digit of each term, `error` beyond. A failed identity is reported with its operands and with the
numbers that are likely at fault, never repaired.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import localcontext

from budget_llm.document import Document
from budget_llm.facts import Fact, Finding
from budget_llm.identities.agreements import same_fact
from budget_llm.identities.blame import Blame
from budget_llm.identities.blocks import Sheet, sheet_of
from budget_llm.identities.check import Check, same_check
from budget_llm.identities.findings import finding_of, place_of
from budget_llm.identities.gaps import Gaps
from budget_llm.identities.items import items_of_classes
from budget_llm.identities.kinds import staff_by_kind, vehicles_by_kind
from budget_llm.identities.ratios import (
    completion_rates,
    direction_words,
    execution_rates,
    growth_rates,
    indicator_scores,
    prior_year_change,
    prior_year_rates,
    rates_of_nothing,
)
from budget_llm.identities.sums import (
    basic_and_project,
    change_parts,
    evaluation_total,
    expenditure_parts,
    fiscal_appropriation_parts,
    function_parts,
    income_parts,
    indicator_weights,
    operating_items,
    personnel_and_public,
    procurement_parts,
    small_firms,
    three_public_changes,
    three_public_parts,
    vehicle_parts,
)
from budget_llm.identities.table_columns import (
    code_hierarchy,
    function_classes,
    parts_within,
    staff_classes,
    table_sublists,
    table_totals,
)
from budget_llm.identities.table_rows import row_changes, row_rates, row_scores, row_splits, row_totals
from budget_llm.identities.throughout import (
    changes_between_years,
    income_equals_expenditure,
    project_budgets,
    projects_covered,
    three_public_items,
)
from budget_llm.identities.wholes import share_totals, shares
from budget_llm.ordered import start_of
from budget_llm.statements import Statement, statements

__all__ = ["IDENTITIES", "Examination", "check_identities", "examine", "place_of"]

_TWO, _PRECISION = 2, 40
# What prose says in an order, by verbs and by words around the numbers.
_OF_PROSE: tuple[Callable[[Statement], Iterator[Check]], ...] = (
    income_parts, expenditure_parts, fiscal_appropriation_parts, function_parts, operating_items, vehicles_by_kind, staff_by_kind, small_firms,
    shares, share_totals, growth_rates, rates_of_nothing, completion_rates, execution_rates, change_parts, prior_year_change, prior_year_rates, direction_words,
)  # fmt: skip
# What holds wherever one statement names the terms, in prose or in a table.
_OF_STATEMENTS: tuple[Callable[[Statement], Iterator[Check]], ...] = (
    basic_and_project, personnel_and_public, three_public_parts, vehicle_parts, procurement_parts,
    three_public_changes, indicator_scores, indicator_weights, evaluation_total,
)  # fmt: skip
_OF_TABLES: tuple[Callable[[Sheet], Iterator[Check]], ...] = (
    code_hierarchy, table_totals, table_sublists, parts_within, row_totals, row_splits, row_changes, row_rates, row_scores, staff_classes,
    function_classes,
)  # fmt: skip
_OF_DOCUMENTS: tuple[Callable[[Document, Sequence[Fact]], Iterator[Check]], ...] = (
    income_equals_expenditure, same_fact, items_of_classes, changes_between_years, three_public_items, project_budgets, projects_covered,
)  # fmt: skip

IDENTITIES: tuple[Callable[..., Iterator[Check]], ...] = (*_OF_PROSE, *_OF_STATEMENTS, *_OF_TABLES, *_OF_DOCUMENTS)
"""Every identity that is checked: in prose, in statements, in tables, throughout the document; a test proves that none is left out."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What the identities say of a document's facts: the findings, and by the place of each number what holds with it and what fails."""

    findings: tuple[Finding, ...]
    supported: dict[int, tuple[str, ...]]
    contradicted: dict[int, tuple[str, ...]]


def check_identities(document: Document, facts: Iterable[Fact], unread: Sequence[int] = ()) -> tuple[Finding, ...]:
    """Return the findings of every identity over the facts that the document holds, each miss once."""
    return examine(document, facts, unread).findings


def examine(document: Document, facts: Iterable[Fact], unread: Sequence[int] = ()) -> Examination:
    """Return what every identity says over the facts that the document holds.

    `unread` are the offsets of amounts that no fact explains, in order: no sum is asserted over a list that holds one.
    """
    placed = [f for f in facts if f.start is not None and not f.value.is_nan()]
    with localcontext(prec=_PRECISION + max((len(f.text) for f in placed), default=0)):  # what is written is never cut
        return _examined(document, placed, unread)


def _examined(document: Document, placed: Sequence[Fact], unread: Sequence[int]) -> Examination:
    named = tuple(_distinct(_checks(document, placed, unread)))
    checks = [check for _, check in named]
    blame = Blame(checks)
    found: list[Finding] = []
    supported: dict[int, dict[str, None]] = defaultdict(dict)
    contradicted: dict[int, dict[str, None]] = defaultdict(dict)
    for number, (rule, check) in enumerate(named):
        if check.is_assumed and not check.holds and blame.best(number) <= 0:
            continue  # both numbers are what other identities ask for: they are two facts
        if not check.holds or check.form != "order":  # that a number is not too large speaks little for it
            side = supported if check.holds else contradicted
            for fact in check.operands:
                side[start_of(fact)][rule] = None
        if not check.is_exact:
            suspects = () if check.holds else blame.suspects(number)
            is_pair = check.is_assumed and len(check.operands) == _TWO
            turned = is_pair and suspects and suspects[0] is not check.found  # the number in doubt is found
            told = same_check(suspects[0], check.found) if turned else check
            found.append(finding_of(document, rule, told, suspects))
    return Examination(
        tuple(sorted(found, key=lambda f: (f.severity == "rounding", f.places[0].start, f.rule))),
        {start: tuple(rules) for start, rules in supported.items()},
        {start: tuple(rules) for start, rules in contradicted.items()},
    )


def _checks(document: Document, facts: Sequence[Fact], unread: Sequence[int]) -> Iterator[tuple[str, Check]]:
    """Yield every check with the name of its identity."""
    for statement in statements(document, facts, unread):
        for identity in _OF_STATEMENTS if statement.table is not None else (*_OF_PROSE, *_OF_STATEMENTS):
            for check in identity(statement):
                if not (check.is_listed and statement.has_gap(check.found, check.operands[1:])):
                    yield identity.__name__, check
    in_tables: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.table is not None:
            in_tables[fact.table].append(fact)
    for number, own in in_tables.items():
        sheet = sheet_of(document.tables[number], number, own)
        gaps = Gaps(document, document.tables[number], own, unread)
        for of_table in _OF_TABLES:
            is_list = of_table in (table_totals, table_sublists)
            checks = (check for check in of_table(sheet) if check.holds or not gaps.may_lack(check, is_list=is_list))
            yield from ((of_table.__name__, check) for check in checks)
    for throughout in _OF_DOCUMENTS:
        yield from ((throughout.__name__, check) for check in throughout(document, facts))


def _distinct(named: Iterable[tuple[str, Check]]) -> Iterator[tuple[str, Check]]:
    """Yield the checks, one for each set of operands: a sum may be told by the codes and by the table's form."""
    seen: set[tuple[object, ...]] = set()
    for rule, check in named:
        key = (check.form, frozenset(start_of(fact) for fact in check.operands))
        if key not in seen:
            seen.add(key)
            yield rule, check
