"""What tells one layout from another: its words without the year, the body and the numbering that change from one
document to the next."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from budget_llm.normal_form import normalise
from budget_llm.sections import Section
from budget_llm.tables import Table

_YEAR = re.compile(r"(?:20[0-9]{2}|二[〇○零][〇○零一二三四五六七八九]{2})年?度?")
_MARK = re.compile(
    r"^(?:第[一二三四五六七八九十]{1,3}(?:部分|[章节])|\(?[一二三四五六七八九十0-9]{1,3}[)、.．]|附?[表件][一二三四五六七八九十0-9-]{1,4}[:：]?)"
)
_BODY = re.compile(
    r"^[\u4e00-\u9fff]{2,18}?(?:委员会|办公室|办事处|管理局|局|厅|委|中心|医院|学校|中学|小学|研究所|联合会|总站)(?:本级|机关)?"
)

_NAMES = 3


def plain_words(words: str, organisation: str | None) -> str:
    """Return a title or header in the form that stays the same from year to year and from body to body."""
    plain = _MARK.sub("", normalise(words))
    if organisation:
        plain = plain.replace(normalise(organisation), "")
    without = _BODY.sub("", _YEAR.sub("", plain))
    return without or plain


def section_key(section: Section, organisation: str | None) -> str:
    """Return what a section is remembered by: the headings it stands under and its own."""
    return "/".join(plain_words(title, organisation) for title in section.path)


def route_signature(keys: Iterable[str]) -> str:
    """Return the signature of a set of headings."""
    return json.dumps(sorted(set(keys)), ensure_ascii=False)


def table_signature(table: Table, section: Section, organisation: str | None) -> str:
    """Return the signature of a table's layout: the title's words, the header path of each column, their number.

    A table without a title is told by its heading, else by its first rows: headers alone may be alike where the
    rows are not (项目, 金额).
    """
    columns = [[_YEAR.sub("", normalise(head)) for head in path] for path in table.columns]
    told = table.title or section.title
    about = plain_words(told, organisation) if told else _first_names(table)
    return json.dumps([about, table.width, columns], ensure_ascii=False)


def _first_names(table: Table) -> str:
    body = [cell for cell in table.cells if cell.kind == "body" and cell.column == 0]
    return "；".join(normalise(cell.text) for cell in body[:_NAMES])
