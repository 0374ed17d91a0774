"""The facts of a table as the blocks that stand side by side in it: lines with a label, columns with facts.

The left and the right half of a row are different statements: income here, expenditure there. A block is the
columns of numbers behind one run of label columns.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from budget_llm.facts import Fact
from budget_llm.normal_form import normalise
from budget_llm.ordered import start_of
from budget_llm.tables import Cell, Table

_WORDS = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_DIGITS = re.compile(r"[0-9０-９]")
_TOTAL = re.compile(
    r"(?:本年|当年|本级|部门|单位|全年|年度)*(?:收入|支出|收支|采购|资金|人员经费|公用经费|项目)*(?:预算|决算)?(?:合计|总计|总额|小计|共计|合价)(?:数)?(?:[(（].{0,12}[)）])?"
)
_BALANCE = re.compile("结转|结余|弥补")
_CURRENT_HEAD = re.compile(r"(?:本年|当年)(?:财政拨款)?(?:收入|支出)")
_HEAD = re.compile(
    r"(?:本年|当年)(?:财政拨款)?(?:收入|支出)|(?:上年|年初)?结转(?:和)?(?:结余)?(?:资金|收入)?|(?:上年|年初).{0,4}结转.{0,6}|结转下年(?:支出)?|(?:年末|年终).{0,4}结转.{0,6}"
)
_CURRENT = re.compile(r"(?:本年|当年).{0,24}(?:合计|小计)|(?:收入|支出)合计")
_INNER = re.compile(r"其中|[-—－]{1,6}(?=[\u4e00-\u9fff])|附[:：]")
_ECONOMIC_CLASS = re.compile(
    r"工资福利支出|商品和服务支出|对个人和家庭的补助(?:支出)?|债务利息及费用支出|资本性支出(?:\(基本建设\))?|其他资本性支出|对企业补助(?:\(基本建设\))?|对社会保障基金补助|其他支出"
)
# How a list is numbered, by its depth.
_ORDINALS = (
    re.compile(r"[一二三四五六七八九十]{1,3}[、.．]"),
    re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"[0-9]{1,2}[、.．](?![0-9])"),
    re.compile(r"[(（][0-9]{1,2}[)）]"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a block: its label (normalised, without its ordinal), the facts by column, and where a number stayed unread.

    `path` is the way to it in a classification: its code by levels, or the names of the classes above it and its own.
    `depth` is that of its ordinal (一、 0, （一） 1, 1. 2, （1） 3), None without one.
    """

    row: int
    label: str
    code: str | None
    facts: Mapping[int, Fact]
    gaps: frozenset[int]
    depth: int | None
    path: tuple[str, ...] = ()

    @property
    def is_total(self) -> bool:
        """Whether the line sums up others."""
        return _TOTAL.fullmatch(self.label) is not None or self.label.endswith("小计")

    @property
    def is_head(self) -> bool:
        """Whether the line heads a list: this year's money, or what is carried."""
        return _HEAD.fullmatch(self.label) is not None

    @property
    def is_balance(self) -> bool:
        """Whether the line is money of earlier years that is used, or what is left of this year's."""
        return _BALANCE.search(self.label) is not None

    @property
    def is_current(self) -> bool:
        """Whether the line is this year's money."""
        return _CURRENT_HEAD.fullmatch(self.label) is not None

    @property
    def is_current_total(self) -> bool:
        """Whether the line is the total of one year's income or expenditure, beside what is carried."""
        return _CURRENT.fullmatch(self.label) is not None

    @property
    def is_inner(self) -> bool:
        """Whether the line says that it is some part of the one above (其中)."""
        return _INNER.match(self.label) is not None


@dataclass(frozen=True, slots=True)
class Block:
    """Lines and columns of numbers that belong together, in the order of the table."""

    lines: tuple[Line, ...]
    columns: tuple[int, ...]
    headers: Mapping[int, str]

    def filled(self, column: int) -> Iterator[tuple[Line, Fact]]:
        """Yield the lines that have a fact in a column, with it."""
        for line in self.lines:
            if column in line.facts:
                yield line, line.facts[column]

    def has_gap(self, column: int, first: int, last: int) -> bool:
        """Whether a number in the column, from row to row, stayed unread."""
        return any(column in line.gaps for line in self.lines if first <= line.row <= last)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its facts in blocks."""

    number: int
    facts: tuple[Fact, ...]
    blocks: tuple[Block, ...]


def sheet_of(table: Table, number: int, facts: Sequence[Fact]) -> Sheet:
    """Return a table with its facts parted into the blocks that stand side by side."""
    ordered = sorted(facts, key=start_of)
    starts = [start_of(fact) for fact in ordered]
    by_cell: dict[tuple[int, int], Fact] = {}
    labelled: set[int] = set()
    loose: list[Cell] = []
    for cell in table.cells:
        place = bisect_right(starts, cell.end - 1) - 1
        if place >= 0 and starts[place] >= cell.start:
            by_cell.setdefault((cell.row, cell.column), ordered[place])
        elif cell.kind == "body":
            loose.append(cell)
            if _WORDS.search(cell.text):
                labelled.add(cell.column)
    amounts = {column for _, column in by_cell}
    labelled -= {column for column in labelled if column in amounts}
    return Sheet(number, tuple(ordered), tuple(_blocks(table, by_cell, loose, sorted(labelled), sorted(amounts))))


def _blocks(
    table: Table, by_cell: Mapping[tuple[int, int], Fact], loose: Sequence[Cell],
    labelled: Sequence[int], amounts: Sequence[int],
) -> Iterator[Block]:  # fmt: skip
    """Yield a block for each run of columns of numbers behind a run of label columns."""
    runs: dict[int, list[int]] = defaultdict(list)
    for column in amounts:
        runs[bisect_right(labelled, column)].append(column)
    words: dict[tuple[int, int], list[Cell]] = defaultdict(list)
    gaps: dict[int, set[int]] = defaultdict(set)
    known = set(amounts)
    for cell in loose:
        if cell.column not in known:
            words[cell.row, bisect_right(labelled, cell.column)].append(cell)
        elif _DIGITS.search(cell.text):
            gaps[cell.row].add(cell.column)
    headers = {column: normalise("".join(table.columns[column])) for column in amounts}
    lower = -1
    for place, columns in sorted(runs.items()):
        facts: dict[int, dict[int, Fact]] = defaultdict(dict)
        for (row, column), fact in by_cell.items():
            if column in columns:
                facts[row][column] = fact
        rows = sorted(facts.keys() | {row for (row, run) in words if lower < run <= place})
        lines = []
        for row in rows:
            cells = [c for run in range(lower + 1, place + 1) for c in words.get((row, run), ())]
            lines.append(_line(row, cells, facts.get(row, {}), gaps.get(row, set())))
        yield Block(tuple(_classed(lines)), tuple(columns), headers)
        lower = place


def _line(row: int, cells: Sequence[Cell], facts: Mapping[int, Fact], gaps: set[int]) -> Line:
    written: dict[int, str] = defaultdict(str)
    for cell in cells:  # a name broken over lines of plain text is several cells of one column
        written[cell.column] += cell.text
    named = [text for text in map(normalise, written.values()) if _WORDS.search(text)]
    label = named[-1] if named else ""
    code = next((fact.code for fact in facts.values() if fact.code), None)
    depth, ordinal = next(((d, found) for d, o in enumerate(_ORDINALS) if (found := o.match(label))), (None, None))
    label = label[ordinal.end() :] if ordinal else label
    return Line(row, label, code, facts, frozenset(gaps), depth, _path(label, code, facts))


def _classed(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines, items of the economic classification that have no code under the class that stands above them."""
    above: str | None = None
    for line in lines:
        if line.code or len(line.path) != 1 or not _is_economic(line):
            yield line
        elif _ECONOMIC_CLASS.fullmatch(line.label):
            above = line.label
            yield line
        else:
            yield line if above is None else replace(line, path=(above, line.label))


def _is_economic(line: Line) -> bool:
    return any(fact.concept == "expenditure.economic" for fact in line.facts.values())


def _path(label: str, code: str | None, facts: Mapping[int, Fact]) -> tuple[str, ...]:
    """Return the levels of a code (208, 05, 05) or of a name that is written with its classes (教育支出-普通教育)."""
    if code:
        return tuple(filter(None, (code[:3], code[3:5], code[5:])))
    named = any(fact.concept in ("expenditure.function", "expenditure.economic") for fact in facts.values())
    return tuple(label.split("-")) if named and not _TOTAL.fullmatch(label) else ()
