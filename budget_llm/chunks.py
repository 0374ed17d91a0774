"""What is sent to the model: neighbouring sections of one schema as one piece, long ones cut at borders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budget_llm.document import Document
from budget_llm.sections import Section

# Which schema a topic fills; topics that hold nothing to extract are not here and are not sent.
_SCHEMA_OF_TOPIC = {
    "duties": "duties",
    "organisation": "organisation",
    "income": "income",
    "expenditure": "expenditure",
    "fiscal_appropriation": "expenditure",
    "three_public": "expenditure",
    "operating": "expenditure",
    "procurement": "expenditure",
    "assets": "expenditure",
    "performance": "performance",
}
LONGEST_CHUNK = 3000
_ONLY_A_HEADING = "only a heading"
_NUMBER = re.compile(r"[0-9０-９]")
# Where a long section may be cut: behind a sentence, or at a line break that parts no number from its unit.
_BORDER = re.compile(r"(?<=[。；])|(?<![0-9０-９.．,，])\n(?![0-9０-９.．]|[万亿千百]?元)")
_NO_CUT = re.compile(r"[0-9０-９.．,，]")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A span of the document for one request: the schema to fill, the sections it covers, its heading path."""

    schema: str
    start: int
    end: int
    sections: tuple[int, ...]
    path: str


def chunk(document: Document, sections: Sequence[Section]) -> tuple[tuple[Chunk, ...], dict[int, str]]:
    """Return the chunks to send, in order, and for every section that is not sent the reason why.

    A heading without text of its own does not part its neighbours.
    """
    unsent: dict[int, str] = {}
    runs: list[tuple[str, list[Section]]] = []
    joins = False
    for section in sections:
        schema, reason = _schema_of(document, section)
        if schema is None:
            unsent[section.index] = reason
            joins = joins and reason == _ONLY_A_HEADING
            continue
        last = runs[-1] if runs else None
        if last and joins and last[0] == schema and section.end - last[1][0].start <= LONGEST_CHUNK:
            last[1].append(section)
        else:
            runs.append((schema, [section]))
        joins = True
    return tuple(c for schema, run in runs for c in _cut(document, schema, run)), unsent


def _schema_of(document: Document, section: Section) -> tuple[str | None, str]:
    """Return the schema that a section fills, or None and the reason why it is not sent."""
    body = document.text[section.body : section.end]
    if section.topic == "tables":
        if "绩效" in section.title and _NUMBER.search(body):
            return "performance", ""
        return None, "a table: its numbers do not pass through the model"
    schema = _SCHEMA_OF_TOPIC.get(section.topic)
    if section.topic == "other":
        schema = "expenditure" if re.search(r"[0-9０-９.]\s*(?:万|亿|千)?元", body) else None
    if schema is None:
        return None, f"nothing to extract from the topic {section.topic}"
    if not body.strip():
        return None, _ONLY_A_HEADING
    if schema in ("income", "expenditure", "performance") and not (_NUMBER.search(body) or "元" in body):
        return None, "no number in it"
    return schema, ""


def _common(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the headings that all sections of a run stand under (a lone section's own included)."""
    return tuple(titles[0] for titles in zip(*paths, strict=False) if len(set(titles)) == 1)


def _cut(document: Document, schema: str, run: Sequence[Section]) -> Iterator[Chunk]:
    """Yield one chunk, or several cut behind a sentence or a line where the text is too long."""
    start, end = run[0].start, run[-1].end
    path = " > ".join(_common([section.path for section in run]))
    indexes = tuple(section.index for section in run)
    while end - start > LONGEST_CHUNK:
        borders = [m.end() for m in _BORDER.finditer(document.text, start + LONGEST_CHUNK // 2, start + LONGEST_CHUNK)]
        stop = borders[-1] if borders else start + LONGEST_CHUNK
        while not borders and stop > start + 1 and _NO_CUT.match(document.text[stop - 1]):
            stop -= 1  # no border far and wide: at least no number is cut
        yield Chunk(schema, start, stop, indexes, path)
        start = stop
    yield Chunk(schema, start, end, indexes, path)
