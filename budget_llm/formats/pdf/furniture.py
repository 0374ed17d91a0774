"""Page furniture: page numbers and running heads, told from the text by where and how often they stand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from budget_llm.formats.pdf.glyphs import Line

_DECORATED = re.compile(
    r"[-—–－─―~～·•◆|]{1,3}(?:[0-9]{1,4}|[ivxlcIVXLC]{1,6})[-—–－─―~～·•◆|]{1,3}"
    r"|第?[0-9]{1,4}[页頁](?:[,，/、]?共?[0-9]{1,4}[页頁])?|[0-9]{1,4}/[0-9]{1,4}|Page[0-9]{1,4}(?:of[0-9]{1,4})?",
    re.IGNORECASE,
)
_BARE = re.compile(r"[0-9]{1,4}")
_ROMAN = re.compile(r"[ivxlc]{1,6}|[IVXLC]{1,6}")
# Unit lines, and lines that state something: an amount, a share, a score, a decimal.
_NEVER = re.compile(r"单 ?位[:：]|續表|续表|[0-9]\.[0-9]|[0-9](?:[百千万亿]{0,2}元|[%％]|分(?!册|卷|之)|[人辆个项家])")
# How many lines at the head and the foot of a page may be furniture, and how far their heights may differ.
_DEPTH, _SAME_HEIGHT = 2, 4.0


def furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[set[int]]:
    """Return for each page the numbers of its lines that are furniture; lines come from head to foot."""
    found: list[set[int]] = [set() for _ in pages]
    for _ in range(_DEPTH):
        fresh = [*_page_numbers(pages, heights, found), *_running_heads(pages, found)]
        if not fresh:
            break
        for page, line in fresh:
            found[page].add(line)
    return found


def _outer(lines: Sequence[Line], known: set[int]) -> list[tuple[str, int]]:
    """Return the line nearest to the head and the one nearest to the foot that are not known as furniture yet."""
    rest = [number for number in range(len(lines)) if number not in known]
    return [("head", rest[0]), ("foot", rest[-1])] if rest else []


def _page_numbers(
    pages: Sequence[Sequence[Line]], heights: Sequence[float], known: Sequence[set[int]]
) -> Iterator[tuple[int, int]]:
    """Yield the lines that are page numbers: decorated as such, or bare and rising with the pages."""
    bare: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for page, lines in enumerate(pages):
        for side, number in _outer(lines, known[page]):
            plain = "".join(lines[number].text.split())
            place = lines[number].base / (heights[page] or 1)
            if _DECORATED.fullmatch(plain) or (_ROMAN.fullmatch(plain) and not 0.12 < place < 0.88):
                yield page, number
            elif _BARE.fullmatch(plain):
                bare[side, int(plain) - page].append((page, number))
                if len(pages) == 1 and not 0.1 < place < 0.9:
                    yield page, number
    for places in bare.values():
        if len(places) > 1:
            yield from places


def _running_heads(pages: Sequence[Sequence[Line]], known: Sequence[set[int]]) -> Iterator[tuple[int, int]]:
    """Yield the lines that stand on several pages at one height, the same but for their digits."""
    seen: dict[tuple[str, str], list[tuple[int, int, float]]] = defaultdict(list)
    for page, lines in enumerate(pages):
        for side, number in _outer(lines, known[page]):
            plain = "".join(lines[number].text.split())
            if 1 < len(plain) <= 60 and not _NEVER.search(plain):
                seen[side, re.sub(r"[0-9]+", "#", plain)].append((page, number, lines[number].base))
    for (_, plain), places in seen.items():
        heights = Counter(round(base / _SAME_HEIGHT) for *_, base in places)
        height = heights.most_common(1)[0][0]
        level = [(page, number) for page, number, base in places if abs(base / _SAME_HEIGHT - height) <= 1]
        # The title of a table that runs over pages stands on each of them too: it must stand on most pages.
        needed = max(3, 0.6 * len(pages)) if re.search(r"表|情况", plain) else max(3, 0.3 * len(pages))
        if len(level) >= needed:
            yield from level
