"""Whether the words of the source bear out what a claim says beside its number: the year, the money, the stage, the kind.

What a reply commits itself to must be told where the number stands: in its sentence, its paragraph or its headings. Where
the rules read the same number, their reading decides; these words decide where the model read alone.
"""

from __future__ import annotations

import re

from budget_llm.claims import Claim
from budget_llm.document import Document
from budget_llm.lexicon import wordings
from budget_llm.locate import Located
from budget_llm.normal_form import normalise
from budget_llm.scopes import heading_scope, named_fund
from budget_llm.sections import Section

_SENTENCE = re.compile(r"[。；;]")
_PARAGRAPH = 400
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=年|-|—|\.|$)|上年|去年|上一年|前年")
# 与2023年相比, 较2023年, 比上年: the year that a change is measured from, not the one that an amount is of.
_COMPARED = re.compile(r"(?:与|同|和|较|比|对比|相比)[^,，。；;0-9]{0,4}(?:(?:19|20)[0-9]{2}年度?|上年度?|去年|上一年度?)[^,，。；;0-9]{0,12}")
_CARRIED = re.compile(r"上年(?:度)?(?=末?(?:结转|结余|滚存)|财政拨款结转|初)|(?:19|20)[0-9]{2}年?(?=结转|结余)")
_BUDGETED = re.compile(r"年初预算|预算数|预算安排|预算为|调整预算|全年预算")
_SPENT = re.compile(r"决算|执行数|支出数|实际|完成|执行")
_GROUPS = ("income", "expenditure", "three_public", "operating", "procurement")
# Concepts of which one label may name either: the whole and this year's part, what is received and what is spent.
_OF_ONE_NAME = re.compile(r"\.(?:total|current_year|fiscal_appropriation|general_public_budget|government_fund|state_capital)$")


def contradiction(document: Document, section: Section, claim: Claim, place: Located, year: int | None) -> str | None:
    """Return what of a claim the source's words contradict at its place: a kind of mistake, or None."""
    if claim.concept.startswith(("indicator.", "evaluation.")):
        return None
    text = document.text
    before = normalise(text[max(section.start, place.start - _PARAGRAPH) : place.start])
    paragraph = normalise(text[max(section.start, place.start - _PARAGRAPH) : min(section.end, place.end + _PARAGRAPH // 4)])
    if _is_another_kind(claim):
        return "wrong item"
    if _is_of_another_year(claim, before, section, year):
        return "wrong year"
    if claim.scope is not None and not _is_named(claim.scope, claim, paragraph, section):
        return "wrong scope"
    return "wrong stage" if _is_at_another_stage(claim, _SENTENCE.split(before)[-1]) else None


def _is_another_kind(claim: Claim) -> bool:
    """Whether a claim's label is, as a whole, the name of something else than what the claim says it is."""
    known = wordings(*_GROUPS).equal(normalise(claim.label))
    if known is None or "other" in (known.concept, claim.concept) or known.concept == claim.concept:
        return False
    return not (_OF_ONE_NAME.search(known.concept) and _OF_ONE_NAME.search(claim.concept))


def _is_of_another_year(claim: Claim, before: str, section: Section, year: int | None) -> bool:
    """Whether a stated year is not told before the number, or another one is told directly before it."""
    if year is None or claim.measure not in ("amount", "count"):
        return False
    told = _COMPARED.sub("", _CARRIED.sub("", before))
    if claim.year is not None and str(claim.year)[:4] != str(year):
        wanted = int(str(claim.year)[:4])
        return wanted not in _years(told + "。" + normalise("".join(section.path)), year)
    own = re.split(r"[,，。；;:：(（]", told)[-1]
    named = _years(own, year)
    return claim.measure == "amount" and claim.year is None and bool(named) and year not in named


def _years(words: str, year: int) -> list[int]:
    relative = {"上年": year - 1, "去年": year - 1, "上一年": year - 1, "前年": year - 2}
    return [relative.get(word) or int(word) for word in _YEAR.findall(words)]


_FUND_WORDS = {
    "general_public_budget": re.compile("一般公共预算|公共财政"),
    "government_fund": re.compile("政府性基金|基金预算"),
    "state_capital": re.compile("国有资本"),
    "fiscal": re.compile("财政"),
    "department": re.compile("部门|单位|总|全部|综合|本级|其他|事业"),
}


def _is_named(scope: str, claim: Claim, paragraph: str, section: Section) -> bool:
    """Whether the money that a claim names is named around its number or in the headings above it."""
    if scope in (heading_scope(section), named_fund(normalise(claim.label))):
        return True
    pattern = _FUND_WORDS[scope]
    return pattern.search(paragraph) is not None or any(pattern.search(normalise(title)) for title in section.path)


def _is_at_another_stage(claim: Claim, sentence: str) -> bool:
    """Whether the words directly before an amount say that it was spent where the claim says budgeted, or the other way."""
    if claim.measure != "amount" or claim.year is not None:
        return False
    own = re.split(r"[,，、:：]|[0-9]", _COMPARED.sub("", sentence))[-1]
    budgeted, spent = _BUDGETED.search(own) is not None, _SPENT.search(own) is not None
    if claim.stage in ("budget", "adjusted_budget"):
        return spent and not budgeted
    return claim.stage == "final" and budgeted and not spent
