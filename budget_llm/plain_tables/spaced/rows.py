"""The lines of a body as rows: which of their cells are codes, labels and amounts, and in which columns they may stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, groupby, pairwise

from budget_llm.lexicon import wordings
from budget_llm.normal_form import normalise
from budget_llm.plain_tables.cell_lines.blocks import Token, is_known, is_ordinal_led
from budget_llm.plain_tables.cell_lines.layout import Group, Layout
from budget_llm.plain_tables.cell_lines.rows import Row, unled
from budget_llm.plain_tables.evidence import is_total
from budget_llm.plain_tables.spaced.cells import are_words

Cells = Sequence[Token]

_CODE_HEAD = re.compile(r"编码|代码|^(?:类|款|项)$")
_CODE = re.compile(r"[0-9]{2,12}")
_FULL_CODE = re.compile(r"[1-5][0-9]{2}(?:[0-9]{2}){0,2}")
_LINE = re.compile(r"[0-9]{1,3}")


def is_code_column(layout: Layout, column: int) -> bool:
    """Whether a column holds codes."""
    return _CODE_HEAD.search(layout.leaves[column].words) is not None


def is_item(text: str) -> bool:
    """Whether a text is a label of its own: of a total, of a list, or a wording for income, a function, an expense."""
    if is_total(text) or is_ordinal_led(text) or is_known(text):
        return True
    return wordings("income", "expenditure", "function").equal(normalise(text)) is not None


def is_worded(label: str) -> bool:
    """Whether a label, its ordinal aside, is a wording for income, a function, an expense."""
    return wordings("income", "expenditure", "function").equal(unled(label)) is not None


def rows_of_lines(body: Sequence[Cells], layout: Layout, *, side_by_side: bool) -> tuple[list[Row], int]:
    """Return the rows of lines under one group of columns, and how many lines with numbers are none.

    `side_by_side` says that blocks of the same columns stand beside each other, each with a row on the line.
    """
    lines = [(_segments(cells) if side_by_side else [list(cells)]) for cells in body]
    names = _Names(lines, layout)
    rows: list[Row] = []
    refused = 0
    for segments, following in zip(lines, (*lines[1:], []), strict=False):
        cells = [cell for segment in segments for cell in segment]
        if all(cell.kind == "text" for cell in cells):
            names.take(cells, following)
            continue
        above = names.above
        nameless = next((n for n, segment in enumerate(segments) if _is_nameless(segment, layout)), None)
        owner = nameless or 0
        found = [_row(segment, above if n == owner else (), layout) for n, segment in enumerate(segments)]
        if all(found):
            rows.extend(row for row in found if row and row.values)
            names.open(found[owner] if nameless is not None or names.is_centred else next(reversed(rows), None))
        else:
            names.open(None)
            refused += any(cell.kind == "number" for cell in cells)
    return rows, refused


class _Names:
    """The words between the rows: which end the name of the row above them, and which begin that of the next.

    A cell whose name is broken over lines has its code and amounts in the middle of them, where any row has: as many
    lines of the name stand below as above. Else a name goes on below its row only.
    """

    def __init__(self, lines: Sequence[Sequence[Cells]], layout: Layout) -> None:
        self._layout = layout
        self.is_centred = any(
            any(_is_nameless(segment, layout) for segment in line) and are_words([*chain(*before)])
            for before, line in pairwise(lines)
        )
        self.above: list[Token] = []  # the words above a row, which begin its name
        self._lines = self._owed = 0  # of how many lines they are; how many the open row has below it
        self._open: Row | None = None

    def open(self, row: Row | None) -> None:
        """Take the row that was read: its name may go on below."""
        self._open, self._owed = row, self._lines if row else 0
        self.above, self._lines = [], 0

    def take(self, cells: Sequence[Token], following: Sequence[Cells]) -> None:
        """Take a line of words."""
        if self.is_centred and (self._open or self._owed):
            ends = self._owed > 0
        else:
            begins = self.above or any(_is_nameless(segment, self._layout) for segment in following)
            ends = self._open is not None and not begins and _ends_label(self._open, cells)
        if ends and self._open:
            self._owed -= 1
            self._open.keys.extend(cells)
            self._open.places += self._open.places[-1:] * len(cells)
        else:
            self.above.extend(cells)
            self._lines += 1


def _is_nameless(cells: Cells, layout: Layout) -> bool:
    """Whether a line is a code and amounts: its name stands above and below it."""
    if not cells or any(cell.kind == "text" for cell in cells):
        return False
    if layout.is_coded:
        return len(cells) > 1 and _leads(cells)
    return any(group.keys for group in layout.groups)


def _leads(cells: Cells) -> bool:
    """Whether the first number of a row is its code: one of the classification, or of a unit before amounts with points."""
    first, *others = (cell.text for cell in cells)
    is_of_unit = _CODE.fullmatch(first) is not None and len(first) > 2 and all("." in other for other in others)
    return is_code(cells[0]) or is_of_unit


def is_code(cell: Token) -> bool:
    """Whether a cell may be a whole code of the classification."""
    return _FULL_CODE.fullmatch(cell.text) is not None


def _ends_label(row: Row, cells: Cells) -> bool:
    """Whether a line of words ends the label of the row above it: that of a code, or one that is known with them alone."""
    if not row.keys or any(is_ordinal_led(c.text) or is_total(c.text) for c in cells):
        return False
    if row.code:
        return True
    label = unled(row.keys[-1].text)
    return is_known(label + "".join(cell.text for cell in cells)) and not is_known(label)


def _segments(cells: Cells) -> list[list[Token]]:
    """Return the rows that stand side by side on a line: a code, or a label behind amounts, begins one."""
    segments: list[list[Token]] = [[]]
    for n, cell in enumerate(cells):
        last, following = segments[-1], cells[n + 1] if n + 1 < len(cells) else None
        begun = len(last) > 1 or (len(last) == 1 and is_code(last[0]))
        behind_amounts = cell.kind == "text" and last and last[-1].kind != "text" and len(last) > 1
        if begun and (behind_amounts or (is_code(cell) and _begins(cell, last, following))):
            segments.append([])
        segments[-1].append(cell)
    return segments


def _begins(code: Token, last: Cells, following: Token | None) -> bool:
    """Whether a code may begin a row beside the last one: before a name, or before an amount with a point behind one or a name."""
    if code.kind == "code" or (following is not None and following.kind == "text"):
        return True
    if last[-1].kind == "text":
        return following is not None and "." in following.text
    return len(last) > 1 and "." in last[-1].text


def _row(cells: Cells, above: Sequence[Token], layout: Layout) -> Row | None:
    """Return the cells of one row, None where it is open which of them are its amounts or what its words are of."""
    group = layout.groups[0]
    texts = [n for n, cell in enumerate(cells) if cell.kind == "text"]
    if (
        group.line is not None
        and cells[0].kind == "number"
        and _LINE.fullmatch(cells[0].text)
        and group.line < group.values[0]
    ):
        return _numbered(cells, above, group, layout)
    split = texts[-1] + 1 if texts else int(layout.is_coded and _leads(cells))
    return _keyed(list(cells[:split]), list(cells[split:]), above, group, layout)


def _numbered(cells: Cells, above: Sequence[Token], group: Group, layout: Layout) -> Row | None:
    """Return a row that the number of its line opens (序号)."""
    texts = [n for n, cell in enumerate(cells) if cell.kind == "text"]
    if not (texts or above) or (group.keys and group.line is not None and group.line > group.keys[0]):
        return None
    first = texts[-1] + 1 if texts else 1
    row = _keyed(list(cells[1:first]), list(cells[first:]), above, group, layout)
    if row:
        row.line = cells[0]
    return row


def _keyed(keys: list[Token], values: list[Token], above: Sequence[Token], group: Group, layout: Layout) -> Row | None:
    """Return a row of keys and values, None where they do not fit the columns for certain."""
    room = len(group.values)
    if len(values) > room or (not group.keys and keys):
        return None
    if not group.keys:
        return Row(group, [], values)
    if not any(key.kind == "text" for key in keys):
        keys = [*keys, *above]
    elif above and layout.is_coded and is_code(keys[0]):
        keys = [keys[0], *above, *keys[1:]]
    elif above and not layout.is_coded:
        whole = "".join(cell.text for cell in (*above, *keys))
        if is_known(whole) and not is_known("".join(key.text for key in keys)):
            keys = [*above, *keys]
        elif not is_item(keys[0].text) and not is_item(above[-1].text):
            return None
    keys = [_as_code(key) for key in keys]
    places = _places(keys, group, layout)
    if places is None:
        return None
    return Row(group, keys, values, None, places)


def _as_code(key: Token) -> Token:
    return Token("code", key.pieces) if key.kind == "number" and _CODE.fullmatch(key.text) else key


def _places(keys: Sequence[Token], group: Group, layout: Layout) -> tuple[int, ...] | None:
    """Return the columns of the codes and labels of a row, None where they fit in none or in several ways.

    The words of one label may be parted by spaces; a total stands alone.
    """
    columns = group.keys
    wanted = ["code" if is_code_column(layout, column) else "text" for column in columns]
    kinds = [key.kind for key in keys]
    if kinds == wanted:
        return columns
    if kinds[:1] == ["code"] and set(kinds[1:]) == {"text"} and wanted == ["text"] and is_code(keys[0]):
        return columns * len(keys)
    labels = [column for column, kind in zip(columns, wanted, strict=True) if kind == "text"]
    codes = [column for column, kind in zip(columns, wanted, strict=True) if kind == "code"]
    if not keys or any(kind not in ("code", "text") for kind in kinds):
        return None
    if len(keys) == len(columns) and all(is_total(key.text) for key in keys):  # in the column of codes as well
        return columns
    if len(keys) == 1 and is_total(keys[0].text):
        return tuple((labels or codes)[:1])
    if len(labels) > 1:
        return None
    runs = [kind for kind, _ in groupby(kinds)]
    number = kinds.count("code")
    if runs not in (["code", "text"], ["text"], ["code"]) or number > len(codes):
        return None
    if number < len(codes) and number and len(keys[0].text) < 3:  # 款 alone, or 项: its 类 is told above
        return None
    if not labels:
        labels = codes[-1:]
    return (*codes[:number], *labels * kinds.count("text"))
