"""The columns that a flattened header of one to three rows stands for: every tree that its words allow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from budget_llm.lexicon import table_words
from budget_llm.normal_form import normalise
from budget_llm.plain_tables.cell_lines.blocks import Token, is_known, is_listed

_MOST_TREES = 60
_MOST_CELLS = 40
_YEAR_ALONE = re.compile(r"20[0-9]{2}年?度?")


@dataclass(slots=True)
class Node:
    """A header cell and the cells below it."""

    token: Token
    under: list[Node] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The header, normalised."""
        return normalise(self.token.text)

    def leaves(self) -> Iterator[Node]:
        """Yield the cells that stand directly over columns, from left to right."""
        if not self.under:
            yield self
        for node in self.under:
            yield from node.leaves()

    def role(self) -> str:
        """Return what the column of a leaf holds: key (code or label), line (the number of the row) or value."""
        leaves = table_words("leaves")
        if leaves["lines"].search(self.words):
            return "line"
        return "key" if leaves["keys"].search(self.words) else "value"

    def is_sum(self) -> bool:
        """Whether the column holds the sum of those beside it."""
        return not self.under and table_words("leaves")["sums"].search(self.words) is not None


Tree = list[Node]


def trees_of(head: Sequence[Token]) -> Iterator[Tree]:
    """Yield the trees that a header read cell by cell may be: its rows one after the other, or each column downwards."""
    cells = joined(head)
    if len(cells) > _MOST_CELLS or sum(is_known(cell.text) for cell in cells) * 2 < len(cells):
        return
    yield from islice(_layers(cells), _MOST_TREES)
    downwards = _downwards(cells)
    if any(node.under for node in downwards) and not any(map(_has_lone_child, downwards)):
        yield downwards


def _has_lone_child(node: Node) -> bool:
    return len(node.under) == 1 or any(map(_has_lone_child, node.under))


def joined(head: Sequence[Token]) -> list[Token]:
    """Return the cells with those joined that were broken over lines (因公出国 | （境）费)."""
    cells: list[Token] = []
    for token in head:
        if cells and _continues(cells[-1], token):
            cells[-1] = Token("text", (*cells[-1].pieces, *token.pieces))
        else:
            cells.append(token)
    return cells


def _continues(cell: Token, following: Token) -> bool:
    if (
        following.text[0] in "（("
        or cell.text.endswith(("比", "较", "及", "和", "、"))
        or _YEAR_ALONE.fullmatch(cell.text)
    ):
        return True
    both = is_listed(cell.text) and is_listed(following.text)
    return not both and is_known(cell.text + following.text)


def _may_head(upper: Node, lower: Node, first_is_sum: bool) -> bool:
    if table_words("leaves")["sums"].search(upper.words):
        return False
    return may_stand_over(upper.words, lower.words, first_is_sum=first_is_sum)


def may_stand_over(upper: str, lower: str, *, first_is_sum: bool = False) -> bool:
    """Whether the words of one header may stand over those of another; `first_is_sum`: a sum is the first below it."""
    over, under = table_words("over"), table_words("under")
    return any(
        over[key].search(upper) and under[key].search(lower) and (key != "carried" or first_is_sum) for key in over
    )


def _layers(cells: Sequence[Token]) -> Iterator[Tree]:
    """Yield the trees of a header of one, two and three rows that were written out one after the other."""
    yield [Node(cell) for cell in cells]
    for first in range(1, len(cells)):
        upper = [Node(cell) for cell in cells[:first]]
        yield from attached(upper, [Node(cell) for cell in cells[first:]])
    for first in range(1, len(cells) - 2):
        for second in range(first + 2, len(cells)):
            lowest = [Node(cell) for cell in cells[second:]]
            for middle in attached([Node(cell) for cell in cells[first:second]], lowest, most=1):
                yield from attached([Node(cell) for cell in cells[:first]], middle, most=1)


def attached(upper: Tree, lower: Tree, most: int = 8) -> Iterator[Tree]:
    """Yield the upper row with the cells of the lower one under it: each run of them under one that may head it."""
    found: list[list[tuple[int, int, int]]] = []

    def cut(start: int, parent: int, chosen: list[tuple[int, int, int]]) -> None:
        if len(found) >= most:
            return
        if start == len(lower):
            found.append(chosen)
            return
        for number in range(parent, len(upper)):
            end = start
            seen: set[str] = set()
            while (
                end < len(lower)
                and lower[end].words not in seen
                and _may_head(upper[number], lower[end], lower[start].is_sum())
            ):
                seen.add(lower[end].words)
                end += 1
            for last in range(end, start + 1, -1):  # a cell above one alone would not have been parted from it
                cut(last, number + 1, [*chosen, (number, start, last)])

    cut(0, 0, [])
    for chosen in found:
        tree = [Node(node.token, list(node.under)) for node in upper]
        for number, start, last in chosen:
            tree[number].under = list(lower[start:last])
        yield tree


def _downwards(cells: Sequence[Token]) -> Tree:
    """Return the tree of a header that was written out column by column, each cell before those under it."""
    roots: Tree = []
    open_: list[Node] = []
    for cell in cells:
        node = Node(cell)
        while open_ and (
            not _may_head(open_[-1], node, (open_[-1].under or [node])[0].is_sum())
            or any(n.words == node.words for n in open_[-1].under)
        ):
            open_.pop()
        (open_[-1].under if open_ else roots).append(node)
        open_.append(node)
    return roots
