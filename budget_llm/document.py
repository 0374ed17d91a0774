"""A document: its text, never altered, and where it came from."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from budget_llm.errors import EmptyInputError


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one disclosure with its source.

    `text` is exactly what the file held (after decoding); every offset of the library points into it.
    `source` is the name it was read from, `sha256` the digest of the file's bytes (of the UTF-8 text
    where there was no file), `encoding` how the bytes were decoded.
    """

    text: str
    source: str | None
    sha256: str
    encoding: str = "utf-8"
    _line_starts: tuple[int, ...] = field(default=(), repr=False, compare=False)

    @classmethod
    def from_text(cls, text: str, source: str | None = None) -> Document:
        """Return a document over `text`; raise EmptyInputError where it holds nothing but white space."""
        return cls.from_bytes(text, text.encode("utf-8", "surrogatepass"), source=source)

    @classmethod
    def from_bytes(cls, text: str, raw: bytes, *, source: str | None, encoding: str = "utf-8") -> Document:
        """Return a document over `text` as decoded from `raw`; raise EmptyInputError without any text."""
        if not text.strip("\ufeff \t\r\n\u3000"):
            raise EmptyInputError(
                f"{source or 'text'}: expected the text of a disclosure, found nothing but white space; "
                "check that the file was exported with its text"
            )
        starts = (0, *accumulate(len(line) + 1 for line in text.split("\n")))
        return cls(text, source, hashlib.sha256(raw).hexdigest(), encoding, starts)

    def line(self, offset: int) -> int:
        """Return the 1-based line that holds `offset`."""
        return bisect_right(self._line_starts, min(offset, len(self.text) - 1))

    def quote(self, start: int, end: int) -> str:
        """Return `text[start:end]` on one line."""
        return " ".join(self.text[start:end].split())
