"""Web pages: the main text as paragraphs and tables, without scripts, menus and what is hidden."""

from __future__ import annotations

import codecs
import re
from itertools import islice

from budget_llm.document import Document
from budget_llm.errors import FormatError, InputError
from budget_llm.formats.cells import fitted, place_cells
from budget_llm.formats.draft import Draft, Slot
from budget_llm.formats.limits import Limits
from budget_llm.formats.web.content import page_of
from budget_llm.formats.web.lines import Rows, blocks
from budget_llm.formats.web.markup import tidied
from budget_llm.formats.web.nodes import Page

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META = re.compile(rb"""<meta\s[^>]{0,300}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_.:-]{2,40})""")

_TAGS = 2
_WORDS = 20  # characters that name what is hidden


def read_web(raw: bytes, source: str, limits: Limits, *, charset: str | None = None) -> Document:
    """Return the main text and the tables of a web page; `charset` is what its HTTP header said.

    Raises InputError beyond `limits`, FormatError where the bytes are no text, EmptyInputError without any text.
    """
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError as error:
        raise FormatError(
            f'{source}: reading web pages needs selectolax; install it with: pip install "budget-llm[html]"'
        ) from error
    text, encoding = _decoded(raw, source, charset)
    if len(text) > limits.characters:
        raise InputError(
            f"{source}: {len(text):,} characters, more than the limit of {limits.characters:,}; "
            "split the page, or raise Limits(characters=…)"
        )
    if (tags := text.count("<")) > _TAGS * limits.cells:
        raise InputError(
            f"{source}: {tags:,} tags, more than {_TAGS} for each cell of the limit of {limits.cells:,}; "
            "split the page, or raise Limits(cells=…)"
        )
    # A zero byte would end the page for the parser.
    page = page_of(LexborHTMLParser(tidied(text.replace("\0", ""))))
    draft = Draft()
    for root in page.roots:
        for block in blocks(page, root):
            if isinstance(block, str):
                draft.paragraph(block)
            else:
                _write_table(draft, block, source, limits)
    for node in page.hidden:
        draft.leave_out(f"隐藏的内容“{_first_words(page, node)}…”")
    if page.struck:
        draft.leave_out("删除线文字")
    return draft.document(raw, source=source, encoding=encoding, format="html")


def _first_words(page: Page, node: int) -> str:
    texts = (" ".join(text.split()) for text in page.texts[node : page.stops[node]])
    return " ".join(islice((text[:_WORDS] for text in texts if text), _WORDS))[:_WORDS]


def _write_table(draft: Draft, rows: Rows, source: str, limits: Limits) -> None:
    """Write a table; the lines over all its columns at the top are paragraphs before it."""
    slots = fitted(place_cells(rows, f"{source}: a table of the page", limits))
    width = max((slot.column + slot.columns for slot in slots), default=0)
    first = 0
    while first < len(slots) and _is_line(slots, first, width):
        draft.paragraph(slots[first].text)
        first += 1
    if first < len(slots):
        draft.table(fitted(slots[first:]))


def _is_line(slots: list[Slot], at: int, width: int) -> bool:
    """Whether a slot is the only one of its row and covers all columns."""
    slot = slots[at]
    alone = at + 1 == len(slots) or slots[at + 1].row >= slot.row + slot.rows
    return alone and slot.columns >= width


def _decoded(raw: bytes, source: str, charset: str | None) -> tuple[str, str]:
    """Return the text of a page and its encoding: BOM, HTTP header, meta, then UTF-8 or GB18030."""
    for bom, name in _BOMS:
        if raw.startswith(bom):
            return raw.decode(name, "replace"), name
    labels = [name for name in map(_codec, (charset, *_declared(raw))) if name]
    for name in (*labels, *_undeclared(raw)):
        try:
            return raw.decode(name), name
        except UnicodeDecodeError:
            continue
    # A few broken bytes in a page that says how it is encoded are no reason to refuse it.
    name = labels[0] if labels else "utf-8"
    text = raw.decode(name, "replace")
    if text.count("\ufffd") * 100 > len(text):
        raise FormatError(
            f"{source}: expected a web page in UTF-8 or GB18030, found bytes that are neither; "
            "save the page from a browser as UTF-8 and pass that file"
        )
    return text, name


def _declared(raw: bytes) -> tuple[str, ...]:
    head = raw[:4096]
    found = (_XML.match(head), _META.search(head))
    return tuple(match[1].decode("ascii") for match in found if match)


def _codec(label: str | None) -> str | None:
    """Return the Python name of a charset, None where it is unknown or cannot be what the page is written in."""
    try:
        name = codecs.lookup((label or "").strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    if name in ("gb2312", "gbk", "hz"):
        return "gb18030"
    # Labels that servers send without looking, and codecs that are no encodings of text.
    if name in ("iso8859-1", "ascii", "cp1252") or not name.startswith(("utf-8", "utf-16", "gb18030", "big5", "cp950")):
        return None
    return name


def _undeclared(raw: bytes) -> tuple[str, ...]:
    # The markup of a page in UTF-16 makes every second byte zero.
    if raw.count(0) * 5 > len(raw):
        return ("utf-16-le",) if raw[1::2].count(0) > raw[::2].count(0) else ("utf-16-be",)
    return ("utf-8", "gb18030")
