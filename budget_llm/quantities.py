"""Written numbers and their units: found in text, turned into exact decimals.

The text is never changed: a `Quantity` keeps the offsets of the number as it stands there. Full-width
digits, thousands separators, numbers broken by a line break and the letter O for a zero are read as
what they mean; values are `Decimal` in the unit of the source, never floats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.lexicon import of_lexicon, unit_words

_DIGIT = "[0-9０-９]"
# 3 100.48万元: groups of three parted by a space, where Chinese stands before and a money unit behind.
_SPACED = rf"(?<=[\u4e00-\u9fff]){_DIGIT}{{1,3}}(?: {_DIGIT}{{3}})+(?:[.．]{_DIGIT}+)?(?=\s*(?:亿|百万|千|万)?元)"
_WIDE = r"[０-９]{1,3}(?:，[０-９]{3})+(?:[.．][０-９]+)?"
# A separator counts only between groups of three; a full-width comma only where decimals follow,
# because in "有3，100人" it separates clauses.
_GROUPED = rf"{_DIGIT}{{1,3}}(?:,{_DIGIT}{{3}})+(?:[.．]{_DIGIT}+)?|{_DIGIT}{{1,3}}(?:，{_DIGIT}{{3}})+[.．]{_DIGIT}+"
# A page or line break may part a number at its point, or between two digits when a money unit follows.
_BROKEN = (
    rf"{_DIGIT}+[.．][ \u3000]*\r?\n\s*{_DIGIT}{{1,2}}(?=\s*(?:亿|百万|千|万)?元)"
    rf"|(?<=[\u4e00-\u9fff：:]){_DIGIT}+\r?\n{_DIGIT}*[.．]{_DIGIT}+(?=\s*(?:亿|百万|千|万)?元)"
)
# The letter O for a zero, alone or among digits, where a money unit follows.
_WITH_O = r"(?<![A-Za-z])[0-9０-９]{0,9}[OＯo][0-9０-９OＯo.．]{0,9}(?=\s*(?:亿|百万|千|万)元)"
# A dash behind a word is no minus (基本支出-60万元), but behind one for what may be below zero (年末结转和结余-2万元).
_MINUS = (
    r"(?:(?<![^\s:：,，（(|为是率长降幅])|(?<=[较年]变动)|(?<=[较年]变化)|(?<=[（(，]变动)|(?<=(?:完成|实际)值)"
    r"|(?<=结[转余])|(?<=[差余]额)|(?<=增减)|(?<=增减额))[-－−]"
)
NUMBER = re.compile(rf"(?:{_MINUS})?(?:{_BROKEN}|{_SPACED}|{_WIDE}|{_WITH_O}|{_GROUPED}|{_DIGIT}+(?:[.．]{_DIGIT}+)?)")

MONEY_UNITS = (
    "亿元", "百万元", "千万元", "万元", "千元", "元", "亿", "万", "億元", "萬元", "百萬元", "萬",
)  # fmt: skip
POINT_UNITS = ("个百分点", "個百分點")
PERCENT_UNITS = ("%", "％", *POINT_UNITS)


def _any_of(units: tuple[str, ...]) -> str:
    return "|".join(re.escape(u) for u in sorted(units, key=len, reverse=True))


@of_lexicon
def _unit_pattern() -> re.Pattern[str]:
    """Return what a unit is: one of money may stand behind a page break, a measure word behind one line break at most."""
    foreign = tuple(scale + money for scale in ("", "万", "亿") for money in unit_words()["foreign"])
    measures = _any_of(PERCENT_UNITS + foreign + unit_words()["count"])
    return re.compile(rf"[ \u3000]{{0,4}}\n?[ \u3000]{{0,4}}({measures})|\s{{0,12}}(?:人民币)?({_any_of(MONEY_UNITS)})")


@of_lexicon
def _count_pattern() -> re.Pattern[str]:
    return re.compile(_any_of(unit_words()["count"]))


_YUAN_BEHIND = re.compile(r"\s{0,12}元")
# How a unit that is cut short or written in another width is named.
_UNIT_NAMES = {"万": "万元", "亿": "亿元", "萬": "萬元", "％": "%"}
YUAN = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "萬元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "百萬元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿元": Decimal(100_000_000),
    "億元": Decimal(100_000_000),
}
_NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SEPARATORS = re.compile(r"[\s,，]")
_LIKE_DIGITS, _LIKE_ZERO = re.compile(r"[-0-9OＯo.]+"), re.compile("[OＯo]")
_NUMERAL = re.compile(r"[零〇一二三四五六七八九两兩]?十?[一二三四五六七八九]?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－−", "0123456789.--")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands in a text: `text[start:end]` is the number, its unit ends at `unit_end`."""

    text: str
    start: int
    end: int
    value: Decimal
    unit: str | None
    unit_end: int

    @property
    def is_money(self) -> bool:
        """Whether the unit is one of currency."""
        return self.unit in YUAN

    @property
    def is_percent(self) -> bool:
        """Whether the number is a percentage."""
        return self.unit in PERCENT_UNITS


def parse_number(written: str) -> Decimal | None:
    """Return the exact value of a written number, or None where it is not one.

    Accepts separators, full-width digits, inner line breaks, a sign, Chinese numerals below one hundred.
    """
    if _PLAIN.fullmatch(written):  # most are
        return Decimal(written)
    plain = _SEPARATORS.sub("", written.translate(_FULL_WIDTH))
    if _LIKE_DIGITS.fullmatch(plain):
        plain = _LIKE_ZERO.sub("0", plain)
    return Decimal(plain) if _PLAIN.fullmatch(plain) else numeral(plain)


def numeral(written: str) -> Decimal | None:
    """Return the value of a Chinese numeral below one hundred ("七", "十二", "二十"), or None."""
    if not written or not _NUMERAL.fullmatch(written):
        return None
    tens, ten, ones = written.partition("十")
    if not ten:
        return Decimal(_NUMERALS[written]) if len(written) == 1 else None
    return Decimal((_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0))


def unit_after(text: str, position: int) -> tuple[str | None, int]:
    """Return the unit that follows `position` and the offset where it ends; (None, position) without one."""
    found = _unit_pattern().match(text, position)
    if not found:
        return None, position
    unit = found.group(1) or found.group(2)
    if unit in ("分", "所", "起", "种", "支", "期") and not _alone(text, found.end()):
        return None, position
    if unit in ("万", "亿", "萬", "億"):
        if rest := _YUAN_BEHIND.match(text, found.end()):
            return unit + "元", rest.end()
        if counted := _count_pattern().match(text, found.end()):  # 2.8万平方米, 1.2万册
            return unit + counted.group(), counted.end()
    return _UNIT_NAMES.get(unit, unit), found.end()


def _alone(text: str, position: int) -> bool:
    """Whether a one-character measure word ends its clause, so that it is not the start of another word."""
    return re.match(r"[\s，。；、）)：,;]|权重|和[0-9]|$", text[position : position + 2]) is not None


def find_quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """Return every written number in `text[start:end]` with its unit, in order; Chinese numerals excepted."""
    end = len(text) if end is None else end
    found = []
    for match in NUMBER.finditer(text, start, end):
        value = parse_number(match.group())
        if value is not None:
            unit, unit_end = unit_after(text, match.end())
            found.append(Quantity(match.group(), match.start(), match.end(), value, unit, unit_end))
    return found


# The head of a torn number before its tail (15 70.35万元, 1,23.45万元), the first half of a range or of a compound.
_TORN_BEFORE = re.compile(
    r"[0-9０-９][ \u3000,]$|[0-9０-９]\r?\n\s*$|[0-9０-９]\s?(?:[万亿千]?元|[%％])?[-－—~～至]$|[0-9０-９]\s?[亿万]$"
)
_WIDE_COMMA = re.compile(r"[0-9０-９]，$")
# What makes a number vague or the first half of something: 3万余元, 5万元-10万元, 1亿2000万元.
_TORN_BEHIND = re.compile(
    r"\s?[亿万千]?(?:[余多]|元?\s?[-－—~～至]\s?[0-9０-９]|[0-9０-９])|[%％][-－—~～至][0-9０-９]"
)


def is_torn(text: str, quantity: Quantity) -> bool:
    """Whether a number may be only a part of what is meant (a tail, a half of a range, 三万余): its value is not known."""
    if quantity.unit is None:
        return False
    before = text[max(0, quantity.start - 6) : quantity.start]
    if _WIDE_COMMA.search(before):
        return re.fullmatch(r"[0-9]{3}(?:\.[0-9]+)?", quantity.text) is not None
    behind = _TORN_BEHIND.match(text, quantity.end) if quantity.is_money or quantity.is_percent else None
    return behind is not None or _TORN_BEFORE.search(before) is not None


_NUMERAL_COUNT = re.compile(
    r"(?<![一二三四五六七八九十百千第两○〇几数])([一二三四五六七八九两兩]?十?[一二三四五六七八九]|[一二三四五六七八九]?十|两|兩)(?=(个|個|名|家|辆|輛|人(?![员才口数均]))|[市区县省州局厅]级)"
)


def find_numeral_counts(text: str, start: int, end: int) -> list[Quantity]:
    """Return the counts written in Chinese numerals ("内设机构七个", "四个直属单位") in `text[start:end]`."""
    found = []
    for match in _NUMERAL_COUNT.finditer(text, start, end):
        value = numeral(match.group(1))
        if value is not None:
            unit, unit_end = unit_after(text, match.end())
            found.append(Quantity(match.group(1), match.start(1), match.end(1), value, unit or "个", unit_end))
    return found


# 九百一十二万元: an amount in Chinese numerals, which is found and not read.
NUMERAL_AMOUNT = re.compile(
    r"(?<![0-9０-９.,第])[一二三四五六七八九两十][一二三四五六七八九两十百千零〇点]{0,24}(?:百|千|万|亿){0,2}元"
)


def quantum(value: Decimal) -> Decimal:
    """Return half a unit in the last written digit of `value`: what rounding may have taken or added."""
    return Decimal((0, (5,), int(value.as_tuple().exponent) - 1))


def in_yuan(value: Decimal, unit: str | None) -> Decimal | None:
    """Return an amount in 元, or None where the unit is not one of currency."""
    factor = YUAN.get(unit or "")
    return None if factor is None else value * factor
