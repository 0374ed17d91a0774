"""Sums between the columns of a table: under a header, 合计 and 小计 are the sum of the columns beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from budget_llm.plain_tables.evidence import is_total
from budget_llm.plain_tables.groups import Place

# Columns that add up to nothing, or of which only some are told.
_APART = re.compile(r"增减|变动|比(?!例)|%|率|比例|幅度|占|其中|行次")
_ROUNDED = Decimal("0.02")


class Head(NamedTuple):
    """A header cell: its text and where it stands."""

    text: str
    place: Place


class _Node(NamedTuple):
    """A header with those that stand below it."""

    head: Head
    under: tuple[_Node, ...]


def balance_of(heads: Sequence[Sequence[Head]], body: Sequence[Mapping[int, Decimal]], valued: set[int]) -> int:
    """Return how many sums that the header rows state hold in most rows of the body, less those that hold in fewer."""
    balance = 0
    width = max((head.place.end for row in heads for head in row), default=0)
    for whole, parts in _sums(_nodes(heads, 0, range(width)), valued):
        told = [row for row in body if whole in row and any(part in row for part in parts)]
        held = sum(abs(row[whole] - sum(row.get(part, Decimal(0)) for part in parts)) <= _ROUNDED for row in told)
        if told:
            balance += 1 if held * 2 > len(told) else -1
    return balance


def _nodes(heads: Sequence[Sequence[Head]], level: int, columns: range) -> tuple[_Node, ...]:
    """Return the headers over the columns, each the highest from the level on."""
    found: list[_Node] = []
    column = columns.start
    while column < columns.stop:
        over = next(
            (
                (number, head)
                for number in range(level, len(heads))
                for head in heads[number]
                if head.place.column == column and head.place.end <= columns.stop
            ),
            None,
        )
        if over is None:
            column += 1
            continue
        number, head = over
        found.append(_Node(head, _nodes(heads, number + 1, range(column, head.place.end))))
        column = head.place.end
    return tuple(found)


def _sums(nodes: Sequence[_Node], valued: set[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield the columns of the sums among headers and below them: that of the whole, and those of its parts."""
    for node in nodes:
        yield from _sums(node.under, valued)
    for number, node in enumerate(nodes):
        parts: list[int] = []
        if not _is_sum(node) or node.head.place.column not in valued:
            continue
        for other in nodes[number + 1 :]:
            columns = _value(other)
            if not valued.issuperset(columns) or _is_sum(other) or _APART.search(other.head.text):
                break
            parts += columns
        if len(parts) > 1:
            yield node.head.place.column, tuple(parts)


def _is_sum(node: _Node) -> bool:
    return not _below(node) and node.head.place.columns == 1 and is_total(_leaf(node).head.text)


def _below(node: _Node) -> bool:
    return len(node.under) > 1


def _leaf(node: _Node) -> _Node:
    return _leaf(node.under[0]) if node.under else node


def _value(node: _Node) -> list[int]:
    """Return the columns that add up to what a header stands above."""
    if node.under and _is_sum(node.under[0]):
        return [node.under[0].head.place.column]
    if node.under:
        return [column for below in node.under for column in _value(below)]
    return list(range(node.head.place.column, node.head.place.end))
