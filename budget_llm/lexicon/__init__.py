"""The wordings of the domain: data in the TOML files of this folder, extended by a user's own (`lexicon=`).

What reads a disclosure asks here for wordings; it gets those of the lexicon in use (`using`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar

from budget_llm.lexicon.layers import Layer, standard_layer, user_layer
from budget_llm.lexicon.patterns import expand
from budget_llm.lexicon.wordings import Match, Wordings
from budget_llm.normal_form import normalise, simplify

__all__ = [
    "Lexicon",
    "LexiconSource",
    "Match",
    "Topic",
    "Wordings",
    "Words",
    "general_titles",
    "header_words",
    "of_lexicon",
    "table_words",
    "topic_wordings",
    "topics",
    "unchanged_phrases",
    "unit_words",
    "using",
    "wordings",
    "words",
]  # fmt: skip

LexiconSource = str | Path | Mapping[str, Any]
"""A user's additions: the path of a TOML file, or a mapping of the same shape."""

_Made = TypeVar("_Made")


class Lexicon:
    """Wordings in layers, the newest first: a user's own have precedence over the package's.

    Takes the additions, each a TOML file or a mapping with the parts `concepts`, `topics`, `words`, `units`
    and `tables`, keyed as the package's own files. Raises LexiconError for what cannot be read or has no such key.
    """

    def __init__(self, *additions: LexiconSource) -> None:
        self.layers: tuple[Layer, ...] = (*map(user_layer, reversed(additions)), standard_layer())
        self.made: dict[object, object] = {}

    def entries(self, *keys: str) -> tuple[str, ...]:
        """Return the wordings under a path of keys, those of the newest layer first."""
        found: list[str] = []
        for layer in self.layers:
            entry: Any = layer
            for key in keys:
                entry = entry.get(key, {})
            found += entry
        return tuple(found)


_standard = cache(Lexicon)
_in_use: ContextVar[Lexicon | None] = ContextVar("lexicon", default=None)


def _current() -> Lexicon:
    return _in_use.get() or _standard()


@contextmanager
def using(lexicon: Lexicon | LexiconSource | None) -> Iterator[None]:
    """Read with a lexicon inside the block; None for the one in use."""
    if lexicon is None:
        yield
        return
    token = _in_use.set(lexicon if isinstance(lexicon, Lexicon) else Lexicon(lexicon))
    try:
        yield
    finally:
        _in_use.reset(token)


def of_lexicon(make: Callable[[], _Made]) -> Callable[[], _Made]:
    """Make a function that is built from wordings (a pattern, a set) keep its result per lexicon."""

    @wraps(make)
    def made() -> _Made:
        lexicon = _current()
        if make not in lexicon.made:
            lexicon.made[make] = make()
        return lexicon.made[make]  # type: ignore[return-value]

    return made


@dataclass(frozen=True, slots=True)
class Topic:
    """What a section is about: heading words, the groups of wordings, the scope its money has by default."""

    name: str
    titles: tuple[str, ...]
    groups: tuple[str, ...]
    scope: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """Words around numbers: directions of change, sameness, verbs, lead-ins, openers of asides, adverbs, groups of indicators."""

    up: tuple[str, ...]
    down: tuple[str, ...]
    same: tuple[str, ...]
    amount_verbs: tuple[str, ...]
    lead_ins: tuple[str, ...]
    asides: tuple[str, ...]
    adverbs: tuple[str, ...]
    indicator_groups: tuple[str, ...]


@of_lexicon
def _groups() -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """Return, per group, the wordings found anywhere and those that must be the whole label."""
    groups: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
    for layer in _current().layers:
        for group, concepts in layer.get("concepts", {}).items():
            anywhere, whole = groups.setdefault(group, ({}, {}))
            for concept, patterns in concepts.items():
                for pattern in patterns:
                    target = whole if pattern.startswith("=") else anywhere
                    for wording in expand(pattern.removeprefix("=")):
                        target.setdefault(normalise(wording), concept)
    return groups


@of_lexicon
def topics() -> dict[str, Topic]:
    """Return the topics by name, as lexicon/topics.toml gives them."""
    lexicon = _current()
    return {
        name: Topic(
            name,
            tuple(normalise(title) for title in lexicon.entries("topics", name, "titles")),
            lexicon.entries("topics", name, "groups"),
            entry.get("scope"),
        )
        for name, entry in standard_layer()["topics"].items()
    }


@of_lexicon
def general_titles() -> tuple[str, ...]:
    """Return the general words of headings that name no topic of their own, normalised."""
    return tuple(map(normalise, _current().entries("topics", "other", "general")))


@of_lexicon
def _joined() -> dict[tuple[str, ...], Wordings]:
    return {}


def wordings(*groups: str) -> Wordings:
    """Return the wordings of several groups as one; where two groups claim a wording, the first has it."""
    known = _joined()
    if groups not in known:
        anywhere: dict[str, str] = {}
        whole: dict[str, str] = {}
        for group in groups:
            found, exact = _groups()[group]
            anywhere = found | anywhere
            whole = exact | whole
        known[groups] = Wordings(anywhere, whole, max((len(w) for w in anywhere), default=0))
    return known[groups]


def topic_wordings(topic: str) -> Wordings:
    """Return the wordings in which the labels of a topic are looked up."""
    return wordings(*topics()[topic].groups)


@of_lexicon
def words() -> Words:
    """Return the words around numbers, as lexicon/words.toml gives them, longest first."""
    lexicon = _current()
    return Words(**{n: tuple(sorted(lexicon.entries("words", n), key=len, reverse=True)) for n in Words.__slots__})


@of_lexicon
def header_words() -> frozenset[str]:
    """Return the words that stand in the header rows of tables, normalised, as lexicon/tables.toml gives them."""
    return frozenset(map(normalise, _current().entries("tables", "header")))


@of_lexicon
def header_prefixes() -> frozenset[str]:
    """Return what the headers of columns begin with: every part of one from its first character on."""
    known = wordings("income", "expenditure")
    words = header_words().union(known.anywhere, known.whole)
    return frozenset(word[:length] for word in words for length in range(1, len(word)))


@of_lexicon
def unit_words() -> dict[str, tuple[str, ...]]:
    """Return the units that are written behind numbers, by kind, as lexicon/units.toml gives them."""
    return {kind: _current().entries("units", kind) for kind in standard_layer()["units"]}


@of_lexicon
def _table_patterns() -> dict[str, dict[str, re.Pattern[str]]]:
    lexicon = _current()
    parts = {part: keys for part, keys in standard_layer()["tables"].items() if isinstance(keys, Mapping)}
    return {
        part: {key: re.compile("|".join(map(_as_regex, lexicon.entries("tables", part, key)))) for key in keys}
        for part, keys in parts.items()
    }


def table_words(part: str) -> Mapping[str, re.Pattern[str]]:
    """Return what a part of lexicon/tables.toml tells of titles and headers: a pattern per key, in the file's order."""
    return _table_patterns()[part]


def _as_regex(wording: str) -> str:
    """Return a wording as a pattern for normalised words: `=x` is the whole, `*x` the end, `x` any part."""
    plain = re.escape(normalise(wording.lstrip("=*")))
    if wording.startswith("="):
        return f"^{plain}$"
    return f"{plain}$" if wording.startswith("*") else plain


@of_lexicon
def _same_phrase() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(phrase) for phrase in words().same))


def unchanged_phrases(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the phrases in `text[start:end]` that say "no change" (与上年持平)."""
    for match in _same_phrase().finditer(simplify(text[start:end])):
        yield start + match.start(), start + match.end()
