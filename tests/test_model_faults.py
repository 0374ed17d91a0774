"""Mistakes planted in flawless readings of one example: all are caught, and nothing else is doubted."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.benchmarks.faults import NUMBERS, OTHERS, plan_faults
from tests.benchmarks.flawless import Case, case
from tests.benchmarks.model_faults import Trial, alarms
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def example() -> Case:
    """An example, and what a flawless model would reply about it."""
    return case(ROOT / "examples" / "final-accounts-2023.txt", ROOT / "tests" / "gold" / "final-accounts-2023.json")


def test_a_flawless_reading_raises_no_alarm(example: Case) -> None:
    """Every number is trusted, and all but a few are confirmed."""
    clean = Trial(example).clean
    assert alarms(clean) == []
    assert Counter(fact.verdict for fact in clean)["confirmed"] >= 132


def test_planted_faults_are_caught(example: Case) -> None:
    """Three of each kind: no wrong number, sign, unit, year, scope or kind is trusted, nothing is lost or doubled."""
    trial = Trial(example)
    planted = plan_faults([example], 60, seed=11)
    assert {kind for kind, _, _ in planted} >= {*NUMBERS, *OTHERS} - {"year left out"}
    outcomes = [(kind, fault, trial.judge(kind, fault, alone=False)[0]) for kind, _, fault in planted]
    assert [(kind, fault.spot) for kind, fault, outcome in outcomes if not outcome.caught] == []
    assert sum(outcome.named for _, _, outcome in outcomes) >= 0.9 * len(outcomes)


def test_the_same_seed_plants_the_same_faults(example: Case) -> None:
    """A figure of the benchmark can be had again."""
    first, second = (plan_faults([example], 40, seed=3) for _ in range(2))
    assert [(kind, fault) for kind, _, fault in first] == [(kind, fault) for kind, _, fault in second]
