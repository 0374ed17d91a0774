"""What document this is, and whom it names as its contact."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from budget_llm.document import Document
from budget_llm.sections import Section
from budget_llm.titles import title_name

DocumentKind = Literal["budget", "final_accounts", "performance_self_evaluation"]
_KINDS: tuple[tuple[DocumentKind, re.Pattern[str]], ...] = (
    (
        "performance_self_evaluation",
        re.compile(r"绩效自评(?:报告|情况)|整体支出绩效|绩效评价报告|\A[^\n。]{0,40}绩效自评(?:结果|表|总结)"),
    ),
    ("final_accounts", re.compile(r"决算")),
    ("budget", re.compile(r"预算|預算")),
)


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """What the document is: kind, fiscal year and organisation as its title gives them (None where it does not)."""

    kind: DocumentKind | None
    year: int | None
    organisation: str | None


def document_record(document: Document, sections: Sequence[Section]) -> DocumentRecord:
    """Return kind, year and organisation of a document from its title, else from its headings and text."""
    head = document.text[: min(sections[1].start if len(sections) > 1 else 400, 600)]
    titles = [section.title for section in sections]
    headings = "\n".join(titles)
    return DocumentRecord(
        _kind(head, headings, document.text),
        _year(head, headings, document.text),
        title_name(head, titles, document.text),
    )


def _kind(head: str, headings: str, text: str) -> DocumentKind | None:
    for kind, pattern in _KINDS:
        if pattern.search(head) and not (kind == "performance_self_evaluation" and "部门预算" in head[:80]):
            return kind
    counts = {kind: len(pattern.findall(headings)) for kind, pattern in _KINDS}
    if not any(counts.values()):
        counts = {kind: len(pattern.findall(text)) for kind, pattern in _KINDS[1:]}
    best = max(counts, key=lambda kind: counts[kind])
    return best if counts[best] else None


def _year(head: str, headings: str, text: str) -> int | None:
    """The year in the title next to 年度 or 年部门; else the one named most often before 年."""
    for part in (head, headings):
        titled = re.findall(
            r"(20[0-9]{2})[ \u3000]*年度?[ \u3000]*(?:部门|单位|整体|预算|决算|[^\n，。]{0,24}(?:预算|决算|绩效自评))",
            part,
        )
        if titled:
            return int(Counter(titled).most_common(1)[0][0])
    named = Counter(re.findall(r"(20[0-9]{2})[ \u3000]*年", text))
    return int(named.most_common(1)[0][0]) if named else None


_CONTACT = re.compile(r"(?:联系人|负责人)[：:]\s*(?P<person>[\u4e00-\u9fff]{2,4})")
_PHONE = re.compile(
    r"(?:联系方式|联系电话|咨询电话|电话|热线)[^0-9\n]{0,12}(?P<phone>[0-9]{3,4}-[0-9]{7,8}|1[0-9]{10}|[0-9]{7,8})"
)


def contact(document: Document) -> dict[str, str | None] | None:
    """Return the published contact (`person`, `phone`; each None where absent), or None without any."""
    person, phone = _CONTACT.search(document.text), _PHONE.search(document.text)
    if not person and not phone:
        return None
    return {
        "person": person.group("person") if person else None,
        "phone": phone.group("phone") if phone else None,
    }
