"""Tables as plain text has them: what is read of them, and how a copy of a printed page gives them back."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from budget_llm import Document, extract
from budget_llm.facts import Fact
from budget_llm.tables import Table

Rows = list[dict[str, str]]

_NARROWEST = 4.0


def lines(*rows: str) -> str:
    """Return lines below a title and a unit line."""
    return "\n".join(("某县档案馆2024年部门决算", "支出情况表", "单位：万元", *rows, "说明：以上。", ""))


def read(*rows: str) -> Rows:
    """Return the body rows of the one table of a text: the text of each cell by its header path."""
    (table,) = Document.from_text(lines(*rows)).tables
    found: Rows = []
    for number in range(table.height):
        row: dict[str, str] = {}
        for cell in table.row(number):
            if cell.kind == "body":
                path = "/".join(cell.header)
                row[path] = row.get(path, "") + cell.text
        if row:
            found.append(row)
    return found


def spaced(text: str, separator: str) -> str:
    """Return a text with its tables written as rows of cells with one separator between them, empty cells lost."""
    parts: list[str] = []
    at = 0
    for table in Document.from_text(text).tables:
        rows = (" ".join(cell for cell in row if cell) for row in table.texts())
        parts += [text[at : table.start], "\n".join(row.replace(" ", separator) for row in rows if row)]
        at = table.end
    return "".join(parts) + text[at:]


def table_facts(text: str) -> Counter[tuple[object, ...]]:
    """Return what is read in the tables of a text."""

    def told(fact: Fact) -> tuple[object, ...]:
        return (fact.concept, fact.code, fact.split, fact.scope, fact.stage, fact.period, fact.value)

    return Counter(told(fact) for fact in extract(Document.from_text(text)).facts if fact.table is not None)


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
