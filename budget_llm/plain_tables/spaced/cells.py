"""The cells of a line that single spaces part, as text copied out of a PDF has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from budget_llm.plain_tables.cell_lines.blocks import Token
from budget_llm.plain_tables.evidence import kind
from budget_llm.plain_tables.lines import Line, Piece, bare

# Words of two characters that a line spreads (合 计) are one cell.
_CELL = re.compile(
    r"(?<![^ \xa0\u3000])(?:[合总小][ \xa0\u3000]{1,4}计|[项科][ \xa0\u3000]{1,4}目|[收][ \xa0\u3000]{1,4}入|[支][ \xa0\u3000]{1,4}出)(?![^ \xa0\u3000])"
    r"|[^ \xa0\u3000]+"
)
_LONGEST_LINE = 300
_LAST = frozenset("0123456789%％)）-—－–")


def may_be_row(text: str) -> bool:
    """Whether a line may end with a number behind a space; most lines are told from rows by that alone."""
    return text[-1:] in _LAST and (" " in text or "\u3000" in text or "\xa0" in text)


def cells_of_line(line: Line) -> tuple[Token, ...] | None:
    """Return the cells of a line, None where more than one space stands between two of them or it is no line of cells."""
    if len(line.text) > _LONGEST_LINE or "\t" in line.text or "|" in line.text:
        return None
    found = [(match.start(), match.end()) for match in _CELL.finditer(bare(line.text))]
    if any(after[0] - before[1] != 1 for before, after in pairwise(found)):
        return None
    text = bare(line.text)
    first = line.start + line.text.index(text) if text else line.start
    return tuple(Token(_kind(text[a:b]), (Piece(text[a:b], first + a, 0),)) for a, b in found)


def _kind(text: str) -> str:
    """Return what a cell holds; a year without its 年 may be an amount, and whether digits are a code its place tells."""
    found = kind(text)
    return "number" if found == "percent" else found


def is_row(cells: tuple[Token, ...] | None) -> bool:
    """Whether cells end with a number or with the dash that stands for none, and hold a number."""
    return (
        cells is not None
        and len(cells) > 1
        and cells[-1].kind != "text"
        and any(cell.kind == "number" for cell in cells)
    )


def are_words(cells: Sequence[Token]) -> bool:
    """Whether a line has words, and nothing else."""
    return bool(cells) and all(cell.kind == "text" for cell in cells)


def words_of(cells: Sequence[Token]) -> tuple[str, ...]:
    """Return what the cells of a line say."""
    return tuple(cell.text for cell in cells)
