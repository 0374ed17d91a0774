"""What the model is shown once more: the numbers that the cross-check could not confirm, beside the source's own lines.

The evidence is the source, never the rules' reading: what the model answers stays a reading of its own.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from budget_llm.chunks import Chunk, Span
from budget_llm.document import Document
from budget_llm.facts import Fact
from budget_llm.model import LanguageModel
from budget_llm.normal_form import normalise, squeeze
from budget_llm.read_by_model import About, Asked, ModelFact, ModelReading, ask, reading_of, request_of
from budget_llm.sections import Section

_MOST_CLAIMS = 30
_LONGEST_LINE, _MOST_LINES = 400, 2
# The end of a line that ends its sentence, or that is empty, or is a row of a table.
_ENDED = re.compile(r"[。；：;:！？][ \t\u3000]{0,2}\n|\n[ \t\u3000]{0,2}\n|[0-9\t|][ ]?\n")
_QUESTION = (
    "你先前读出以下各条，与原文对不上（数、名称、方向、类别或范围有误）。请对照上面的原文逐条核对，只写应改正的条目，整条重写，格式同前；"
    "原文没有的和本来无误的不写，无可改则输出{{}}。\n{claims}"
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What of one chunk's reading is shown again: the claims, and the lines of the source that they are about."""

    chunk: Chunk
    claims: tuple[ModelFact, ...]


def doubts(
    document: Document, reading: ModelReading, facts: Iterable[Fact]
) -> tuple[Doubt, ...]:  # fmt: skip
    """Return what of the model's reading is unsupported or in conflict, by chunk, each with its lines of the source.

    A claim whose label the source does not hold is not shown: there is no evidence to show it beside.
    """
    contested = {key for fact in facts for key in _contested(fact)}
    by_chunk: dict[int, list[tuple[ModelFact, tuple[Span, ...]]]] = {}
    for claim in reading.facts:
        if _key(claim.fact) in contested and (spans := _evidence(document, reading.chunks[claim.chunk], claim.fact)):
            by_chunk.setdefault(claim.chunk, []).append((claim, spans))
    found = []
    for number, shown in sorted(by_chunk.items()):
        lines = {span.start: span for _, own in shown[:_MOST_CLAIMS] for span in own}
        chunk = Chunk(reading.chunks[number].prompt, tuple(lines[start] for start in sorted(lines)))
        found.append(Doubt(chunk, tuple(claim for claim, _ in shown[:_MOST_CLAIMS])))
    return tuple(found)


async def look_again(
    document: Document, sections: Sequence[Section], reading: ModelReading, shown: Sequence[Doubt],
    model: LanguageModel, about: About,
) -> ModelReading:  # fmt: skip
    """Ask once about each doubt and return the reading with what the model corrected; the rest stays as it was read."""
    requests = [request_of(document, doubt.chunk, about, _question(doubt)) for doubt in shown]
    answers = await asyncio.gather(*(ask(model, request) for request in requests))
    asked = [Asked(doubt.chunk, answer) for doubt, answer in zip(shown, answers, strict=True)]
    again = reading_of(document, sections, asked, about, "read again")
    kept = list(reading.facts)
    known = {(fact.fact.start, fact.fact.value, fact.fact.measure) for fact in kept if fact.fits}
    doubted = [claim for doubt in shown for claim in doubt.claims]
    for claim in again.facts:
        replaced = next((old for old in doubted if _is_of_one(old.fact, claim.fact)), None)
        if replaced in kept and replaced is not None:
            kept[kept.index(replaced)] = replace(claim, chunk=replaced.chunk)
        elif (claim.fact.start, claim.fact.value, claim.fact.measure) not in known:
            kept.append(claim)
    reread = {index for item in asked if not item.answer.failure for index in item.chunk.sections}
    status = {i: "read after re-ask" if i in reread and was == "read" else was for i, was in reading.status.items()}
    return replace(reading, facts=tuple(kept), status=status, ledger=reading.ledger + again.ledger)


def _contested(fact: Fact) -> Iterator[tuple[object, ...]]:
    """Yield what the model claimed where the cross-check did not follow it."""
    if fact.verdict == "unsupported":
        yield _key(fact)
    elif fact.verdict == "conflict" and fact.other is not None:
        yield (fact.other.concept, fact.other.value, fact.other.text)


def _key(fact: Fact) -> tuple[object, ...]:
    return (fact.concept, fact.value, fact.text)


def _is_of_one(old: Fact, new: Fact) -> bool:
    """Whether two claims are about one number: the same place, or the same item and kind of number."""
    if old.measure != new.measure:
        return False
    return (old.start is not None and old.start == new.start) or normalise(old.label) == normalise(new.label)


def _evidence(document: Document, chunk: Chunk, fact: Fact) -> tuple[Span, ...]:
    """Return the lines of a chunk that a claim is about: that of its number, and those that name its item."""
    places = [] if fact.start is None else [fact.start]
    for span in chunk.spans if fact.label else ():
        plain, offsets = squeeze(document.text, span.start, span.end)
        places += [offsets[found.start()] for found in re.finditer(re.escape(fact.label), plain)]
    places = places[:_MOST_LINES]
    spans = (_line(document, span, place) for place in places for span in chunk.spans if span.start <= place < span.end)
    return tuple(spans)


def _line(document: Document, span: Span, place: int) -> Span:
    """Return the line of a span that holds a place, with those that it is a part of where its sentence is broken over lines."""
    text = document.text
    least, most = max(span.start, place - _LONGEST_LINE), min(span.end, place + _LONGEST_LINE)
    start = max(text.rfind("\n", least, place) + 1, least)
    while start > least and not _ENDED.search(text, max(start - 4, least), start):
        start = max(text.rfind("\n", least, start - 1) + 1, least)
    end = _break(text, place, most)
    while end < most and not _ENDED.search(text, max(end - 3, place), end + 1):
        end = _break(text, end + 1, most)
    return replace(span, start=start, end=end)


def _break(text: str, start: int, end: int) -> int:
    """Return where a line ends, at `end` at the latest."""
    found = text.find("\n", start, end)
    return found if found >= 0 else end


def _question(doubt: Doubt) -> str:
    return _QUESTION.format(claims="\n".join(f"- {_told(claim.fact)}" for claim in doubt.claims))


def _told(fact: Fact) -> str:
    """Return a claim as the model made it, and whether the source holds its number at all."""
    measures = {"change": "增减", "rate": "比率", "share": "占比"}
    stages = {"budget": "预算", "final": "决算", "adjusted_budget": "调整预算"}
    about = " ".join(filter(None, (stages.get(fact.stage or ""), measures.get(fact.measure), fact.code)))
    turned = {True: "减少", False: "增加"}[fact.value < 0] if fact.measure == "change" and fact.value else ""
    unit = "" if fact.unit is None or fact.unit in fact.text else fact.unit
    missing = "" if fact.start is not None else "（原文没有此数）"
    return f"{fact.label}{f'（{about}）' if about else ''}：{turned}{fact.text}{unit}{missing}"
