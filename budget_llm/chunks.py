"""What is sent to the model: sections of one prompt together, long ones cut at borders, known tables left out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from budget_llm.document import Document
from budget_llm.sections import Section
from budget_llm.tables import Table, outside

# Which prompt reads a topic; topics that hold nothing to extract are not here and are not sent.
_PROMPT_OF_TOPIC = {
    "duties": "body",
    "organisation": "body",
    "income": "money",
    "expenditure": "money",
    "fiscal_appropriation": "money",
    "three_public": "money",
    "operating": "money",
    "procurement": "money",
    "assets": "money",
    "performance": "performance",
}
LONGEST_CHUNK = 3500
_SHORTEST_HALVED = 200
_SHORT = 400
_OF_MONEY = re.compile(r"涉及|资金|金额")
_OF_INDICATORS = re.compile(r"指标|得分|评分|权重|分值|得[0-9.]{1,6}分")
_NUMBER = re.compile(r"[0-9０-９]")
_MONEY = re.compile(r"[0-9.]\s*(?:万|亿|千)?元")
# Where a long text may be cut, best first: behind a sentence, behind a line that ends one or is a row, behind a clause,
# behind any line; never in a number or between it and its unit.
_BORDERS = tuple(
    re.compile(border)
    for border in (
        r"[。；！？]\n?|[：:|\t][^\n]{0,12}\n|\n[ \t\u3000]*\n",
        r"[，、](?![0-9０-９]{3}(?![0-9０-９]))|(?<=[^0-9０-９]),",
        r"(?<![0-9０-９.．,，])\n(?![0-9０-９.．]|[万亿千百]?元)",
    )
)
_NO_CUT = re.compile(
    r"(?<=[0-9０-９.．,，])(?=[0-9０-９.．,，])|(?<=[0-9０-９万亿千百])[ \u3000]?(?=[万亿千百元%％])|(?<=[0-9０-９万亿千百][ \u3000])(?=[万亿千百元%％])"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text with what stood above it: headings (`path`), and of a table cut in two unit and header (`lead`)."""

    start: int
    end: int
    sections: tuple[int, ...]
    path: tuple[str, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one request is about: the prompt, and the spans of the document that it reads."""

    prompt: str
    spans: tuple[Span, ...]

    @property
    def sections(self) -> tuple[int, ...]:
        """The sections that the spans are of, in order."""
        return tuple(dict.fromkeys(index for span in self.spans for index in span.sections))

    @property
    def length(self) -> int:
        """How many characters of the document it holds."""
        return sum(span.end - span.start for span in self.spans)


def chunk(
    document: Document, sections: Sequence[Section], passed_over: Container[int] = ()
) -> tuple[tuple[Chunk, ...], dict[int, str]]:
    """Return the chunks to send, in order, and for every section that is not sent the reason why.

    Sections of one prompt share a chunk as long as it stays below LONGEST_CHUNK, wherever they stand. Those that
    are `passed_over` are left out of the chunks and of the reasons.
    """
    unsent: dict[int, str] = {}
    chunks: list[Chunk] = []
    last: dict[str, int] = {}  # the last chunk of each prompt
    for section in sections:
        prompt, reason = _prompt_of(document, section)
        if prompt is None:
            unsent[section.index] = reason
            continue
        if section.index in passed_over:
            continue
        for span in _spans(document, section, prompt):
            open_ = chunks[last[prompt]] if prompt in last else None
            if open_ is not None and open_.length + span.end - span.start <= LONGEST_CHUNK:
                chunks[last[prompt]] = Chunk(prompt, _with(open_.spans, span))
            else:
                last[prompt] = len(chunks)
                chunks.append(Chunk(prompt, (span,)))
    return tuple(chunks), unsent


def halves(document: Document, chunk: Chunk) -> tuple[Chunk, ...]:
    """Return a chunk as two, where the reply to the whole would be too long; () where it is too short for that."""
    if chunk.length < _SHORTEST_HALVED:
        return ()
    first: list[Span] = []
    second: list[Span] = []
    room = chunk.length // 2
    for span in chunk.spans:
        if second or room <= 0:
            second.append(span)
        elif span.end - span.start <= room:
            first.append(span)
            room -= span.end - span.start
        else:
            stop = _border(document, span.start, span.start + room)
            first.append(replace(span, end=stop))
            second.append(_behind(document, span, stop))
    return Chunk(chunk.prompt, tuple(first)), Chunk(chunk.prompt, tuple(second))


def _prompt_of(document: Document, section: Section) -> tuple[str | None, str]:
    """Return the prompt that reads a section, or None and the reason why it is not sent."""
    body = document.text[section.body : section.end]
    if section.topic == "tables":
        if "绩效" in section.title and _NUMBER.search(body):
            return "performance", ""
        return None, "a table: its numbers do not pass through the model"
    prompt = _PROMPT_OF_TOPIC.get(section.topic)
    if prompt == "performance" and len(body) < _SHORT and _OF_MONEY.search(body) and not _OF_INDICATORS.search(body):
        prompt = "money"  # how many projects and how much money they cover: no prompt of its own for two numbers
    if section.topic == "other":
        prompt = "money" if _MONEY.search(body) else None
    if prompt is None:
        return None, f"nothing to extract from the topic {section.topic}"
    if not body.strip():
        return None, "only a heading"
    told = "".join(document.text[a:b] for a, b in outside(document.table_spans, section.body, section.end))
    if prompt == "money" and not (_NUMBER.search(told) or "元" in told):
        return None, "a table: its numbers do not pass through the model" if told != body else "no number in it"
    if prompt == "performance" and not (_NUMBER.search(body) or "元" in body):
        return None, "no number in it"
    return prompt, ""


def _spans(document: Document, section: Section, prompt: str) -> Iterator[Span]:
    """Yield what is sent of a section: without its tables but for those of indicators, in parts that are not too long."""
    tables = () if prompt == "performance" else document.table_spans
    for start, end in outside(tables, section.start, section.end):
        if not document.text[start:end].strip():
            continue
        path = section.path[:-1] if start == section.start else section.path
        span = Span(start, end, (section.index,), path)
        while span.end - span.start > LONGEST_CHUNK:
            stop = _border(document, span.start + LONGEST_CHUNK // 2, span.start + LONGEST_CHUNK)
            yield replace(span, end=stop)
            span = _behind(document, replace(span, path=section.path), stop)
        yield span


def _with(spans: tuple[Span, ...], span: Span) -> tuple[Span, ...]:
    """Return spans with one more; a neighbour of the last goes on with it, under the headings that both have."""
    last = spans[-1]
    if last.end != span.start or span.lead:
        return (*spans, span)
    common = tuple(a for a, b in zip(last.path, span.path, strict=False) if a == b)
    sections = tuple(dict.fromkeys((*last.sections, *span.sections)))
    return (*spans[:-1], replace(last, end=span.end, sections=sections, path=common))


def _border(document: Document, least: int, most: int) -> int:
    """Return where a text may be cut between two offsets: at the last row of a table, sentence or line, never in a number."""
    table = _table_over(document, most)
    if table is not None:
        rows = [row[0].start for number in range(table.height) if (row := table.row(number)) and row[0].kind == "body"]
        fitting = [start for start in rows if least < start <= most]
        longer = [start for start in (*rows, table.end) if most < start <= most + LONGEST_CHUNK]
        if fitting or longer:  # a row is not cut as long as it is no giant
            return fitting[-1] if fitting else longer[0]
    for pattern in _BORDERS:
        borders = [m.end() for m in pattern.finditer(document.text, least, most) if least < m.end() <= most]
        if borders:
            return borders[-1]
    stop = most
    while stop > least + 1 and _NO_CUT.match(document.text, stop):
        stop -= 1  # no border far and wide: at least no number is cut
    return stop


def _behind(document: Document, span: Span, stop: int) -> Span:
    """Return what of a span stands behind a cut; in a table, with its unit and the header of its columns."""
    table = _table_over(document, stop)
    lead = ""
    if table is not None and table.start < stop:
        heads = ["/".join(dict.fromkeys(path)) for path in table.columns]
        lead = (f"单位：{table.unit}\n" if table.unit else "") + "|".join(heads)
    return replace(span, start=stop, lead=lead)


def _table_over(document: Document, offset: int) -> Table | None:
    """Return the table that goes over an offset."""
    number = bisect_right(document.tables, offset, key=lambda table: table.start) - 1
    table = document.tables[number] if number >= 0 else None
    return table if table is not None and offset < table.end else None
