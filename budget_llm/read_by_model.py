"""The model's reading: chunks out, filled schemas back, every claim looked up in the source.

Nothing here knows the rules. A reply that cannot be used is recorded against its sections, and the
other chunks are read all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from budget_llm.chunks import Chunk, halves
from budget_llm.claims import Claim, claims_of
from budget_llm.document import Document
from budget_llm.errors import BudgetLLMError
from budget_llm.facts import Fact
from budget_llm.locate import Located, Locator, Sought
from budget_llm.model import Answer, LanguageModel, Request
from budget_llm.normal_form import normalise
from budget_llm.prompts import Passage, load_prompt, user_message
from budget_llm.schemas import Duties, Filled, Organisation
from budget_llm.scopes import default_scope, heading_scope
from budget_llm.sections import Section
from budget_llm.support import contradiction
from budget_llm.usage import Entry, Usage
from budget_llm.wire import REPLIES

# How often a chunk may be halved because the reply to it was cut off.
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the document before it is read: kind, year, the stage its numbers have by default."""

    kind: str | None
    year: int | None
    stage: str


@dataclass(frozen=True, slots=True)
class ModelFact:
    """A claim with its place: `fact` as the model reads it, `fits` whether the label stands at the number.

    `stated` names the fields on which the model committed itself; only those can be in conflict. Where it does not fit,
    `reason` is what the source contradicts at the number (None: the number stands nowhere), `instead` the number that
    the source has at the label. `wording` is the label in the source's words.
    """

    fact: Fact
    fits: bool
    stated: frozenset[str]
    chunk: int
    reason: str | None = None
    instead: Located | None = None
    wording: str | None = None


@dataclass(frozen=True, slots=True)
class ModelReading:
    """All that the model gave: facts, claims without a number in them, filled schemas, a status per section, prompt versions, cost.

    `chunks` are what it was asked about, as the numbers in its facts count them.
    """

    chunks: tuple[Chunk, ...]
    facts: tuple[ModelFact, ...]
    unreadable: tuple[Claim, ...]
    filled: tuple[tuple[Chunk, Filled], ...]
    status: dict[int, str]
    prompts: dict[str, int]
    ledger: tuple[Entry, ...]

    @property
    def usage(self) -> Usage:
        """What all requests cost together."""
        return sum((entry.usage for entry in self.ledger), Usage())


@dataclass(frozen=True, slots=True)
class Asked:
    """A chunk with the answer to it, and whether it is a part of one whose reply was cut off."""

    chunk: Chunk
    answer: Answer
    is_part: bool = False


async def read_by_model(
    document: Document, sections: Sequence[Section], chunks: Sequence[Chunk], model: LanguageModel, about: About
) -> ModelReading:  # fmt: skip
    """Ask the model about every chunk and return its reading; a failed chunk never loses the others.

    A chunk whose reply is cut off at the endpoint's limit is asked in halves. Raises ModelError where no request
    can succeed (access refused, unknown model).
    """
    return reading_of(document, sections, await _ask_all(document, chunks, model, about), about)


def reading_of(
    document: Document, sections: Sequence[Section], asked: Sequence[Asked], about: About, purpose: str = "read"
) -> ModelReading:
    """Return what answers say: their facts with places, and what became of each section."""
    facts: list[ModelFact] = []
    filled: list[tuple[Chunk, Filled]] = []
    unreadable: list[Claim] = []
    status: dict[int, str] = {}
    for number, (chunk, answer) in enumerate((item.chunk, item.answer) for item in asked):
        outcome = _outcome(answer, chunk)
        for index in chunk.sections:
            status[index] = max(status.get(index, ""), outcome, key=_gravity)
        if isinstance(answer.value, REPLIES[chunk.prompt]) and not answer.failure:
            locator = Locator(document, [(span.start, span.end) for span in chunk.spans])
            for schema in answer.value.filled():
                filled.append((chunk, schema))
            claims = [claim for schema in answer.value.filled() for claim in claims_of(schema)]
            unreadable += (claim for claim in claims if claim.value is None)
            readable = [claim for claim in claims if claim.value is not None]
            facts += (_fact(document, sections, chunk, number, sought, about) for sought in locator.locate(readable))
    versions = {item.chunk.prompt: load_prompt(item.chunk.prompt).version for item in asked}
    chunks = tuple(item.chunk for item in asked)
    ledger = tuple(
        Entry(item.chunk.sections, "split" if item.is_part else purpose, item.answer.usage)
        for item in asked
        if not item.answer.is_unasked
    )
    return ModelReading(chunks, tuple(facts), tuple(unreadable), tuple(filled), status, versions, ledger)


async def _ask_all(document: Document, chunks: Sequence[Chunk], model: LanguageModel, about: About) -> list[Asked]:
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_ask_whole(document, chunk, model, about)) for chunk in chunks]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [item for task in tasks for item in task.result()]


async def _ask_whole(
    document: Document, chunk: Chunk, model: LanguageModel, about: About, depth: int = 0
) -> list[Asked]:  # fmt: skip
    """Return the answer to a chunk, or those to its halves where the reply to the whole was cut off."""
    answer = await ask(model, request_of(document, chunk, about))
    parts = halves(document, chunk) if answer.truncated and depth < _DEEPEST else ()
    if not parts:
        return [Asked(chunk, answer, is_part=depth > 0)]
    found: list[Asked] = []
    for part in parts:
        found += await _ask_whole(document, part, model, about, depth + 1)
    first = found[0]  # what the reply that was cut off cost stands with the first part
    paid = replace(first.answer, usage=answer.usage + first.answer.usage)
    return [replace(first, answer=paid), *found[1:]]


def _outcome(answer: Answer, chunk: Chunk) -> str:
    """Return what became of a chunk: read, read after re-ask, not asked, or failed with the reason."""
    if answer.failure:
        return answer.failure if answer.is_unasked else f"failed: {answer.failure}"
    if not isinstance(answer.value, REPLIES[chunk.prompt]):
        return f"failed: expected a reply to the prompt {chunk.prompt}, the answer is {type(answer.value).__name__}"
    return "read after re-ask" if answer.reasked else "read"


_GRAVITY = ("failed", "not asked", "read after", "read")


def _gravity(outcome: str) -> int:
    """Return how grave an outcome is: of the parts of a section the gravest is told."""
    return -next((number for number, told in enumerate(_GRAVITY) if outcome.startswith(told)), len(_GRAVITY))


async def ask(model: LanguageModel, request: Request) -> Answer:
    """Return the model's answer; an exception of a model that is not the library's own is a failure of its section."""
    try:
        return await model.ask(request)
    except BudgetLLMError:
        raise
    except Exception as error:
        return Answer(None, f"the model raised {type(error).__name__}", Usage())


def request_of(document: Document, chunk: Chunk, about: About, question: str = "") -> Request:
    """Return the request for a chunk: its prompt, then its spans as data."""
    passages = [Passage(span.path, span.lead, document.text[span.start : span.end]) for span in chunk.spans]
    message = user_message(kind=about.kind, year=about.year, passages=passages, question=question)
    return Request(REPLIES[chunk.prompt], load_prompt(chunk.prompt).text, message)


def _fact(
    document: Document, sections: Sequence[Section], chunk: Chunk, number: int, sought: Sought, about: About
) -> ModelFact:  # fmt: skip
    claim, place = sought.claim, sought.place
    assert claim.value is not None
    index = chunk.sections[0]
    if place:
        index = next((i for i in chunk.sections if sections[i].start <= place.start < sections[i].end), index)
    section = sections[index]
    reason = (place.reason or contradiction(document, section, claim, place, about.year)) if place else None
    stage = about.stage if claim.stage == "default" else claim.stage
    if claim.stage == "default" and claim.year not in (None, about.year) and claim.measure == "amount":
        stage = None  # of another year's amount the reply does not tell whether it was budgeted or spent
    countable = claim.concept.startswith(
        ("assets.vehicles", "assets.equipment", "staff.", "organisation.", "indicator.", "evaluation.")
    )
    scope = (
        None
        if countable or claim.measure == "count"
        else claim.scope or heading_scope(section) or default_scope(section.topic)
    )
    given = {"scope": claim.scope, "code": claim.code, "period": claim.year}
    fact = Fact(
        concept=claim.concept, label=normalise(claim.label), measure=claim.measure,
        value=claim.value,
        unit=claim.unit or (place.unit if place else None), start=place.start if place else None,
        end=place.end if place else None, text=place.text if place else claim.written, section=index, scope=scope,
        period=claim.year or about.year, stage=stage, code=claim.code, basis=claim.basis, readers=("model",),
        operator=claim.operator, project=claim.project, core=claim.core,
    )  # fmt: skip
    return ModelFact(
        fact,
        place is not None and reason is None,
        frozenset(k for k, v in given.items() if v is not None),
        number,
        reason,
        sought.instead,
        place.label if place else None,
    )


def organisation_of(reading: ModelReading) -> Organisation | None:
    """Return what the model read about the organisation, the chunks joined; None where none was read."""
    parts = [filled for _, filled in reading.filled if isinstance(filled, Organisation)]
    if not parts:
        return None
    return Organisation(
        name=next((p.name for p in parts if p.name), None),
        rank=next((p.rank for p in parts if p.rank), None),
        departments=tuple(dict.fromkeys(d for p in parts for d in p.departments)),
        subordinates=tuple(dict.fromkeys(s for p in parts for s in p.subordinates)),
    )


def duties_of(reading: ModelReading) -> list[tuple[Chunk, Duties]]:
    """Return the duties that the model read, with the chunk in which each list stands."""
    return [(chunk, filled) for chunk, filled in reading.filled if isinstance(filled, Duties)]
