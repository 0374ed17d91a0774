"""The duties of both readings joined: the rules count numbered items, the model points, code cuts the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from budget_llm.chunks import Chunk
from budget_llm.document import Document
from budget_llm.facts import Finding, Place
from budget_llm.normal_form import normalise
from budget_llm.quantities import parse_number
from budget_llm.schemas import Duties
from budget_llm.sections import Section

_DUTY = re.compile(
    r"(?:(?<=\n)|(?<=^)|(?<=[。；;：:\s]))[ \t\u3000*#-]{0,40}(?P<mark>[（(](?P<a>[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）]|(?P<b>[0-9]{1,2})(?:[、．]|[.](?![0-9]))|(?P<c>[一二三四五六七八九十]{1,3})、)[ \u3000]*"
)


@dataclass(frozen=True, slots=True)
class DutySpan:
    """One duty: its ordinal as counted, and the span of its text without the mark."""

    number: int
    start: int
    end: int


def join_duties(
    document: Document,
    sections: Sequence[Section],
    by_rule: Sequence[DutySpan],
    by_model: Sequence[tuple[Chunk, Duties]],
) -> tuple[tuple[DutySpan, ...], tuple[Finding, ...]]:
    """Return the duties to hand out, and a warning where the two readings disagree.

    The rules' items stand where they found any (each is a numbered item of the source); else the model's,
    cut from the text between its opening words.
    """
    pointed = [span for chunk, duties in by_model for span in _cut(document, sections, chunk, duties)]
    if not by_rule:
        return tuple(pointed), ()
    if not by_model:
        return tuple(by_rule), ()
    starts = {_key(document, span) for span in by_rule}
    missing = [span for span in pointed if _key(document, span) not in starts]
    asked = sum(len(duties.items) for _, duties in by_model)
    if asked == len(by_rule) and not missing:
        return tuple(by_rule), ()
    place = by_rule[0]
    return tuple(by_rule), (
        Finding(
            "duties_count", "warning", f"职责条数两种读法不一：规则读出 {len(by_rule)} 项，模型列出 {asked} 项，请核对原文",
            (str(len(by_rule)), str(asked)), str(len(by_rule)), str(asked), str(asked - len(by_rule)),
            (Place(place.start, place.end, document.line(place.start), document.quote(place.start, place.start + 20), "职责", page=document.page(place.start)),),
            english=f"the readings differ in the number of duties: {len(by_rule)} by the rules, {asked} by the model; check the source", fault=None,
        ),
    )  # fmt: skip


def _key(document: Document, span: DutySpan) -> str:
    return normalise(document.text[span.start : span.end])[:6]


def _cut(document: Document, sections: Sequence[Section], chunk: Chunk, duties: Duties) -> list[DutySpan]:
    """Return the spans that begin with the model's opening words, each up to the next; words not found are left out.

    The last one ends with its section, as does one whose successor stands in another stretch of the text.
    """
    starts: list[tuple[int, int]] = []
    stretches = [(span.start, span.end) for span in chunk.spans]
    position = stretches[0][0]
    for duty in duties.items:
        opening = duty.opening.strip()
        for first, last in stretches:
            found = document.text.find(opening, max(first, position), last) if opening and last > position else -1
            if found >= 0:
                starts.append((found, last))
                position = found + 1
                break
    spans = []
    for number, (start, last) in enumerate(starts):
        section = sections[bisect_right(sections, start, key=lambda s: s.start) - 1]
        end = starts[number + 1][0] if number + 1 < len(starts) else section.end
        text = document.text[start : min(end, last)].rstrip(" \t\r\n\u3000-*（(0123456789一二三四五六七八九十、.．)）")
        spans.append(DutySpan(number + 1, start, start + len(text)))
    return spans


def duties(document: Document, sections: Sequence[Section]) -> tuple[DutySpan, ...]:
    """Return the duties: the numbered items of the sections on duties, counted from one without a gap."""
    for section in sections:
        if section.topic != "duties":
            continue
        items = _numbered(document.text, section.body, section.end)
        if items:
            return items
    return ()


def _numbered(text: str, start: int, end: int) -> tuple[DutySpan, ...]:
    """Return the items of the first run of marks 1, 2, 3 … in `text[start:end]`."""
    marks: list[tuple[int, int, int]] = []
    style = None
    for match in _DUTY.finditer(text, start, end):
        number = _ordinal(match)
        kind = "a" if match.group("a") else "b" if match.group("b") else "c"
        if number == len(marks) + 1 and style in (None, kind):
            style = kind
            marks.append((number, match.start("mark"), match.end()))
    items = []
    for place, (number, _, body) in enumerate(marks):
        stop = marks[place + 1][1] if place + 1 < len(marks) else end
        content = text[body:stop].rstrip(" \t\r\n\u3000-*")
        items.append(DutySpan(number, body, body + len(content)))
    return tuple(items) if len(items) > 1 else ()


def _ordinal(match: re.Match[str]) -> int:
    value = parse_number(match.group("a") or match.group("b") or match.group("c"))
    return int(value) if value is not None else -1
