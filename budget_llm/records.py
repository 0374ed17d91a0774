"""Records beside the facts: what document this is, the organisation, its duties, its contact."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from budget_llm.document import Document
from budget_llm.sections import Section

DocumentKind = Literal["budget", "final_accounts", "performance_self_evaluation"]

_ZH = r"\u4e00-\u9fff"
_SUFFIX = (
    "局|委员会|委|办公室|办|科协|协会|中心|厅|院|学校|大学|学院|中学|小学|幼儿园|馆|所|站|队|处|会|社|团|部|署|法院|检察院|政协|人大|街道办事处|镇人民政府|乡人民政府|人民政府|医院|联合会|总工会"
)
_NAME = rf"[{_ZH}]{{2,24}}?(?:{_SUFFIX})(?:[（(][{_ZH}]{{2,20}}[)）])?"
_TITLE_NAME = re.compile(rf"^[ \t\u3000]*(?P<name>[{_ZH}]{{2,30}}(?:[（(][{_ZH}]{{2,20}}[)）])?)[ \u3000]*20[0-9]{{2}}[ \u3000]*年")
_YEAR_NAME = re.compile(rf"^[ \t\u3000]*20[0-9]{{2}}[ \u3000]*年度?(?P<name>[{_ZH}]{{2,30}}?(?:{_SUFFIX}))(?:部门|单位|整体|收支|预算|决算)")
_KINDS: tuple[tuple[DocumentKind, re.Pattern[str]], ...] = (
    ("performance_self_evaluation", re.compile(r"绩效自评(?:报告|情况)|整体支出绩效|绩效评价报告")),
    ("final_accounts", re.compile(r"决算")),
    ("budget", re.compile(r"预算|預算")),
)
_DUTY = re.compile(
    r"(?:(?<=\n)|(?<=^)|(?<=[。；;：:\s]))[ \t\u3000*#-]*(?P<mark>[（(](?P<a>[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）]|(?P<b>[0-9]{1,2})(?:[、．]|[.](?![0-9]))|(?P<c>[一二三四五六七八九十]{1,3})、)[ \u3000]*"
)
_RANK = re.compile(r"为?(?P<rank>(?:正|副)(?:部|省|厅|局|地|处|县|科|股|乡)级|(?:厅|处|县|科|股)级)(?:单位|部门|机关|行政|事业)?")


@dataclass(frozen=True, slots=True)
class DutySpan:
    """One duty: its ordinal as counted, and the span of its text without the mark."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """What the document is: kind, fiscal year and organisation as its title gives them (None where it does not)."""

    kind: DocumentKind | None
    year: int | None
    organisation: str | None


def document_record(document: Document, sections: Sequence[Section]) -> DocumentRecord:
    """Return kind, year and organisation of a document from its title, else from its headings and text."""
    head = document.text[: min(sections[1].start if len(sections) > 1 else 400, 600)]
    headings = "\n".join(s.title for s in sections)
    return DocumentRecord(_kind(head, headings, document.text), _year(head, headings, document.text), _title_name(head))


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
        titled = re.findall(r"(20[0-9]{2})[ \u3000]*年度?[ \u3000]*(?:部门|单位|整体|预算|决算|[^\n，。]{0,24}(?:预算|决算|绩效自评))", part)
        if titled:
            return int(Counter(titled).most_common(1)[0][0])
    named = Counter(re.findall(r"(20[0-9]{2})[ \u3000]*年", text))
    return int(named.most_common(1)[0][0]) if named else None


def _title_name(head: str) -> str | None:
    for line in head.splitlines():
        match = _TITLE_NAME.match(line) or _YEAR_NAME.match(line)
        if match and not re.search(r"目录|附件|关于|通知", match.group("name")):
            return match.group("name")
    return None


def organisation_name(document: Document, record: DocumentRecord) -> str | None:
    """Return the body's name: from the title, else the subject that its sentences name most often."""
    if record.organisation:
        return record.organisation
    named = re.findall(rf"(?:^|[\n。；，：\u3000 《])({_NAME})(?=(?:20[0-9]{{2}})[ \u3000]*年|是|设下列|内设|下设|机关)", document.text)
    if not named:
        return None
    return str(Counter(named).most_common(1)[0][0])


def rank(document: Document, sections: Sequence[Section]) -> str | None:
    """Return the administrative rank that the sections on duties and organisation state, or None."""
    for section in sections:
        if section.topic in ("organisation", "duties"):
            found = re.search(_RANK, document.text[section.body : section.end])
            if found and re.search(r"为$|[，。是]$|规格", document.text[section.body : section.end][: found.start("rank")][-4:]):
                return found.group("rank")
    return None


def duties(document: Document, sections: Sequence[Section]) -> tuple[DutySpan, ...]:
    """Return the duties: the numbered items of the sections on duties, counted from one without a gap."""
    for section in sections:
        if section.topic != "duties":
            continue
        items = _numbered(document.text, section.body, section.end)
        if items:
            return items
    return ()


def _numbered(text: str, start: int, end: int) -> tuple[DutySpan, ...]:
    """Return the items of the first run of marks 1, 2, 3 … in `text[start:end]`."""
    marks: list[tuple[int, int, int]] = []
    style = None
    for match in _DUTY.finditer(text, start, end):
        number = _ordinal(match)
        kind = "a" if match.group("a") else "b" if match.group("b") else "c"
        if number == len(marks) + 1 and style in (None, kind):
            style = kind
            marks.append((number, match.start("mark"), match.end()))
    items = []
    for place, (number, _, body) in enumerate(marks):
        stop = marks[place + 1][1] if place + 1 < len(marks) else end
        content = text[body:stop].rstrip(" \t\r\n\u3000-*")
        items.append(DutySpan(number, body, body + len(content)))
    return tuple(items) if len(items) > 1 else ()


def _ordinal(match: re.Match[str]) -> int:
    from budget_llm.quantities import parse_number

    value = parse_number(match.group("a") or match.group("b") or match.group("c"))
    return int(value) if value is not None else -1


_DEPARTMENT_TAIL = r"(?:科|室|处|部|股|中心|办|组|队|所|站|办公室|委员会|工会)(?:[（(][^）)\n]{1,20}[）)])?"
_DEPARTMENT_LINE = re.compile(rf"(?:^|\n)[ \t\u3000-]*(?:[（(]?[0-9一二三四五六七八九十]{{1,2}}[)）、.．]\s*)?(?P<name>[{_ZH}、]{{2,18}}?{_DEPARTMENT_TAIL})[。：:]")
_DEPARTMENT_LIST = re.compile(
    rf"(?:内设|下设|设)[{_ZH}]{{0,8}}?(?:机构|科室|处室|股室|部门)[{_ZH}0-9]{{0,8}}[：:，,](?:分别(?:是|为)|即|包括)?[：:]?(?P<names>[^。；;\n]{{4,200}})"
)
_SUBORDINATE_LIST = re.compile(
    rf"(?:直属|下属|所属|二级|下辖)[{_ZH}]{{0,10}}单位[{_ZH}0-9]{{0,6}}[：:，,]?(?:分别(?:是|为)|即|包括|为)?[：:]?(?P<names>[^。；;\n，,]{{4,300}})"
)


def departments(document: Document, sections: Sequence[Section]) -> tuple[str, ...]:
    """Return the names of the inner departments, from their descriptions line by line or from a list."""
    for section in sections:
        if section.topic not in ("organisation", "duties"):
            continue
        body = document.text[section.body : section.end]
        lines = [m.group("name") for m in _DEPARTMENT_LINE.finditer(body)]
        if lines:
            return tuple(lines)
        listed = _DEPARTMENT_LIST.search(body)
        if listed:
            names = _names(listed.group("names"), _DEPARTMENT_TAIL)
            if names:
                return names
    return ()


def subordinates(document: Document, sections: Sequence[Section]) -> tuple[str, ...]:
    """Return the names of the subordinate units that the sections on organisation list."""
    for section in sections:
        if section.topic == "organisation":
            found = _SUBORDINATE_LIST.search(document.text[section.body : section.end])
            if found:
                names = _names(found.group("names"), rf"(?:{_SUFFIX}|中心|基地|局)")
                if names:
                    return names
    return ()


def _names(listed: str, tail: str) -> tuple[str, ...]:
    parts = [re.sub(r"[\s]|^(?:分别是|分别为|为|即|包括|和|及)", "", p) for p in re.split(r"[、和及](?=[\u4e00-\u9fff])|[，,]", listed)]
    names = [p for p in parts if re.search(rf"{tail}$", p)]
    return tuple(names) if names and len(names) * 2 >= len(parts) else ()


_CONTACT = re.compile(r"(?:联系人|负责人)[：:]\s*(?P<person>[\u4e00-\u9fff]{2,4})")
_PHONE = re.compile(r"(?:联系方式|联系电话|咨询电话|电话|热线)[^0-9\n]{0,12}(?P<phone>[0-9]{3,4}-[0-9]{7,8}|1[0-9]{10}|[0-9]{7,8})")


def contact(document: Document) -> dict[str, str | None] | None:
    """Return the published contact (`person`, `phone`; each None where absent), or None without any."""
    person, phone = _CONTACT.search(document.text), _PHONE.search(document.text)
    if not person and not phone:
        return None
    return {"person": person.group("person") if person else None, "phone": phone.group("phone") if phone else None}
