"""Lines of a web page that belong to a disclosure and not to the site around it: amounts, units, notes, tables."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from budget_llm.formats.web.nodes import INLINE, Page

_SIGN = re.compile(
    r"[0-9]\s{0,3}(?:[百千万亿]{0,2}元|[%％‰])"
    r"|[0-9][.．][0-9]{2}(?![0-9.])"
    r"|单位\s{0,3}[:：]\s{0,3}(?:人民币)?[百千万亿]{0,2}元"
    r"|^[（(]?(?:金额|计量|货币|编制|填报|预算|公开|部门)?单位(?:名称)?\s{0,3}[:：]"
    r"|^[（(*※]?\s{0,3}(?:备\s{0,3}注|附?注|说明)\s{0,3}[0-9一二三]{0,2}\s{0,3}[:：.、]"
    r"|^(?:附|续)?表\s{0,3}[0-9一二三四五六七八九十]{1,3}"
    r"|^[^。；]{0,60}(?:预算|决算|收入|支出|收支|绩效|采购|经费|资金|资产)[^。；]{0,20}表(?:（[^）]{0,20}）)?$"
)
# What a site tells of a page in a table above it.
_RECORD = re.compile(r"索引号|发布机构|发文机关|发文字号|主题分类|信息分类|成文日期|发布日期")
_MOST = 2_000  # characters of a line that are looked at
_NODES = 200  # of a table that are looked at


class Evidence:
    """The places of such lines and of tables of data; `links` says whether those in links count as well."""

    def __init__(self, page: Page, *, links: bool) -> None:
        lines = [node for node, text in _lines(page, links=links) if _SIGN.search(text[:_MOST].strip())]
        self._nodes = sorted([*lines, *(() if links else _tables(page))])

    def inside(self, page: Page, node: int) -> bool:
        """Whether an element holds any of it."""
        at = bisect_left(self._nodes, node)
        return at < len(self._nodes) and self._nodes[at] < page.stops[node]

    def outside(self, page: Page, node: int) -> bool:
        """Whether any of it stands outside an element."""
        return bool(self._nodes) and (self._nodes[0] < node or self._nodes[-1] >= page.stops[node])


def _tables(page: Page) -> Iterator[int]:
    """Yield the tables of data that are not dropped."""
    end = 0
    for node in sorted(page.data_tables | page.dropped):
        if node in page.dropped:
            end = max(end, page.stops[node])
        elif node >= end:
            # Tables can stand in one another: only the beginning of each is looked at.
            begin = "".join(page.texts[node : min(page.stops[node], node + _NODES)])[:_MOST]
            if not _RECORD.search("".join(begin.split())):
                yield node


def _lines(page: Page, *, links: bool) -> Iterator[tuple[int, str]]:
    """Yield the lines of text that are not dropped, each with the node that it begins in."""
    parts: list[str] = []
    first = node = 0
    ends: list[int] = []
    while node < len(page.tags):
        while ends and ends[-1] <= node:
            ends.pop()
            if parts:
                yield first, "".join(parts)
                parts = []
        tag = page.tags[node]
        if node in page.dropped or (tag == "a" and not links):
            node = page.stops[node]
            continue
        if tag == "-text":
            first = node if not parts else first
            parts.append(page.texts[node])
        elif tag not in INLINE:
            if parts:
                yield first, "".join(parts)
                parts = []
            ends.append(page.stops[node])
        node += 1
    if parts:
        yield first, "".join(parts)
