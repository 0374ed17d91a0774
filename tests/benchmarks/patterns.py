"""Whether any text can make a single pattern slow: runs of every kind of character, and repetitions of its own words.

    python -m tests.benchmarks.patterns [CHARACTERS] [EXAMPLES]

Every compiled pattern of the package, those built from the lexicon too, is searched through texts of 100,000 characters
(or as many as told): runs of each class of characters, then repetitions of the pattern's own literals that hypothesis
draws, steered towards the slowest (20 for each pattern, or as many as told). Prints the ten slowest with the seconds for
one and for two lengths: a factor near 2 is linear, near 4 quadratic.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, settings, target
from hypothesis import strategies as st

import budget_llm
from budget_llm.document import Document
from budget_llm.extraction import extract
from tests.benchmarks.runs import OPENINGS, RUNS
from tests.conftest import ROOT

_LITERAL = re.compile(r"[\u4e00-\u9fff]{1,8}|[，。、；：（）《》“”—…]|[0-9]")
_SLOW = 0.02
# Matched at one place of a text, never searched for: a tag that no bracket closes ends the reading of a page.
_AT_ONE_PLACE = ("budget_llm.formats.web.markup._ATTRIBUTES",)


class Timing(NamedTuple):
    """The processor seconds of a pattern on a text, and on one twice as long."""

    twice: float
    once: float
    name: str
    unit: str


def patterns() -> dict[str, re.Pattern[str]]:
    """Return every pattern of the package by where it stands; reading an example first builds those of the lexicon."""
    for path in sorted((ROOT / "examples").glob("*.txt")):
        extract(Document.from_text(path.read_text("utf-8")), "none")
    from budget_llm import lexicon

    found: dict[str, re.Pattern[str]] = {}
    for made in lexicon._current().made.items():
        found |= {
            f"lexicon: {getattr(made[0], '__qualname__', made[0])} {n}": p for n, p in enumerate(_inside(made[1]))
        }
    for module in pkgutil.walk_packages(budget_llm.__path__, "budget_llm."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                found |= {f"{module.name}.{name} {n}": p for n, p in enumerate(_inside(value))}
    return {n: p for n, p in found.items() if isinstance(p.pattern, str) and not n.startswith(_AT_ONE_PLACE)}


def _inside(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _all(value.values())
    elif isinstance(value, tuple | list):
        yield from _all(value)


def _all(values: Iterable[object]) -> Iterator[re.Pattern[str]]:
    for value in values:
        yield from _inside(value)


def seconds(pattern: re.Pattern[str], unit: str, length: int) -> float:
    """Return the processor time of finding all that a pattern matches in a text of repeated units."""
    text = unit * (length // len(unit))
    begin = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - begin


def drawn(pattern: re.Pattern[str], length: int, examples: int) -> Iterator[str]:
    """Yield the repetitions of a pattern's own literals that took longer than most."""
    literals = sorted(set(_LITERAL.findall(pattern.pattern))) or ["中"]
    slow: list[str] = []

    @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.generate, Phase.target], derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.lists(st.sampled_from([*literals, " ", "\n", "，", "1"]), min_size=1, max_size=5).map("".join))
    def search(unit: str) -> None:
        taken = seconds(pattern, unit, length // 10)
        target(taken)
        if taken > _SLOW / 10:
            slow.append(unit)

    search()
    yield from slow[-5:]


def main(length: int, examples: int) -> None:
    """Print the slowest pairs of a pattern and a text."""
    found = patterns()
    slowest: list[Timing] = []
    for name, pattern in found.items():
        for unit in (*RUNS, *OPENINGS, *drawn(pattern, length, examples)):
            once = seconds(pattern, unit, length)
            if once > _SLOW:
                slowest.append(Timing(seconds(pattern, unit, 2 * length), once, name, unit))
    print(
        f"{len(found)} patterns, {len(RUNS) + len(OPENINGS)} runs and {examples} drawn texts of {length:,} characters each"
    )
    for timing in sorted(slowest, reverse=True)[:10]:
        factor = timing.twice / timing.once
        print(f"{timing.once:8.3f} s {timing.twice:8.3f} s  × {factor:4.1f}  {timing.name}  {timing.unit!r}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000, int(sys.argv[2]) if sys.argv[2:] else 20)
