"""The result put together: schemas, records, findings and what became of each section, from the checked facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from budget_llm.assemble import counts_from, duties_from, expenditure_from, income_from, performance_from
from budget_llm.coverage import coverage, gaps
from budget_llm.disclosure import Disclosure, DocumentInfo, SectionReading
from budget_llm.document import Document
from budget_llm.document_checks import check_document
from budget_llm.duties import duties, join_duties
from budget_llm.facts import Fact, Finding, Language
from budget_llm.identities import Examination, examine
from budget_llm.instructions import instructions
from budget_llm.model import LanguageModel
from budget_llm.organisations import departments, organisation_name, rank, subordinates
from budget_llm.precedence import Precedence, settle
from budget_llm.prices import prices_of
from budget_llm.read_by_model import ModelReading, duties_of, organisation_of
from budget_llm.read_by_rule import UNREAD_TOPICS
from budget_llm.records import DocumentRecord, contact
from budget_llm.schemas import Organisation
from budget_llm.sections import Section
from budget_llm.usage import Usage


def document_info(document: Document, record: DocumentRecord) -> DocumentInfo:
    """Return what a document is and where it came from."""
    return DocumentInfo(
        record.kind, record.year, record.organisation, document.source, document.sha256, document.encoding,
        len(document.text), document.format, len(document.pages) or None,
    )  # fmt: skip


def result(
    document: Document, sections: Sequence[Section], facts: tuple[Fact, ...], reading: ModelReading | None,
    record: DocumentRecord, model: LanguageModel | None, unsent: dict[int, str], of_layouts: Sequence[Finding],
    precedence: Precedence | None, language: Language,
) -> Disclosure:  # fmt: skip
    """Return the disclosure: the checked facts in their schemas, the findings, and what was and was not read."""
    spans, notes = join_duties(document, sections, duties(document, sections), duties_of(reading) if reading else [])
    info = document_info(document, record)
    covered = coverage(document, sections, facts)
    missing = gaps(document, covered)
    facts = settle(document, facts, missing, precedence)
    organisation = _organisation(document, sections, facts, reading, info)
    prices = prices_of(model) if model else None
    supported = [f for f in facts if f.verdict != "unsupported"]
    examined = examine(document, supported, missing)
    facts = tuple(_with_evidence(fact, examined) for fact in facts)
    findings = (
        *examined.findings,
        *check_document(document, sections, record, supported),
        *notes,
        *of_layouts,
        *_unreadable(reading),
        *_not_read(document),
        *instructions(document),
    )
    return Disclosure(
        document=info,
        duties=duties_from(document, spans),
        organisation=organisation,
        income=income_from(facts),
        expenditure=expenditure_from(facts),
        performance=performance_from(facts),
        facts=facts,
        findings=tuple(finding.told_in(language) for finding in findings),
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


def with_pages(document: Document, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Return the facts with the page of each, where the format has pages."""
    if not document.pages:
        return facts
    return tuple(fact if fact.start is None else replace(fact, page=document.page(fact.start)) for fact in facts)


def _with_evidence(fact: Fact, examined: Examination) -> Fact:
    """Return a fact with the identities that hold with it and those that fail."""
    if fact.start is None:
        return fact
    return replace(
        fact, supported=examined.supported.get(fact.start, ()), contradicted=examined.contradicted.get(fact.start, ())
    )


def _not_read(document: Document) -> list[Finding]:
    """Return a warning for every page that is a picture without a text layer, and for every part that the file hides."""
    pictures = [
        (
            "page_without_text",
            f"第{page.number}页是没有文字层的图片（扫描件），其中的内容未读取；请先做文字识别",
            f"page {page.number} is a picture without a text layer (a scan) and was not read; run text recognition first",
        )
        for page in document.pages
        if not page.has_text
    ]
    hidden = [
        (
            "left_out",
            f"{name}：未读取，请核对原文件（隐藏的部分可取消隐藏，公式可重新计算并保存后再读）",
            f"{name}: not read; check the file (unhide what is hidden, recalculate and save formulas, then read again)",
        )
        for name in document.left_out
    ]
    told = (*pictures, *hidden)
    return [
        Finding(rule, "warning", words, (), None, None, None, (), english=english, fault=None)
        for rule, words, english in told
    ]


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
            english=f"for “{claim.label}” ({claim.concept}) the model wrote “{claim.quote}”, which holds no number; not used",
            fault="model",
        )
        for claim in (reading.unreadable if reading else ())
    ]
