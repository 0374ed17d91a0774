"""The text of a Word paragraph: its runs, without field codes, deletions, hidden text and the marks of notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from budget_llm.formats.word.numbering import Numbering, child, local, value

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

# Content controls, insertions, links, simple fields: their content is read where they stand.
CONTAINERS = {
    "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo", "ruby",
    "rubyBase", "oMath", "oMathPara", "e", "num", "den", "sub", "sup", "f", "sSub", "sSup", "d", "rad", "nary",
}  # fmt: skip
DROPPED = {"del", "moveFrom", "rt"}
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DRAWINGS = {"drawing", "pict", "object"}
_INVISIBLE = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u00ad")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_OFF = {"0", "false", "off"}


def is_on(switch: BaseOxmlElement | None) -> bool:
    """Whether a property that may be switched off is there and on."""
    return switch is not None and value(switch) not in _OFF


def branch(alternatives: BaseOxmlElement) -> BaseOxmlElement:
    """Return the one branch of alternative content to read: both hold the same text."""
    choices = [choice for choice in alternatives if local(choice) in ("Choice", "Fallback")]
    # Asked by a plain search: one that chose branches itself would double its work at every level of nesting.
    with_box = (choice for choice in choices if next(choice.iter("{*}txbxContent"), None) is not None)
    return next(with_box, choices[0] if choices else alternatives)


class ParagraphReader:
    """Reads paragraphs in the order of the document: numbers count on, and a field may begin in one and end in another.

    `struck` says whether struck-out text was passed over so far.
    """

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        # Of each open field: its code so far, and whether its result has begun.
        self._fields: list[tuple[str, bool]] = []
        self.struck = False

    def read(self, paragraph: BaseOxmlElement) -> tuple[list[str], list[BaseOxmlElement]]:
        """Return the lines of a paragraph, its automatic number before the first, and the text boxes in it."""
        number = self._numbering.next(child(paragraph, "pPr"))
        parts: list[str] = []
        boxes: list[BaseOxmlElement] = []
        in_contents = self._in_contents()
        self._inline(paragraph, parts, boxes)
        text = "".join(parts).translate(_INVISIBLE).replace("\u00a0", " ")
        if in_contents or self._in_contents():
            text = text.replace("\t", " ")
        # A code that never came to its result must not swallow the paragraphs after it.
        self._fields = [(code, shown) for code, shown in self._fields if shown]
        lines = [line for line in (piece.strip(" \t\u3000") for piece in text.split("\n")) if line]
        if lines and number:
            # 1. and 5万元 are not 1.5万元.
            apart = (lines[0][0].isdigit() or lines[0][0] == ".") and (
                number[-1] == "．" or (number[-1].isascii() and number[-1] != " ")
            )
            lines[0] = f"{number} {lines[0]}" if apart else number + lines[0]
        return lines, boxes

    def _in_contents(self) -> bool:
        return any(re.match(r"\s{0,20}TOC\b", code) for code, _ in self._fields)

    def _inline(self, container: BaseOxmlElement, parts: list[str], boxes: list[BaseOxmlElement]) -> None:
        for element in container:
            name = local(element)
            if name == "r":
                self._run(element, parts, boxes)
            elif name == "AlternateContent":
                self._inline(branch(element), parts, boxes)
            elif name in CONTAINERS and name not in DROPPED:
                self._inline(element, parts, boxes)

    def _run(self, run: BaseOxmlElement, parts: list[str], boxes: list[BaseOxmlElement]) -> None:
        properties = child(run, "rPr")
        hidden = is_on(child(properties, "vanish"))
        struck = is_on(child(properties, "strike")) or is_on(child(properties, "dstrike"))
        # A number with the mark of a note is not a longer number.
        raised = value(child(properties, "vertAlign")) == "superscript"
        for element in run:
            name = local(element)
            if name == "fldChar":
                self._field(value(element, "fldCharType") or "")
            elif name == "instrText" and self._fields:
                code, shown = self._fields[-1]
                self._fields[-1] = (code + (element.text or "")[:100], shown)
            elif hidden or not all(shown for _, shown in self._fields):
                continue
            elif name == "t" and struck:
                self.struck = self.struck or bool((element.text or "").strip())
            elif name == "t":
                text = (element.text or "").replace("\n", " ")
                parts.append(text.translate(_RAISED) if raised else text)
            elif name in _SIGNS:
                parts.append(_SIGNS[name])
            elif name == "AlternateContent":
                boxes += _boxes(branch(element))
            elif name in _DRAWINGS:
                boxes += _boxes(element)
            elif name in CONTAINERS:
                self._inline(element, parts, boxes)

    def _field(self, step: str) -> None:
        if step == "begin":
            self._fields.append(("", False))
        elif step == "separate" and self._fields:
            self._fields[-1] = (self._fields[-1][0], True)
        elif step == "end" and self._fields:
            self._fields.pop()


def _boxes(element: BaseOxmlElement) -> list[BaseOxmlElement]:
    """Return the contents of the text boxes inside `element`, outermost only, in order."""
    found: list[BaseOxmlElement] = []
    stack = [element]
    while stack:
        inner = stack.pop()
        if local(inner) == "txbxContent":
            found.append(inner)
        elif local(inner) == "AlternateContent" and inner is not element:
            stack.append(branch(inner))
        else:
            stack += reversed(inner)
    return found
