"""Recordings: reviewable, free of secrets, replayed without a network, never stale in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

import budget_llm
from budget_llm.cassettes import model_of
from budget_llm.errors import CassetteError
from tests.conftest import EXAMPLES, ROOT
from tests.endpoint import answer, endpoint
from tests.scoring import errors_caught, load_gold, score

TEXT = "某县水利局2024年部门预算\n一、收入预算\n2024年收入预算100.50万元，其中：事业收入10.25万元。\n"
FILLED = json.dumps({"i": [{"n": "收入预算", "k": "收入总计", "a": "100.50万元"}]}, ensure_ascii=False)


def record(path: Path, text: str = TEXT) -> budget_llm.Disclosure:
    """Record a run over a text against a loopback endpoint."""
    with endpoint(answer(FILLED)) as running, budget_llm.cassette(path):
        model = budget_llm.Model("m", base_url=running.url, api_key="sk-secret-key")
        return budget_llm.extract(budget_llm.Document.from_text(text), model)


def replay(path: Path, text: str = TEXT) -> budget_llm.Disclosure:
    """Replay a recording with no endpoint behind it."""
    with budget_llm.cassette(path):
        model = budget_llm.Model("m", base_url="http://llm.invalid/v1", api_key="replay", attempts=1)
        return budget_llm.extract(budget_llm.Document.from_text(text), model)


def test_a_recorded_run_replays_to_the_same_result(tmp_path: Path) -> None:
    """The one documented call records the first time and replays afterwards."""
    path = tmp_path / "a.yaml"
    assert record(path).to_json() == replay(path).to_json()


def test_a_cassette_holds_no_secret_and_reads_well(tmp_path: Path) -> None:
    """No key, no host, no header but the content type; bodies as structure, Chinese as written."""
    path = tmp_path / "a.yaml"
    record(path)
    written = path.read_text("utf-8")
    assert "sk-secret-key" not in written
    assert "127.0.0.1" not in written
    assert "收入预算" in written
    (interaction,) = yaml.safe_load(written)["interactions"]
    assert interaction["request"]["uri"] == "http://llm.invalid/v1/chat/completions"
    assert {name.lower() for name in interaction["request"]["headers"]} <= {"content-type"}
    assert {name.lower() for name in interaction["response"]["headers"]} <= {"content-type"}
    assert interaction["request"]["body"]["json"]["model"] == "m"


def test_a_changed_document_is_not_answered_from_an_old_recording(tmp_path: Path) -> None:
    """The whole request body is matched: a stale cassette is an error that says what to do."""
    path = tmp_path / "a.yaml"
    record(path)
    with pytest.raises(CassetteError, match="delete the cassette and record it again"):
        replay(path, TEXT.replace("100.50", "100.51"))


def test_what_is_no_cassette_is_named(tmp_path: Path) -> None:
    """A damaged file is neither replayed nor overwritten."""
    path = tmp_path / "a.yaml"
    path.write_text("no: cassette", encoding="utf-8")
    with pytest.raises(CassetteError, match="found something else"), budget_llm.cassette(path):
        pass
    assert path.read_text("utf-8") == "no: cassette"


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_has_a_recording_without_secrets(name: str) -> None:
    """Each bundled example replays from its own cassette, whose requests hold the current prompts."""
    path = ROOT / "cassettes" / f"{name}.yaml"
    for interaction in yaml.safe_load(path.read_text("utf-8"))["interactions"]:
        assert interaction["request"]["uri"] == "http://llm.invalid/v1/chat/completions"
        assert set(interaction["request"]["headers"]) <= {"content-type", "Content-Type"}


# name: recall of the numbers, recall with their concept, recall in full, document errors found,
# and the mistakes of the model that are told: how many in conflict, how many unsupported (these recordings hold none)
EXPECTED = {
    "budget-prose-2025": (1.0, 1.0, 1.0, ["change_sum", "procurement_sum"], (0, 0)),
    "final-accounts-2023": (1.0, 1.0, 1.0, ["completion_rate", "direction"], (0, 0)),
    "self-evaluation-2023": (0.96, 0.96, 0.96, ["score_weight_rate"], (0, 0)),
    "budget-tables-2024": (1.0, 1.0, 1.0, ["function_sum", "prose_vs_table"], (0, 0)),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_with_their_recorded_answers(name: str) -> None:
    """Both readings together against the composer's expectations: all that has a place is right, the model's mistakes are told, the planted errors found."""
    path = ROOT / "cassettes" / f"{name}.yaml"
    gold = load_gold(ROOT / "tests" / "gold" / f"{name}.json")
    with budget_llm.cassette(path) as tape:
        model = budget_llm.Model(model_of(path), base_url="http://llm.invalid/v1", api_key="replay", attempts=1)
        disclosure = budget_llm.extract(ROOT / "examples" / f"{name}.txt", model)
        assert tape.all_played
    read, named, full, errors, mistakes = EXPECTED[name]
    result = score(gold["facts"], [fact for fact in disclosure.to_dict()["facts"] if fact["start"] is not None])
    assert result.read >= read, result.missed
    assert result.named >= named
    assert result.full >= full
    assert result.read_precision == 1.0, result.wrong
    assert sorted(errors_caught(gold, disclosure.to_dict()["findings"])) == errors
    assert (disclosure.verdicts()["conflict"], disclosure.verdicts()["unsupported"]) == mistakes
    assert not disclosure.failed_sections


def test_the_tables_of_an_example_are_read() -> None:
    """Every number of the seven tables belongs to a fact."""
    disclosure = budget_llm.extract(ROOT / "examples" / "budget-tables-2024.txt", "none")
    assert disclosure.coverage.share > 0.98
