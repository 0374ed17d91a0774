"""Performance indicators: targets, weights, actual values and scores, row by row under their project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.facts import Fact, Measure
from budget_llm.lexicon import table_words
from budget_llm.normal_form import normalise
from budget_llm.quantities import parse_number
from budget_llm.tables import Cell, Table

OPERATORS = {
    "≥": "≥", "大于等于": "≥", "不低于": "≥", "不少于": "≥", "不小于": "≥", ">=": "≥", "≧": "≥", "＞＝": "≥",
    "≤": "≤", "小于等于": "≤", "不高于": "≤", "不超过": "≤", "不大于": "≤", "<=": "≤", "≦": "≤",
    ">": ">", "＞": ">", "大于": ">", "<": "<", "＜": "<", "小于": "<", "=": "=", "＝": "=", "等于": "=", "定性": "定性",
}  # fmt: skip
_VALUE = re.compile(
    r"(?P<sign>" + "|".join(sorted(map(re.escape, OPERATORS), key=len, reverse=True)) + r")?\s?"
    r"(?P<number>[0-9０-９][0-9０-９,，]*(?:[.．][0-9０-９]+)?)\s?(?P<unit>[^0-9\s]{0,12})"
)
_UNIT_IN_HEADER = re.compile(r"[（(]([%％分])[)）]")


_NUMBERS: tuple[tuple[str, str, Measure | None], ...] = (
    ("target", "indicator.target", "target"),
    ("actual", "indicator.actual", None),
    ("weight", "indicator.weight", "weight"),
    ("score", "indicator.score", "score"),
    ("rate", "indicator.rate", "rate"),
)
# A target or result that is a date states no number.
_DATE = re.compile(r"20[0-9]{2}[ \u3000]?[年./-]|[0-9]{1,2}月")


@dataclass(frozen=True, slots=True)
class _Item:
    """An indicator: its name, operator, unit, project and whether it is a core one."""

    name: str
    operator: str | None
    unit: str | None
    project: str | None
    core: bool | None


def read_indicators(
    table: Table,
    body: Sequence[Sequence[Cell]],
    project: str | None,
    year: int | None,
    stage: str,
    section: int,
) -> Iterator[Fact]:
    """Yield the facts of an indicator table; a project named once stands for the rows below it.

    `project` is what a row above the table's indicators names, None where none does.
    """
    for cells in body:
        by_role = _by_role(cells)
        if "project" in by_role:
            project = "".join(by_role["project"].text.split())
        if "budget" in by_role and project:
            yield from _budget(table, by_role["budget"], project, year, stage, section)
        name = by_role.get("name") or (by_role.get("level") if {"weight", "score"} & by_role.keys() else None)
        if name is None:
            continue
        item = _item(by_role, name, project)
        yield from _facts(by_role, item, year, section)


def _by_role(cells: Sequence[Cell]) -> Mapping[str, Cell]:
    """Return the cells of a row by what their columns hold."""
    found: dict[str, Cell] = {}
    for cell in cells:
        words = normalise(cell.header[-1]) if cell.header else ""
        role = next((role for role, pattern in table_words("indicators").items() if pattern.search(words)), None)
        if role == "name" and "name" in found:
            continue
        if role:
            found[role] = cell
    return found


def _item(by_role: Mapping[str, Cell], name: Cell, project: str | None) -> _Item:
    sign = normalise(by_role["property"].text) if "property" in by_role else ""
    target = _VALUE.match(normalise(by_role["target"].text)) if "target" in by_role else None
    operator = OPERATORS.get(sign) or (OPERATORS.get(target["sign"] or "", "=") if target else None)
    if operator is None and "target" in by_role:
        operator = "定性"
    core = {"是": True, "否": False}.get(by_role["core"].text) if "core" in by_role else None
    unit = by_role["unit"].text if "unit" in by_role else None
    return _Item("".join(name.text.split()), operator, unit, project, core)


def _facts(by_role: Mapping[str, Cell], item: _Item, year: int | None, section: int) -> Iterator[Fact]:
    for role, concept, kind in _NUMBERS:
        cell = by_role.get(role)
        match = cell and _VALUE.match(cell.text)
        if cell is None or _DATE.search(cell.text):
            continue
        if not match:
            if role == "target" and item.operator == "定性":
                yield _fact(
                    cell, cell.start, cell.end, Decimal("NaN"), item.unit, concept, "target", item, year, section
                )
            continue
        value = parse_number(match["number"])
        assert value is not None
        start = cell.start + match.start("number")
        unit = _unit(role, cell, match["unit"], item)
        measure = kind or measure_of(unit)
        yield _fact(cell, start, start + len(match["number"]), value, unit, concept, measure, item, year, section)


def measure_of(unit: str | None) -> Measure:
    """Return how what was reached is measured: a rate, an amount of money (per thing too), else a count."""
    if unit == "%":
        return "rate"
    return "amount" if unit and unit.startswith(("元", "千元", "万元", "亿元")) else "count"


def _unit(role: str, cell: Cell, behind: str, item: _Item) -> str | None:
    """Return the unit of a number: behind it, in its header, in the column of units, by what it is."""
    if role in ("weight", "score"):
        header = _UNIT_IN_HEADER.search("".join(cell.header))
        return "%" if (header and header[1] in "%％") or behind[:1] in ("%", "％") else "分"
    if behind:
        return "%" if behind[0] in "%％" else behind
    return "%" if role == "rate" else item.unit


def _fact(
    cell: Cell, start: int, end: int, value: Decimal, unit: str | None, concept: str, measure: Measure, item: _Item,
    year: int | None, section: int,
) -> Fact:  # fmt: skip
    return Fact(
        concept=concept, label=item.name, measure=measure, value=value, unit=unit, start=start, end=end,
        text=cell.text[start - cell.start : end - cell.start], section=section, period=year,
        operator=item.operator, project=item.project, core=item.core,
    )  # fmt: skip


def _budget(table: Table, cell: Cell, project: str, year: int | None, stage: str, section: int) -> Iterator[Fact]:
    value = parse_number(cell.text)
    if value is None or table.unit is None:
        return
    scope = "fiscal" if "财政" in "".join(cell.header) else "department"
    yield Fact(
        concept="performance.project_budget", label=project, measure="amount", value=value, unit=table.unit,
        start=cell.start, end=cell.end, text=cell.text, section=section, scope=scope, period=year, stage=stage,
    )  # fmt: skip
