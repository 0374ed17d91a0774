"""Whether what a table of contents, or a list of annexes, names is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budget_llm.document_checks.material import NUMBERING, Material, finding
from budget_llm.facts import Finding
from budget_llm.normal_form import normalise

_OPENS = re.compile(r"^[ \t\u3000#*]{0,20}(?:目[ \u3000]{0,8}录|附[件表][ \u3000]?[:：][^\n]{0,60})", re.MULTILINE)
_LEADER = re.compile(
    r"[….·．]{2,300}[ \u3000]{0,8}[-—(（]?[ \u3000]?[0-9]{0,3}[ \u3000]?[-—)）]?|[ \t\u3000]{1,60}(?:PAGEREF[^\n]{0,40}|[0-9]{1,3})$"
)
# Tables that are published in files of their own.
_APART = re.compile(r"见附|附后|另附|另行|\.(?:xls|pdf|doc|et)|下载")
_PIECE = re.compile(r"[^，。；：:\n]{2,50}表(?:[（(][^（）()\n]{1,24}[)）])?")
_TITLE_LINE = re.compile(
    r"^[ \t\u3000#*]{0,40}[^\n\t|│。；，]{2,60}表(?:[（(][^（）()\n]{1,24}[)）])?[ \u3000*]{0,8}$", re.MULTILINE
)
_PART = re.compile("(第[一二三四五六七八九十]{1,3}部分)[ \u3000]{0,8}(?P<title>[^\n]{2,40})")
_EMPTY = re.compile("空表|无此表|不涉及|未编制|无数据|没有数据")
_FUNDS = ("政府性基金", "国有资本经营", "三公", "政府采购", "购买服务", "专户")
# Words that two writings of one title differ in.
_LOOSE = re.compile(
    "20[0-9]{2}年?度?|\\([^()]*\\)|部门|单位|情况|预算|决算|公开|财政拨款|拨款|总体|本级|当年|年度|明细|区级|市级|县级|省级"
)
# What Markdown sets before a heading or an item of a list.
_MARKS = re.compile(r"^[#*+-]{1,6}[ \t]+")
_MOST_LISTS = 3
_MOST_LINES = 90
_LONGEST_LINE = 60
_ALIKE = 0.7


@dataclass(frozen=True, slots=True)
class _Item:
    """A title that a list names: its words as compared, and where they stand."""

    core: str
    start: int
    end: int


def contents_against_tables(material: Material) -> Iterator[Finding]:
    """Every table that the contents, or a list of annexes, name is in the document, where it holds such tables at all."""
    document = material.document
    if not document.tables:
        return
    for start, end in _lists(material):
        if _APART.search(material.text, start, end):
            continue
        items = list(_tables_in(material.text, start, end))
        titles = [_core(t.title) for t in document.tables if t.title]
        titles += [_core(m[0]) for m in _TITLE_LINE.finditer(material.text) if not start <= m.start() < end]
        missing = [item for item in items if not _is_there(item, titles)]
        untitled = sum(1 for table in document.tables if not table.title)
        missing = [item for item in missing if not _is_called_empty(material.text[end:], item)]
        # Where more than a few are missing, or a table has no title, the tables are published elsewhere or not told apart.
        if not missing or untitled or len(missing) > max(1, (len(items) - len(missing)) // 3) or len(items) < 3:
            continue
        for item in missing:
            place = material.place(item.start, item.end, "目录")
            message = f"{place.told()}的目录列有“{place.text}”，文中没有这张表：请补充公开，或更正目录"
            english = f"{place.told('en')}: the list of tables names “{place.text}”, which is not in the document; publish it or correct the list"
            yield finding(
                "contents_against_tables", "warning", message, english, [place], numbers=(place.text,),
                expected=place.text, suspects=[place],
            )  # fmt: skip


def contents_heading_missing(material: Material) -> Iterator[Finding]:
    """Every part (第一部分, 第二部分, …) that the contents name stands as a heading in the text, parts of tables aside."""
    text = material.text
    for start, end in _lists(material):
        parts = list(_PART.finditer(text, start, end))
        there = {match[1] for match in _PART.finditer(text, end)}
        for match in parts if len(there) * 2 >= len(parts) else ():
            title = _LEADER.sub("", match["title"]).strip()
            words = normalise(title)
            # Tables and annexes are often published apart; a part may stand under its words alone.
            if match[1] in there or re.search("表|附件", words) or _core(words) in _core(text[end:]):
                continue
            place = material.place(match.start(), match.start("title") + len(title), "目录")
            message = f"{place.told()}的目录列有“{place.text}”，正文没有这一部分：请补充，或更正目录"
            english = f"{place.told('en')}: the contents name “{place.text}”, which the text does not have; add it or correct the contents"
            yield finding(
                "contents_heading_missing", "warning", message, english, [place], numbers=(place.text,),
                expected=place.text, suspects=[place],
            )  # fmt: skip


def _lists(material: Material) -> Iterator[tuple[int, int]]:
    """Yield where the lists of contents and annexes begin and end."""
    text, done, found = material.text, 0, 0
    for match in _OPENS.finditer(text):
        if match.start() < done or material.in_table(match.start()):
            continue
        if found == _MOST_LISTS:
            break
        found += 1
        offset, known = match.start(), set[str]()
        is_contents = "目" in match[0]
        end = text.find("\n", match.end()) + 1 or len(text)
        offset = end if is_contents else match.start()
        for _ in range(_MOST_LINES):
            stop = text.find("\n", offset)
            stop = len(text) if stop < 0 else stop
            line = _MARKS.sub("", _LEADER.sub("", text[offset:stop]).strip())
            words = normalise(line)
            if (
                offset >= len(text)
                or material.in_table(offset)
                or words in known
                or "。" in line
                or len(line) > 4 * _LONGEST_LINE
            ):
                break
            if words and not is_contents and "表" not in words:
                break
            known |= {words} - {""}
            offset = min(stop + 1, len(text))
        done = max(offset, end)
        yield match.start(), offset


def _tables_in(text: str, start: int, end: int) -> Iterator[_Item]:
    """Yield the titles of tables in a list, several on a line too."""
    offset = start
    for line in text[start:end].split("\n"):
        first = 0
        for last, after in [*((m.start(), m.end()) for m in _LEADER.finditer(line)), (len(line), len(line))]:
            lead = NUMBERING.match(line, first, last)
            begin = lead.end() if lead else first
            piece = line[begin:last].rstrip()
            core = _core(piece)
            if _PIECE.fullmatch(piece) and len(core) > 2:
                yield _Item(core, offset + begin, offset + begin + len(piece))
            first = after
        offset += len(line) + 1


def _core(title: str) -> str:
    plain = normalise(title)
    lead = NUMBERING.match(plain)
    return _LOOSE.sub("", plain[lead.end() :] if lead else plain)


def _is_there(item: _Item, titles: Sequence[str]) -> bool:
    """Whether a title is among those of the document, in nearly the same words."""
    wanted = set(item.core)
    return any(
        item.core in title
        or (len(title) > 2 and title in item.core)
        or len(wanted & set(title)) >= _ALIKE * len(wanted | set(title))
        for title in titles
    )


def _is_called_empty(text: str, item: _Item) -> bool:
    """Whether the text tells that a table is not there because it would be empty."""
    funds = [fund for fund in _FUNDS if fund in item.core]
    return any(
        fund in sentence
        for match in _EMPTY.finditer(text)
        for sentence in [text[max(0, match.start() - 60) : match.end()]]
        for fund in funds
    )
