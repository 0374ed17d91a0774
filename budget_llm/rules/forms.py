"""What a table is, from its title and the headings above it: its kind, side, fund, and whether it is of basic expenditure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from budget_llm.concepts import Wordings, normalise, wordings
from budget_llm.rules.columns import Column
from budget_llm.scopes import named_fund
from budget_llm.sections import Section
from budget_llm.tables import Table


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of published table: `kind` is statement, three_public, procurement, projects, funds or indicators.

    `side` is income or expenditure (None where it holds both or does not tell), `scope` the fund that its
    title names, `is_basic`, `is_economic` and `is_operating` what its rows are of, `is_wider` that its total holds
    meetings and training beside the three public expenses.
    """

    kind: str
    side: str | None
    scope: str
    is_basic: bool
    is_economic: bool
    is_operating: bool
    is_wider: bool


_INDICATORS = re.compile(r"指标名称|[一二三]级指标|指标值|指标性质|^指标$")
_PROJECTS = re.compile(r"项目(?:支出|预算|资金|经费|明细|情况|绩效)|重点项目|专项")
# The funds of a self-evaluation: what was planned, what was spent, what that scores.
_PLANNED, _EXECUTED = re.compile(r"年初预算|全年预算|调整预算"), re.compile(r"执行率|得分")


def form_of(table: Table, section: Section, columns: Sequence[Column], three_public_scope: str) -> Form:
    """Return what a table is; headings count where the table has no title of its own."""
    title = normalise(table.title or "") or normalise(section.title)
    heads = list(dict.fromkeys(words for c in columns for words in (c.words, normalise(c.path[-1]) if c.path else "")))
    kind = _kind(title, heads, coded=any(column.role == "code" for column in columns))
    default = three_public_scope if kind == "three_public" else "department"
    scope = named_fund(title) or (named_fund(normalise("".join(section.path))) if not table.title else None) or default
    return Form(
        kind,
        side=_side(title),
        scope=scope,
        is_basic="基本支出" in title,
        is_operating=re.search(r"(?:机关|机构)?运行经费", title) is not None and kind == "statement",
        is_wider=kind == "three_public" and any(re.search("会议费|培训费", head) for head in heads),
        is_economic="经济" in title or ("基本支出" in title and "功能" not in title),
    )


def _kind(title: str, heads: Sequence[str], *, coded: bool) -> str:
    if any(_INDICATORS.search(head) for head in heads):
        return "indicators"
    if any(_EXECUTED.search(head) for head in heads) and any(_PLANNED.search(head) for head in heads):
        return "funds"
    known = wordings("three_public")
    if "三公" in title or len(_items(known, heads)) >= 2:
        return "three_public"
    if "采购" in title:
        return "procurement"
    if (
        _PROJECTS.search(title)
        and not re.search("基本|总表", title)
        and (not coded or any("项目名称" in h for h in heads))
    ):
        return "projects"
    return "statement"


def _items(known: Wordings, heads: Sequence[str]) -> set[str]:
    """Return which of the three public expenses, their total aside, headers name."""
    matches = (known.equal(head) for head in heads)
    return {m.concept for m in matches if m and m.concept not in ("three_public.total", "other")}


def _side(title: str) -> str | None:
    income, expenditure = "收入" in title, "支出" in title
    if "收支" in title or income == expenditure:
        return None
    return "income" if income else "expenditure"
