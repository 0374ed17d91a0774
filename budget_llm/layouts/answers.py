"""What the model answers about a layout: the topic of a section, the meaning of a table's columns. Never a number.

Columns are counted from 1, as they are shown to the model. A concept is any word here: code refuses the map
that names an unknown one, and says so.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from budget_llm.schemas import Scope

RoutedTopic = Literal[
    "duties", "organisation", "income", "expenditure", "fiscal_appropriation", "three_public", "operating",
    "procurement", "assets", "performance", "glossary", "other", "skip",
]  # fmt: skip
RowKind = Literal["function", "economic", "income", "three_public", "procurement", "project", "body", "item"]


def _plain(schema: dict[str, Any]) -> None:
    """Drop what only costs tokens: titles, and the null alternative of optional fields."""
    schema.pop("title", None)
    for name, field in schema.get("properties", {}).items():
        field.pop("title", None)
        field.pop("default", None)
        options = [option for option in field.get("anyOf", []) if option != {"type": "null"}]
        if len(options) == 1:
            field.pop("anyOf")
            schema["properties"][name] = {**options[0], **field}


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, json_schema_extra=_plain)


class Route(_Answer):
    """一节的主题。"""

    index: int = Field(description="序号")
    topic: RoutedTopic


class Routes(_Answer):
    """各节的主题。"""

    routes: tuple[Route, ...] = ()


class MappedColumn(_Answer):
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


class NamedRow(_Answer):
    """一行的概念。"""

    label: str
    concept: str


class Sum(_Answer):
    """一列等于另几列之和。"""

    whole: int
    parts: tuple[int, ...]


class TableMap(_Answer):
    """一个表的各列和行。"""

    table: int = Field(description="表号")
    rows: RowKind
    columns: tuple[MappedColumn, ...]
    scope: Scope | None = None
    items: tuple[NamedRow, ...] = ()
    total: str | None = None
    sums: tuple[Sum, ...] = ()


class TableMaps(_Answer):
    """各表。"""

    tables: tuple[TableMap, ...] = ()
