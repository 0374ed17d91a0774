"""An example's text cut into the blocks that every rendering sets: title, headings, paragraphs, tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
STEMS = ("budget-prose-2025", "budget-tables-2024", "final-accounts-2023", "self-evaluation-2023")

# The examples imitate text cut by a page break: a line that begins so goes on with the paragraph before it.
CONTINUED = ("万元，比上年压减", "万元。年末公务用车", "指导单项协会", "157.85万元。预留")
PARTS = re.compile(r"第[一二三]部分")
NUMBERED = ((2, re.compile(r"[一二三四五六七八九十]+、")), (3, re.compile(r"[（(][一二三四五][）)]")))
ITEM = re.compile(r"[0-9]{1,2}[.、]")
SIGNED = re.compile(r"稻溪县文化和旅游局|2024年3月15日")


@dataclass(frozen=True, slots=True)
class Span:
    """A merged cell: its place and how many rows and columns it covers."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the lines above it, its cells, its header rows and its merged cells."""

    label: str
    title: str
    unit: str
    rows: tuple[tuple[str, ...], ...]
    head: int
    spans: tuple[Span, ...]

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0])

    def covered(self) -> frozenset[tuple[int, int]]:
        """The places that a merged cell hides: all that it covers but its first."""
        return frozenset(
            (row, column)
            for span in self.spans
            for row in range(span.row, span.row + span.rows)
            for column in range(span.column, span.column + span.columns)
            if (row, column) != (span.row, span.column)
        )

    def span(self, row: int, column: int) -> Span:
        """The merged cell that begins here, or the cell alone."""
        found = [span for span in self.spans if (span.row, span.column) == (row, column)]
        return found[0] if found else Span(row, column, 1, 1)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the document in its order; `level` is that of a heading or a contents entry, from 1."""

    kind: str
    text: str = ""
    level: int = 0
    table: Table | None = None


def source(stem: str) -> str:
    """The text of an example."""
    return (ROOT / "examples" / f"{stem}.txt").read_text(encoding="utf-8")


def blocks(stem: str) -> list[Block]:
    """The blocks of an example, in its order."""
    lines = [line.strip("　 ") for line in _joined(source(stem).splitlines())]
    found: list[Block] = [Block("title", lines[0])]
    position, contents = 1, False
    while position < len(lines):
        table, after = _table(lines, position)
        if table is not None:
            found.append(Block("table", table=table))
            position = after
            continue
        line = lines[position]
        position += 1
        if line == "目录":
            contents = True
            found.append(Block("contents-title", line))
        elif not line:
            contents = False if contents else contents
        else:
            found.append(_line(line, contents))
    return found


def _joined(lines: list[str]) -> list[str]:
    """The lines with paragraphs whole again and without the header that a page break repeated."""
    whole: list[str] = []
    for line in lines:
        if line.startswith(CONTINUED):
            while not whole[-1]:
                whole.pop()
            whole[-1] += line
        elif line.startswith(("经济分类科目\t", "科目编码\t科目名称\t总 计\t人员")) and line in whole:
            continue
        elif not (line == "" and whole and _inside_table(whole)):
            whole.append(line)
    return whole


def _inside_table(lines: list[str]) -> bool:
    """Whether the blank line after these is where the page broke the basic expenditure table."""
    return lines[-1].startswith("30211\t")


def _line(line: str, contents: bool) -> Block:
    if PARTS.match(line):
        return Block("contents" if contents else "heading", line, 1)
    if SIGNED.fullmatch(line):
        return Block("signature", line)
    for level, pattern in NUMBERED:
        if pattern.match(line) and "。" not in line and not line.endswith(("；", "：")):
            return Block("contents" if contents else "heading", line, level)
    if ITEM.match(line) and not re.search("[。；：]", line):
        return Block("heading", line, 4)
    return Block("paragraph", line)


def _table(lines: list[str], start: int) -> tuple[Table | None, int]:
    """The table that begins at a line and the line after it; no table leaves the line where it is."""
    if lines[start] == "表1　指标得分明细":
        end = lines.index("（二）指标分析", start)
        cells = lines[start + 1 : end]
        rows = tuple(tuple(cells[at : at + 4]) for at in range(0, len(cells), 4))
        return Table("", lines[start], "", rows, 1, ()), end
    if not re.fullmatch("表[一二三四五六七]", lines[start]):
        return None, start
    first = next(at for at in range(start, len(lines)) if "\t" in lines[at])
    end = next((at for at in range(first, len(lines)) if "\t" not in lines[at]), len(lines))
    rows = tuple(tuple(line.split("\t")) for line in lines[first:end])
    label, title, unit = (line for line in lines[start:first] if line)
    head = 1 if rows[0][0] == "序号" else 2
    return Table(label, title, unit, rows, head, (*_head_spans(rows, head), *_body_spans(rows))), end


def _head_spans(rows: tuple[tuple[str, ...], ...], head: int) -> list[Span]:
    """The merged cells of a two-row header: down where nothing stands below, right over the empty cells."""
    if head == 1:
        return []
    spans = []
    for column, cell in enumerate(rows[0]):
        if not cell:
            continue
        if not rows[1][column]:
            spans.append(Span(0, column, 2, 1))
            continue
        end = column + 1
        while end < len(rows[0]) and not rows[0][end]:
            end += 1
        spans.append(Span(0, column, 1, end - column))
    return spans


def _body_spans(rows: tuple[tuple[str, ...], ...]) -> list[Span]:
    """The merged cells of the target table: ordinal, name, amount and target stand once for all indicators."""
    if rows[0][0] != "序号":
        return []
    starts = [at for at, row in enumerate(rows) if at and row[0]]
    ends = [*starts[1:], len(rows)]
    return [Span(start, column, end - start, 1) for start, end in zip(starts, ends, strict=True) for column in range(4)]


def pieces(text: str) -> list[str]:
    """The text cut where word processors cut runs: inside numbers, and between figures and characters."""
    cuts = r"(?<=[0-9][,.])(?=[0-9])|(?<=[一-鿿])(?=[0-9])|(?<=[、；])(?=[一-鿿])"
    return [piece for piece in re.split(cuts, text) if piece]
