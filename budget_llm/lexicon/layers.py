"""The data behind the lexicon: the package's own files, and the additions of a user, checked key by key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from budget_llm.concepts import CONCEPTS
from budget_llm.errors import LexiconError
from budget_llm.lexicon.patterns import expand

FILES = ("concepts", "topics", "words", "units", "tables")
"""The parts of a lexicon; in the package each is a file of that name."""

Layer = Mapping[str, Mapping[str, Any]]
"""Wordings by part and key."""


@cache
def standard_layer() -> Layer:
    """Return the wordings that come with the package."""
    folder = files("budget_llm") / "lexicon"
    return {name: _parse((folder / f"{name}.toml").read_text("utf-8"), f"lexicon/{name}.toml") for name in FILES}


def user_layer(source: str | Path | Mapping[str, Any]) -> Layer:
    """Return a user's additions, from a TOML file or a mapping of the same shape.

    Raises LexiconError for a file that cannot be read and for every key that the lexicon does not have.
    """
    if isinstance(source, Mapping):
        layer, name = source, "lexicon"
    else:
        name = Path(source).name
        try:
            layer = _parse(Path(source).read_text("utf-8"), name)
        except OSError as error:
            raise LexiconError(f"{source}: {error.strerror}; lexicon takes a TOML file or a mapping") from error
        except UnicodeDecodeError as error:
            raise LexiconError(f"{name}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    _check(layer, standard_layer(), name)
    for pattern in (p for group in layer.get("concepts", {}).values() for listed in group.values() for p in listed):
        list(expand(pattern))
    return layer


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{name}: {error}; correct the file at that line") from error


def _check(addition: object, known: object, place: str) -> None:
    """Raise LexiconError where an addition has a key or a shape that the lexicon does not have."""
    if isinstance(known, Mapping):
        if not isinstance(addition, Mapping):
            raise LexiconError(f"{place}: expected a table with keys, found {type(addition).__name__}")
        concepts: dict[str, list[str]] = {key: [] for key in CONCEPTS} if any(key in CONCEPTS for key in known) else {}
        allowed = {**concepts, **known}
        for key, value in addition.items():
            if key not in allowed:
                what = "no concept of the vocabulary" if concepts else f"not one of {', '.join(allowed)}"
                raise LexiconError(f"{place}: {key!r} is {what}")
            _check(value, allowed[key], f"{place} [{key}]")
    elif isinstance(known, list):
        if not isinstance(addition, list) or not all(isinstance(word, str) and word.strip() for word in addition):
            raise LexiconError(f"{place}: expected a list of wordings")
    else:
        raise LexiconError(f"{place}: is fixed and takes no addition")
