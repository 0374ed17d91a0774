"""A text with its tables as a page prints them and a copy of the page gives them back: wrapped, centred, line by line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from budget_llm import Document
from budget_llm.tables import Table

_NARROWEST, _TALLEST = 4.0, 4


class _Box(NamedTuple):
    """A cell with the rows and columns that it covers."""

    text: str
    top: int
    bottom: int
    left: int
    right: int


def printed(text: str, *, label_width: int = 9) -> str:
    """Return a text with each table printed: no column is wider than its numbers, or than `label_width` characters.

    A cell is wrapped to its column and stands in the middle of its row; a header stands in the middle of what it covers.
    Every printed line becomes a line of text, with one space between what stands on it.
    """
    parts: list[str] = []
    at = 0
    for table in Document.from_text(text).tables:
        parts += [text[at : table.start], "\n".join(_lines(table, label_width))]
        at = table.end
    return "".join(parts) + text[at:]


def _lines(table: Table, label_width: int) -> list[str]:
    widths = _widths(table, label_width)
    boxes = _boxes(table)
    wrapped = [_wrapped(box.text, sum(widths[box.left : box.right])) for box in boxes]
    heights = [1] * table.height
    for box, lines in sorted(zip(boxes, wrapped, strict=True), key=lambda pair: pair[0].bottom - pair[0].top):
        missing = len(lines) - sum(heights[box.top : box.bottom])
        heights[box.bottom - 1] += max(missing, 0)
    tops = [2 * sum(heights[:row]) for row in range(table.height + 1)]  # in half lines
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for box, lines in zip(boxes, wrapped, strict=True):
        first = (tops[box.top] + tops[box.bottom]) // 2 - len(lines)
        for n, line in enumerate(lines):
            found[first + 2 * n].append((box.left, line))
    return [" ".join(line for _, line in sorted(found[y])) for y in sorted(found)]


def _boxes(table: Table) -> list[_Box]:
    texts = table.texts()
    heads = next((row for row in range(table.height) if any(c.kind != "header" for c in table.row(row))), table.height)
    boxes = [
        _Box(text, row, row + 1, column, column + 1)
        for row in range(heads, table.height)
        for column, text in enumerate(texts[row])
        if text
    ]
    ends = [table.width] * table.width  # where the header above each column ends
    above: list[_Box] = []
    for row in range(heads):
        columns = [column for column, text in enumerate(texts[row]) if text]
        for column, following in zip(columns, (*columns[1:], table.width), strict=True):
            above.append(_Box(texts[row][column], row, row + 1, column, min(following, ends[column])))
        for box in above:
            if box.top == row:
                ends[box.left : box.right] = [box.right] * (box.right - box.left)
    return [*(_down(box, texts, heads) for box in above), *boxes]


def _down(box: _Box, texts: Sequence[Sequence[str]], heads: int) -> _Box:
    """Return a header with the rows below it in which nothing stands under it."""
    bottom = box.bottom
    while bottom < heads and not any(texts[bottom][box.left : box.right]):
        bottom += 1
    return box._replace(bottom=bottom)


def _widths(table: Table, label_width: int) -> list[float]:
    longest = [_NARROWEST] * table.width
    for cell in table.cells:
        if cell.kind != "header":
            longest[cell.column] = max(longest[cell.column], _width(cell.text))
    numbers = {c.column for c in table.cells if c.kind == "body" and c.text[:1] in "-0123456789"}
    return [width if n in numbers else min(width, label_width) for n, width in enumerate(longest)]


def _width(text: str) -> float:
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def _wrapped(text: str, width: float) -> list[str]:
    """Return a text in lines of a width, with no number parted."""
    lines = [""]
    for piece in re.findall(r"[!-~]+|.", text):
        if lines[-1] and _width(lines[-1] + piece) > width:
            lines.append("")
        lines[-1] += piece
    return lines
