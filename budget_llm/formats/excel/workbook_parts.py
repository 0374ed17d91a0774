"""The XML of a workbook, streamed: its sheets, number formats and, of each sheet, what the values do not tell."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from budget_llm.errors import FormatError, InputError
from budget_llm.formats.cells import check_cells
from budget_llm.formats.excel.number_formats import BUILT_IN
from budget_llm.formats.limits import Limits

Attributes = dict[str, str]
_CHUNK = 1 << 18
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


@dataclass(slots=True)
class SheetFacts:
    """What a sheet's XML holds beside its values, by (row, column) from 0: number formats and error values.

    `unsaved` is how many of its formulas have no saved value.
    """

    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unsaved: int = 0


def parse_part(
    archive: zipfile.ZipFile,
    name: str,
    source: str,
    start: Callable[[str, Attributes], None],
    *,
    text: Callable[[str], None] | None = None,
    end: Callable[[str], None] | None = None,
) -> None:
    """Call `start`, `text` and `end` for the elements (local names) of a member; raise FormatError for bad XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    if text:
        parser.CharacterDataHandler = text
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])

    def refuse(*_: object) -> NoReturn:
        raise FormatError(f"{source}: {name} declares a document type, which no Office file does")

    parser.StartDoctypeDeclHandler = refuse
    try:
        with archive.open(name) as member:
            while chunk := member.read(_CHUNK):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, KeyError, zipfile.BadZipFile) as error:
        raise FormatError(
            f"{source}: expected a whole workbook, found {name} damaged ({error}); save it again and pass that file"
        ) from error


def sheet_paths(archive: zipfile.ZipFile, source: str) -> dict[str, str]:
    """Return the member of each sheet by the sheet's name, in the order of the workbook."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            targets[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")

    def sheet(tag: str, attributes: Attributes) -> None:
        if tag == "sheet":
            # The prefix of the relation's attribute is the file's choice.
            ids = [value for key, value in attributes.items() if key.rpartition(":")[2] == "id" and ":" in key]
            sheets.append((attributes.get("name", ""), ids[0] if ids else ""))

    parse_part(archive, "xl/workbook.xml", source, sheet)
    parse_part(archive, "xl/_rels/workbook.xml.rels", source, relation)
    known = {name.lower(): name for name in archive.namelist()}
    return {name: known.get(targets.get(key, "").lower(), "") for name, key in sheets}


def number_formats(archive: zipfile.ZipFile, source: str) -> list[str | None]:
    """Return the number format of every cell style, None for General and dates."""
    custom: dict[int, str] = {}
    styles: list[int] = []
    inside = ""

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal inside
        if tag == "numFmt" and _is_count(attributes.get("numFmtId", "")):
            custom[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyleXfs"):
            inside = tag
        elif tag == "xf" and inside == "cellXfs":
            number = attributes.get("numFmtId", "0")
            styles.append(int(number) if _is_count(number) else 0)

    if "xl/styles.xml" in archive.namelist():
        parse_part(archive, "xl/styles.xml", source, start)
    return [custom.get(number) or BUILT_IN.get(number) for number in styles]


def shared_lengths(archive: zipfile.ZipFile, source: str) -> list[int]:
    """Return the length of each shared string: a small file can repeat a long one in every cell."""
    lengths: list[int] = []

    def start(tag: str, _: Attributes) -> None:
        if tag == "si":
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    if "xl/sharedStrings.xml" in archive.namelist():
        parse_part(archive, "xl/sharedStrings.xml", source, start, text=text)
    return lengths


class SheetReader:
    """Streams the cells of sheets; holds what all sheets of a workbook share, and their text so far."""

    def __init__(self, archive: zipfile.ZipFile, source: str, limits: Limits) -> None:
        self._archive, self._source, self._limits = archive, source, limits
        self._formats = number_formats(archive, source)
        self._lengths = shared_lengths(archive, source)
        self._characters = 0

    def read(self, member: str, sheet: str) -> SheetFacts:
        """Return the facts of a sheet; raise InputError where it covers too many cells or holds too much text."""
        facts = SheetFacts()
        place = f"{self._source}: sheet {sheet}"
        row = column = -1
        top = left = 1 << 40
        bottom = right = -1
        kind = style = value = ""
        open_formula = False

        def start(tag: str, attributes: Attributes) -> None:
            nonlocal row, column, kind, style, value, open_formula
            if tag == "row":
                number = attributes.get("r", "")
                row, column = (int(number) - 1 if _is_count(number) else row + 1), -1
            elif tag == "c":
                found = _REFERENCE.fullmatch(attributes.get("r", ""))
                row, column = (int(found[2]) - 1, _column(found[1])) if found else (row, column + 1)
                kind, style = attributes.get("t", "n"), attributes.get("s", "")
                open_formula = False
            elif tag == "f":
                # A formula that gives an empty text has saved it.
                open_formula = kind != "str"
            elif tag in ("v", "is"):
                value = ""

        def text(data: str) -> None:
            nonlocal value
            value += data[:20] if len(value) < 100 else ""
            self._add(len(data), place)

        def end(tag: str) -> None:
            nonlocal top, left, bottom, right, open_formula
            if tag == "c":
                facts.unsaved += open_formula
            if tag in ("v", "is") and value:
                open_formula = False
                top, left, bottom, right = min(top, row), min(left, column), max(bottom, row), max(right, column)
                check_cells((bottom - top + 1) * (right - left + 1), place, self._limits)
                self._note(facts, (row, column), kind, style, value)
                if kind == "s" and _is_count(value.strip()) and int(value) < len(self._lengths):
                    self._add(self._lengths[int(value)], place)

        parse_part(self._archive, member, self._source, start, text=text, end=end)
        return facts

    def _note(self, facts: SheetFacts, at: tuple[int, int], kind: str, style: str, value: str) -> None:
        if kind == "e":
            facts.errors[at] = value.strip()
        elif kind == "n" and _is_count(style) and int(style) < len(self._formats):
            number_format = self._formats[int(style)]
            if number_format:
                facts.formats[at] = number_format

    def _add(self, characters: int, place: str) -> None:
        self._characters += characters
        if self._characters > self._limits.characters:
            raise InputError(
                f"{place}: the text of the workbook is longer than the limit of {self._limits.characters:,} "
                "characters; cut what is not needed, or raise Limits(characters=…)"
            )


def _is_count(written: str) -> bool:
    return written.isascii() and written.isdigit()


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
