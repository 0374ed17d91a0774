"""The container of an .xls workbook, with all that it claims of itself held against the bytes that are there."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

_END, _SPECIAL = 0xFFFFFFFE, 0xFFFFFFFC  # the end of a chain, and the first number that is no sector's
_IN_HEADER = 109  # places of the sector table that the header holds


def workbook_stream(raw: bytes) -> bytes:
    """Return the stream named Workbook (or Book) of a compound file.

    Raises ValueError where there is none, or where a size, count or sector number is beyond the file: the
    reader of the values allocates by them without asking.
    """
    if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0" in raw:
        raise ValueError("encrypted with a password: save it without one")
    file = _CompoundFile(raw)
    found = [file.stream(name) for name in ("Workbook", "Book") if name in file.entries]
    if not found:
        raise ValueError("no workbook in it")
    return found[0]


class _CompoundFile:
    """The directory and the sectors of a compound file."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) < 512:
            raise ValueError(f"only {len(raw)} bytes")
        self._raw = raw
        self._size = 1 << min(struct.unpack_from("<H", raw, 30)[0], 31)
        if self._size not in (512, 4096):
            raise ValueError(f"sectors of {self._size} bytes")
        self._sectors = max(-(-len(raw) // self._size) - 1, 0)
        directories, tables, first = struct.unpack_from("<III", raw, 40)
        self._cutoff, first_mini, minis = struct.unpack_from("<III", raw, 56)
        for name, count in (("directory", directories), ("table", tables), ("small table", minis)):
            self._check(name, count * self._size)
        self._table = self._sector_table()
        self.entries: dict[str, tuple[int, int]] = {}
        directory = self._read(first)
        if not directory or len(directory) % 128:
            raise ValueError("its directory is cut off")
        for at in range(0, len(directory) - 127, 128):
            name = directory[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
            start, low, high = struct.unpack_from("<III", directory, at + 116)
            # In files of small sectors the upper half may be anything.
            length = low if self._size == 512 else low + (high << 32)
            if at == 0:
                self._check("root", length)
                body = self._read(start) if start < _SPECIAL or length else b""
            self.entries.setdefault(name, (start, length))
        self._minis = self._numbers(self._read(first_mini)) if minis or first_mini < _SPECIAL else []
        self._body = body

    def stream(self, name: str) -> bytes:
        """Return the bytes of a stream."""
        start, length = self.entries[name]
        self._check(name, length)
        if length >= self._cutoff:
            return self._read(start)[:length]
        chain = _chain(start, self._minis, -(-len(self._body) // 64))
        return b"".join(self._body[number * 64 : number * 64 + 64] for number in chain)[:length]

    def _check(self, name: str, length: int) -> None:
        if length > len(self._raw):
            raise ValueError(f"its {name} claims {length:,} bytes of a file of {len(self._raw):,}")

    def _sector(self, number: int) -> bytes:
        return self._raw[(number + 1) * self._size : (number + 2) * self._size]

    def _read(self, first: int) -> bytes:
        return b"".join(map(self._sector, _chain(first, self._table, self._sectors)))

    def _numbers(self, body: bytes) -> Sequence[int]:
        return struct.unpack(f"<{len(body) // 4}I", body[: len(body) // 4 * 4])

    def _sector_table(self) -> list[int]:
        """Return the sector that follows each sector."""
        places = list(struct.unpack_from(f"<{_IN_HEADER}I", self._raw, 76))
        following = struct.unpack_from("<I", self._raw, 68)[0]
        steps = 0
        while following < _SPECIAL:
            steps += 1
            more = self._numbers(self._sector(following))
            if steps > self._sectors or len(more) * 4 < self._size:
                raise ValueError("its table of sectors leads out of the file or in a circle")
            places += more[:-1]
            following = more[-1]
        used = [place for place in places if place < _SPECIAL]
        if len(used) > max(self._sectors, _IN_HEADER) or any(place >= self._sectors for place in used):
            raise ValueError("its table of sectors leads out of the file")
        return [number for place in used for number in self._numbers(self._sector(place).ljust(self._size, b"\xff"))]


def _chain(first: int, table: Sequence[int], sectors: int) -> Iterator[int]:
    """Yield the sectors from `first` on; raise ValueError where one is not in the file, or they go in a circle."""
    for _ in range(len(table) + 1):
        if first == _END:
            return
        if first >= min(len(table), sectors):
            raise ValueError(f"its sector {first:,} is beyond its {sectors:,} sectors")
        yield first
        first = table[first]
    raise ValueError("its sectors go in a circle")
