"""Workbooks (.xlsx, .xls): the visible sheets in order, numbers as they are shown."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

from budget_llm.document import Document
from budget_llm.errors import FormatError
from budget_llm.formats.archives import check_archive
from budget_llm.formats.cells import check_cells, joined
from budget_llm.formats.draft import Draft
from budget_llm.formats.excel.legacy_workbook import legacy_facts
from budget_llm.formats.excel.number_formats import shown
from budget_llm.formats.excel.sheet_blocks import sheet_blocks
from budget_llm.formats.excel.workbook_parts import SheetFacts, SheetReader, sheet_paths
from budget_llm.formats.limits import Limits

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

# What a program calls a sheet that nobody named; it says nothing about the table.
_UNNAMED = re.compile(r"(?:sheet|工作表|表格?)\s?[0-9]{0,4}", re.IGNORECASE)
_LABEL_LINE = re.compile(
    r"[（(]?(?:金额|计量|货币|编制|填报|预算|部门|公开)?(?:单位|部门|日期|时间)(?:名称)?\s{0,4}[:：]"
)


def read_excel(raw: bytes, source: str, limits: Limits, *, kind: str) -> Document:
    """Return the text and tables of a workbook; `kind` is "xlsx" or "xls". Formulas give the values saved with them.

    Hidden sheets are left out and named in `Document.left_out`. Raises FormatError where it is encrypted, damaged or no workbook, InputError beyond
    `limits`, EmptyInputError where no visible sheet holds text.
    """
    try:
        import python_calamine as calamine
    except ImportError as error:
        raise FormatError(
            f'{source}: reading .{kind} files needs python-calamine; install it with: pip install "budget-llm[excel]"'
        ) from error
    facts_of = _xlsx_facts(raw, source, limits) if kind == "xlsx" else legacy_facts(raw, source, limits)
    draft = Draft()
    try:
        with calamine.load_workbook(io.BytesIO(raw)) as workbook:
            for name, visible in _sheets(workbook):
                if not visible:
                    draft.leave_out(f"隐藏的工作表“{name}”")
                    continue
                facts = facts_of(name)
                _write(draft, workbook.get_sheet_by_name(name), facts, f"{source}: sheet {name}", limits)
                if facts.unsaved:
                    draft.leave_out(f"工作表“{name}”中{facts.unsaved}个公式没有保存的值")
    except calamine.PasswordError as error:
        raise FormatError(
            f"{source}: expected a readable workbook, found one that is encrypted with a password; "
            "open it with its password, save it without one and pass that file"
        ) from error
    except calamine.CalamineError as error:
        raise FormatError(
            f"{source}: expected a .{kind} workbook, found one that cannot be read ({error}); "
            "open it in an office program, save it anew as .xlsx and pass that file"
        ) from error
    except BaseException as error:
        # The reader of the values is compiled; where it gives up on a damaged file, that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise FormatError(
            f"{source}: expected a .{kind} workbook, found a damaged one ({error}); "
            "open it in an office program, save it anew as .xlsx and pass that file"
        ) from error
    return draft.document(raw, source=source, encoding="utf-8", format=kind)


def _sheets(workbook: CalamineWorkbook) -> list[tuple[str, bool]]:
    """Return the names of the sheets of cells, each with whether it is visible."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return [
        (sheet.name, sheet.visible == SheetVisibleEnum.Visible)
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _xlsx_facts(raw: bytes, source: str, limits: Limits) -> Callable[[str], SheetFacts]:
    """Check the container and return what reads, and bounds, a sheet's XML before its values are asked for."""
    names = check_archive(raw, source, limits)
    if "xl/workbook.xml" not in names:
        found = (
            "a Word document" if "word/document.xml" in names
            else "a binary workbook (.xlsb)" if "xl/workbook.bin" in names
            else "another container"
        )  # fmt: skip
        raise FormatError(f"{source}: expected an Excel workbook, found {found}; save it as .xlsx and pass that file")
    archive = zipfile.ZipFile(io.BytesIO(raw))
    paths = sheet_paths(archive, source)
    reader = SheetReader(archive, source, limits)

    def facts_of(name: str) -> SheetFacts:
        if not paths.get(name):
            raise FormatError(
                f"{source}: expected a whole workbook, found none of the data of its sheet {name}; "
                "save it again and pass that file"
            )
        return reader.read(paths[name], name)

    return facts_of


def _write(draft: Draft, sheet: CalamineSheet, facts: SheetFacts, place: str, limits: Limits) -> None:
    rows, spans = _contents(sheet, facts, place, limits)
    blocks = sheet_blocks(rows, spans)
    if not blocks:
        return
    first = blocks[0]
    if (not isinstance(first, str) or _LABEL_LINE.match(first)) and not _UNNAMED.fullmatch(sheet.name.strip()):
        draft.paragraph(joined(sheet.name.splitlines()))
    for block in blocks:
        if isinstance(block, str):
            draft.paragraph(block)
        else:
            check_cells(max(s.row for s in block) * max(s.column + s.columns for s in block), place, limits)
            draft.table(block)


def _contents(
    sheet: CalamineSheet, facts: SheetFacts, place: str, limits: Limits
) -> tuple[dict[int, dict[int, str]], dict[tuple[int, int], tuple[int, int]]]:
    """Return the filled cells of a sheet by row and column, and the rows and columns of its merged ones."""
    check_cells(sheet.height * sheet.width, place, limits)
    top, left = sheet.start or (0, 0)
    spans = {
        (row, column): (last_row - row + 1, last_column - column + 1)
        for (row, column), (last_row, last_column) in sheet.merged_cell_ranges or ()
    }
    covered = _covered(spans, top + sheet.height, left + sheet.width, place, limits)
    rows: dict[int, dict[int, str]] = {}
    for row, values in enumerate(sheet.to_python(), top):
        cells: dict[int, str] = {}
        for column, value in enumerate(values, left):
            at = (row, column)
            if at in covered:
                continue
            text = facts.errors.get(at) or shown(value, facts.formats.get(at))
            if text and (line := joined(text.splitlines())):
                cells[column] = line
        if cells:
            rows[row] = cells
    return rows, spans


def _covered(
    spans: dict[tuple[int, int], tuple[int, int]], bottom: int, right: int, place: str, limits: Limits
) -> set[tuple[int, int]]:
    """Return the places that merged cells hide, within the sheet's values."""
    areas = [
        (row, column, min(row + down, bottom), min(column + across, right))
        for (row, column), (down, across) in spans.items()
    ]
    check_cells(sum(max(last - row, 0) * max(end - column, 0) for row, column, last, end in areas), place, limits)
    return {
        (inner_row, inner_column)
        for row, column, last, end in areas
        for inner_row in range(row, last)
        for inner_column in range(column, end)
        if (inner_row, inner_column) != (row, column)
    }
