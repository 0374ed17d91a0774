"""Lines to paragraphs: a line goes on with the one before it where that one was full and this one is not indented."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from budget_llm.formats.pdf.glyphs import Line

# Marks that begin a paragraph wherever they stand first on a line, and those that do so behind a full stop.
_HEADING = re.compile(
    r"第[一二三四五六七八九十]{1,3}部分|[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十])|[（(][一二三四五六七八九十]{1,3}[)）]"
)
_MARK = re.compile(r"[（(][0-9]{1,2}[)）]|[0-9]{1,2}(?:、|[.．](?![0-9]))|附?表[一二三四五六七八九十0-9]")
# What is not parted at the end of a line: a number with its per cent sign, a Latin word.
_WHOLE = re.compile(r"[0-9A-Za-z.,%]{1,40}")
_NUMBER_END, _NUMBER_START = re.compile(r"[0-9][0-9.,]{0,30}$"), re.compile(r"[0-9.,]{0,30}[0-9]%?")
_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,8}|[0-9]{1,18})(?:\.[0-9]{1,4})?%?")
_ENDS = re.compile(r"[。！？；：!?;:]$")


class Margins(NamedTuple):
    """Where the lines of the running text begin and end, in points."""

    left: float
    right: float


def margins(lines: Iterable[Line]) -> Margins:
    """Return the margins of the running text: where most long lines begin, and where the full ones end."""
    long = [line for line in lines if len(line.text) > 15]
    if not long:
        return Margins(0.0, float("inf"))
    starts = Counter(round(line.left / 2) for line in long)
    # Of two frequent starts the left one is the margin, the right one the indent of first lines.
    often = max(starts.values())
    left = min(start for start, count in starts.items() if count * 5 >= often) * 2.0
    ends = sorted(line.right for line in long)
    return Margins(left, ends[len(ends) * 4 // 5])


def goes_on(last: Line, line: Line, margin: Margins, *, next_page: bool) -> bool:
    """Whether `line` goes on with the paragraph of the line above it."""
    if len(line.pieces) > 1 or len(last.pieces) > 1:  # parted by wide gaps: cells, not words
        return False
    size = max(line.size, last.size)
    if abs(line.size - last.size) > 0.15 * size + 0.5 or _HEADING.match(line.text):
        return False
    whole = _WHOLE.match(line.text)
    if last.right + (0.55 * size * len(whole.group()) if whole else 0.0) < margin.right - 1.8 * size:
        return False
    if not next_page and last.base - line.base > 3.2 * size:
        return False
    ended = _ENDS.search(last.text) is not None
    if ended and _MARK.match(line.text):
        return False
    return line.left <= margin.left + 0.9 * size or (not ended and line.left <= last.left + 0.5 * size)


def join(last: str, text: str) -> str:
    """Return what stands between two lines of one paragraph.

    A space between Latin words, and between two numbers that together are none (70,991.44 and 69,908.71);
    nothing within a number that is broken at the end of its line, and nothing between Chinese words.
    """
    if last[-1:].isascii() and last[-1:].isalpha() and text[:1].isascii() and text[:1].isalpha():
        return " "
    before, behind = _NUMBER_END.search(last), _NUMBER_START.match(text)
    if before and behind and not _NUMBER.fullmatch(before.group() + behind.group()):
        return " "
    return ""
