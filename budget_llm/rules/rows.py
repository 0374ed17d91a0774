"""What a row of a table is about: its label without ordinals, its classification code, whether it is a total."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from budget_llm.normal_form import normalise
from budget_llm.rules.columns import Group
from budget_llm.tables import Cell

_ORDINAL = re.compile(
    r"其中[:：]?|附[:：]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}(?:[、．]|[.](?![0-9]))|[-—－*★]+"
)
_CODE = re.compile(r"([2-5][0-9]{2}(?:[0-9]{2}){0,2})(?![0-9])[ \u3000-]*")
_TOTAL = re.compile(r"(?:本年)?(?:收入|支出|收支)?(?:预算|决算)?(?:合计|总计|总额|小计|共计)(?:数)?")
_PARTIAL = re.compile(r"小计|合计")
_BESIDE = re.compile(r"(?:单位|部门)(?:名称)?$|(?:依据|理由|原因|措施|来源|方式|用途|内容|说明)$")
_BLANK = re.compile(r"[-—－/\\\s\u3000*]*")


@dataclass(frozen=True, slots=True)
class Row:
    """The label of a row as written without layout spaces and ordinals, normalised (`words`), and its code.

    `ordinal` is what numbers it in its list (二十一、).
    """

    label: str
    words: str
    code: str | None
    inner: bool
    ordinal: str = ""

    @property
    def is_total(self) -> bool:
        """Whether the row sums up the rows around it."""
        return _TOTAL.fullmatch(self.words) is not None


def row_of(cells: Mapping[int, Cell], group: Group, above: str | None) -> Row:
    """Return what the cells (by column) of one row name in a group of columns; `above` is the code of the row before."""
    pieces = ["".join(cells[c.number].text.split()) if c.number in cells else "" for c in group.codes]
    code = _code(pieces, above)
    written = _names(cells, group)
    if code is None:  # a code column may hold code and name together, or only a name
        written = [piece for piece in pieces if piece] + written
    named = [w for w in written if not _BLANK.fullmatch(w)]
    if len(named) > 1 and _PARTIAL.fullmatch(normalise(named[-1])):  # 其他资金 | 小计
        named.pop()
    text = named[-1] if named else ""
    inner = text.startswith("其中") or re.match(r"[（(]|[0-9]{1,2}[.、．]|[-—]", text) is not None
    written_label = "".join(text.split())
    label = _without_ordinals(written_label)
    ordinal = written_label[: len(written_label) - len(label)]
    if code is None and (match := _CODE.match(label)):
        code, label = match[1], label[match.end() :]
    return Row(label, normalise(label), code, inner, ordinal)


def _names(cells: Mapping[int, Cell], group: Group) -> list[str]:
    """Return the texts of the label cells; who carries an item out, or why, stands aside where another cell names it."""
    filled = [c for c in group.labels if c.number in cells and not _BLANK.fullmatch(cells[c.number].text)]
    naming = [c for c in filled if not _BESIDE.search(normalise(c.path[-1]) if c.path else "")]
    named = any(not _PARTIAL.fullmatch(normalise(cells[c.number].text)) for c in naming)
    return [cells[c.number].text for c in (naming if named else filled)]


def _code(pieces: list[str], above: str | None) -> str | None:
    """Return the code of one cell, or of 类, 款 and 项 in cells of their own (301 and 2 make 30102).

    A 类 or 款 that is written only once stands for the rows below it too.
    """
    if len(pieces) == 1:
        return pieces[0] if _CODE.fullmatch(pieces[0]) else None
    code = ""
    for level, piece in enumerate(pieces):
        length = 3 + 2 * level
        if not piece:
            later = any(pieces[level + 1 :])
            if later and above and len(above) >= length and above.startswith(code):
                code = above[:length]
            continue
        if not piece.isdigit():
            return None
        code = piece if len(piece) == length else code + piece.zfill(2)
    return code if _CODE.fullmatch(code) else None


def _without_ordinals(label: str) -> str:
    while match := _ORDINAL.match(label):
        if match.end() == len(label):
            break
        label = label[match.end() :]
    return label
