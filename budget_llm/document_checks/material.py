"""What a check looks at: the document with its sections and facts, its lines, and the places a finding points to."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from budget_llm.document import Document
from budget_llm.facts import Fact, Finding, Place, Severity
from budget_llm.normal_form import simplify
from budget_llm.records import DocumentRecord
from budget_llm.sections import Section
from budget_llm.tables import Table

ZH = r"\u4e00-\u9fff"
NUMERAL = "[一二三四五六七八九十]{1,3}"
# Numbering and white space before the words of a heading or of a title.
NUMBERING = re.compile(
    rf"(?:\[bookmark:[^\]\n]{{0,80}}\]|[ \t\f\u00a0\u3000\ufeff#*-]){{0,40}}"
    rf"(?:第{NUMERAL}部分|附?表[ \u3000]?(?:{NUMERAL}|[0-9-]{{1,4}})|附件[ \u3000]?(?:{NUMERAL}|[0-9]{{1,2}})?"
    rf"|(?:公开|预算|决算)表?[0-9]{{1,2}}表?|[（(](?:{NUMERAL}|[0-9]{{1,2}})[)）][、.]?|{NUMERAL}[、.．]|[0-9]{{1,2}}[、.．])?"
    r"[ \t\u3000:：]{0,4}(?:关于)?"
)
# A heading that runs into its text: （一）收入预算：2024年…
_RUN_IN = re.compile(rf"[{ZH}“”]{{2,14}}[：:]")
_TRADITIONAL = re.compile("[預決經費額撥購務運]")
_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?=[ \u3000]?年)")
_SENTENCE_END = re.compile("[。；;！？]")
_NO_TITLE = re.compile("[。；，\t|]")
_BEHIND_YEAR = re.compile(r"[ \u3000]?年度?[ \u3000]{0,4}")
_LONGEST_TITLE = 60
_NEAR = 1500
_LONGEST_COVER = 600
# How far above a table its title may stand.
_TITLE_REACH = 160


@dataclass(frozen=True, slots=True)
class Opening:
    """A year that opens a title or a sentence, with what stands before it there and behind it.

    `year` is written at `start` to `end`; `before` are the words from the beginning of the title or sentence to
    the year, its numbering aside, from `before_start`; `after` are those behind 年 or 年度, to the end of the
    line, from `after_start`.
    """

    year: int
    start: int
    end: int
    before: str
    before_start: int
    after: str
    after_start: int
    is_title: bool


@dataclass(frozen=True, slots=True)
class Material:
    """A document with what was read from it. `text` is its text in simplified script, offsets as they are; `spans`
    are those of its tables, `titles` where the cells begin that hold a table's title, `filled` the numbers (from 0)
    of the tables that hold an amount other than 0.
    """

    document: Document
    sections: Sequence[Section]
    record: DocumentRecord
    facts: Sequence[Fact]
    text: str
    spans: tuple[tuple[int, int], ...]
    titles: tuple[int, ...] = ()
    filled: frozenset[int] = frozenset()
    openings: tuple[Opening, ...] = ()

    def line(self, offset: int) -> tuple[int, int]:
        """Return where the line begins and ends that holds an offset, of a longer line what is near."""
        first, last = max(0, offset - _NEAR), min(len(self.text), offset + _NEAR)
        start, end = self.text.rfind("\n", first, offset), self.text.find("\n", offset, last)
        return first if start < 0 else start + 1, last if end < 0 else end

    def in_table(self, offset: int) -> bool:
        """Whether an offset lies inside a table."""
        number = bisect_right(self.spans, offset, key=lambda span: span[0]) - 1
        return number >= 0 and offset < self.spans[number][1]

    def is_title(self, first: int, offset: int) -> bool:
        """Whether a cell with the title of a table begins between two offsets."""
        return bisect_left(self.titles, first) < bisect_right(self.titles, offset)

    def section(self, offset: int) -> Section:
        """Return the section that holds an offset."""
        return self.sections[max(bisect_right(self.sections, offset, key=lambda section: section.start) - 1, 0)]

    @property
    def cover(self) -> int:
        """Where the cover ends: the text before the first heading, a page's length at most."""
        return min(self.sections[1].start if len(self.sections) > 1 else _LONGEST_COVER, _LONGEST_COVER)

    def heads_something(self, opening: Opening, titles: Sequence[Opening]) -> bool:
        """Whether one of several titles is a heading, stands above a table, or is the only one of the cover.

        Any other line by itself may be a link to another disclosure (上一篇).
        """
        if opening.start < self.cover:
            named = [title for title in titles if title.start < self.cover and title.before.strip()]
            return named == [opening] or (not named and titles[0] is opening)
        section = self.section(opening.start)
        return self.is_above_table(opening.start) or section.start <= opening.start < section.body

    def is_above_table(self, offset: int) -> bool:
        """Whether an offset lies in a table or where its title may stand."""
        number = bisect_right(self.spans, offset, key=lambda span: span[0])
        above = number < len(self.spans) and self.spans[number][0] - offset <= _TITLE_REACH
        return above or self.in_table(offset)

    def place(self, start: int, end: int, label: str) -> Place:
        """Return a place, with its words exactly as they stand there."""
        return Place(
            start, end, self.document.line(start), self.document.text[start:end], label, page=self.document.page(start)
        )


def material_of(
    document: Document, sections: Sequence[Section], record: DocumentRecord, facts: Sequence[Fact]
) -> Material:
    """Return what the checks look at."""
    text = simplify(document.text) if _TRADITIONAL.search(document.text) else document.text
    spans = document.table_spans
    titles = tuple(cell.start for table in document.tables for cell in table.cells if cell.kind == "title")
    filled = frozenset(f.table for f in facts if f.table is not None and f.measure == "amount" and f.value)
    bare = Material(document, sections, record, facts, text, spans, tuple(sorted(titles)), filled)
    return replace(bare, openings=tuple(_openings(bare)))


def _openings(material: Material) -> list[Opening]:
    found = []
    text = material.text
    for match in _YEAR.finditer(text):
        first, last = material.line(match.start())
        if material.in_table(match.start()) and not material.is_title(first, match.start()):
            continue
        line = text[first:last].strip()
        is_title = len(line) <= _LONGEST_TITLE and not _NO_TITLE.search(line)
        sentence = first
        for end in _SENTENCE_END.finditer(text, max(first, match.start() - 2 * _LONGEST_TITLE), match.start()):
            sentence = end.end()
        lead = NUMBERING.match(text, sentence, match.start())
        begin = lead.end() if lead else sentence
        run_in = _RUN_IN.match(text, begin, match.start()) if text[sentence:begin].strip() else None
        begin = run_in.end() if run_in else begin
        if match.start() - begin > _LONGEST_TITLE:
            continue
        tail = _BEHIND_YEAR.match(text, match.end())
        behind = tail.end() if tail else match.end()
        found.append(
            Opening(
                int(match.group()), match.start(), match.end(), text[begin : match.start()], begin,
                text[behind:last].rstrip(), behind, is_title,
            )
        )  # fmt: skip
    return found


def finding(
    rule: str, severity: Severity, message: str, english: str, places: Sequence[Place], *,
    numbers: Sequence[str] = (), expected: str | None = None, found: str | None = None, suspects: Sequence[Place] = (),
) -> Finding:  # fmt: skip
    """Return a finding about the words of a document."""
    return Finding(
        rule, severity, message, tuple(numbers), expected, found, None, tuple(places), tuple(suspects), english
    )


def title_of(table: Table) -> str:
    """Return the title of a table for a message."""
    return " ".join((table.title or "").split())
