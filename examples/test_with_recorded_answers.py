"""How to test code of your own that reads disclosures: copy this file and the line of conftest.py that it names.

pytest_plugins = ["budget_llm.testing"]        # conftest.py
"""

from pathlib import Path

import pytest

import budget_llm

FOLDER = Path(__file__).parent


@pytest.mark.recorded_answers("../cassettes/budget-prose-2025.yaml")
def test_the_total_of_the_budget_is_confirmed(recorded_answers: object) -> None:
    """Both readings agree on the total, and it stands in the source where the fact says."""
    disclosure = budget_llm.extract(FOLDER / "budget-prose-2025.txt", "mailbox")
    total = disclosure.facts[10]
    assert (total.concept, str(total.value), total.unit, total.verdict) == (
        "income.total",
        "4124.19",
        "万元",
        "confirmed",
    )
    assert disclosure.original.text[total.start : total.end] == total.text
