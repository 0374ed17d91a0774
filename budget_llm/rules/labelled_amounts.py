"""Forms that write each amount beside its label (资金总额（万元） | 350 | 其中：财政拨款 | 320), without a header above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from budget_llm.facts import Fact, Measure
from budget_llm.lexicon import table_words
from budget_llm.normal_form import normalise
from budget_llm.quantities import parse_number
from budget_llm.rules.amount_tables import Setting
from budget_llm.rules.cell_subjects import Subject, money_of
from budget_llm.rules.columns import stage_in
from budget_llm.rules.rows import Row
from budget_llm.tables import Cell, Table, field_words, unit_in

_NUMBER = re.compile(
    r"(?P<number>-?[0-9０-９][0-9０-９,，]*(?:[.．][0-9０-９]+)?)[ \u3000]?(?P<unit>(?:亿|百万|千|万)?元|分|[%％])?"
)
_YEAR = re.compile(r"20[0-9]{2}(?=年)")
_GOALS = re.compile(r"目标(?:申报|批复)?表")
_RATE = re.compile(r"执行率$")
_SCORE = re.compile(r"^(?:自评(?:总?得分|总分)|总得分)$")


def is_labelled(table: Table, body: Sequence[Sequence[Cell]]) -> bool:
    """Whether the rows are those of a form above its headers."""
    return any(cell.kind == "field" for cell in table.cells) and not any(cell.header for row in body for cell in row)


def read_labelled(table: Table, body: Sequence[Sequence[Cell]], scope: str, setting: Setting) -> Iterator[Fact]:
    """Yield the facts of rows of labels and amounts; a unit or stage in a label holds for those behind it.

    An amount is of the budget where the form is of one; else its label must tell.
    """
    is_budget = setting.stage == "budget" or _GOALS.search(table.title or "") is not None
    about = _About(table.unit, "budget" if is_budget else None, scope)
    for cells in body:
        label: Cell | None = None
        for cell in cells:
            match = _NUMBER.fullmatch(cell.text)
            if match is None:
                label, about = cell, about.behind(cell)
            elif label is not None:
                yield from _fact(label, cell, match, about, setting)
                label = None


@dataclass(frozen=True, slots=True)
class _About:
    """What the labels so far tell of the amounts behind them: unit and stage; whose money the form is about."""

    unit: str | None
    stage: str | None
    scope: str

    def behind(self, label: Cell) -> _About:
        """Return what holds behind a label."""
        unit, stage = unit_in(label.text), stage_in(field_words(label.text))
        return replace(self, unit=unit or self.unit, stage=stage or self.stage)


def _fact(label: Cell, cell: Cell, match: re.Match[str], about: _About, setting: Setting) -> Iterator[Fact]:
    told = _told(label, match["unit"] or "", about, setting.project)
    value = parse_number(match["number"])
    if told is None or value is None:
        return
    subject, measure, unit = told
    year = _YEAR.search(normalise(label.text))
    yield Fact(
        concept=subject.concept, label=subject.label, measure=measure, value=value, unit=unit, start=cell.start,
        end=cell.start + match.end("number"), text=match["number"], section=setting.section, table=setting.table, scope=subject.scope,
        period=int(year[0]) if year else setting.year, project=setting.project,
        stage=about.stage if measure == "amount" else None,
    )  # fmt: skip


def _told(label: Cell, behind: str, about: _About, project: str | None) -> tuple[Subject, Measure, str] | None:
    """Return what a number beside a label is of, its measure and unit; None where the label leaves it open."""
    words = field_words(label.text)
    if not table_words("fields")["money"].search(words):
        return None
    if _RATE.search(words):
        percent = behind in ("%", "％") or re.search("[%％]", label.text)
        return (Subject("evaluation.execution_rate", words), "rate", "%") if percent else None
    if _SCORE.search(words):
        return (Subject("evaluation.score", words), "score", "分") if behind in ("", "分") else None
    unit = behind if behind.endswith("元") else None if behind else about.unit
    subject = money_of(Row(words, words, None, inner=False), project, about.scope) if about.stage else None
    return (subject, "amount", unit) if subject and unit else None
