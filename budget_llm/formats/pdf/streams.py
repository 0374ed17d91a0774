"""What the compressed streams of a PDF unfold to, measured before the file is opened."""

from __future__ import annotations

import re
import zlib

from budget_llm.errors import InputError
from budget_llm.formats.limits import Limits

_STREAM = re.compile(rb"stream\r?\n(?=[\x08\x18\x28\x38\x48\x58\x68\x78])")
_STEP = 1 << 20
# A stream may be compressed once more inside, which bombs do to hide their size.
_DEEPEST = 3


def check_streams(raw: bytes, source: str, limits: Limits) -> None:
    """Raise InputError where the streams of a PDF unfold to more than `limits.expanded_bytes` in all.

    Nothing is kept of what is unfolded, so that memory stays at some megabytes whatever the file claims.
    """
    left = limits.expanded_bytes
    for match in _STREAM.finditer(raw):
        left -= _unfolded(memoryview(raw)[match.end() :], left, 1)
        if left < 0:
            raise InputError(
                f"{source}: its compressed streams unfold to more than {limits.expanded_bytes:,} bytes; "
                "if you trust the file, raise Limits(expanded_bytes=…)"
            )


def _unfolded(data: memoryview | bytes, most: int, depth: int) -> int:
    """Return how many bytes `data` unfolds to at all depths, at most a little more than `most`."""
    unfold, total = zlib.decompressobj(), 0
    rest: memoryview | bytes = data
    try:
        while not unfold.eof and total <= most:
            piece = unfold.decompress(bytes(rest[:_STEP]), _STEP)
            rest = unfold.unconsumed_tail or rest[_STEP:]
            if not piece and not rest:
                break
            if not total and depth < _DEEPEST and piece[:1] in b"\x78\x48\x68" and len(piece) > 2:
                total += _unfolded(piece, most, depth + 1)
            total += len(piece)
    except zlib.error:
        pass  # not compressed after all, or damaged: the reader of the file will say so
    return total
