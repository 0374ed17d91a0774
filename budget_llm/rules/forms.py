"""What a table is, from its title and the headings above it: its kind, side, fund, and whether it is of basic expenditure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from budget_llm.lexicon import Wordings, table_words, wordings
from budget_llm.normal_form import normalise
from budget_llm.rules.columns import Column
from budget_llm.scopes import named_fund
from budget_llm.sections import Section
from budget_llm.tables import Table

# All of a table's money is spent on projects: 一般公共预算项目支出预算表.
_PROJECTS = re.compile(r"项目支出(?:预算|决算|明细)?表")


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of published table: `kind` is statement, three_public, procurement, services (bought ones), projects, funds or
    indicators.

    `side` is income or expenditure (None where it holds both or does not tell), `scope` the fund that its
    title names, `is_basic`, `is_project`, `is_economic` and `is_operating` what its rows are of, `is_wider` that its total holds
    meetings and training beside the three public expenses.
    """

    kind: str
    side: str | None
    scope: str
    is_basic: bool
    is_project: bool
    is_economic: bool
    is_operating: bool
    is_wider: bool


def form_of(table: Table, section: Section, columns: Sequence[Column], three_public_scope: str) -> Form:
    """Return what a table is; headings count where the table has no title of its own."""
    title = normalise(table.title or "") or normalise(section.title)
    heads = list(dict.fromkeys(words for c in columns for words in (c.words, normalise(c.path[-1]) if c.path else "")))
    kind = _kind(title, heads, coded=any(column.role == "code" for column in columns))
    default = three_public_scope if kind == "three_public" else "department"
    kinds = table_words("kinds")
    scope = named_fund(title) or (named_fund(normalise("".join(section.path))) if not table.title else None) or default
    return Form(
        kind,
        side=_side(title),
        scope=scope,
        is_basic=_tells(kinds["basic"], title),
        is_project=_PROJECTS.search(title) is not None,
        is_operating=_tells(kinds["operating"], title) and kind == "statement",
        is_wider=kind == "three_public" and _tells(table_words("marks")["wider"], *heads),
        is_economic=_tells(kinds["economic"], title) or (_tells(kinds["basic"], title) and "功能" not in title),
    )


_SCORED = re.compile("得分|分值|权重")


def _kind(title: str, heads: Sequence[str], *, coded: bool) -> str:
    kinds, marks = table_words("kinds"), table_words("marks")
    if _tells(marks["indicators"], *heads):
        return "indicators"
    # the funds of a self-evaluation: what was planned, what was spent, what that scores
    is_executed = _tells(marks["executed"], *heads) and _tells(marks["planned"], *heads)
    if is_executed and not (coded and not _tells(_SCORED, *heads)):
        return "funds"
    if _tells(kinds["three_public"], title) or len(_items(wordings("three_public"), heads)) >= 2:
        return "three_public"
    if _tells(kinds["procurement"], title):
        return "procurement"
    if _tells(kinds["services"], title):
        return "services"
    named = not coded or any("项目名称" in head for head in heads)
    if _tells(kinds["projects"], title) and not re.search("基本|总表", title) and named:
        return "projects"
    return "statement"


def _tells(pattern: re.Pattern[str], *words: str) -> bool:
    return any(pattern.search(word) for word in words)


def _items(known: Wordings, heads: Sequence[str]) -> set[str]:
    """Return which of the three public expenses, their total aside, headers name."""
    matches = (known.equal(head) for head in heads)
    return {m.concept for m in matches if m and m.concept not in ("three_public.total", "other")}


def _side(title: str) -> str | None:
    income, expenditure = "收入" in title, "支出" in title
    if "收支" in title or income == expenditure:
        return None
    return "income" if income else "expenditure"
