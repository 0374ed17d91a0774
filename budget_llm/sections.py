"""Headings of a document as a tree of sections, each with a topic.

Headings come numbered (第一部分, 一、, （一）, 1., 1、, （1）, 表一, 附件1), run into their text ("1.机关运行经费。
2024年…") or bare. A number at the start of a line does not make a heading: duties, lists and glossary
terms are numbered too. What tells a heading is that it is short, or that its words name a topic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from budget_llm.document import Document
from budget_llm.lexicon import topics
from budget_llm.normal_form import normalise
from budget_llm.tables import outside

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_LINE = re.compile(
    r"(?P<indent>(?:\[bookmark:[^\]\n]{0,80}\]|[ \t\f\u00a0\u3000\ufeff#*>-])*+)(?P<title>(?P<mark>"
    rf"(?P<part>第{_NUMERAL}部分)|(?P<table>附?表[ \u3000]?(?:{_NUMERAL}|[0-9]{{1,2}})(?![0-9])(?:-[0-9]{{1,2}})?)|(?P<annex>附件[ \u3000]?(?:{_NUMERAL}|[0-9]{{1,2}})?)"
    rf"|(?P<first>{_NUMERAL}[、.．，])|(?P<second>[（(][ \u3000]?{_NUMERAL}[ \u3000]?[)）][、.]?)"
    r"|(?P<third>[0-9０-９]{1,2}(?:[、．]|[.](?![0-9]))(?!\d{3}))|(?P<fourth>[（(][0-9０-９]{1,2}[)）][、.]?)|)(?P<words>[^\n]*))"
)
# The order of a heading by its mark; its level is its depth in the tree.
_ORDERS = {"part": 0, "table": 0, "annex": 0, "first": 1, "second": 2, "third": 3, "fourth": 4}
_AMOUNT = re.compile(r"[0-9][0-9.,]{0,30}\s{0,8}(?:[万亿]?元|[名人个辆台项家](?![\u4e00-\u9fff]))|%")
_RUN_IN = re.compile(r"[。：:]")
_LONGEST_TITLE = 45
_LONGEST_RUN_IN = 26
# Headings without a number: the words of a topic, then nothing but a colon.
_BARE = re.compile(
    r"(?:机构设置|单位构成|主要职责|职能职责|部门职责|单位职责|内设机构|部门主要职责|主要职能|名词解释|专业名词解释|目 ?录|机关运行经费|政府采购情况|政府采购|国有资产占[有用](?:使用)?情况|绩效目标设置情况"
    r"|.{0,12}[“\"]?三公[”\"]?经费.{0,14}说明|.{0,14}(?:收入|支出|收支)(?:预算|决算)(?:总体)?(?:情况)?(?:说明)?|预算绩效.{0,10}情况)[：:]?"
)
# Titles of the main parts where they carry no number.
_MAIN = re.compile(
    r"(?:专业|相关)?名词解释|(?:20[0-9]{2}[ \u3000]?年度?)?[\u4e00-\u9fff]{0,20}(?:预算|决算)(?:编制|编报|公开|情况)?(?:的)?说明"
)
# The path of an item that goes on in the next line: 农林水支出（类）水利（款） | 行政运行（项）
_CUT_PATH = re.compile(
    r"[^\n]{0,60}[（(][类款][)）](?:[^\n（()，。]{1,30}\s*(?:\n|\Z)|\s*\n\s*[^\n（()，。]{2,30}[（(][款项][)）])"
)
# A term of a glossary with its definition on the same line.
_DEFINED = re.compile(r"[：:].{8}|是指|。\s*(?:是?指|反映)")
_FILLED = re.compile(r"[^\n]+")
_TABLE_ROW = re.compile(r"[\t|│┃]")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text under it, up to the next heading.

    `start` is the offset of the heading's first character, `body` where its own text begins, `end` where
    the next heading stands; `path` holds the titles from the root, this one last. Levels: 1 is a title of
    the first order (第一部分, else 一、), each below it one more; a table's heading is always 1.
    """

    index: int
    title: str
    start: int
    body: int
    end: int
    level: int
    topic: str
    path: tuple[str, ...]
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class _Heading:
    start: int
    body: int
    title: str
    order: int
    kind: str


def split_sections(document: Document) -> tuple[Section, ...]:
    """Return the sections of a document in order; the text before the first heading is section 0."""
    text = document.text
    headings = _without_contents(_headings(text, document.table_spans), text)
    sections = [Section(0, "", 0, 0, headings[0].start if headings else len(text), 0, "other", ())]
    above: list[tuple[int, Section]] = []  # the open headings with the order of their marks
    for number, heading in enumerate(headings, 1):
        while above and above[-1][0] >= heading.order:
            above.pop()
        parent = above[-1][1] if above and heading.kind != "table" else None
        section = Section(
            index=number,
            title=heading.title,
            start=heading.start,
            body=heading.body,
            end=headings[number].start if number < len(headings) else len(text),
            level=parent.level + 1 if parent else 1,
            topic=_topic(heading, parent),
            path=(*(parent.path if parent else ()), heading.title),
            parent=parent.index if parent else None,
        )
        sections.append(section)
        above.append((heading.order, section))
    return tuple(sections)


# 关于收入总表的说明 is prose about income, no table.
_EXPLAINED_TABLE = re.compile(r"(?<!空)(?:总|明细|预算|决算)?表的?(?=(?:情况|数据)?说明$)")


def _topic(heading: _Heading, parent: Section | None) -> str:
    if heading.kind == "table":
        return "tables"
    topic = topic_of(heading.title, parent.topic if parent else None)
    return topic if heading.kind != "part" or topic in ("glossary", "tables") else "other"


def topic_of(title: str, parent: str | None) -> str:
    """Return the topic that a heading names: its longest topic word, the later one of equals; else its parent's."""
    words = _EXPLAINED_TABLE.sub("", normalise(title))
    best, found = (0, -1), None
    for topic in topics().values():
        if topic.name == "contents":
            continue
        for wording in topic.titles:
            place = words.rfind(wording)
            if place >= 0 and (len(wording), place) > best:
                best, found = (len(wording), place), topic.name
    return found or parent or "other"


def _headings(text: str, tables: Sequence[tuple[int, int]]) -> list[_Heading]:
    found: list[_Heading] = []
    topic, under = "other", 0
    lines = (line for first, last in outside(tables, 0, len(text)) for line in _FILLED.finditer(text, first, last))
    for line in lines:
        match = _LINE.match(text, line.start(), line.end())
        if not match or _TABLE_ROW.search(line.group().strip()):
            continue
        kind = next((k for k in _ORDERS if match.group(k)), None)
        heading = _heading(text, match, kind, found, topic)
        if heading:
            named = topic_of(heading.title, None)
            if heading.order <= under or topic not in ("glossary", "duties"):
                topic, under = named, heading.order
            elif named != "other":
                topic = named
            found.append(heading)
    return found


def _heading(text: str, match: re.Match[str], kind: str | None, before: list[_Heading], topic: str) -> _Heading | None:
    """Return the heading that a line holds, or None where it is text."""
    start, words = match.start("title"), match.group("words").strip()
    title = match.group("title").strip()
    if kind is None:
        if before and _MAIN.fullmatch(title):
            return _Heading(start, start + len(title), title, 0, "part")
        bare = _BARE.fullmatch(title)
        level = min(before[-1].order + 1, 3) if before else 1
        return _Heading(start, start + len(title), title, level, "bare") if bare and before else None
    level = _ORDERS[kind]
    if kind == "table":
        return _table_heading(text, match, title, words)
    if kind == "annex" or (topic == "glossary" and kind != "part" and _DEFINED.search(words)):
        return None
    if topic == "duties" and kind in ("third", "fourth") and topic_of(words[:_LONGEST_RUN_IN], "duties") == "duties":
        return None
    run_in = _RUN_IN.search(words)
    if kind in ("third", "fourth") and _CUT_PATH.match(text, start):
        return None
    if _is_title(words, kind):
        return _Heading(start, start + len(title), title, level, kind)
    if (
        run_in
        and 0 < run_in.start() <= _LONGEST_RUN_IN
        and not _AMOUNT.search(words[: run_in.start()])
        and _names_topic(words[: run_in.start()], kind)
    ):
        body = match.start("words") + match.group("words").index(words) + run_in.end()
        rest = words[run_in.end() :].strip()
        stop = body if not rest else body - 1
        return _Heading(start, body, text[start:stop].strip() if rest else title, level, kind)
    return None


def _table_heading(text: str, match: re.Match[str], title: str, words: str) -> _Heading | None:
    """Return the heading of a table: its number with its name, which often stands on the next line."""
    start, end = match.start("title"), match.start("title") + len(title)
    if len(title) > _LONGEST_TITLE or re.search(r"[。；，]", words):
        return None
    if words.strip("：: \u3000") and "表" not in words:  # a caption inside the text, not a published form
        return None
    if not re.sub(r"[：:\s]", "", words):
        below = re.compile(r"\s*([^\n\t|]{4,60}表[^\n\t|]{0,12})(?=\n|$)").match(text, end)
        if below:
            end = below.end(1)
    return _Heading(start, end, text[start:end].strip(), 0, "table")


def _is_title(words: str, kind: str) -> bool:
    """Whether the words of a numbered line are a title that stands alone on its line."""
    plain = words.rstrip("。：: ")
    if not plain or len(plain) > _LONGEST_TITLE or re.search(r"[。；;！]", plain) or _AMOUNT.search(plain):
        return False
    if kind in ("part", "first"):
        return not (words.endswith("。") and "，" in plain)
    if words.endswith(("。", "；", ";", "，")):
        return kind == "second" and len(plain) <= 20 and _names_topic(plain, kind)
    if kind == "second":
        return True
    return _names_topic(plain, kind) or (
        kind == "third" and len(plain) <= 24 and not words.endswith(("：", ":")) and "，" not in plain
    )


def _names_topic(words: str, kind: str) -> bool:
    """Whether the words hold a topic word that is a fair part of them."""
    plain = normalise(words)
    hits = [w for t in topics().values() for w in t.titles if w in plain]
    longest = max((len(w) for w in hits), default=0)
    return (
        longest >= 2
        and (kind == "second" or longest * 3 >= len(plain))
        and not re.search(r"[（(]类[)）]|[（(]款[)）]|负责|承担", words)
    )


def _without_contents(headings: list[_Heading], text: str) -> list[_Heading]:
    """Leave out the lines of a table of contents: headings repeated later with next to nothing under them."""
    titles = [normalise(re.sub(r"[.…·\s0-9]+$", "", heading.title)) for heading in headings]
    starts = [heading.start for heading in headings] + [len(text)]
    last = {title: number for number, title in enumerate(titles)}
    return [
        heading
        for number, heading in enumerate(headings)
        if last[titles[number]] == number or starts[number + 1] - heading.body >= 40
    ]
