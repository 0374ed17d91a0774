"""How many faults in a disclosure are found: one number at a time is falsified, and the document read anew by rules alone.

    python -m tests.benchmarks.document_faults [--sample N] [--jobs 2] [--seed 7] [--missed] [NAME…]

Reads the disclosures of ../shared/seeds and ../shared/real where they are, the examples and tests/layouts; NAME keeps
those whose file name holds it. Every amount and change of money that is written in digits gets each kind of fault:
`plus ten` (of its unit), `digit` (one changed), `swap` (two neighbours), `sign` (the direction word or minus of a change).

covered   the untouched number stands in an identity, or a second time under its concept, label or code
caught    a new finding names the number among its places or suspects, or another place of its table row, its table
          column or its sentence; rounding: caught by nothing but notes of rounding
named     of the caught: a new finding names the number itself
suspect   of the caught: the number is among the suspects of a new finding
first     of the caught: it is the first suspect of the first new finding that names it
new       new findings for each fault
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path

from budget_llm.disclosure import Disclosure
from budget_llm.document import Document
from budget_llm.extraction import extract
from budget_llm.facts import Finding, Place
from budget_llm.formats import load
from tests.benchmarks.faults_planted import KINDS, Fault, cell_at, faults, numbers, spread, with_fault
from tests.conftest import ROOT, SHARED

FOLDERS = (SHARED / "seeds", ROOT / "examples", ROOT / "tests" / "layouts", SHARED / "real")
SUFFIXES = {".txt", ".pdf", ".html"}
# What is asked of the library: of the covered faults caught; of the caught among the suspects, and first of them.
BARS = {"cov": 0.90, "suspect": 0.90, "first": 0.70}

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """The faults to plant into one document, and how many of its money numbers are covered."""

    path: Path
    faults: tuple[Fault, ...]
    numbers: int
    covered: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the reading of a document with a fault tells of it; `suspects` as written, with their lines."""

    path: Path
    fault: Fault
    new: int
    caught: bool
    only_rounding: bool
    named: bool
    suspected: bool
    first: bool
    suspects: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """Counts over outcomes."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        covered = outcome.fault.number.covered
        self.counts["planted"] += 1
        self.counts["new"] += outcome.new
        self.counts["covered"] += covered
        self.counts["caught_covered"] += covered and outcome.caught
        for name in ("caught", "only_rounding", "named", "suspected", "first"):
            self.counts[name] += getattr(outcome, name)

    def share(self, part: str, whole: str) -> float | None:
        """Return a quotient of two counts; None of nothing."""
        return self.counts[part] / self.counts[whole] if self.counts[whole] else None

    def row(self) -> str:
        """Return the counts and shares as the columns under `HEAD`."""
        shares = (("caught_covered", "covered"), ("caught", "planted"), ("named", "caught"), ("suspected", "caught"))
        whole = [_percent(self.share(*pair)) for pair in (*shares, ("first", "caught"))]
        counts = [f"{self.counts[name]:7}" for name in ("planted", "covered", "caught_covered", "caught")]
        new = self.share("new", "planted") or 0.0
        return " ".join([*counts, *whole, f"{self.counts['only_rounding']:8}", f"{new:6.2f}"])


HEAD = "planted covered  caught  caught  caught  caught  named suspect first rounding    new\n"
HEAD += f"{'':26}of cov. of all of cov. of all"


def _percent(share: float | None) -> str:
    return "     –" if share is None else f"{share:6.1%}"


@lru_cache(maxsize=2)
def untouched(path: Path) -> Disclosure:
    """Return the reading by rules of a document as it is; faults come document by document."""
    return extract(load(path), "none")


def planned(path: Path, seed: int, most: int | None) -> Plan:
    """Return the faults for a document; the same for the same seed."""
    disclosure = untouched(path)
    found, key = numbers(disclosure), f"{seed}/{path.name}"
    chosen = [fault for number in spread(found, most, key) for fault in faults(disclosure.original, number, key)]
    return Plan(path, tuple(chosen), len(found), sum(number.covered for number in found))


def outcome_of(task: tuple[Path, Fault]) -> Outcome:
    """Plant a fault, read the document anew, and compare its findings with those of the untouched one."""
    path, fault = task
    baseline = untouched(path)
    known = {_key(finding, None) for finding in baseline.findings}
    document = with_fault(baseline.original, fault)
    new = [f for f in extract(document, "none").findings if _key(f, fault) not in known]
    naming = [f for f in new if _touches((*f.places, *f.suspects), [fault.span])]
    group = group_of(document, fault.span)
    catching = [f for f in new if f in naming or _touches((*f.places, *f.suspects), group)]
    return Outcome(
        path,
        fault,
        new=len(new),
        caught=bool(catching),
        only_rounding=bool(catching) and all(f.severity == "rounding" for f in catching),
        named=bool(naming),
        suspected=any(_touches(f.suspects, [fault.span]) for f in new),
        first=bool(naming) and _touches(naming[0].suspects[:1], [fault.span]),
        suspects=tuple(f"{place.line}:{place.text}" for f in naming[:1] for place in f.suspects),
    )


def _key(finding: Finding, fault: Fault | None) -> tuple[object, ...]:
    """Return what makes a finding the same in both readings: rule, operands as written and read, their places."""
    places = tuple((fault.before(p.start) if fault else p.start, p.text) for p in finding.places)
    return finding.rule, places, finding.numbers, "" if places else finding.message


def _touches(places: Iterable[Place], spans: Iterable[Span]) -> bool:
    spans = list(spans)
    return any(place.start < end and start < place.end for place in places for start, end in spans)


def group_of(document: Document, number: Span) -> list[Span]:
    """Return what stands in the number's table row or column; in prose the sentence, up to the tables beside it."""
    start, end = number
    if found := cell_at(document.tables, start):
        table, cell = found
        return [
            (other.start, other.end)
            for other in table.cells
            if (other.row < cell.row + cell.rows and cell.row < other.row + other.rows)
            or (other.column < cell.column + cell.columns and cell.column < other.column + other.columns)
        ]
    above = [last for _, last in document.table_spans if last <= start]
    below = [first for first, _ in document.table_spans if first >= end]
    stop = document.text.find("。", end)
    first = max(document.text.rfind("。", 0, start) + 1, *above, 0)
    return [(first, min(len(document.text) if stop < 0 else stop, *below, len(document.text)))]


def missed(outcome: Outcome) -> str | None:
    """Return the line about a covered fault that was not caught, or a caught one whose suspects are wrong; else None."""
    number, fault = outcome.fault.number, outcome.fault
    if not outcome.caught and number.covered:
        kind, suspects = "missed", ""
    elif outcome.caught and not outcome.first:
        kind = "not first" if outcome.suspected else "not among" if outcome.suspects else "no suspects"
        suspects = f"  suspects {', '.join(outcome.suspects)}" if outcome.suspects else ""
    else:
        return None
    what = f"{number.label or '?'}  {number.concept or '?'}  {fault.kind}: {fault.old} -> {fault.new}"
    return f"{kind:11} {outcome.path.name}:{number.line}  {what}{suspects}".replace("\n", "⏎")


def report(plans: Iterable[Plan], outcomes: Iterable[Outcome]) -> None:
    """Print a row for each document and kind, then for each kind, then over all against the bars."""
    tallies: dict[tuple[Path | None, str], Tally] = defaultdict(Tally)
    for outcome in outcomes:
        for path in (outcome.path, None):
            for kind in (outcome.fault.kind, "all"):
                tallies[path, kind].add(outcome)
    count = covered = 0
    print(f"{'':10}{HEAD}")
    for plan in plans:
        count, covered = count + plan.numbers, covered + plan.covered
        print(f"{plan.path.name}: {plan.covered} of {plan.numbers} numbers covered")
        for kind in (*KINDS, "all"):
            if (plan.path, kind) in tallies:
                print(f"  {kind:8}{tallies[plan.path, kind].row()}")
    print(f"all documents: {covered} of {count} numbers covered ({_percent(covered / (count or 1)).strip()})")
    for kind in (*KINDS, "all"):
        print(f"  {kind:8}{tallies[None, kind].row()}")
    total = tallies[None, "all"]
    for name, part, whole in (
        ("cov", "caught_covered", "covered"), ("suspect", "suspected", "caught"), ("first", "first", "caught"),
    ):  # fmt: skip
        share = total.share(part, whole)
        verdict = "met" if share is not None and share >= BARS[name] else "missed"
        print(f"bar {name:8}{_percent(share)} of {BARS[name]:.0%} {verdict}")


def main(arguments: argparse.Namespace) -> None:
    """Plant every fault, read every document, print the report."""
    begin = time.monotonic()
    files = [path for folder in FOLDERS if folder.is_dir() for path in sorted(folder.iterdir())]
    names = arguments.names or [""]
    paths = [path for path in files if path.suffix in SUFFIXES and any(name in path.name for name in names)]
    os.environ.pop("BUDGET_LLM_MODEL", None)
    with ProcessPoolExecutor(arguments.jobs) as pool:
        plans = list(pool.map(partial(planned, seed=arguments.seed, most=arguments.sample), paths))
        tasks = [(plan.path, fault) for plan in plans for fault in plan.faults]
        outcomes = list(pool.map(outcome_of, tasks, chunksize=16))
    report(plans, outcomes)
    if arguments.missed:
        print(*filter(None, map(missed, outcomes)), sep="\n")
    print(f"{len(outcomes)} faults in {time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How many planted faults the findings catch.")
    parser.add_argument("--sample", type=int, metavar="N", help="at most N numbers of each document")
    parser.add_argument("--jobs", type=int, default=2, help="processes that read at the same time")
    parser.add_argument("--seed", type=int, default=7, help="what the choice of digits and samples hangs on")
    parser.add_argument("--missed", action="store_true", help="list what was not caught, and wrong suspects")
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of a file name")
    main(parser.parse_args())
