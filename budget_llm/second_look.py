"""What the model is shown once more: the numbers that the cross-check could not confirm, beside the source's own lines.

The evidence is the source, never the rules' reading: what the model answers stays a reading of its own.
"""

from __future__ import annotations

import asyncio
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from budget_llm.chunks import Chunk, Span
from budget_llm.document import Document
from budget_llm.errors import ModelError
from budget_llm.facts import Fact
from budget_llm.model import Answer, LanguageModel, Request
from budget_llm.normal_form import normalise, squeeze
from budget_llm.read_by_model import About, Asked, ModelFact, ModelReading, ask, reading_of, request_of
from budget_llm.sections import Section
from budget_llm.usage import Usage
from budget_llm.wire import COUNTS, MONEY

_MOST_CLAIMS = 30
_LONGEST_LINE, _MOST_LINES, _LONGEST_NAME = 400, 2, 60
# The end of a line that ends its sentence, or is a row of a table: an empty line may part a sentence that a page cut.
_ENDED = re.compile(r"[。；：;:！？][ \t\u3000]{0,2}\n|[0-9\t|][ ]?\n")
_CLAUSE = re.compile(r"[，。；;！？\n\t|](?![0-9]{3}(?![0-9]))")
_QUESTION = (
    "你先前读出以下各条，与原文对不上（数、名称、方向、类别或范围有误）。请对照上面的原文逐条核对，只写应改正的条目，整条重写，格式同前；"
    "原文没有的和本来无误的不写，无可改则输出{{}}。\n{claims}"
)


_KINDS: dict[str, str] = {concept: word for word, concept in (*MONEY.items(), *COUNTS.items())}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What of one chunk's reading is shown again: the claims, and the lines of the source that they are about."""

    chunk: Chunk
    claims: tuple[ModelFact, ...]


def doubts(
    document: Document, sections: Sequence[Section], reading: ModelReading, facts: Iterable[Fact]
) -> tuple[Doubt, ...]:  # fmt: skip
    """Return what of the model's reading is unsupported or in conflict, by chunk, each with its lines of the source.

    A claim whose label the source does not hold is not shown: there is no evidence to show it beside.
    """
    contested = {key for fact in facts for key in _contested(fact)}
    by_chunk: dict[int, list[tuple[ModelFact, tuple[Span, ...]]]] = {}
    squeezed = cache(partial(squeeze, document.text))  # many claims are of one stretch
    for claim in reading.facts:
        if _key(claim.fact) not in contested:
            continue
        chunk = reading.chunks[claim.chunk]
        if lines := tuple(_line(document, sections, *place) for place in _places(chunk, claim.fact, squeezed)):
            by_chunk.setdefault(claim.chunk, []).append((claim, lines))
    found = []
    for number, shown in sorted(by_chunk.items()):
        by_start = {span.start: span for _, own in shown[:_MOST_CLAIMS] for span in own}
        evidence = Chunk(reading.chunks[number].prompt, tuple(by_start[start] for start in sorted(by_start)))
        found.append(Doubt(evidence, tuple(claim for claim, _ in shown[:_MOST_CLAIMS])))
    return tuple(found)


async def look_again(
    document: Document, sections: Sequence[Section], reading: ModelReading, shown: Sequence[Doubt],
    model: LanguageModel, about: About,
) -> ModelReading:  # fmt: skip
    """Ask once about each doubt and return the reading with what the model corrected; the rest stays as it was read.

    A second look that fails, or that a bound forbids, costs nothing of the first reading and is told in the status.
    """
    requests = [request_of(document, doubt.chunk, about, _question(doubt)) for doubt in shown]
    answers = await asyncio.gather(*(_ask(model, request) for request in requests))
    asked = [Asked(doubt.chunk, answer) for doubt, answer in zip(shown, answers, strict=True)]
    again = reading_of(document, sections, asked, about, "read again")
    kept = list(reading.facts)
    known = {(fact.fact.start, fact.fact.value, fact.fact.measure) for fact in kept if fact.fits}
    doubted = [list(doubt.claims) for doubt in shown]
    for claim in again.facts:
        old = _meant(claim.fact, doubted[claim.chunk]) if claim.fits else None
        if old is not None:
            doubted[claim.chunk].remove(old)
            kept[kept.index(old)] = replace(claim, chunk=old.chunk)
        elif claim.fits and (claim.fact.start, claim.fact.value, claim.fact.measure) not in known:
            kept.append(replace(claim, chunk=shown[claim.chunk].claims[0].chunk))
    status = reading.status | {i: _joined(reading.status[i], told) for i, told in again.status.items()}
    return replace(reading, facts=tuple(kept), status=status, ledger=reading.ledger + again.ledger)


async def _ask(model: LanguageModel, request: Request) -> Answer:
    """Return the model's answer; that access is refused now is a failure of the second look alone."""
    try:
        return await ask(model, request)
    except ModelError as error:
        return Answer(None, str(error), Usage())


def _joined(first: str, second: str) -> str:
    """Return what became of a section that was shown again."""
    if second.startswith("read"):
        return "read after re-ask" if first == "read" else first
    return f"{first}; second look {second}"


def _contested(fact: Fact) -> Iterator[tuple[object, ...]]:
    """Yield what the model claimed where the cross-check did not follow it."""
    if fact.verdict == "unsupported":
        yield _key(fact)
    elif fact.verdict == "conflict" and fact.other is not None:
        yield (fact.other.concept, fact.other.value, fact.other.text)


def _key(fact: Fact) -> tuple[object, ...]:
    return (fact.concept, fact.value, fact.text)


def _meant(new: Fact, doubted: Sequence[ModelFact]) -> ModelFact | None:
    """Return the claim that a new one corrects: of the same place, else the likeliest of those with its name and measure."""
    same = [old for old in doubted if old.fact.measure == new.measure]
    placed = [old for old in same if old.fact.start is not None and old.fact.start == new.start]
    named = [old for old in same if normalise(old.fact.label) == normalise(new.label)]
    alike = [
        old for old in named if (old.fact.scope, old.fact.stage, old.fact.period) == (new.scope, new.stage, new.period)
    ]
    found = placed or alike or named
    nearest = [old for old in found if old.fact.section == new.section] or found
    return nearest[0] if len(nearest) == 1 or placed else None


def _places(chunk: Chunk, fact: Fact, squeezed: Callable[[int, int], tuple[str, list[int]]]) -> list[tuple[Span, int]]:
    """Return where a claim's evidence stands, the first places: its number, and the words that name its item."""
    places = [
        (span, fact.start) for span in chunk.spans if fact.start is not None and span.start <= fact.start < span.end
    ]
    for span in chunk.spans if fact.label else ():
        plain, offsets = squeezed(span.start, span.end)
        places += [(span, offsets[found.start()]) for found in re.finditer(re.escape(fact.label), plain)]
    return places[:_MOST_LINES]


def _line(document: Document, sections: Sequence[Section], span: Span, place: int) -> Span:
    """Return the line of a span that holds a place, with those that it is a part of where its sentence is broken over lines."""
    text = document.text
    least, most = max(span.start, place - _LONGEST_LINE), min(span.end, place + _LONGEST_LINE)
    start = max(text.rfind("\n", least, place) + 1, least)
    while start > least and not _ENDED.search(text, max(start - 4, least), start):
        start = max(text.rfind("\n", least, start - 1) + 1, least)
    end = _break(text, place, most)
    while end < most and not _ENDED.search(text, max(end - 3, place), end + 1):
        end = _break(text, end + 1, most)
    if start == least > span.start:  # cut for its length: between two clauses
        start = next((m.end() for m in _CLAUSE.finditer(text, least, place)), place)
    if end == most < span.end:
        end = max((m.start() for m in _CLAUSE.finditer(text, place, most)), default=most)
    index = bisect_right(sections, place, key=lambda section: section.start) - 1
    return replace(span, start=start, end=end, sections=(sections[index].index,))


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
    kind = _KINDS.get(fact.concept)
    about = " ".join(filter(None, (kind, stages.get(fact.stage or ""), measures.get(fact.measure), fact.code)))
    turned = {True: "减少", False: "增加"}[fact.value < 0] if fact.measure == "change" and fact.value else ""
    unit = "" if fact.unit is None or fact.unit in fact.text else fact.unit
    missing = "" if fact.start is not None else "（原文没有此数）"
    return f"{fact.label[:_LONGEST_NAME]}{f'（{about}）' if about else ''}：{turned}{fact.text[:_LONGEST_NAME]}{unit}{missing}"
