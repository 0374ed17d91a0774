"""The fields of a form with a cell on each line: 项目名称, its words, 预算总额, its amount."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from budget_llm.lexicon import table_words
from budget_llm.plain_tables.evidence import is_number, is_title
from budget_llm.plain_tables.lines import Line, bare, grid_of, whole
from budget_llm.tables import Grid, field_words, unit_in

_LONGEST_WORDS, _LONGEST_LABEL = 200, 20
_DASHES = frozenset({"-", "—", "－", "/"})


class Form(NamedTuple):
    """The fields as a grid of labels and what stands beside them, and the line after them."""

    grid: Grid
    next_line: int


def form_at(run: Sequence[Line], first: int) -> Form | None:
    """Return the form whose first label is the line `first`; None where none is, or where it holds no amount.

    A label of money may have no amount below it; the words 预算额度（万元） above labels of money tell their unit.
    """
    if not _is(run, first, "name"):
        return None
    rows = list(_rows(run, first))
    numbers = [number for row in rows for number in row]
    if not any(len(row) > 1 and is_number(bare(run[row[-1]].text)) for row in rows):
        return None
    pieces = [[p for column, n in enumerate(row) if (p := whole(run[n], column))] for row in rows]
    width = max(map(len, rows))
    return Form(grid_of(run[numbers[0]], run[numbers[-1]], pieces, width), numbers[-1] + 1)


def _rows(run: Sequence[Line], at: int) -> Iterator[tuple[int, ...]]:
    """Yield the lines of each row: a label and its words, a label of money and its amount if it has one."""
    while at < len(run):
        over = (at,) if _tells_unit(run, at) else ()
        label = at + len(over)
        if _is(run, label, "money"):
            row = (*over, label, label + 1) if _is_amount(run, label + 1) else (*over, label)
        elif not over and _is(run, label, "name") and _is_words(run, label + 1):
            row = (label, label + 1)
        else:
            return
        yield row
        at = row[-1] + 1


def _is(run: Sequence[Line], at: int, role: str) -> bool:
    """Whether a line is a label that forms have: of names or of money."""
    text = bare(run[at].text) if at < len(run) else ""
    return 0 < len(text) <= _LONGEST_LABEL and table_words("fields")[role].search(field_words(text)) is not None


def _tells_unit(run: Sequence[Line], at: int) -> bool:
    text = bare(run[at].text)
    is_short = len(text) <= _LONGEST_LABEL and not _is(run, at, "money")
    return is_short and unit_in(text) is not None and _is(run, at + 1, "money")


def _is_amount(run: Sequence[Line], at: int) -> bool:
    text = bare(run[at].text) if at < len(run) else ""
    return text in _DASHES or is_number(text)


def _is_words(run: Sequence[Line], at: int) -> bool:
    text = bare(run[at].text) if at < len(run) else ""
    if not text or len(text) > _LONGEST_WORDS or is_title(text) or is_number(text):
        return False
    return not any(_is(run, at, role) for role in ("name", "money", "goal"))
