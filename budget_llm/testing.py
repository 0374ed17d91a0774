"""A pytest fixture that replays recorded answers, for the tests of those who use this library.

In the `conftest.py` at the root of your tests:

    pytest_plugins = ["budget_llm.testing"]

A test that takes `recorded_answers` is answered from `cassettes/<module>.<test>.yaml` beside it, or from the file that
`@pytest.mark.recorded_answers("FILE")` names, relative to the test's folder. Nothing is recorded unless
BUDGET_LLM_RECORD=1 is set: then a file that does not exist is made, from the endpoint that OPENAI_BASE_URL and
OPENAI_API_KEY configure.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from budget_llm.cassettes import cassette
from budget_llm.errors import CassetteError

_MARK = "recorded_answers"


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known to pytest."""
    config.addinivalue_line("markers", f"{_MARK}(file): the recording that answers the model's requests of this test")


@pytest.fixture
def recorded_answers(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Answer every request of the test from its recording, and give the vcrpy cassette.

    Fails the test where the recording holds answers that it did not ask for: they are of an older prompt or
    document. Raises CassetteError where there is no recording and none is to be made.
    """
    path = _path(request)
    recorded = path.exists()
    if not recorded and os.environ.get("BUDGET_LLM_RECORD") != "1":
        raise CassetteError(f"{path}: no recording; make it with BUDGET_LLM_RECORD=1 and an endpoint (OPENAI_BASE_URL)")
    path.parent.mkdir(parents=True, exist_ok=True)
    with cassette(path) as tape:
        yield tape
    unasked = len(tape) - tape.play_count if recorded else 0
    if recorded and not tape.all_played:
        pytest.fail(
            f"{path}: {max(unasked, 1)} recorded answers were not asked for; delete the file and record it again"
        )


def _path(request: pytest.FixtureRequest) -> Path:
    """Return where the recording of a test stands."""
    folder = request.path.parent
    mark = request.node.get_closest_marker(_MARK)
    if mark is not None:
        if len(mark.args) != 1 or not isinstance(mark.args[0], str):
            raise CassetteError(f"@pytest.mark.{_MARK}: expected the name of one file, found {mark.args!r}")
        return folder / mark.args[0]
    return folder / "cassettes" / f"{request.path.stem}.{request.node.name}.yaml"
