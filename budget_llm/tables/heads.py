"""What each row of a grid is – title, note, header, ordinal, field, body – and the header path of each column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from budget_llm.lexicon import header_words
from budget_llm.normal_form import normalise
from budget_llm.tables.captions import TITLE, UNIT
from budget_llm.tables.fields import field_rows
from budget_llm.tables.model import Cell, Grid
from budget_llm.tables.words import is_head, is_number

# 栏次 1 2 3=1+2; （1）（2）
_ORDINAL = re.compile(r"[（(]?([0-9]{1,2})[)）]?(?:[ \u3000]?=[0-9+－()（）*/-]{1,40})?")
_COUNTER = re.compile(r"(?:栏次|行次|列次|序号|栏目|[*]{1,3})[:：]?")
_REMARK = re.compile(r"(?:备注|说明|附注|注)[ \u3000]?[0-9一二三]?[:：]")
_CLASS = re.compile(r"[一二三四五六七八九十]{1,3}、|合计$|总计$|小计$")
_LONGEST_HEADER = 40
_MOST_HEADER_ROWS = 6


def row_kinds(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return the kind of each row: title, note, header, ordinal, field or body; an empty row is body."""
    kinds: list[str] = []
    fields = field_rows(rows)
    seen: set[tuple[str, ...]] = set()
    leading = 0  # how many rows of the header that opens the grid are known, -1 once a body row came
    for number, row in enumerate(rows):
        below = rows[number + 1 : number + 1 + _MOST_HEADER_ROWS]
        kind = "field" if number in fields else _kind(row, kinds[-1] if kinds else None, leading, seen, below)
        if kind == "header":
            seen.add(_texts(row))
            leading += leading >= 0
        elif kind == "body" and row:
            leading = -1
        kinds.append(kind)
    return kinds


def _kind(
    row: Sequence[Cell], above: str | None, leading: int, seen: set[tuple[str, ...]], below: Sequence[Sequence[Cell]]
) -> str:
    if not row:
        return "body"
    if any(UNIT.search(cell.text) for cell in row) and not any(is_number(cell.text) for cell in row):
        return "note" if len(row) <= 3 else "header"
    if _REMARK.match(row[0].text):
        return "note"
    if above in ("header", "ordinal") and _is_ordinal(row):
        return "ordinal"
    if any(is_number(cell.text) for cell in row):
        return "body"
    if _texts(row) in seen:
        return "header"
    if leading == 0 and _is_alone(row):
        if TITLE.search(row[0].text) and normalise(row[0].text) not in header_words():
            return "title"
        if re.match(r"[^：:]{2,12}[：:]", row[0].text):
            return "note"
    share = _header_share(row)
    if leading >= 0:
        return "header" if _opens(row, share, leading, below) else "body"
    return "header" if len(row) >= 3 and share >= 0.6 and all(_is_short(cell) for cell in row) else "body"


def is_title_row(row: Sequence[Cell], width: int) -> bool:
    """Whether a row holds nothing but the title of a table, in one cell over half of the columns or alone in the row."""
    return (
        len(row) == 1
        and (row[0].columns * 2 > width or row[0].column == 0)
        and TITLE.search(row[0].text) is not None
        and normalise(row[0].text) not in header_words()
    )


def _texts(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(normalise(cell.text) for cell in row)


def _is_alone(row: Sequence[Cell]) -> bool:
    return len({cell.column for cell in row}) == 1


def _is_short(cell: Cell) -> bool:
    return len(cell.text) <= _LONGEST_HEADER


def _header_share(row: Sequence[Cell]) -> float:
    return sum(is_head(cell.text) for cell in row) / len(row)


def _opens(row: Sequence[Cell], share: float, leading: int, below: Sequence[Sequence[Cell]]) -> bool:
    """Whether a row without numbers is one of the header rows that open a grid."""
    if leading >= _MOST_HEADER_ROWS or not all(_is_short(cell) for cell in row):
        return False
    if _CLASS.match(normalise(row[0].text)) and (share == 0 or _is_alone(row)):
        return False
    if share >= 0.5:
        return True
    # Words that no lexicon knows: still a header where numbers stand below it.
    return (leading > 0 or len(row) >= 2) and any(
        sum(is_number(cell.text) for cell in other) * 2 >= len(other) for other in below if other
    )


def _is_ordinal(row: Sequence[Cell]) -> bool:
    """Whether the row counts the columns: 1, 2, 3 …, beside nothing or words such as 栏次."""
    told = [cell.text for cell in row if _COUNTER.fullmatch(normalise(cell.text))]
    marks = [_ORDINAL.fullmatch(cell.text) for cell in row if cell.text not in told]
    numbers = [int(mark[1]) for mark in marks if mark]
    return (
        len(numbers) == len(marks) >= (1 if told else 2)
        and numbers[0] <= 1 + len(told)
        and all(b == a + 1 or b == 1 for a, b in pairwise(numbers))
    )


def header_paths(rows: Sequence[Sequence[Cell]], width: int) -> tuple[tuple[str, ...], ...]:
    """Return the header path of each column under consecutive header rows, outermost first, without layout spaces.

    A merged cell heads all the columns it covers. Where merging cannot be known (plain text, unmerged
    spreadsheets) a cell that has a header of its own below it heads the empty places to its right that have one too.
    """
    labels = [[""] * width for _ in rows]
    for level, row in enumerate(rows):
        for cell in row:
            for down in range(level, min(level + cell.rows, len(rows))):
                for right in range(cell.column, min(cell.column + cell.columns, width)):
                    labels[down][right] += "".join(cell.text.split())
    for level, row in enumerate(rows):
        if any(cell.columns > 1 for cell in row):
            continue
        for column in range(1, width):
            left = labels[level][column - 1]
            beneath = [below[column] for below in labels[level + 1 :]]
            heads = [below[column - 1] for below in labels[level + 1 :]]
            if not labels[level][column] and left and any(beneath) and any(heads) and left not in heads:
                labels[level][column] = left
    _join_wrapped(labels, width)
    return tuple(_path(level[column] for level in labels) for column in range(width))


def _join_wrapped(labels: Sequence[list[str]], width: int) -> None:
    """Join the halves of a word that goes on in a row below: 因公出国 above （境）费, each over that column alone."""
    for column in range(width):
        levels = [level for level in range(len(labels)) if labels[level][column]]
        for above, below in pairwise(levels):
            upper, lower = labels[above][column], labels[below][column]
            beside = labels[above][max(column - 1, 0) : column] + labels[above][column + 1 : column + 2]
            known = header_words()
            if upper not in beside and normalise(upper + lower) in known and normalise(lower) not in known:
                labels[above][column], labels[below][column] = "", upper + lower


def _path(labels: Iterable[str]) -> tuple[str, ...]:
    path: list[str] = []
    for label in labels:
        if label and (not path or path[-1] != label):
            path.append(label)
    return tuple(path)


def rows_of(grid: Grid) -> list[list[Cell]]:
    """Return the cells of a grid by row."""
    rows: list[list[Cell]] = [[] for _ in range(grid.height)]
    for cell in grid.cells:
        rows[cell.row].append(cell)
    return rows
