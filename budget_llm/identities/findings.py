"""A failed check as a finding: how bad, in words that a budget officer understands, with its places and suspects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from budget_llm.document import Document
from budget_llm.facts import Fact, Fault, Finding, Language, Place, Severity
from budget_llm.identities.check import QUOTIENTS, Check, exponent
from budget_llm.identities.words import WORDS
from budget_llm.ordered import end_of, start_of

_MOST_NAMED, _LONGEST_TITLE = 3, 40


def finding_of(document: Document, rule: str, check: Check, suspects: Sequence[Fact]) -> Finding:
    """Return the finding for a check that misses, with the numbers that are likely at fault."""
    words, english = WORDS[rule]
    if check.found.table is not None and (title := document.tables[check.found.table].title):
        title = "".join(title.split())[:_LONGEST_TITLE]
        words, english = f"{words}（{title}）", f"{english} ({title})"
    return finding_at(lambda fact: place_of(document, fact), rule, (words, english), check, suspects)


def finding_at(
    place: Callable[[Fact], Place], rule: str, words: tuple[str, str], check: Check, suspects: Sequence[Fact]
) -> Finding:  # fmt: skip
    """Return the finding for a check whose operands stand where `place` tells, told in the words of its rule."""
    expected = written(check)
    severity: Severity = "rounding" if check.holds else "error"
    if severity == "error" and (check.is_slight or (check.may_be_partial and check.difference > 0)):
        severity = "warning"
    message, english = _message(place, words, check, expected, severity, suspects)
    return Finding(
        rule=rule, severity=severity, message=message, numbers=tuple(str(f.value) for f in check.operands),
        expected=str(expected), found=str(check.found.value), difference=str(check.found.value - expected),
        places=tuple(map(place, check.operands)),
        suspects=tuple(map(place, suspects)), english=english, fault=_fault(suspects or check.operands),
    )  # fmt: skip


def _fault(suspects: Sequence[Fact]) -> Fault:
    """Return whose the error is: the model's where it alone reads the numbers in doubt so, else the document's."""
    return "model" if all(fact.readers == ("model",) for fact in suspects) else "document"


def place_of(document: Document, fact: Fact) -> Place:
    """Return where a fact stands."""
    start = start_of(fact)
    return Place(start, end_of(fact), document.line(start), fact.text, name_of(fact), page=document.page(start))


def name_of(fact: Fact) -> str:
    """Return what a number is called: its label, else its code; a number whose row has neither is called that."""
    return fact.label or fact.code or "（无名称）"


def written(check: Check) -> Decimal:
    """Return what is expected with as many decimals as a person would write."""
    if check.form in QUOTIENTS:
        return check.expected.quantize(Decimal(1).scaleb(min(exponent(check.found.value), -2)))
    finest = min(exponent(fact.value) for fact in check.operands)
    plain = check.expected.quantize(Decimal(1).scaleb(finest))
    if exponent(check.expected) < finest and plain == check.expected:  # 100.5000 of a table in 元 is 100.50 in 万元
        return plain
    if exponent(check.expected) < finest - 4:  # 元 told in 万元 may take four digits more
        return check.expected.quantize(Decimal(1).scaleb(finest - 4))
    return check.expected


def _message(
    place: Callable[[Fact], Place], of_rule: tuple[str, str], check: Check, expected: Decimal, severity: Severity, suspects: Sequence[Fact]
) -> tuple[str, str]:  # fmt: skip
    """Return the message in Chinese and in English."""
    words, english = of_rule
    found, unit, name = check.found, check.found.unit or "", name_of(check.found)
    difference = found.value - expected
    if check.detail[0]:
        told, also = f"{words}：{check.detail[0]}", f"{english}: {check.detail[1]}"
    elif check.form == "order":
        told = f"{words}：{name} {found.value:f}{unit} 大于 {expected:f}{unit}"
        also = f"{english}: {name} {found.value:f}{unit} is more than {expected:f}{unit}"
    else:
        told = f"{words}：{name}应为 {expected:f}{unit}，原文为 {found.value:f}{unit}，相差 {difference:f}{unit}"
        also = f"{english}: {name} should be {expected:f}{unit}, the document says {found.value:f}{unit}, off by {difference:f}{unit}"
    if severity == "rounding":
        return f"{told}（末位舍入）", f"{also} (rounding in the last digit)"
    if check.may_be_partial and severity == "warning":
        told, also = f"{told}（“其中”之后可能未列全）", f"{also} (the list behind 其中 may not be full)"
    if 0 < len(suspects) <= _MOST_NAMED and len(suspects) < len(check.operands):
        told += "；最可能有误：" + "、".join(_named(place(fact), fact, "zh") for fact in suspects)
        also += "; likeliest at fault: " + ", ".join(_named(place(fact), fact, "en") for fact in suspects)
    return told, also


def _named(place: Place, fact: Fact, language: Language) -> str:
    where = f"{place.document} " if place.document else ""
    told = f"{where}{place.told(language)}"
    return f"{name_of(fact)} {fact.value:f}{fact.unit or ''}" + (f" ({told})" if language == "en" else f"（{told}）")
