"""A parsed web page as flat lists, and which part of it is its main content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

from budget_llm.formats.web.evidence import Evidence
from budget_llm.formats.web.nodes import NEVER, TABLE_PARTS, Page, flattened

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_HIDDEN = re.compile(r"(?:^|[;\s])(?:display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden)", re.IGNORECASE)
# Names of the site's furniture, as whole names with at most one word before them.
_FURNITURE = re.compile(
    r"(?:[a-z0-9]{1,20}[-_]?)??(?:nav|navbar|menu|crumbs?|breadcrumbs?|breadcutnav|sidebar|footer|copyright|share|pagination"
    r"|toolbar|dqwz|friendlinks?)|header|top-?bar|foot"
)
_KNOWN = {
    "zoom", "trs_editor", "ucap-content", "article-content", "article_content", "content_detail", "content", "contents",
    "article", "articlecontent", "newscontent", "news_content", "main-content", "main_content", "detail", "info_content",
    "view", "pages_content", "xxgk_content", "contxt", "j-fontcontent",
}  # fmt: skip
_ABOUT_BUDGETS = re.compile(r"预算|决算|绩效|附件|公开")
_WEIGHT = 200  # characters
_HEADINGS = {"h1", "h2", "h3"}
_TITLE_NAMES = {"title", "article-title", "article_title", "articletitle", "news_title", "content_title", "xl_title"}


def page_of(parser: LexborHTMLParser) -> Page:
    """Return the page with its main content found; when in doubt more of it is kept."""
    page = flattened(parser)
    if page.tags:
        _choose(page)
    return page


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

    def is_most(self, node: int) -> bool:
        """Whether a node holds more than half of the page's text, and more than a line of it."""
        return self.text(node) * 2 > self.text(0) and (self._page.tags[node] != "del" or self.text(node) > _WEIGHT)

    def prose(self, node: int) -> int:
        return self._prose[self._page.stops[node]] - self._prose[node]

    def links(self, node: int) -> int:
        return self._links[self._page.stops[node]] - self._links[node]


def _choose(page: Page) -> None:
    """Drop the site's furniture and what is hidden, then set the roots of what is read."""
    lengths = _Lengths(page)
    evidence = Evidence(page, links=True)
    node = kept_until = table_end = 0
    while node < len(page.tags):
        tag = page.tags[node]
        if tag in ("article", "main"):
            kept_until = max(kept_until, page.stops[node])
        unread = tag in NEVER or _is_unshown(page, node, lengths)
        inside = node < kept_until
        if unread or (node >= table_end and _is_furniture(page, node, lengths, evidence, inside=inside)):
            page.dropped.add(node)
        if tag == "table" and node not in page.layouts:
            # Nothing in a table of data is the site's, whatever its cells are called.
            table_end = max(table_end, page.stops[node])
        node = page.stops[node] if node in page.dropped else node + 1
    lengths = _Lengths(page)
    main = _main(page, lengths, Evidence(page, links=False))
    page.roots = (*_titles(page, main), main)


def _is_unshown(page: Page, node: int, lengths: _Lengths) -> bool:
    """Whether an element is hidden or struck out; what is hidden and more than a word is noted."""
    found, tag = page.attributes.get(node, {}), page.tags[node]
    # What holds most of the page is its content, whatever a script would show.
    if tag.startswith("-") or tag in ("html", "body") or lengths.is_most(node):
        return False
    if tag == "del":
        page.struck = page.struck or lengths.text(node) > 0
        return True
    if "hidden" not in found and not _HIDDEN.search(found.get("style", "")):
        return False
    if lengths.prose(node) > _WEIGHT or any(inner in page.data_tables for inner in range(node, page.stops[node])):
        page.hidden.append(node)
    return True


def _is_furniture(page: Page, node: int, lengths: _Lengths, evidence: Evidence, *, inside: bool) -> bool:
    tag, text, total = page.tags[node], lengths.text(node), lengths.text(0)
    if tag.startswith("-") or tag in ("html", "body") or text * 2 > total:
        return False
    if tag in TABLE_PARTS or node in page.data_tables:
        return False
    small = text <= max(300, total // 10)
    if tag in ("header", "footer") or any(_FURNITURE.fullmatch(name[:40]) for name in page.names(node)):
        dropped = small and not inside
    elif tag == "form":
        dropped = text < 100
    elif tag in ("ul", "ol", "dl") and lengths.links(node) >= 4 and lengths.prose(node) * 10 < text:
        dropped = small and not any(_ABOUT_BUDGETS.search(text) for text in page.texts[node : page.stops[node]])
    else:
        return False
    return dropped and not evidence.inside(page, node)


def _main(page: Page, lengths: _Lengths, evidence: Evidence) -> int:
    """Return the smallest known container with nearly all prose, else the innermost element with practically all.

    Nothing that belongs to a disclosure is left outside of it.
    """
    body = page.tags.index("body") if "body" in page.tags else 0
    total = lengths.prose(body)
    known = [
        node
        for node, tag in enumerate(page.tags)
        if (tag in ("article", "main") or (node in page.attributes and not _KNOWN.isdisjoint(page.names(node))))
        and node not in page.dropped
        and lengths.prose(node) * 100 >= total * 90
        and not evidence.outside(page, node)
    ]
    if known and total:
        return min(known, key=lambda node: page.stops[node] - node)
    main = body
    while inner := [child for child in _children(page, main) if lengths.prose(child) * 100 >= total * 97]:
        if not total or page.tags[inner[0]] in ("table", "-text") or evidence.outside(page, inner[0]):
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
