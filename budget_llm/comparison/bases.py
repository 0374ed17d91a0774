"""What a change, a rate or a number of another stage is compared with, and whether the text says so."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from budget_llm.comparison.sides import BUDGET, FINAL, Pair
from budget_llm.facts import Fact
from budget_llm.normal_form import simplify

Doubt = Literal["base", "stage", "initial", "estimate", "restated"]
"""Why a miss may be none: the text does not say which number of last year is meant, or of which stage the number is, or
whether the budget is the initial one; the budget was drawn up before the accounts that it cites were closed; or a balance
may have been adjusted when it was carried over."""


class Base(NamedTuple):
    """The year and stage of the numbers that a change or a rate is taken from, and what the text leaves open."""

    year: int
    stage: str
    doubt: Doubt | None


_NEAR = 60
_YEARS = re.compile(r"20[0-9]{2}[ \u3000]*年度?|上年度?|去年")
# The names of funds hold 预算 as well.
_FUNDS = re.compile(r"(?:一般公共|公共财政|政府性基金|国有资本经营|部门|单位)预算")
_OF_STAGE = {"budget": re.compile("预算"), "final": re.compile("决算|执行|实际")}
_CLAUSE = re.compile("[。；;]")
_GROWS = re.compile("[增减升降涨缩]|提高|幅")
_INITIAL = re.compile("[年期]初")
_BEFORE_RATE = 8


def base_of(pair: Pair, fact: Fact) -> Base | None:
    """Return what a change or rate of the second disclosure is taken from, where the first publishes it, else None."""
    first, second = pair.first, pair.second
    if pair.is_of_years and fact.stage == second.stage:
        doubt: Doubt | None = "estimate" if (second.kind, first.kind) == (BUDGET, FINAL) else None
        if fact.basis == f"prior_{first.stage}":
            return Base(first.year, first.stage, doubt)
        if fact.basis is None and first.kind == second.kind:
            return Base(first.year, first.stage, "base")
    if pair.is_of_one_year and first.kind == BUDGET and fact.stage != BUDGET:
        if fact.basis == "initial_budget":
            return Base(first.year, BUDGET, None if _names_initial(pair, fact) else "initial")
        if fact.basis is None and fact.whole is not None and second.stage == fact.stage:
            return Base(first.year, BUDGET, "initial")
    return None


def _names_initial(pair: Pair, fact: Fact) -> bool:
    """Whether the words before a change, or those of a rate's whole, call the budget the initial one."""
    return _INITIAL.search(simplify((fact.whole or "") + _words(pair, fact))) is not None


def tells_growth(pair: Pair, rate: Fact) -> bool:
    """Whether the words at a rate say that it is one of growth: before it in prose, over it in a table."""
    side = pair.side(rate)
    words = "".join(side.header(rate)) if rate.table is not None else side.before(rate, _BEFORE_RATE)
    return _GROWS.search(simplify(words)) is not None


def doubt_of_stage(pair: Pair, fact: Fact) -> Doubt | None:
    """Return what is not said of a number that the second disclosure states for the first's year and stage."""
    if pair.is_of_years and fact.stage == "final" and pair.second.kind == BUDGET:
        return "estimate"
    words = simplify(_words(pair, fact))
    if pair.is_of_one_year:
        return None if fact.stage != "budget" or _INITIAL.search(words) else "initial"
    named = _OF_STAGE.get(fact.stage or "")
    return None if named and named.search(_FUNDS.sub("", words)) else "stage"


def _words(pair: Pair, fact: Fact) -> str:
    """Return the words that may name the stage of a number: its column's header, else its clause from the year it names."""
    side = pair.side(fact)
    if fact.table is not None:
        title = side.disclosure.original.tables[fact.table].title or ""
        header = "".join(side.header(fact))
        return header if pair.is_of_one_year else header or title
    clause = _CLAUSE.split(side.before(fact, _NEAR))[-1]
    years = list(_YEARS.finditer(clause))
    return clause[years[-1].end() :] if years and pair.is_of_years else clause
