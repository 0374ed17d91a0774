"""File formats: one module per format, each turning a path into a `Document`."""

from __future__ import annotations

from pathlib import Path

from budget_llm.document import Document
from budget_llm.errors import FormatError, InputError
from budget_llm.formats.text import read_text

# What other formats begin with, and what to do about them.
_CONVERT = "convert it to text (for example with `pdftotext -layout` or 'save as plain text') and pass the .txt file"
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP container (.docx, .xlsx or an archive)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a legacy Office file (.doc or .xls)"),
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
)
_MARKUP = (b"<!doctype html", b"<html", b"<?xml")


def load(path: str | Path, *, max_bytes: int = 50_000_000) -> Document:
    """Read the file at `path` into a `Document`.

    Raises InputError where there is no readable file or it is larger than `max_bytes`, FormatError
    where it is not text, EmptyInputError where it holds no text.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path}: expected a file, found a directory; pass the files in it one by one")
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise InputError(
                f"{path}: {size:,} bytes, more than the limit of {max_bytes:,}; split the file or raise max_bytes"
            )
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    for signature, name in _SIGNATURES:
        if raw.startswith(signature):
            raise FormatError(f"{path}: expected text, found {name}; {_CONVERT}")
    if raw[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP):
        raise FormatError(f"{path}: expected text, found a web page or XML; {_CONVERT}")
    return read_text(raw, str(path))
