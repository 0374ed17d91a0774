"""Results that prose tells of several indicators: one item per sentence or half sentence, its name first.

某某率目标值≥95%，实际完成96%，完成率101%，得4分；… gives each number the item named last before it. What a
number is, its own words say; a bare number behind a name is what was reached only where the sentence scores it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile
from typing import Literal

from budget_llm.facts import Fact, Measure
from budget_llm.lexicon import of_lexicon, words
from budget_llm.normal_form import normalise
from budget_llm.rules.clauses import Mention, mentions
from budget_llm.rules.indicator_values import OPERATORS
from budget_llm.rules.leads import strip_label
from budget_llm.sections import Section

Role = Literal["target", "weight", "score", "rate", "actual", "deduction"]

_OF_RESULTS = re.compile(r"绩效|自评|评价|评分|得分|履职|效益|满意度|产出|完成情况|指标")
_OF_GOALS = re.compile(r"目标(?:设[置定]|申报|编制|管理)?(?:情况)?$")
_SIGNS = "|".join(sorted((re.escape(sign) for sign in OPERATORS if sign != "定性"), key=len, reverse=True))
_TARGET = re.compile(
    rf"(?P<word>控制在|(?:目标|指标|计划|预期|设定|设置)(?:值|数)?)?(?:为|是|设定为|达到)?:?(?P<sign>{_SIGNS})?$"
)
# 绩效目标明确性:设定值“明确”,…: the item that a sentence opens with, before what is told of it.
_OPENING = re.compile(
    r"^(?P<name>[^,;:。]{2,40}):(?=(?:年度|年初|全年|预期)?(?:设定|设置|目标|指标|计划|完成|实际|预期|分值|权重|满分|标准分|得分|自评))"
)
_AIMED = re.compile(rf"(?:未达到?|未完成|达到|低于|高于|超过|超出|完成)了?(?:年初|年度)?(?P<sign>{_SIGNS})?$")
_AIM_BEHIND = re.compile(r"以?[上内]?的?(?:年度|年初|全年|预期|绩效){0,2}(?:目标|指标值|计划)")
_OR_MORE = re.compile(r"(?:\([含]\))?[及含]?以上")
_WITHIN = re.compile(r"(?:/[\u4e00-\u9fff]{1,4}?)?(?:以内|之内|内$)")
_WEIGHT = re.compile(r"(?:分值|权重|(?<!得)满分|标准分)(?:共|为|是)?:?$")
_SCORE = re.compile(r"(?:得满分|得分|评分|得|计|分别得|各得|均得)(?:为|是)?:?$")
_DEDUCTED = re.compile(r"扣(?:减|除|分|了)?$")
_WHOLE = re.compile(r"(?:自评|综合|总|平均|评价|最终|合计|整体|总体|评定)(?:得分|评分|得|计)(?:为|是)?:?$")
# Behind the weight of an item, its own: “投入”一级指标分值20分,自评得分19.5分.
_OWN_SCORE = re.compile(r"(?:自评|实际|评价)(?:得分|得)(?:为|是)?:?")
_WHOLE_WEIGHT = 100
_RATE = re.compile(r"^[)(]?(?:指标)?(?:完成率|得分率)(?:为|达到?|是)?$")
_REACHED = re.compile(r"^(?:年末|年底|全年|当年)?(?:(?:实际|已)[\u4e00-\u9fff]{0,6}|完成(?:值|数|情况)[为是]?:?)$")
_LINK = re.compile(r"(?:仅|只)?(?:达到了?|达|为|是|提高到|提升到|提高至|提升至|上升到|保持在|稳定在|有)$")
_RATIO = re.compile(r"(?:率|满意度|知晓度)$")
_NO_RESULT = re.compile(r"预算|支出|资金|执行|结转|控制率|经费|采购|收入|增长|公用|得分率|^完成率")
_AHEAD = re.compile(r"目标(?!完成|实现|达成)|力争|确保|计划|预期|预计|要求|不低于|不少于|以上")
_BEFORE_NAME = re.compile(
    r"^(?:[)）、,]|其中:?|截[至止]年末|全年|年度|当年|年末|我局|均|都|已|该项?|各项?|其|计划|分别|超过|未达到?|低于|高于|按|指标(?!值))+"
)
_KIND_OF_NAME = re.compile(r"(?<=[率度数量额])指标$")
_PER = re.compile(r"/[\u4e00-\u9fff]{1,4}?(?=以内|之内|以下|以上|内|[^\u4e00-\u9fff]|$)")


@dataclass(slots=True)
class _Sentence:
    """What a sentence has told so far: the items named, the unit of the last target, how many scores were shared out.

    `heading` is the item that the heading on the same line names, `weighted` whether the weight of an item was told.
    """

    heading: str | None = None
    names: list[str] = field(default_factory=list)
    unit: str | None = None
    shared: int = 0
    weighted: bool = False


def tells_goals(section: Section) -> bool:
    """Whether a section tells what is to be reached, not what was."""
    return any(_OF_GOALS.search(normalise(title)) for title in section.path)


def tells_results(section: Section, *, self_evaluation: bool) -> bool:
    """Whether a section tells what indicators reached: any of a self-evaluation, elsewhere one whose headings say so."""
    if tells_goals(section) or section.topic in ("duties", "glossary", "organisation"):
        return False
    return self_evaluation or any(_OF_RESULTS.search(title) for title in section.path)


def read_results(
    text: str, section: Section, tables: Sequence[tuple[int, int]], known: Collection[str], year: int | None
) -> Iterator[Fact]:
    """Yield what a section tells of indicators; `known` are the names of those that tables list."""
    listed = {_core(name) for name in known}
    told = mentions(text, section.body, section.end, tables)
    is_item = section.title and not text[section.body : section.end].startswith(("\n", "\r"))
    heading = _name(normalise(section.title)) if is_item else None
    for _, group in groupby((m for m in told if not m.is_phrase), key=lambda m: m.number):
        sentence = list(group)
        state = _Sentence(heading)
        scored = any(_role(m, state)[0] in ("score", "target", "deduction") for m in sentence)
        for mention in sentence:
            fact = _read(text, mention, state, listed, scored, section, year)
            if fact is not None:
                yield fact


def _read(
    text: str, mention: Mention, state: _Sentence, listed: set[str], scored: bool, section: Section, year: int | None
) -> Fact | None:
    quantity = mention.quantity
    role, head, sign = _role(mention, state)
    own = _name(head)
    if own:
        state.names.append(own)
    if role is None and quantity.unit is not None and own:
        role = _bare(mention, own, listed, scored)
    if role is None:
        return None
    label = "扣分" if role == "deduction" else _label(mention, role, own, state)
    if label is None:
        return None
    if role == "target":
        state.unit = quantity.unit
    state.weighted = state.weighted or (role == "weight" and quantity.value < _WHOLE_WEIGHT)
    concept, measure = _concept(role, mention)
    per = _PER.match(text, quantity.unit_end) if quantity.is_money else None
    return Fact(
        concept=concept, label=label, measure=measure, value=quantity.value, unit=(quantity.unit or "") + (per.group() if per else ""),
        start=quantity.start, end=quantity.end, text=quantity.text, section=section.index, period=year,
        operator=sign if role == "target" else None,
    )  # fmt: skip


def _role(mention: Mention, state: _Sentence) -> tuple[Role | None, str, str | None]:
    """Return what a number is by the words around it, the words that may name its item, and a target's operator."""
    lead, trail, unit = mention.lead, mention.trail, mention.quantity.unit
    if unit is None:
        return None, "", None
    if unit == "分":
        if (state.shared and lead in ("和", "、", "及")) or (state.weighted and _OWN_SCORE.fullmatch(lead)):
            return "score", "", None
        return _role_of_points(lead, trail)
    if _RATE.search(lead) and mention.quantity.is_percent:
        return "rate", "", None
    if _REACHED.match(lead):
        return ("actual" if state.unit == unit else None), "", None
    aim = _AIMED.search(lead) if _AIM_BEHIND.match(trail) else None
    if aim:
        return "target", lead[: aim.start()], OPERATORS.get(aim["sign"] or "", "=")
    target = _TARGET.search(lead)
    if target and (target["word"] or target["sign"]):
        if target["word"] == "控制在" and not (_WITHIN.match(trail) or target["sign"]):
            return None, lead, None
        if mention.quantity.is_money and target["word"] == "计划" and not target["sign"]:  # 政府采购计划50万元
            return None, lead, None
        bound = "≤" if _WITHIN.match(trail) or target["word"] == "控制在" else "≥" if _OR_MORE.match(trail) else "="
        return "target", lead[: target.start()], OPERATORS.get(target["sign"] or "", bound)
    return None, lead, None


def _role_of_points(lead: str, trail: str) -> tuple[Role | None, str, str | None]:
    """Return what a number of points is: a weight, a score, a deduction."""
    weight = _WEIGHT.search(lead)
    if weight or trail.startswith("权重"):
        return "weight", lead[: weight.start()] if weight else "", None
    if lead.endswith("(") and trail.startswith(")"):
        return "weight", lead[:-1], None
    if _DEDUCTED.search(lead):
        return "deduction", "", None
    score = _SCORE.search(lead)
    if score:
        head = lead[: score.start()]
        if _WHOLE.search(lead):
            return None, "", None
        return "score", "" if head.endswith(("扣分后", ")")) else head, None
    if _group().fullmatch(strip_label(lead)):
        return "score", lead, None
    return None, "", None


@of_lexicon
def _group() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(map(re.escape, words().indicator_groups)) + ")(?:指标)?")


def _bare(mention: Mention, own: str, listed: set[str], scored: bool) -> Role | None:
    """Return "actual" where a number behind a name alone is what an indicator reached."""
    quantity = mention.quantity
    if quantity.is_money or _NO_RESULT.search(own) or mention.aside:
        return None
    if scored or _core(own) in listed:
        return "actual"
    ahead = _AHEAD.search(mention.before) or _AHEAD.match(mention.trail)
    return "actual" if quantity.is_percent and _RATIO.search(own) and not ahead else None


def _name(head: str) -> str | None:
    """Return the name of an item in the words before a number, without verbs and what stands around it."""
    plain = _BEFORE_NAME.sub("", strip_label(_BEFORE_NAME.sub("", head)))
    plain = _KIND_OF_NAME.sub("", strip_label(_LINK.sub("", plain)))
    return plain if re.search(r"[\u4e00-\u9fff]{2}", plain) else None


def _label(mention: Mention, role: Role, own: str | None, state: _Sentence) -> str | None:
    """Return the item that a number is of: its own, the last named, of scores shared out the next, of all what they share."""
    if own:
        return own
    near = mention.before[-16:]
    if len(state.names) > 1 and re.search(r"分别|各|均", near):
        if "分别" in near or state.shared:
            state.shared += 1
            return state.names[state.shared - 1] if state.shared <= len(state.names) else None
        alike = takewhile(lambda ends: len(set(ends)) == 1, zip(*map(reversed, state.names), strict=False))
        ending = "".join(ends[0] for ends in alike)[::-1]
        return ending if len(ending) >= 2 else None
    if state.names:
        return state.names[-1]
    opening = _OPENING.match(mention.before)
    if opening or state.heading:
        return _name(opening["name"]) if opening else state.heading
    return _name(mention.earlier[-1]) if role == "score" and mention.earlier else None


def _concept(role: Role, mention: Mention) -> tuple[str, Measure]:
    """Return the concept and measure of a role."""
    if role == "deduction":
        return "other", "score"
    if role == "actual":
        quantity = mention.quantity
        return "indicator.actual", "rate" if quantity.is_percent else "amount" if quantity.is_money else "count"
    return f"indicator.{role}", role


def _core(name: str) -> str:
    """Return a name without what only says that it is counted (维修闸门数量: 维修闸门)."""
    plain = normalise(name)
    return re.sub(r"(?:[(][^()]{1,4}[)]|数量|总?数|个数|座数|台数|套数|场次|次数|人数|长度|面积)$", "", plain)
