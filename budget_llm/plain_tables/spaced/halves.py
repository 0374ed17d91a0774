"""Statements of two or three sides: which cells of a line are of which, where one of them is empty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from budget_llm.lexicon import header_prefixes
from budget_llm.plain_tables.cell_lines.blocks import Token, is_known, is_ordinal_led
from budget_llm.plain_tables.cell_lines.layout import Group, Layout
from budget_llm.plain_tables.cell_lines.rows import Row, side_told, unled
from budget_llm.plain_tables.evidence import is_total
from budget_llm.plain_tables.spaced.rows import is_code, is_item

_LINE = re.compile(r"[0-9]{1,3}")
_ORDINAL = re.compile(r"[(（]?([一二三四五六七八九十]{1,3})[)）、]")
_BLOCKS = re.compile("人员|公用")
_SIDES = ("收入", "支出")
_PERSONNEL = frozenset({"301", "303"})
_DIGITS = "一二三四五六七八九"


@dataclass(slots=True)
class _Segment:
    """A label and what stands behind it up to the next label; no label where a line begins with the number of a row."""

    label: list[Token] = field(default_factory=list)
    values: list[Token] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(token.text for token in self.label if token.kind == "text")

    @property
    def code(self) -> str:
        return "".join(token.text for token in self.label if token.kind == "code")


def rows_of_halves(body: Sequence[Sequence[Token]], layout: Layout) -> tuple[list[Row], int]:
    """Return the rows of the sides of a statement, and how many lines with numbers are none.

    A line with fewer labels than sides belongs to those that its words, the number of its amounts, its ordinals
    or the numbers of its rows leave; where these leave more than one choice its cells are of no row.
    """
    sides = [_Side(group, _heads_of(layout, group), layout) for group in layout.groups]
    rows: list[Row] = []
    refused = 0
    open_: Sequence[Token] = ()
    for cells in body:
        segments = _segments(cells, is_coded=layout.is_coded)
        found = _on_sides(segments, sides) if segments and not _may_end(segments, open_) else None
        open_ = cells if cells and all(map(_is_open, cells)) else ()
        if found is None:
            refused += any(cell.kind == "number" for cell in cells)
            continue
        on_line = [row for segment, side in found if (row := side.add(segment)) and not _is_rest(segment)]
        for row in on_line[1:]:
            row.beside = True
        rows += on_line
    return rows, refused


def _is_open(cell: Token) -> bool:
    """Whether a cell begins a label of a list that goes on below."""
    return cell.kind == "text" and is_ordinal_led(cell.text) and not is_item(unled(cell.text))


def _is_rest(segment: _Segment) -> bool:
    """Whether a label without numbers is no row of its own, but what is left of a broken one."""
    is_whole = is_ordinal_led(segment.text) or (is_item(segment.text) and segment.text not in _SIDES)
    return not segment.values and not segment.code and not is_whole


def _may_end(segments: Sequence[_Segment], open_: Sequence[Token]) -> bool:
    """Whether a label of a line may be the end of one that the line above begins (一、一般公共 | 预算财政拨款 12.00)."""
    labels = [segment.text for segment in segments if segment.text and not segment.code]
    wholes = [unled(begun.text + text) for begun in open_ for text in labels if not is_ordinal_led(text)]
    return any(is_item(whole) or whole in header_prefixes() for whole in wholes)


def _heads_of(layout: Layout, group: Group) -> str:
    """Return the words over the columns of a group: 人员经费 above its codes and names."""
    first = layout.leaves[group.values[0]]
    return next((node.words for node in layout.tree if any(leaf is first for leaf in node.leaves())), "")


def _segments(cells: Sequence[Token], *, is_coded: bool) -> list[_Segment]:
    """Return the labels of a line with their values; none where a word may end a label or be one of its own."""
    segments: list[_Segment] = []
    for cell, following in zip(cells, (*cells[1:], None), strict=True):
        if cell.kind != "text":
            if is_coded and following and following.kind == "text" and is_code(cell):
                segments.append(_Segment([Token("code", cell.pieces)]))
                continue
            if not segments:
                segments.append(_Segment())
            segments[-1].values.append(cell)
        elif segments and not segments[-1].values and segments[-1].code and not is_total(cell.text):
            segments[-1].label.append(cell)
        elif not segments or segments[-1].values or is_item(cell.text):
            segments.append(_Segment([cell]))
        elif is_known(segments[-1].text + cell.text):
            segments[-1].label.append(cell)
        else:
            return []
    return segments


class _Side:
    """A side of a statement, and how far its rows are read."""

    def __init__(self, group: Group, heads: str, layout: Layout) -> None:
        self.group = group
        self.heads = heads
        self.paths = (heads, *(layout.leaves[n].words for n in group.values))
        self._line = self._ordinal = 0

    def holds(self, segment: _Segment) -> bool:
        """Whether a label and its values may be a row of this side."""
        return self._split(segment) is not None

    def _split(self, segment: _Segment) -> tuple[Token | None, list[Token]] | None:
        """Return the number of the row and the values; None where they are too many, or the number is none that follows."""
        line, values = None, list(segment.values)
        if not self._is_of(segment):
            return None
        if self.group.line is not None and values:
            line = values.pop(0)
            if not self.numbers(line):
                return None
        if not segment.label and (values or line is None):
            return None
        return (line, values) if len(values) <= len(self.group.values) else None

    def numbers(self, token: Token) -> bool:
        """Whether a number may be that of the next row of this side."""
        return self.group.line is not None and bool(_LINE.fullmatch(token.text)) and int(token.text) > self._line

    def follows_on(self, token: Token) -> bool:
        """Whether a number is that of the very next row."""
        return token.text == str(self._line + 1)

    def _is_of(self, segment: _Segment) -> bool:
        """Whether the code of a label, or its words, are of the kind of expenditure that this side is headed by."""
        if not (_BLOCKS.search(self.heads) and (segment.code or _BLOCKS.search(segment.text))):
            return True
        is_personnel = segment.code[:3] in _PERSONNEL if segment.code else "人员" in segment.text
        return ("人员" in self.heads) == is_personnel

    def follows(self, segment: _Segment) -> bool:
        """Whether the ordinal of a label may stand behind those of this side."""
        ordinal = _ordinal(segment.text)
        return not ordinal or ordinal > self._ordinal

    def add(self, segment: _Segment) -> Row | None:
        """Return the row of a label and its values, None for what is no row of this side."""
        split = self._split(segment)
        if split is None:
            return None
        line, values = split
        if line is not None:
            self._line = int(line.text)
        self._ordinal = _ordinal(segment.text) or self._ordinal
        first, last = self.group.keys[0], self.group.keys[-1]
        places = tuple(first if key.kind == "code" else last for key in segment.label)
        return Row(self.group, segment.label, values, line, places)


def _on_sides(segments: list[_Segment], sides: Sequence[_Side]) -> list[tuple[_Segment, _Side]] | None:
    """Return the segments with their sides, from left to right; None where more than one choice is left."""
    parted = _without_last_line(segments, sides)
    if parted is None:
        return None
    segments = parted
    choices = [
        chosen
        for chosen in combinations(range(len(sides)), min(len(segments), len(sides)))
        if len(chosen) == len(segments)
        and all(sides[n].holds(segment) for segment, n in zip(segments, chosen, strict=True))
    ]
    for test in (_by_words, _by_ordinals):
        if len(choices) > 1 and not any(segment.code for segment in segments):
            choices = list(test(segments, choices, sides))
    if len({tuple(sides[n].paths for n in chosen) for chosen in choices}) != 1:
        return None
    return [(segment, sides[n]) for segment, n in zip(segments, choices[0], strict=True)]


def _without_last_line(segments: list[_Segment], sides: Sequence[_Side]) -> list[_Segment] | None:
    """Return the segments with the number of a row that is empty on the right parted from the values on its left.

    None where that number may be an amount as well.
    """
    last, side = segments[-1], sides[-1]
    number = last.values[-1] if len(last.values) > 1 else None
    if number is None or len(segments) >= len(sides) or not side.numbers(number):
        return segments
    if len(last.values) == 2 and not side.follows_on(number):
        return None
    return [*segments[:-1], _Segment(last.label, last.values[:-1]), _Segment([], [number])]


def _by_words(
    segments: Sequence[_Segment], choices: Sequence[tuple[int, ...]], sides: Sequence[_Side]
) -> Iterator[tuple[int, ...]]:
    """Yield the choices under which no label of income stands on the side of expenditure, or the other way round."""
    for chosen in choices:
        labels = [(s.text, n) for s, n in zip(segments, chosen, strict=True) if s.label and not s.code]
        told = [(side_told(label), n) for label, n in labels]
        if all(side is None or (side == 0) == (n == 0) for side, n in told) and any(s is not None for s, _ in told):
            yield chosen


def _by_ordinals(
    segments: Sequence[_Segment], choices: Sequence[tuple[int, ...]], sides: Sequence[_Side]
) -> Iterator[tuple[int, ...]]:
    """Yield the choices under which the ordinals of every side rise."""
    for chosen in choices:
        if all(sides[n].follows(segment) for segment, n in zip(segments, chosen, strict=True)):
            yield chosen


def _ordinal(text: str) -> int:
    """Return the ordinal that a label begins with (十二、), 0 without one."""
    match = _ORDINAL.match(text)
    if not match or text[0] in "（(":
        return 0
    tens, is_ten, ones = match[1].rpartition("十")
    value = _DIGITS.find(ones) + 1 if ones else 0
    return value + ((_DIGITS.find(tens) + 1 or 1) * 10 if is_ten else 0)
