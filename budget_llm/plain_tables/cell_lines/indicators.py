"""Indicator tables with a cell on each line: the numbers at the end of each row tell where its name stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from budget_llm.lexicon import table_words
from budget_llm.normal_form import normalise
from budget_llm.plain_tables.cell_lines.blocks import Block, Token, cells_of
from budget_llm.plain_tables.cell_lines.heads import joined
from budget_llm.plain_tables.evidence import is_total
from budget_llm.tables import Grid

_NUMBERS = ("weight", "score", "rate")
_LEVEL = re.compile(r"指标(?:[（(][0-9.]{1,5}分?[)）])?$")
_TOTAL = re.compile(r"总分|得分合计|自评总分")
_FEWEST_ROWS = 2

_Cells = dict[int, Token]


def indicator_grid(block: Block) -> Grid | None:
    """Return the grid of an indicator table, None where its rows do not follow its header."""
    head = joined(block.head)
    roles = [_role(token) for token in head]
    while roles[0] == "level" and roles.count("level") > 2:  # 绩效指标 beside the levels
        head, roles = head[1:], roles[1:]
    if "name" not in roles:
        return None
    name = roles.index("name")
    end = next((n for n in range(name + 1, len(roles)) if roles[n] in (None, "reason")), len(roles))
    if not any(role in _NUMBERS for role in roles[name + 1 : end]):
        return None
    rows = list(_rows([token for token in block.body if token.kind != "blank"], roles, name, end))
    if len(rows) < _FEWEST_ROWS:
        return None
    cells = [cell for column, token in enumerate(head) for cell in cells_of(token, 0, column)]
    for number, row in enumerate(rows, start=1):
        cells += [cell for column, token in row.items() for cell in cells_of(token, number, column)]
    return Grid(tuple(sorted(cells, key=lambda c: c.start)), len(rows) + 1, len(head), block.start, block.end)


def _role(token: Token) -> str | None:
    words = normalise(token.text)
    return next((role for role, pattern in table_words("indicators").items() if pattern.search(words)), None)


def _rows(body: Sequence[Token], roles: Sequence[str | None], name: int, end: int) -> Iterator[_Cells]:
    """Yield the rows as cells by column: what stands between two of them is the reason of one or a level of the next."""
    reason = next((n for n, role in enumerate(roles) if role == "reason"), None)
    row: _Cells = {}
    behind = 0
    for start, columns in (*_starts(body, roles, range(name, end)), (len(body), ())):
        between = body[behind:start]
        levels = [token for token in between if _LEVEL.search(token.text)][-name:] if name else []
        said = [token for token in between if token.kind == "text" and token not in levels]
        if row and reason is not None and said and not _is_sum(said[0]):
            row[reason] = said[0]
        if row:
            yield row
        yield from _sums(between, roles)
        row = {name - len(levels) + n: level for n, level in enumerate(levels)}
        row |= dict(zip(columns, body[start : start + len(columns)], strict=True))
        behind = start + len(columns)


def _starts(
    body: Sequence[Token], roles: Sequence[str | None], columns: Sequence[int]
) -> Iterator[tuple[int, Sequence[int]]]:
    """Yield where the name of an indicator stands with the columns of the cells from there on.

    That is a text before a value for each column and no number behind them; what is told in words has no unit.
    """
    unitless = [column for column in columns if roles[column] != "unit"]
    at = 0
    while at < len(body):
        taken = next((c for c in (columns, unitless) if _follows(body, at, [roles[n] for n in c])), None)
        if taken is not None and (taken is columns or _is_qualitative(body[at : at + len(taken)])):
            yield at, taken
        else:
            taken = ()
        at += len(taken) or 1


def _follows(body: Sequence[Token], at: int, roles: Sequence[str | None]) -> bool:
    values = body[at + 1 : at + len(roles)]
    behind = body[at + len(roles)].kind if at + len(roles) < len(body) else "text"
    fits = len(values) == len(roles) - 1 and all(_fits(t, r) for t, r in zip(values, roles[1:], strict=True))
    return fits and behind == "text" and _is_name(body[at])


def _is_qualitative(cells: Sequence[Token]) -> bool:
    return any(token.text == "定性" for token in cells)


def _fits(token: Token, role: str | None) -> bool:
    return token.kind != "text" if role in _NUMBERS else not _LEVEL.search(token.text)


def _is_name(token: Token) -> bool:
    return token.kind == "text" and not _LEVEL.search(token.text) and not _is_sum(token)


def _is_sum(token: Token) -> bool:
    return is_total(token.text) or _TOTAL.match(token.text) is not None


def _sums(between: Sequence[Token], roles: Sequence[str | None]) -> Iterator[_Cells]:
    """Yield the row of the sums of weights and scores (总分 100 96.5), where one stands among cells."""
    columns = [k for k, role in enumerate(roles) if role in _NUMBERS]
    for n, token in enumerate(between):
        values = [t for t in between[n + 1 :] if t.kind != "text"]
        summed = columns if len(values) == len(columns) else [k for k in columns if roles[k] != "rate"]
        if _is_sum(token) and len(values) == len(summed):
            yield {0: token, **dict(zip(summed, values, strict=True))}
            return
