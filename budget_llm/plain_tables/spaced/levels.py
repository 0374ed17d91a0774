"""Which header stands over which, where their lines run through each other: as they stand in the middle of what they cover.

In a header of two rows all that head others stand highest, all below them lowest, and what covers both rows between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from budget_llm.lexicon import table_words
from budget_llm.plain_tables.cell_lines.heads import Node, Tree, attached, may_stand_over
from budget_llm.plain_tables.spaced.names import Name, left_of
from budget_llm.plain_tables.spaced.order import orders_of

_MOST_ATTACHED = 64


class _Levels(NamedTuple):
    """The names that head others, those that cover both rows, and those below."""

    over: list[Name]
    beside: list[Name]
    below: list[Name]


def trees_of_one_row(names: Sequence[Name]) -> Iterator[Tree]:
    """Yield the trees of a header in which none stands over another."""
    for order in orders_of([(name,) for name in names]):
        yield [Node(unit[0].token) for unit in order]


def trees_of_levels(names: Sequence[Name]) -> Iterator[Tree]:
    """Yield the trees of a header of two rows, none where no name may stand over others."""
    for levels in _levels(names):
        yield from (tree for tree in _attached(levels) if _agrees(tree, names))


def _agrees(tree: Tree, names: Sequence[Name]) -> bool:
    """Whether names of one line stand in a tree as they do in the line, each over the columns that it heads."""
    columns: dict[int, tuple[int, int]] = {}
    for first, node in _placed(tree):
        columns[id(node.token)] = (first, first + len(list(node.leaves())))
    for name, other in combinations(names, 2):
        is_left = left_of(name, other)
        if is_left is not None:
            left, right = (name, other) if is_left else (other, name)
            if columns[id(left.token)][1] > columns[id(right.token)][0]:
                return False
    return True


def _placed(tree: Tree, first: int = 0) -> Iterator[tuple[int, Node]]:
    """Yield the nodes of a tree with the first column that each is over."""
    for node in tree:
        yield first, node
        yield from _placed(node.under, first)
        first += len(list(node.leaves()))


def _levels(names: Sequence[Name]) -> Iterator[_Levels]:
    heights = sorted({_height(name) for name in names})
    for low in range(len(heights) - 1, 0, -1):
        for high in range(low):
            levels = _Levels(
                [name for name in names if _height(name) <= heights[high]],
                [name for name in names if heights[high] < _height(name) < heights[low]],
                [name for name in names if _height(name) >= heights[low]],
            )
            if _may_be(levels):
                yield levels
    for low in range(len(heights) - 1, 0, -1):
        yield from _under_one(names, heights[low])


def _under_one(names: Sequence[Name], low: float) -> Iterator[_Levels]:
    """Yield the levels of a header in which one name heads all of the lowest row, at the height of those beside it."""
    below = [name for name in names if _height(name) >= low]
    for over in names:
        beside = [name for name in names if name is not over and name not in below]
        if over not in below and _may_be(levels := _Levels([over], beside, below)):
            yield levels


def _height(name: Name) -> float:
    """Return the line in which the middle of a name stands."""
    return (name.places[0][0] + name.places[-1][0]) / 2


def _may_be(levels: _Levels) -> bool:
    """Whether every name above may stand over two below, and every one below under one above."""
    may = [[may_stand_over(over.words, name.words, first_is_sum=True) for name in levels.below] for over in levels.over]
    return all(sum(row) > 1 for row in may) and all(any(row[n] for row in may) for n in range(len(levels.below)))


def _attached(levels: _Levels) -> Iterator[Tree]:
    beside = {id(name.token) for name in levels.beside}
    lower = [
        [Node(unit[0].token) for unit in order]
        for order in orders_of([(name,) for name in levels.below])
        if not _is_sum(order[-1][0])
    ]
    usual = [order for order in lower if _is_usual(order)]
    lower = usual or lower
    for order in orders_of([(name,) for name in (*levels.over, *levels.beside)]):
        upper = [Node(unit[0].token) for unit in order]
        for below in lower:
            for tree in attached(upper, below, _MOST_ATTACHED):
                if all((id(node.token) in beside) != bool(node.under) for node in tree):
                    yield tree


def _is_usual(order: Sequence[Node]) -> bool:
    """Whether columns under one header stand as they do in the forms: what was bought before what it costs to run."""
    patterns = list(table_words("within").values())
    ranks = [n for node in order for n, pattern in enumerate(patterns) if pattern.search(node.words)]
    return ranks == sorted(ranks)


def _is_sum(name: Name) -> bool:
    return table_words("leaves")["sums"].search(name.words) is not None
