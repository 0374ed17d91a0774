"""The analysis of one indicator in prose: its target, what was reached, its rate, score and weight."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from budget_llm.asides import reason_aside
from budget_llm.facts import Fact, Measure
from budget_llm.normal_form import normalise
from budget_llm.quantities import Quantity, find_quantities
from budget_llm.rules.indicator_values import OPERATORS
from budget_llm.sections import Section

_HEADING = re.compile(
    r"(?:[（(]?[0-9一二三四五六七八九十]{1,3}[)）、.．]{1,2})?\s?(?P<name>[^，。：:]{2,40}?)(?:指标)?(?:完成|得分|自评)?(?:情况)?(?:的)?分析(?:[：:]|$)"
)
# What an indicator measures: only a heading that ends so is the heading of one.
_MEASURED = re.compile(
    r"(?:率|度|数|数量|次|场次|人数|个数|户|面积|里程|额|金额|量|成本|比例|比重|收入|产值|时效|质量|水平|情况)$"
)
_BESIDE = re.compile(r"(?P<thing>[\u4e00-\u9fff]{2,10}?)(?:中?有|共|共有|为|约|达)?$")
_BEHIND = re.compile(r"(?P<thing>[\u4e00-\u9fff]{2,6})")
_RATIO = re.compile(r"(?:率|度|比例|比重|占比)$")
_RATE = re.compile(r"得分率(?:为|是|达|达到)?$|得$")
_SCORE = re.compile(r"得分?(?:为|是)?$|自评(?:得分)?(?:为)?$")
_WEIGHT = re.compile(r"(?:权重|分值|满分)(?:为|是)?$")
_TARGET = re.compile(
    r"(?P<sign>"
    + "|".join(sorted(map(re.escape, OPERATORS), key=len, reverse=True))
    + r")$|(?:目标|目标值|指标值|计划)(?:为|是|值为)?$"
)
_CHANGE = re.compile(r"(?P<up>增加|增长|提高|多)了?$|(?P<down>减少|下降|降低|少)了?$")


def analysed(section: Section, names: Iterable[str]) -> str | None:
    """Return the indicator that a section's heading says it analyses: one of `names`, or what is measured; else None."""
    match = _HEADING.search(section.title) if section.topic in ("performance", "other") else None
    if match is None:
        return None
    name = "".join(match["name"].split())
    known = {normalise(n) for n in names}
    return name if normalise(name) in known or _MEASURED.search(name) else None


def read_analysis(text: str, section: Section, name: str, year: int | None) -> Iterator[Fact]:
    """Yield the facts of a section that analyses the indicator `name`; money is left to the other rules."""
    unit_of_target: str | None = None
    for quantity in find_quantities(text, section.body, section.end):
        if quantity.is_money or quantity.unit is None or reason_aside(text, quantity) is not None:
            continue
        before = normalise(text[max(section.body, quantity.start - 20) : quantity.start])
        behind = normalise(text[quantity.unit_end : quantity.unit_end + 6])
        concept, measure, operator, sign = _told(quantity, before, behind, name, unit_of_target)
        if concept == "indicator.target":
            unit_of_target = quantity.unit
        label = name if concept.startswith("indicator.") else _beside(before, behind) or name
        yield Fact(
            concept=concept, label=label, measure=measure, value=quantity.value * sign, unit=quantity.unit, start=quantity.start,
            end=quantity.end, text=quantity.text, section=section.index, period=year, operator=operator,
        )  # fmt: skip


def _beside(before: str, behind: str) -> str | None:
    """Return what a side number is of: the words behind it (14个文化站), else those before it (有效问卷500份)."""
    found = _BEHIND.match(behind) or _BESIDE.search(before)
    return found["thing"] if found else None


def _told(
    quantity: Quantity, before: str, behind: str, name: str, unit_of_target: str | None
) -> tuple[str, Measure, str | None, int]:
    """Return the concept, measure, operator and sign of a number of an analysis."""
    if quantity.unit == "分":
        return (
            ("indicator.weight", "weight", None, 1) if _WEIGHT.search(before) else ("indicator.score", "score", None, 1)
        )
    target = _TARGET.search(before)
    if target:
        return "indicator.target", "target", OPERATORS.get(target["sign"] or "", "="), 1
    change = _CHANGE.search(before)
    if quantity.is_percent:
        if behind.startswith(("权重分", "的权重分", "权重")) or (_RATE.search(before) and not before.endswith("取得")):
            return "indicator.rate", "rate", None, 1
        return ("other" if change else "indicator.actual"), "rate", None, -1 if change and change["down"] else 1
    fits = unit_of_target in (None, quantity.unit) and not _RATIO.search(name)
    concept = "indicator.actual" if fits else "other"
    return concept, "change" if change else "count", None, -1 if change and change["down"] else 1
