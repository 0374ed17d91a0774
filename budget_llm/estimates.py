"""What reading a disclosure would cost, told without asking anyone."""

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.chunks import chunk
from budget_llm.escalation import explained
from budget_llm.extraction import Read, Source, document_of
from budget_llm.formats.limits import Limits
from budget_llm.lexicon import Lexicon, LexiconSource, using
from budget_llm.model import LanguageModel
from budget_llm.prices import prices_of
from budget_llm.read_by_model import About, request_of
from budget_llm.read_by_rule import read_by_rule, setting_of
from budget_llm.records import document_record
from budget_llm.sections import split_sections
from budget_llm.spending import prompt_parts, tokens_of
from budget_llm.usage import Prices

# Tokens of a reply for each token of the section: from one that finds nothing to one full of numbers.
_LEAST, _MOST, _EMPTY = 0.2, 1.6, 10


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a first reading by the model would cost, without re-asks, second looks and questions about layouts.

    `characters` are the document's, `prompt_characters` all that would be sent (instructions, schemas, sections),
    counted exactly; `prompt_tokens` follow from them by a ratio for Chinese, digits and other characters that is rather
    high; `completion_tokens` and `cost` are the least and the most to expect. `cost` is None where no price is known. A
    model that thinks before it answers is paid for its thoughts as well: they are not in here.
    """

    source: str | None
    calls: int
    characters: int
    prompt_characters: int
    prompt_tokens: int
    completion_tokens: tuple[int, int]
    prices: Prices | None = None

    @property
    def cost(self) -> tuple[Decimal, Decimal] | None:
        """The least and the most money to expect, None where no price is known."""
        if self.prices is None:
            return None
        least, most = self.completion_tokens
        return self.prices.of(self.prompt_tokens, least), self.prices.of(self.prompt_tokens, most)

    def __add__(self, other: Estimate) -> Estimate:
        """Return both together, as a run over both."""
        return Estimate(
            None,
            self.calls + other.calls,
            self.characters + other.characters,
            self.prompt_characters + other.prompt_characters,
            self.prompt_tokens + other.prompt_tokens,
            (
                self.completion_tokens[0] + other.completion_tokens[0],
                self.completion_tokens[1] + other.completion_tokens[1],
            ),
            self.prices,
        )


def estimate(
    source: Source,
    model: str | LanguageModel | None = None,
    *,
    read: Read = "all",
    max_calls: int = 200,
    limits: Limits | None = None,
    lexicon: Lexicon | LexiconSource | None = None,
) -> Estimate:
    """Return what `extract` would ask of a model about one disclosure; nothing is sent, no endpoint is needed.

    `model` (by default BUDGET_LLM_MODEL) decides the price alone. Raises InputError where the source cannot be read.
    """
    with using(lexicon):
        document = document_of(source, limits)
        sections = split_sections(document)
        record = document_record(document, sections)
        setting = setting_of(document, record.kind, record.year)
        about = About(record.kind, record.year, setting.stage)
        passed_over: frozenset[int] = frozenset()
        if read == "doubtful":
            by_rule = read_by_rule(document, sections, setting)
            passed_over = explained(document, sections, by_rule, record.organisation)
        chunks = chunk(document, sections, passed_over)[0][:max_calls]
        requests = [request_of(document, part, about) for part in chunks]
    sent = [part for request in requests for part in prompt_parts(request)]
    body = sum(tokens_of(request.user) for request in requests)
    return Estimate(
        document.source,
        len(requests),
        len(document.text),
        sum(map(len, sent)),
        round(sum(map(tokens_of, sent))),
        (round(body * _LEAST) + _EMPTY * len(requests), round(body * _MOST) + _EMPTY * len(requests)),
        prices_of(model or os.environ.get("BUDGET_LLM_MODEL") or "none"),
    )
