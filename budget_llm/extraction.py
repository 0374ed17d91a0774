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
from pathlib import Path
from typing import Literal, get_args

from budget_llm.chunks import chunk
from budget_llm.crosscheck import crosscheck
from budget_llm.disclosure import BEYOND_LIMIT, Disclosure
from budget_llm.document import Document
from budget_llm.duties import duties
from budget_llm.errors import InputError, ModelError
from budget_llm.escalation import EXPLAINED, explained
from budget_llm.formats import load
from budget_llm.formats.limits import Limits
from budget_llm.lexicon import Lexicon, LexiconSource, using
from budget_llm.model import LanguageModel, Model
from budget_llm.organisations import departments, organisation_name
from budget_llm.read_by_model import About, ModelReading, read_by_model
from budget_llm.read_by_rule import read_by_rule, setting_of
from budget_llm.records import document_record
from budget_llm.results import document_info, result, with_pages
from budget_llm.second_look import doubts, look_again
from budget_llm.sections import Section, split_sections
from budget_llm.spending import Budget, Metered

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
) -> Disclosure:
    """Read one disclosure and return its checked facts.

    `source` is a path or a `Document`. `model` is the name of a model at the endpoint that OPENAI_BASE_URL
    and OPENAI_API_KEY configure, a `Model` (or any `LanguageModel`), or "none" for rules alone; by default
    BUDGET_LLM_MODEL, and "none" where that is not set. `read` is "all" or "doubtful": then the model is asked only
    about sections in which the rules left a number unexplained, an identity fails, or records are missing. `max_calls` bounds the requests for one document:
    beyond it sections are left to the rules and say so; `budget` bounds what they cost in the same way. `limits` bound what the file may ask of the machine.
    `lexicon` adds wordings to the package's own: a `Lexicon`, a TOML file or a mapping.

    Raises InputError where the source cannot be read, LexiconError for wordings that are malformed, ModelError where the model cannot be used at all.
    A section that the model fails on is recorded in `sections`; the rules' reading of it stands.
    """

    async def run() -> Disclosure:
        asked = resolve_model(model)
        try:
            return await aextract(
                source, asked, read=read, max_calls=max_calls, budget=budget, limits=limits, lexicon=lexicon
            )
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
) -> Disclosure:
    """Read one disclosure as `extract` does, on the running event loop."""
    with using(lexicon):
        return await _read(source, model, read, max_calls, budget, limits)


async def _read(
    source: Source, model: str | LanguageModel | None, read: Read, max_calls: int, budget: Budget | None,
    limits: Limits | None,
) -> Disclosure:  # fmt: skip
    if read not in get_args(Read):
        raise InputError(f"read: expected {' or '.join(map(repr, get_args(Read)))}, found {read!r}")
    asked = resolve_model(model)
    reader = Metered(asked, budget) if asked is not None and budget is not None else asked
    document = source if isinstance(source, Document) else load(_path(source), limits)
    sections = split_sections(document)
    record = document_record(document, sections)
    setting = setting_of(document, record.kind, record.year)
    by_rule = read_by_rule(document, sections, setting)
    passed_over: frozenset[int] = frozenset()
    if read == "doubtful":
        passed_over = explained(document, sections, by_rule, _named(document, sections, record.organisation))
    chunks, unsent = chunk(document, sections, passed_over)
    reading: ModelReading | None = None
    if reader is not None:
        try:
            about = About(record.kind, record.year, setting.stage)
            reading = await read_by_model(document, sections, chunks[:max_calls], reader, about)
            shown = doubts(document, reading, crosscheck(by_rule, reading.facts))[: max(0, max_calls - len(chunks))]
            if shown:
                reading = await look_again(document, sections, reading, shown, reader, about)
        finally:
            if isinstance(model, str) or model is None:
                await _close(asked)
    facts = with_pages(document, crosscheck(by_rule, reading.facts) if reading else by_rule)
    late = {i: f"{BEYOND_LIMIT} {max_calls} calls was reached" for c in chunks[max_calls:] for i in c.sections}
    return result(
        document,
        sections,
        facts,
        reading,
        document_info(document, record),
        asked,
        {k: f"not sent: {v}" for k, v in unsent.items()} | late | dict.fromkeys(passed_over - unsent.keys(), EXPLAINED),
    )


def _named(document: Document, sections: Sequence[Section], organisation: str | None) -> tuple[str, ...]:
    """Return the topics whose records the rules find."""
    body = (organisation or organisation_name(document)) and departments(document, sections)
    return (*(("duties",) if duties(document, sections) else ()), *(("organisation",) if body else ()))


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


async def _close(model: LanguageModel | None) -> None:
    if isinstance(model, Model):
        await model.aclose()
