"""The fixture for users' own tests: replayed, never recorded by accident, stale recordings told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from budget_llm.cassettes import cassette
from tests.conftest import ROOT
from tests.endpoint import answer, endpoint

CONFTEST = 'pytest_plugins = ["budget_llm.testing"]\n'
TEST = """
import budget_llm

def test_total(recorded_answers):
    found = budget_llm.extract(budget_llm.Document.from_text({text!r}), "m")
    assert [str(f.value) for f in found.facts] == ["5"]
"""
TEXT = "某县水利局2024年部门预算\n一、收入预算\n收入预算5万元。\n"


def run(folder: Path, **environment: str) -> tuple[int, str]:
    """Run pytest in a folder, as a user does, and return its exit code and output."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--strict-markers", str(folder)]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI", "BUDGET_LLM", "PYTEST"))}
    done = subprocess.run(command, cwd=folder, env=clean | environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def suite(folder: Path, text: str = TEXT) -> Path:
    """Write a user's tests to a folder and return where their recording belongs."""
    (folder / "conftest.py").write_text(CONFTEST, "utf-8")
    (folder / "test_budget.py").write_text(TEST.format(text=text), "utf-8")
    return folder / "cassettes" / "test_budget.test_total.yaml"


def test_the_example_for_users_passes(tmp_path: Path) -> None:
    """The file in examples/, copied with its document and recording, and one line of conftest.py."""
    (tmp_path / "examples").mkdir()
    (tmp_path / "cassettes").mkdir()
    (tmp_path / "conftest.py").write_text(CONFTEST, "utf-8")
    for name in ("test_with_recorded_answers.py", "budget-prose-2025.txt"):
        shutil.copy(ROOT / "examples" / name, tmp_path / "examples")
    shutil.copy(ROOT / "cassettes" / "budget-prose-2025.yaml", tmp_path / "cassettes")
    code, output = run(tmp_path)
    assert code == 0, output
    assert "1 passed" in output


def test_nothing_is_recorded_by_accident(tmp_path: Path) -> None:
    """Without a recording the test fails, says how to make one, and calls nobody."""
    tape = suite(tmp_path)
    code, output = run(tmp_path, OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert code == 1
    assert "no recording; make it with BUDGET_LLM_RECORD=1" in output
    assert not tape.exists()


def test_a_recording_is_made_when_asked_for_and_replayed_after(tmp_path: Path) -> None:
    """The second run needs no endpoint."""
    tape = suite(tmp_path)
    with endpoint(answer('{"i":[{"n":"收入预算","k":"收入总计","a":"5万元"}]}')) as running:
        code, output = run(tmp_path, OPENAI_BASE_URL=running.url, OPENAI_API_KEY="sk-secret", BUDGET_LLM_RECORD="1")
    assert code == 0, output
    assert tape.exists()
    assert "sk-secret" not in tape.read_text("utf-8")
    assert run(tmp_path)[0] == 0


def test_a_stale_recording_fails_the_test(tmp_path: Path) -> None:
    """Answers to requests that are no longer made are not left lying."""
    tape = suite(tmp_path)
    with endpoint(answer('{"i":[{"n":"收入预算","k":"收入总计","a":"5万元"}]}')) as running:
        run(tmp_path, OPENAI_BASE_URL=running.url, OPENAI_API_KEY="k", BUDGET_LLM_RECORD="1")
    (tmp_path / "test_budget.py").write_text("def test_total(recorded_answers):\n    pass\n", "utf-8")
    code, output = run(tmp_path)
    assert code == 1
    assert "1 recorded answers were not asked for" in output
    with cassette(tape):
        pass
