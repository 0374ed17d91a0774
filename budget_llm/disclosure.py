"""The result: what a disclosure says, checked, with its place, its findings and what was not read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from budget_llm.coverage import Coverage
from budget_llm.document import Document
from budget_llm.facts import Fact, Finding
from budget_llm.usage import BUDGET_REACHED, LIMIT_REACHED, Entry, Prices, Usage

if TYPE_CHECKING:
    from budget_llm.schemas import Duties, Expenditure, Income, Organisation, Performance


EXPLAINED = "not asked: the rules explain its numbers"


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What the document is and where it came from.

    `kind` is budget, final_accounts or performance_self_evaluation (None where the text does not tell),
    `organisation` the body that the title names, `sha256` the digest of the file's bytes, `format` what kind of
    file it is; `pages` is None where the format has none.
    """

    kind: str | None
    year: int | None
    organisation: str | None
    source: str | None
    sha256: str
    encoding: str
    characters: int
    format: str
    pages: int | None


@dataclass(frozen=True, slots=True)
class SectionReading:
    """A section and what became of it: `rule` is read or skipped; `model` is read, read after re-ask,
    failed: reason, not sent: reason, or not asked where no model was configured."""

    index: int
    title: str
    start: int
    end: int
    level: int
    topic: str
    line: int
    rule: str
    model: str


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One disclosure, read and cross-checked.

    `facts` are in the order of the text, those without a place last; the five schemas hold the same facts
    by item. `original` is the document as read, into whose text every offset points. `model` names the model that read it, None for rules alone, `prompts` the version of each prompt it was asked with. `ledger` tells what each request to it cost, `usage` their sum. `incomplete` tells that some
    section that was to be read by the model was not.
    """

    document: DocumentInfo
    duties: Duties
    organisation: Organisation
    income: Income
    expenditure: Expenditure
    performance: Performance
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    coverage: Coverage
    sections: tuple[SectionReading, ...]
    usage: Usage
    ledger: tuple[Entry, ...]
    model: str | None
    prompts: dict[str, int]
    prices: Prices | None
    contact: dict[str, str | None] | None
    original: Document

    @property
    def cost(self) -> Decimal | None:
        """The money that the model cost, or None where no price is known."""
        return self.usage.cost(self.prices)

    @property
    def failed_sections(self) -> tuple[SectionReading, ...]:
        """The sections that the model was asked about in vain."""
        return tuple(s for s in self.sections if s.model.startswith("failed"))

    def failures(self) -> dict[str, list[SectionReading]]:
        """Return the sections that the model was asked about in vain, by the reason."""
        found: dict[str, list[SectionReading]] = {}
        for section in self.failed_sections:
            found.setdefault(section.model, []).append(section)
        return found

    @property
    def incomplete(self) -> bool:
        """Whether some section that the model was to read was not read by it."""
        bounds = (LIMIT_REACHED, BUDGET_REACHED)
        return bool(self.failed_sections) or any(bound in s.model for s in self.sections for bound in bounds)

    def verdicts(self) -> Counter[str]:
        """Return how many facts have each verdict."""
        return Counter(f.verdict for f in self.facts)

    def to_dict(self) -> dict[str, Any]:
        """Return the public contract as plain values (decimals as strings), ready for JSON."""
        from budget_llm.export import to_dict

        return to_dict(self)

    def to_json(self, indent: int | None = 1) -> str:
        """Return the public contract as JSON text."""
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def __str__(self) -> str:
        from budget_llm.report import table

        return table(self)

    def __repr__(self) -> str:
        info = self.document
        verdicts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(self.verdicts().items()))
        name = " ".join(str(part) for part in (info.organisation, info.year, info.kind) if part) or "unknown document"
        return (
            f"<Disclosure {name}: {len(self.facts)} facts ({verdicts or 'none'}), "
            f"{len(self.findings)} findings, coverage {self.coverage.share:.1%}>"
        )
