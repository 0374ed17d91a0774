"""The reading of a section's mentions in order, each to a fact or to nothing.

"比2023年减少357.15万元" says nothing of what it is said; that stands before. A `Reader` joins the grammar of
a mention with what is in mind (`Memory`) and answers only where label, kind and unit agree on one concept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from budget_llm.facts import Fact, Measure
from budget_llm.lexicon import words
from budget_llm.quantities import POINT_UNITS, numeral
from budget_llm.rules.clauses import Mention
from budget_llm.rules.counts import count_subject, stock_period
from budget_llm.rules.funds import scope_of
from budget_llm.rules.labels import Subject
from budget_llm.rules.leads import Lead, basis_of, is_generic, read_lead
from budget_llm.rules.memory import Memory
from budget_llm.rules.told_results import tells_goals
from budget_llm.sections import Section

# Where a count in Chinese numerals is part of a story (一辆旧车停用).
_OF_MONEY = frozenset({"income", "expenditure", "fiscal_appropriation", "three_public", "operating", "procurement"})
_INVOLVED = re.compile(r"涉及[^;]{0,12}[0-9]+[个项][、,][^;、,]{0,24}$")
_SHARED_OUT = re.compile(r"分别[^,;]{0,40}$")
# What is a source of money in a list of income, and an amount that goals cover elsewhere.
_OF_SOURCES = frozenset({"其他资金", "单位资金"})
_COUNTED = ("assets.vehicles", "assets.equipment", "organisation.", "staff.", "performance.projects", "evaluation.")


@dataclass(slots=True)
class Reader:
    """Reads one section's mentions in order; `read` returns a fact or None where nothing is certain."""

    section: Section
    year: int | None
    stage: str
    three_public_scope: str
    overall_scope: str = "department"
    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        self.memory = Memory(self.section, is_budget=self.stage == "budget")

    def read(self, mention: Mention) -> Fact | None:
        """Return the fact that a mention states, or None where its words do not tell."""
        self.memory.enter(mention)
        quantity = mention.quantity
        lead = read_lead(mention.lead, quantity.is_percent, mention.is_phrase, mention.before)
        if (lead.unclear and quantity.value != 0) or (lead.signed and quantity.value > 0):
            return None
        if mention.is_phrase:
            return self._unchanged(mention, lead)
        if quantity.is_money or quantity.is_percent or (quantity.unit is None and self._is_bare_money(mention, lead)):
            return self._money(mention, lead)
        if quantity.unit is None or (numeral(quantity.text) is not None and self.section.topic in _OF_MONEY):
            return None
        return self._count(mention, lead)

    def _is_bare_money(self, mention: Mention, lead: Lead) -> bool:
        """Whether a number without a unit is money: in a list whose numbers have one (物业管理费14.72、), or 费为0."""
        if self.memory.unit is None:
            return False
        if "." in mention.quantity.text:
            return True
        names = bool(lead.label) and (lead.stage is not None or not is_generic(lead.label))
        return mention.quantity.value == 0 and names

    # Money, shares and rates

    def _money(self, mention: Mention, lead: Lead) -> Fact | None:
        quantity, memory = mention.quantity, self.memory
        if quantity.unit in POINT_UNITS:  # what changed by points is a share or a rate, which the words seldom tell
            return None
        if (
            lead.kind == "rate"
            and lead.base
            and "执行率" in lead.base
            and (is_generic(lead.label) or lead.label in words().adverbs)
        ):
            return self._execution(mention, lead)
        subject, own = memory.subject(mention, lead)
        if not own and _SHARED_OUT.search(mention.before) and not memory.queue:  # whose each is, the words do not say
            return None
        if subject is None or subject.concept.startswith(_COUNTED) or (quantity.is_percent and lead.kind == "amount"):
            if own and lead.kind == "amount" and not quantity.is_percent:
                memory.forget()
            return None
        covered = memory.last is not None and memory.last.concept == "performance.covered_amount"
        covered = covered or (lead.kind == "amount" and _INVOLVED.search(mention.before) is not None)
        if covered and self.section.topic == "performance" and subject.concept.startswith("income."):
            subject = replace(subject, concept="performance.covered_amount")
        if subject.label in _OF_SOURCES and memory.last is not None and memory.last.concept.startswith("income."):
            subject = replace(subject, concept="income.other")
        if lead.kind == "rate" and lead.whole and subject.concept == "performance.project_budget":
            return self._execution(mention, lead)
        unit = quantity.unit or memory.unit
        fact = self._fact(mention, lead, subject, lead.kind, quantity.value * lead.sign)
        if quantity.is_money:
            memory.unit = unit
        if lead.stage and not lead.is_base and not self._is_of_other_year(lead):
            memory.stage = lead.stage
        if (own or not mention.aside) and (own or not lead.is_base) and not mention.lead.startswith("占"):
            memory.remember(subject, lead, aside=mention.aside)
        return replace(fact, unit=unit)

    def _execution(self, mention: Mention, lead: Lead) -> Fact:
        """Return the rate at which a budget was spent, of the body or of a project."""
        fact = self._fact(
            mention, lead, Subject("evaluation.execution_rate", "预算执行率"), "rate", mention.quantity.value
        )
        return replace(fact, scope=None, stage=None, basis=None)

    def _unchanged(self, mention: Mention, lead: Lead) -> Fact | None:
        """Return the change of 0 that a phrase states; only where a comparison stands before it."""
        if lead.base is None and self.memory.base is None:
            return None
        subject, _ = self.memory.subject(mention, lead)
        if subject is None or (mention.aside and subject.concept.startswith(_COUNTED)):  # 原因是某用车费用不变
            return None
        self.memory.remember(subject, lead)
        fact = self._fact(mention, lead, subject, "change", mention.quantity.value)
        if subject.concept.startswith(_COUNTED):
            return replace(fact, unit="个", stage=None)
        return replace(fact, unit=self.memory.unit or "万元")

    def _fact(self, mention: Mention, lead: Lead, subject: Subject, measure: Measure, value: Decimal) -> Fact:
        quantity, memory = mention.quantity, self.memory
        if lead.base is not None and not lead.is_base:
            memory.base = lead.base
        compares = measure in ("change", "rate")
        named = lead.base if measure == "rate" and lead.base is not None else memory.base
        return Fact(
            concept=subject.concept,
            label=subject.label,
            measure=measure,
            value=value,
            unit=quantity.unit,
            start=quantity.start,
            end=quantity.end,
            text=quantity.text,
            section=self.section.index,
            scope=scope_of(mention, subject, memory, self.three_public_scope, self.overall_scope),
            split=subject.split,
            period=self._period(mention, lead, subject, measure),
            stage=self._stage(lead, subject, compares),
            code=subject.code,
            also=_also(subject),
            basis=basis_of(named) if compares else None,
            whole=lead.whole,
        )

    def _stage(self, lead: Lead, subject: Subject, compares: bool) -> str | None:
        """The stage of an amount is its own or the last one's; a change belongs to what is not the initial budget."""
        if subject.concept.startswith("assets."):
            return None
        if compares:
            return self.memory.stage if self.memory.stage not in (None, "budget") else self.stage
        if lead.label == "支出" and self.stage == "final":
            return "final"
        if lead.year and lead.stage is None:
            return self.stage
        return lead.stage or self.memory.stage or self.stage

    def _is_of_other_year(self, lead: Lead) -> bool:
        """Whether an amount is that of another year, which says nothing of the stage of what is compared with it."""
        return lead.year is not None and lead.year != self.year

    def _period(self, mention: Mention, lead: Lead, subject: Subject, measure: Measure) -> int | str | None:
        if subject.concept.startswith("assets."):
            return stock_period(mention, subject, self.year)
        if measure != "amount":
            return self.year
        if lead.prior and self.year is not None:
            return self.year - 1
        if lead.year and not lead.is_base:  # 2023年“三公”经费12万元，其中：… are all of 2023
            self.memory.year = lead.year
        return lead.year or self.memory.year or self.year

    # Things and people

    def _count(self, mention: Mention, lead: Lead) -> Fact | None:
        counted = count_subject(mention, lead, self.section.topic, self.memory.counted, self.stage)
        if counted is None or (counted[0].concept == "other" and tells_goals(self.section)):
            return None
        subject, stage = counted
        quantity = mention.quantity
        measure: Measure = "change" if lead.kind == "change" else "count"
        if subject.concept == "evaluation.score":
            measure = "score"
        if subject.concept.startswith("staff.") and measure == "change":
            subject = replace(subject, concept="staff.change")
        if not mention.aside:
            self.memory.counted = subject
        return Fact(
            concept=subject.concept,
            label=subject.label,
            measure=measure,
            value=quantity.value * lead.sign,
            unit=quantity.unit,
            start=quantity.start,
            end=quantity.end,
            text=quantity.text,
            section=self.section.index,
            period=stock_period(mention, subject, self.year),
            stage=stage,
        )


def _also(subject: Subject) -> tuple[str, ...]:
    """One number for both totals: 收、支总计, 收支总预算."""
    if subject.concept == "income.total" and re.search(r"收、?支|收入、?支出|收入总计、支出", subject.label):
        return ("expenditure.total",)
    return ()
