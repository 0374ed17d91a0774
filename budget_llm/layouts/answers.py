"""What the model answers about a layout: the topic of a section, the meaning of a table's columns. Never a number.

Columns are counted from 1, as they are shown to the model. A concept is any word here: code refuses the map
that names an unknown one, and says so.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from budget_llm.schemas import Schema, Scope

RoutedTopic = Literal[
    "duties", "organisation", "income", "expenditure", "fiscal_appropriation", "three_public", "operating",
    "procurement", "assets", "performance", "glossary", "other", "skip",
]  # fmt: skip
RowKind = Literal["function", "economic", "income", "three_public", "procurement", "project", "body", "item"]


class Route(Schema):
    """一节的主题。"""

    index: int = Field(description="序号")
    topic: RoutedTopic


class Routes(Schema):
    """各节的主题。"""

    routes: tuple[Route, ...] = ()


class MappedColumn(Schema):
    """一列。"""

    column: int = Field(description="列号")
    role: Literal["label", "code", "amount", "share", "rate", "skip"]
    rows: RowKind | None = None
    concept: str | None = None
    measure: Literal["amount", "change", "count"] | None = None
    scope: Scope | None = None
    split: Literal["basic", "project", "personnel", "public", "reserve"] | None = None
    unit: str | None = None
    stage: Literal["budget", "adjusted_budget", "final"] | None = None
    year: int | None = None


class NamedRow(Schema):
    """一行的概念。"""

    label: str
    concept: str


class Sum(Schema):
    """一列等于另几列之和。"""

    whole: int
    parts: tuple[int, ...]


class TableMap(Schema):
    """一个表的各列和行。"""

    table: int = Field(description="表号")
    rows: RowKind
    columns: tuple[MappedColumn, ...]
    scope: Scope | None = None
    items: tuple[NamedRow, ...] = ()
    total: str | None = None
    sums: tuple[Sum, ...] = ()


class TableMaps(Schema):
    """各表。"""

    tables: tuple[TableMap, ...] = ()
