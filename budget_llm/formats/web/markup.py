"""The source of a web page before it is parsed: scripts and comments cut out, tags well nested and not too deep."""

from __future__ import annotations

import re
from collections import Counter

# The parser looks through all open elements for each tag: without a bound its time grows with the square of the depth.
_DEEPEST = 400
_TAG = re.compile(r"<(?:!--|(/?)([a-zA-Z][^\s/>]{0,40}+)|[!?/])")
_ATTRIBUTES = re.compile(r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')|=)*+>""")
_COMMENT_END = re.compile(r"--!?>")
# Their content is no markup and nothing to read.
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript", "select")
}
# Of these a page may forget the end without hiding what follows.
_MAY_END = {"noscript", "select"}
_LEFT_OUT = {"plaintext", "frameset", *_RAW}
# The parser opens these again in every paragraph where the page forgot to close them; a span it does not.
_FORMATTING = {"b", "big", "code", "em", "font", "i", "nobr", "small", "strong", "tt", "u"}
# Elements without content, and those that the parser closes by itself.
_UNTRACKED = {
    "area", "base", "basefont", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "param",
    "source", "track", "wbr", "html", "head", "body", "p", "li", "dd", "dt", "option", "optgroup", "tr", "td", "th",
    "thead", "tbody", "tfoot", "colgroup", "caption", "rb", "rt", "rp", "h1", "h2", "h3", "h4", "h5", "h6", "image",
}  # fmt: skip
_STRUCK = {"s", "strike"}
_INLINE = {"span", "a", "sub", "sup", "label", "abbr", "q", "cite", "time"}


class _Open:
    """The open elements; an end tag reaches no further out than the table that it stands in."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._kept: list[bool] = []
        self._counts = [Counter[str]()]
        self.depth = 0

    def push(self, name: str) -> bool:
        """Open an element; return whether it is kept, false where it lies too deep."""
        kept = self.depth < _DEEPEST
        self.names.append(name)
        self._kept.append(kept)
        self.depth += kept
        self._counts[-1][name] += 1
        if name == "table":
            self._counts.append(Counter())
        return kept

    def close(self, name: str) -> str:
        """Close `name` and what is open inside it; return the end tags, "" where it is not open here."""
        if name == "table":
            if len(self._counts) == 1:
                return ""
        elif not self._counts[-1][name]:
            return ""
        tags = []
        while True:
            last, kept = self.names.pop(), self._kept.pop()
            if last == "table":
                self._counts.pop()
            self._counts[-1][last] -= 1
            if kept:
                self.depth -= 1
                tags.append(f"</{last}>")
            else:
                tags.append("" if last in _INLINE else "<br>")
            if last == name:
                return "".join(tags)


def tidied(source: str) -> str:
    """Return the page with the same text, its tags in pairs and at most 400 elements deep; takes linear time."""
    parts: list[str] = []
    stack = _Open()
    endless: set[str] = set()
    at = 0
    while found := _TAG.search(source, at):
        parts.append(source[at : found.start()])
        if found[0] == "<!--":
            at = _after_comment(source, found.end())
            continue
        tag = _ATTRIBUTES.match(source, found.end())
        if tag is None:
            # The page breaks off inside a tag.
            return "".join(parts)
        at = tag.end()
        name, closing = (found[2] or "").lower(), bool(found[1])
        if name in _RAW and not closing and name not in endless:
            end = _RAW[name].search(source, at)
            if end or name not in _MAY_END:
                at = end.start() if end else len(source)
            else:
                endless.add(name)
        elif name:
            parts.append(_written(name, closing, source[found.end() : at], stack))
    parts.append(source[at:])
    return "".join(parts)


def _after_comment(source: str, at: int) -> int:
    if source.startswith((">", "->"), at):
        return source.index(">", at) + 1
    end = _COMMENT_END.search(source, at)
    return end.end() if end else len(source)


def _written(name: str, closing: bool, attributes: str, stack: _Open) -> str:
    """Return a tag as it is handed to the parser."""
    if name in _LEFT_OUT:
        return ""
    name = "span" if name in _FORMATTING else "del" if name in _STRUCK else name
    if name in _UNTRACKED:
        return f"</{name}>" if closing else f"<{name}{attributes}"
    if closing:
        return stack.close(name)
    if attributes.endswith("/>") and name not in _INLINE:
        # XHTML closes an empty element so; HTML would leave it open around all that follows.
        return ""
    if not stack.push(name):
        return "" if name in _INLINE else "<br>"
    return f"<{name}{attributes}"
