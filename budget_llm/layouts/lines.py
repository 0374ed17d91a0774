"""The rows of a table under a map: what each is called, its code, the numbers in its mapped columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.layouts.answers import MappedColumn, RowKind, TableMap
from budget_llm.layouts.unknown_tables import body_rows, written_number
from budget_llm.normal_form import normalise
from budget_llm.quantities import parse_number
from budget_llm.tables import Cell, Table

NUMERIC = frozenset({"amount", "share", "rate"})
_ORDINAL = re.compile(
    r"^(?:其中[:：]?|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}(?:[、．]|[.](?![0-9]))|[-—－]+)+(?=.)"
)
_CODE = re.compile(r"[1-9][0-9]{2}(?:[0-9]{2}){0,2}")
_TOTAL = re.compile(r"(?:本年)?(?:收入|支出|收支)?(?:合|总|小|共)计数?|总额")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a cell: exact, with the cell that it stands in and the digits as written."""

    value: Decimal
    written: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its place in the table, its numbers by column (from 1), and by the same columns its name and code.

    Where labels stand beside several blocks of columns, each column has the name to its left. `inner` tells that
    a name is marked as a part of one above (其中, （一）).
    """

    number: int
    numbers: Mapping[int, Number]
    names: Mapping[int, str]
    codes: Mapping[int, str | None]
    inner: bool

    def is_total(self, column: int, named: str | None) -> bool:
        """Whether the row's name at a column is that of a total: the one that the map names, or an ordinary word for it."""
        return self.is_named(column, named) or _TOTAL.fullmatch(normalise(self.names[column])) is not None

    def is_named(self, column: int, name: str | None) -> bool:
        """Whether the row's name at a column is this one, ordinals aside."""
        return bool(name) and normalise(self.names[column]) == normalise(without_ordinal(str(name)))


def lines(table: Table, mapped: TableMap) -> Iterator[Line]:
    """Yield the body rows of a table in their order, as a map tells its columns."""
    roles = {column.column: column for column in mapped.columns}
    above: dict[int, str] = {}
    for row in body_rows(table):
        cells: dict[int, list[Cell]] = {}
        for cell in row:
            cells.setdefault(cell.column + 1, []).append(cell)
        yield _line(row[0].row, cells, roles, above)


def _line(
    number: int, cells: Mapping[int, Sequence[Cell]], roles: Mapping[int, MappedColumn], above: dict[int, str]
) -> Line:
    numbers: dict[int, Number] = {}
    names: dict[int, str] = {}
    codes: dict[int, str | None] = {}
    labels: list[str] = []
    pieces: list[str] = []
    block, opened, inner = 0, False, False
    for column in sorted(roles):
        role = roles[column].role
        if role in ("label", "code") and opened:  # a label behind amounts opens the next block
            block, labels, pieces, opened = column, [], [], False
        text = "".join("".join(cell.text.split()) for cell in cells.get(column, ()))
        if role == "label" and text:
            labels.append(text)
            inner = inner or (without_ordinal(text) != text and text[0] in "其（(-—－0123456789")
        elif role == "code":
            pieces.append(text)
        elif role in NUMERIC:
            if not opened:
                opened, code = True, _code(pieces, above.get(block))
                above[block] = code or above.get(block, "")
            names[column] = without_ordinal(labels[-1]) if labels else ""
            codes[column] = code
            if (found := _number(cells.get(column, ()))) is not None:
                numbers[column] = found
    return Line(number, numbers, names, codes, inner)


def kinds_of_rows(mapped: TableMap) -> dict[int, RowKind]:
    """Return by column of numbers what the rows are of the block that it stands in.

    Where income and expenditure stand side by side, a block of income without a kind of its own is of its sources.
    """
    blocks: list[list[MappedColumn]] = []
    for column in sorted(mapped.columns, key=lambda c: c.column):
        if not blocks or (column.role in ("label", "code") and any(c.role in NUMERIC for c in blocks[-1])):
            blocks.append([])
        blocks[-1].append(column)
    kinds: dict[int, RowKind] = {}
    for block in blocks:
        income = len(blocks) > 1 and any((column.concept or "").startswith("income.") for column in block)
        own = next((column.rows for column in block if column.role == "label" and column.rows), None)
        kinds |= {column.column: own or ("income" if income else mapped.rows) for column in block}
    return kinds


def without_ordinal(text: str) -> str:
    """Return a label as written without layout spaces and what numbers it in its list."""
    plain = "".join(text.split())
    return _ORDINAL.sub("", plain)


def _number(cells: Sequence[Cell]) -> Number | None:
    """Return the number of a column in one row; None where there is none, or its digits are broken over lines."""
    if len(cells) != 1 or (written := written_number(cells[0])) is None:
        return None
    value = parse_number(written)
    return None if value is None else Number(value, written, cells[0])


def _code(pieces: Sequence[str], above: str | None) -> str | None:
    """Return the code of one cell, or of 类, 款 and 项 in cells of their own; a 类 written once stands for the rows below."""
    if len(pieces) == 1:
        return pieces[0] if _CODE.fullmatch(pieces[0]) else None
    code = ""
    for level, piece in enumerate(pieces):
        length = 3 + 2 * level
        if not piece and any(pieces[level + 1 :]) and above and above.startswith(code):
            code = above[:length]
        elif piece:
            code = piece if len(piece) == length else code + piece.zfill(2)
    return code if _CODE.fullmatch(code) else None
