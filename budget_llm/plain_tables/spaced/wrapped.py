"""Rows of a statement whose labels are broken around its amounts: 一、一般公共预算 | 12.00 二、教育支出 12.00 | 拨款收入.

A label of two lines has as many above the amounts of its row as below them. Whose amount it is where a side may have
none, the sums of the row tell, or what the text says of the two labels; else the amounts are of no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice

from budget_llm.normal_form import normalise
from budget_llm.plain_tables.cell_lines.blocks import Token, is_ordinal_led
from budget_llm.plain_tables.cell_lines.layout import Layout
from budget_llm.plain_tables.cell_lines.rows import side_told, unled
from budget_llm.plain_tables.cell_lines.settling import amount_of
from budget_llm.plain_tables.cell_lines.told import Told
from budget_llm.plain_tables.evidence import is_total
from budget_llm.plain_tables.spaced.cells import are_words
from budget_llm.plain_tables.spaced.rows import is_code, is_worded

Cells = tuple[Token, ...]
_Split = tuple[Sequence[Token], Sequence[Token]]

_LINE = re.compile("[0-9]{1,3}")
_HALF = Decimal("0.005")


def unwrapped(lines: Sequence[Cells], layout: Layout, told: Told) -> list[Cells]:
    """Return the lines of a body of two sides with each row whose labels are broken around a line in one line."""
    if len(layout.groups) != 2:
        return list(lines)
    found: list[Cells] = []
    at = 0
    while at < len(lines):
        row = _row(lines[at : at + 3], layout, told) if at + 2 < len(lines) else None
        if row is None:
            found.append(lines[at])
            at += 1
        else:
            found.append(row)
            at += 3
    return [line for line in found if line]


def _row(lines: Sequence[Cells], layout: Layout, told: Told) -> Cells | None:
    """Return three lines as one row; None where the first and the last are no two halves of labels around the second."""
    above, middle, below = lines
    if len(above) != len(below) or len(above) > 2 or not middle or not (are_words(above) and are_words(below)):
        return None
    labels = [Token("text", (*a.pieces, *b.pieces)) for a, b in zip(above, below, strict=True)]
    if layout.is_coded:
        return _of_codes(labels, middle)
    if whole := _of_three(above, middle, below):
        return whole
    if not all(_is_broken(a, b, label) for a, b, label in zip(above, below, labels, strict=True)):
        return None
    texts = [n for n, cell in enumerate(middle) if cell.kind == "text"]
    if all(group.line is not None for group in layout.groups):
        return _of_numbers(labels, middle, texts)
    if len(labels) + len(texts) == 2:
        return _of_two(labels, middle, texts, layout, told)
    return (*labels, *middle) if len(labels) == 1 and not texts else None


def _of_three(above: Cells, middle: Cells, below: Cells) -> Cells | None:
    """Return the row of one label of three lines, the second of which has the amounts; None where it is none."""
    if len(above) != 1 or not middle or middle[0].kind != "text" or not is_ordinal_led(above[0].text):
        return None
    label = Token("text", (*above[0].pieces, *middle[0].pieces, *below[0].pieces))
    is_whole = is_worded(label.text) and not is_ordinal_led(middle[0].text) and not is_ordinal_led(below[0].text)
    return (label, *middle[1:]) if is_whole else None


def _of_codes(labels: Sequence[Token], middle: Cells) -> Cells | None:
    """Return the row of codes with each label behind the code that has none; None where these are not as many."""
    row: list[Token] = []
    rest = iter(labels)
    nameless = 0
    for cell, following in zip(middle, (*middle[1:], None), strict=True):
        row.append(cell)
        if is_code(cell) and (following is None or following.kind != "text"):
            nameless += 1
            row += islice(rest, 1)
    return tuple(row) if nameless == len(labels) else None


def _of_numbers(labels: Sequence[Token], middle: Cells, texts: Sequence[int]) -> Cells | None:
    """Return the row of two sides each of which has the number of its row before its amounts."""
    if len(labels) + len(texts) > 2 or len(texts) > 1:
        return None
    if not texts:
        second = _second_number(middle)
        if second is None:
            return None
        if len(labels) == 2:
            return (labels[0], *middle[:second], labels[1], *middle[second:])
        is_right = side_told(labels[0].text) == 1
        return (*middle[:second], labels[0], *middle[second:]) if is_right else (labels[0], *middle)
    if texts[0]:
        return (labels[0], *middle)
    second = _second_number(middle[1:])
    return None if second is None else (*middle[: second + 1], labels[0], *middle[second + 1 :])


def _second_number(cells: Cells) -> int | None:
    """Return which cell is the number of the row on the right: the only whole one behind the first."""
    whole = [n for n, cell in enumerate(cells) if n and _LINE.fullmatch(cell.text)]
    return whole[0] if len(whole) == 1 and cells and _LINE.fullmatch(cells[0].text) else None


def _is_broken(above: Token, below: Token, label: Token) -> bool:
    """Whether a label is broken into two: the one half begins an item, the other ends it and is none of its own."""
    if is_ordinal_led(below.text) or is_total(below.text) or is_total(above.text):
        return False
    is_led = is_ordinal_led(above.text) or unled(above.text) != normalise(above.text)
    return is_worded(label.text) or (is_led and not is_worded(above.text))


def _of_two(labels: list[Token], middle: Cells, texts: list[int], layout: Layout, told: Told) -> Cells | None:
    """Return the row of two labels, one or both of which are broken around the line in the middle."""
    if not texts:
        left, right = labels
        return _joined(left, right, middle, layout, told)
    label, at = labels[0], texts[0]
    other, before, behind = middle[at], middle[:at], middle[at + 1 :]
    if before:
        return (label, *before, other, *behind) if len(before) == 1 else None
    sides = (side_told(label.text), side_told(other.text))
    if sides in ((0, 1), (0, None), (None, 1)):
        return (label, other, *behind)
    return _joined(other, label, behind, layout, told) if sides in ((1, 0), (1, None), (None, 0)) else None


def _joined(left: Token, right: Token, amounts: Sequence[Token], layout: Layout, told: Told) -> Cells:
    """Return a row with its amounts behind the label that each is of; an empty one where that is not told."""
    ways = list(_ways(amounts, layout))
    for test in (_adds_up, lambda way: _is_told(left, right, way, told)):
        if len(ways) > 1:
            ways = [way for way in ways if test(way)] or ways
    if len(ways) != 1:
        return ()
    return (left, *ways[0][0], right, *ways[0][1])


def _ways(amounts: Sequence[Token], layout: Layout) -> Iterator[_Split]:
    """Yield the ways to part amounts between the sides, as far as these have columns for them."""
    first, second = (len(group.values) for group in layout.groups)
    for number in range(min(first, len(amounts)) + 1):
        if len(amounts) - number <= second:
            yield amounts[:number], amounts[number:]


def _adds_up(way: _Split) -> bool:
    """Whether of several amounts on the right the first is the sum of the others."""
    first, *others = (amount_of(token) for token in way[1]) if way[1] else (Decimal(0),)
    return bool(others) and abs(first - sum(others, Decimal(0))) <= _HALF * len(others)


def _is_told(left: Token, right: Token, way: _Split, told: Told) -> bool:
    """Whether the text says of the labels that have an amount in a way that it is theirs, elsewhere than in this row."""
    sides = [(label, amounts[0]) for label, amounts in zip((left, right), way, strict=True) if amounts]
    return all(told.times(unled(label.text), amount_of(amount)) > (label is left) for label, amount in sides)
