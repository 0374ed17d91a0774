"""The body that a disclosure names as its own: on its cover, in its headings, above its tables.

A cover has the name and the year in one line, or in lines of their own; a name may be parted from that of its region.
Some name a region and put the body in a field (预算主管部门：…).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from budget_llm.organisations import BODY_SUFFIX

_ZH = r"\u4e00-\u9fff"
_YEAR = r"20[0-9]{2}[ \u3000]{0,4}年"
_BRACKETED = rf"(?:[（(][{_ZH}]{{2,20}}[)）])?"
_LED = r"[#*]{0,6}[ \t\u3000]{0,4}(?:第[一二三四五六七八九十0-9]{1,3}[部章节][分]?[、.．：:]?[ \u3000]{0,8})?"
_NAME_YEAR = re.compile(rf"{_LED}(?P<name>[{_ZH}]{{2,30}}{_BRACKETED})[ \u3000]{{0,8}}{_YEAR}")
_YEAR_NAME = re.compile(
    rf"{_LED}{_YEAR}度?[ \u3000]{{0,8}}(?P<name>[{_ZH}]{{2,30}}?(?:{BODY_SUFFIX}){_BRACKETED})(?:部门|单位|整体|收支|预算|决算)"
)
_YEAR_ALONE = re.compile(rf"{_YEAR}度?")
_NAME = re.compile(rf"{_LED}(?P<name>[{_ZH}]{{3,30}}{_BRACKETED})")
_KIND = re.compile(rf"(?:{_YEAR}度?[ \u3000]{{0,8}})?(?:部门|单位)?(?:整体)?(?:支出)?(?:预算|决算|绩效自评)")
_BODY = re.compile(rf"(?:{BODY_SUFFIX}){_BRACKETED}$")
_REGION = re.compile(rf"[{_ZH}]{{1,20}}(?:省|市|自治[区州县]|区|县|旗|州|人民政府)")
_NO_BODY = re.compile("目录|附件|关于|通知|^第.{1,2}[部章]")
_FIELD = r"(?:名称)?(?:[（(][^（）()\n]{0,8}[)）])?[ \u3000]?[：:][ \u3000]{0,4}"
_OWN_FIELD = re.compile(
    rf"(?:^|(?<=[^{_ZH}]))(?:预算|编制|填报|公开|决算)?(?:部门|单位){_FIELD}(?P<name>[{_ZH}]{{3,30}}{_BRACKETED})", re.M
)
_PARENT_FIELD = re.compile(rf"^[ \t\u3000]{{0,8}}(?:预算)?主管部门{_FIELD}(?P<name>[{_ZH}]{{3,30}}{_BRACKETED})", re.M)
_CONTENTS = re.compile(r"\n[ \t\u3000#*]{0,40}目[ \t\u3000]{0,12}[录次]")


def title_name(head: str, headings: Sequence[str], text: str) -> str | None:
    """Return the name of the body as the cover, else the headings, else the fields of the tables give it, or None."""
    cover = _CONTENTS.split(head)[0]
    lines = [line.strip() for line in cover.splitlines() if line.strip()]
    titles = list(_in_titles(lines))
    fields = [m["name"] for m in _OWN_FIELD.finditer(cover)]
    found = [*filter(_BODY.search, fields), *_over_lines(lines), *filter(_BODY.search, titles)]
    found += [m["name"] for m in _PARENT_FIELD.finditer(cover)]
    return next(iter(found), None) or _commonest(headings, text) or next(iter(titles), None)


def _in_titles(lines: Sequence[str]) -> Iterator[str]:
    """Yield the names beside a year, in one line or in the line below it."""
    for above, line in zip(("", *lines), lines, strict=False):
        title = above + line if _YEAR_ALONE.fullmatch(above) else line
        match = _NAME_YEAR.match(title) or _YEAR_NAME.match(title)
        if match and not _NO_BODY.search(match["name"]):
            yield match["name"]


def _over_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield the names that stand in lines of their own above the year or the kind of the disclosure."""
    for n, (line, below) in enumerate(pairwise(lines)):
        match = _NAME.fullmatch(line)
        if match and _KIND.match(below) and _BODY.search(match["name"]) and not _NO_BODY.search(match["name"]):
            region = lines[n - 1] if n and _REGION.fullmatch(lines[n - 1]) else ""
            yield match["name"] if match["name"].startswith(region) else region + match["name"]


def _commonest(headings: Sequence[str], text: str) -> str | None:
    """Return the name that most headings give, else most fields above tables."""
    of_headings = _in_titles(headings)
    of_fields = (m["name"] for m in _OWN_FIELD.finditer(text))
    for names in (of_headings, of_fields):
        counted = Counter(name for name in names if _BODY.search(name))
        if counted:
            return counted.most_common(1)[0][0]
    return None
