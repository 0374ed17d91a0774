"""The rows of a form that hold a label and its words (项目名称 | …, 年度目标 | …): neither headers nor rows below one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from budget_llm.lexicon import table_words
from budget_llm.normal_form import normalise
from budget_llm.tables.model import Cell
from budget_llm.tables.words import is_head, is_number

_BRACKETS = re.compile(r"\([^()]{0,30}\)")
_ORDINAL = re.compile(
    r"(?:其中|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十0-9]{1,2}\)|[0-9]{1,2}[、.])[:：]?"
)
_YEAR = re.compile(r"^20[0-9]{2}年度?")
_SENTENCE = re.compile(r"[。；;]")
_LONG = 20


def field_words(text: str) -> str:
    """Return the words of a form's label: normalised, without 其中, ordinal, year, brackets and the colon behind it."""
    plain = normalise(text)
    if ordinal := _ORDINAL.match(plain):
        plain = plain[ordinal.end() :]
    return _BRACKETS.sub("", _YEAR.sub("", plain)).rstrip(":")


def field_rows(rows: Sequence[Sequence[Cell]]) -> frozenset[int]:
    """Return the numbers of the rows that hold labels and their words.

    Names stand above something else of the form: a header, a goal, an amount beside its label. Where data
    follows, the labels are a header. A goal goes on in the rows below it that leave its column empty.
    """
    found: set[int] = set()
    below: int | None = None  # the row that follows: the rows are walked upwards
    for number in range(len(rows) - 1, -1, -1):
        row = rows[number]
        if not row:
            continue
        goals = _goal_rows(rows, number)
        if goals or (below is not None and _names(row) and (below in found or _goes_on(rows[below]))):
            found |= {number, *goals}
        below = number
    return frozenset(found)


def _goes_on(row: Sequence[Cell]) -> bool:
    """Whether a row below names goes on with the form: a header, an amount beside its label."""
    return _is_header(row) or _holds_money(row)


def _names(row: Sequence[Cell]) -> bool:
    """Whether a row is made of labels and their words: 主管部门 | 某局 | 实施单位 | 某所."""
    labels, values = row[::2], row[1::2]
    pattern = table_words("fields")["name"]
    return (
        bool(values)
        and all(pattern.search(field_words(cell.text)) for cell in labels)
        and not any(is_head(cell.text) or _number(cell) or pattern.search(field_words(cell.text)) for cell in values)
    )


def _goal_rows(rows: Sequence[Sequence[Cell]], number: int) -> set[int]:
    """Return the rows that a goal takes, none where the row tells none: the rows below go on with it."""
    label, *others = rows[number]
    fields = table_words("fields")
    if not others or not fields["goal"].search(field_words(label.text)):
        return set()
    heads = all(fields["goal_head"].search(field_words(cell.text)) for cell in others)
    alone = len(others) == 1 and not is_head(others[0].text) and not _number(others[0])
    if not heads and not alone and not all(map(_is_told, others)):
        return set()
    return {number, *_more_of(rows, number)}


def _more_of(rows: Sequence[Sequence[Cell]], number: int) -> Iterator[int]:
    column = rows[number][0].column
    for following in range(number + 1, len(rows)):
        row = rows[following]
        if not row or row[0].column <= column or any(map(_number, row)) or not any(map(_is_told, row)):
            return
        if _is_header(row):
            return
        yield following


def _is_told(cell: Cell) -> bool:
    """Whether a cell holds words of a goal and no header."""
    return not is_head(cell.text) and (len(cell.text) > _LONG or _SENTENCE.search(cell.text) is not None)


def _is_header(row: Sequence[Cell]) -> bool:
    """Whether a row that begins in the first column is made of headers, three or more."""
    heads = sum(is_head(cell.text) for cell in row)
    return len(row) >= 3 and row[0].column == 0 and heads * 2 >= len(row) and not any(map(_number, row))


def _holds_money(row: Sequence[Cell]) -> bool:
    """Whether a row holds an amount beside a label that forms give it (资金总额 | 350)."""
    pattern = table_words("fields")["money"]
    return any(pattern.search(field_words(label.text)) and _number(value) for label, value in pairwise(row))


def _number(cell: Cell) -> bool:
    return is_number(cell.text.removesuffix("元").rstrip("万亿 "))
