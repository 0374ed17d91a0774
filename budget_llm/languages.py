"""The languages in which findings are told."""

from __future__ import annotations

from typing import get_args

from budget_llm.errors import InputError
from budget_llm.facts import Language


def check_language(language: str) -> None:
    """Raise InputError for a language that messages are not written in."""
    if language not in get_args(Language):
        raise InputError(f"language: expected {' or '.join(map(repr, get_args(Language)))}, found {language!r}")
