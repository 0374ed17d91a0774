"""Whose money a number of the prose is: the fund of its clause, sentence, statement or heading."""

from __future__ import annotations

import re

from budget_llm.normal_form import normalise
from budget_llm.rules.clauses import Mention
from budget_llm.rules.labels import Subject
from budget_llm.rules.memory import Memory
from budget_llm.scopes import default_scope, heading_scope, named_fund, names_several

_FUNDED = frozenset(
    {
        "income.general_public_budget",
        "income.government_fund",
        "income.state_capital",
        "expenditure.total",
        "income.total",
    }
)
# A number in a list belongs to the statement that the list is of.
_LISTED = re.compile(r"包括|其中|来源|(?:收入|支出)(?:预算|决算)?中|^\(?[0-9一二三四五六七八九十]{1,2}[).、]")
# 一般公共预算拨款安排的支出中，农林水支出5万元: the whole that the sentence is about.
_OUT_OF = re.compile(
    r"(?:一般公共预算|公共财政预算|政府性基金|国有资本经营|财政拨款)(?:预算)?(?:当年)?(?:财政)?(?:拨款|资金)?(?:安排)?的?支出中[,:]"
)
# 用事业收入列支公务接待费3万元: no money of the treasury.
_OWN_MONEY = re.compile(r"(?:事业收入|经营收入|自有资金|单位资金|非财政拨款)(?:列支|安排|支付|负担|承担)")
_OF_NOBODY = ("assets.", "staff.", "organisation.")


def scope_of(mention: Mention, subject: Subject, memory: Memory, three_public: str, overall: str) -> str | None:
    """Return the scope of an amount.

    `three_public` is the scope of the three public expenses where nothing nearer names one, `overall` that
    of the spending which a self-evaluation is about.
    """
    kind, section = subject.concept.split(".")[0], memory.section
    if subject.concept.startswith(_OF_NOBODY):
        return None
    if kind in ("procurement", "performance") or section.topic == "procurement":
        own = named_fund(mention.lead) or sentence_fund(mention)
        return own or heading_scope(section) or "department"
    if kind in ("three_public", "operating") or section.topic in ("three_public", "operating"):
        if _OWN_MONEY.search(mention.lead):
            return "department"
        default = three_public if "three_public" in (kind, section.topic) else "department"
        return _kept(memory, kind, sentence_fund(mention) or heading_scope(section), mention) or default
    if section.topic == "performance":
        return overall
    return _statement_scope(mention, subject, memory)


def sentence_fund(mention: Mention) -> str | None:
    """Return the fund that the sentence names before the number (the last one named)."""
    for clause in reversed(re.split(r"[,;:]", mention.before)):
        fund = named_fund(clause)
        if fund:
            return fund
    return None


def _statement_scope(mention: Mention, subject: Subject, memory: Memory) -> str | None:
    """Return the scope of the statement that a number belongs to; a component takes its statement's."""
    section = memory.section
    heading = heading_scope(section)
    listed = _LISTED.search(mention.before) is not None
    total = subject.concept in ("expenditure.total", "income.total")
    if subject.concept.startswith("expenditure.") and (out_of := _OUT_OF.search(_sentence(mention))):
        return named_fund(out_of.group())
    if section.topic in ("income", "expenditure") and heading is None:
        named = named_fund(mention.before) if total else None
        return named if named and section.topic != "income" else default_scope(section.topic)
    if section.topic == "other" and heading is None:
        named = named_fund(mention.before) or "department" if total else None
        if subject.concept in _FUNDED and memory.main is None and not listed:  # it opens a statement of its own
            named = named_fund(normalise(subject.label)) or named
        return _kept(memory, "statement", named, mention) or default_scope(section.topic)
    if heading and heading != "fiscal":
        return heading
    if names_several(normalise(section.title)) and (own := sentence_fund(mention)) not in (None, "fiscal"):
        return own
    fund = named_fund(normalise(subject.label)) if subject.concept in (*_FUNDED, "expenditure.basic") else None
    opens = (memory.main is None or _starts_anew(mention, fund)) and not listed
    kept = _kept(memory, "statement", fund if opens or (heading is None and fund != "fiscal") else None, mention)
    return kept or heading or default_scope(section.topic)


def _sentence(mention: Mention) -> str:
    """Return the sentence up to the number, lists parted by semicolons included."""
    return mention.context.rpartition("。")[2]


def _starts_anew(mention: Mention, fund: str | None) -> bool:
    """Whether a sentence behind a full stop opens with the spending of another fund (…。政府性基金支出20万元)."""
    first = mention.before == mention.lead and mention.context[: -len(mention.before) or None].endswith("。")
    return first and fund in ("government_fund", "state_capital")


def _kept(memory: Memory, kind: str, named: str | None, mention: Mention) -> str | None:
    """Return the fund named here, else the one named last for this kind of money; a fund of 0 has no parts to come."""
    if named and mention.quantity.value != 0:
        memory.scopes[kind] = named
    return named or memory.scopes.get(kind)
