"""Tables that the rules cannot map: which they are, and how one is shown to the model – never more than three rows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from budget_llm.document import Document
from budget_llm.facts import Fact
from budget_llm.quantities import parse_number
from budget_llm.sections import Section
from budget_llm.tables import Cell, Table

_DIGIT = re.compile("[0-9０-９]")
_CODE, _INNER_CODE = re.compile(r"[2-5][0-9]{2}(?:[0-9]{2}){0,2}"), re.compile("[0-9]{1,2}")
_MONEY = re.compile(r"(?:亿|百万|千|万)元|[（(：:][ \u3000]?元|万")
_READ_ELSEWHERE = re.compile("绩效|指标")
_NUMBERING = re.compile("行次|栏次|序号")
# Fewer numbers than these are no table worth a call. Of a form that they know the rules read four fifths and more;
# of one that they do not, the row of an ordinary 合计, which is a quarter of a small table.
_FEWEST_NUMBERS = 4
_LEAST_READ = 3
_SAMPLE_ROWS, _MOST_NAMED_ROWS = 3, 24
_LONGEST_CELL, _LONGEST_HEADER = 30, 60
_WIDEST = 40
_ABOVE = 120


def unknown_tables(document: Document, sections: Sequence[Section], by_rule: Sequence[Fact]) -> list[int]:
    """Return the numbers of the tables whose header the rules cannot map, in order.

    A table is one of these where it holds four numbers of amounts or more and the rules read fewer than a third of
    them. It needs a header (without one there is nothing to map by) and a unit somewhere about it (without one no
    amount can be read). Tables of performance are read as text with their section.
    """
    read = {fact.start for fact in by_rule}
    found = []
    for number, table in enumerate(document.tables):
        section = section_of(table, sections)
        if section.topic == "performance" or _READ_ELSEWHERE.search((table.title or "") + section.title):
            continue
        if table.width > _WIDEST or not any(table.columns) or not _MONEY.search(unit_words_about(document, table)):
            continue
        amounts = amounts_in(table)
        if len(amounts) >= _FEWEST_NUMBERS and sum(c.start in read for c in amounts) * _LEAST_READ < len(amounts):
            found.append(number)
    return found


def section_of(table: Table, sections: Sequence[Section]) -> Section:
    """Return the section that a table stands in."""
    return sections[bisect_right(sections, table.start, key=lambda section: section.start) - 1]


def body_rows(table: Table) -> list[tuple[Cell, ...]]:
    """Return the body rows that stand under the table's first header; a form may have other headers further below."""
    rows = (table.row(number) for number in range(table.height))
    return [row for row in rows if row and row[0].kind == "body" and _under_first_header(row, table)]


def _under_first_header(row: Sequence[Cell], table: Table) -> bool:
    return sum(cell.header == table.columns[cell.column] for cell in row) * 2 > len(row)


def written_number(cell: Cell) -> str | None:
    """Return the number that a cell holds as it is written, without its per cent sign; None where it holds none."""
    written = cell.text.rstrip("%％ ")
    return written if _DIGIT.search(written) and parse_number(written) is not None else None


def amounts_in(table: Table) -> list[Cell]:
    """Return the cells that hold a number, columns of codes and of running numbers left out."""
    columns: dict[int, list[Cell]] = defaultdict(list)
    for row in body_rows(table):
        for cell in row:
            if written_number(cell):
                columns[cell.column].append(cell)
    amounts: list[Cell] = []
    codes = False  # whether the column to the left is of codes: 款 and 项 of two digits stand to the right of 类
    for column in range(table.width):
        cells = columns.get(column, [])
        codes = bool(cells) and (_all(_CODE, cells) or (codes and _all(_INNER_CODE, cells)))
        if not codes and not _counts_rows(cells, table.columns[column]):
            amounts += cells
    return amounts


def _all(pattern: re.Pattern[str], cells: Sequence[Cell]) -> bool:
    return all(pattern.fullmatch(cell.text) for cell in cells)


def _counts_rows(cells: Sequence[Cell], path: Sequence[str]) -> bool:
    """Whether a column's numbers count the rows: its header says so, or they run from 1."""
    if path and _NUMBERING.search(path[-1]):
        return True
    counts = [int(cell.text) for cell in cells if cell.text.isdecimal()]
    return len(counts) == len(cells) > 2 and counts[0] == 1 and all(b == a + 1 for a, b in pairwise(counts))


def unit_words_about(document: Document, table: Table) -> str:
    """Return the words in which a table's unit may stand: those above it, its title, notes and headers."""
    own = [cell.text for cell in table.cells if cell.kind in ("title", "note", "header")]
    above = document.text[max(0, table.start - _ABOVE) : table.start]
    stated = f"：{table.unit}" if table.unit else ""
    return " ".join((above, table.title or "", stated, *own))


def shown(table: Table, number: int) -> str:
    """Return a table as the model sees it: title, unit, the header path of each column, three rows, the rows' names."""
    rows = body_rows(table)
    lines = [
        f"表{number}：{_cut(table.title or '无表名', _LONGEST_HEADER)}；单位：{table.unit or '未写明'}；{len(rows)}行"
    ]
    lines += [f"列{n}：{_cut('/'.join(path) or '无表头', _LONGEST_HEADER)}" for n, path in enumerate(table.columns, 1)]
    lines += ["例：" + "｜".join(_texts(row, table.width)) for row in rows[:_SAMPLE_ROWS]]
    if _SAMPLE_ROWS < len(rows) <= _MOST_NAMED_ROWS:
        names = (next((c.text for c in row if not written_number(c)), "") for row in rows[_SAMPLE_ROWS:])
        lines.append("其余各行名称：" + "；".join(_cut(name, _LONGEST_CELL) for name in names if name))
    return "\n".join(lines)


def _texts(row: Sequence[Cell], width: int) -> list[str]:
    texts = [""] * width
    for cell in row:
        texts[cell.column] += cell.text
    return [_cut(text, _LONGEST_CELL) for text in texts]


def _cut(text: str, length: int) -> str:
    """Return the words of a cell on one line, no longer than a header is, with nothing that parts cells in them."""
    return "".join(text.split()).replace("｜", "|")[:length]
