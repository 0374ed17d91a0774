"""Performance indicators: targets, weights, actual values and scores, row by row under their project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from budget_llm.facts import Fact, Measure
from budget_llm.lexicon import table_words
from budget_llm.normal_form import normalise
from budget_llm.quantities import parse_number
from budget_llm.rules.amount_tables import Setting
from budget_llm.rules.columns import stage_in
from budget_llm.rules.indicator_values import OPERATORS, has_digits, is_date, value_in
from budget_llm.scopes import named_fund
from budget_llm.tables import Cell, Table, unit_in

_UNIT_IN_HEADER = re.compile(r"[（(]([%％分])[)）]")
_NUMBERS: tuple[tuple[str, str, Measure | None], ...] = (
    ("target", "indicator.target", "target"),
    ("actual", "indicator.actual", None),
    ("weight", "indicator.weight", "weight"),
    ("score", "indicator.score", "score"),
    ("rate", "indicator.rate", "rate"),
)
# 产出指标（50分）: the weight of a group or an indicator, written behind its name.
_WEIGHED = re.compile(
    r"(?P<name>[^（()）]{2,20})[（(](?:权重|分值)?[:：]?(?P<weight>[0-9]{1,3}(?:[.．][0-9]{1,2})?)(?P<unit>分|[%％])[)）]"
)


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of a row by what their columns hold; a row may have several levels and several amounts of money."""

    by_role: dict[str, Cell] = field(default_factory=dict)
    levels: list[Cell] = field(default_factory=list)
    budgets: list[Cell] = field(default_factory=list)

    @property
    def name(self) -> Cell | None:
        """What the row is of: the indicator, in a row that sums up the label in the place of a level."""
        if "name" in self.by_role or not {"weight", "score"} & self.by_role.keys():
            return self.by_role.get("name")
        return self.levels[-1] if self.levels else None


@dataclass(frozen=True, slots=True)
class _Item:
    """An indicator: its name, operator, unit, project and whether it is a core one."""

    name: str
    operator: str | None
    unit: str | None
    project: str | None
    core: bool | None


def read_indicators(table: Table, body: Sequence[Sequence[Cell]], setting: Setting) -> Iterator[Fact]:
    """Yield the facts of an indicator table; a project named once stands for the rows below it."""
    project = setting.project
    for cells in body:
        row = _row(cells)
        if "project" in row.by_role:
            project = "".join(row.by_role["project"].text.split())
        if project:
            yield from _money(table, row, project, setting)
        named = [row.by_role["name"]] if "name" in row.by_role else []
        for cell in (*row.levels, *named):
            yield from _weight_within(cell, project, setting)
        if row.name is not None:
            yield from _facts(row, _item(row, row.name, project), setting)


def _row(cells: Sequence[Cell]) -> _Row:
    row = _Row()
    for cell in cells:
        role = _role(cell.header)
        if role == "level":
            row.levels.append(cell)
        elif role == "budget":
            row.budgets.append(cell)
        elif role and not (role == "name" and "name" in row.by_role):
            row.by_role[role] = cell
    return row


def _role(header: Sequence[str]) -> str | None:
    """Return what a column holds, by its lowest header; a fund below a header of money is money too."""
    heads = [normalise(head) for head in header]
    patterns = table_words("indicators")
    if not heads:
        return None
    told = next((role for role, pattern in patterns.items() if pattern.search(heads[-1])), None)
    return told or ("budget" if any(patterns["budget"].search(head) for head in heads[:-1]) else None)


def _item(row: _Row, name: Cell, project: str | None) -> _Item:
    by_role = row.by_role
    operator = OPERATORS.get(normalise(by_role["property"].text)) if "property" in by_role else None
    if operator is None and "target" in by_role:
        written = by_role["target"].text
        value = value_in(written)
        # a target of several numbers, or a date, is neither one number nor none
        operator = (value.operator or "=") if value else None if has_digits(written) else "定性"
    core = {"是": True, "否": False}.get(by_role["core"].text) if "core" in by_role else None
    unit = by_role["unit"].text if "unit" in by_role else None
    weighed = _WEIGHED.fullmatch(name.text)
    return _Item("".join((weighed["name"] if weighed else name.text).split()), operator, unit, project, core)


def _facts(row: _Row, item: _Item, setting: Setting) -> Iterator[Fact]:
    is_total = table_words("evaluation")["total"].search(normalise(item.name)) is not None
    for role, concept, kind in _NUMBERS:
        cell = row.by_role.get(role)
        if cell is None or is_date(cell.text):
            continue
        value = value_in(cell.text)
        if value is None:
            if role == "target" and item.operator == "定性":
                yield _fact(cell, 0, len(cell.text), Decimal("NaN"), item.unit, concept, "target", item, setting)
            continue
        unit = _unit(role, cell, value.unit, item)
        told = "evaluation.score" if is_total and role == "score" else concept
        yield _fact(cell, value.start, value.end, value.number, unit, told, kind or measure_of(unit), item, setting)


def measure_of(unit: str | None) -> Measure:
    """Return how what was reached is measured: a rate, an amount of money (per thing too), else a count."""
    if unit == "%":
        return "rate"
    return "amount" if unit and unit.startswith(("元", "千元", "万元", "亿元")) else "count"


def _unit(role: str, cell: Cell, behind: str | None, item: _Item) -> str | None:
    """Return the unit of a number: behind it, in its header, in the column of units, by what it is."""
    if role in ("weight", "score"):
        header = _UNIT_IN_HEADER.search("".join(cell.header))
        return "%" if (header and header[1] in "%％") or behind == "%" else "分"
    return behind or ("%" if role == "rate" else item.unit)


def _fact(
    cell: Cell, first: int, last: int, value: Decimal, unit: str | None, concept: str, measure: Measure, item: _Item, setting: Setting
) -> Fact:  # fmt: skip
    return Fact(
        concept=concept, label=item.name, measure=measure, value=value, unit=unit, start=cell.start + first, end=cell.start + last,
        text=cell.text[first:last], section=setting.section, table=setting.table, period=setting.year,
        operator=item.operator, project=item.project, core=item.core,
    )  # fmt: skip


def _weight_within(cell: Cell, project: str | None, setting: Setting) -> Iterator[Fact]:
    match = _WEIGHED.fullmatch(cell.text)
    if match:
        item = _Item(match["name"], None, None, project, None)
        value, unit = parse_number(match["weight"]), "分" if match["unit"] == "分" else "%"
        assert value is not None
        first, last = match.span("weight")
        yield _fact(cell, first, last, value, unit, "indicator.weight", "weight", item, setting)


def _money(table: Table, row: _Row, project: str, setting: Setting) -> Iterator[Fact]:
    """Yield the money of a project and how much of it was spent."""
    rate = row.by_role.get("execution")
    for cell in (*row.budgets, *([rate] if rate else ())):
        header = "".join(cell.header)
        written = cell.text.rstrip("%％ ")
        value, unit = parse_number(written), "%" if cell is rate else unit_in(header) or table.unit
        if value is None or unit is None or not has_digits(written):
            continue
        words = normalise(header)
        scope = named_fund(words) or ("fiscal" if "财政" in words else "department")
        yield Fact(
            concept="evaluation.execution_rate" if cell is rate else "performance.project_budget", label=project,
            measure="rate" if cell is rate else "amount", value=value, unit=unit, start=cell.start,
            end=cell.start + len(written), text=written, section=setting.section, table=setting.table, period=setting.year,
            scope=None if cell is rate else scope, stage=None if cell is rate else stage_in(words) or setting.stage,
            project=project if cell is rate else None,
        )  # fmt: skip
