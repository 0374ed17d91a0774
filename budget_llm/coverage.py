"""How much of a document the facts explain: every number is explained, set aside, or not understood."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from budget_llm.asides import reason_aside
from budget_llm.document import Document
from budget_llm.facts import Fact, Unread
from budget_llm.normal_form import normalise
from budget_llm.quantities import NUMERAL_AMOUNT, Quantity, find_quantities
from budget_llm.sections import Section
from budget_llm.tables import around


@dataclass(frozen=True, slots=True)
class Coverage:
    """The three counts over the numbers written in digits, and the lists behind two of them.

    `aside` holds the numbers that state no fact with the reason, `unread` those that are not understood.
    """

    explained: int
    aside: tuple[Unread, ...]
    unread: tuple[Unread, ...]

    @property
    def share(self) -> float:
        """The explained share of the numbers that may state something (1.0 where there are none)."""
        stated = self.explained + len(self.unread)
        return self.explained / stated if stated else 1.0


_DATED = re.compile(r"20[0-9]{2}[ \u3000]?年[^。\n]{0,60}$")


def _states(text: str, quantity: Quantity) -> bool:
    """Whether an amount stands in a dated sentence: then it is no example of a definition."""
    return quantity.is_money and _DATED.search(text[max(0, quantity.start - 80) : quantity.start]) is not None


_GOALS = re.compile(r"工作任务|工作目标|重点工作|工作计划|工作要点|绩效目标$|年度目标$")
_NUMBERING = re.compile(r"序号|行次|栏次")
_CODED = re.compile(r"编码|代码|编号|^[类款项]$")
_FREE_TEXT = re.compile(r"目标$|概况|内容|依据|原因|措施|备注|说明|标准|名称$")
_CODE = re.compile(r"[2-5][0-9]{2}(?:[0-9]{2}){0,2}")


class _Cells:
    """Tells why a number in a table states nothing: it stands in a header, or codes or numbers a row."""

    def __init__(self, document: Document) -> None:
        self._cells = sorted((cell for table in document.tables for cell in table.cells), key=lambda c: c.start)
        self._starts = [cell.start for cell in self._cells]

    def reason(self, quantity: Quantity) -> str | None:
        """Return the reason, or None where the number is no such one."""
        at = bisect_right(self._starts, quantity.start) - 1
        if at < 0 or quantity.start >= self._cells[at].end:
            return None
        cell = self._cells[at]
        if cell.kind in ("header", "ordinal", "title"):
            return "table header"
        if cell.kind == "field":
            return "free text"
        head = normalise(cell.header[-1]) if cell.header else ""
        if _NUMBERING.search(head):
            return "row number"
        if quantity.start == cell.start and (_CODED.search(head) or _CODE.match(cell.text)) and quantity.unit is None:
            return "code" if quantity.text != cell.text or _CODED.search(head) else None
        return "free text" if _FREE_TEXT.search(head) and quantity.text != cell.text else None


def coverage(document: Document, sections: Sequence[Section], facts: Iterable[Fact]) -> Coverage:
    """Return the coverage of a document by its facts."""
    spans = sorted((f.start, f.end) for f in facts if f.start is not None and f.end is not None)
    explained = 0
    aside: list[Unread] = []
    unread: list[Unread] = []
    place = 0
    cells = _Cells(document)
    for section in sections:
        for quantity in find_quantities(document.text, section.start, section.end):
            while place < len(spans) and spans[place][1] <= quantity.start:
                place += 1
            if place < len(spans) and spans[place][0] < quantity.end:
                explained += 1
                continue
            reason = reason_aside(document.text, quantity) or cells.reason(quantity)
            if reason is None and section.topic in ("glossary", "duties") and not _states(document.text, quantity):
                reason = section.topic
            if reason is None and not quantity.is_money and any(_GOALS.search(title) for title in section.path):
                reason = "goal text"
            if reason is None and quantity.unit is None and quantity.start < section.body:
                reason = "heading"
            (aside if reason else unread).append(
                Unread(quantity.text, quantity.start, quantity.end, reason, quantity.is_money)
            )
    unread += (
        Unread(m.group(), m.start(), m.end(), None, is_money=True) for m in NUMERAL_AMOUNT.finditer(document.text)
    )
    return Coverage(explained, tuple(aside), tuple(sorted(unread, key=lambda u: u.start)))


def gaps(document: Document, covered: Coverage) -> list[int]:
    """Return the places of the amounts that no fact explains, in order: of money, and what may be a cell of a table.

    A list or table with one of them among its numbers is not known in full.
    """
    parts = [part for table in document.tables for part in table.parts]
    spans = [around(document.text, *part) for part in parts]

    def may_be_cell(unread: Unread) -> bool:
        if _CODE.fullmatch(unread.text):
            return False
        within = any(start <= unread.start < end for start, end in parts)
        beside = "." in unread.text or "," in unread.text
        return within or (beside and any(start <= unread.start < end for start, end in spans))

    return [unread.start for unread in covered.unread if unread.is_money or may_be_cell(unread)]
