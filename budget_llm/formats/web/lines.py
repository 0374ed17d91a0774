"""What a part of a web page shows: lines of text, and the rows of its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from budget_llm.formats.cells import joined
from budget_llm.formats.web.nodes import INLINE, Page

Rows = list[list[tuple[str, int, int]]]

_BREAK = "\v"
_SPACES = re.compile(r"[ \t\r\n\f]+")
_INVISIBLE = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u00ad")
_WIDE_SPACES = str.maketrans(dict.fromkeys(map(chr, (0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F)), " "))
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MOST_COLUMNS = 1_000  # of one cell, as browsers hold it


def blocks(page: Page, root: int, *, tables: bool = True) -> Iterator[str | Rows]:
    """Yield the lines and the tables of a node in order; without `tables` their cells are lines as well."""
    pieces: list[str] = []
    ends: list[int] = []
    kept_spaces = raised = 0
    node, end = root, page.stops[root]
    while node < end:
        while ends and ends[-1] <= node:
            ends.pop()
            yield from _lines(pieces)
        tag = page.tags[node]
        if node in page.dropped:
            node = page.stops[node]
            continue
        if tag == "-text":
            # A number with the mark of a note is not a longer number.
            text = page.texts[node].translate(_RAISED) if node < raised else page.texts[node]
            pieces.append(text.replace("\n", _BREAK) if node < kept_spaces else _SPACES.sub(_space, text))
        elif tag == "br":
            pieces.append(_BREAK)
        elif tag == "sup":
            raised = max(raised, page.stops[node])
        elif tag not in INLINE:
            yield from _lines(pieces)
            if tag == "table" and tables and node not in page.layouts:
                yield from _table(page, node)
                node = page.stops[node]
                continue
            ends.append(page.stops[node])
            if tag == "pre":
                kept_spaces = page.stops[node]
        node += 1
    yield from _lines(pieces)


def _space(match: re.Match[str]) -> str:
    """Return white space as it is shown; a line end of the source between Chinese characters is only its layout."""
    text, start, end = match.string, match.start(), match.end()
    if "\n" not in match[0] and "\r" not in match[0]:
        return " "
    ascii_before = start == 0 or text[start - 1].isascii()
    ascii_after = end == len(text) or text[end].isascii()
    return " " if ascii_before and ascii_after else ""


def _lines(pieces: list[str]) -> Iterator[str]:
    """Yield the lines collected in `pieces` and empty it."""
    if not pieces:
        return
    text = "".join(pieces).translate(_INVISIBLE).translate(_WIDE_SPACES)
    pieces.clear()
    for line in text.split(_BREAK):
        shown = line.strip(" \t\r\n\f\u3000")
        if shown:
            yield re.sub(r"[\t\r\n\f\x85\u2028\u2029]", " ", shown)


def _table(page: Page, table: int) -> Iterator[str | Rows]:
    """Yield the caption of a table and its rows, those of its foot last."""
    rows: Rows = []
    foot: Rows = []
    foot_end = 0
    node = table + 1
    while node < page.stops[table]:
        tag = page.tags[node]
        if node in page.dropped:
            node = page.stops[node]
        elif tag == "caption":
            yield from (line for line in blocks(page, node, tables=False))
            node = page.stops[node]
        elif tag in ("td", "th"):
            group = foot if node < foot_end else rows
            if not group:
                group.append([])
            group[-1].append(_cell(page, node))
            node = page.stops[node]
        else:
            if tag == "tfoot":
                foot_end = page.stops[node]
            elif tag == "tr":
                (foot if node < foot_end else rows).append([])
            node += 1
    yield rows + foot


def _cell(page: Page, node: int) -> tuple[str, int, int]:
    text = joined(line for line in blocks(page, node, tables=False) if isinstance(line, str))
    found = page.attributes.get(node, {})
    across = min(max(_count(found.get("colspan", "")), 1), _MOST_COLUMNS)
    return text, _count(found.get("rowspan", "1")), across


def _count(written: str) -> int:
    match = re.match(r"\s{0,9}([0-9]{1,7})", written)
    return int(match[1]) if match else 1
