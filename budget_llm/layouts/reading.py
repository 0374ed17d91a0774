"""The step between the rules' reading and the model's: unfamiliar sections routed, unfamiliar tables mapped and read.

Nothing here changes what the rules read. Both kinds of call are made at once, and none where memory knows the layout.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from budget_llm.document import Document
from budget_llm.facts import Fact, Finding
from budget_llm.layouts.answers import Routes, TableMaps
from budget_llm.layouts.asking import ask_all
from budget_llm.layouts.mapping import Batch, batches, learn, maps_in, not_mapped, read_mapped, rejected
from budget_llm.layouts.memory import KeptRoutes, LayoutMemory
from budget_llm.layouts.routing import Question, questions, route_request, topics_by_number, with_topics
from budget_llm.layouts.signatures import route_signature, table_signature
from budget_llm.layouts.unknown_tables import section_of, unknown_tables
from budget_llm.model import Answer, LanguageModel
from budget_llm.prompts import load_prompt
from budget_llm.read_by_model import About, ModelFact, ModelReading
from budget_llm.sections import Section
from budget_llm.usage import Entry, Usage

_NOT_ASKED = "not asked: the limit of calls was reached"


@dataclass(frozen=True, slots=True)
class LayoutReading:
    """What the step gives to the model's reading.

    `pieces` are the sections to be cut into chunks and `sections` those that the reading refers to, both with the
    topics that they were routed to (they differ only for a document without headings). `facts` were read by maps,
    `notes` tell by section index what became of its routing. `usages` are (purpose, usage) of each call, the purpose
    being route or map; `calls` is how many requests were made.
    """

    pieces: tuple[Section, ...]
    sections: tuple[Section, ...]
    facts: tuple[ModelFact, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    usages: tuple[tuple[str, Usage], ...] = ()
    prompts: tuple[tuple[str, int], ...] = ()

    @property
    def calls(self) -> int:
        """How many requests the step made."""
        return len(self.usages)

    def joined_to(self, reading: ModelReading) -> ModelReading:
        """Return the model's reading with what was read by maps and with the cost of both.

        A number that a map read is told by the map: a claim at the same place, read from a flattened text, is dropped.
        """
        taken = {found.fact.start for found in self.facts}
        claims = (claim for claim in reading.facts if claim.fact.start not in taken)
        return replace(
            reading,
            facts=(*self.facts, *claims),
            status=self.noted(reading.status),
            prompts=reading.prompts | dict(self.prompts),
            ledger=(*(Entry((), purpose, usage) for purpose, usage in self.usages), *reading.ledger),
        )

    def noted(self, outcomes: Mapping[int, str], but: Container[int] = ()) -> dict[int, str]:
        """Return outcomes by section index with what became of the routing of each, those in `but` left as they are."""
        notes = {index: note for index, note in self.notes if index not in but}
        return {index: f"{told}; {notes[index]}" if index in notes else told for index, told in outcomes.items()}


async def read_layouts(
    document: Document, sections: Sequence[Section], by_rule: Sequence[Fact], model: LanguageModel, memory: LayoutMemory,
    about: About, *, organisation: str | None = None, passed_over: Container[int] = (), max_calls: int = 200,
) -> LayoutReading:  # fmt: skip
    """Ask the model about the layouts that neither the lexicon nor `memory` knows, and return what that gives.

    A failed call leaves its sections and tables as they were and says why. Raises ModelError where no request can succeed.
    """

    def step() -> tuple[_Routing, _Mapping]:
        return (
            _Routing(document, sections, memory, organisation, passed_over),
            _Mapping(document, sections, by_rule, memory, organisation, about),
        )

    routing, mapping = step()
    async with memory.learning(routing.unknown | mapping.unknown) as others_asked:
        if others_asked:
            routing, mapping = step()
        asked = [route_request(routing.questions, about)] if routing.is_open else []
        waiting = [*asked, *(batch.request for batch in mapping.batches)]
        answers = await ask_all(model, waiting[: max(0, max_calls)])
        made = [("route" if number < len(asked) else "map", answer.usage) for number, answer in enumerate(answers)]
        answers += [Answer(None, _NOT_ASKED, Usage())] * (len(waiting) - len(answers))
        if asked:
            routing.take(answers[0])
        for batch, answer in zip(mapping.batches, answers[len(asked) :], strict=True):
            mapping.take(batch, answer)
    facts, findings = mapping.result()
    names = {"route": "routes", "map": "tables"}
    versions = {names[purpose]: load_prompt(names[purpose], common=False).version for purpose, _ in made}
    pieces, routed = routing.result()
    return LayoutReading(
        pieces, routed, facts, findings, tuple(routing.notes.items()), tuple(made), tuple(versions.items())
    )


class _Routing:
    """The routing of one document: its questions, the topics found for them, a note for each section."""

    def __init__(
        self, document: Document, sections: Sequence[Section], memory: LayoutMemory, organisation: str | None,
        passed_over: Container[int],
    ) -> None:  # fmt: skip
        self._sections, self._memory = tuple(sections), memory
        every = questions(document, sections, organisation)
        self._every = [question for question in every if question.section.index not in passed_over]
        keys = [question.key for question in self._every if question.key is not None]
        self._signature = route_signature(keys) if keys else None
        known = memory.routes(self._signature) if self._signature else None
        self._topics: dict[str, str] = dict(known.topics) if known else {}
        self._pieces: tuple[Section, ...] | None = None
        self.notes: dict[int, str] = {}
        # headings that read alike are asked about once
        once = {question.key or str(number): question for number, question in enumerate(self._every)}
        self.questions: list[Question] = list(once.values())
        self.is_open = bool(self._every) and known is None

    @property
    def unknown(self) -> set[str]:
        """The signature that is to be asked about, nothing where it is known."""
        return {self._signature} if self.is_open and self._signature is not None else set()

    def take(self, answer: Answer) -> None:
        """Take the answer to the request about `questions`."""
        value = answer.value
        topics = topics_by_number(self.questions, value.routes) if isinstance(value, Routes) else {}
        reason = answer.failure or "the answer names no topic for it"
        if self._signature is None:
            if topics:
                self._pieces = with_routes(self.questions, topics)
            self.notes[0] = "routed in pieces" if topics else f"not routed: {reason}"
            return
        self._topics = {str(self.questions[number].key): topic for number, topic in topics.items()}
        for question in self._every:
            if question.key not in self._topics:
                self.notes[question.section.index] = f"not routed: {reason}"
        if len(topics) == len(self.questions):  # what it left out is asked again, with the next document
            self._memory.keep_routes(self._signature, KeptRoutes.model_validate({"topics": self._topics}))

    def result(self) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
        """Return the sections to be cut into chunks, and those that the model's reading refers to."""
        if self._pieces is not None:
            return self._pieces, self._sections
        topics = {q.section.index: self._topics[q.key] for q in self._every if q.key and q.key in self._topics}
        self.notes |= {index: f"routed to {topic}" for index, topic in topics.items()}
        routed = with_topics(self._sections, topics)
        return routed, routed


def with_routes(asked: Sequence[Question], topics: dict[int, str]) -> tuple[Section, ...]:
    """Return the pieces of a document without headings with their topics."""
    return tuple(replace(q.section, topic=topics.get(number, "other")) for number, q in enumerate(asked))


class _Mapping:
    """The mapping of one document's tables: what is asked, what memory knows, what failed."""

    def __init__(
        self, document: Document, sections: Sequence[Section], by_rule: Sequence[Fact], memory: LayoutMemory,
        organisation: str | None, about: About,
    ) -> None:  # fmt: skip
        self._document, self._sections, self._memory, self._about = document, sections, memory, about
        unknown = unknown_tables(document, sections, by_rule)
        tables = ((number, document.tables[number]) for number in unknown)
        self._signatures = {n: table_signature(table, section_of(table, sections), organisation) for n, table in tables}
        self._kept = {s: kept for s in set(self._signatures.values()) if (kept := memory.map(s)) is not None}
        self._failures: dict[str, str] = {}
        self._learned: set[int] = set()
        first: dict[str, int] = {}
        for number, signature in self._signatures.items():
            first.setdefault(signature, number)
        self.batches = batches(document, [n for s, n in first.items() if s not in self._kept], about)

    @property
    def unknown(self) -> set[str]:
        """The signatures of the tables that are to be asked about."""
        return set(self._signatures.values()) - self._kept.keys()

    def take(self, batch: Batch, answer: Answer) -> None:
        """Take the answer to one request."""
        maps = maps_in(batch, answer.value) if isinstance(answer.value, TableMaps) else {}
        for number in batch.tables:
            signature = self._signatures[number]
            if number in maps:
                self._learned.add(number)
                self._kept[signature] = learn(
                    self._memory, signature, self._document, number, maps[number], self._about.year
                )
            else:
                self._failures[signature] = answer.failure or "the answer holds no map of it"

    def result(self) -> tuple[tuple[ModelFact, ...], tuple[Finding, ...]]:
        """Return the facts of the tables that could be read, and a warning for each that could not."""
        facts: list[ModelFact] = []
        findings: list[Finding] = []
        reasons: dict[int, str] = {}
        for number, signature in self._signatures.items():
            kept = self._kept.get(signature)
            if kept is None:
                reasons[number] = self._failures[signature]
                continue
            found, refused = self._read(number, signature)
            facts += found
            if refused:
                findings.append(refused)
        return tuple(facts), (*findings, *not_mapped(self._document, reasons))

    def _read(self, number: int, signature: str) -> tuple[list[ModelFact], Finding | None]:
        kept, new = self._kept[signature], number in self._learned
        # what was refused for this very table is told with its operands, what was refused for another with the reason
        seen = kept.model_copy(update={"refused": None}) if new else kept
        found, refused = read_mapped(self._document, self._sections, number, seen, self._about)
        if refused is None:
            return found, None
        return [], rejected(self._document, number, refused, earlier=not new and kept.refused is not None)
