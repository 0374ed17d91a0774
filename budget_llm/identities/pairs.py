"""The two numbers that a rate, a change or a word of prose compares: budget and final amount, this year and last year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from budget_llm.facts import Fact
from budget_llm.lexicon import words
from budget_llm.ordered import end_of, start_of
from budget_llm.statements import Statement, same_item

Pair = tuple[Fact, Fact]

_NEAR = 160
# A line or page may end anywhere in these words.
_DIRECTION = re.compile(
    re.sub(
        "([\u4e00-\u9fff])(?=[\u4e00-\u9fff(])",
        r"\1\\s{0,4}",
        r"决算数?(?P<word>大于|小于|等于)(?P<base>年初|全年|调整)?预算|决算数?与(?P<same_base>年初|全年|调整)?预算数?(?P<nearly>基本)?持平",
    )
)
# An amount that no fact tells of stands between the last one and the words.
_AMOUNT = re.compile(r"[0-9]\s{0,4}[万亿千]?元")
_COMPARED = re.compile(r"[^，。；,;]{0,6}(?:相比|对比|相较)")
_BEFORE_RATE, _LONGEST_UNIT = 8, 4


def directions(statement: Statement) -> Iterator[tuple[Fact, Fact, str]]:
    """Yield budget, final and the word for each 决算数大于预算数 of the section, with the amounts before it."""
    if statement.stage != "final" or not statement.facts:
        return
    own = list(statement.facts)
    for found in _DIRECTION.finditer(statement.document.text, start_of(own[0]), end_of(own[-1]) + _NEAR):
        near = statement.facts.between(found.start() - _NEAR, found.start())
        before = [f for f in near if f.measure == "amount" and end_of(f) <= found.start()]
        base = _plain(found["base"] or found["same_base"])
        if not before or found["nearly"]:  # 基本持平: nearly the same
            continue
        if _AMOUNT.search(statement.document.text, end_of(before[-1]) + _LONGEST_UNIT, found.start()):
            continue
        initial, adjusted = (
            _last_pair(statement, before[-1], basis, found.start()) for basis in ("initial_budget", "adjusted_budget")
        )
        if base is None and initial and adjusted:  # which of two budgets is meant is not said
            continue
        pair = adjusted if base in ("全年", "调整") else initial
        if pair:
            yield *pair, _plain(found["word"]) or "持平"


def _plain(words: str | None) -> str | None:
    return "".join(words.split()) if words else None


def budget_and_final(statement: Statement, rate: Fact) -> Pair | None:
    """Return the budget and the final figure that a completion rate compares."""
    if rate.whole is None or "预算" not in rate.whole:
        return None
    return _last_pair(statement, rate, rate.basis, start_of(rate))


def executed(statement: Statement, rate: Fact) -> Pair | None:
    """Return the budget (adjusted, else initial) and the final amount of one item just before an execution rate."""
    at = start_of(rate)
    near = [
        f for f in statement.section_facts.between(at - _NEAR, at) if f.measure == "amount" and f.period == rate.period
    ]
    final = [f for f in near if f.stage == "final"]
    if not final:
        return None
    same = [f for f in near if f.scope == final[-1].scope and same_item(f, final[-1]) and f.unit == final[-1].unit]
    adjusted = [f for f in same if f.stage == "adjusted_budget"] or [f for f in same if f.stage == "budget"]
    return (adjusted[-1], final[-1]) if adjusted else None


def _last_pair(statement: Statement, fact: Fact, basis: str | None, position: int) -> Pair | None:
    """Return the last budget and final amounts of a fact's item before a position."""
    stage = "adjusted_budget" if basis == "adjusted_budget" else "budget"
    near = [
        f
        for f in statement.section_facts.between(position - _NEAR, position)
        if f.measure == "amount" and f.period == fact.period and same_item(f, fact)
    ]
    budget = [f for f in near if f.stage == stage]
    final = [f for f in near if f.stage == "final"]
    return (budget[-1], final[-1]) if budget and final else None


def with_prior(statement: Statement) -> Iterator[tuple[Fact, Fact, Fact]]:
    """Yield change, current and prior amounts of one item where the text states all three together."""
    for change in statement.of_measure("change"):
        if change.basis not in ("initial_budget", "adjusted_budget"):
            pair = _this_and_last_year(statement, change)
            if pair and pair[0].unit == change.unit:
                yield change, *pair


def rates_with_prior(statement: Statement) -> Iterator[tuple[Fact, Fact, Fact]]:
    """Yield growth rate, current and prior amounts of one item where the text states the three and no change."""
    for rate in statement.of_measure("rate"):
        if rate.whole is None and rate.basis not in ("initial_budget", "adjusted_budget") and grows(statement, rate):
            pair = _this_and_last_year(statement, rate)
            if pair and pair[1].value and not _tells_change(statement, rate, pair):
                yield rate, *pair


def grows(statement: Statement, rate: Fact) -> bool:
    """Whether the word before a rate says that it is one of growth."""
    before = statement.document.text[max(0, start_of(rate) - _BEFORE_RATE) : start_of(rate)]
    return any(word in before for word in (*words().up, *words().down))


def _tells_change(statement: Statement, fact: Fact, others: Pair) -> bool:
    """Whether the text between a fact and others of its item tells by how much they differ."""
    places = [start_of(f) for f in (fact, *others)]
    between = statement.section_facts.between(min(places), max(places))
    return any(f.measure == "change" and same_item(f, fact) for f in between)


def _this_and_last_year(statement: Statement, fact: Fact) -> Pair | None:
    """Return the only amount of a fact's item and year near it, and that of the year before with which it is compared.

    A text may compare with two: 与2023年预算相比减少5万元，与2023年执行数30万元相比增加2万元. Last year's amount goes with
    the change or rate that follows it first, else with the last one before it.
    """
    at = start_of(fact)
    item = [f for f in statement.section_facts.between(at - _NEAR, at + _NEAR) if same_item(f, fact)]
    near = [f for f in item if f.measure == "amount" and f.scope == fact.scope]
    current = _one(f for f in near if f.period == fact.period and f.stage == fact.stage)
    prior = _one(f for f in near if isinstance(fact.period, int) and f.period == fact.period - 1)
    if not current or not prior or current.unit != prior.unit:
        return None
    if start_of(prior) > at and _COMPARED.match(statement.document.text, end_of(prior)):
        return None  # it is what the next number compares with
    told = [f for f in item if f.measure == fact.measure and f.period == fact.period]
    behind = [f for f in told if start_of(f) > start_of(prior)]
    meant = behind[0] if behind else told[-1]
    return (current, prior) if meant is fact else None


def _one(facts: Iterable[Fact]) -> Fact | None:
    """Return the first of facts that all state one number, None where they differ or there is none."""
    found = list(facts)
    return found[0] if found and all(fact.value == found[0].value for fact in found) else None
