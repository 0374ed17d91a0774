"""A disclosure as a person wants to see it on a terminal: facts by topic, findings, coverage, cost."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from budget_llm.disclosure import EXPLAINED, Disclosure
from budget_llm.facts import Fact
from budget_llm.usage import BUDGET_REACHED, Prices, Usage

_KINDS = {"budget": "部门预算", "final_accounts": "部门决算", "performance_self_evaluation": "绩效自评"}
# What the facts are about, by the kind of their concept, in the order of a disclosure.
_ABOUT = {
    "organisation": "机构人员", "staff": "机构人员", "income": "收入", "expenditure": "支出", "three_public": "“三公”经费",
    "operating": "机关运行经费", "procurement": "政府采购", "assets": "国有资产", "performance": "绩效", "indicator": "绩效",
    "evaluation": "绩效", "other": "其他",
}  # fmt: skip
_VERDICTS = {
    "confirmed": "✓ confirmed",
    "model_only": "· model_only",
    "rule_only": "· rule_only",
    "conflict": "✗ conflict",
    "unsupported": "✗ unsupported",
}
_MEASURES = {
    "change": "增减",
    "rate": "比率",
    "share": "占比",
    "score": "得分",
    "weight": "权重",
    "target": "目标",
}
_SCOPES = {
    "department": "部门", "fiscal": "财政拨款", "general_public_budget": "一般公共预算", "government_fund": "政府性基金",
    "state_capital": "国有资本",
}  # fmt: skip
_STAGES = {"budget": "预算", "adjusted_budget": "调整预算", "final": "决算"}
_LONGEST_LABEL = 34


def table(disclosure: Disclosure) -> str:
    """Return the report as text for a terminal; wide characters count two columns."""
    return "\n".join(_lines(disclosure)) + "\n"


def _lines(disclosure: Disclosure) -> Iterator[str]:
    info = disclosure.document
    title = " ".join(
        str(p) for p in (info.organisation or disclosure.organisation.name, info.year, _KINDS.get(info.kind or "")) if p
    )
    yield f"{title or '(kind, year and organisation not found)'}"
    yield f"{info.source or 'text'} · {info.characters:,} characters · sha256 {info.sha256[:12]}"
    yield from _facts(disclosure)
    yield from _findings(disclosure)
    yield ""
    yield from _summary(disclosure)


def _facts(disclosure: Disclosure) -> Iterator[str]:
    duties = disclosure.duties.items
    if duties:
        yield ""
        yield f"职责 ({len(duties)})"
        yield from (f"  {duty.number:>2}. {_clip(duty.text, 60)}" for duty in duties)
    for title in dict.fromkeys(_ABOUT.values()):
        facts = [f for f in disclosure.facts if _ABOUT[f.concept.split(".")[0]] == title]
        if facts:
            yield ""
            yield f"{title} ({len(facts)})"
            yield from _rows([_row(disclosure, fact) for fact in facts])


def _row(disclosure: Disclosure, fact: Fact) -> tuple[str, ...]:
    about = " ".join(
        part
        for part in (
            _SCOPES.get(fact.scope or "", ""),
            str(fact.period or ""),
            _STAGES.get(fact.stage or "", ""),
            _MEASURES.get(fact.measure, ""),
            {"basic": "基本", "project": "项目"}.get(fact.split or "", ""),
        )
        if part
    )
    place = "nowhere" if fact.start is None else _place(disclosure, fact.start)
    label = f"{fact.code} {fact.label}" if fact.code else fact.label
    return (
        _clip(label, _LONGEST_LABEL),
        f"{fact.value:,} {fact.unit or ''}".strip(),
        fact.concept,
        about,
        _verdict(fact),
        place,
    )


def _verdict(fact: Fact) -> str:
    shown = _VERDICTS[fact.verdict]
    if fact.verdict == "conflict" and fact.other is not None:
        other = fact.other
        wrote = other.field or f"{other.value:,} {other.unit or ''}".strip()
        return f"{shown} ({fact.conflict}; model: {wrote})"
    return f"{shown} ({fact.conflict})" if fact.verdict == "unsupported" else shown


def _rows(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [
            " " * (width - _width(cell)) + cell if place == 1 else cell + " " * (width - _width(cell))
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield ("  " + "  ".join(cells)).rstrip()


def _findings(disclosure: Disclosure) -> Iterator[str]:
    found = disclosure.findings
    yield ""
    yield f"Findings ({len(found)})" if found else "Findings: none"
    for finding in found:
        where = f"  [{_place(disclosure, *(place.start for place in finding.places))}]" if finding.places else ""
        yield f"  {finding.severity:<8}  {finding.rule}  {finding.message}{where}"


def _place(disclosure: Disclosure, *offsets: int) -> str:
    """Return where offsets stand: the pages where the format has pages, else the lines."""
    document = disclosure.original
    numbers = [document.page(offset) or document.line(offset) for offset in offsets]
    return f"{'page' if document.pages else 'line'} {', '.join(map(str, dict.fromkeys(numbers)))}"


def _summary(disclosure: Disclosure) -> Iterator[str]:
    covered = disclosure.coverage
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in disclosure.verdicts().most_common())
    yield f"Facts     {len(disclosure.facts)}: {verdicts or 'none'}"
    yield f"Coverage  {covered.share:.1%}: {covered.explained} numbers explained, {len(covered.unread)} not understood, {len(covered.aside)} set aside"
    for unread in covered.unread[:8]:
        yield f"          not understood: {unread.text} at {_place(disclosure, unread.start)}"
    if len(covered.unread) > 8:
        yield f"          and {len(covered.unread) - 8} more (all in --format json)"
    for reason, sections in disclosure.failures().items():
        yield f"Model     {reason}: {', '.join(section.title or 'opening text' for section in sections)}"
    if disclosure.model is None:
        yield "Model     none: read by rules alone"
        return
    reached: dict[str, list[str]] = {}
    for section in disclosure.sections:
        if BUDGET_REACHED in section.model:
            reached.setdefault(section.model, []).append(section.title or "opening text")
    for told, titles in reached.items():
        yield f"Model     {told}: {', '.join(titles)}"
    spared = sum(EXPLAINED in section.model for section in disclosure.sections)
    if spared:
        yield f"Model     not asked about {spared} of {len(disclosure.sections)} sections: the rules explain their numbers"
    yield f"Model     {disclosure.model}: {cost_line(disclosure.usage, disclosure.prices)}"
    purposes = Counter(entry.purpose for entry in disclosure.ledger)
    if set(purposes) - {"read"}:
        yield f"          requests: {', '.join(f'{count} {purpose}' for purpose, count in purposes.items())}"


def cost_line(usage: Usage, prices: Prices | None) -> str:
    """Return calls, tokens and money in words: what came from the endpoint's prompt cache, and the day of a list price, where known."""
    cached = f" ({usage.cached_tokens:,} of the prompts' cached)" if usage.cached_tokens else ""
    cost = usage.cost(prices)
    if cost is None or prices is None:
        told = "unknown (no price given)" if prices is None else "unknown (the endpoint did not report all tokens)"
    else:
        told = f"{cost:.4f} {prices.currency}" + (f" (list price of {prices.date})" if prices.date else "")
    return f"{usage.calls} calls, {usage.prompt_tokens:,} + {usage.completion_tokens:,} tokens{cached}, cost {told}"


def _clip(text: str, columns: int) -> str:
    text = " ".join(text.split())
    if _width(text) <= columns:
        return text
    while _width(text) > columns - 1:
        text = text[:-1]
    return text + "…"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
