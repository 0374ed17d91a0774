"""Numbers of a workbook as they are shown: by the number format of their cell, without the noise of floats."""

from __future__ import annotations

import datetime
import operator
import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

# The formats that a workbook names by number only; dates are told by the reader of the workbook.
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0_);(#,##0)", 38: "#,##0_);(#,##0)",
    39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);(#,##0.00)", 41: '#,##0_ ;-#,##0_ ;"-"_ ;@',
    42: '#,##0_ ;-#,##0_ ;"-"_ ;@', 43: '#,##0.00_ ;-#,##0.00_ ;"-"??_ ;@', 44: '#,##0.00_ ;-#,##0.00_ ;"-"??_ ;@',
}  # fmt: skip

_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|[_*].|\[\$([^\]-]*)[^\]]*\]'
    # Colours and numerals: [Red], [Color10], [红色], [DBNum1]; not [h] and [mm], which tell a time.
    r"|\[(?:[a-z]{3,7}|color\s?[0-9]{1,2}|[一-龥]{1,3}[0-9]{0,2}|DBNum[0-9])\]", re.I | re.S
)  # fmt: skip
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s{0,4}(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)\]")
_GENERAL = re.compile(r"General|G/通用格式", re.I)
_PLAIN = "\uf8ff"  # stands for General
_BODY = re.compile(r"([^0#?.,%]*)([0#?,]*)(?:\.([0#?]*))?(,{0,3})(%?)([^0#?.,%]*)")
_GUARD = str.maketrans({c: chr(0xE000 + ord(c)) for c in map(chr, range(32, 127))})
_UNGUARD = {0xE000 + code: chr(code) for code in range(32, 127)}
# What would ask for a date, a fraction, an exponent or an escape of another language: shown as the number it is.
_UNKNOWN = re.compile(r"[a-z/\[\]!<>=]", re.IGNORECASE)
_UNIT = re.compile(r"[^0-9#?.,%@a-zA-Z/\[\]!<>=\s()+-]{1,20}$")
_COMPARE = {
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
}
_WIDE = Context(prec=1_000, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Shape:
    """How one section of a number format shows a number: `digits` at least before the point, and after it.

    The number is divided by 1,000 `scale` times; a `plain` one has the digits that it has.
    """

    before: str
    digits: int
    grouped: bool
    least: int
    most: int
    percent: bool
    after: str
    scale: int = 0
    plain: bool = False


@dataclass(frozen=True, slots=True)
class _Section:
    """A section of a number format: a shape, a fixed text or None where not understood, and for which numbers."""

    shows: Shape | str | None
    compare: str = ""
    bound: Decimal = Decimal(0)

    def holds(self, number: Decimal) -> bool:
        return not self.compare or bool(_COMPARE[self.compare](number, self.bound))


def shown(value: object, number_format: str | None = None) -> str:
    """Return the value of a cell as text: `number_format` where it is understood, else the plain number.

    A negative number keeps its minus sign where the format would bracket it; dates are YYYY-MM-DD.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _number(value: float, number_format: str | None) -> str:
    # Fifteen digits are what a workbook shows at most; what is beyond them is noise of the float.
    number = Decimal(format(value, ".15g"))
    if not number.is_finite():
        return str(value)
    shows = _shows(_sections(number_format), number) if number_format else None
    if isinstance(shows, str):
        return shows
    if shows is not None:
        return _shaped(number, shows)
    return format(number.normalize() + 0, "f")


def _shows(sections: tuple[_Section, ...], number: Decimal) -> Shape | str | None:
    """Return what the section for a number says: those for positive, negative and zero, or by their conditions."""
    if any(section.compare for section in sections):
        return next((section.shows for section in sections if section.holds(number)), None)
    at = 1 if number < 0 and len(sections) > 1 else 2 if not number and len(sections) > 2 else 0
    return sections[at].shows if sections else None


def _shaped(number: Decimal, shape: Shape) -> str:
    number = number.scaleb(2 * shape.percent - 3 * shape.scale)
    if shape.plain:
        text = format(abs(number.normalize()), "f")
    else:
        number = number.quantize(Decimal(1).scaleb(-shape.most), context=_WIDE)
        whole, _, rest = format(number.copy_abs(), ",f" if shape.grouped else "f").partition(".")
        while len(rest) > shape.least and rest.endswith("0"):
            rest = rest[:-1]
        text = whole.zfill(shape.digits) + (f".{rest}" if rest else "")
    return f"{'-' if number < 0 else ''}{shape.before}{text}{'%' if shape.percent else ''}{shape.after}"


@lru_cache(maxsize=1024)
def _sections(number_format: str) -> tuple[_Section, ...]:
    # A literal goes through as characters that mean nothing in a format, and comes back at the end.
    plain = _TOKEN.sub(lambda m: (m[1] or m[2] or m[3] or "").translate(_GUARD), number_format[:255])
    sections = []
    for index, part in enumerate(_GENERAL.sub(_PLAIN, plain).split(";")[:3]):
        condition = _CONDITION.search(part)
        shows = _section(_CONDITION.sub("", part), index)
        if condition is None:
            sections.append(_Section(shows))
        else:
            # A word before the number would say again what the minus sign says.
            shows = replace(shows, before="") if isinstance(shows, Shape) else shows
            sections.append(_Section(shows, condition[1], Decimal(condition[2])))
    return tuple(sections)


def _section(part: str, index: int) -> Shape | str | None:
    if "@" in part:
        return None
    if index and not re.search(rf"[0#{_PLAIN}%]", part) and not _UNKNOWN.search(part):
        return re.sub(r"[?\s]", "", part).translate(_UNGUARD)
    # The sign is written from the number itself.
    text = re.sub(r"[\s()]", "", part).lstrip("+-")
    before, general, after = text.partition(_PLAIN)
    if general and not re.search(r"[0#?.,%]", before + after) and not _UNKNOWN.search(before + after):
        return Shape(before.translate(_UNGUARD), 1, False, 0, 0, False, after.translate(_UNGUARD), plain=True)
    body = None if general or _UNKNOWN.search(text) else _BODY.fullmatch(text)
    if body is None or not re.search(r"[0#]", body[2] + (body[3] or "")):
        return _guessed(text)
    whole = body[2].rstrip(",")
    decimals = body[3] or ""
    return Shape(
        body[1].translate(_UNGUARD).strip("()-+ "), max(whole.count("0"), 1), "," in whole, decimals.count("0"),
        len(decimals), bool(body[5]), body[6].translate(_UNGUARD).strip("() "),
        len(body[2]) - len(whole) + len(body[4]),
    )  # fmt: skip


def _guessed(part: str) -> Shape | None:
    """Return what is certain of a section that is not understood: that it shows percent, and the unit at its end."""
    places = re.search(r"[0#?]\.([0#?]{0,30})", part)
    decimals = places[1] if places else ""
    if "%" in part:
        return Shape("", 1, False, decimals.count("0"), len(decimals), True, "", plain=_PLAIN in part)
    unit = _UNIT.search(part)
    if unit is None or not re.search(rf"[0#?{_PLAIN}]", part):
        return None
    return Shape("", 1, False, 0, 0, False, unit[0].translate(_UNGUARD), plain=True)
