"""Identities along the rows of a table: a total column and its parts, years and changes, amounts and rates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.facts import Fact
from budget_llm.identities.blocks import Block, Line, Sheet
from budget_llm.identities.check import Check, at_most, growth_check, ratio_check, sum_check, years_check
from budget_llm.ordered import commensurable

_TOTAL = re.compile(r"合计|总计|小计|总额|总数|共计|预算数?$|决算数?$|执行数?$|金额$|本年支出|本年收入|资金总额")
# No form has more; all runs of columns are tried, which costs their number to the third.
_FEWEST_COLUMNS, _MOST_COLUMNS = 3, 40
_SPLIT = frozenset({"expenditure.function", "expenditure.economic"})
_SPLIT_TOTALS = {
    "expenditure.total": "whole", "expenditure.current_year": "whole", "expenditure.basic": "basic", "expenditure.project": "project",
    "expenditure.personnel": "personnel", "expenditure.public": "public",
}  # fmt: skip


def row_totals(sheet: Sheet) -> Iterator[Check]:
    """合计 column = Σ of the columns behind it (基本 + 项目 + …, the funds), in every row of a table.

    Which columns a total sums up is what its header, the facts and most of the rows say.
    """
    for block in sheet.blocks:
        for equation in _equations(block):
            for line in block.lines:
                check = _along(line, equation)
                if check is not None:
                    yield check


def row_changes(sheet: Sheet) -> Iterator[Check]:
    """增减额 column = this year's column - last year's, in every row of a table."""
    for line in _lines(sheet):
        for change in line.facts.values():
            pair = _years(line, change) if change.measure == "change" else None
            if pair:
                yield sum_check(change, pair, signs=(1, -1))


def row_rates(sheet: Sheet) -> Iterator[Check]:
    """增减% column = change / last year's column, 执行率 or 完成% = 执行数 / 预算数, in every row of a table."""
    for line in _lines(sheet):
        for rate in line.facts.values():
            if rate.measure == "rate" and rate.unit == "%":
                yield from _rate(line, rate)


def row_splits(sheet: Sheet) -> Iterator[Check]:
    """An item's expenditure = basic + project (+ reserve), basic = personnel + public, in every row that states nothing else."""
    for line in _lines(sheet):
        by_stage: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
        for fact in line.facts.values():
            if fact.measure == "amount":
                by_stage[fact.scope, fact.period, fact.stage].append(fact)
        for own in by_stage.values():
            roles = {_role(fact): fact for fact in own}
            if not line.gaps and len(roles) == len(own) and None not in roles:
                yield from _split_checks(roles)


def _role(fact: Fact) -> str | None:
    """Return what part of an item's expenditure a fact is; "whole" for all of it, None for anything else."""
    if fact.concept in _SPLIT:
        return fact.split or "whole"
    return _SPLIT_TOTALS.get(fact.concept) if fact.split is None else None


def _split_checks(roles: Mapping[str | None, Fact]) -> Iterator[Check]:
    """Yield the checks of an item and of its basic expenditure against the columns into which they are split."""
    staff = [roles[name] for name in ("personnel", "public") if name in roles]
    if "basic" in roles and len(staff) == 2:
        yield sum_check(roles["basic"], staff)
    spent = [roles["basic"]] if "basic" in roles else staff
    rest = [roles[name] for name in ("project", "reserve") if name in roles]
    if spent and rest and "whole" in roles:
        yield sum_check(roles["whole"], [*spent, *rest])


def row_scores(sheet: Sheet) -> Iterator[Check]:
    """得分 <= 权重 (分值), in every row of an indicator table."""
    for block in sheet.blocks:
        for line in block.lines:
            scores = [f for f in line.facts.values() if f.concept == "indicator.score"]
            weights = [f for f in line.facts.values() if f.concept == "indicator.weight"]
            if len(scores) == len(weights) == 1:
                yield at_most(scores[0], weights[0])


def _lines(sheet: Sheet) -> Iterator[Line]:
    return (line for block in sheet.blocks for line in block.lines if len(line.facts) >= _FEWEST_COLUMNS)


def _rate(line: Line, rate: Fact) -> Iterator[Check]:
    """Yield the check of a rate in a line: of growth where a change or last year stands there, else of execution."""
    amounts = [f for f in line.facts.values() if f.measure == "amount"]
    pair = _years(line, rate)
    changes = [f for f in line.facts.values() if f.measure == "change" and f.period == rate.period]
    if pair and pair[1].value:
        current, prior = pair
        if len(changes) == 1 and commensurable(changes[0], current):
            check = growth_check(rate, changes[0], current)
            yield from (check,) if check else ()
        elif not changes and rate.basis not in ("initial_budget", "adjusted_budget") and rate.whole is None:
            yield years_check(rate, current, prior)
        return
    final = [f for f in amounts if f.stage == "final" and f.period == rate.period]
    for stage in ("adjusted_budget", "budget"):
        budget = [f for f in amounts if f.stage == stage and f.period == rate.period]
        if len(final) == len(budget) == 1:
            if budget[0].value and commensurable(final[0], budget[0]):
                yield ratio_check(rate, final[0], budget[0])
            return


def _years(line: Line, fact: Fact) -> tuple[Fact, Fact] | None:
    """Return this year's and last year's amount of a line, where there is just one of each."""
    if not isinstance(fact.period, int):
        return None
    amounts = [f for f in line.facts.values() if f.measure == "amount" and f.split == fact.split]
    current = [f for f in amounts if f.period == fact.period]
    prior = [f for f in amounts if f.period == fact.period - 1]
    if len(current) != 1 or len(prior) != 1 or not commensurable(current[0], prior[0]):
        return None
    return current[0], prior[0]


@dataclass(frozen=True, slots=True)
class _Equation:
    """A column and those that it sums up, by their numbers."""

    total: int
    parts: tuple[int, ...]


def _along(line: Line, equation: _Equation) -> Check | None:
    """Return the check of an equation in a line; None where a term is unread, or there is nothing to add."""
    total = line.facts.get(equation.total)
    if total is None or any(column in line.gaps for column in equation.parts):
        return None
    parts = [line.facts[column] for column in equation.parts if column in line.facts]
    return sum_check(total, parts) if parts and all(commensurable(part, total) for part in parts) else None


def _equations(block: Block) -> Iterator[_Equation]:
    """Yield which columns sum up which, innermost first; the parts of a sum stand for themselves no more."""
    columns = [column for column in block.columns if _is_amount(block, column)][:_MOST_COLUMNS]
    while len(columns) >= _FEWEST_COLUMNS:
        found = _best(block, columns)
        if found is None:
            return
        yield found
        columns = [column for column in columns if column not in found.parts]


def _is_amount(block: Block, column: int) -> bool:
    """Whether a column holds amounts that may be parts of a sum: what stands under 其中 is in another column already."""
    first = next((fact for _, fact in block.filled(column)), None)
    return first is not None and first.measure == "amount" and "其中" not in block.headers[column]


def _best(block: Block, columns: Sequence[int]) -> _Equation | None:
    """Return the best founded sum among the columns: the last total first, so that a group's own sum comes before that of the groups.

    Of several for one total that which fails in the fewest rows, then the shortest.
    """
    rows = _scaled(block, columns)
    found: list[tuple[int, int, int, _Equation]] = []
    for place, column in enumerate(columns):
        for run in _runs(columns, place):
            failed = _failures(block, rows, column, run)
            if failed is not None:
                found.append((-place, failed, len(run), _Equation(column, tuple(run))))
    return min(found, key=lambda item: item[:3])[3] if found else None


def _runs(columns: Sequence[int], place: int) -> Iterator[Sequence[int]]:
    """Yield the runs of two columns or more that a column may sum up: behind it, or, where it is the last, before it."""
    for end in range(len(columns), place + 2, -1):
        yield columns[place + 1 : end]
    if place == len(columns) - 1:
        for start in range(place - 1):
            yield columns[start:place]


_Row = dict[int, int]


def _scaled(block: Block, columns: Sequence[int]) -> list[tuple[_Row, frozenset[int]]]:
    """Return the rows as whole numbers of the smallest written digit, for speed, with the columns left unread."""
    finest = min((int(f.value.as_tuple().exponent) for line in block.lines for f in line.facts.values()), default=0)
    scale = Decimal(1).scaleb(-min(finest, 0))
    wanted = set(columns)
    return [
        ({c: int(f.value * scale) for c, f in line.facts.items() if c in wanted}, line.gaps)
        for line in block.lines
        if len(line.facts) >= 2
    ]


def _failures(block: Block, rows: Sequence[tuple[_Row, frozenset[int]]], total: int, run: Sequence[int]) -> int | None:
    """Return in how many rows a sum fails that is well founded by the others, None for one that is not.

    In a row with two parts or more no sum holds by chance; a header that says 合计 lets one such row do, and a few fail.
    Every part must stand in some row in which the sum holds.
    """
    held = strong = failed = 0
    used: set[int] = set()
    for row, gaps in rows:
        if total not in row or any(column in gaps for column in run):
            continue
        parts = [column for column in run if row.get(column)]
        if abs(row[total] - sum(row[column] for column in parts)) <= len(parts):
            held += 1
            strong += len(parts) >= 2
            used.update(parts)
        else:
            failed += 1
    named = _TOTAL.search(block.headers[total]) is not None
    if strong < (1 if named else 2) or failed > max(1, held // 3) or strong < failed:
        return None
    return failed if used == {c for c in run if any(row.get(c) for row, _ in rows)} else None
