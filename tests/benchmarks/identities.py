"""What all identities cost on the largest seed, and on a text of four and of sixteen copies of it.

    python -m tests.benchmarks.identities [TEXT]

Prints milliseconds of one core for all checks over the facts (best of seven) and how many checks there are. Without an
argument: the largest disclosure of ../shared/seeds where it is, else the largest example.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from budget_llm.document import Document
from budget_llm.extraction import extract
from budget_llm.identities import examine
from tests.conftest import ROOT


def milliseconds(text: str, times: int) -> tuple[float, int, int]:
    """Return the best time of several examinations, the facts, and the numbers that some identity holds or fails with."""
    disclosure = extract(Document.from_text(text), "none")
    best = float("inf")
    for _ in range(times):
        begin = time.process_time()
        examined = examine(disclosure.original, disclosure.facts)
        best = min(best, time.process_time() - begin)
    return best * 1000, len(disclosure.facts), len(examined.supported | examined.contradicted)


def main(path: Path) -> None:
    """Print a line for each number of copies."""
    text = path.read_text("utf-8")
    for copies, times in ((1, 7), (4, 5), (16, 3)):
        spent, facts, checked = milliseconds(text * copies, times)
        print(
            f"{path.name} × {copies}: {facts} facts, {checked} of them checked, {spent:.1f} ms, {spent / facts * 1000:.0f} µs a fact"
        )


if __name__ == "__main__":
    seeds = (ROOT.parent / "shared" / "seeds").glob("*.txt")
    bundled = (ROOT / "examples").glob("*.txt")
    largest = max(list(seeds) or list(bundled), key=lambda p: p.stat().st_size)
    main(Path(sys.argv[1]) if sys.argv[1:] else largest)
