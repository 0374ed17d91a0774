"""The cells of a body put into rows: by a constant number of cells in each, else by the labels that open them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from budget_llm.lexicon import wordings
from budget_llm.normal_form import normalise
from budget_llm.plain_tables.cell_lines.blocks import Token, is_ordinal_led
from budget_llm.plain_tables.cell_lines.layout import Group, Layout
from budget_llm.plain_tables.evidence import is_total

_VALUES = ("number", "dash", "blank")
_OWN_CODE = re.compile(r"[0-9]{3,12}")
_LINE = re.compile(r"[0-9]{1,3}")
_LEAD = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[.．、]|其中:?)"
)


@dataclass(slots=True)
class Row:
    """The cells of one group of columns in one row: codes and labels, and the values in order, empty ones among them or not.

    `places` are the columns of the keys where they are known; else codes stand from the left and labels in the last.
    A row that is `beside` the one before it stands on the same line.
    """

    group: Group
    keys: list[Token] = field(default_factory=list)
    values: list[Token] = field(default_factory=list)
    line: Token | None = None
    places: tuple[int, ...] = ()
    beside: bool = False

    @property
    def code(self) -> str:
        """The classification code, "" without one."""
        return "".join(key.text for key in self.keys if key.kind == "code")

    @property
    def numbers(self) -> list[Token]:
        """The values that are numbers, in order."""
        return [value for value in self.values if value.kind in ("number", "code")]

    @property
    def is_total(self) -> bool:
        """Whether the row sums up the table."""
        return bool(self.keys) and is_total(self.keys[-1].text)


def rows_of(body: Sequence[Token], layout: Layout) -> list[Row] | None:
    """Return the rows of a body, None where its cells do not fit the columns."""
    body = _with_codes(body) if layout.is_coded else body
    return (
        _strided(body, layout) or _strided([t for t in body if t.kind != "blank"], layout) or _segmented(body, layout)
    )


def _with_codes(body: Sequence[Token]) -> list[Token]:
    """Return the cells with the codes of bodies and projects told from numbers: whole, of three digits, before a name."""
    return [
        Token("code", token.pieces) if _OWN_CODE.fullmatch(token.text) and following.kind == "text" else token
        for token, following in zip(body, (*body[1:], Token("blank", ())), strict=True)
    ]


def _strided(body: Sequence[Token], layout: Layout) -> list[Row] | None:
    """Return the rows of a body in which every row has a cell for every column."""
    width = len(layout.leaves)
    if any(role != "value" for role in layout.roles):
        body = [*body, *[Token("blank", ())] * (-len(body) % width)]
    lines = [body[n : n + width] for n in range(0, len(body) - len(body) % width, width)]
    if len(lines) < (2 if any(role != "value" for role in layout.roles) else 1):
        return None
    if not all(_fits(token, layout.roles[n], layout) for line in lines for n, token in enumerate(line)):
        return None
    rows = []
    for line in lines:
        for group in layout.groups:
            keys = [line[k] for k in group.keys if line[k].kind in ("text", "code", "number")]
            counter = line[group.line] if group.line is not None and line[group.line].pieces else None
            rows.append(Row(group, keys, [line[v] for v in group.values], counter))
    rows = [row for row in rows if row.numbers or row.line]
    return rows if all(row.keys or not row.group.keys or not row.numbers for row in rows) else None


def _fits(token: Token, role: str, layout: Layout) -> bool:
    if role == "key":
        return token.kind != "number" or _LINE.fullmatch(token.text) is not None
    if role == "line":
        return token.kind in ("blank", "dash") or _LINE.fullmatch(token.text) is not None
    return token.kind in _VALUES or (token.kind == "code" and not layout.is_coded)


def _segmented(body: Sequence[Token], layout: Layout) -> list[Row] | None:
    """Return the rows of a body in which labels and codes tell where a row begins."""
    rows: list[Row] = []
    side = 0
    for token in body:
        row = rows[-1] if rows else None
        if token.kind == "text" or (token.kind == "code" and layout.is_coded):
            if row is None or row.values or row.line or not _goes_on(row, token, layout):
                row = Row(layout.groups[0])
                rows.append(row)
            row.keys.append(token)
            side = _side(row, side, layout)
            row.group = layout.groups[side]
            continue
        if row is None:
            if layout.groups[0].keys:
                continue
            row = Row(layout.groups[0])
            rows.append(row)
        if row.group.line is not None and row.line is None and not row.values and _LINE.fullmatch(token.text or "-"):
            row.line = token
        elif not (token.kind == "blank" and not row.keys and not row.values):
            row.values.append(token)
    return _trimmed(rows, layout)


def _goes_on(row: Row, token: Token, layout: Layout) -> bool:
    """Whether a text or code behind the labels of a row still belongs to it."""
    last = row.keys[-1]
    if token.kind == "code":
        return last.kind == "code" and len(layout.groups[0].keys) > 2
    if last.kind == "code":
        return True
    if is_total(token.text) or is_ordinal_led(token.text) or _is_item(token.text):
        return False
    return layout.is_coded or len(last.text) >= 6


def _is_item(text: str) -> bool:
    return wordings("income", "expenditure", "function").equal(normalise(text)) is not None


def _side(row: Row, before: int, layout: Layout) -> int:
    """Return the group of columns that a row is of: the income or the expenditure of a statement in two halves."""
    if len(layout.groups) != 2 or layout.is_coded:
        return 0
    words = "".join(key.text for key in row.keys)
    told = side_told(words)
    if told is not None:
        return told
    return 1 - before if is_total(unled(words)) else before


def unled(words: str) -> str:
    """Return a label, normalised, without the ordinal before it."""
    return _LEAD.sub("", normalise(words))


def side_told(label: str) -> int | None:
    """Return what the words of a label tell: 0 for income, 1 for expenditure, None for neither."""
    words = unled(label)
    if ("收入" in words) != ("支出" in words):
        return int("支出" in words)
    if re.search(r"年初|上年", words):
        return 0
    if re.search(r"年末|结转下年|结余分配", words):
        return 1
    if wordings("income").equal(words) is not None or re.search(r"财政拨款|预算拨款|资金$", words):
        return 0
    return 1 if wordings("function").equal(words) is not None else None


def _trimmed(rows: list[Row], layout: Layout) -> list[Row] | None:
    """Return the rows that hold a number, without empty cells behind the last column; None where a row has too many.

    In a statement of two halves a label alone tells something too: nothing is received, or spent, for it.
    """
    kept = []
    for row in rows:
        room = len(row.group.values)
        while len(row.values) > room and (row.values[-1].kind != "number" or _LINE.fullmatch(row.values[-1].text)):
            row.values.pop()
        if len(row.numbers) > room:
            return None
        if len(row.values) > room:
            row.values = row.numbers
        if row.numbers or row.line or len(layout.groups) == 2:
            kept.append(row)
    return kept or None
