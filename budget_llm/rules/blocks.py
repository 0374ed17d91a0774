"""The parts of a table under headers of their own: a form may hold a project's name, its funds and its indicators."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from budget_llm.normal_form import normalise
from budget_llm.tables import Cell, Table

_PROJECT = ("项目名称", "专项名称")


def blocks_of(table: Table) -> Iterator[tuple[list[tuple[Cell, ...]], str | None]]:
    """Yield the body rows of each part with the project that a row above it names (项目名称 | …), None without one.

    A header that a page break repeats opens no part of its own.
    """
    block: list[tuple[Cell, ...]] = []
    project: str | None = None
    headers: dict[int, tuple[str, ...]] = {}
    for number in range(table.height):
        row = table.row(number)
        if not row:
            continue
        project_here = _project(row) if row[0].kind != "header" else None
        if row[0].kind == "body":
            own = {cell.column: cell.header for cell in row}
            if any(headers.get(column, header) != header for column, header in own.items()):
                yield block, project
                block, headers = [], {}
            headers |= own
            block.append(row)
        if project_here:
            if block and row[0].kind != "body":
                yield block, project
                block, headers = [], {}
            project = project_here
    if block:
        yield block, project


def _project(row: tuple[Cell, ...]) -> str | None:
    """Return the project that a row of labels and values names."""
    for cell, following in pairwise(row):
        if (
            normalise(cell.text) in _PROJECT
            and following.column == cell.column + cell.columns
            and len(following.text) > 2
        ):
            value = "".join(following.text.split())
            return (
                value
                if normalise(value) not in ("预算金额", "项目类别", "主管部门", "预算数", "金额", "合计")
                else None
            )
    return None
