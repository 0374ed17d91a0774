"""ZIP containers of Office files: measured, counted and searched for declarations of entities before they are opened."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator

from budget_llm.errors import FormatError, InputError
from budget_llm.formats.limits import Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MEMBERS = 20_000
_CHUNK = 1 << 18
# The last bytes of a chunk are looked at again with the next one, so that no word is cut in two.
_OVERLAP = 16
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?\bencoding\s{0,9}=\s{0,9}["']([^"'>]{0,40})""")
# In these `<` is always the byte 0x3C; in others (UTF-7, EBCDIC) a declaration could hide.
_PLAIN_ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"gb2312", b"gbk", b"gb18030"}
# Pictures and embedded web pages may have a DOCTYPE; nothing reads them.
_NOT_READ = (".svg", ".html", ".htm", ".mht")


def check_archive(raw: bytes, source: str, limits: Limits) -> frozenset[str]:
    """Return the member names of an Office container once it is known to be safe to open.

    Raises FormatError where it is encrypted, damaged, ambiguous, no Office file, or declares entities, InputError
    where it holds too many members or unfolds to more than `limits.expanded_bytes` bytes. Sizes are measured.
    """
    if raw.startswith(_OLE):
        raise _ole(raw, source)
    # Counted before the directory is read: a directory of millions of entries would fill the memory.
    if raw.count(b"PK\x01\x02") > _MEMBERS:
        raise InputError(f"{source}: expected at most {_MEMBERS:,} members, found more; no Office file has as many")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, struct.error) as error:
        raise _damaged(source, str(error)) from error
    _check_names(members, source)
    _check_places(members, source)
    total = 0
    for member in members:
        total = _check_content(raw, member, source, limits, total)
    return frozenset(member.filename for member in members)


def _ole(raw: bytes, source: str) -> FormatError:
    if "EncryptedPackage".encode("utf-16-le") in raw:
        return FormatError(
            f"{source}: expected a readable Office file, found one that is encrypted with a password; "
            "open it with its password, save it without one and pass that file"
        )
    return FormatError(
        f"{source}: expected a .docx or .xlsx file, found a legacy Office file under its name; "
        "save it as .docx or .xlsx and pass that file"
    )


def _damaged(source: str, fault: str) -> FormatError:
    return FormatError(
        f"{source}: expected a whole Office file, found a damaged one ({fault}); download or save it again"
    )


def _check_names(members: list[zipfile.ZipInfo], source: str) -> None:
    """Refuse what is no Office file and names that two readers could understand differently."""
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names:
        if "META-INF/manifest.xml" in names:
            raise FormatError(
                f"{source}: expected a .docx or .xlsx file, found an OpenDocument file; "
                "save it as .docx or .xlsx and pass that file"
            )
        raise FormatError(f"{source}: found a ZIP archive of files; unpack it and pass the files one by one")
    counts = Counter(member.filename.lower().replace("\\", "/").lstrip("/") for member in members)
    name, count = counts.most_common(1)[0]
    if count > 1:
        raise _damaged(source, f"{count} members have the name {name}")


def _check_places(members: list[zipfile.ZipInfo], source: str) -> None:
    """Refuse members whose bytes overlap: they unfold the same bytes many times."""
    end = 0
    for member in sorted(members, key=lambda m: m.header_offset):
        if member.header_offset < end:
            raise _damaged(source, f"the member {member.filename} overlaps another")
        end = member.header_offset + 30 + member.compress_size


def _check_content(raw: bytes, member: zipfile.ZipInfo, source: str, limits: Limits, total: int) -> int:
    """Unfold one member without keeping it; return `total` and its bytes."""
    start, tail, is_xml = total, b"", False
    for number, chunk in enumerate(_unfold(raw, member, source)):
        total += len(chunk)
        if total > limits.expanded_bytes:
            raise InputError(
                f"{source}: unfolds to more than the limit of {limits.expanded_bytes:,} bytes (at {member.filename}); "
                "if you trust the file, raise Limits(expanded_bytes=…)"
            )
        if number == 0:
            is_xml = _is_xml(chunk, member, source)
        if is_xml:
            # UTF-16 is searched as its ASCII half.
            text = tail + chunk.replace(b"\0", b"")
            if _DECLARED.search(text):
                raise FormatError(
                    f"{source}: {member.filename} declares a document type or entities, which no Office file does; "
                    "open it in an office program, save it anew and pass that file"
                )
            tail = text[-_OVERLAP:]
    if total - start != member.file_size:
        raise _damaged(
            source, f"{member.filename} unfolds to {total - start:,} bytes, declared as {member.file_size:,}"
        )
    return total


def _is_xml(chunk: bytes, member: zipfile.ZipInfo, source: str) -> bool:
    name = member.filename.lower()
    if name.endswith(_NOT_READ):
        return False
    head = chunk[:1000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")
    if not head.startswith(b"<"):
        if name.endswith((".xml", ".rels")):
            raise _damaged(source, f"{member.filename} is not XML")
        return False
    declared = _ENCODING.match(head)
    if declared and declared[1].strip().lower() not in _PLAIN_ENCODINGS:
        raise FormatError(
            f"{source}: {member.filename} is encoded as {declared[1].decode('ascii', 'replace')}, expected UTF-8; "
            "open it in an office program, save it anew and pass that file"
        )
    return True


def _unfold(raw: bytes, member: zipfile.ZipInfo, source: str) -> Iterator[bytes]:
    """Yield the bytes of a member to the real end of its stream, whatever size it declares."""
    if member.flag_bits & 1:
        raise FormatError(f"{source}: its member {member.filename} is encrypted; save the file without a password")
    header = raw[member.header_offset : member.header_offset + 30]
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise _damaged(source, f"no member at the place of {member.filename}")
    start = member.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))
    body = memoryview(raw)[start : start + member.compress_size]
    if len(body) < member.compress_size:
        raise _damaged(source, f"{member.filename} is cut off")
    pieces = (bytes(body[at : at + _CHUNK]) for at in range(0, len(body), _CHUNK))
    if member.compress_type == zipfile.ZIP_STORED:
        yield from pieces
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflate(pieces, member, source)
    else:
        raise _damaged(source, f"{member.filename} is packed by an unusual method")


def _inflate(pieces: Iterator[bytes], member: zipfile.ZipInfo, source: str) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in pieces:
            rest = piece
            # What follows the end of the stream is left over for ever.
            while rest and not stream.eof:
                yield stream.decompress(rest, _CHUNK)
                rest = stream.unconsumed_tail
        while not stream.eof and (more := stream.decompress(b"", _CHUNK)):
            yield more
    except zlib.error as error:
        raise _damaged(source, f"{member.filename}: {error}") from error
    if not stream.eof:
        raise _damaged(source, f"{member.filename} is cut off")
