"""How fast the rules read: the largest seed, and sixteen copies of it in one text.

    python -m tests.benchmarks.reading [TEXT]

Prints milliseconds of one core from text to facts (best of five), and how many times longer sixteen copies take.
Without an argument: the largest disclosure of ../shared/seeds where it is, else the largest example.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from budget_llm.document import Document
from budget_llm.read_by_rule import read_by_rule, setting_of
from budget_llm.records import document_record
from budget_llm.sections import split_sections
from tests.conftest import ROOT


def facts(text: str) -> int:
    """Return how many facts the rules read in a text."""
    document = Document.from_text(text)
    sections = split_sections(document)
    record = document_record(document, sections)
    return len(read_by_rule(document, sections, setting_of(document, record.kind, record.year)))


def milliseconds(text: str, times: int) -> float:
    """Return the best time of several readings."""
    best = float("inf")
    for _ in range(times):
        begin = time.process_time()
        facts(text)
        best = min(best, time.process_time() - begin)
    return best * 1000


def main(path: Path) -> None:
    """Print both figures."""
    text = path.read_text("utf-8")
    facts(text)
    one, many = milliseconds(text, 5), milliseconds(text * 16, 1)
    print(f"{path.name}: {len(text):,} characters, {facts(text)} facts")
    print(f"one copy {one:.0f} ms, sixteen copies {many:.0f} ms: {many / one:.1f} times")


if __name__ == "__main__":
    seeds = (ROOT.parent / "shared" / "seeds").glob("*.txt")
    bundled = (ROOT / "examples").glob("*.txt")
    largest = max(list(seeds) or list(bundled), key=lambda p: p.stat().st_size)
    main(Path(sys.argv[1]) if sys.argv[1:] else largest)
