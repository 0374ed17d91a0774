"""Files to documents: text untouched, encodings told, bad input named."""

from __future__ import annotations

from pathlib import Path

import pytest

from budget_llm.document import Document
from budget_llm.errors import EmptyInputError, FormatError, InputError
from budget_llm.formats import load
from budget_llm.formats.limits import Limits

TEXT = "某市水利局2024年部门预算\n一、收入预算\n2024年收入预算100.50万元。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_usual_encoding_gives_the_same_text(tmp_path: Path, encoding: str) -> None:
    """BOM, strict UTF-8, UTF-16 and GB18030 are told from the bytes."""
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert load(path).text == TEXT


def test_line_ends_are_part_of_the_text(tmp_path: Path) -> None:
    """Offsets point into what the file holds, CRLF included."""
    path = tmp_path / "a.txt"
    path.write_bytes("甲\r\n乙\r\n".encode())
    document = load(path)
    assert document.text == "甲\r\n乙\r\n"
    assert document.line(document.text.index("乙")) == 2


def test_the_digest_is_that_of_the_file() -> None:
    """sha256 lets a reader check that the facts belong to a file."""
    assert Document.from_text("预算").sha256 == "bd8dbd5724735390a29cb9962c71582d62e3c0509f80ba05648e753a87295b02"


BAD = [
    (b"", EmptyInputError, "nothing but white space"),
    (b" \n\t\xe3\x80\x80\n", EmptyInputError, "nothing but white space"),
    (b"%PDF-1.7 ...", FormatError, "PDF is truncated.*download it again"),
    (b"PK\x03\x04....", FormatError, "download or save it again"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", FormatError, r"legacy Office.*save it as .docx or PDF"),
    (b"<!DOCTYPE html><html>", EmptyInputError, "nothing but white space"),
    (b"{\\rtf1 ...", FormatError, "an RTF file; save it as .docx"),
    (b"\x89PNG\r\n", FormatError, "an image; run text recognition"),
    (b"Rar!\x1a\x07", FormatError, "a RAR archive; unpack it"),
    (bytes(range(256)) * 8, FormatError, "bytes that are none of them"),
    (b"\x00\x01\x02\x03" * 100, FormatError, "bytes that are none of them"),
]


@pytest.mark.parametrize(("raw", "error", "words"), BAD)
def test_bad_input_says_what_was_found_and_what_to_do(
    tmp_path: Path, raw: bytes, error: type[InputError], words: str
) -> None:
    """Each kind of unusable file has its named error with the file's name in it."""
    path = tmp_path / "input.bin"
    path.write_bytes(raw)
    with pytest.raises(error, match=words) as caught:
        load(path)
    assert "input.bin" in str(caught.value)


def test_a_directory_a_missing_file_and_a_huge_file_are_named(tmp_path: Path) -> None:
    """None of them is an empty result."""
    with pytest.raises(InputError, match="found a directory"):
        load(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "absent.txt")
    (tmp_path / "big.txt").write_text("预算" * 100, encoding="utf-8")
    with pytest.raises(InputError, match=r"more than the limit of 100; .*raise Limits\(bytes="):
        load(tmp_path / "big.txt", Limits(bytes=100))
