"""Tables whose columns are aligned by spaces, as `pdftotext -layout` writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from budget_llm.lexicon import header_words
from budget_llm.normal_form import normalise
from budget_llm.plain_tables.columns import Layout, Wrapped, layout_of
from budget_llm.plain_tables.displaced import Box, in_place
from budget_llm.plain_tables.evidence import (
    is_bare_header,
    is_header_row,
    is_label_row,
    is_number,
    is_prose_row,
    is_sentence,
    is_table,
    is_title,
    is_total,
    is_unit_line,
)
from budget_llm.plain_tables.groups import Place, Span
from budget_llm.plain_tables.lines import Line, Piece, bare, grid_of, piece, whole
from budget_llm.plain_tables.sums import Head, balance_of
from budget_llm.plain_tables.widths import MEASURES, Measure
from budget_llm.quantities import parse_number
from budget_llm.tables import Grid

_GAP = re.compile(r"[ \xa0]{2,}\u3000*|\u3000[ \xa0\u3000]*")
_ONE_SPACE = re.compile(r"(?<=[^ \xa0])[ \xa0](?=[^ \xa0])")
_AMOUNT = re.compile(r"[-－]?[0-9]{1,3}(?:,[0-9]{3}){1,6}(?:\.[0-9]{1,4})?|[-－]?[0-9]{1,12}\.[0-9]{2}")
_CODE = re.compile(r"[0-9]{1,12}")
_UNIT = re.compile(r"[万亿千百]?元|[%％]")
# Words of two characters that a header spreads over its column.
_SPREAD = {
    "合计",
    "总计",
    "小计",
    "项目",
    "科目",
    "收入",
    "支出",
    "金额",
    "备注",
    "单位",
    "名称",
    "序号",
    "编码",
    "类别",
    "年度",
    "行次",
    "栏次",
}
_LONGEST_CELL = 60
_LONGEST_LINE = 400
_MOST_EMPTY = 4
# How far apart, in columns of display, the two halves of a wrapped word may stand.
_NEAR = 3


class _Row(NamedTuple):
    """A line with the pieces that its gaps part."""

    line: Line
    pieces: list[Piece]


def find(run: Sequence[Line]) -> list[Grid]:
    """Return the grids of lines that spaces part into cells which stand above each other."""
    return [grid for block, captioned in _blocks(run) for grid in _grid(block, captioned=captioned)]


def _blocks(run: Sequence[Line]) -> Iterator[tuple[list[_Row], bool]]:
    """Yield the lines that may be one table, and whether a line with the unit stands before them."""
    block: list[_Row] = []
    captioned, empty = False, 0
    for line in run:
        if not line.text or not bare(line.text):
            empty += 1
            continue
        if not (block or captioned or _may_part(line.text) or "单位" in line.text):
            # One cell with no table around it begins none.
            empty = 0
            continue
        row = _row(line)
        if row is None or empty > _MOST_EMPTY:
            if block:
                yield block, captioned
            block, captioned = [], False
        if row is None:
            captioned = "单位" in line.text[:_LONGEST_LINE] and is_label_row(_split(line))
        elif block or captioned or len(row.pieces) > 1:
            block.append(row)
        empty = 0
    if block:
        yield block, captioned


def _row(line: Line) -> _Row | None:
    """Return a line as a row, None where it reads as prose, a title, a caption or a line of contents."""
    if len(line.text) > _LONGEST_LINE or "\t" in line.text:
        return None
    pieces = _split(line)
    if any(len(p.text) > _LONGEST_CELL or is_sentence(p.text) for p in pieces):
        return None
    if is_prose_row(pieces) or is_label_row(pieces) or any(is_unit_line(p.text) for p in pieces):
        return None
    if len(pieces) == 1 and (len(pieces[0].text) > 30 or pieces[0].text.endswith("，")):
        return None
    if len(pieces) <= 2 and all(is_title(p.text) for p in pieces):  # its number and its name may stand apart
        return None
    return _Row(line, pieces)


def _may_part(text: str) -> bool:
    """Whether a line holds what a gap is made of; most lines are told from rows by that alone."""
    return "  " in text or "\u3000" in text or "\xa0" in text


def _split(line: Line) -> list[Piece]:
    """Return what runs of two spaces or more, or full-width spaces, part; words spread over a column stay whole."""
    text = line.text[:_LONGEST_LINE]
    if not _may_part(text) or not _GAP.search(text.strip()):
        only = whole(line, 0)
        return [only] if only else []
    parts: list[tuple[int, int]] = []
    at = 0
    for gap in _GAP.finditer(text):
        if bare(text[at : gap.start()]):
            parts.append((at, gap.start()))
        at = gap.end()
    if bare(text[at:]):
        parts.append((at, len(text)))
    joined: list[tuple[int, int]] = []
    for first, last in parts:
        if joined and bare(text[slice(*joined[-1])]) + bare(text[first:last]) in _SPREAD:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    if len(joined) > 1:
        joined = [part for first, last in joined for part in _amounts(text, first, last)]
    found = (piece(line, first, last, number) for number, (first, last) in enumerate(joined))
    return [p for p in found if p]


def _amounts(text: str, first: int, last: int) -> list[tuple[int, int]]:
    """Return the parts of a cell in which an amount is parted from its neighbour by one space only."""
    spaces = [match.start() for match in _ONE_SPACE.finditer(text, first, last)]
    bounds = [first - 1, *spaces, last]
    parts: list[tuple[int, int]] = []
    begin = first
    for number, space in enumerate(spaces, 1):
        before = text[bounds[number - 1] + 1 : space].strip()
        after = text[space + 1 : bounds[number + 1]].strip()
        if _UNIT.match(after) or not (_AMOUNT.fullmatch(before) or _AMOUNT.fullmatch(after)):
            continue
        parts.append((begin, space))
        begin = space + 1
    return [*parts, (begin, last)]


def _grid(block: list[_Row], *, captioned: bool) -> list[Grid]:
    """Return the grid of a block, none where it is no table or its columns cannot be told."""
    first, last = 0, len(block)
    while not captioned and first < last and len(block[first].pieces) < 2:
        first += 1
    while last > first and len(block[last - 1].pieces) < 2 and not is_total(block[last - 1].pieces[0].text):
        last -= 1
    rows = block[first:last]
    if len(rows) < 2 or not any(len(row.pieces) > 1 for row in rows):
        return []
    body = [n for n, row in enumerate(rows) if len(row.pieces) > 1 and any(is_number(p.text) for p in row.pieces)]
    if not body:
        bare = next((n for n, row in enumerate(rows) if is_bare_header(row.pieces)), len(rows))
        body = [n for n in range(bare, len(rows)) if len(rows[n].pieces) > 1]
    layout = _layout(rows, body) if body else None
    if layout is None or layout.width < 2 or layout.is_open:
        return []
    rows = rows[layout.dropped :]
    placed = [
        [p._replace(column=place.column, columns=place.columns) for p, place in zip(row.pieces, places, strict=True)]
        for row, places in zip(rows, layout.places, strict=True)
    ]
    if not _is_sure(placed):
        return []
    return [grid_of(rows[0].line, rows[-1].line, placed, layout.width)]


def _is_sure(placed: Sequence[Sequence[Piece]]) -> bool:
    """Whether the rows are a table: as elsewhere, or a header of three words above one row with two numbers."""
    if is_table(placed):
        return True
    numbers = max(sum(is_number(p.text) for p in row) for row in placed)
    return numbers >= 2 and any(len(row) >= 3 and is_header_row(row) for row in placed)


def _layout(rows: list[_Row], body: list[int]) -> Layout | None:
    """Return the layout with the fewest columns, by display width or by characters; of two, that with more headers."""
    layouts = []
    before: list[list[Span]] = []
    for measure in (MEASURES[0], MEASURES[-1]):
        spans = _spans(rows, measure, body[0])
        if spans == before:
            continue
        before = spans
        amounts = [s for n in body for s, p in zip(spans[n], rows[n].pieces, strict=True) if _is_amount(p.text)]
        found = layout_of(spans, body, amounts, _wrapped(rows[: body[0]], spans), partial(_balance, rows))
        if found:
            layouts.append(found)
    return min(layouts, key=lambda layout: (layout.dropped, layout.width, layout.bare), default=None)


def _wrapped(rows: Sequence[_Row], spans: Sequence[Sequence[Span]]) -> list[Wrapped]:
    """Return the words of a header that go on in one of the two rows below: 因公出国 and （境）费 head one column."""
    found: list[Wrapped] = []
    for number, below in ((n, m) for n in range(len(rows)) for m in (n + 1, n + 2) if m < len(rows)):
        for i, (upper, span) in enumerate(zip(rows[number].pieces, spans[number], strict=True)):
            for j, (lower, other) in enumerate(zip(rows[below].pieces, spans[below], strict=True)):
                near = max(span.left, other.left) - min(span.right, other.right) < _NEAR
                if near and _is_known(upper.text + lower.text) and not _is_known(lower.text):
                    found.append(Wrapped(number, i, below, j))
    return found


def _is_known(text: str) -> bool:
    """Whether a text is one of the words that head columns."""
    return normalise(text) in header_words()


def _balance(
    rows: Sequence[_Row], top: int, headers: Sequence[Sequence[Place]], body: Sequence[Sequence[Place]], valued: set[int]
) -> int:  # fmt: skip
    """Return how many sums that the header rows, from the row `top` on, state hold in the body, less those that do not."""
    heads = [
        [Head(p.text, place) for p, place in zip(row.pieces, places, strict=True)]
        for row, places in zip(rows[top:], headers, strict=False)
    ]
    values = []
    for row, places in zip(rows[top + len(headers) :], body, strict=True):
        if not any(_is_amount(p.text) for p in row.pieces):  # 栏次 1 2 3
            continue
        numbers = ((place.column, parse_number(p.text)) for p, place in zip(row.pieces, places, strict=True))
        values.append({column: value for column, value in numbers if value is not None and column in valued})
    return balance_of(heads, values, valued)


def _is_amount(text: str) -> bool:
    """Whether a cell is a number that can be no code."""
    return is_number(text) and not _CODE.fullmatch(text)


def _spans(rows: list[_Row], measure: Measure, head: int) -> list[list[Span]]:
    """Return where the cells stand; those from the row `head` on that a long label pushed away are put back."""
    spans: list[list[Span]] = []
    for row in rows:
        offsets = [o - row.line.start for p in row.pieces for o in (p.start, p.start + len(p.text))]
        places = measure.places(row.line.text, offsets)
        spans.append([Span(a, b) for a, b in zip(places[::2], places[1::2], strict=True)])
    boxes = [
        [Box(span, is_number(p.text)) for span, p in zip(found, row.pieces, strict=True)]
        for found, row in zip(spans[head:], rows[head:], strict=True)
    ]
    return spans[:head] + in_place(boxes)
