"""Whose money: the scope that a heading, a sentence or the glossary names."""

from __future__ import annotations

import re

from budget_llm.lexicon import topics
from budget_llm.normal_form import normalise
from budget_llm.sections import Section

_FUNDS = (
    ("general_public_budget", re.compile(r"一般公共预算|公共财政预算")),
    ("government_fund", re.compile(r"政府性基金")),
    ("state_capital", re.compile(r"国有资本经营")),
)
_FISCAL = re.compile(r"财政拨款|财政资金|财政性资金")
_THREE_PUBLIC_TERM = re.compile(r"三公[”\"]?\s*经费[^\n]{0,12}?[：:，]?\s*(?:是?指|纳入)[^\n。]{0,60}")


def named_fund(words: str) -> str | None:
    """Return the scope of the one fund that normalised words name; `fiscal` for 财政拨款 alone; None otherwise."""
    named = [scope for scope, pattern in _FUNDS if pattern.search(words)]
    if len(named) == 1:
        return named[0]
    return "fiscal" if not named and _FISCAL.search(words) else None


def names_several(words: str) -> bool:
    """Whether normalised words name more than one fund."""
    return sum(pattern.search(words) is not None for _, pattern in _FUNDS) > 1


def heading_scope(section: Section) -> str | None:
    """Return the scope that the nearest heading of a section's path names, or None.

    财政拨款 below a heading of one fund (一般公共预算财政拨款) means that fund.
    """
    named = [scope for title in reversed(section.path) if (scope := named_fund(normalise(title)))]
    return next((scope for scope in named if scope != "fiscal"), "fiscal") if named else None


def glossary_scope(text: str) -> str | None:
    """Return the scope that the glossary's definition of the three public expenses names, or None."""
    found = _THREE_PUBLIC_TERM.search(text)
    return named_fund(normalise(found.group())) if found else None


def default_scope(topic: str) -> str | None:
    """Return the scope that a topic's money has where nothing names one."""
    return topics()[topic].scope
