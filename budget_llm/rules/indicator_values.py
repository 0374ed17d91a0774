"""What an indicator's cell holds: an operator, one number, its unit. Dates, ranges and lists hold no such number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.lexicon import of_lexicon, unit_words
from budget_llm.quantities import parse_number

OPERATORS = {
    "≥": "≥", "大于等于": "≥", "不低于": "≥", "不少于": "≥", "不小于": "≥", ">=": "≥", "≧": "≥", "＞＝": "≥",
    "≤": "≤", "小于等于": "≤", "不高于": "≤", "不超过": "≤", "不大于": "≤", "<=": "≤", "≦": "≤",
    ">": ">", "＞": ">", "大于": ">", "<": "<", "＜": "<", "小于": "<", "=": "=", "＝": "=", "等于": "=", "定性": "定性",
}  # fmt: skip
_VALUE = re.compile(
    r"(?:已|实际)?(?:完成|达到|达)?[ \u3000]?"
    r"(?P<sign>" + "|".join(sorted(map(re.escape, OPERATORS), key=len, reverse=True)) + r")?\s?"
    r"(?P<number>[0-9０-９][0-9０-９,，]*(?:[.．][0-9０-９]+)?)\s?"
)
_UNIT = re.compile(r"[^0-9０-９\s，。；;、]{0,12}")
_DIGIT = re.compile(r"[0-9０-９]")
# What follows a number that is one of several (90%-95%, 3:1) or only counts an item of a list (1.新建…).
_GOES_ON = re.compile(r"[.．、，,。;；:：~～—–至到/-]")
_DATE = re.compile(r"20[0-9]{2}[ \u3000]?[年./-]|[0-9]{1,2}月")
_BOUNDS = (
    (re.compile(r"(?:[（(]含[)）])?(?:及|含)?以上$"), "≥"),
    (re.compile(r"(?:[（(]含[)）])?(?:及|含)?(?:以[内下]|之内)$|(?<=[日天月年时钟])内$"), "≤"),
    (re.compile(r"左右$"), None),
)
_LONGEST_UNIT = 6


@dataclass(frozen=True, slots=True)
class Value:
    """A number with the operator before it or told behind it (95%以上) and its unit; offsets are those of the cell."""

    number: Decimal
    start: int
    end: int
    operator: str | None
    unit: str | None


def is_date(text: str) -> bool:
    """Whether the text of a cell holds a date, and so no number."""
    return _DATE.search(text) is not None


def has_digits(text: str) -> bool:
    """Whether the text of a cell holds digits."""
    return _DIGIT.search(text) is not None


def value_in(text: str) -> Value | None:
    """Return the one number that the text of a cell states, None where it states none or several."""
    match = None if is_date(text) else _VALUE.match(text)
    if match is None:
        return None
    behind = text[match.end() :]
    if _GOES_ON.match(behind) or has_digits(behind):
        return None
    number = parse_number(match["number"])
    assert number is not None
    written = _UNIT.match(behind)
    unit = written[0] if written else ""
    operator = OPERATORS.get(match["sign"] or "")
    for pattern, bound in _BOUNDS:
        if found := pattern.search(unit):
            unit, operator = unit[: found.start()], operator or bound
    return Value(number, match.start("number"), match.end("number"), operator, _named(unit))


def _named(unit: str) -> str | None:
    """Return what is written behind a number as its unit: % for a percentage, the unit alone where a clause follows it."""
    if unit[:1] in ("%", "％"):
        return "%"
    counted = _counted().match(unit) if len(unit) > _LONGEST_UNIT and "/" not in unit else None
    return (counted[0] if counted else unit) or None


@of_lexicon
def _counted() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(unit_words()["count"], key=len, reverse=True)))
