"""Plain text and Markdown: BOM, then strict UTF-8, then UTF-16 by its zero bytes, then GB18030."""

from __future__ import annotations

import codecs
import re

from budget_llm.document import Document
from budget_llm.errors import FormatError, InputError
from budget_llm.formats.limits import Limits

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(raw: bytes, source: str, limits: Limits) -> Document:
    """Decode `raw` and return it as a Document.

    Raises FormatError where it is not text, InputError where it has more cells than the limit.
    """
    encoding = _encoding(raw)
    if encoding is not None:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            encoding = None
    if encoding is None or _is_binary(text):
        raise FormatError(
            f"{source}: expected text in UTF-8, UTF-16 or GB18030, found bytes that are none of them; "
            "if it is a PDF, Word or Excel file under another name, convert it to text first"
        )
    cells = sum(text.count(mark) for mark in "\t|│")
    if cells > limits.cells:
        raise InputError(
            f"{source}: {cells:,} cells, more than the limit of {limits.cells:,}; split the file or raise Limits(cells=…)"
        )
    return Document.from_bytes(text, raw, source=source, encoding=encoding)


def _encoding(raw: bytes) -> str | None:
    for bom, name in _BOMS:
        if raw.startswith(bom):
            return name
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if raw.count(0) * 10 < len(raw):
            return "utf-8"
    # Chinese punctuation, digits and line ends make one byte of many UTF-16 pairs zero or 0x30.
    if len(raw) % 2 == 0 and raw.count(0) * 50 > len(raw):
        return "utf-16-le" if raw[1::2].count(0) > raw[::2].count(0) else "utf-16-be"
    return "gb18030"


# What Chinese documents are written with; bytes decoded as something they are not fall elsewhere.
_PLAUSIBLE = re.compile(
    r"[\t\n\r\f\x20-\x7e\u00a0-\u00ff\u2000-\u27bf\u3000-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff65\uffe0-\uffe6]"
)


def _is_binary(text: str) -> bool:
    """Whether more than a tenth of the characters are none that such documents are written with."""
    sample = text[:100_000]
    return len(_PLAUSIBLE.findall(sample)) * 10 < len(sample) * 9
