"""The order of the steps: the only module that knows it.

document → sections → two readings → cross-check → identities → result
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from budget_llm.chunks import chunk
from budget_llm.crosscheck import crosscheck
from budget_llm.disclosure import EXPLAINED, Disclosure
from budget_llm.document import Document
from budget_llm.errors import InputError, ModelError
from budget_llm.escalation import explained
from budget_llm.facts import Fact, Finding, Language
from budget_llm.formats import load
from budget_llm.formats.limits import Limits
from budget_llm.languages import check_language
from budget_llm.layouts import LayoutMemory, read_layouts
from budget_llm.lexicon import Lexicon, LexiconSource, using
from budget_llm.model import LanguageModel, Model
from budget_llm.precedence import Precedence
from budget_llm.read_by_model import About, ModelReading, read_by_model
from budget_llm.read_by_rule import read_by_rule, setting_of
from budget_llm.records import document_record
from budget_llm.results import result, with_pages
from budget_llm.second_look import doubts, look_again
from budget_llm.sections import Section, split_sections
from budget_llm.spending import Bounded, Budget, Metered

Source = str | Path | Document
Read = Literal["all", "doubtful"]
"""What the model is asked about: every section, or only those that the rules leave in doubt."""


def extract(
    source: Source,
    model: str | LanguageModel | None = None,
    *,
    read: Read = "all",
    max_calls: int = 200,
    budget: Budget | None = None,
    limits: Limits | None = None,
    lexicon: Lexicon | LexiconSource | None = None,
    layouts: LayoutMemory | None = None,
    precedence: Precedence | None = None,
    language: Language = "zh",
) -> Disclosure:
    """Read one disclosure and return its checked facts.

    `source` is a path or a `Document`. `model` is the name of a model at the endpoint that OPENAI_BASE_URL
    and OPENAI_API_KEY configure, a `Model` (or any `LanguageModel`), or "none" for rules alone; by default
    BUDGET_LLM_MODEL, and "none" where that is not set. `read` is "all" or "doubtful": then the model is asked only
    about sections in which the rules left a number unexplained, an identity fails, or records are missing. `max_calls` bounds the requests for one document:
    beyond it sections are left to the rules and say so; `budget` bounds what they cost in the same way. `limits` bound what the file may ask of the machine.
    `lexicon` adds wordings to the package's own: a `Lexicon`, a TOML file or a mapping. `layouts` keeps what the
    model told of unfamiliar headings and tables, so that the next document of their layout needs no call for it; by
    default the folder `layouts` in the model's `cache`, where it has one. `precedence` tells whose reading is followed
    where the two conflict (see `budget_llm.precedence`), `language` that of the findings' messages: "zh" or "en".

    Raises InputError where the source cannot be read, LexiconError for wordings that are malformed, ModelError where the model cannot be used at all.
    A section that the model fails on is recorded in `sections`; the rules' reading of it stands.
    """

    async def run() -> Disclosure:
        asked = resolve_model(model)
        try:
            return await aextract(
                source, asked, read=read, max_calls=max_calls, budget=budget, limits=limits, lexicon=lexicon, layouts=layouts,
                precedence=precedence, language=language,
            )  # fmt: skip
        finally:
            await _close(asked)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(run())
    with ThreadPoolExecutor(1) as pool:  # called from inside a running loop, as notebooks do
        return pool.submit(copy_context().run, asyncio.run, run()).result()


async def aextract(
    source: Source,
    model: str | LanguageModel | None = None,
    *,
    read: Read = "all",
    max_calls: int = 200,
    budget: Budget | None = None,
    limits: Limits | None = None,
    lexicon: Lexicon | LexiconSource | None = None,
    layouts: LayoutMemory | None = None,
    precedence: Precedence | None = None,
    language: Language = "zh",
) -> Disclosure:
    """Read one disclosure as `extract` does, on the running event loop."""
    check_language(language)
    if precedence is not None and not callable(precedence):
        raise InputError(f"precedence: expected a function of a fact, found {type(precedence).__name__}")
    with using(lexicon):
        return await _read(source, model, limits, _Asking(read, max_calls, budget, layouts), precedence, language)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What the model is asked about, within which bounds, and what is remembered of layouts."""

    read: Read
    max_calls: int
    budget: Budget | None
    layouts: LayoutMemory | None

    def __post_init__(self) -> None:
        if self.read not in get_args(Read):
            raise InputError(f"read: expected {' or '.join(map(repr, get_args(Read)))}, found {self.read!r}")


async def _read(
    source: Source, model: str | LanguageModel | None, limits: Limits | None, asking: _Asking,
    precedence: Precedence | None, language: Language,
) -> Disclosure:  # fmt: skip
    asked = resolve_model(model)
    document = document_of(source, limits)
    sections = split_sections(document)
    record = document_record(document, sections)
    setting = setting_of(document, record.kind, record.year)
    by_rule = read_by_rule(document, sections, setting)
    told = _Told(None, {}, ())
    if asked is not None:
        try:
            about = About(record.kind, record.year, setting.stage)
            reader = Metered(asked, asking.budget) if asking.budget is not None else asked
            told = await _ask(
                document,
                sections,
                by_rule,
                reader,
                about,
                record.organisation,
                asking,
                memory_of(asked, asking.layouts),
            )
        finally:
            if isinstance(model, str) or model is None:
                await _close(asked)
    facts = with_pages(document, crosscheck(by_rule, told.reading.facts) if told.reading else by_rule)
    return result(
        document, sections, facts, told.reading, record, asked, told.unsent, told.findings, precedence, language
    )


class _Told(NamedTuple):
    """What the model told: its reading (None without a model), why sections were not sent, warnings about layouts."""

    reading: ModelReading | None
    unsent: dict[int, str]
    findings: tuple[Finding, ...]


async def _ask(
    document: Document, sections: Sequence[Section], by_rule: Sequence[Fact], model: LanguageModel, about: About,
    organisation: str | None, asking: _Asking, memory: LayoutMemory,
) -> _Told:  # fmt: skip
    """Ask about unfamiliar layouts, then about the sections, then once more about what the cross-check doubts."""
    passed_over = explained(document, sections, by_rule, organisation) if asking.read == "doubtful" else frozenset()
    layout = await read_layouts(
        document, sections, by_rule, model, memory, about, organisation=organisation, passed_over=passed_over,
        max_calls=asking.max_calls,
    )  # fmt: skip
    bounded = Bounded(model, max(0, asking.max_calls - layout.calls), asking.max_calls)
    chunks, unsent = chunk(document, layout.pieces, passed_over)
    reading = await read_by_model(document, layout.sections, chunks, bounded, about)
    shown = doubts(document, layout.sections, reading, crosscheck(by_rule, reading.facts))
    if shown:
        reading = await look_again(document, layout.sections, reading, shown, bounded, about)
    reading = layout.joined_to(reading)
    reasons = {index: f"not sent: {why}" for index, why in unsent.items()}
    reasons |= dict.fromkeys(passed_over - unsent.keys(), EXPLAINED)
    return _Told(reading, layout.noted(reasons, reading.status), layout.findings)


def document_of(source: Source, limits: Limits | None) -> Document:
    """Return the document that a source is or names; raise InputError where it cannot be read."""
    return source if isinstance(source, Document) else load(_path(source), limits)


def _path(source: str | Path) -> Path:
    """Return the path that a source names; raise InputError for what is none, or is the text itself."""
    if not isinstance(source, str | Path):
        raise InputError(f"source: expected a path or a Document, found {type(source).__name__}")
    if not Path(source).suffix and not Path(source).exists() and re.search(r"[\u4e00-\u9fff].*[0-9。]|\n", str(source)):
        raise InputError(f"source: no file {str(source)[:40]!r}; to read a text itself, pass Document.from_text(text)")
    return Path(source)


def resolve_model(model: str | LanguageModel | None) -> LanguageModel | None:
    """Return the model that a name or the environment stands for; None for rules alone.

    Raises ModelError where a name is given and no endpoint is configured, InputError for anything else.
    """
    if model is None:
        model = os.environ.get("BUDGET_LLM_MODEL") or "none"
    if isinstance(model, str):
        if not model.strip():
            raise ModelError('model: expected a name or "none", found an empty string')
        return None if model == "none" else Model(model)
    if not isinstance(model, LanguageModel):
        raise InputError(
            f"model: expected a name, a Model or an object with `name` and `ask`, found {type(model).__name__}"
        )
    return model


def memory_of(model: LanguageModel | None, layouts: LayoutMemory | None) -> LayoutMemory:
    """Return where layouts are remembered: as told, else beside the answers that a model keeps, else nowhere for long."""
    folder = getattr(model, "cache", None)
    return layouts or LayoutMemory(Path(folder) / "layouts" if folder else None)


async def _close(model: LanguageModel | None) -> None:
    if isinstance(model, Model):
        await model.aclose()
