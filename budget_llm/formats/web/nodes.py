"""A parsed web page as flat lists: its nodes in order, which of them are inline, and which tables only place content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

NEVER = {
    "script", "style", "noscript", "nav", "template", "head", "button", "input", "select", "option", "optgroup", "textarea",
    "iframe", "object", "audio", "video", "canvas", "svg", "dialog", "datalist", "-comment", "-doctype", "rp", "rt",
}  # fmt: skip
_KEPT_ATTRIBUTES = ("id", "class", "style", "hidden", "rowspan", "colspan")
INLINE = {
    "-text", "span", "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins",
    "kbd", "label", "mark", "nobr", "q", "ruby", "rb", "s", "samp", "small", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var", "wbr", "o:p",
}  # fmt: skip
TABLE_PARTS = {"tr", "td", "th", "thead", "tbody", "tfoot", "col", "colgroup", "caption"}


@dataclass(slots=True)
class Page:
    """The nodes of a page in document order: `tags`, `texts` ("" for elements), and `stops`, where a node's content ends.

    `attributes` are those of the elements that have any of use, `dropped` the elements that are not read,
    `roots` what is read, in order, `layouts` the tables that only place other content, `data_tables` those of two rows
    or more that hold text outside links, `hidden` the elements of weight that are not read because the page does
    not show them; `struck` says whether struck-out text was not read.
    """

    tags: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    attributes: dict[int, dict[str, str]] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    layouts: set[int] = field(default_factory=set)
    data_tables: set[int] = field(default_factory=set)
    roots: tuple[int, ...] = ()
    hidden: list[int] = field(default_factory=list)
    struck: bool = False

    def names(self, node: int) -> list[str]:
        """Return the id and the classes of an element in lower case."""
        found = self.attributes.get(node, {})
        return f"{found.get('id', '')} {found.get('class', '')}".lower().split()


def flattened(parser: LexborHTMLParser) -> Page:
    """Return the nodes of a page and the tables in it that only place other content."""
    page = Page()
    if parser.root is not None:
        _flatten(parser.root, page)
        _find_layouts(page)
    return page


def _flatten(root: LexborNode, page: Page) -> None:
    """Write down the nodes without recursion: a page can be nested more deeply than Python's stack."""
    node: LexborNode = root
    parents: list[int] = []
    while True:
        number = len(page.tags)
        tag = (node.tag or "").lower()
        page.tags.append(tag)
        page.texts.append((node.text_content or "") if tag == "-text" else "")
        page.stops.append(number + 1)
        if tag != "-text" and tag not in NEVER:
            found = {key: node.attributes[key] or "" for key in _KEPT_ATTRIBUTES if key in node.attributes}
            if found:
                page.attributes[number] = found
        inner = node.first_child if tag not in NEVER else None
        if inner is not None:
            parents.append(number)
            node = inner
            continue
        while parents and (following := node.next) is None:
            page.stops[parents.pop()] = len(page.tags)
            above = node.parent
            if above is None:
                return
            node = above
        if not parents or following is None:
            return
        node = following


def _find_layouts(page: Page) -> None:
    """Find the tables that hold one column, almost only one cell, or other tables without being tables themselves."""
    sizes = list(accumulate((len(text.strip()) for text in page.texts), initial=0))
    prose = list(accumulate(_outside_links(page), initial=0))
    told: dict[int, list[int]] = {}
    tables: list[int] = []
    rows: dict[int, list[list[int]]] = {}
    nested: set[int] = set()
    for node, tag in enumerate(page.tags):
        while tables and page.stops[tables[-1]] <= node:
            tables.pop()
        if tag == "table":
            if tables:
                nested.add(tables[-1])
            tables.append(node)
            rows[node] = []
            told[node] = []
        elif tag == "tr" and tables:
            rows[tables[-1]].append([])
            told[tables[-1]].append(0)
        elif tag in ("td", "th") and tables and rows[tables[-1]]:
            rows[tables[-1]][-1].append(sizes[page.stops[node]] - sizes[node])
            told[tables[-1]][-1] += prose[page.stops[node]] > prose[node]
    for table, found in rows.items():
        longest = max((cell for row in found for cell in row), default=0)
        tabular = sum(sum(cell > 0 for cell in row) >= 3 for row in found)
        if (
            max(map(len, found), default=0) <= 1
            or (table in nested and tabular < 3)
            # One long cell among rows of three is the text of a goal.
            or (
                longest > max(1_000, 0.8 * (sizes[page.stops[table]] - sizes[table]))
                and (tabular < 3 or table in nested)
            )
        ):
            page.layouts.add(table)
        elif sum(cells >= 2 for cells in told[table]) >= 2:
            page.data_tables.add(table)


def _outside_links(page: Page) -> Iterator[int]:
    end = 0
    for node, text in enumerate(page.texts):
        if page.tags[node] == "a":
            end = max(end, page.stops[node])
        yield len(text.strip()) if node >= end else 0
