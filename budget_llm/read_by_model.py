"""The model's reading: chunks out, filled schemas back, every claim looked up in the source.

Nothing here knows the rules. A reply that cannot be used is recorded against its sections, and the
other chunks are read all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.chunks import Chunk
from budget_llm.claims import Claim, claims_of
from budget_llm.document import Document
from budget_llm.errors import BudgetLLMError
from budget_llm.facts import Fact
from budget_llm.locate import Located, Locator
from budget_llm.model import Answer, LanguageModel, Request
from budget_llm.normal_form import normalise
from budget_llm.prompts import load_prompt, user_message
from budget_llm.schemas import SCHEMAS, Duties, Filled, Organisation
from budget_llm.scopes import default_scope, heading_scope
from budget_llm.sections import Section
from budget_llm.usage import BUDGET_REACHED, Entry, Usage


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the document before it is read: kind, year, the stage its numbers have by default."""

    kind: str | None
    year: int | None
    stage: str


@dataclass(frozen=True, slots=True)
class ModelFact:
    """A claim with its place: `fact` as the model reads it, `fits` whether the label stands at the number.

    `stated` names the fields on which the model committed itself; only those can be in conflict.
    """

    fact: Fact
    fits: bool
    stated: frozenset[str]
    chunk: int


@dataclass(frozen=True, slots=True)
class ModelReading:
    """All that the model gave: facts, claims without a number in them, filled schemas, a status per section, prompt versions, cost."""

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


async def read_by_model(
    document: Document,
    sections: Sequence[Section],
    chunks: Sequence[Chunk],
    model: LanguageModel,
    about: About,
) -> ModelReading:
    """Ask the model about every chunk and return its reading; a failed chunk never loses the others.

    Raises ModelError where no request can succeed (access refused, unknown model).
    """
    answers = await _ask_all(document, chunks, model, about)
    facts: list[ModelFact] = []
    filled: list[tuple[Chunk, Filled]] = []
    unreadable: list[Claim] = []
    status: dict[int, str] = {}
    versions = {chunk.schema: load_prompt(chunk.schema).version for chunk in chunks}
    ledger: list[Entry] = []
    for number, (chunk, answer) in enumerate(zip(chunks, answers, strict=True)):
        ledger.append(Entry(chunk.sections, "read", answer.usage))
        outcome = _outcome(answer, chunk)
        for index in chunk.sections:
            status[index] = _joined(status.get(index), outcome)
        if outcome.startswith("read"):
            filled.append((chunk, answer.value))  # type: ignore[arg-type]
            claims = tuple(claims_of(answer.value))  # type: ignore[arg-type]
            unreadable += (claim for claim in claims if claim.value is None)
            facts += _facts(document, sections, chunk, number, claims, about)
    return ModelReading(tuple(facts), tuple(unreadable), tuple(filled), status, versions, tuple(ledger))


async def _ask_all(document: Document, chunks: Sequence[Chunk], model: LanguageModel, about: About) -> list[Answer]:
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_ask(model, request_of(document, chunk, about))) for chunk in chunks]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


def _outcome(answer: Answer, chunk: Chunk) -> str:
    """Return what became of a chunk: read, read after re-ask, or failed with the reason."""
    if answer.failure:
        return answer.failure if answer.failure.startswith(BUDGET_REACHED) else f"failed: {answer.failure}"
    if not isinstance(answer.value, SCHEMAS[chunk.schema]):
        return f"failed: expected the schema {chunk.schema}, the answer is {type(answer.value).__name__}"
    return "read after re-ask" if answer.reasked else "read"


def _joined(before: str | None, outcome: str) -> str:
    """Return what became of a section of several chunks: a failure stands, what was not asked is said."""
    if before is None or before.startswith("failed"):
        return before or outcome
    missing = next((told for told in (before, outcome) if BUDGET_REACHED in told), None)
    if missing is None or outcome.startswith("failed") or before == outcome or " in part, " in before:
        return missing if missing and not outcome.startswith("failed") else outcome
    return f"{outcome if missing is before else before} in part, {missing}"


async def _ask(model: LanguageModel, request: Request) -> Answer:
    """Return the model's answer; an exception of a model that is not the library's own is a failure of its section."""
    try:
        return await model.ask(request)
    except BudgetLLMError:
        raise
    except Exception as error:
        return Answer(None, f"the model raised {type(error).__name__}", Usage())


def request_of(document: Document, chunk: Chunk, about: About) -> Request:
    """Return the request for a chunk: the prompt of its schema, then the section as data."""
    text = document.text[chunk.start : chunk.end]
    message = user_message(kind=about.kind, year=about.year, path=chunk.path, text=text)
    return Request(SCHEMAS[chunk.schema], load_prompt(chunk.schema).text, message)


def _facts(
    document: Document,
    sections: Sequence[Section],
    chunk: Chunk,
    number: int,
    claims: Sequence[Claim],
    about: About,
) -> list[ModelFact]:
    locator = Locator(document, chunk.start, chunk.end)
    return [
        _fact(sections, chunk, number, claim, claim.value, locator.locate(claim), about)
        for claim in claims
        if claim.value is not None
    ]


def _fact(
    sections: Sequence[Section],
    chunk: Chunk,
    number: int,
    claim: Claim,
    value: Decimal,
    place: Located | None,
    about: About,
) -> ModelFact:
    index = chunk.sections[0]
    if place:
        index = next((i for i in chunk.sections if sections[i].start <= place.start < sections[i].end), index)
    section = sections[index]
    stage = about.stage if claim.stage == "default" else claim.stage
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
        value=value,
        unit=claim.unit or (place.unit if place else None), start=place.start if place else None,
        end=place.end if place else None, text=place.text if place else claim.written, section=index, scope=scope,
        period=claim.year or about.year, stage=stage, code=claim.code, basis=claim.basis, readers=("model",),
        operator=claim.operator, project=claim.project, core=claim.core,
    )  # fmt: skip
    return ModelFact(
        fact,
        place is not None and place.fits,
        frozenset(k for k, v in given.items() if v is not None),
        number,
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
