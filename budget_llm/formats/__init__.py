"""File formats: one module per format, each turning the bytes of a file into a `Document`."""

from __future__ import annotations

import re
from pathlib import Path

from budget_llm.document import Document
from budget_llm.errors import FormatError, InputError
from budget_llm.formats.limits import Limits
from budget_llm.formats.text import read_text

# What no format reads, and what to do about it.
_REFUSED = (
    (b"{\\rtf", "an RTF file; save it as .docx and pass that file"),
    (b"\x89PNG", "an image; run text recognition on it and pass the text or the PDF that it makes"),
    (b"\xff\xd8\xff", "an image; run text recognition on it and pass the text or the PDF that it makes"),
    (b"Rar!", "a RAR archive; unpack it and pass the files in it"),
    (b"7z\xbc\xaf'\x1c", "a 7z archive; unpack it and pass the files in it"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body", b"<table", b"<meta", b"<!--")


# An entry of a ZIP's directory: its head of 46 bytes, then the name.
_WORD, _EXCEL = (re.compile(rb"PK\x01\x02.{42}" + name, re.DOTALL) for name in (rb"word/", rb"xl/workbook\."))


def load(path: str | Path, limits: Limits | None = None) -> Document:
    """Read the file at `path` (PDF, DOCX, XLSX, XLS, HTML or text, told by its content) into a `Document`.

    Raises InputError where there is no readable file or it exceeds the `limits`, FormatError where its
    format cannot be read, is damaged or encrypted, or needs a package that is not installed,
    EmptyInputError where it holds no text.
    """
    path, limits = Path(path), limits or Limits()
    if path.is_dir():
        raise InputError(f"{path}: expected a file, found a directory; pass the files in it one by one")
    try:
        size = path.stat().st_size
        if size > limits.bytes:
            raise InputError(
                f"{path}: {size:,} bytes, more than the limit of {limits.bytes:,}; split the file or raise Limits(bytes=…)"
            )
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    return read(raw, str(path), limits)


def read(raw: bytes, source: str, limits: Limits | None = None) -> Document:
    """Read the bytes of a file, named `source` in errors, into a `Document`; raises as `load` does."""
    limits = limits or Limits()
    document = _read(raw, source, limits)
    if len(document.text) > limits.characters:
        raise InputError(
            f"{source}: {len(document.text):,} characters, more than the limit of {limits.characters:,}; "
            "split the file or raise Limits(characters=…)"
        )
    return document


def _read(raw: bytes, source: str, limits: Limits) -> Document:
    for signature, name in _REFUSED:
        if raw.startswith(signature):
            raise FormatError(f"{source}: expected a disclosure, found {name}")
    if b"%PDF-" in raw[:1024]:
        from budget_llm.formats.pdf import read_pdf

        return read_pdf(raw, source, limits)
    if raw.startswith(b"PK\x03\x04"):
        return _read_package(raw, source, limits)
    if raw.startswith(_OLE):
        return _read_legacy(raw, source, limits)
    if _is_markup(raw):
        from budget_llm.formats.web import read_web

        return read_web(raw, source, limits)
    return read_text(raw, source, limits)


def _read_package(raw: bytes, source: str, limits: Limits) -> Document:
    """Read a ZIP container by what its directory lists: a Word document, a workbook, else what its check refuses."""
    if _WORD.search(raw):
        from budget_llm.formats.word import read_word

        return read_word(raw, source, limits)
    if _EXCEL.search(raw):
        from budget_llm.formats.excel import read_excel

        return read_excel(raw, source, limits, kind="xlsx")
    from budget_llm.formats.archives import check_archive

    check_archive(raw, source, limits)
    raise FormatError(
        f"{source}: found a ZIP archive that is neither a .docx nor an .xlsx file; "
        "unpack it and pass the files in it one by one, or save the document as .docx, .xlsx or PDF"
    )


def _read_legacy(raw: bytes, source: str, limits: Limits) -> Document:
    """Read an OLE container: an .xls workbook; .doc files and encrypted ones are refused with what to do."""
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise FormatError(f"{source}: the file is encrypted with a password; save it without one and pass that file")
    if any(name.encode("utf-16-le") in raw for name in ("Workbook", "Book\0")):
        from budget_llm.formats.excel import read_excel

        return read_excel(raw, source, limits, kind="xls")
    raise FormatError(
        f"{source}: found a legacy Office file (.doc or .ppt); save it as .docx or PDF "
        "(for example with `soffice --headless --convert-to docx FILE`) and pass that file"
    )


def _is_markup(raw: bytes) -> bool:
    head = raw[:1000].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t\0").replace(b"\0", b"").lower()
    return head.startswith(_MARKUP)
