"""Whether a map can be true: its columns exist, its concepts are known, and the sums that it claims hold in most rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.concepts import CONCEPTS
from budget_llm.layouts.answers import MappedColumn, Sum, TableMap
from budget_llm.layouts.lines import NUMERIC, Line, Number
from budget_llm.layouts.unknown_tables import body_rows, written_number
from budget_llm.quantities import quantum
from budget_llm.tables import Table

_IMPLIED = (
    ("expenditure.total", ("expenditure.basic", "expenditure.project")),
    ("expenditure.basic", ("expenditure.personnel", "expenditure.public")),
)
"""What the concepts of columns claim by themselves where the map names no sums: the whole, then its parts."""

_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a map is not used: in words that hold for the layout, then where that shows in this table.

    For a sum that failed there are its operands (the whole first) and what the parts make.
    """

    reason: str
    shown: str = ""
    label: str = ""
    operands: tuple[Number, ...] = ()
    expected: Decimal | None = None


def refusal(table: Table, mapped: TableMap, rows: Sequence[Line], unit_of: Callable[[MappedColumn], str | None]) -> Refusal | None:  # fmt: skip
    """Return why a map must not be used for a table, None where nothing speaks against it."""
    found = next(_faults(table, mapped, unit_of), None)
    if found:
        return Refusal(found)
    for claim in mapped.sums or _implied(mapped):
        if failed := _columns_fail(table, claim, rows):
            return failed
    return _rows_fail(table, mapped, rows) if mapped.total else None


def _faults(table: Table, mapped: TableMap, unit_of: Callable[[MappedColumn], str | None]) -> Iterator[str]:
    """Yield what is wrong with a map before any number is looked at."""
    numbers = [column.column for column in mapped.columns]
    for number in (*numbers, *(n for s in mapped.sums for n in (s.whole, *s.parts))):
        if not 1 <= number <= table.width:
            yield f"第{number}列不存在（该表共{table.width}列）"
    if len(set(numbers)) < len(numbers):
        yield "同一列说明了两次"
    for concept in (*(c.concept for c in mapped.columns), *(item.concept for item in mapped.items)):
        if concept is not None and concept not in CONCEPTS:
            yield f"概念“{concept[:40]}”不在概念表中"
    amounts = {column.column for column in mapped.columns if column.role == "amount"}
    for claim in mapped.sums:
        if not {claim.whole, *claim.parts} <= amounts or claim.whole in claim.parts or not claim.parts:
            yield f"第{claim.whole}列的合计关系涉及不是金额的列"
    for column in mapped.columns:
        if column.role in NUMERIC and not _holds_numbers(table, column.column):
            yield f"{_name(table, column.column)}的单元格多不是数字"
        elif column.role in NUMERIC and unit_of(column) is None:
            yield f"{_name(table, column.column)}的单位在原文中没有写明"


def _holds_numbers(table: Table, number: int) -> bool:
    """Whether most of what a column holds, dashes aside, are numbers."""
    cells = [c for row in body_rows(table) for c in row if c.column == number - 1 and c.text.strip("-—－–/ ")]
    return sum(written_number(cell) is not None for cell in cells) * 2 >= len(cells)


def _implied(mapped: TableMap) -> Iterator[Sum]:
    """Yield the sums that follow from the concepts of the amount columns, where they are all that the table tells of."""
    amounts = [c for c in mapped.columns if c.role == "amount" and c.measure in (None, "amount")]
    by_concept = {column.concept: column for column in amounts}
    if len(by_concept) < len(amounts):
        return
    for whole, parts in _IMPLIED:
        known = [by_concept[concept] for concept in (whole, *parts) if concept in by_concept]
        alike = {(column.scope, column.stage, column.year) for column in known}
        if len(known) == len(parts) + 1 and len(alike) == 1 and (len(amounts) == len(known) or whole.endswith("basic")):
            yield Sum(whole=known[0].column, parts=tuple(column.column for column in known[1:]))


def _columns_fail(table: Table, claim: Sum, rows: Sequence[Line]) -> Refusal | None:
    """Return the first row in which a column is not the sum of its parts, where that is so in half of the rows or more."""
    told, failed = 0, []
    for line in rows:
        operands = [line.numbers[n] for n in (claim.whole, *claim.parts) if n in line.numbers]
        if claim.whole not in line.numbers or len(operands) < 2:
            continue
        told += 1
        if not _agrees(operands[0], operands[1:]):
            failed.append((line, tuple(operands)))
    if len(failed) * 2 < told or not failed:
        return None
    line, numbers = failed[0]
    words = " + ".join(_name(table, n) for n in claim.parts)
    label = line.names[claim.whole][:_LONGEST]
    return _sum_refused(f"{_name(table, claim.whole)} = {words}", f"第{line.number + 1}行“{label}”", label, numbers)


def _rows_fail(table: Table, mapped: TableMap, rows: Sequence[Line]) -> Refusal | None:
    """Return the first column in which the rows do not make the total, where that is so in half of the columns or more."""
    told, failed = 0, []
    for column in mapped.columns:
        if column.role != "amount":
            continue
        held = [line for line in rows if column.column in line.numbers]
        totals = [line for line in held if line.is_named(column.column, mapped.total)]
        parts = [line for line in held if not line.is_total(column.column, mapped.total)]
        if len(totals) != 1 or len(parts) < 2:
            continue
        told += 1
        whole = totals[0].numbers[column.column]
        if not any(_agrees(whole, group) for group in _levels(parts, column.column)):
            failed.append((column.column, (whole, *(line.numbers[column.column] for line in parts))))
    if not failed or len(failed) * 2 < told:
        return None
    number, operands = failed[0]
    total = str(mapped.total)[:_LONGEST]
    return _sum_refused(f"“{total}” = 其余各行之和", _name(table, number), total, operands)


def _levels(parts: Sequence[Line], column: int) -> Iterator[list[Number]]:
    """Yield the rows that may make a total: all, those without a mark of being parts, those of each length of code."""
    yield [line.numbers[column] for line in parts]
    yield [line.numbers[column] for line in parts if not line.inner]
    for length in (3, 5, 7):
        coded = [line.numbers[column] for line in parts if len(line.codes[column] or "") == length]
        if coded:
            yield coded


def _agrees(whole: Number, parts: Sequence[Number]) -> bool:
    """Whether parts make a whole, within half a unit in the last written digit of each."""
    if not parts:
        return False
    slack = sum((quantum(number.value) for number in (whole, *parts)), Decimal(0))
    return abs(whole.value - sum((part.value for part in parts), Decimal(0))) <= slack


def _sum_refused(claim: str, place: str, label: str, operands: tuple[Number, ...]) -> Refusal:
    whole, *parts = operands
    made = sum((part.value for part in parts), Decimal(0))
    shown = f"：{place}应为 {made}，原文为 {whole.value}，相差 {whole.value - made}"
    return Refusal(f"所称 {claim} 不成立", shown, label, operands, made)


def _name(table: Table, number: int) -> str:
    head = "/".join(table.columns[number - 1])[:_LONGEST]
    return f"第{number}列“{head}”" if head else f"第{number}列"
