"""Faults planted into a disclosure, one at a time: which numbers may be faulted, how each is, and the document after it.

A fault replaces one span of the text. A text file is parsed anew from its new text; a document of another format keeps
its tables and pages, with every offset behind the fault moved.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from budget_llm.disclosure import Disclosure
from budget_llm.document import Document
from budget_llm.facts import Fact
from budget_llm.normal_form import normalise
from budget_llm.quantities import YUAN, in_yuan
from budget_llm.tables import Cell, Table

KINDS = ("plus ten", "digit", "swap", "sign")

_DIGITS = re.compile("[0-9０-９]")
_WRITTEN = re.compile("[0-9０-９OＯo]")
_POINT = re.compile("[.．]")
_MINUS = re.compile("[-－−]")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９OＯo", "0123456789000")
_OPPOSITES = {
    "增加": "减少", "增长": "下降", "上升": "下降", "减少": "增加", "下降": "上升", "降低": "上升",
    "增長": "下降", "減少": "增加",
}  # fmt: skip
_DIRECTION = re.compile("|".join(_OPPOSITES))
# How far before a change its direction word may stand.
_REACH = 12


@dataclass(frozen=True, slots=True)
class Number:
    """A money number of a document as it stands there: `text` is at `start`, on `line`.

    `covered` tells whether anything in the document could give a fault in it away: it stands in an identity, or twice.
    `is_change` is whether it states a signed difference. Label and concept are "" where no fact explains it.
    """

    start: int
    text: str
    line: int
    label: str = ""
    concept: str = ""
    is_change: bool = False
    covered: bool = False

    @property
    def end(self) -> int:
        """Where the number ends."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one number: `text[start:end]`, which was `old`, reads `new`."""

    kind: str
    number: Number
    start: int
    old: str
    new: str

    @property
    def end(self) -> int:
        """Where the replaced words end in the document without the fault."""
        return self.start + len(self.old)

    @property
    def delta(self) -> int:
        """How far what stands behind the fault is moved."""
        return len(self.new) - len(self.old)

    @property
    def span(self) -> tuple[int, int]:
        """Where the faulted number stands in the document with the fault."""
        return self.after(self.number.start), self.after(self.number.end)

    def after(self, offset: int) -> int:
        """Return where an offset of the document without the fault stands in the one with it."""
        if offset <= self.start:
            return offset
        return offset + self.delta if offset >= self.end else min(offset, self.start + len(self.new))

    def before(self, offset: int) -> int:
        """Return where an offset of the document with the fault stood without it."""
        if offset <= self.start:
            return offset
        return offset - self.delta if offset >= self.end + self.delta else min(offset, self.end)


def numbers(disclosure: Disclosure) -> tuple[Number, ...]:
    """Return the money numbers of a disclosure that are written in digits, in the order of its text."""
    document = disclosure.original
    money = [
        (fact.start, fact)
        for fact in disclosure.facts
        if fact.start is not None and fact.measure in ("amount", "change") and fact.unit in YUAN
        if _DIGITS.search(fact.text)
    ]
    twice = _standing_twice(money)
    found = {
        unread.start: Number(unread.start, unread.text, document.line(unread.start))
        for unread in disclosure.coverage.unread
        if unread.is_money and _DIGITS.search(unread.text)
    }
    for start, fact in money:
        covered = bool(fact.supported or fact.contradicted) or start in twice
        found[start] = Number(
            start, fact.text, document.line(start), fact.label, fact.concept, fact.measure == "change", covered
        )
    return tuple(found[start] for start in sorted(found))


def _standing_twice(money: Sequence[tuple[int, Fact]]) -> set[int]:
    """Return where the numbers start that another of equal value repeats under its concept, label or code."""
    places: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for start, fact in money:
        value = in_yuan(fact.value, fact.unit)
        if not value:
            continue
        said = (fact.concept, fact.scope, fact.split, fact.period, fact.stage, fact.measure)
        for key in (("concept", *said), ("label", normalise(fact.label)), ("code", fact.code)):
            if key[-1]:
                places[(*key, value)].add(start)
    return {start for starts in places.values() if len(starts) > 1 for start in starts}


def faults(document: Document, number: Number, seed: str) -> Iterator[Fault]:
    """Yield the faults of each kind that the number admits; `seed` decides which digits are hit."""
    chances = {kind: random.Random(f"{seed}/{number.start}/{kind}") for kind in KINDS}
    for kind, new in (
        ("plus ten", plus_ten(number.text)),
        ("digit", other_digit(number.text, chances["digit"])),
        ("swap", swapped(number.text, chances["swap"])),
    ):
        if new is not None:
            yield Fault(kind, number, number.start, number.text, new)
    yield from _turned(document, number)


def plus_ten(written: str) -> str:
    """Return a written number and ten of its unit, with as many decimals and the same separators."""
    places = [match.start() for match in _WRITTEN.finditer(written)]
    digits = "".join(written[place] for place in places).translate(_HALF_WIDTH)
    point = _POINT.search(written)
    decimals = sum(place > point.start() for place in places) if point else 0
    sign = -1 if _MINUS.match(written) else 1
    total = sign * int(digits) + 10 ** (decimals + 1)
    return ("-" if total < 0 else "") + _filled(written[places[0] :], f"{abs(total):0{decimals + 1}}", decimals)


def _filled(form: str, digits: str, decimals: int) -> str:
    """Return digits in the form of a written number: its point, separators and width of characters."""
    comma = re.search(r"(?<=[0-9０-９])[,，](?=[0-9０-９]{3})", form)
    wide = re.search("[０-９]", form) is not None
    rest, back = list(digits.translate(_FULL_WIDTH) if wide else digits), []
    for char in reversed(form):
        if not rest:
            break
        back.append(rest.pop() if _WRITTEN.match(char) else char)
    while rest:
        written = sum(_WRITTEN.match(char) is not None for char in back) - decimals
        if comma and written % 3 == 0:
            back.append(comma.group())
        back.append(rest.pop())
    return "".join(reversed(back))


def other_digit(written: str, chance: random.Random) -> str:
    """Return a written number with one digit changed to another, never to a zero in front."""
    places = [match.start() for match in _DIGITS.finditer(written)]
    place = chance.choice(places)
    old = written[place].translate(_HALF_WIDTH)
    new = chance.choice([d for d in "0123456789" if d != old and (d != "0" or place != places[0])])
    return written[:place] + _like(written[place], new) + written[place + 1 :]


def _like(digit: str, new: str) -> str:
    return new.translate(_FULL_WIDTH) if digit in "０１２３４５６７８９" else new


def swapped(written: str, chance: random.Random) -> str | None:
    """Return a written number with two different neighbouring digits swapped, never a zero to the front; None without such."""
    first = _DIGITS.search(written)
    pairs = [
        place
        for place, (one, other) in enumerate(pairwise(written))
        if _DIGITS.match(one) and _DIGITS.match(other) and one != other
        if first and (place != first.start() or other not in "0０")
    ]
    if not pairs:
        return None
    place = chance.choice(pairs)
    return written[:place] + written[place + 1] + written[place] + written[place + 2 :]


def _turned(document: Document, number: Number) -> Iterator[Fault]:
    """Yield the fault in the sign of a change: its minus removed, in a table added, in prose its direction word turned."""
    if not number.is_change:
        return
    if _MINUS.match(number.text):
        yield Fault("sign", number, number.start, number.text, number.text[1:])
        return
    cell = cell_at(document.tables, number.start)
    if cell is not None and cell[1].text.strip() == number.text:
        if _DIGITS.search(number.text.replace("0", "")):  # 0.00 with a minus is the same
            yield Fault("sign", number, number.start, number.text, "-" + number.text)
        return
    before = document.text[max(0, number.start - _REACH) : number.start]
    words = list(_DIRECTION.finditer(before[before.rfind("。") + 1 :]))
    if words:
        start = number.start - len(words[-1].string) + words[-1].start()
        yield Fault("sign", number, start, words[-1].group(), _OPPOSITES[words[-1].group()])


def cell_at(tables: Sequence[Table], offset: int) -> tuple[Table, Cell] | None:
    """Return the cell that holds an offset, and its table; None for an offset in prose."""
    for table in tables:
        if any(start <= offset < end for start, end in table.parts):
            for cell in table.cells:
                if cell.start <= offset < cell.end:
                    return table, cell
    return None


def with_fault(document: Document, fault: Fault) -> Document:
    """Return the document with the fault in it."""
    assert document.text[fault.start : fault.end] == fault.old
    text = document.text[: fault.start] + fault.new + document.text[fault.end :]
    if document.format == "text":
        return Document.from_text(text, document.source)
    pages = tuple(replace(page, start=fault.after(page.start), end=fault.after(page.end)) for page in document.pages)
    return replace(
        document,
        text=text,
        tables=tuple(_moved(table, text, fault) for table in document.tables),
        pages=pages,
        _line_starts=(0, *accumulate(len(line) + 1 for line in text.split("\n"))),
        _page_starts=tuple(page.start for page in pages),
    )


def _moved(table: Table, text: str, fault: Fault) -> Table:
    """Return a table as it stands in the text with the fault."""
    if table.end <= fault.start:
        return table
    cells = []
    for cell in table.cells:
        start, end = fault.after(cell.start), fault.after(cell.end)
        cells.append(replace(cell, start=start, end=end, text=text[start:end]))
    parts = tuple((fault.after(start), fault.after(end)) for start, end in table.parts)
    return replace(table, cells=tuple(cells), parts=parts)


def spread(found: Sequence[Number], most: int | None, seed: str) -> list[Number]:
    """Return at most so many of the numbers, one out of each stretch of the document."""
    if most is None or len(found) <= most:
        return list(found)
    chance = random.Random(f"{seed}/sample")
    borders = [len(found) * part // most for part in range(most + 1)]
    return [found[chance.randrange(first, last)] for first, last in pairwise(borders)]
