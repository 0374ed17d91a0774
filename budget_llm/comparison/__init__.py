"""Two disclosures of one body compared: a year with the next, a budget with its accounts, one publication with another.

Numbers are compared where both disclosures state the same fact; what one of them states twice and differently is left
out. A base that the text does not name makes a miss a warning, and where most numbers differ that is said once. The
comparison is computed over checked facts alone: no model is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from budget_llm.comparison.bodies import may_be_one, name_of
from budget_llm.comparison.findings import different_bodies, findings_of, nothing_to_compare
from budget_llm.comparison.rules import COMPARISONS, Compared
from budget_llm.comparison.sides import Pair, pair_of
from budget_llm.disclosure import Disclosure
from budget_llm.errors import InputError
from budget_llm.facts import Finding, Language
from budget_llm.languages import check_language
from budget_llm.ordered import start_of

__all__ = ["Comparison", "compare", "comparison_of"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two disclosures in their order, in how many ways their numbers were compared, and what was found."""

    pair: Pair
    compared: int
    findings: tuple[Finding, ...]


def compare(a: Disclosure, b: Disclosure, *, language: Language = "zh") -> tuple[Finding, ...]:
    """Return what does not agree between two disclosures of one body, given in either order.

    A year is compared with the next, a budget with the final accounts or the self-evaluation of its year, and two
    publications of one year and kind with each other. The places of a finding name their document; `language` is that
    of the messages, "zh" or "en". Two names of bodies are a warning (`different_bodies`), as are disclosures of another
    scope (`base_differs`) and such as have no number in common (`nothing_to_compare`).

    Raises InputError for what is no Disclosure, for one document twice, for years that do not follow each other, and
    for two bodies without a number in common.
    """
    check_language(language)
    return tuple(finding.told_in(language) for finding in comparison_of(a, b).findings)


def comparison_of(a: Disclosure, b: Disclosure) -> Comparison:
    """Return what `compare` finds, with the disclosures in their order and the number of comparisons."""
    pair = pair_of(a, b)
    named = tuple(_distinct(pair))
    names = name_of(pair.first.disclosure), name_of(pair.second.disclosure)
    is_one = may_be_one(*names)
    if not named and not is_one:
        raise InputError(
            f"{pair.first.name} and {pair.second.name}: expected two disclosures of one body, found {names[0]} and {names[1]} "
            "without a number in common; give those of one body"
        )
    findings = findings_of(pair, named) if named else (nothing_to_compare(pair),)
    return Comparison(pair, len(named), findings if is_one else (different_bodies(pair, names), *findings))


def _distinct(pair: Pair) -> Iterator[tuple[str, Compared]]:
    """Yield every comparison with the name of its rule, one for each set of numbers."""
    seen: set[tuple[object, ...]] = set()
    for rule in COMPARISONS:
        for compared in rule(pair):
            check = compared.check
            key = (check.form, frozenset(start_of(fact) for fact in check.operands))
            if key not in seen:
                seen.add(key)
                yield rule.__name__, compared
