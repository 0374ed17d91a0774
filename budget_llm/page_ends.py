"""The ends of pages in a text: page numbers between two halves of a sentence, and lines that are full.

A text copied out of a PDF has a line break where a printed line ended, and often a page number where a page did.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from statistics import median

_NUMBER = r"[ \t\u3000]*(?:第[ ]?)?[0-9]{1,3}(?:[ ]?页)?[ \t\u3000]*"
_END = re.compile(
    rf"(?<=\n)(?:{_NUMBER}(?=\n\f|\f)|[ \t\u3000]*[-—–]{{1,2}}{_NUMBER}[-—–]{{1,2}}[ \t\u3000]*(?=[\n\f]))"
)
_PUNCTUATED = re.compile("[，。、；]")
_FEWEST, _SHARE = 6, 0.7
_NARROWEST, _WIDEST, _RAGGED = 15, 80, 2.5


@lru_cache(maxsize=4)
def without_page_ends(text: str) -> str:
    """Return a text of the same length with blanks in place of the page numbers between its pages."""
    return _END.sub(lambda found: " " * len(found.group()), text)


@lru_cache(maxsize=4)
def full_width(text: str) -> float | None:
    """Return how wide the printed lines of a text are (a character 1, a digit or Latin letter 0.5), None where lines are paragraphs.

    They are where the lines that end within a sentence are nearly all as wide.
    """
    lines = text.split("\n")
    broken = [width(line) for line, below in pairwise(lines) if _goes_on(line, below)]
    broken = [wide for wide in broken if wide >= _NARROWEST]
    if len(broken) < _FEWEST:
        return None
    middle = median(broken)
    near = sum(abs(wide - middle) <= _RAGGED for wide in broken)
    return middle if middle <= _WIDEST and near >= len(broken) * _SHARE else None


def is_full(line: str, full: float | None) -> bool:
    """Whether a line is as wide as the printed lines of its text, so that its end need not end a paragraph."""
    return full is not None and abs(width(line) - full) <= _RAGGED


def width(line: str) -> float:
    """Return the width of a line as printed, in characters."""
    return sum(0.5 if char.isascii() else 1.0 for char in line.strip("\f \u3000"))


def _goes_on(line: str, below: str) -> bool:
    return (
        _PUNCTUATED.search(line) is not None
        and "\t" not in line
        and line.rstrip()[-1:] not in ("", "。", "；", ";", "：", ":")
        and below[:1] not in ("", " ", "\u3000", "\t")
    )
