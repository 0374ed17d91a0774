"""Small documents composed for the tests of the identities, and what the rules find in them."""

from __future__ import annotations

from budget_llm.document import Document
from budget_llm.extraction import extract
from budget_llm.facts import Finding

BUDGET = "某县水利局2024年部门预算\n"
FINAL = "某县水利局2023年度部门决算\n"
ABOUT = "一、基本情况\n某县水利局是县政府工作部门。\n\n"

Case = tuple[str, str, str, tuple[str, str], str]
"""What the case shows, the rule, a text in which it holds, (old, new) that makes one number wrong, found - expected."""


def tabbed(text: str) -> str:
    """Return a text with its tables as they are copied from a page: a space stands for a tab, _ for an empty cell."""
    return text.replace(" ", "\t").replace("_", "")


def budget(*parts: str) -> str:
    """Return a budget that consists of the given tables."""
    return tabbed(BUDGET + ABOUT + "\n".join(parts))


def final(*parts: str) -> str:
    """Return final accounts that consist of the given tables."""
    return tabbed(FINAL + ABOUT + "\n".join(parts))


def findings(text: str) -> tuple[Finding, ...]:
    """Return the findings of a text read by rules alone."""
    return extract(Document.from_text(text), "none").findings


def differences(rule: str, text: str, wrong: tuple[str, str]) -> list[tuple[str, str | None]]:
    """Return severity and difference of what a rule finds where one number of a text, which stands once, is replaced."""
    old, new = wrong if wrong[0] in text else map(tabbed, wrong)
    assert text.count(old) == 1
    return [(f.severity, f.difference) for f in findings(text.replace(old, new)) if f.rule == rule]
