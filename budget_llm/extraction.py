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
from dataclasses import replace
from pathlib import Path

from budget_llm.assemble import counts_from, duties_from, expenditure_from, income_from, performance_from
from budget_llm.chunks import chunk
from budget_llm.coverage import coverage
from budget_llm.crosscheck import crosscheck
from budget_llm.disclosure import BEYOND_LIMIT, Disclosure, DocumentInfo, SectionReading
from budget_llm.document import Document
from budget_llm.duties import duties, join_duties
from budget_llm.errors import InputError, ModelError
from budget_llm.facts import Fact, Finding
from budget_llm.formats import load
from budget_llm.formats.limits import Limits
from budget_llm.identities import check_identities
from budget_llm.lexicon import Lexicon, LexiconSource, using
from budget_llm.model import LanguageModel, Model
from budget_llm.organisations import departments, organisation_name, rank, subordinates
from budget_llm.prices import prices_of
from budget_llm.read_by_model import About, ModelReading, duties_of, organisation_of, read_by_model
from budget_llm.read_by_rule import UNREAD_TOPICS, read_by_rule, setting_of
from budget_llm.records import contact, document_record
from budget_llm.schemas import Organisation
from budget_llm.sections import Section, split_sections
from budget_llm.spending import Budget, Metered
from budget_llm.usage import Usage

Source = str | Path | Document


def extract(
    source: Source,
    model: str | LanguageModel | None = None,
    *,
    max_calls: int = 200,
    budget: Budget | None = None,
    limits: Limits | None = None,
    lexicon: Lexicon | LexiconSource | None = None,
) -> Disclosure:
    """Read one disclosure and return its checked facts.

    `source` is a path or a `Document`. `model` is the name of a model at the endpoint that OPENAI_BASE_URL
    and OPENAI_API_KEY configure, a `Model` (or any `LanguageModel`), or "none" for rules alone; by default
    BUDGET_LLM_MODEL, and "none" where that is not set. `max_calls` bounds the requests for one document:
    beyond it sections are left to the rules and say so; `budget` bounds what they cost in the same way. `limits` bound what the file may ask of the machine.
    `lexicon` adds wordings to the package's own: a `Lexicon`, a TOML file or a mapping.

    Raises InputError where the source cannot be read, LexiconError for wordings that are malformed, ModelError where the model cannot be used at all.
    A section that the model fails on is recorded in `sections`; the rules' reading of it stands.
    """

    async def run() -> Disclosure:
        asked = resolve_model(model)
        try:
            return await aextract(source, asked, max_calls=max_calls, budget=budget, limits=limits, lexicon=lexicon)
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
    max_calls: int = 200,
    budget: Budget | None = None,
    limits: Limits | None = None,
    lexicon: Lexicon | LexiconSource | None = None,
) -> Disclosure:
    """Read one disclosure as `extract` does, on the running event loop."""
    with using(lexicon):
        return await _read(source, model, max_calls, budget, limits)


async def _read(
    source: Source, model: str | LanguageModel | None, max_calls: int, budget: Budget | None, limits: Limits | None
) -> Disclosure:
    asked = resolve_model(model)
    reader = Metered(asked, budget) if asked is not None and budget is not None else asked
    document = source if isinstance(source, Document) else load(_path(source), limits)
    sections = split_sections(document)
    record = document_record(document, sections)
    setting = setting_of(document, record.kind, record.year)
    by_rule = read_by_rule(document, sections, setting)
    reading: ModelReading | None = None
    chunks, unsent = chunk(document, sections)
    if reader is not None:
        try:
            about = About(record.kind, record.year, setting.stage)
            reading = await read_by_model(document, sections, chunks[:max_calls], reader, about)
        finally:
            if isinstance(model, str) or model is None:
                await _close(asked)
    facts = _with_pages(document, crosscheck(by_rule, reading.facts) if reading else by_rule)
    late = {i: f"{BEYOND_LIMIT} {max_calls} calls was reached" for c in chunks[max_calls:] for i in c.sections}
    info = DocumentInfo(
        record.kind,
        record.year,
        record.organisation,
        document.source,
        document.sha256,
        document.encoding,
        len(document.text),
        document.format,
        len(document.pages) or None,
    )
    return _result(
        document,
        sections,
        facts,
        reading,
        info,
        asked,
        {k: f"not sent: {v}" for k, v in unsent.items()} | late,
    )


def _result(
    document: Document, sections: Sequence[Section], facts: tuple[Fact, ...], reading: ModelReading | None,
    info: DocumentInfo, model: LanguageModel | None, unsent: dict[int, str],
) -> Disclosure:  # fmt: skip
    spans, notes = join_duties(document, duties(document, sections), duties_of(reading) if reading else [])
    organisation = _organisation(document, sections, facts, reading, info)
    covered = coverage(document, sections, facts)
    prices = prices_of(model) if model else None
    gaps = [unread.start for unread in covered.unread if unread.is_money]
    findings = (
        *check_identities(document, [f for f in facts if f.verdict != "unsupported" and _is_checked(f)], gaps),
        *notes,
        *_unreadable(reading),
        *_not_read(document),
    )
    return Disclosure(
        document=info,
        duties=duties_from(document, spans),
        organisation=organisation,
        income=income_from(facts),
        expenditure=expenditure_from(facts),
        performance=performance_from(facts),
        facts=facts,
        findings=findings,
        coverage=covered,
        sections=tuple(_section(document, s, reading, unsent) for s in sections),
        usage=reading.usage if reading else Usage(),
        ledger=tuple(entry.priced(prices) for entry in reading.ledger) if reading else (),
        model=model.name if model else None,
        prompts=reading.prompts if reading else {},
        prices=prices,
        contact=contact(document),
        original=document,
    )


def _section(
    document: Document, section: Section, reading: ModelReading | None, unsent: dict[int, str]
) -> SectionReading:
    by_model = "not asked: no model was configured"
    if reading is not None:
        read, why_not = reading.status.get(section.index), unsent.get(section.index)
        by_model = f"{read} in part, {why_not}" if read and why_not else read or why_not or "not sent"
    by_rule = "skipped" if section.topic in UNREAD_TOPICS else "read"
    return SectionReading(
        section.index, section.title, section.start, section.end, section.level, section.topic,
        document.line(section.start), by_rule, by_model,
    )  # fmt: skip


def _organisation(
    document: Document,
    sections: Sequence[Section],
    facts: Sequence[Fact],
    reading: ModelReading | None,
    info: DocumentInfo,
) -> Organisation:
    """Return the organisation: names by rule where the rules find them, else as the model read them in the source."""
    by_model = organisation_of(reading) if reading else None
    named = Organisation(
        name=info.organisation or organisation_name(document),
        rank=rank(document, sections),
        departments=departments(document, sections),
        subordinates=subordinates(document, sections),
        counts=counts_from(facts, ("organisation.", "staff.")),
    )
    if by_model is None:
        return named
    held = {
        "name": named.name or _in_source(document, by_model.name),
        "rank": named.rank or _in_source(document, by_model.rank),
        "departments": named.departments or tuple(d for d in by_model.departments if d in document.text),
        "subordinates": named.subordinates or tuple(s for s in by_model.subordinates if s in document.text),
    }
    return named.model_copy(update=held)


def _in_source(document: Document, name: str | None) -> str | None:
    return name if name and name in document.text else None


def _with_pages(document: Document, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Return the facts with the page of each, where the format has pages."""
    if not document.pages:
        return facts
    return tuple(fact if fact.start is None else replace(fact, page=document.page(fact.start)) for fact in facts)


def _is_checked(fact: Fact) -> bool:
    """Whether the identities know how a fact stands to its neighbours: in prose, and indicators row by row."""
    return not fact.value.is_nan() and (fact.table is None or fact.concept.startswith(("indicator.", "evaluation.")))


def _not_read(document: Document) -> list[Finding]:
    """Return a warning for every page that is a picture without a text layer, and for every part that the file hides."""
    pictures = [
        ("page_without_text", f"第{page.number}页是没有文字层的图片（扫描件），其中的内容未读取；请先做文字识别")
        for page in document.pages
        if not page.has_text
    ]
    hidden = [
        ("left_out", f"{name}：未读取，请核对原文件（隐藏的部分可取消隐藏，公式可重新计算并保存后再读）")
        for name in document.left_out
    ]
    return [Finding(rule, "warning", words, (), None, None, None, ()) for rule, words in (*pictures, *hidden)]


def _unreadable(reading: ModelReading | None) -> list[Finding]:
    """Return a warning for every answer of the model that holds no number where one was asked for."""
    return [
        Finding(
            "model_number_unreadable",
            "warning",
            f"模型为“{claim.label}”（{claim.concept}）写了“{claim.quote}”，其中没有数字，未采用",
            (),
            None,
            claim.quote,
            None,
            (),
        )
        for claim in (reading.unreadable if reading else ())
    ]


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
