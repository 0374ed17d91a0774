"""A sheet as a reader sees it: titles, notes and prose as paragraphs, each run of rows with its header as a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from budget_llm.formats.cells import fitted
from budget_llm.formats.draft import Slot

Rows = Mapping[int, Mapping[int, str]]
Spans = Mapping[tuple[int, int], tuple[int, int]]

_REMARK = re.compile(r"[（(]?(?:备\s{0,4}注|注\s{0,4}[0-9：:.、]|说\s{0,4}明|附\s{0,4}注|注释|填表|制表|审核|※|\*)")
_NUMBER = re.compile(r"[-+]?[0-9][0-9,.]{0,40}%?")
_ORDINAL = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)、]")


def sheet_blocks(rows: Rows, spans: Spans) -> list[str | list[Slot]]:
    """Return the paragraphs and tables of a sheet in order; `rows` hold the filled cells, `spans` of merged ones."""
    blocks: list[str | list[Slot]] = []
    table: list[int] = []
    for run in _runs(rows, spans):
        titles, body, remarks = _parted(run, rows, spans)
        goes_on = bool(table) and not titles and bool(body) and not _has_header(body, rows)
        if table and not goes_on:
            blocks.append(_slots(table, rows, spans))
            table = []
        blocks += titles
        table += body
        if remarks and table:
            blocks.append(_slots(table, rows, spans))
            table = []
        blocks += remarks
    if table:
        blocks.append(_slots(table, rows, spans))
    return blocks


def _runs(rows: Rows, spans: Spans) -> list[list[int]]:
    """Return the runs of filled rows that blank rows part; a row under a merged cell is not blank."""
    filled = sorted(number for number, row in rows.items() if row)
    if not filled:
        return []
    reach = {
        number: max(number + spans.get((number, column), (1, 1))[0] for column in rows[number]) for number in filled
    }
    runs, end = [[filled[0]]], reach[filled[0]]
    for before, number in pairwise(filled):
        end = max(end, reach[before])
        if number > end:
            runs.append([])
        runs[-1].append(number)
    return runs


def _parted(run: list[int], rows: Rows, spans: Spans) -> tuple[list[str], list[int], list[str]]:
    """Return the title lines before a table, its rows, and the remarks after it."""
    first, last = 0, len(run)
    while first < last and len(rows[run[first]]) == 1 and not _reaches(run[first], run, rows, spans):
        first += 1
    right = max((max(rows[number]) for number in run[first:]), default=0)
    while last > first and _is_remark(run[last - 1], right, rows, spans):
        last -= 1
    return _texts(run[:first], rows), run[first:last], _texts(run[last:], rows)


def _reaches(number: int, run: list[int], rows: Rows, spans: Spans) -> bool:
    """Whether the only cell of a row is merged down beside filled rows: it labels them, it is no title."""
    (column,) = rows[number]
    down, _ = spans.get((number, column), (1, 1))
    return any(number < other < number + down for other in run)


def _is_remark(number: int, right: int, rows: Rows, spans: Spans) -> bool:
    if len(rows[number]) != 1:
        return False
    ((column, text),) = rows[number].items()
    _, across = spans.get((number, column), (1, 1))
    return bool(_REMARK.match(text)) or (across > 1 and column + across > right)


def _has_header(body: list[int], rows: Rows) -> bool:
    """Whether a run of rows begins with a header of its own: several words, no number, and rows below it."""
    cells = list(rows[body[0]].values())
    return (
        len(body) > 1
        and len(cells) > 1
        and not any(_NUMBER.fullmatch(text) for text in cells)
        and not _ORDINAL.match(cells[0])
    )


def _texts(numbers: list[int], rows: Rows) -> list[str]:
    return [text for number in numbers for text in rows[number].values()]


def _slots(numbers: list[int], rows: Rows, spans: Spans) -> list[Slot]:
    return fitted(
        [
            Slot(text, number, column, *spans.get((number, column), (1, 1)))
            for number in numbers
            for column, text in rows[number].items()
        ]
    )
