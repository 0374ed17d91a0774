"""Identities throughout a document: income and expenditure, basic expenditure and three public expenses, projects and their sum."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from budget_llm.document import Document
from budget_llm.facts import Fact
from budget_llm.identities.check import Check, at_most, same_check, sum_check, unit_factor
from budget_llm.identities.slips import explained_by_slip, is_slip
from budget_llm.normal_form import normalise
from budget_llm.ordered import commensurable, start_of

_PUBLIC_MONEY = frozenset({"fiscal", "general_public_budget"})
# In how many tables a change of the prose is looked for, so that a text of many copies costs no more than they do.
_MOST_TABLES = 12
_FEWEST_PROJECTS, _SENTENCE = 2, 60
_ALL_PROJECTS = re.compile(r"项目支出?(?:均|全部)[^。\n]{0,50}$")
_ALL_OF_THEM = re.compile(r"(?:均|全部|所有|全面)[^。\n]{0,50}$")
# What an item of the economic classification is a part of: the expenditure of the whole year, whatever pays for it.
_WITHIN = {
    "30212": "three_public.abroad", "30217": "three_public.reception", "30231": "three_public.vehicle_operation",
    "31013": "three_public.vehicle_purchase",
}  # fmt: skip


def income_equals_expenditure(document: Document, facts: Sequence[Fact]) -> Iterator[Check]:
    """收入总计 = 支出总计, and so their changes: first against first in the prose, and in every table of both."""
    firsts: dict[tuple[object, ...], dict[str, Fact]] = defaultdict(dict)
    for fact in facts:
        if fact.concept in ("income.total", "expenditure.total") and _is_whole(fact):
            key = (fact.table, fact.measure, fact.basis, fact.scope, fact.period, fact.stage)
            firsts[key].setdefault(fact.concept, fact)
    for (_, _, _, _, _, stage), both in firsts.items():
        if len(both) == 2:
            income, expenditure = both["income.total"], both["expenditure.total"]
            named = all("总" in fact.label for fact in both.values())
            if any(normalise(fact.label).endswith("小计") for fact in both.values()):
                continue  # what is carried stands beside it
            if commensurable(income, expenditure) and (stage != "final" or named):
                yield sum_check(expenditure, (income,))


def _is_whole(fact: Fact) -> bool:
    return fact.measure in ("amount", "change") and fact.code is None and fact.split is None and not fact.also


def three_public_items(document: Document, facts: Sequence[Fact]) -> Iterator[Check]:
    """30212 <= 因公出国（境）费, 30217 <= 公务接待费, 30231 <= 公务用车运行维护费, 31013 <= 公务用车购置费: a part of basic expenditure."""
    wholes: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.concept.startswith("three_public.") and fact.measure == "amount":
            wholes[fact.concept, fact.period, fact.stage].append(fact)
    for fact in facts:
        concept = _WITHIN.get(fact.code or "") if fact.concept == "expenditure.economic" else None
        stated = wholes.get((concept, fact.period, fact.stage), []) if concept and fact.measure == "amount" else []
        same = [whole for whole in stated if commensurable(whole, fact)]
        if (
            same
            and fact.scope in _PUBLIC_MONEY
            and all(same[0].value * unit_factor(same[0], whole) == whole.value for whole in same)
        ):
            yield at_most(fact, same[0])


def project_budgets(document: Document, facts: Sequence[Fact]) -> Iterator[Check]:
    """项目支出均实行绩效管理、涉及的金额 = Σ of the projects whose targets are published, each counted once."""
    named: dict[str, Fact] = {}
    for fact in facts:
        if fact.concept == "performance.project_budget" and fact.stage == "budget" and fact.table is not None:
            known = named.setdefault(normalise(fact.label), fact)
            if known is not fact and known.value != fact.value * unit_factor(fact, known):
                return
    for covered in facts:
        if (
            covered.concept == "performance.covered_amount"
            and covered.stage == "budget"
            and len(named) >= _FEWEST_PROJECTS
        ):
            before = document.text[max(0, start_of(covered) - _SENTENCE) : start_of(covered)]
            own = [fact for fact in named.values() if fact.period == covered.period and commensurable(fact, covered)]
            if _ALL_OF_THEM.search(before) and len(own) == len(named):
                yield sum_check(covered, own)


def projects_covered(document: Document, facts: Sequence[Fact]) -> Iterator[Check]:
    """项目支出均实行绩效管理、涉及的一般公共预算 = 一般公共预算项目支出, where the two numbers are as good as one."""
    spent = {(f.scope, f.period): f for f in reversed(facts) if f.concept == "expenditure.project" and _is_budgeted(f)}
    for covered in facts:
        project = spent.get((covered.scope, covered.period))
        if covered.concept == "performance.covered_amount" and project and _is_budgeted(covered):
            before = document.text[max(0, start_of(covered) - _SENTENCE) : start_of(covered)]
            check = same_check(covered, project) if commensurable(covered, project) else None
            same = check is not None and (check.holds or is_slip(covered.value, check.expected))
            if check is not None and same and _ALL_PROJECTS.search(before):
                yield check


def _is_budgeted(fact: Fact) -> bool:
    return fact.measure == "amount" and fact.stage == "budget" and fact.split is None


def changes_between_years(document: Document, facts: Sequence[Fact]) -> Iterator[Check]:
    """增减额 told in prose = this year's number - last year's, which a table states side by side.

    Where a section and a table agree in no such change, only a miss that a slip of the pen explains is told.
    """
    told: dict[tuple[object, ...], dict[int, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        if fact.table is not None and fact.measure == "amount" and isinstance(fact.period, int):
            told[_item(fact)][fact.table].append(fact)
    by_place: dict[tuple[int, int], list[Check]] = defaultdict(list)
    for change in facts:
        if change.table is not None or change.measure != "change" or not isinstance(change.period, int):
            continue
        for table, stated in islice(told.get(_item(change), {}).items(), _MOST_TABLES):
            now = [fact for fact in stated if fact.period == change.period]
            before = [fact for fact in stated if fact.period == change.period - 1]
            if len(now) == len(before) == 1 and _compares(change, now[0], before[0]):
                by_place[change.section, table].append(sum_check(change, (now[0], before[0]), signs=(1, -1)))
    for checks in by_place.values():
        held = sum(check.holds for check in checks)
        trusted = held and 2 * held >= len(checks)
        yield from (replace(c, is_assumed=True) for c in checks if c.holds or trusted or explained_by_slip(c))


def _item(fact: Fact) -> tuple[object, ...]:
    return (
        fact.concept,
        fact.code,
        None if fact.code else normalise(fact.label) if fact.concept == "other" else None,
        fact.scope,
        fact.split,
    )


def _compares(change: Fact, now: Fact, before: Fact) -> bool:
    """Whether a change may be told between two amounts: of its stage, and against the base that it names."""
    base = {"prior_budget": "budget", "prior_final": "final"}.get(change.basis or "", before.stage)
    return (
        now.stage == change.stage
        and before.stage == base
        and commensurable(change, now)
        and commensurable(change, before)
    )
