"""Whether the tables of a disclosure are complete: empty ones explained, none missing from their numbering."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from budget_llm.document_checks.material import Material, finding, title_of
from budget_llm.facts import Finding
from budget_llm.normal_form import normalise
from budget_llm.tables import Table
from budget_llm.tables.words import is_number

_MONEY = re.compile("预算|决算|收支|经费|收入|支出|预算|決算|經費")
_CODE = re.compile("编码|代码|编号|序号|行次|栏次|[类款项]$")
# What says that a table is empty on purpose.
_SAYS_WHY = re.compile(
    r"空表|为空|[无没](?:有)?[^。\n]{0,40}(?:安排|支出|收入|预算|决算|收支|项目|内容|数据|数字|情况|经费|拨款|资金|此项|该项|发生)|不涉及|未安排|未发生|未使用"
)
_SUBJECTS = ("政府性基金", "国有资本经营", "三公", "政府采购", "购买服务", "项目", "专户", "债务", "资产", "运行经费")
_REACH = 200
_EMPTY = re.compile("空表|表(?:中)?无数据|表为空")
_DIGITS = "〇一二三四五六七八九"
# The number of a table at the beginning of a short line.
_NUMBERED = re.compile(
    r"(?<=\n)[ \t\u3000#*]{0,40}+(?:(?P<kind>附?表)[ \u3000]?(?P<written>[一二三四五六七八九十]{1,3}|[0-9]{1,2})|公开(?P<open>[0-9]{2})表)(?=[ \u3000:：]?[^\n。；，\t|0-9一二三四五六七八九十-]{0,50}\n)"
)
# The table that a note names, where it does not say 本表.
_NAMED = re.compile("(?P<name>[\u4e00-\u9fff“”]{4,40})表(?:中)?[为是无均]")
_FEWEST, _MOST_GAPS = 4, 2


def empty_table_says_why(material: Material) -> Iterator[Finding]:
    """A table of amounts without any amount says why it is empty, beneath it or in the text."""
    tables = material.document.tables
    empty = [n for n, table in enumerate(tables) if n not in material.filled and _is_empty(table)]
    explained = _explained(material.text) if empty else ()
    for number in empty:
        table, title = tables[number], title_of(tables[number])
        before = tables[number - 1].end if number else 0
        after = tables[number + 1].start if number + 1 < len(tables) else len(material.text)
        around = material.text[max(before, table.start - _REACH) : min(after, table.end + _REACH)]
        if _SAYS_WHY.search(around) or any(subject in normalise(title) for subject in explained):
            continue
        place = material.place(*_place_of_title(material, table), "空表")
        message = (
            f"{place.told()}的“{title}”没有金额（空白或各栏为0），表下和正文也未说明原因：请填列数据，或注明为何是空表"
        )
        english = f"{place.told('en')}: the table “{title}” holds no amount and nothing says why; fill it in or note why it is empty"
        yield finding("empty_table_says_why", "warning", message, english, [place], found=title)


def filled_table_is_not_called_empty(material: Material) -> Iterator[Finding]:
    """A table with amounts has no note beneath it that calls it empty."""
    tables = material.document.tables
    for match in _EMPTY.finditer(material.text):
        first, last = material.line(match.start())
        number = bisect_right(tables, first, key=lambda table: table.start) - 1
        if number not in material.filled:
            continue
        table, note = tables[number], material.text[first:last]
        between = material.text[table.end : first] if table.end <= first <= table.end + _REACH else ""
        if between.strip() or first > table.end + _REACH or _names_another(note, table):
            continue
        amount = next(f for f in material.facts if f.table == number and f.measure == "amount" and f.value)
        place = material.place(*_stripped(material.text, first, last), "空表说明")
        held = material.place(amount.start or 0, amount.end or 0, amount.label)
        title = title_of(table)
        message = f"{place.told()}注明“{title}”为空表，但表中有数据（{held.told()}“{held.text}”等）：请删除该说明，或核对表中数据"
        english = f"{place.told('en')} calls the table “{title}” empty, but it holds amounts (“{held.text}” in {held.told('en')}); delete the note or check the table"
        yield finding(
            "filled_table_is_not_called_empty", "error", message, english, [place, held], numbers=(held.text,),
            found=title, suspects=[place],
        )  # fmt: skip


def table_numbers_run_on(material: Material) -> Iterator[Finding]:
    """The numbers of the tables (表一, 表二, …) run on without a gap."""
    text = material.text
    series: dict[str, dict[int, tuple[int, int]]] = {}
    for match in _NUMBERED.finditer(text):
        if material.in_table(match.start()) and not material.is_title(match.start(), match.start()):
            continue
        series.setdefault(match["kind"] or "公开", {}).setdefault(_number(match), match.span())
    for places in series.values():
        numbers = sorted(places)
        gaps = [n for n in range(1, numbers[-1]) if n not in places]
        if len(numbers) < _FEWEST or not 0 < len(gaps) <= _MOST_GAPS or any(_is_named(text, n) for n in gaps):
            continue
        for number in gaps:
            after = next(n for n in numbers if n > number)
            place = material.place(*places[after], "表号")
            name = _written(number, place.text)
            message = f"{place.told()}的“{place.text}”之前缺“{name}”：表号不连续，请补充公开该表，或更正表号"
            english = f"{place.told('en')}: there is no “{name}” before “{place.text}”; publish the table or correct the numbers"
            yield finding("table_numbers_run_on", "warning", message, english, [place], numbers=(name,), expected=name)


def _number(match: re.Match[str]) -> int:
    """Return the number of a table, as 表十二, 表12 and 公开12表 write it."""
    written = match["written"] or match["open"]
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (_DIGITS.find(tens[-1:]) if tens else 1) * (10 if ten else 0) + (_DIGITS.find(ones) if ones else 0)


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def _written(number: int, like: str) -> str:
    """Return the number of a table as its neighbour is written."""
    if like.startswith("公开"):
        return f"公开{number:02}表"
    label = like.rstrip("0123456789一二三四五六七八九十")
    return label + (str(number) if like[-1].isdecimal() else _in_words(number))


def _is_named(text: str, number: int) -> bool:
    """Whether a number of a table stands anywhere in the text, in whatever writing."""
    said = rf"表[ \u3000]{{0,3}}(?:{_in_words(number)}|0?{number})(?![0-9一二三四五六七八九十])|0?{number}[ \u3000]?表"
    return re.search(said, text) is not None


def _is_empty(table: Table) -> bool:
    """Whether a table is one of amounts by its title, unit and header, and none of its cells is an amount."""
    if not (table.title and table.unit and _MONEY.search(table.title) and any(table.columns)):
        return False
    return not any(_is_amount(table, cell.text, cell.column) for cell in table.cells if cell.kind == "body")


def _is_amount(table: Table, text: str, column: int) -> bool:
    """Whether a cell holds an amount other than 0; codes and ordinals are none."""
    heads = table.columns[column] if column < len(table.columns) else ()
    return is_number(text) and text.strip("0.,- ") != "" and not any(_CODE.search(normalise(head)) for head in heads)


def _explained(text: str) -> frozenset[str]:
    """Return the subjects of which a sentence of the text says that there is nothing."""
    return frozenset(
        subject
        for subject in _SUBJECTS
        if re.search(
            rf"{subject}[^。\n]{{0,60}}(?:空表|[无没未][\u4e00-\u9fff]|不涉及|[^0-9.]0(?:\.0{{1,6}})?[ \u3000]?[万亿]?元)|[无没未][^。\n]{{0,20}}{subject}",
            text,
        )
    )


def _names_another(note: str, table: Table) -> bool:
    """Whether a note is about another table, which it names."""
    named = _NAMED.search(note)
    if named is None or named["name"].endswith(("本", "此", "该", "上", "上述")):
        return False
    return normalise(named["name"]) not in normalise(table.title or "")


def _place_of_title(material: Material, table: Table) -> tuple[int, int]:
    """Return where the title of a table stands, its beginning where the title is not found as it is."""
    first = max(0, table.start - _REACH)
    found = material.document.text.rfind(table.title or "", first, table.end)
    if found >= 0:
        return found, found + len(table.title or "")
    cell = table.cells[0]
    return cell.start, cell.end


def _stripped(text: str, first: int, last: int) -> tuple[int, int]:
    line = text[first:last]
    return first + len(line) - len(line.lstrip()), first + len(line.rstrip())
