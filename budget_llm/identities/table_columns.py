"""Identities down the columns of a table: classes and their items, totals and what they sum up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from budget_llm.facts import Fact
from budget_llm.identities.blocks import Block, Line, Sheet
from budget_llm.identities.check import Check, at_most, sum_check
from budget_llm.identities.slips import is_slip
from budget_llm.identities.table_lists import Summed, summed_up
from budget_llm.ordered import commensurable, level_of, start_of

# A total that is one part of two numbers, or one of three, holds by no chance.
_LEAST_STRENGTH = 2
_OF_SPLIT = {"expenditure.personnel": "personnel", "expenditure.public": "public"}
_SPENT = ("expenditure.current_year", "expenditure.total")
_ADDED = frozenset({"amount", "change", "count"})


def code_hierarchy(sheet: Sheet) -> Iterator[Check]:
    """类 = Σ 款, 款 = Σ 项, in every column of a table by classification codes."""
    checks = [check for group in _coded(sheet) for check in _parents(group)]
    yield from _plausible(checks)


def table_totals(sheet: Sheet) -> Iterator[Check]:
    """合计 = Σ of the lines that it sums up, 总计 = 本年合计 + what is carried, in every column of a table."""
    for block in sheet.blocks:
        for summed in summed_up(block):
            yield from _total_checks(block, summed)


def table_sublists(sheet: Sheet) -> Iterator[Check]:
    """一、 = Σ （一）…, where the numbering of a table's lines tells what belongs to what; the lines of a classification excepted."""
    for block in sheet.blocks:
        checks: list[Check] = []
        for place, line in enumerate(block.lines):
            if line.depth is None or line.path or line.is_total:
                continue
            parts = _deeper(block.lines, place)
            if len(parts) >= 2 and not any(part.is_inner for part in parts):
                checks += _down(block, line, parts)
        if any(check.holds and len(check.operands) > 2 for check in checks):
            yield from _plausible(checks)


def parts_within(sheet: Sheet) -> Iterator[Check]:
    """其中 <= the line above it: a part does not exceed its whole."""
    for block in sheet.blocks:
        whole: Line | None = None
        checks: list[Check] = []
        for line in block.lines:
            if not line.is_inner:
                whole = line
            elif whole is not None:
                for column, fact in line.facts.items():
                    bound = whole.facts.get(column)
                    if bound is not None and fact.measure == bound.measure == "amount" and commensurable(fact, bound):
                        checks.append(at_most(fact, bound))
        if sum(check.holds for check in checks) > sum(not check.holds for check in checks):
            yield from checks


def staff_classes(sheet: Sheet) -> Iterator[Check]:
    """人员经费 = 301 + 303, 公用经费 = 302 + 307 + 309…399, in a table of the economic classification that names the sums."""
    for split in ("personnel", "public"):
        totals = [f for f in sheet.facts if f.concept == f"expenditure.{split}" and f.measure == "amount"]
        for total in totals:
            own = [f for f in sheet.facts if f.split == split and f.concept == "expenditure.economic"]
            classes = [f for f in own if len(f.code or "") == 3 and (f.period, f.stage) == (total.period, total.stage)]
            codes = {f.code for f in classes}
            if len(totals) == 1 and classes and len(codes) == len(classes):
                yield sum_check(total, classes)


def function_classes(sheet: Sheet) -> Iterator[Check]:
    """本年支出 (支出合计) = Σ 类 of the functional classification, where the total stands in a column of its own."""
    totals: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in sheet.facts:
        if fact.concept in _SPENT and _is_whole(fact) and not fact.code:
            totals[fact.concept, fact.scope, fact.period, fact.stage].append(fact)
    for block in sheet.blocks:
        lines = [line for line in block.lines if line.facts]
        if any(line.is_total for line in lines):
            continue
        classes: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
        for line in lines:
            for fact in line.facts.values():
                if fact.concept == "expenditure.function" and _is_whole(fact) and level_of(fact) == 1:
                    classes[fact.scope, fact.period, fact.stage].append(fact)
        numbered = all(line.depth is not None or line.code for line in lines if not line.is_head)
        for statement, own in classes.items():
            yield from _against_totals(own, [totals[concept, *statement] for concept in _SPENT], sure=numbered)


def _is_whole(fact: Fact) -> bool:
    return fact.measure == "amount" and fact.split is None


def _against_totals(own: Sequence[Fact], totals: Sequence[Sequence[Fact]], *, sure: bool) -> Iterator[Check]:
    """Yield the check of classes, each named once, against the first total that the table states."""
    stated = next((total for total in totals if total), ())
    named = {fact.code or fact.label for fact in own}
    if stated and len(own) >= 2 and len(named) == len(own) and all(fact.value == stated[0].value for fact in stated):
        check = sum_check(stated[0], own)
        if check.holds or sure or is_slip(stated[0].value, check.expected):
            yield check


def _coded(sheet: Sheet) -> Iterator[list[tuple[tuple[str, ...], Fact]]]:
    """Yield the classified facts of each column in order; a list that goes on in the block beside it is one column."""
    groups: dict[tuple[object, ...], list[tuple[tuple[str, ...], Fact]]] = defaultdict(list)
    classified = [block for block in sheet.blocks if sum(1 for line in block.lines if line.path) >= 2]
    for block in classified:
        for number, column in enumerate(block.columns):
            facts = [(line.path, fact) for line, fact in block.filled(column) if line.path and fact.measure in _ADDED]
            if facts and not any(column in line.gaps for line in block.lines):
                first = facts[0][1]
                like = (number, first.concept, first.scope, first.period, first.stage)
                groups[like if len(classified) > 1 else (column,)] += facts
    yield from groups.values()


def _parents(items: Sequence[tuple[tuple[str, ...], Fact]]) -> Iterator[Check]:
    """Yield the check of every classified fact that others of the same column stand under."""
    children: dict[int, list[Fact]] = defaultdict(list)
    by_path = dict(items)
    above: list[tuple[tuple[str, ...], Fact]] = []
    for path, fact in items:
        if len(by_path) == len(items):
            parent = next((by_path[path[:n]] for n in range(len(path) - 1, 0, -1) if path[:n] in by_path), None)
        else:  # one code in several places: what stands under it follows it
            while above and (len(path) <= len(above[-1][0]) or path[: len(above[-1][0])] != above[-1][0]):
                above.pop()
            parent = above[-1][1] if above else None
            above.append((path, fact))
        if parent is not None:
            children[start_of(parent)].append(fact)
    for _, fact in items:
        under = children.get(start_of(fact))
        if under and all(commensurable(fact, child) for child in under):
            yield sum_check(fact, under)


def _plausible(checks: Sequence[Check]) -> Iterator[Check]:
    """Yield the checks; only those that hold where most fail: then the lines do not belong together as supposed."""
    failed = sum(1 for check in checks if not check.holds)
    misread = failed >= 3 and 2 * failed > len(checks)
    yield from (check for check in checks if check.holds or not misread)


def _total_checks(block: Block, summed: Summed) -> Iterator[Check]:
    """Yield the checks of a total in every column, by the list of lines under which it holds in the most of them.

    Where it holds under none, the total is in doubt only if nothing leaves open what it sums up, or if a slip explains it.
    """
    best: list[Check] = []
    strongest = 0
    for parts in summed.lists:
        checks = list(_down(block, summed.total, parts))
        strength = sum(min(sum(1 for part in c.operands[1:] if part.value), 3) for c in checks if c.holds)
        if strength > strongest:
            best, strongest = checks, strength
    if strongest >= _LEAST_STRENGTH:
        yield from best
        return
    first = list(_down(block, summed.total, summed.lists[0])) if summed.is_sure else []
    if len(first) == 1 or summed.is_structured:
        yield from first
    else:
        likely = [c for parts in summed.lists for c in _down(block, summed.total, parts) if len(c.operands) > 2]
        yield from [check for check in likely if is_slip(check.found.value, check.expected)][:1]


def _deeper(lines: Sequence[Line], place: int) -> list[Line]:
    """Return the lines of the next depth behind a line, up to the next one of its own depth."""
    own = lines[place].depth or 0
    found: list[Line] = []
    for line in lines[place + 1 :]:
        if line.depth is None or line.depth <= own or line.is_total:
            break
        found.append(line)
    least = min((line.depth or 0 for line in found), default=0)
    return [line for line in found if line.depth == least]


def _down(block: Block, total: Line, parts: Sequence[Line]) -> Iterator[Check]:
    """Yield the check of a total line against its parts, in each column that states both."""
    rows = [total.row, *(part.row for part in parts)]
    for column in block.columns:
        whole = total.facts.get(column)
        if whole is None or whole.measure not in _ADDED:
            continue
        terms = [part.facts[column] for part in parts if column in part.facts]
        if whole.concept in _OF_SPLIT:
            terms = [term for term in terms if term.split in (_OF_SPLIT[whole.concept], None)]
        if not terms or block.has_gap(column, min(rows), max(rows)):
            continue
        if all(commensurable(term, whole) and term.measure == whole.measure for term in terms):
            yield sum_check(whole, terms)
