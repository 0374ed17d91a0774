"""The characters of a page with their places, and the lines that they make."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple


class Glyph(NamedTuple):
    """A visible character: its left and right border, its baseline and the size of its font, in points.

    Coordinates are those of the page as it is read: x grows to the right, y upwards.
    """

    text: str
    left: float
    right: float
    base: float
    size: float


class Line(NamedTuple):
    """Characters of one baseline from left to right, with the spaces that their gaps stand for."""

    text: str
    left: float
    right: float
    base: float
    size: float
    pieces: tuple[tuple[float, float, str], ...]


class Turn(NamedTuple):
    """How the coordinates of a page are turned so that its text is upright."""

    degrees: int
    width: float
    height: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the stored page lies on the page as it is read."""
        if self.degrees == 90:
            return y, self.width - x
        if self.degrees == 180:
            return self.width - x, self.height - y
        if self.degrees == 270:
            return self.height - y, x
        return x, y


# Control characters, the soft hyphen of a line end and the place holders that pdfium gives for no character.
_UNSEEN = frozenset((*range(0x21), 0x7F, 0xA0, 0xAD, 0x3000, 0x200B, 0xFEFF, 0xFFFE, 0xFFFF))
# Fonts that share one glyph among several characters name the radical: ⽀ (U+2F40) stands for 支, ⻋ (U+2ECB) for 车.
_RADICALS = dict(
    zip(
        "⺁⺇⺊⺌⺍⺕⺗⺝⺟⺠⺩⺫⺮⺯⺶⺷⺻⺼⻁⻂⻄⻅⻆⻇⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻞⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻲⻳",
        "厂几卜小小彐心月母民王目竹糸羊羊聿肉虎衤西见角角言贝车辶辶辶邑钅長镸长门阜青韦页风飞食食飠马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龟龟",
        strict=True,
    )
) | {
    chr(code): unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFADA))
    if len(unicodedata.normalize("NFKC", chr(code))) == 1
}  # fmt: skip
# Radians by which the text of a page may lean; points by which it may stand off the page.
_SLANTED, _OFF = 0.1, 2.0
# A gap of this part of the font size parts two Latin words or two numbers; a wider one any two characters.
_WORD_GAP, _GAP = 0.15, 0.6
# Characters whose baselines differ by less than this part of the font size stand on one line.
_SAME_LINE = 0.35
# Words that are written with their two characters spread over a cell.
_SPREAD = frozenset(
    [
        "合计",
        "总计",
        "小计",
        "项目",
        "单位",
        "名称",
        "编码",
        "科目",
        "收入",
        "支出",
        "备注",
        "金额",
        "合計",
        "總計",
        "小計",
        "項目",
    ]
)
# A gap of this many font sizes parts two pieces of a line, which may be cells of a table without rules.
_PIECE_GAP = 1.3


def glyphs_of(textpage: Any, turn: Turn) -> tuple[list[Glyph], str]:
    """Return the characters of a page that stand upright on it, and the text that does not (a watermark, off the page)."""
    import pypdfium2.raw as pdfium

    page, found, apart = textpage.raw, [], []
    upright = math.radians((360 - turn.degrees) % 360)
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    box_at, x_at, y_at = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    for index in range(pdfium.FPDFText_CountChars(page)):
        code = pdfium.FPDFText_GetUnicode(page, index)
        if code in _UNSEEN or not pdfium.FPDFText_GetLooseCharBox(page, index, box_at):
            continue
        pdfium.FPDFText_GetCharOrigin(page, index, x_at, y_at)
        char = chr(code)
        char = _RADICALS.get(char, char)
        slant = abs(pdfium.FPDFText_GetCharAngle(page, index) - upright) % math.tau
        inside = -_OFF < x.value < turn.width + _OFF and -_OFF < y.value < turn.height + _OFF
        if _SLANTED < slant < math.tau - _SLANTED or not inside:
            apart.append(char)
            continue
        if turn.degrees:
            left, low = turn.point(box.left, box.bottom)
            right, high = turn.point(box.right, box.top)
            _, base = turn.point(x.value, y.value)
            found.append(Glyph(char, min(left, right), max(left, right), base, abs(high - low)))
        else:
            found.append(Glyph(char, box.left, box.right, y.value, box.top - box.bottom))
    return found, "".join(apart)


def angle_of(textpage: Any) -> int:
    """Return by how many degrees to the right a page must be turned for most of its text to be upright."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFText_CountChars(textpage.raw)
    votes = [0, 0, 0, 0]
    for index in range(0, count, max(count // 40, 1)):
        if pdfium.FPDFText_GetUnicode(textpage.raw, index) not in _UNSEEN:
            angle = pdfium.FPDFText_GetCharAngle(textpage.raw, index)
            votes[round(angle / 1.5707963) % 4] += 1
    return (360 - 90 * votes.index(max(votes))) % 360 if any(votes) else 0


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Return the lines that the characters make, from the top of the page to its foot."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: -g.base):
        if rows and rows[-1][0].base - glyph.base <= _SAME_LINE * min(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [_line(row) for row in rows]


def _line(row: list[Glyph]) -> Line:
    row.sort(key=lambda g: g.left)
    pieces: list[tuple[float, float, str]] = []
    text: list[str] = [row[0].text]
    begin, last = row[0].left, row[0]
    for glyph in row[1:]:
        if glyph.text == last.text and glyph.left - last.left < 0.1 * glyph.size:
            continue  # drawn twice, a little apart, to look bold
        gap = glyph.left - last.right
        numbers = last.text.isdigit() and glyph.text.isdigit() and gap > _WORD_GAP * glyph.size
        if gap > _PIECE_GAP * glyph.size or numbers:
            pieces.append((begin, last.right, "".join(text)))
            begin, text = glyph.left, []
        elif gap > (_WORD_GAP if _is_word(last.text) and _is_word(glyph.text) else _GAP) * glyph.size:
            text.append(" ")
        text.append(glyph.text)
        last = glyph
    pieces.append((begin, last.right, "".join(text)))
    pieces = _spread(pieces)
    sizes = sorted(g.size for g in row)
    return Line(
        " ".join(piece[2] for piece in pieces),
        row[0].left,
        last.right,
        row[0].base,
        sizes[len(sizes) // 2],
        tuple(pieces),
    )


def _spread(pieces: list[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """Return the pieces with a word that is spread over its cell (合 计, 项 目) as one."""
    joined: list[tuple[float, float, str]] = []
    for left, right, text in pieces:
        last = joined[-1] if joined else None
        if last and last[2] + text in _SPREAD and left - last[1] < 6 * (right - left):
            joined[-1] = (last[0], right, last[2] + text)
        else:
            joined.append((left, right, text))
    return joined


def _is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def wrapped_text(glyphs: Sequence[Glyph], left: float, right: float) -> str:
    """Return the text of a cell from `left` to `right`: its lines joined where they were wrapped.

    Two numbers one above the other stay two, unless the upper one fills the cell.
    """
    text, last = "", None
    for line in lines_of(glyphs):
        if last and _is_word(text[-1]) and _is_word(line.text[0]):
            room = (right - left) - (last.right - last.left)
            both = text[-1].isalpha() and line.text[0].isalpha()
            text += " " if both or room > 1.5 * line.size else ""
        text += line.text
        last = line
    return text
