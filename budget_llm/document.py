"""A document: its text, never altered, its tables and pages, and where it came from."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from budget_llm.errors import EmptyInputError
from budget_llm.plain_tables import find_grids
from budget_llm.tables import Grid, Table, outside, tables_of


@dataclass(frozen=True, slots=True)
class Page:
    """A page: `text[start:end]` stands on it, `number` counts from 1.

    `furniture` are its page number and running heads, which are set apart and not in the text; a page
    without a text layer (`has_text` is false) is a picture that nothing was read from.
    """

    number: int
    start: int
    end: int
    furniture: tuple[str, ...] = ()
    has_text: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one disclosure with its tables, its pages and its source.

    `text` is exactly what a text file held (after decoding), or what was written down of another format;
    every offset of the library points into it. `source` is the name it was read from, `sha256` the digest
    of the file's bytes (of the UTF-8 text where there was no file), `encoding` how the bytes were decoded,
    `format` (text, pdf, docx, xlsx, xls, html). `tables` are in the order of the text.
    `left_out` names what the file holds and hides from its readers, so that it is not in the text (hidden sheets,
    struck-out text, footnotes, embedded objects, formulas without a saved value).
    """

    text: str
    source: str | None
    sha256: str
    encoding: str = "utf-8"
    format: str = "text"
    tables: tuple[Table, ...] = ()
    pages: tuple[Page, ...] = ()
    left_out: tuple[str, ...] = ()
    _line_starts: tuple[int, ...] = field(default=(), repr=False, compare=False)
    _page_starts: tuple[int, ...] = field(default=(), repr=False, compare=False)

    @classmethod
    def from_text(cls, text: str, source: str | None = None) -> Document:
        """Return a document over `text`; raise EmptyInputError where it holds nothing but white space."""
        return cls.from_bytes(text, text.encode("utf-8", "surrogatepass"), source=source)

    @classmethod
    def from_bytes(
        cls,
        text: str,
        raw: bytes,
        *,
        source: str | None,
        encoding: str = "utf-8",
        format: str = "text",
        grids: tuple[Grid, ...] = (),
        pages: tuple[Page, ...] = (),
        left_out: tuple[str, ...] = (),
    ) -> Document:
        """Return a document over `text` as read from `raw`; raise EmptyInputError without any text.

        `grids` are the tables that the format knows; others are looked for in the text around them.
        """
        if not text.strip("\ufeff \t\r\n\u3000"):
            raise EmptyInputError(
                f"{source or 'text'}: expected the text of a disclosure, found nothing but white space; "
                "check that the file was exported with its text"
            )
        lines = (0, *accumulate(len(line) + 1 for line in text.split("\n")))
        known = [(grid.start, grid.end) for grid in grids]
        found = (g for g in find_grids(text) if outside(known, g.start, g.end) == [(g.start, g.end)])
        tables = tables_of(text, sorted((*grids, *found), key=lambda grid: grid.start))
        starts = tuple(page.start for page in pages)
        return cls(
            text, source, hashlib.sha256(raw).hexdigest(), encoding, format, tables, pages, left_out, lines, starts
        )

    @property
    def table_spans(self) -> tuple[tuple[int, int], ...]:
        """The spans of the text that its tables take, in order."""
        return tuple(part for table in self.tables for part in table.parts)

    def line(self, offset: int) -> int:
        """Return the 1-based line that holds `offset`."""
        return bisect_right(self._line_starts, min(offset, len(self.text) - 1))

    def page(self, offset: int) -> int | None:
        """Return the 1-based page that holds `offset`, None where the format has no pages."""
        if not self.pages:
            return None
        return self.pages[max(bisect_right(self._page_starts, offset) - 1, 0)].number

    def quote(self, start: int, end: int) -> str:
        """Return `text[start:end]` on one line."""
        return " ".join(self.text[start:end].split())
