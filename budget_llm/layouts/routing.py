"""Sections whose topic the lexicon cannot tell, put to the model for its own reading; the rules do not follow it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from budget_llm.document import Document
from budget_llm.layouts.answers import Route, Routes
from budget_llm.layouts.asking import request_about
from budget_llm.layouts.signatures import section_key
from budget_llm.lexicon import general_titles, topics
from budget_llm.model import Request
from budget_llm.normal_form import normalise
from budget_llm.read_by_model import About
from budget_llm.sections import Section
from budget_llm.tables import outside

_OPENING = 60
_SHORTEST = 30
_NUMBER = re.compile(r"[0-9０-９]")
# A document without headings is put to the model in pieces, from a length on at which one schema for all of it loses
# much; one of tables and their captions alone is not.
_UNHEADED, _FEWEST_SENTENCES = 300, 3
_PIECE, _MOST_PIECES = 150, 40
_LINE = re.compile(r"[^\n]+")
_LONGEST_HEADING = 24


@dataclass(frozen=True, slots=True)
class Question:
    """A section to be routed: by what it is remembered (None where it has no heading), its heading, its first words."""

    section: Section
    key: str | None
    opening: str


def questions(document: Document, sections: Sequence[Section], organisation: str | None) -> list[Question]:
    """Return what is to be routed; nothing where the lexicon tells every topic.

    A section is asked about where no word of a topic stands in its heading, nothing above it gives it a topic, and it
    holds a number or some lines of text outside tables. A document without any heading is asked about in pieces.
    """
    if len(sections) == 1:
        pieces = _pieces(document)
        return [Question(piece, None, _opening(document, piece)) for piece in pieces] if len(pieces) > 1 else []
    return [
        Question(section, section_key(section, organisation), _opening(document, section))
        for section in sections[1:]
        if section.topic == "other" and not _is_told(section) and _is_worth_reading(document, section)
    ]


def route_request(asked: Sequence[Question], about: About) -> Request:
    """Return the one request for all sections of a document."""
    lines = [f"{number}｜{q.section.title[:40]}｜{q.opening}" for number, q in enumerate(asked)]
    return request_about("routes", Routes, "待归类的各节", "\n".join(lines), about)


def topics_by_number(asked: Sequence[Question], routes: Sequence[Route]) -> dict[int, str]:
    """Return the topic of each question that the answer names one for; what it names twice or beyond them is left out."""
    named: dict[int, set[str]] = {}
    for route in routes:
        named.setdefault(route.index, set()).add(route.topic)
    return {number: found.pop() for number, found in named.items() if 0 <= number < len(asked) and len(found) == 1}


def with_topics(sections: Sequence[Section], topics: Mapping[int, str]) -> tuple[Section, ...]:
    """Return the sections with the topics (by section index) that they were routed to."""
    return tuple(replace(s, topic=topics[s.index]) if s.index in topics else s for s in sections)


def _is_told(section: Section) -> bool:
    """Whether the lexicon tells what a section of the topic `other` is: a word in its heading, or one above that it inherits from."""
    *above, own = map(normalise, section.path)
    telling = [*general_titles(), *(word for topic in topics().values() for word in topic.titles)]
    inherited = topics()["other"].titles
    return any(word in own for word in telling) or any(word in title for title in above for word in inherited)


def _is_worth_reading(document: Document, section: Section) -> bool:
    body = _prose(document, section)
    return bool(_NUMBER.search(body)) or len(body) >= _SHORTEST


def _prose(document: Document, section: Section) -> str:
    spans = outside(document.table_spans, section.body, section.end)
    return " ".join("".join(document.text[first:last] for first, last in spans).split())


def _opening(document: Document, section: Section) -> str:
    return _prose(document, section)[:_OPENING].replace("｜", "|")


def _pieces(document: Document) -> list[Section]:
    """Return a document without headings cut into pieces at its lines: a short line opens one, as headings do."""
    spans = outside(document.table_spans, 0, len(document.text))
    prose = "".join(document.text[first:last] for first, last in spans)
    if len(prose) < _UNHEADED or prose.count("。") < _FEWEST_SENTENCES:
        return []
    least = max(_PIECE, len(document.text) // _MOST_PIECES)
    starts = [0]
    for first, last in spans:
        for line in _LINE.finditer(document.text, first, last):
            words, size = line.group().strip(), line.start() - starts[-1]
            opens = 0 < len(words) <= _LONGEST_HEADING and not words.endswith(("。", "；", "，", "、"))
            if size >= least and (opens or size >= 2 * least):
                starts.append(line.start())
    ends = [*starts[1:], len(document.text)]
    return [Section(0, "", start, start, end, 0, "other", ()) for start, end in zip(starts, ends, strict=True)]
