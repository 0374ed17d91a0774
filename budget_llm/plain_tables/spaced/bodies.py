"""The lines of a body whose cells run over lines, as rows again: codes in parts, a name around its amounts, a lone amount."""

from __future__ import annotations

import re
from collections.abc import Sequence

from budget_llm.lexicon import table_words
from budget_llm.normal_form import normalise
from budget_llm.plain_tables.cell_lines.blocks import Token, is_ordinal_led
from budget_llm.plain_tables.cell_lines.rows import side_told
from budget_llm.plain_tables.evidence import is_total
from budget_llm.plain_tables.spaced.cells import are_words
from budget_llm.plain_tables.spaced.rows import is_code, is_worded

Cells = tuple[Token, ...]

_CLASS, _BELOW = re.compile("[1-5][0-9]{2}"), re.compile("[0-9]{2}")
_UNIT_CODE = re.compile(r"[0-9]{3,12}")
_NUMBERED = re.compile(r"[0-9]{1,2}[.．、]")
_MOST_NAME_LINES = 3


def rows_again(body: Sequence[Cells], *, whole_codes: bool) -> list[Cells]:
    """Return the lines of a body with the cells of each row on one line, as far as the lines tell for certain.

    `whole_codes` says that codes in parts (类 款 项) are put together.
    """
    lines = [_with_whole_ordinals(_without_keys(cells)) for cells in body]
    if whole_codes:
        lines = [_with_whole_codes(cells) for cells in lines]
    return _with_lone_amounts(_with_lone_codes(lines))


def has_codes(body: Sequence[Cells]) -> bool:
    """Whether the rows of a body begin with codes: of the classification, or of units before amounts with points."""
    rows = [cells for cells in body if cells and cells[-1].kind != "text"]
    return sum(map(_is_coded, rows)) * 2 > len(rows)


def _is_coded(cells: Cells) -> bool:
    first, *others = cells
    if first.kind not in ("number", "code"):
        return False
    amounts = [cell.text for cell in others if cell.kind == "number"]
    is_of_unit = bool(amounts) and all("." in text for text in amounts) and _UNIT_CODE.fullmatch(first.text)
    return is_code(first) or bool(is_of_unit)


def _without_keys(cells: Cells) -> Cells:
    """Return a line without the end of the header that stands before its total: 类 款 项 | 合计 | 4,733.14."""
    first = next((n for n, cell in enumerate(cells) if is_total(cell.text)), 0)
    keys = table_words("leaves")["keys"]
    return cells[first:] if all(keys.search(normalise(cell.text)) for cell in cells[:first]) else cells


def _with_whole_ordinals(cells: Cells) -> Cells:
    """Return a line with the number of a label put to the label behind it: 1. | 一般公共预算."""
    found: list[Token] = []
    for cell in cells:
        if found and _NUMBERED.fullmatch(found[-1].text) and cell.kind == "text":
            found[-1] = Token("text", (*found[-1].pieces, *cell.pieces))
        else:
            found.append(cell)
    return tuple(found)


def _with_whole_codes(cells: Cells) -> Cells:
    """Return a line with codes in parts made whole (207 | 01 | 04): before a name, or where nothing but amounts follows."""
    found: list[Token] = []
    at = 0
    while at < len(cells):
        end = at + 1
        if _CLASS.fullmatch(cells[at].text) and (not found or found[-1].kind != "text"):
            while end < len(cells) and end < at + 3 and _BELOW.fullmatch(cells[end].text):
                end += 1
        if end - at > 1:
            found.append(Token("code", tuple(piece for cell in cells[at:end] for piece in cell.pieces)))
        else:
            found.append(cells[at])
        at = end
    return tuple(found)


def _is_code_alone(cells: Cells) -> bool:
    return len(cells) == 1 and cells[0].kind in ("number", "code") and is_code(cells[0])


def _is_amounts(cells: Cells) -> bool:
    return bool(cells) and all(cell.kind in ("number", "dash") for cell in cells)


def _with_lone_codes(lines: Sequence[Cells]) -> list[Cells]:
    """Return the lines with a code alone in its line, the words below it and the amounts below these joined."""
    found: list[Cells] = []
    at = 0
    while at < len(lines):
        end = at + 1
        if _is_code_alone(lines[at]):
            while end < len(lines) and end - at <= _MOST_NAME_LINES and are_words(lines[end]):
                end += 1
            if end - at > 1 and end < len(lines) and _is_amounts(lines[end]) and not _is_code_alone(lines[end]):
                found.append(tuple(cell for line in lines[at : end + 1] for cell in line))
                at = end + 1
                continue
        found.append(lines[at])
        at += 1
    return found


def _with_lone_amounts(lines: Sequence[Cells]) -> list[Cells]:
    """Return the lines with an amount alone in its line put between the words above and below it that are its name."""
    found: list[Cells] = []
    for cells in lines:
        above = found[-1] if found else ()
        if len(cells) == len(above) == 1 and _is_amounts(cells) and are_words(above) and not _is_code_alone(cells):
            found[-1] = (*above, *cells)
        else:
            found.append(cells)
    return found


def with_whole_labels(lines: Sequence[Cells]) -> list[Cells]:
    """Return the lines of a statement with labels that were broken around a line made whole, and put into that line."""
    found: list[Cells] = []
    for cells in lines:
        if _is_amounts(cells) and found and len(found[-1]) == 1 and are_words(found[-1]):
            found[-1] = (*found[-1], *cells)
        elif not (_is_end(cells) and found):
            found.append(cells)
        elif len(found) > 1 and are_words(found[-2]) and _is_item(_ended(found[-2], cells)):
            line, label = found.pop(), _ended(found.pop(), cells)
            found += _together(label, line)
        elif not _is_item(found[-1]):
            found[-1] = _ended(found[-1], cells)
        else:
            found.append(cells)
    return found


def _is_end(cells: Cells) -> bool:
    """Whether a line may be the end of a label: one cell, neither a total nor an item of a list."""
    return (
        len(cells) == 1 and cells[0].kind == "text" and not (is_total(cells[0].text) or is_ordinal_led(cells[0].text))
    )


def _is_item(cells: Cells) -> bool:
    """Whether the last label of a line is one that the lexicon knows."""
    label = next((cell.text for cell in reversed(cells) if cell.kind == "text"), "")
    return not label or is_worded(label)


def _ended(cells: Cells, end: Cells) -> Cells:
    """Return a line with the end of its last label."""
    last = max(n for n, cell in enumerate(cells) if cell.kind == "text")
    label = Token("text", (*cells[last].pieces, *end[0].pieces))
    return (*cells[:last], label, *cells[last + 1 :])


def _together(label: Cells, line: Cells) -> list[Cells]:
    """Return a label and the line it was broken around: expenditure stands behind the amount of the income, income before it."""
    side = side_told(label[-1].text)
    first = next((n for n, cell in enumerate(line) if cell.kind != "text"), len(line))
    is_second = side == 1 and side_told(line[0].text) != 1 and len(line) > first + 1
    if is_second:
        return [(*line[: first + 1], *label, *line[first + 1 :])]
    return [(*label, *line)] if side == 0 else [label, line]
