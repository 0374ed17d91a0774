"""How many mistakes of a model the cross-check catches, by kind, and how often it names the kind.

    python -m tests.benchmarks.model_faults [--faults 6000] [--seed 7] [--missed]

Flawless readings (`flawless`) of the real disclosures where they are, the examples and the composed layouts are joined
with the rules' reading; then one fault at a time (`faults`) is planted. Two columns: as the document is read, and `alone`,
the rules' facts left out where the fault is, so that the source alone can tell. `caught`: the fault does not end as a trusted
fact; `named`: a fact says what kind it is; `clean`: no other fact of the reading raises an alarm. --missed lists what slipped.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from budget_llm.coverage import coverage
from budget_llm.crosscheck import crosscheck
from budget_llm.facts import Fact
from budget_llm.normal_form import normalise
from budget_llm.read_by_model import ModelFact
from tests.benchmarks.faults import NUMBERS, Fault, plan_faults
from tests.benchmarks.flawless import Case, Spot, case, sources


@dataclass(frozen=True)
class Outcome:
    """What became of one fault."""

    caught: bool
    named: bool
    clean: bool


def key(fact: Fact, *, by_label: bool = False) -> tuple[object, ...]:
    """Return what a trusted fact says of its number, told by its place or by its label."""
    year, named = str(fact.period)[:4], normalise(fact.label) if by_label else fact.start
    return (named, fact.value, fact.unit, fact.concept, fact.measure, fact.scope, year, fact.stage)


def is_misread(fact: Fact, read: Case) -> bool:
    """Whether an alarm is none of the join's: the rules read another thing than what is expected at that place."""
    if fact.verdict != "conflict" or fact.start is None:
        return False
    expected = next((s.gold for s in read.spots if s.span[0] < (fact.end or 0) and fact.start < s.span[1]), None)
    if expected is None:
        return False
    ours = {
        "concept": fact.concept,
        "measure": fact.measure,
        "scope": fact.scope,
        "stage": fact.stage,
        "unit": fact.unit,
    }
    return any(
        str(value) not in {str(choice) for choice in (expected[name], *expected.get("or", {}).get(name, ()))}
        for name, value in ours.items()
        if expected[name] is not None and value is not None
    )


def alarms(facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts that cannot be trusted."""
    return [fact for fact in facts if not fact.trusted]


class Trial:
    """One document in one column: its rules' facts, its clean result, the same where a span is left out."""

    def __init__(self, read: Case) -> None:
        self.case = read
        self.clean = crosscheck(read.by_rule, read.facts())
        self._without: dict[tuple[int, int], tuple[list[Fact], tuple[Fact, ...]]] = {}

    def rules(self, span: tuple[int, int] | None) -> tuple[Sequence[Fact], tuple[Fact, ...]]:
        """Return the rules' facts without those of a span, and the clean result of the document with them."""
        if span is None:
            return self.case.by_rule, self.clean
        if span not in self._without:
            kept = [
                f
                for f in self.case.by_rule
                if f.start is None or f.end is None or f.end <= span[0] or span[1] <= f.start
            ]
            self._without[span] = kept, crosscheck(kept, self.case.facts())
        return self._without[span]

    def judge(
        self, kind: str, fault: Fault, *, alone: bool, reading: Sequence[ModelFact] | None = None
    ) -> tuple[Outcome, list[Fact]]:
        """Return what became of a fault, with the facts that differ from those of the clean reading.

        `reading` is the model's with the fault in it, where it is read already.
        """
        rules, clean = self.rules(fault.spot.span if alone else None)
        facts = crosscheck(rules, reading or self.case.facts(fault.spot.chunk, fault.rows))
        before = set(clean)
        new = [fact for fact in facts if fact not in before]
        right = {key(fact) for fact in clean} | {key(fact, by_label=True) for fact in clean}
        if kind in NUMBERS:
            caught = not any(
                fact.trusted and key(fact) not in right and key(fact, by_label=True) not in right for fact in new
            )
        else:
            caught = self._kept(kind, fault, facts, clean)
        starts = Counter(fact.start for fact in facts if fact.trusted and fact.start is not None)
        caught = caught and all(count == 1 or starts_before(clean)[start] >= count for start, count in starts.items())
        named = not fault.kinds or any(fact.conflict in fault.kinds for fact in new)
        return Outcome(caught, named, self._undisturbed(fault, facts, clean)), new

    def _kept(self, kind: str, fault: Fault, facts: Sequence[Fact], clean: Sequence[Fact]) -> bool:
        """Whether an omitted item is not lost, a duplicate not doubled, a paraphrase not passed off as the source's words."""
        start, end = fault.spot.span
        there = [
            fact
            for fact in facts
            if fact.start is not None and fact.end is not None and fact.start < end and start < fact.end
        ]
        if kind == "item omitted":
            if there or any(
                fact.value == value_at(clean, start) and fact.trusted and fact.start == start for fact in facts
            ):
                return True
            unread = coverage(self.case.document, self.case.sections, facts).unread
            return any(number.start < end and start < number.end for number in unread)
        if kind == "item duplicated":
            return sum(fact.trusted for fact in facts) <= sum(fact.trusted for fact in clean)
        trusted = [fact for fact in there if fact.trusted]
        source = normalise(self.case.document.text)
        return all(normalise(fact.label) in source for fact in trusted)

    def _undisturbed(self, fault: Fault, facts: Sequence[Fact], clean: Sequence[Fact]) -> bool:
        """Whether every fact that was trusted before is so still, the fault's own places aside."""
        own = [spot.span for spot in self.case.spots if _row_of(spot) == _row_of(fault.spot)]
        was = {fact.start for fact in clean if fact.trusted}
        lost = [fact for fact in facts if fact.start in was and not fact.trusted]
        lost = [fact for fact in lost if not any(a < (fact.end or 0) and (fact.start or 0) < b for a, b in own)]
        return len(lost) <= (1 if _TOUCHES_A_SECOND & {*fault.kinds} else 0)


_TOUCHES_A_SECOND = {"neighbouring row"}
"""What two places are about: the number of a neighbour is doubted where it stands, too."""


def _row_of(spot: Spot) -> tuple[int, str, int]:
    return spot.chunk, spot.part, spot.row


def starts_before(clean: Sequence[Fact]) -> Counter[int | None]:
    """Return how many trusted facts stand at each place."""
    return Counter(fact.start for fact in clean if fact.trusted)


def value_at(facts: Sequence[Fact], start: int) -> object:
    """Return the value of the fact at a place."""
    return next((fact.value for fact in facts if fact.start == start), None)


@dataclass
class Line:
    """A line of the table: how many faults, and in each column how many were caught, named and left the rest in peace."""

    faults: int = 0
    both: tuple[int, int, int] = (0, 0, 0)
    alone: tuple[int, int, int] = (0, 0, 0)

    def add(self, both: Outcome, alone: Outcome) -> None:
        """Count one fault."""
        self.faults += 1
        self.both = _plus(self.both, both)
        self.alone = _plus(self.alone, alone)


def _plus(sums: tuple[int, int, int], outcome: Outcome) -> tuple[int, int, int]:
    return sums[0] + outcome.caught, sums[1] + outcome.named, sums[2] + outcome.clean


def main(count: int, seed: int, missed: bool) -> None:
    """Print the table."""
    cases = [case(text, gold) for text, gold in sources()]
    trials = {read.name: Trial(read) for read in cases}
    false = {name: alarms(trial.clean) for name, trial in trials.items()}
    unsupported = {n: alarms(crosscheck((), t.case.facts())) for n, t in trials.items()}
    spots = sum(len(read.spots) for read in cases)
    print(
        f"{len(cases)} documents, {spots} numbers in flawless replies, {sum(c.left_out for c in cases)} have no place in a reply"
    )
    told = [(name, fact) for name, facts in false.items() for fact in facts]
    misread = sum(is_misread(fact, trials[name].case) for name, fact in told)
    print(f"alarms on flawless readings: {len(told)}, {misread} of them where the rules misread the number")
    print(f"flawless numbers that the source alone does not support: {sum(map(len, unsupported.values()))}")
    if missed:
        for name, fact in told:
            told_as = "rules misread" if is_misread(fact, trials[name].case) else "false alarm"
            print(
                f"{told_as}: {name} | {fact.verdict} {fact.conflict} {fact.concept} {fact.label} {fact.value} {fact.unit}"
            )
    table: dict[str, Line] = {}
    for kind, read, fault in plan_faults(cases, count, seed):
        trial = trials[read.name]
        outcomes = []
        reading = read.facts(fault.spot.chunk, fault.rows)
        for alone in (False, True):
            outcome, new = trial.judge(kind, fault, alone=alone, reading=reading)
            outcomes.append(outcome)
            if missed and not (outcome.caught and outcome.named):
                slip = "missed" if not outcome.caught else "unnamed"
                _tell(f"{slip}{' alone' if alone else ''}", kind, read, fault, new)
        table.setdefault(kind, Line()).add(*outcomes)
    _print(table)


def _tell(slip: str, kind: str, read: Case, fault: Fault, new: Sequence[Fact]) -> None:
    start, end = fault.spot.span
    source = " ".join(read.document.text[max(0, start - 40) : end + 8].split())
    row = (
        fault.rows[fault.spot.part][min(fault.spot.row, len(fault.rows[fault.spot.part]) - 1)]
        if fault.rows[fault.spot.part]
        else {}
    )
    print(f"{slip}: {kind} | {read.name} | …{source} | {fault.spot.key} | {row}")
    for fact in new:
        print(
            f"    {fact.verdict} {fact.conflict} {fact.concept} {fact.label} {fact.measure} {fact.value} {fact.unit} {fact.scope} {fact.period} {fact.stage}"
        )


def _print(table: dict[str, Line]) -> None:
    print(
        f"\n{'fault':20} {'faults':>6}   {'caught':>7} {'named':>7} {'clean':>7}   alone: {'caught':>7} {'named':>7} {'clean':>7}"
    )
    numbers = [line for kind, line in table.items() if kind in NUMBERS]
    for kind, line in (*table.items(), ("all on numbers", _sum(numbers)), ("all", _sum(table.values()))):
        print(
            f"{kind:20} {line.faults:>6}   {_shares(line.both, line.faults)}          {_shares(line.alone, line.faults)}"
        )


def _sum(lines: Iterable[Line]) -> Line:
    total = Line()
    for line in lines:
        total.faults += line.faults
        total.both = (total.both[0] + line.both[0], total.both[1] + line.both[1], total.both[2] + line.both[2])
        total.alone = (total.alone[0] + line.alone[0], total.alone[1] + line.alone[1], total.alone[2] + line.alone[2])
    return total


def _shares(counts: tuple[int, int, int], faults: int) -> str:
    return " ".join(f"{100 * count / max(faults, 1):6.2f}%" for count in counts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.model_faults")
    parser.add_argument("--faults", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--missed", action="store_true")
    given = parser.parse_args()
    main(given.faults, given.seed, given.missed)
