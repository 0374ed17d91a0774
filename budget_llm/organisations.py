"""The body that a disclosure is about: its name, rank, inner departments and subordinate units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from budget_llm.document import Document
from budget_llm.sections import Section

_ZH = r"\u4e00-\u9fff"
BODY_SUFFIX = "局|委员会|委|办公室|办|科协|协会|中心|厅|院|学校|大学|学院|中学|小学|幼儿园|馆|所|站|队|处|会|社|团|部|署|法院|检察院|政协|人大|街道办事处|镇人民政府|乡人民政府|人民政府|医院|联合会|总工会"
_NAME = rf"[{_ZH}]{{1,24}}?(?:{BODY_SUFFIX})(?:[（(][{_ZH}]{{2,20}}[)）])?"
_RANK = re.compile(
    r"为?(?P<rank>(?:正|副)(?:部|省|厅|局|地|处|县|科|股|乡)级|(?:厅|处|县|科|股)级)(?:单位|部门|机关|行政|事业)?"
)


def organisation_name(document: Document) -> str | None:
    """Return the name by which the sentences of a document speak of its body, or None."""
    named = re.findall(
        rf"(?:^|[\n。；，：\u3000 《])({_NAME})(?=(?:20[0-9]{{2}})[ \u3000]*年|是|设下列|内设|下设|机关)",
        document.text,
    )
    if not named:
        return None
    return re.sub(
        r"[（(]加?挂.*", "", str(Counter(named).most_common(1)[0][0])
    )  # another sign on its door is no part of the name


def rank(document: Document, sections: Sequence[Section]) -> str | None:
    """Return the administrative rank that the sections on duties and organisation state, or None."""
    for section in sections:
        if section.topic in ("organisation", "duties"):
            found = re.search(_RANK, document.text[section.body : section.end])
            if found and re.search(
                r"为$|[，。是]$|规格", document.text[section.body : section.end][: found.start("rank")][-4:]
            ):
                return found.group("rank")
    return None


_DEPARTMENT_TAIL = r"(?:科|室|处|部|股|中心|办|组|队|所|站|办公室|委员会|工会)(?:[（(][^）)\n]{1,20}[）)])?"
_DEPARTMENT_LINE = re.compile(
    rf"(?:^|\n)[ \t\u3000-]*(?:[（(]?[0-9一二三四五六七八九十]{{1,2}}[)）、.．]\s*)?(?P<name>[{_ZH}、]{{2,18}}?{_DEPARTMENT_TAIL})[。：:]"
)
# 内设机构七个：办公室、…  /  直属单位：…  /  下属事业单位…
_COUNTED = r"(?:共|有|共有)?(?:[0-9一二三四五六七八九十两]{1,3}[个家])?(?:，|,)?(?:分别(?:是|为)|即|包括|为)?[：:]?"
_DEPARTMENT_LIST = re.compile(
    rf"(?:内设|下设|设)[{_ZH}]{{0,8}}?(?:机构|科室|处室|股室|部门){_COUNTED}(?P<names>[^。；;\n]{{4,200}})"
)
_SUBORDINATE_LIST = re.compile(
    rf"(?:直属|下属|所属|二级|下辖)[{_ZH}]{{0,4}}?(?:事业|预算)?单位{_COUNTED}(?P<names>[^。；;\n，,]{{4,300}})"
)


def departments(document: Document, sections: Sequence[Section]) -> tuple[str, ...]:
    """Return the names of the inner departments, from their descriptions line by line or from a list."""
    for section in sections:
        if section.topic not in ("organisation", "duties"):
            continue
        body = document.text[section.body : section.end]
        lines = [m.group("name") for m in _DEPARTMENT_LINE.finditer(body)]
        if lines:
            return tuple(lines)
        listed = _DEPARTMENT_LIST.search(body)
        if listed:
            names = _names(listed.group("names"), _DEPARTMENT_TAIL)
            if names:
                return names
    return ()


def subordinates(document: Document, sections: Sequence[Section]) -> tuple[str, ...]:
    """Return the names of the subordinate units that the sections on organisation list."""
    for section in sections:
        if section.topic == "organisation":
            found = _SUBORDINATE_LIST.search(document.text[section.body : section.end])
            if found:
                names = _names(found.group("names"), rf"(?:{BODY_SUFFIX}|中心|基地|局)")
                if names:
                    return names
    return ()


def _names(listed: str, tail: str) -> tuple[str, ...]:
    listed = re.split(r"[，,]?(?:另设|另有|并设|较上年|与上年)", listed)[0]
    parts = [re.sub(r"\s", "", part) for part in re.split(r"[、，,]|以及", listed)]
    last = re.fullmatch(rf"(.+{tail})[和及](.+)", parts[-1])
    parts[-1:] = last.groups() if last else parts[-1:]
    names = [p for p in parts if re.search(rf"{tail}$", p)]
    return tuple(names) if names and len(names) * 2 >= len(parts) else ()
