"""Whether the words of the source bear out what a claim says beside its number: the year, the money, the stage, the kind.

What a reply commits itself to must be told where the number stands: in its sentence, its paragraph or its headings. Where
the rules read the same number, their reading decides; these words decide where the model read alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from budget_llm.claims import Claim
from budget_llm.document import Document
from budget_llm.lexicon import wordings, words
from budget_llm.locate import Located
from budget_llm.normal_form import normalise
from budget_llm.scopes import heading_scope
from budget_llm.sections import Section

_SENTENCE = re.compile(r"[。；;]|\n\s*\n|(?<=[:：|\t])\n")
_PARAGRAPH = 400
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=年|-|—|\.|$)|上年|去年|上一年|前年")
# 与2023年相比, 较2023年, 比上年: the year that a change is measured from, not the one that an amount is of.
_COMPARED = re.compile(
    r"(?:与|同|和|较|比|对比|相比)[^,，。；;0-9]{0,4}(?:(?:19|20)[0-9]{2}年度?|上年度?|去年|上一年度?)[^,，。；;0-9]{0,12}"
)
_CARRIED = re.compile(r"上年(?:度)?(?=末?(?:结转|结余|滚存)|财政拨款结转|初)|(?:19|20)[0-9]{2}年?(?=结转|结余)")
_BUDGETED = re.compile("预算")
_SPENT = re.compile("决算|执行数|支出数|实际|完成|执行")
_GROUPS = ("income", "expenditure", "three_public", "operating", "procurement")


def contradiction(document: Document, section: Section, claim: Claim, place: Located, year: int | None) -> str | None:
    """Return what of a claim the source's words contradict at its place: a kind of mistake, or None."""
    if claim.concept.startswith(("indicator.", "evaluation.")):
        return None
    text = document.text
    before = text[max(section.start, place.start - _PARAGRAPH) : place.start]
    behind = text[place.end : min(section.end, place.end + _PARAGRAPH)]
    sentence = normalise(_SENTENCE.split(before)[-1])
    if _is_another_kind(claim):
        return "wrong item"
    if _is_of_another_year(claim, normalise(before), sentence, section, year):
        return "wrong year"
    if claim.scope is not None and not _is_named(claim, sentence + normalise(_SENTENCE.split(behind)[0]), section):
        return "wrong scope"
    return "wrong stage" if _is_at_another_stage(document, claim, place, sentence) else None


def _is_another_kind(claim: Claim) -> bool:
    """Whether a claim's label is the name of something else than what the claim says it is."""
    label, concept = normalise(claim.label), claim.concept
    if not concept.startswith(tuple(f"{group}." for group in _GROUPS)) or concept in _OF_ANY_NAME:
        return False
    received, spent = "收" in label, "支" in label
    if received != spent and not ("拨款" in label or "资金" in label):
        if concept.startswith("income.") and spent and "收支" not in label:
            return True
        if concept.startswith("expenditure.") and received:
            return True
    known = wordings(*_GROUPS).equal(label) or wordings(*_GROUPS).find(label)
    if known is None or known.concept in (concept, "other"):
        return False
    return not _may_be(known.concept, concept, label)


def _may_be(known: str, stated: str, label: str) -> bool:
    """Whether one name may stand for two kinds: a whole and this year's part of it, what a fund gives and what is spent of it."""
    (topic, kind), (other_topic, other_kind) = known.split("."), stated.split(".")
    if topic == other_topic or {topic, other_topic} == {"income", "expenditure"}:
        both = topic == other_topic or ("收" in label) == ("支" in label)
        wholes = {kind, other_kind} <= _WHOLES
        of_fund = other_kind in _WHOLES and kind in _OF_FUNDS
        return both and (wholes or of_fund)
    return False


_WHOLES = {"total", "current_year", "fiscal_appropriation"}
_OF_FUNDS = {"general_public_budget", "government_fund", "state_capital"}
_OF_ANY_NAME = {"expenditure.function", "expenditure.economic", "operating.item"}


def _is_of_another_year(claim: Claim, before: str, sentence: str, section: Section, year: int | None) -> bool:
    """Whether a stated year is not told before the number, or another one is told directly before it."""
    if year is None or claim.measure not in ("amount", "count"):
        return False
    if claim.year is not None and str(claim.year)[:4] != str(year):
        told = f"{_COMPARED.sub('', before)}。{sentence}。{normalise(''.join(section.path))}"
        return int(str(claim.year)[:4]) not in _years(told, year)
    own = re.split(r"[,，。；;:：(（]|[0-9](?:亿|万|千)?元", _CARRIED.sub("", sentence))[-1]
    if claim.measure != "amount" or claim.year is not None or claim.concept == "income.carryover":
        return False  # 去年剩下: what is carried over is this year's
    if any(word in own for word in (*words().up, *words().down)):
        return False
    named = _years(own, year)
    return bool(named) and year not in named


def _years(told: str, year: int) -> list[int]:
    relative = {"上年": year - 1, "去年": year - 1, "上一年": year - 1, "前年": year - 2}
    return [relative.get(word) or int(word) for word in _YEAR.findall(told)]


_FUND_WORDS = {
    "general_public_budget": re.compile("一般公共预算|公共财政"),
    "government_fund": re.compile("政府性基金|基金预算"),
    "state_capital": re.compile("国有资本"),
    "fiscal": re.compile("财政(?!专户)"),
    "department": re.compile("部门|单位|总|全部|综合|本级"),
}


def _is_named(claim: Claim, sentence: str, section: Section) -> bool:
    """Whether the money that a claim names is named in the sentence of its number, in its label or in the headings above it."""
    pattern = _FUND_WORDS[claim.scope or "department"]
    told = (normalise(claim.label), sentence, *map(normalise, section.path))
    return heading_scope(section) == claim.scope or any(pattern.search(words_) for words_ in told)


def _is_at_another_stage(document: Document, claim: Claim, place: Located, sentence: str) -> bool:
    """Whether the words at an amount say that it was spent where the claim says budgeted, or the other way.

    In a document about what was spent, a budgeted amount is told as such: in its clause or in the head of its column.
    """
    if claim.measure != "amount" or claim.year is not None or claim.stage is None:
        return False
    head = _head_of(document, place.start)
    own = head or re.split(r"[,，、:：]", re.sub(r".*[0-9]", "", sentence))[-1] + normalise(claim.label)
    budgeted, spent = _BUDGETED.search(own) is not None, _SPENT.search(own) is not None
    if claim.stage in ("budget", "adjusted_budget"):
        return not budgeted
    return claim.stage == "final" and budgeted and not spent


def _head_of(document: Document, start: int) -> str:
    """Return the words above a number in a table; "" in prose."""
    number = bisect_right(document.tables, start, key=lambda table: table.start) - 1
    if number < 0 or start >= document.tables[number].end:
        return ""
    cell = next((cell for cell in document.tables[number].cells if cell.start <= start < cell.end), None)
    return normalise("".join(cell.header)) if cell is not None else ""
