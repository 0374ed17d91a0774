"""What stands above a table: its title and its unit."""

from __future__ import annotations

import re

_MONEY = r"(?:人民[币幣])?((?:亿|億|百万|百萬|千|万|萬)?元)"
UNIT = re.compile(
    rf"(?:金额|金額|计量|計量)?单[ \u3000]?位[ \u3000]?[:：][ \u3000]*{_MONEY}|單位[ \u3000]?[:：][ \u3000]*{_MONEY}|[（(](?:金额)?单位{_MONEY}[)）]"
)
"""A unit line (单位：万元); the unit is the one group that matched."""
_STATED = re.compile(rf"单位(?:均|统一|一律)?[为是][“\"]?{_MONEY}")
IN_HEADER = re.compile(rf"[（(](?:金额)?(?:单位)?[:：]?{_MONEY}[)）]|{UNIT.pattern}")
"""A unit inside a header cell: 预算数（万元）."""
TITLE = re.compile(r"(?:表|情况|明细|清单)(?:[ \u3000]?[（(][^（）()]{1,20}[)）])?[ \u3000]?$")
"""How the title of a table ends."""
_NUMBER = re.compile(
    r"附?表[ \u3000]?[一二三四五六七八九十0-9-]{1,4}[:：]?|公开[0-9]{1,2}表|附件[0-9一二三]{0,2}|续表|[（(]续[)）]"
)
_NUMBERED = re.compile(r"附?表[ \u3000]?[一二三四五六七八九十0-9]{1,3}[ \u3000]?[:：]")
# Behind the name of the body on one line: 某局 预算公开05表 单位：万元.
_NUMBERED_AT_END = re.compile(r"[ \t\u3000](?:预算|决算)?公开[0-9]{1,2}表$")
_LABELLED = re.compile(r"[^：:]{2,12}[：:]")
_EMPTY = re.compile(r"[（(][ \u3000]{0,3}[)）]")
_LINES, _REACH = 7, 600
_LONGEST_TITLE = 60
# What no row of a table goes over, and how far its rows go beyond what is read of it.
_BORDER = re.compile(r"[，。；：]|\n[^\n]{2,40}表[ \u3000]?\n")
_FARTHEST = 3000


def around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return from where to where lines around a table may be rows of it: between clauses, unit lines and other tables' titles."""
    above = [found.end() for found in _BORDER.finditer(text, max(0, start - _FARTHEST), start)]
    below = _BORDER.search(text, end, end + _FARTHEST)
    first = above[-1] if above else max(0, start - _FARTHEST)
    return min(first, start), below.start() if below else min(end + _FARTHEST, len(text))


def unit_in(text: str) -> str | None:
    """Return the unit that a unit line or a header cell names, None where it names none."""
    match = IN_HEADER.search(text)
    return next(filter(None, match.groups()), None) if match else None


def lines_above(text: str, start: int, floor: int) -> list[str]:
    """Return the last lines with text before `start`, nearest first, none from before `floor`."""
    floor = max(floor, start - _REACH)
    lines = [re.sub(r"[ \t\u3000]{2,}", " ", line.strip()) for line in text[floor:start].split("\n")]
    return [line for line in reversed(lines) if line][:_LINES]


def title_above(lines: list[str]) -> str | None:
    """Return the title among the lines above a table, nearest first: the first that ends as titles do."""
    for line in lines:
        plain = _NUMBERED_AT_END.sub("", _EMPTY.sub("", UNIT.sub("", line)).strip(" \t\u3000：:#*"))
        if not plain or _NUMBER.fullmatch(plain) or (_LABELLED.match(plain) and not _NUMBERED.match(plain)):
            continue
        if len(plain) > _LONGEST_TITLE or plain.endswith(("。", "；", "，", "：")) or "\t" in plain:
            return None
        if TITLE.search(plain):
            return plain
    return None


def unit_above(lines: list[str]) -> str | None:
    """Return the unit among the lines above a table, nearest first."""
    return next((unit for line in lines[:5] if len(line) <= _LONGEST_TITLE + 20 and (unit := unit_in(line))), None)


def unit_stated(text: str, start: int) -> str | None:
    """Return the unit that the text before a table states for its tables (单位均为万元), the last one."""
    stated = None
    for match in _STATED.finditer(text, max(0, start - 20_000), start):
        stated = match[1]
    return stated
