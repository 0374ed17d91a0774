"""What the values of an .xls workbook do not tell: number formats and errors of its cells, and how far its sheets reach."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from budget_llm.errors import FormatError
from budget_llm.formats.cells import check_cells
from budget_llm.formats.excel.compound_file import workbook_stream
from budget_llm.formats.excel.number_formats import BUILT_IN
from budget_llm.formats.excel.workbook_parts import SheetFacts
from budget_llm.formats.limits import Limits

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
# Records of BIFF5 and BIFF8.
_BOF, _EOF, _SHEET, _FORMAT, _XF, _FILEPASS = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0, 0x002F
_NUMBER, _RK, _MULRK, _FORMULA, _BOOLERR = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205
_STRINGS = (0x00FD, 0x0204, 0x00D6)
_SHARED_STRINGS, _DIMENSIONS = 0x00FC, 0x0200
_MOST = 1 << 24  # cells of a sheet of 65,536 rows and 256 columns
_BIFF8 = 0x0600


class _Globals(NamedTuple):
    sheets: list[tuple[str, int]]
    formats: list[str | None]


def legacy_facts(raw: bytes, source: str, limits: Limits) -> Callable[[str], SheetFacts]:
    """Return what gives the facts of a sheet by its name; every sheet is read and bounded at once.

    Raises FormatError where the file is no workbook, damaged or encrypted, InputError where a sheet
    covers more than `limits.cells` cells or all of them more than ten times that.
    """
    if not raw.startswith(_SIGNATURE):
        raise FormatError(f"{source}: expected an .xls workbook, found another kind of file; save it as .xlsx")
    try:
        stream = workbook_stream(raw)
        shared = _globals(stream, source)
        facts: dict[str, SheetFacts] = {}
        total = 0
        for name, at in shared.sheets:
            facts[name], cells = _sheet(stream, at, shared.formats)
            cells = max(cells, _claimed(stream, at))
            total += cells
            check_cells(cells, f"{source}: sheet {name}", limits)
            check_cells(total // 10, f"{source}: a tenth of all sheets", limits)
    except (struct.error, IndexError, ValueError) as error:
        raise FormatError(
            f"{source}: expected an .xls workbook, found a damaged one or another kind of Office file ({error}); "
            "open it in an office program, save it as .xlsx and pass that file"
        ) from error
    return lambda name: facts.get(name) or SheetFacts()


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records from `at` to the end of the part that begins there; parts inside it are passed over."""
    depth = 0
    while at + 4 <= len(stream):
        code, length = struct.unpack_from("<HH", stream, at)
        depth += (code == _BOF) - (code == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield code, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _globals(stream: bytes, source: str) -> _Globals:
    custom: dict[int, str] = {}
    styles: list[int] = []
    sheets: list[tuple[str, int]] = []
    version = struct.unpack_from("<H", stream, 4)[0]
    for code, body in _records(stream, 0):
        if code == _FILEPASS:
            raise FormatError(
                f"{source}: expected a readable workbook, found one that is encrypted with a password; "
                "open it with its password, save it without one and pass that file"
            )
        if code == _FORMAT:
            at = 2 if version == _BIFF8 else 1
            custom[struct.unpack_from("<H", body)[0]] = _text(body[2 + at :], version)
        elif code == _XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif code == _SHEET:
            sheets.append((_text(body[7:], version), struct.unpack_from("<I", body)[0]))
        elif code == _SHARED_STRINGS and struct.unpack_from("<I", body, 4)[0] > len(stream):
            raise ValueError("more shared strings than bytes")
    return _Globals(sheets, [custom.get(number) or BUILT_IN.get(number) for number in styles])


def _text(body: bytes, version: int) -> str:
    """Return a string after its length: BIFF8 says in a byte whether it is UTF-16, earlier ones are in GBK."""
    if version != _BIFF8:
        return body.decode("gb18030", "replace")
    return body[1:].decode("utf-16-le" if body[:1] == b"\x01" else "latin-1", "replace")


def _sheet(stream: bytes, at: int, formats: list[str | None]) -> tuple[SheetFacts, int]:
    """Return the facts of the sheet at `at` and the number of cells from its first to its last value."""
    facts = SheetFacts()
    top = left = 1 << 16
    bottom = right = -1
    for code, body in _records(stream, at):
        if code in _STRINGS or code in (_NUMBER, _RK, _MULRK, _FORMULA, _BOOLERR):
            row, column, style = struct.unpack_from("<HHH", body)
            last = column
            if code == _MULRK:
                last = struct.unpack_from("<H", body, len(body) - 2)[0]
                for index in range(min(last - column + 1, (len(body) - 6) // 6)):
                    _note(facts, (row, column + index), struct.unpack_from("<H", body, 4 + 6 * index)[0], formats)
            elif code not in _STRINGS:
                _note(facts, (row, column), style, formats)
                _note_error(facts, (row, column), code, body)
            top, left, bottom, right = min(top, row), min(left, column), max(bottom, row), max(right, last)
    return facts, (bottom - top + 1) * (right - left + 1) if right >= 0 else 0


def _claimed(stream: bytes, at: int) -> int:
    """Return the cells that the values' reader takes for the sheet's: up to the first end, with those of a chart."""
    top = left = 1 << 16
    bottom = right = -1
    while at + 4 <= len(stream):
        code, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if code == _EOF:
            break
        if code == _DIMENSIONS:
            first, end, start, stop = struct.unpack_from("<IIHH" if length >= 12 else "<HHHH", body)
            # Room is made for what is claimed; a sheet without values may end before it begins.
            if (end or stop) and (end < first or stop < start or (end - first) * (stop - start) > _MOST):
                raise ValueError(f"a sheet of {end - first:,} rows and {stop - start:,} columns")
        elif code in _STRINGS or code in (_NUMBER, _RK, _MULRK, _FORMULA, _BOOLERR):
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if code == _MULRK else column
            top, left, bottom, right = min(top, row), min(left, column), max(bottom, row), max(right, last)
    return (bottom - top + 1) * (right - left + 1) if right >= 0 else 0


def _note(facts: SheetFacts, at: tuple[int, int], style: int, formats: list[str | None]) -> None:
    if style < len(formats) and (number_format := formats[style]):
        facts.formats[at] = number_format


def _note_error(facts: SheetFacts, at: tuple[int, int], code: int, body: bytes) -> None:
    if code == _BOOLERR and body[7:8] == b"\x01":
        facts.errors[at] = _ERRORS.get(body[6], "#ERROR!")
    elif code == _FORMULA and body[6:7] == b"\x02" and body[12:14] == b"\xff\xff":
        facts.errors[at] = _ERRORS.get(body[8], "#ERROR!")
