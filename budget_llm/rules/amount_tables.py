"""Statements, three public expenses, procurement and projects: from the cells of a table to facts.

The row names an item, the column says what is told of it; where both together leave the concept open the
number stays unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from budget_llm.facts import Fact
from budget_llm.quantities import parse_number
from budget_llm.rules.cell_subjects import CARRIED_IN, Line, category_of, subject_of
from budget_llm.rules.columns import Column, Group, groups_of
from budget_llm.rules.forms import Form
from budget_llm.rules.rows import Row, row_of
from budget_llm.tables import Cell, Table, unit_in

_YEAR = re.compile(r"20[0-9]{2}")
_OF_A_FUND = re.compile(r"一般公共预算|政府性基金|国有资本")


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for a table: the document's year and stage, the section it stands in, its number, its project."""

    year: int | None
    stage: str
    section: int
    table: int
    project: str | None = None


def read_amounts(
    table: Table, body: Sequence[Sequence[Cell]], columns: Sequence[Column], form: Form, setting: Setting
) -> Iterator[Fact]:
    """Yield the facts of a table's body rows in their order."""
    groups = groups_of(columns)
    above: dict[int, str | None] = {}
    carried: dict[int, bool] = {}
    category: str | None = None
    for cells in body:
        by_column = _by_column(cells)
        for number, group in enumerate(groups):
            row = row_of(by_column, group, above.get(number))
            above[number] = row.code or above.get(number)
            if CARRIED_IN.search(row.words):
                carried[number] = True
            elif not row.inner and not _OF_A_FUND.match(row.words):
                carried[number] = False
            category = category_of(row) or (None if row.is_total else category)
            side = _side(row, group, form, number, len(groups))
            line = Line(row, side, carried.get(number, False), category, setting.project)
            counted = by_column.get(group.unit) if group.unit is not None else None
            for column in group.amounts:
                cell = by_column.get(column.number)
                fact = cell and _fact(cell, line, column, form, setting, _unit(table, column, counted))
                if fact:
                    yield fact


def _by_column(cells: Sequence[Cell]) -> dict[int, Cell]:
    """Return the cells of a row by column, what is broken over lines of plain text as one."""
    found: dict[int, Cell] = {}
    for cell in cells:
        known = found.get(cell.column)
        found[cell.column] = cell if known is None else replace(known, text=known.text + cell.text)
    return found


def _side(row: Row, group: Group, form: Form, number: int, count: int) -> str | None:
    """Return whether a row of a group is of the income or the expenditure."""
    words = group.words
    if ("收入" in words) != ("支出" in words):
        return "income" if "收入" in words else "expenditure"
    if ("收入" in row.words) != ("支出" in row.words):
        return "income" if "收入" in row.words else "expenditure"
    if form.side:
        return form.side
    if count > 1:
        return "income" if number == 0 else "expenditure"
    return None


def _fact(cell: Cell, line: Line, column: Column, form: Form, setting: Setting, unit: str | None) -> Fact | None:
    written = cell.text.rstrip("%％ ")
    value = parse_number(written)
    if value is None or unit is None or not re.search("[0-9０-９]", written):
        return None
    subject = subject_of(line, column, form)
    if subject is None:
        return None
    return Fact(
        concept=subject.concept,
        label=subject.label,
        measure=column.measure,
        value=value,
        unit=unit,
        start=cell.start,
        end=cell.start + len(written),
        text=written,
        section=setting.section,
        table=setting.table,
        scope=subject.scope,
        project=setting.project,
        split=subject.split,
        period=_period(line.row, column, setting),
        stage=None if subject.concept.startswith(("indicator.", "evaluation.")) else _stage(line.row, column, setting),
        code=subject.code,
    )


def _unit(table: Table, column: Column, counted: Cell | None) -> str | None:
    """Return the unit of a column's numbers: its own, for things that of their row, else the table's."""
    if column.measure in ("rate", "share"):
        return "%"
    if column.measure == "count":
        return counted.text if counted else None
    if column.measure in ("weight", "score"):
        return "分"
    return unit_in("".join(column.path)) or table.unit


def _period(row: Row, column: Column, setting: Setting) -> int | None:
    """Return the year that the row names (2023年预算数, 上年预算数), else the column's, else the document's."""
    year = _YEAR.search(row.words)
    if year and not row.code:
        return int(year.group())
    if setting.year and re.match(r"上年|上一年|去年", row.words) and not CARRIED_IN.search(row.words):
        return setting.year - 1
    return column.year or setting.year


def _stage(row: Row, column: Column, setting: Setting) -> str:
    """Return the stage that the column names, else the row's, else the document's."""
    if column.stage:
        return column.stage
    if "决算" in row.words:
        return "final"
    return "budget" if "预算数" in row.words else setting.stage
