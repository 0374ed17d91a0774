"""Numbers of a workbook as they are shown: by the number format of their cell, without the noise of floats."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

# The formats that a workbook names by number only; dates are told by the reader of the workbook.
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0_);(#,##0)", 38: "#,##0_);(#,##0)",
    39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);(#,##0.00)", 41: '#,##0_ ;-#,##0_ ;"-"_ ;@',
    42: '#,##0_ ;-#,##0_ ;"-"_ ;@', 43: '#,##0.00_ ;-#,##0.00_ ;"-"??_ ;@', 44: '#,##0.00_ ;-#,##0.00_ ;"-"??_ ;@',
}  # fmt: skip

_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|[_*].|\[\$([^\]-]*)[^\]]*\]|\[(?:Red|Black|Blue|Green|White|红色|黑色)\]', re.I | re.S
)
_BODY = re.compile(r"([^0#?.,%]*)([0#?,]*)(?:\.([0#?]*))?(%?)([^0#?.,%]*)")
_GUARD = str.maketrans({c: chr(0xE000 + ord(c)) for c in map(chr, range(32, 127))})
_UNGUARD = {0xE000 + code: chr(code) for code in range(32, 127)}
# What would ask for a date, a fraction, an exponent, a condition or General: shown as the number it is.
_UNKNOWN = re.compile(r"[a-z/\[\]!<>=]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """How one section of a number format shows a number: `digits` at least before the point, and after it."""

    before: str
    digits: int
    grouped: bool
    least: int
    most: int
    percent: bool
    after: str


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
    sections = _sections(number_format) if number_format else ()
    if sections:
        section = sections[0]
        if number < 0 and len(sections) > 1:
            section = sections[1]
        elif not number and len(sections) > 2:
            section = sections[2]
        if isinstance(section, str):
            return section
        if section is not None:
            return _shaped(number, section)
    return format(number.normalize() + 0, "f")


def _shaped(number: Decimal, shape: Shape) -> str:
    number = (number * 100 if shape.percent else number).quantize(Decimal(1).scaleb(-shape.most), ROUND_HALF_UP)
    whole, _, rest = format(abs(number), ",f" if shape.grouped else "f").partition(".")
    while len(rest) > shape.least and rest.endswith("0"):
        rest = rest[:-1]
    text = whole.zfill(shape.digits) + (f".{rest}" if rest else "")
    return f"{'-' if number < 0 else ''}{shape.before}{text}{'%' if shape.percent else ''}{shape.after}"


@lru_cache(maxsize=1024)
def _sections(number_format: str) -> tuple[Shape | str | None, ...]:
    """Return the sections for positive, negative and zero: a shape, a fixed text, or None where not understood."""
    # A literal goes through as characters that mean nothing in a format, and comes back at the end.
    plain = _TOKEN.sub(lambda m: (m[1] or m[2] or m[3] or "").translate(_GUARD), number_format[:255])
    return tuple(_section(part, index) for index, part in enumerate(plain.split(";")[:3]))


def _section(part: str, index: int) -> Shape | str | None:
    if _UNKNOWN.search(part) or "@" in part:
        return None
    if index and not re.search(r"[0#]", part):
        return re.sub(r"[?\s]", "", part).translate(_UNGUARD)
    # The sign is written from the number itself.
    body = _BODY.fullmatch(re.sub(r"[\s()]", "", part).lstrip("+-"))
    if body is None or not re.search(r"[0#]", body[2] + (body[3] or "")) or body[2].endswith(","):
        return None
    decimals = body[3] or ""
    return Shape(
        body[1].translate(_UNGUARD).strip("()-+ "), max(body[2].count("0"), 1), "," in body[2], decimals.count("0"),
        len(decimals), bool(body[4]), body[5].translate(_UNGUARD).strip("() "),
    )  # fmt: skip
