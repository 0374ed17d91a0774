"""Patterns of wordings: `[optional|other]` and `{a|b}` written out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from budget_llm.errors import LexiconError


def expand(pattern: str) -> Iterator[str]:
    """Yield every wording that a pattern with `[optional|other]` and `{a|b}` stands for."""
    opened = re.search(r"[\[{]", pattern)
    if not opened:
        yield pattern
        return
    depth, end = 0, opened.start()
    for end in range(opened.start(), len(pattern)):
        depth += (pattern[end] in "[{") - (pattern[end] in "]}")
        if depth == 0:
            break
    else:
        raise LexiconError(f"lexicon: unbalanced bracket in the wording {pattern!r}")
    inside = _split(pattern[opened.start() + 1 : end])
    for choice in ["", *inside] if opened.group() == "[" else inside:
        yield from expand(pattern[: opened.start()] + choice + pattern[end + 1 :])


def _split(alternatives: str) -> list[str]:
    parts, depth, current = [], 0, ""
    for char in alternatives:
        depth += (char in "[{") - (char in "]}")
        if char == "|" and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]
