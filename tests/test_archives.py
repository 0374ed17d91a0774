"""Containers are measured and searched before anything opens them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from budget_llm.errors import FormatError, InputError
from budget_llm.formats.archives import check_archive
from budget_llm.formats.limits import Limits
from tests.office_files import WORD_TYPES, container, word

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES: dict[str, str | bytes] = {"[Content_Types].xml": WORD_TYPES}


def test_a_sound_container_gives_its_members() -> None:
    """The names tell what kind of Office file it is."""
    names = check_archive(word("<w:p/>"), "a.docx", Limits())
    assert names == {"[Content_Types].xml", "_rels/.rels", "word/document.xml"}


def test_names_that_lead_elsewhere_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Absolute names and names with .. are only names."""
    monkeypatch.chdir(tmp_path)
    raw = container(TYPES | {"../outside.txt": "x", "/etc/absolute.txt": "x"})
    assert "../outside.txt" in check_archive(raw, "a.docx", Limits())
    assert list(tmp_path.iterdir()) == []
    assert not (tmp_path.parent / "outside.txt").exists()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (container({"一.pdf": "%PDF", "二.pdf": "%PDF"}), "found a ZIP archive of files; unpack it and pass the files"),
        (container({"META-INF/manifest.xml": "<a/>"}), "found an OpenDocument file"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted with a password; open it"),
        (OLE + b"\0" * 600, "found a legacy Office file"),
        (b"PK\x03\x04 and no more", "found a damaged one"),
        (word("<w:p/>" * 5_000)[:300], "found a damaged one"),
        (container(TYPES | {"word/a.xml": "not XML"}), "word/a.xml is not XML"),
        (container(TYPES | {"Word/A.xml": "<a/>", "word/a.xml": "<a/>"}), "2 members have the name word/a.xml"),
    ],
)
def test_what_is_no_readable_office_file_is_named(raw: bytes, words: str) -> None:
    """Each message names the file, what was found and what to do."""
    with pytest.raises(FormatError, match=words) as caught:
        check_archive(raw, "某局预算.docx", Limits())
    assert str(caught.value).startswith("某局预算.docx: ")


DOCTYPES = [
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>',
    '<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>',
    "<a/>" + " " * 300_000 + "<!ENTITY b 'x'>",
]


@pytest.mark.parametrize("xml", DOCTYPES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["word/document.xml", "customXml/item1.xml", "word/main.part", "_rels/.rels"])
def test_declared_entities_are_refused_wherever_they_stand(xml: str, encoding: str, name: str) -> None:
    """No Office file declares a document type; in UTF-16 and late in the member it is found as well."""
    with pytest.raises(FormatError, match="declares a document type or entities"):
        check_archive(container(TYPES | {name: xml.encode(encoding)}), "a.docx", Limits())


def test_a_declaration_across_two_chunks_is_found() -> None:
    """Members are searched in chunks; none of the places where one can be cut hides it."""
    for shift in range(-12, 4):
        xml = "<a>" + "x" * ((1 << 18) - 3 + shift) + "<!DOCTYPE a>"
        with pytest.raises(FormatError, match="declares a document type"):
            check_archive(container(TYPES | {"word/document.xml": xml}), "a.docx", Limits())


@pytest.mark.parametrize("encoding", ["UTF-7", "cp037", "utf-32"])
def test_an_encoding_that_could_hide_a_declaration_is_refused(encoding: str) -> None:
    """Office writes UTF-8."""
    with pytest.raises(FormatError, match=f"encoded as {encoding}, expected UTF-8"):
        check_archive(
            container(TYPES | {"word/document.xml": f'<?xml version="1.0" encoding="{encoding}"?><a/>'}),
            "a.docx",
            Limits(),
        )


def test_a_picture_may_have_a_doctype() -> None:
    """SVG files of drawing programs have one, and nothing reads them."""
    check_archive(container(TYPES | {"word/media/a.svg": '<!DOCTYPE svg PUBLIC "a" "b"><svg/>'}), "a.docx", Limits())


def test_what_unfolds_to_more_than_the_limit_is_refused() -> None:
    """The size is that of the unfolded bytes, summed over the members."""
    raw = container(TYPES | {f"word/media/{i}.bin": bytes(400_000) for i in range(3)})
    check_archive(raw, "a.docx", Limits(expanded_bytes=1_300_000))
    with pytest.raises(InputError, match=r"limit of 1,000,000 bytes .*raise Limits\(expanded_bytes=…\)"):
        check_archive(raw, "a.docx", Limits(expanded_bytes=1_000_000))


def test_a_declared_size_is_not_believed() -> None:
    """A member that says it is 10 bytes long and unfolds to a million is measured."""
    raw = bytearray(container(TYPES | {"word/media/a.bin": bytes(1_000_000)}))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = raw.rindex(signature)
        raw[place + at : place + at + 4] = struct.pack("<I", 10)
    with pytest.raises(InputError, match="limit of 500,000 bytes"):
        check_archive(bytes(raw), "a.docx", Limits(expanded_bytes=500_000))
    with pytest.raises(FormatError, match="unfolds to 1,000,000 bytes, declared as 10"):
        check_archive(bytes(raw), "a.docx", Limits())


def test_members_that_share_their_bytes_are_refused() -> None:
    """One body listed many times unfolds to many times its size."""
    raw = container(TYPES | {"a.xml": "<a/>", "b.xml": "<a/>"})
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        first, second = (archive.getinfo(name).header_offset for name in ("a.xml", "b.xml"))
    at = raw.rindex(struct.pack("<I", second))
    with pytest.raises(FormatError, match=r"overlaps another|damaged"):
        check_archive(raw[:at] + struct.pack("<I", first) + raw[at + 4 :], "a.docx", Limits())


def test_too_many_members_are_refused_before_they_are_listed() -> None:
    """The directory itself could fill the memory."""
    raw = container(TYPES | {str(number): "" for number in range(20_001)})
    with pytest.raises(InputError, match="at most 20,000 members"):
        check_archive(raw, "a.docx", Limits())


def test_a_changed_byte_in_a_member_is_a_damaged_file() -> None:
    """What cannot be unfolded is reported as damage, not as an exception of the unpacker."""
    raw = bytearray(container(TYPES | {"word/document.xml": "<a>" + "预算" * 999 + "</a>"}))
    place = raw.index(b"word/document.xml") + len("word/document.xml")
    raw[place] = 0xFF
    with pytest.raises(FormatError, match="found a damaged one"):
        check_archive(bytes(raw), "a.docx", Limits())


def test_what_follows_the_end_of_a_stream_is_not_read_for_ever() -> None:
    """A member with bytes after its packed content ends where the content ends."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    content = b"<a>" + b" " * 300_000 + b"</a>"
    packed = packer.compress(content) + packer.flush() + bytes(600)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", WORD_TYPES)
        archive.writestr("word/document.xml", packed)
    raw = bytearray(buffer.getvalue())
    for signature, method, size in ((b"PK\x03\x04", 8, 22), (b"PK\x01\x02", 10, 24)):
        place = raw.rindex(signature)
        raw[place + method : place + method + 2] = struct.pack("<H", zipfile.ZIP_DEFLATED)
        raw[place + size : place + size + 4] = struct.pack("<I", len(content))
    assert "word/document.xml" in check_archive(bytes(raw), "a.docx", Limits())
