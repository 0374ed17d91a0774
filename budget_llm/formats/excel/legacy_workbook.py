"""What the values of an .xls workbook do not tell: number formats and errors of its cells, and how far its sheets reach."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from budget_llm.errors import FormatError
from budget_llm.formats.cells import check_cells
from budget_llm.formats.excel.number_formats import BUILT_IN
from budget_llm.formats.excel.workbook_parts import SheetFacts
from budget_llm.formats.limits import Limits

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
# Records of BIFF5 and BIFF8.
_BOF, _EOF, _SHEET, _FORMAT, _XF, _FILEPASS = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0, 0x002F
_NUMBER, _RK, _MULRK, _FORMULA, _BOOLERR = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205
_STRINGS = (0x00FD, 0x0204, 0x00D6)
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
        stream = _workbook(raw)
        shared = _globals(stream, source)
        facts: dict[str, SheetFacts] = {}
        total = 0
        for name, at in shared.sheets:
            facts[name], cells = _sheet(stream, at, shared.formats)
            total += cells
            check_cells(cells, f"{source}: sheet {name}", limits)
            check_cells(total // 10, f"{source}: a tenth of all sheets", limits)
    except (struct.error, IndexError, ValueError) as error:
        raise FormatError(
            f"{source}: expected an .xls workbook, found a damaged one or another kind of Office file ({error}); "
            "open it in an office program, save it as .xlsx and pass that file"
        ) from error
    return lambda name: facts.get(name) or SheetFacts()


def _workbook(raw: bytes) -> bytes:
    """Return the stream named Workbook (or Book) of a compound file; raise ValueError where there is none."""
    if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0" in raw:
        raise ValueError("encrypted with a password: save it without one")
    size = 1 << struct.unpack_from("<H", raw, 30)[0]
    if size not in (512, 4096):
        raise ValueError(f"sectors of {size} bytes")
    first_directory, cutoff, first_mini = struct.unpack_from("<I4xII", raw, 48)
    table = _sector_table(raw, size)

    def read(first: int) -> bytes:
        return b"".join(raw[(number + 1) * size : (number + 2) * size] for number in _chain(first, table))

    directory = read(first_directory)
    entries: dict[str, tuple[int, int]] = {}
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        entries.setdefault(name, struct.unpack_from("<II", directory, at + 116))
    found = entries.get("Workbook") or entries.get("Book")
    if found is None:
        raise ValueError("no workbook in it")
    first, length = found
    if length >= cutoff:
        return read(first)[:length]
    minis = [number for (number,) in struct.iter_unpack("<I", read(first_mini))]
    body = read(entries["Root Entry"][0]) if "Root Entry" in entries else b""
    return b"".join(body[number * 64 : number * 64 + 64] for number in _chain(first, minis))[:length]


def _sector_table(raw: bytes, size: int) -> list[int]:
    """Return the sector that follows each sector."""
    places = list(struct.unpack_from("<109I", raw, 76))
    following, count = struct.unpack_from("<II", raw, 68)
    for _ in range(min(count, len(raw) // size)):
        more = struct.unpack_from(f"<{size // 4}I", raw, (following + 1) * size)
        places += more[:-1]
        following = more[-1]
    sectors = len(raw) // size
    return [
        number
        for place in places
        if place < sectors
        for (number,) in struct.iter_unpack("<I", raw[(place + 1) * size : (place + 2) * size].ljust(size, b"\xff"))
    ]


def _chain(first: int, table: list[int]) -> Iterator[int]:
    for _ in range(len(table) + 1):
        if first >= 0xFFFFFFFA:
            return
        yield first
        first = table[first]
    raise ValueError("its sectors go in a circle")


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


def _note(facts: SheetFacts, at: tuple[int, int], style: int, formats: list[str | None]) -> None:
    if style < len(formats) and (number_format := formats[style]):
        facts.formats[at] = number_format


def _note_error(facts: SheetFacts, at: tuple[int, int], code: int, body: bytes) -> None:
    if code == _BOOLERR and body[7:8] == b"\x01":
        facts.errors[at] = _ERRORS.get(body[6], "#ERROR!")
    elif code == _FORMULA and body[6:7] == b"\x02" and body[12:14] == b"\xff\xff":
        facts.errors[at] = _ERRORS.get(body[8], "#ERROR!")
