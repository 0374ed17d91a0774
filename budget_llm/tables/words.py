"""What the text of a cell is by itself: a number, or a word that stands in headers."""

from __future__ import annotations

import re

from budget_llm.lexicon import header_words
from budget_llm.normal_form import normalise

_NUMBER = re.compile(r"[-－−+]?[0-9０-９][0-9０-９,，]*(?:[.．][0-9０-９]+)?[ \u3000]?[%％]?")
_YEAR = re.compile(r"20[0-9]{2}")
_AROUND = re.compile(r"[（(][^（）()]{0,30}[)）]|20[0-9]{2}年?度?")


def is_number(text: str) -> bool:
    """Whether the text of a cell is one number (a year alone is none)."""
    return _NUMBER.fullmatch(text) is not None and _YEAR.fullmatch(text) is None


def is_head(text: str) -> bool:
    """Whether the text of a cell is a word of headers, its year and brackets aside."""
    return (_AROUND.sub("", normalise(text)) or "年度") in header_words()
