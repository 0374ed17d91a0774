"""An example as a workbook: the prose one paragraph a row, each table on a sheet of its own."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.renderings.content import Block, Table, blocks

# The library has no types of its own, and stubs for it are not among the project's tools.
openpyxl: Any = importlib.import_module("openpyxl")
styles: Any = importlib.import_module("openpyxl.styles")

AMOUNT = re.compile(r"[0-9]{1,3}(,[0-9]{3})*\.[0-9]{2}")
COUNT = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
PERCENT = re.compile(r"[0-9]+(\.[0-9]+)?%")
CODE = re.compile(r"[0-9]{3}|[0-9]{5}|[0-9]{7}")


@dataclass(frozen=True, slots=True)
class Book:
    """How a publisher fills its workbook: the sheets of prose, the tables whose codes are text, percentages."""

    prose_sheets: tuple[str, ...]
    table_sheets: tuple[str, ...] = ()
    text_codes: tuple[str, ...] = ()
    percent_numbers: bool = False
    new_sheet_at_parts: bool = False


def write(stem: str, book: Book, path: Path) -> None:
    """Write an example as a workbook."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    prose_names, table_names = iter(book.prose_sheets), iter(book.table_sheets)
    sheet: Any = None
    for block in blocks(stem):
        if block.table is not None:
            _table(workbook.create_sheet(next(table_names)), block.table, book)
            sheet = None
            continue
        part = block.kind == "contents-title" or (block.kind == "heading" and block.level == 1)
        if block.text.startswith("备注"):
            _note(workbook.worksheets[-1], block.text)
            continue
        if sheet is None or (book.new_sheet_at_parts and part and block.kind == "heading"):
            sheet = workbook.create_sheet(next(prose_names))
            sheet.column_dimensions["A"].width = 96
        _paragraph(sheet, block)
    workbook.save(path)


def _paragraph(sheet: Any, block: Block) -> None:
    row = 1 if sheet["A1"].value is None else sheet.max_row + 1
    cell = sheet.cell(row, 1, block.text)
    centred = block.kind in ("title", "contents-title") or (block.kind == "heading" and block.level == 1)
    horizontal = "center" if centred else "right" if block.kind == "signature" else "left"
    indent = 0 if horizontal != "left" else 2
    cell.alignment = styles.Alignment(horizontal=horizontal, vertical="top", wrap_text=True, indent=indent)
    heading = block.kind in ("title", "heading", "contents-title")
    cell.font = styles.Font(name="黑体" if heading else "宋体", size=18 if block.kind == "title" else 12)
    sheet.row_dimensions[row].height = 18 * (1 + len(block.text) // 44)


def _note(sheet: Any, text: str) -> None:
    row = sheet.max_row + 1
    sheet.cell(row, 1, text).font = styles.Font(name="宋体", size=10)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=sheet.max_column)


def _table(sheet: Any, table: Table, book: Book) -> None:
    top = 0
    for text, horizontal, size in ((table.label, "left", 11), (table.title, "center", 18), (table.unit, "right", 10)):
        if text:
            top += 1
            cell = sheet.cell(top, 1, text)
            cell.font = styles.Font(name="黑体" if text == table.title else "宋体", size=size)
            cell.alignment = styles.Alignment(horizontal=horizontal, vertical="center")
            sheet.merge_cells(start_row=top, end_row=top, start_column=1, end_column=table.width)
    _cells(sheet, table, top, book)
    for span in table.spans:
        sheet.merge_cells(
            start_row=top + span.row + 1,
            end_row=top + span.row + span.rows,
            start_column=span.column + 1,
            end_column=span.column + span.columns,
        )
    for column in range(table.width):
        longest = max(min(len(row[column]), 12) for row in table.rows)
        sheet.column_dimensions[openpyxl.utils.get_column_letter(column + 1)].width = 6 + 1.6 * longest
    sheet.freeze_panes = sheet.cell(top + table.head + 1, 1)
    sheet.page_setup.orientation = "landscape"
    sheet.print_title_rows = f"1:{top + table.head}"


def _cells(sheet: Any, table: Table, top: int, book: Book) -> None:
    thin = styles.Side(style="thin")
    for row, texts in enumerate(table.rows):
        for column, text in enumerate(texts):
            cell = sheet.cell(top + row + 1, column + 1)
            cell.border = styles.Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.font = styles.Font(name="宋体", size=10, bold=row < table.head)
            if not text:
                continue
            code = column == 0 and CODE.fullmatch(text) is not None
            cell.value, cell.number_format = _value(text, code and table.label in book.text_codes, book)
            head = row < table.head
            horizontal = "center" if head else "left" if isinstance(cell.value, str) or code else "right"
            cell.alignment = styles.Alignment(horizontal=horizontal, vertical="center", wrap_text=True)


def _value(text: str, as_text: bool, book: Book) -> tuple[str | Decimal | int, str]:
    """A cell's value and the number format that shows it as the source writes it."""
    if as_text:
        return text, "@"
    if AMOUNT.fullmatch(text):
        return Decimal(text.replace(",", "")), "#,##0.00"
    if COUNT.fullmatch(text):
        return int(text.replace(",", "")), "#,##0"
    if PLAIN.fullmatch(text):
        return (Decimal(text) if "." in text else int(text)), "General"
    if book.percent_numbers and PERCENT.fullmatch(text):
        places = len(text.rstrip("%").partition(".")[2])
        return Decimal(text.rstrip("%")) / 100, "0." + "0" * places + "%" if places else "0%"
    return text, "General"
