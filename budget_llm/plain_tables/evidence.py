"""What tells a table from prose, headings, lists and contents: the shapes of its cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from budget_llm.plain_tables.lines import Piece

_NUMBER = re.compile(
    r"[-+－＋−]?[(（]?[-+－]?[0-9０-９][0-9０-９,，]*(?:[.．][0-9０-９]+)?[)）]?[ ]?(?P<unit>[%％]|万元|亿元|元)?"
)
_DASH = re.compile(r"[-－—–―─/／*]{1,6}")
_PHONE = re.compile(r"[0-9]{7,12}")
_PAGE = re.compile(r"[-—–· ]{0,4}([0-9]{1,3})[-—–· ]{0,4}")
_CONTENTS = frozenset({"目录", "目次", "页码", "页次", "页数"})
_LEADERS = re.compile(r"…{2}|[.．·。﹒⋯・]{4}|[-_]{6}$")
_MARKER = re.compile(
    r"[(（]?(?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})[)）、.．:：]{1,2}|[①-⑳]|[●•■◆▪◇○·*－-]|第[一二三四五六七八九十]{1,3}[部章节条]分?"
)
_TITLE = re.compile(
    r"(?:公开)?(?:附)?表[ 　]?[0-9０-９一二三四五六七八九十]{1,3}(?:[ 　:：.、-]|$)|附件|.{1,60}表(?:[(（].{0,20}[)）])?$"
)
_HEADING = re.compile(
    r"[(（]?[0-9０-９一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十]{1,3}[部章节]|注[:：]|备注|说明[:：]|[(（]?注"
)
_CAPTION = re.compile(r"[(（]?(?:金额|货币)?单位[ ]?[:：]")
_HEADER = re.compile(
    r"项目|科目|名称|编码|代码|预算|決算|決|預算|决算|金额|金額|合计|总计|小计|合計|支出|收入|经费|指标|权重|得分|分值|单位|序号"
    r"|行次|栏次|备注|说明|性质|目标|数量|数$|年度|比例|占比|增减|执行|资金|拨款|结转|费$|人数|姓名|职务|原因|是否|完成"
    r"|部门|内容|日期|电话|评价|规格|型号|时间|类型|方式|编制|级次|采购|^[类款项目]$|率$|[0-9]{4}年"
)
_STRONG = re.compile(r"名称|编码|代码|合计|总计|小计|预算数|决算数|金额|序号|权重|指标|备注|科目|^项目$|单位|人数|数$")
_SENTENCE = re.compile(r"[。；！？]")
_BROKEN = re.compile(r"[，。；、,;！？]|(?:万元|亿元|元|[%％])[，。；、,;（(]")
_TOTAL = re.compile(r"(?:合|总|小|合|總|累)[ 　]{0,8}[计計]")

# How prose goes on after a gap; what only an amount in prose has: its unit behind it, or a clause around it.
_CLAUSE = re.compile(r"其中|同比|环比|[比较較](?:上年|去年|同期|20[0-9]{2}年)|(?:增加|减少|增长|下降)(?![值率额幅])")
_AMOUNT_IN_PROSE = re.compile(r"[0-9０-９][ ]?[万亿千百]?元|[0-9０-９][^，]{0,40}，|，[^，]{0,40}[0-9０-９]")
_CODE = re.compile(r"[0-9]{3}(?:[0-9]{2}){0,2}")
_SUM = re.compile(r"[^，。]{0,12}[合总小][ 　]{0,8}计")

# So many rows decide what the rest is.
_ENOUGH = 500


def kind(text: str) -> str:
    """Return what a cell holds: "number", "percent", "dash" (stands for nothing) or "text"."""
    if len(text) > 30:
        return "text"
    number = _NUMBER.fullmatch(text)
    if number:
        return "percent" if (number["unit"] or "") in {"%", "％"} else "number"
    return "dash" if _DASH.fullmatch(text) else "text"


def is_number(text: str) -> bool:
    """Whether the text is one number, with or without a percent sign or unit."""
    return kind(text) in {"number", "percent"}


def is_total(text: str) -> bool:
    """Whether the text is the label of a total (合计, 总 计)."""
    return _TOTAL.fullmatch(text) is not None


def is_title(text: str) -> bool:
    """Whether a line reads as the number or title of a table (表一, …支出表) or of an annex."""
    return len(text) <= 80 and _TITLE.match(text) is not None


def is_heading(text: str) -> bool:
    """Whether a line begins as a heading, a list item or a remark does."""
    return _HEADING.match(text) is not None


def is_unit_line(text: str) -> bool:
    """Whether a line says the unit of a table (单位：万元)."""
    return _CAPTION.match(text) is not None


def is_marker(text: str) -> bool:
    """Whether a cell is nothing but the mark of a list item (1. （一） ①)."""
    return len(text) <= 8 and _MARKER.fullmatch(text) is not None


def is_sentence(text: str) -> bool:
    """Whether the text holds a full stop or its like."""
    return _SENTENCE.search(text) is not None


def is_header_word(text: str) -> bool:
    """Whether a cell reads as the header of a column."""
    word = "".join(text[:60].split())
    if not word or len(word) > 24 or len(text) > 60 or is_number(word) or _BROKEN.search(word) or _MARKER.match(word):
        return False
    return _HEADER.search(word) is not None and not is_unit_line(word)


def is_header_row(row: Sequence[Piece]) -> bool:
    """Whether a row of two cells or more reads as a header: no numbers, and two thirds of it are header words."""
    if len(row) < 2 or any(len(p.text) > 60 or is_number(p.text) for p in row):
        return False
    return sum(is_header_word(p.text) for p in row) * 3 >= len(row) * 2


def is_bare_header(row: Sequence[Piece]) -> bool:
    """Whether a row can stand as a table with nothing in it: three cells or more, all header words."""
    return (
        len(row) >= 3
        and all(is_header_word(p.text) for p in row)
        and any(_STRONG.search("".join(p.text.split())) for p in row)
    )


def is_prose_row(row: Sequence[Piece]) -> bool:
    """Whether a line with separators is prose, a list item or a line of contents all the same."""
    if not row:
        return False
    first = row[0].text
    if len(first) > 30 and first.endswith(("。", "；", "：")):
        return True
    if len(row) <= 2 and is_marker(first) and not is_number(row[-1].text):
        return True
    return is_cut_row(row)


def is_cut_row(row: Sequence[Piece]) -> bool:
    """Whether a cell begins inside a sentence or leads to a page number."""
    # A number alone is neither; to ask that first saves two searches for most cells.
    return any(not p.text.isdecimal() and bool(_BROKEN.match(p.text) or _LEADERS.search(p.text)) for p in row)


def is_label_row(row: Sequence[Piece]) -> bool:
    """Whether a line holds labels and their values (联系人：某人), not cells."""
    if not row:
        return False
    if len(row) <= 2 and row[0].text.endswith(("：", ":")):
        return True
    return all("：" in p.text or ":" in p.text for p in row)


def is_contents(rows: Sequence[Sequence[Piece]]) -> bool:
    """Whether the rows are titles with page numbers that do not fall."""
    pages: list[int] = []
    for row in rows:
        if len(row) < 2:
            continue
        words = {"".join(p.text.split()) for p in row}
        page = _PAGE.fullmatch(row[-1].text)
        if not page or any(is_number(p.text) for p in row[1:-1]):
            return not words.isdisjoint(_CONTENTS)
        pages.append(int(page[1]))
    return bool(pages) and pages == sorted(pages)


def _number_columns(rows: Sequence[Sequence[Piece]]) -> int:
    """Return how many columns other than the first hold two numbers or more (telephone numbers aside)."""
    counts = Counter(
        p.column
        for row in rows[:_ENOUGH]
        for p in row
        if p.column and is_number(p.text) and not _PHONE.fullmatch(p.text)
    )
    return sum(count >= 2 for count in counts.values())


def has_numbers(rows: Sequence[Sequence[Piece]]) -> bool:
    """Whether a column other than the first holds two numbers or more (telephone numbers aside)."""
    return _number_columns(rows) > 0


def _is_told(row: Sequence[Piece]) -> bool:
    """Whether a row reads as a statement: a clause after its first cell, or an amount with its unit behind it."""
    return any(_CLAUSE.match(p.text) for p in row[1:]) or any(_AMOUNT_IN_PROSE.search(p.text[:200]) for p in row)


def _is_plain_body(rows: Sequence[Sequence[Piece]]) -> bool:
    """Whether rows without a header are a table: amounts in two columns, or in one beside codes or totals."""
    if sum(map(_is_told, rows)) * 2 >= len(rows):
        return False
    columns = _number_columns(rows)
    labels = [row[0].text for row in rows]
    return columns >= 2 or (columns == 1 and any(_CODE.fullmatch(t) or _SUM.fullmatch(t) for t in labels))


def is_table(rows: Sequence[Sequence[Piece]]) -> bool:
    """Whether rows make a table: two of two cells with a header or columns of numbers, or a header with nothing in it."""
    rows = rows[:_ENOUGH]
    if is_contents(rows):
        return False
    full = [row for row in rows if len(row) >= 2]
    labels = sum(is_label_row(row) for row in full)
    if len(full) >= 2 and labels * 2 < len(full) and (any(map(is_header_row, full)) or _is_plain_body(full)):
        return True
    return any(map(is_bare_header, full))
