"""A parsed web page as flat lists, and which part of it is its main content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_NEVER = {
    "script", "style", "noscript", "nav", "template", "head", "button", "input", "select", "option", "optgroup", "textarea",
    "iframe", "object", "audio", "video", "canvas", "svg", "dialog", "datalist", "-comment", "-doctype", "rp", "rt",
}  # fmt: skip
_KEPT_ATTRIBUTES = ("id", "class", "style", "hidden", "rowspan", "colspan")
_HIDDEN = re.compile(r"(?:^|[;\s])(?:display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden)", re.IGNORECASE)
# Names of the site's furniture, as whole names with at most one word before them.
_FURNITURE = re.compile(
    r"(?:[a-z0-9]{1,20}[-_]?)??(?:nav|navbar|menu|crumbs?|breadcrumbs?|breadcutnav|sidebar|footer|copyright|share|pagination"
    r"|toolbar|dqwz|friendlinks?)|header|top-?bar|foot"
)
_KNOWN = {
    "zoom", "trs_editor", "ucap-content", "article-content", "article_content", "content_detail", "content", "contents",
    "article", "articlecontent", "newscontent", "news_content", "main-content", "main_content", "detail", "info_content",
    "view", "pages_content", "xxgk_content", "conTxt", "j-fontcontent",
}  # fmt: skip
_ABOUT_BUDGETS = re.compile(r"预算|决算|绩效|附件|公开")
_HEADINGS = {"h1", "h2", "h3"}
_TITLE_NAMES = {"title", "article-title", "article_title", "articletitle", "news_title", "content_title", "xl_title"}


@dataclass(slots=True)
class Page:
    """The nodes of a page in document order: `tags`, `texts` ("" for elements), and `stops`, where a node's content ends.

    `attributes` are those of the elements that have any of use, `dropped` the elements that are not read,
    `roots` what is read, in order, `layouts` the tables that only place other content.
    """

    tags: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    attributes: dict[int, dict[str, str]] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    layouts: set[int] = field(default_factory=set)
    roots: tuple[int, ...] = ()

    def names(self, node: int) -> list[str]:
        """Return the id and the classes of an element in lower case."""
        found = self.attributes.get(node, {})
        return f"{found.get('id', '')} {found.get('class', '')}".lower().split()


def page_of(parser: LexborHTMLParser) -> Page:
    """Return the page with its main content found; when in doubt more of it is kept."""
    page = Page()
    root = parser.root
    if root is not None:
        _flatten(root, page)
        _find_layouts(page)
        _choose(page)
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
        if tag != "-text" and tag not in _NEVER:
            found = {key: node.attributes[key] or "" for key in _KEPT_ATTRIBUTES if key in node.attributes}
            if found:
                page.attributes[number] = found
        inner = node.first_child if tag not in _NEVER else None
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


class _Lengths:
    """How much text a node holds, and how much of it outside links."""

    def __init__(self, page: Page) -> None:
        self._page = page
        link_end = drop_end = 0
        text, prose, links = [0], [0], [0]
        for number, piece in enumerate(page.texts):
            if number in page.dropped:
                drop_end = max(drop_end, page.stops[number])
            if page.tags[number] == "a":
                link_end = max(link_end, page.stops[number])
            length = len("".join(piece.split())) if piece and number >= drop_end else 0
            text.append(length)
            prose.append(0 if number < link_end else length)
            links.append(page.tags[number] == "a")
        self._text, self._prose, self._links = (list(accumulate(values)) for values in (text, prose, links))

    def text(self, node: int) -> int:
        return self._text[self._page.stops[node]] - self._text[node]

    def prose(self, node: int) -> int:
        return self._prose[self._page.stops[node]] - self._prose[node]

    def links(self, node: int) -> int:
        return self._links[self._page.stops[node]] - self._links[node]


def _choose(page: Page) -> None:
    """Drop the site's furniture and what is hidden, then set the roots of what is read."""
    lengths = _Lengths(page)
    total = lengths.text(0)
    node = kept_until = 0
    while node < len(page.tags):
        if page.tags[node] in ("article", "main"):
            kept_until = max(kept_until, page.stops[node])
        if page.tags[node] in _NEVER or _is_furniture(page, node, lengths, total, inside=node < kept_until):
            page.dropped.add(node)
            node = page.stops[node]
        else:
            node += 1
    lengths = _Lengths(page)
    main = _main(page, lengths)
    page.roots = (*_titles(page, main), main)


def _is_furniture(page: Page, node: int, lengths: _Lengths, total: int, *, inside: bool) -> bool:
    tag = page.tags[node]
    if tag.startswith("-") or tag in ("html", "body"):
        return False
    found = page.attributes.get(node, {})
    # What holds most of the page is its content, whatever it is called, and whatever a script would show.
    if lengths.text(node) * 2 > total:
        return False
    if "hidden" in found or _HIDDEN.search(found.get("style", "")):
        return True
    small = lengths.text(node) <= max(300, total // 10)
    if tag in ("header", "footer") or any(_FURNITURE.fullmatch(name[:40]) for name in page.names(node)):
        return small and not inside
    if tag == "form":
        return lengths.text(node) < 100
    if tag in ("ul", "ol", "dl") and lengths.links(node) >= 4 and lengths.prose(node) * 10 < lengths.text(node):
        return small and not any(_ABOUT_BUDGETS.search(text) for text in page.texts[node : page.stops[node]])
    return False


def _main(page: Page, lengths: _Lengths) -> int:
    """Return the smallest known container with nearly all prose, else the innermost element with practically all."""
    body = page.tags.index("body") if "body" in page.tags else 0
    total = lengths.prose(body)
    known = [
        node
        for node, tag in enumerate(page.tags)
        if (tag in ("article", "main") or (node in page.attributes and not _KNOWN.isdisjoint(page.names(node))))
        and node not in page.dropped
        and lengths.prose(node) * 100 >= total * 90
    ]
    if known and total:
        return min(known, key=lambda node: page.stops[node] - node)
    main = body
    while inner := [child for child in _children(page, main) if lengths.prose(child) * 100 >= total * 97]:
        if not total or page.tags[inner[0]] in ("table", "-text"):
            break
        main = inner[0]
    return main


def _children(page: Page, node: int) -> Iterator[int]:
    child = node + 1
    while child < page.stops[node]:
        if child not in page.dropped:
            yield child
        child = page.stops[child]


def _titles(page: Page, main: int) -> Iterator[int]:
    """Yield the headings of the page that stand before its main content."""
    node = 0
    while node < main:
        if node in page.dropped:
            node = page.stops[node]
        elif page.stops[node] <= main and (
            page.tags[node] in _HEADINGS or not _TITLE_NAMES.isdisjoint(page.names(node))
        ):
            yield node
            node = page.stops[node]
        else:
            node += 1


def _find_layouts(page: Page) -> None:
    """Find the tables that hold one column, almost only one cell, or other tables without being tables themselves."""
    sizes = list(accumulate((len(text.strip()) for text in page.texts), initial=0))
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
        elif tag == "tr" and tables:
            rows[tables[-1]].append([])
        elif tag in ("td", "th") and tables and rows[tables[-1]]:
            rows[tables[-1]][-1].append(sizes[page.stops[node]] - sizes[node])
    for table, found in rows.items():
        longest = max((cell for row in found for cell in row), default=0)
        tabular = sum(sum(cell > 0 for cell in row) >= 3 for row in found)
        if (
            max(map(len, found), default=0) <= 1
            or (table in nested and tabular < 3)
            or longest > max(1_000, 0.8 * (sizes[page.stops[table]] - sizes[table]))
        ):
            page.layouts.add(table)
