"""The values that flow through the library: facts, their readings, verdicts, findings, places.

A fact is one number that a disclosure states; its fields follow the public contract (the JSON keys of
the output). Amounts are exact decimals in the unit of the source, offsets are half open and point into
`Document.text`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

Measure = Literal["amount", "change", "rate", "share", "count", "score", "weight", "target"]
Verdict = Literal["confirmed", "model_only", "rule_only", "conflict", "unsupported"]
Severity = Literal["error", "warning", "rounding"]
Reader = Literal["model", "rule"]
Fault = Literal["document", "model"]
Language = Literal["zh", "en"]
"""The language of messages: Chinese as the documents are, or English."""

TRUSTED: frozenset[Verdict] = frozenset({"confirmed", "model_only", "rule_only"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One number that the document states about money, people, things or performance.

    `start` and `end` are None only for a number that the model wrote and the document does not hold
    (`verdict` "unsupported"). `also` names further concepts that the same number states (收、支总计),
    `whole` the words for what a share is taken of. `conflict` names the kind of difference between the
    readings (or what is wrong with a number that the source does not support; the words stand in `diagnosis`), `other` keeps the reading not followed.
    `supported` names the identities that hold with the number, `contradicted` those that fail (beyond rounding).
    `operator`, `project` and `core` are an indicator's. `table` is the number of the document's table that it
    stands in, None in prose. A qualitative target has no number: its `value` is NaN, its words are `text`.
    """

    concept: str
    label: str
    measure: Measure
    value: Decimal
    unit: str | None
    start: int | None
    end: int | None
    text: str
    section: int
    scope: str | None = None
    split: str | None = None
    period: int | str | None = None
    stage: str | None = None
    code: str | None = None
    basis: str | None = None
    page: int | None = None
    table: int | None = None
    also: tuple[str, ...] = ()
    whole: str | None = None
    operator: str | None = None
    project: str | None = None
    core: bool | None = None
    verdict: Verdict = "rule_only"
    readers: tuple[Reader, ...] = ("rule",)
    conflict: str | None = None
    other: Reading | None = None
    supported: tuple[str, ...] = ()
    contradicted: tuple[str, ...] = ()

    @property
    def trusted(self) -> bool:
        """Whether the verdict allows the number to be used without looking at the source."""
        return self.verdict in TRUSTED

    def with_verdict(self, verdict: Verdict, *readers: Reader) -> Fact:
        """Return this fact with a verdict and the readers behind it."""
        return replace(self, verdict=verdict, readers=readers)


@dataclass(frozen=True, slots=True)
class Reading:
    """The other side of a conflict: what the reader that was not followed wrote.

    `field` is its entry where the readings differ in a field other than the number (concept, label, scope, period, code, measure, stage).
    `supported` and `contradicted` name the identities that would hold, and fail, if it were followed.
    """

    reader: Reader
    concept: str
    value: Decimal
    unit: str | None
    text: str
    start: int | None = None
    end: int | None = None
    field: str | None = None
    supported: tuple[str, ...] = ()
    contradicted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an operand stands: offsets into the text, its 1-based line, the number as written, its label.

    `document` is the name of its source where a finding is about two documents, None where it is about one; `page` its
    1-based page where the format has pages.
    """

    start: int
    end: int
    line: int
    text: str
    label: str
    document: str | None = None
    page: int | None = None

    def told(self, language: Language = "zh") -> str:
        """Return where it is in words: its page where there are pages, else its line."""
        if language == "en":
            return f"line {self.line}" if self.page is None else f"page {self.page}"
        return f"第{self.line}行" if self.page is None else f"第{self.page}页"


@dataclass(frozen=True, slots=True)
class Finding:
    """A failed identity: which rule, how bad, in words, with its operands and where they stand.

    `numbers` are the operands (exact decimals in the source's unit, sign applied), `expected` what the
    identity asks for, `found` what the document states, `difference` = found - expected. `suspects` are the numbers
    whose correction would make the most identities hold, the likeliest first; () where none stands out from the
    operands. `fault` tells whose the error is: the document's, or the model's where only its word stands behind the
    numbers; None where it is nobody's (a page without text). `message` is in the language asked for, `english` the same
    in English.
    """

    rule: str
    severity: Severity
    message: str
    numbers: tuple[str, ...]
    expected: str | None
    found: str | None
    difference: str | None
    places: tuple[Place, ...]
    suspects: tuple[Place, ...] = ()
    english: str = ""
    fault: Fault | None = "document"

    def told_in(self, language: Language) -> Finding:
        """Return the finding with its message in a language."""
        return replace(self, message=self.english) if language == "en" and self.english else self


@dataclass(frozen=True, slots=True)
class Unread:
    """A number that no fact explains: where, and why (`reason` None: not understood)."""

    text: str
    start: int
    end: int
    reason: str | None
    is_money: bool = False
