"""Automatic numbers of Word paragraphs: 一、 （一） 1. are not in the text of a heading that Word numbers itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

_DIGITS = "零一二三四五六七八九"
_CHINESE = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand",
    "ideographDigital",
}  # fmt: skip
_PLACE = re.compile(r"%([1-9])")
_DEEPEST = 8  # the levels of a list are 0 to 8
# A style may be based on itself by mistake.
_STYLE_DEPTH = 20


def local(element: BaseOxmlElement) -> str:
    """Return the name of an element without its namespace, "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: BaseOxmlElement | None, *path: str) -> BaseOxmlElement | None:
    """Return the first child of that name, and so on down `path`; None where there is none."""
    for name in path:
        if element is None:
            return None
        element = next((inner for inner in element if local(inner) == name), None)
    return element


def value(element: BaseOxmlElement | None, name: str = "val") -> str | None:
    """Return an attribute by its name without the namespace."""
    if element is None:
        return None
    return next((text for key, text in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def integer(element: BaseOxmlElement | None, default: int, name: str = "val") -> int:
    """Return an attribute as a whole number from 0 to 10,000, else `default`."""
    text = (value(element, name) or "").strip()
    return min(int(text[:9]), 10_000) if text.isascii() and text.isdigit() else default


@dataclass(slots=True)
class _Level:
    start: int
    kind: str
    text: str
    legal: bool  # its outer numbers are shown as 1.1 even where they count as 一


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has counted."""

    _levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _lists: dict[str, str] = field(default_factory=dict)
    _styles: dict[str, tuple[str | None, str, int | None]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _restarted: set[str] = field(default_factory=set)
    _starts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, numbering: BaseOxmlElement | None, styles: BaseOxmlElement | None) -> Numbering:
        """Return the lists that the parts numbering.xml and styles.xml describe."""
        made = cls()
        for element in numbering if numbering is not None else ():
            if local(element) == "abstractNum":
                made._levels[value(element, "abstractNumId") or ""] = dict(map(_level, _named(element, "lvl")))
            elif local(element) == "num":
                number = value(element, "numId") or ""
                made._lists[number] = value(child(element, "abstractNumId")) or ""
                made._starts[number] = {
                    integer(override, 0, "ilvl"): integer(child(override, "startOverride"), 1)
                    for override in _named(element, "lvlOverride")
                    if child(override, "startOverride") is not None
                }
        for style in _named(styles, "style"):
            properties = child(style, "pPr", "numPr")
            level = child(properties, "ilvl")
            made._styles[value(style, "styleId") or ""] = (
                value(child(properties, "numId")), value(child(style, "basedOn")) or "",
                integer(level, 0) if level is not None else None,
            )  # fmt: skip
        return made

    def next(self, properties: BaseOxmlElement | None) -> str:
        """Count the paragraph with these properties and return its number as shown, "" where it has none."""
        number, level = self._place(properties)
        abstract = self._lists.get(number or "")
        levels = self._levels.get(abstract or "")
        if number is None or abstract is None or not levels or level not in levels or level > _DEEPEST:
            return ""
        counts = self._counts.setdefault(abstract, {})
        if number not in self._restarted:
            self._restarted.add(number)
            for overridden, start in self._starts[number].items():
                counts[overridden] = start - 1
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [known for known in counts if known > level]:
            del counts[deeper]
        return _shown(levels, counts, level)

    def _place(self, properties: BaseOxmlElement | None) -> tuple[str | None, int]:
        """Return the list and the level of a paragraph: its own, else those of its style."""
        own = child(properties, "numPr")
        number = value(child(own, "numId"))
        at = child(own, "ilvl")
        level = integer(at, 0) if at is not None else None
        style = value(child(properties, "pStyle")) or ""
        for _ in range(_STYLE_DEPTH):
            if number is not None or style not in self._styles:
                break
            number, style, styled = self._styles[style]
            level = styled if level is None else level
        return number, level or 0


def _named(element: BaseOxmlElement | None, name: str) -> list[BaseOxmlElement]:
    return [inner for inner in element if local(inner) == name] if element is not None else []


def _level(element: BaseOxmlElement) -> tuple[int, _Level]:
    legal = child(element, "isLgl")
    return integer(element, 0, "ilvl"), _Level(
        integer(child(element, "start"), 1), value(child(element, "numFmt")) or "decimal",
        (value(child(element, "lvlText")) or "")[:50], legal is not None and value(legal) not in ("0", "false"),
    )  # fmt: skip


def _shown(levels: Mapping[int, _Level], counts: Mapping[int, int], level: int) -> str:
    parts: dict[str, str | None] = {}
    for place in _PLACE.findall(levels[level].text):
        at = int(place) - 1
        known = levels.get(at)
        kind = "decimal" if known and levels[level].legal else known.kind if known else ""
        parts[place] = _counted(counts.get(at, known.start), kind) if known else None
    # A list whose numbers are not understood, or bullets: the text stands without them.
    if not parts or None in parts.values():
        return ""
    text = _PLACE.sub(lambda match: parts[match[1]] or "", levels[level].text).strip()
    return f"{text} " if text[-1:].isalnum() else text


def _counted(number: int, kind: str) -> str | None:
    if kind in _CHINESE:
        return chinese(number)
    if kind == "decimal":
        return str(number)
    if kind == "decimalZero":
        return f"{number:02}"
    if kind == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    if kind.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x245F + number)
    if kind in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
        return chr((64 if kind == "upperLetter" else 96) + number)
    return None


def chinese(number: int) -> str:
    """Return a number below 10,000 as it is counted in Chinese: 12 is 十二, 20 is 二十, 105 is 一百零五."""
    if not 0 < number < 10_000:
        return str(number)
    text = ""
    for digit, unit in zip(f"{number:04}", "千百十 ", strict=True):
        text += _DIGITS[int(digit)] + (unit.strip() if digit != "0" else "")
    text = re.sub("零+", "零", text).strip("零")
    return text.removeprefix("一") if text.startswith("一十") else text
