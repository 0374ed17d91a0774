"""What the model's filled schemas say, one claim per number, before anything is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from budget_llm.facts import Measure
from budget_llm.lexicon import words
from budget_llm.normal_form import normalise
from budget_llm.quantities import YUAN, find_numeral_counts, find_quantities
from budget_llm.schemas import (
    Change,
    Count,
    Expenditure,
    Filled,
    Income,
    Indicator,
    MoneyItem,
    Organisation,
    Performance,
)

_YEAR_BEHIND, _YEAR = re.compile(r"\s?年"), re.compile(r"(?:19|20)[0-9]{2}\s?年度?")
_FROM_NUMBER = re.compile(r"[0-9０-９].*", re.DOTALL)
# 少1.2万元, 比上年多了3万元: by themselves words of no direction (至少, 多项).
_LESS_OR_MORE = re.compile(r"(?:^|[比较年]|预算|决算|数)(?P<word>少|多)(?:了|出)?$")


@dataclass(frozen=True, slots=True)
class Claim:
    """One number as the model gives it: its reading of the words, and the quote that is to be found.

    `value` is None where the quote holds no number that could be parsed. `stage` "default" stands for the
    stage of the document; `scope`, `code`, `basis` are None where the model said nothing. `part` is the list of the
    reply that it stands in: each is in the order of the text.
    """

    concept: str
    label: str
    measure: Measure
    quote: str
    value: Decimal | None
    unit: str | None
    scope: str | None = None
    code: str | None = None
    stage: str | None = "default"
    basis: str | None = None
    year: int | str | None = None
    written: str = ""
    near: str = ""
    operator: str | None = None
    project: str | None = None
    core: bool | None = None
    part: str = "items"

    @property
    def is_money(self) -> bool:
        """Whether the unit is one of currency."""
        return self.unit in YUAN


def claims_of(filled: Filled) -> Iterator[Claim]:
    """Yield the claims of a filled schema in its order; schemas without numbers yield none."""
    if isinstance(filled, (Income, Expenditure, Performance)):
        for item in filled.items:
            yield from _money(item)
    if isinstance(filled, (Income, Expenditure, Organisation, Performance)):
        for count in filled.counts:
            yield replace(_count(count), part="counts")
    if isinstance(filled, Performance):
        for indicator in filled.indicators:
            yield from _indicator(indicator)
        yield from _whole(filled)


def _whole(filled: Performance) -> Iterator[Claim]:
    if filled.score:
        claim = _claim("evaluation.score", "自评得分", "score", filled.score, stage=None, default_unit="分")
        yield replace(claim, part="score")
    if filled.execution_rate:
        claim = _claim("evaluation.execution_rate", "执行率", "rate", filled.execution_rate, stage=None)
        yield replace(claim, part="execution rate")


def _money(item: MoneyItem) -> Iterator[Claim]:
    about = {"scope": item.scope, "code": item.code, "near": item.amount or ""}
    if item.budget:
        yield _claim(item.concept, item.label, "amount", item.budget, stage="budget", **about)
    if item.adjusted:
        yield _claim(item.concept, item.label, "amount", item.adjusted, stage="adjusted_budget", **about)
    if item.amount:
        yield _claim(item.concept, item.label, "amount", item.amount, year=item.year, **(about | {"near": ""}))
    if item.share:
        yield _claim(item.concept, item.label, "share", item.share, **about)
    if item.completion:
        yield _claim(item.concept, item.label, "rate", item.completion, **about)
    for change in item.changes:
        yield from _change(item.concept, item.label, change, about)


def _change(concept: str, label: str, change: Change, about: dict[str, str | None]) -> Iterator[Claim]:
    if change.amount:
        yield _claim(concept, label, "change", change.amount, basis=change.base, **about)
    if change.rate:
        yield _claim(concept, label, "rate", change.rate, basis=change.base, **about)


def _count(count: Count) -> Claim:
    turned = _is_unchanged(count.count) or _turn(count.count) != 0
    measure: Measure = "change" if count.concept == "staff.change" or turned else "count"
    staged = count.concept in (
        "assets.vehicles_planned",
        "performance.projects",
        "three_public.trips",
        "three_public.travellers",
    )
    return _claim(
        count.concept,
        count.label,
        measure,
        count.count,
        year=count.as_of,
        stage="default" if staged else None,
    )


_INDICATOR_PARTS: tuple[tuple[str, Measure, str | None], ...] = (
    ("target", "target", None),
    ("actual", "count", None),
    ("weight", "weight", "分"),
    ("score", "score", "分"),
    ("rate", "rate", "%"),
)


def _indicator(indicator: Indicator) -> Iterator[Claim]:
    for part, measure, unit in _INDICATOR_PARTS:
        quote = getattr(indicator, part)
        if quote:
            claim = _claim(f"indicator.{part}", indicator.name, measure, quote, stage=None, default_unit=unit)
            yield replace(
                claim,
                measure=_measure_of_actual(claim) if part == "actual" else measure,
                part="indicators",
                operator=indicator.operator,
                project=indicator.project,
                core=indicator.core,
            )


def _measure_of_actual(claim: Claim) -> Measure:
    """Return what an indicator reached: a rate, money, or a count."""
    return "rate" if claim.unit == "%" else "amount" if claim.is_money else "count"


def _claim(
    concept: str, label: str, measure: Measure, quote: str, *, scope: str | None = None, code: str | None = None,
    stage: str | None = "default", basis: str | None = None, year: int | str | None = None,
    near: str | None = "", default_unit: str | None = None,
) -> Claim:  # fmt: skip
    """Parse a quote: the number in it, its unit, and the sign that its words give."""
    quantities = [q for q in find_quantities(quote) if not _YEAR_BEHIND.match(quote, q.end)]  # 与2022年度持平
    quantities = quantities or find_numeral_counts(quote, 0, len(quote))
    sign = -1 if measure in ("change", "rate") and _turn(quote) < 0 else 1
    if quantities:
        number = quantities[0]
        return Claim(
            concept, label, measure, quote, number.value * sign, number.unit or default_unit, scope, code, stage, basis, year,
            number.text, near or "",
        )  # fmt: skip
    if _is_unchanged(quote):
        return Claim(
            concept,
            label,
            measure,
            quote,
            Decimal(0),
            None,
            scope,
            code,
            stage,
            basis,
            year,
            _phrase(quote),
            near or "",
        )
    return Claim(concept, label, measure, quote, None, None, scope, code, stage, basis, year, quote, near or "")


def _turn(quote: str) -> int:
    """Return the direction that the words before a quoted number give: -1 down, 1 up, 0 none."""
    plain = normalise(_FROM_NUMBER.sub("", _YEAR.sub("", quote)))
    if turned := _LESS_OR_MORE.search(plain):
        return -1 if turned["word"] == "少" else 1
    if any(word in plain for word in words().down):
        return 0 if "-" in plain else -1
    return 1 if any(word in plain for word in words().up) else 0


def _is_unchanged(quote: str) -> bool:
    return any(phrase in normalise(quote) for phrase in words().same)


def _phrase(quote: str) -> str:
    return next((phrase for phrase in words().same if phrase in quote), quote)
