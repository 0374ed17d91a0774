"""The reading of a section's mentions in order: labels that carry over, scopes, bases, facts.

"比2023年减少357.15万元" says nothing of what it is said; that stands before. A `Reader` keeps what a
reader of the page would keep in mind: the last thing named, the first of the sentence before, the
comparison that a clause announced, the fund that is spoken of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from budget_llm.concepts import Wordings, normalise, topic_wordings, words
from budget_llm.facts import Fact, Measure
from budget_llm.rules.clauses import Mention
from budget_llm.rules.counts import count_subject, stock_period
from budget_llm.rules.labels import Subject, resolve
from budget_llm.rules.leads import (
    Lead,
    basis_of,
    is_generic,
    opens_comparison,
    read_lead,
    strip_label,
)
from budget_llm.scopes import default_scope, heading_scope, named_fund
from budget_llm.sections import Section

_FUNCTION_TOPICS = frozenset({"income", "expenditure", "fiscal_appropriation", "other", "performance"})
_FUND_TOPICS = frozenset({"fiscal_appropriation", "three_public", "operating", "procurement", "performance"})
_FUNDED = frozenset(
    {
        "income.general_public_budget",
        "income.government_fund",
        "income.state_capital",
        "expenditure.total",
        "income.total",
    }
)


@dataclass(slots=True)
class _State:
    """What is in mind: per paragraph and per sentence."""

    paragraph: int = -1
    sentence: int = -1
    last: Subject | None = None
    in_aside: Subject | None = None
    main: Subject | None = None
    base: str | None = None
    stage: str | None = None
    scope: str | None = None
    unit: str | None = None


@dataclass(slots=True)
class Reader:
    """Reads one section's mentions in order; `read` returns a fact or None where nothing is certain."""

    section: Section
    year: int | None
    stage: str
    three_public_scope: str
    overall_scope: str = "department"
    _state: _State = field(default_factory=_State)

    def read(self, mention: Mention) -> Fact | None:
        """Return the fact that a mention states, or None where its words do not tell."""
        self._enter(mention)
        quantity = mention.quantity
        lead = read_lead(mention.lead, quantity.is_percent, mention.is_phrase, mention.before)
        if lead.unclear and quantity.value != 0:
            return None
        if mention.is_phrase:
            return self._unchanged(mention, lead)
        if quantity.is_money or quantity.is_percent or (quantity.unit is None and self._in_money_list(mention)):
            return self._money(mention, lead)
        return self._count(mention, lead) if quantity.unit is not None else None

    # What is in mind

    def _enter(self, mention: Mention) -> None:
        state = self._state
        if mention.paragraph != state.paragraph:
            self._state = _State(mention.paragraph, mention.number, scope=state.scope, unit=state.unit)
        elif mention.number != state.sentence:
            state.sentence, state.base, state.stage = mention.number, None, None
            state.last, state.in_aside = state.main, None
        for clause in mention.earlier:
            base = opens_comparison(clause)
            if base is not None:
                self._state.base = base

    def _in_money_list(self, mention: Mention) -> bool:
        """Whether a number without a unit stands in a list whose numbers have one: "物业管理费14.72、"."""
        return (
            self._state.unit is not None
            and mention.quantity.unit_end == mention.quantity.end
            and "." in mention.quantity.text
        )

    def _table(self) -> Wordings:
        return topic_wordings(self.section.topic)

    def _resolve(self, label: str, *, whole: bool = True) -> Subject | None:
        return resolve(label, self._table(), functions=self.section.topic in _FUNCTION_TOPICS, whole=whole)

    def _subject(self, mention: Mention, lead: Lead) -> tuple[Subject | None, bool]:
        """Return what the number is said of, and whether its own label says so."""
        if lead.label and not is_generic(lead.label):
            found = self._resolve(self._own_label(mention, lead), whole=True)
            if found or not self._says_nothing(lead.label):
                return found, True
        if mention.aside:
            return self._state.in_aside, False
        return self._carried(mention, lead), False

    def _own_label(self, mention: Mention, lead: Lead) -> str:
        """The label with what `strip_label` would take from its start, where a code may stand."""
        at = mention.lead.find(lead.label)
        return mention.lead[: at + len(lead.label)] if at > 0 and lead.base is None else lead.label

    def _says_nothing(self, label: str) -> bool:
        """Whether a label without a wording is only an adverbial ("按规定") and may be passed over."""
        return label in words().adverbs

    def _carried(self, mention: Mention, lead: Lead) -> Subject | None:
        """Return the subject named before: in a clause without numbers, the last one, the heading."""
        for clause in reversed(mention.earlier):
            if _says_none(clause, mention) or opens_comparison(clause) is not None:
                continue
            found = self._resolve(read_lead(clause, is_phrase=True).label)
            if found and not is_generic(strip_label(clause)):
                return found
        if self._state.last:
            return self._state.last
        opening = self._resolve(mention.opening) if mention.opening else None
        if opening:
            return opening
        heading = self._resolve(normalise(self.section.title)) if self.section.title else None
        if heading and heading.concept.endswith(".total"):
            return heading
        exact = self._table().equal(strip_label(lead.label)) if lead.label else None
        return Subject(exact.concept, exact.label) if exact else heading

    # Money, shares and rates

    def _money(self, mention: Mention, lead: Lead) -> Fact | None:
        if lead.kind == "rate" and lead.base and "执行率" in lead.base:
            execution = Subject("evaluation.execution_rate", "预算执行率")
            return replace(
                self._fact(mention, lead, execution, "rate", mention.quantity.value),
                scope=None,
                stage=None,
                basis=None,
            )
        subject, own = self._subject(mention, lead)
        if subject is None or (subject.concept.startswith("assets.") and subject.concept != "assets.fixed_total"):
            return None
        quantity = mention.quantity
        if quantity.is_percent and lead.kind == "amount":
            return None
        covered = self._state.last is not None and self._state.last.concept == "performance.covered_amount"
        if covered and self.section.topic == "performance" and subject.concept.startswith("income."):
            subject = replace(subject, concept="performance.covered_amount")
        unit = quantity.unit or self._state.unit
        fact = self._fact(mention, lead, subject, _measure(lead.kind), quantity.value * lead.sign)
        if quantity.is_money:
            self._state.unit = unit
        if lead.stage and not lead.is_base:
            self._state.stage = lead.stage
        if (own or not mention.aside) and not lead.is_base:
            self._remember(subject, lead, aside=mention.aside)
        return replace(fact, unit=unit)

    def _remember(self, subject: Subject, lead: Lead, *, aside: bool = False) -> None:
        state = self._state
        if aside:
            state.in_aside = subject
            return
        if state.main is None or (lead.kind == "amount" and state.last is None):
            state.main = subject
        state.last = subject

    def _unchanged(self, mention: Mention, lead: Lead) -> Fact | None:
        """Return the change of 0 that a phrase states; only where a comparison stands before it."""
        if lead.base is None and self._state.base is None:
            return None
        subject, _ = self._subject(mention, lead)
        if subject is None:
            return None
        self._remember(subject, lead)
        fact = self._fact(mention, lead, subject, "change", mention.quantity.value)
        counted = subject.concept.startswith(("organisation.", "staff.", "assets."))
        return replace(fact, unit="个", stage=None) if counted else replace(fact, unit=self._state.unit or "万元")

    def _fact(self, mention: Mention, lead: Lead, subject: Subject, measure: Measure, value: object) -> Fact:
        quantity, state = mention.quantity, self._state
        if lead.base is not None and not lead.is_base:
            state.base = lead.base
        compares = measure in ("change", "rate")
        rated = measure == "rate" and lead.base is not None
        concept, stage = subject.concept, lead.stage or state.stage or self.stage
        if compares:
            stage = state.stage if state.stage not in (None, "budget") else self.stage
        period = stock_period(mention, subject, self.year) if concept.startswith("assets.") else self.year
        if measure == "amount" and lead.year:
            period = lead.year if not concept.startswith("assets.") else period
        return Fact(
            concept=concept, label=subject.label, measure=measure, value=value, unit=quantity.unit,  # type: ignore[arg-type]
            start=quantity.start, end=quantity.end, text=quantity.text, section=self.section.index,
            scope=self._scope(mention, subject), split=subject.split, period=period,
            stage=None if concept.startswith("assets.") else stage, code=subject.code, also=_also(subject),
            basis=basis_of(lead.base if rated else state.base) if compares else None, whole=lead.whole,
        )  # fmt: skip

    def _scope(self, mention: Mention, subject: Subject) -> str | None:
        topic = self.section.topic
        if subject.concept.startswith(("assets.", "staff.", "organisation.")):
            return None
        if topic == "procurement" or subject.concept.startswith("performance."):
            own = named_fund(mention.lead) or self._sentence_fund(mention)
            return own or heading_scope(self.section) or "department"
        if topic in ("three_public", "operating"):
            own = self._sentence_fund(mention) or heading_scope(self.section)
            self._state.scope = own or self._state.scope
            return self._state.scope or (self.three_public_scope if topic == "three_public" else "department")
        if topic == "performance":
            return self.overall_scope
        return self._statement_scope(mention, subject)

    def _sentence_fund(self, mention: Mention) -> str | None:
        """Return the fund that the sentence names before the number (the last one named)."""
        clauses = re.split(r"[,;:]", mention.before)
        for clause in reversed(clauses):
            fund = named_fund(clause)
            if fund:
                return fund
        return None

    def _statement_scope(self, mention: Mention, subject: Subject) -> str | None:
        """Return the scope of the statement that a number belongs to; a component takes its statement's."""
        heading = heading_scope(self.section)
        if self.section.topic in ("income", "expenditure", "other") and heading is None:
            named = named_fund(mention.before) if subject.concept in ("expenditure.total", "income.total") else None
            if named and self.section.topic != "income":
                self._state.scope = named
                return named
            return default_scope(self.section.topic)
        if heading and heading != "fiscal":
            return heading
        fund = named_fund(normalise(subject.label)) if subject.concept in _FUNDED else None
        if heading is None and fund and fund != "fiscal":
            self._state.scope = fund
        return heading or self._state.scope or default_scope(self.section.topic)

    # Things and people

    def _count(self, mention: Mention, lead: Lead) -> Fact | None:
        counted = count_subject(mention, lead, self.section.topic, self._state.last, self.stage)
        if counted is None:
            return None
        subject, stage = counted
        quantity = mention.quantity
        measure: Measure = "change" if lead.kind == "change" else "count"
        if subject.concept == "evaluation.score":
            measure = "score"
        if subject.concept.startswith("staff.") and measure == "change":
            subject = replace(subject, concept="staff.change")
        if not mention.aside:
            self._remember(subject, lead)
        return Fact(
            concept=subject.concept, label=subject.label, measure=measure, value=quantity.value * lead.sign, unit=quantity.unit,
            start=quantity.start, end=quantity.end, text=quantity.text, section=self.section.index,
            period=stock_period(mention, subject, self.year), stage=stage,
        )  # fmt: skip


def _says_none(clause: str, mention: Mention) -> bool:
    """Whether a clause names something that the number is not said of: what is absent, what it all consists of."""
    absent = re.search(r"^[^费款]{0,6}(?:无|未|没有|零)", clause) is not None and not mention.is_phrase
    return absent or re.match(r"(?:全部|均|全)为", clause) is not None


def _measure(kind: str) -> Measure:
    return kind  # type: ignore[return-value]


def _also(subject: Subject) -> tuple[str, ...]:
    """One number for both totals: 收、支总计, 收支总预算."""
    if subject.concept == "income.total" and re.search(r"收、?支|收入、?支出|收入总计、支出", subject.label):
        return ("expenditure.total",)
    return ()
