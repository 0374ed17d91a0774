"""What a line of a table sums up: the lines above it or below it, sub-totals, what is carried; and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from budget_llm.identities.blocks import Block, Line
from budget_llm.ordered import commensurable
from budget_llm.quantities import quantum

_CLASSIFIED = frozenset({"expenditure.function", "expenditure.economic"})
_SEVERAL, _FEWEST = 3, 3


@dataclass(frozen=True, slots=True)
class Summed:
    """A line and the lists of lines that it may sum up, the likeliest first.

    `is_sure` tells that nothing leaves open that it is the first; `is_structured` that other sums of the table show it.
    """

    total: Line
    lists: tuple[tuple[Line, ...], ...]
    is_sure: bool
    is_structured: bool = False


def summed_up(block: Block) -> Iterator[Summed]:
    """Yield each line of a block that sums up others."""
    lines = [line for line in block.lines if line.facts or line.gaps]
    totals = [line for line in lines if line.is_total]
    heads = [line for line in lines if line.is_head]
    if len(totals) >= _SEVERAL and (structured := _structured(block, lines, totals)):
        yield from structured
        return
    for place, line in enumerate(lines):
        if line.is_total:
            lists, sure = _of_total(lines, place, totals, heads)
            found = tuple(_distinct(lists))
            if found:
                yield Summed(line, found, sure)
        elif line.is_head:
            parts = _until(lines[place + 1 :], lambda other: other.is_total or other.is_head)
            if not line.is_current:
                parts = [part for part in parts if _concepts(part) <= _concepts(line)]
            if len(parts) >= 2 or (parts and line.is_current):
                yield Summed(line, (tuple(parts),), is_sure=not line.is_current or _is_one_list(parts))


def _structured(block: Block, lines: Sequence[Line], totals: Sequence[Line]) -> list[Summed]:
    """Return the sub-totals of a block and their total where most of them hold under one form: 小计 below its lines, or above them."""
    places = [lines.index(total) for total in totals]
    below = [_outer(lines[first + 1 : last]) for first, last in zip((-1, *places), places, strict=False)]
    above = [_outer(lines[first + 1 : last]) for first, last in zip(places, (*places[1:], len(lines)), strict=True)]
    forms = [
        [*zip(totals[:-1], below[:-1], strict=True), (totals[-1], list(totals[:-1]))],
        [(totals[0], list(totals[1:])), *zip(totals[1:], above[1:], strict=True)],
    ]
    for form in forms:
        if not all(parts for _, parts in form) or any(total.is_current_total for total, _ in form):
            continue
        told = [held for total, parts in form for held in _held(block, total, parts)]
        if sum(told) >= 2 and sum(told) > len(told) / 2:
            return [Summed(total, (tuple(parts),), is_sure=True, is_structured=True) for total, parts in form]
    return []


def _held(block: Block, total: Line, parts: Sequence[Line]) -> Iterator[bool]:
    """Yield for each column that states a total and two parts or more whether it is their sum."""
    for column in block.columns:
        whole = total.facts.get(column)
        terms = [part.facts[column] for part in parts if column in part.facts]
        if whole and len(terms) >= 2 and all(commensurable(term, whole) for term in terms):
            slack = sum(quantum(term.value) for term in (whole, *terms))
            yield abs(whole.value - sum(term.value for term in terms)) <= slack


def _of_total(
    lines: list[Line], place: int, totals: list[Line], heads: list[Line]
) -> tuple[Sequence[Sequence[Line]], bool]:  # fmt: skip
    """Return the lists of lines that a total may sum up, and whether it is surely the first."""
    total, number = lines[place], totals.index(lines[place])
    if any(head.is_current for head in heads):
        return [[line for line in heads if line is not total]], True
    above = _until(lines[place - 1 :: -1] if place else [], lambda other: other.is_total)[::-1]
    below = _until(lines[place + 1 :], lambda other: other.is_total)
    if len(totals) == 1:
        return _lists(above or below, numbered=bool(above))
    before = totals[number - 1] if number else None
    if before is not None and before.is_current_total and place == len(lines) - 1:
        lists, sure = _lists(above, numbered=True)
        return [[before, *parts] for parts in lists] or [[before]], sure or not above
    if before is None and above and (total.is_current_total or not below):
        return _lists(above, numbered=True)
    others = [line for line in totals if line is not total]
    around = [*_lists(above)[0], *_lists(below)[0]]
    found = [*around, others, totals[number + 1 :], totals[:number]]
    found += [[before, *parts] for parts in _lists(above)[0]] if before is not None else []
    return [*found, *_lists(lines[place + 1 :])[0], *_lists(lines[:place])[0]], False


def _lists(lines: Sequence[Line], *, numbered: bool = False) -> tuple[Sequence[Sequence[Line]], bool]:
    """Return what may be summed of a stretch of lines: the roots of a classification, bodies named between them, all.

    It is sure where the lines are one classification or, `numbered`, one list, of which parts are marked as such.
    """
    lines = [line for line in lines if not line.is_total]
    outer = _outer(lines)
    classified = [line for line in outer if line.path]
    if not classified:
        tops = _tops(outer)
        return [own for own in (tops, outer, lines) if own], _is_one_list(tops) and (
            numbered or len(tops) == len(lines)
        )
    known = {line.path for line in classified}
    roots = [line for line in classified if not any(line.path[:n] in known for n in range(1, len(line.path)))]
    if not all(line.code for line in roots):
        roots = _tops(roots)
    others = [line for line in outer if not line.path and line.facts]
    return ([roots, others, [*roots, *others]], False) if others else ([roots], _is_one_list(roots))


def _is_one_list(lines: Sequence[Line]) -> bool:
    """Whether lines are surely the items of one list: of one classification, numbered alike, or of one kind, what is carried aside."""
    own = [line for line in lines if not line.is_head and not line.is_total and not line.is_balance]
    kinds = {concept for line in own for concept in _concepts(line)}
    alike = (
        len(kinds) == 1
        and not kinds & _CLASSIFIED
        and len(own) >= _FEWEST
        and not any(line.depth is not None for line in own)
    )
    return all(line.code for line in own) or all(line.depth is not None for line in own) or alike


def _outer(lines: Sequence[Line]) -> list[Line]:
    """Return lines without those that are parts of another: marked by 其中, or the funds listed unmarked under what is carried over."""
    kept: list[Line] = []
    head: Line | None = None
    for line in lines:
        if line.is_inner:
            continue
        if line.is_head:
            head = line
        elif head is not None and not head.is_current and _concepts(line) and _concepts(line) <= _concepts(head):
            continue
        else:
            head = None
        kept.append(line)
    return kept


def _concepts(line: Line) -> set[str]:
    return {fact.concept for fact in line.facts.values()}


def _tops(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of the first depth, and those without a number of their own."""
    top = min((line.depth for line in lines if line.depth is not None), default=None)
    return [line for line in lines if line.depth is None or line.depth == top]


def _until(lines: Sequence[Line], ends: Callable[[Line], bool]) -> list[Line]:
    """Return the lines before the first one that ends their list."""
    return list(takewhile(lambda line: not ends(line), lines))


def _distinct(lists: Iterable[Sequence[Line]]) -> Iterator[tuple[Line, ...]]:
    seen: list[list[int]] = []
    for lines in lists:
        rows = [line.row for line in lines]
        if lines and rows not in seen:
            seen.append(rows)
            yield tuple(lines)
