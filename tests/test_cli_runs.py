"""The command line over many inputs: a folder of results, runs that go on, budgets, estimates, the cache."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import budget_llm.batch
import budget_llm.cache
from budget_llm.cli import main
from budget_llm.estimates import estimate
from tests.conftest import EXAMPLES, ROOT
from tests.endpoint import answer, completion, endpoint, send, status

PATHS = [str(ROOT / "examples" / f"{name}.txt") for name in EXAMPLES]
EXAMPLE = ROOT / "examples" / "budget-prose-2025.txt"
CASSETTE = ROOT / "cassettes" / "budget-prose-2025.yaml"


def files(folder: Path) -> list[str]:
    """The names in a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_gets_a_file_for_each_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The folder is made; each file is the contract of one input; nothing goes to standard output."""
    out = tmp_path / "deep" / "out"
    assert main(["extract", *PATHS, "--model", "none", "-o", f"{out}/", "--concurrency", "3"]) == 0
    assert files(out) == sorted(f"{name}.txt.json" for name in EXAMPLES)
    assert capsys.readouterr().out == ""
    for path in PATHS:
        written = json.loads((out / f"{Path(path).name}.json").read_text("utf-8"))
        assert written["document"]["source"] == path


def test_a_second_run_skips_what_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only what is missing, damaged, incomplete or of a file that changed is read again; --force reads all."""
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    inputs = [shutil.copy(path, source) for path in PATHS]
    run = ["extract", *map(str, inputs), "--model", "none", "-o", str(out) + "/"]
    assert main(run) == 0
    names = files(out)
    (out / names[0]).unlink()
    (out / names[1]).write_text("{", "utf-8")
    part = json.loads((out / names[2]).read_text("utf-8"))
    (out / names[2]).write_text(json.dumps(part | {"incomplete": True}), "utf-8")
    kept = (out / names[3]).stat().st_mtime_ns
    capsys.readouterr()
    assert main(run) == 0
    assert f"1 of {len(PATHS)} inputs are written in {out} already; --force reads them again" in capsys.readouterr().err
    assert (out / names[3]).stat().st_mtime_ns == kept
    assert not any(json.loads((out / name).read_text("utf-8"))["incomplete"] for name in names)
    with Path(inputs[3]).open("a", encoding="utf-8") as file:
        file.write("\n补充说明。\n")
    assert main(run) == 0
    assert f"{len(PATHS) - 1} of {len(PATHS)} inputs are written" in capsys.readouterr().err
    kept = (out / names[3]).stat().st_mtime_ns
    assert main([*run, "--force"]) == 0
    assert "already" not in capsys.readouterr().err
    assert (out / names[3]).stat().st_mtime_ns > kept


def test_two_inputs_of_one_name_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One would overwrite the other."""
    other = shutil.copy(EXAMPLE, tmp_path)
    assert main(["extract", str(EXAMPLE), str(other), "--model", "none", "-o", f"{tmp_path}/out/"]) == 1
    assert "would both be written to" in capsys.readouterr().err
    assert files(tmp_path) == [EXAMPLE.name]


def test_an_interruption_leaves_finished_inputs_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code 130, whole files of what was finished and nothing else; the second run reads only the others."""
    real = budget_llm.batch.extract_many

    def interrupted(*arguments: Any, **options: Any) -> Iterator[Any]:
        for number, outcome in enumerate(real(*arguments, **options)):
            if number == 2:
                raise KeyboardInterrupt
            yield outcome

    run = ["extract", *PATHS, "--model", "none", "-o", f"{tmp_path}/"]
    monkeypatch.setattr(budget_llm.batch, "extract_many", interrupted)
    assert main(run) == 130
    assert f"interrupted: 2 of {len(PATHS)} inputs were finished; they are in {tmp_path}" in capsys.readouterr().err
    assert len(files(tmp_path)) == 2
    assert all(json.loads((tmp_path / name).read_text("utf-8"))["facts"] for name in files(tmp_path))
    monkeypatch.setattr(budget_llm.batch, "extract_many", real)
    assert main(run) == 0
    assert f"2 of {len(PATHS)} inputs are written" in capsys.readouterr().err
    assert len(files(tmp_path)) == len(PATHS)


def test_several_inputs_are_shown_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    """However they complete, standard output has them as they were given."""
    assert main(["extract", *reversed(PATHS), "--model", "none", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [one["document"]["source"] for one in shown] == PATHS[::-1]


def test_a_table_for_each_input_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A folder holds JSON."""
    with pytest.raises(SystemExit) as caught:
        main(["extract", str(EXAMPLE), "--format", "table", "-o", str(tmp_path)])
    assert caught.value.code == 2
    assert "expected a FILE with -o, found a folder" in capsys.readouterr().err


def test_a_budget_stops_the_run_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was read is written, marked incomplete; the sum of the run is told and is within the budget; code 3, and that the same command goes on."""

    def dear(handler: Any, _: dict[str, Any]) -> None:
        usage = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}
        send(handler, 200, json.dumps(completion("{}") | {"usage": usage}).encode())

    with endpoint(dear) as running:
        arguments = [
            "extract",
            *PATHS,
            "--model",
            "m",
            "--base-url",
            running.url,
            "--price",
            "2/8",
            "-o",
            f"{tmp_path}/",
        ]
        assert main([*arguments, "--budget", "0.02CNY"]) == 3
        shown = capsys.readouterr().err
        assert "sections not asked: the budget of 0.02 CNY would be exceeded" in shown
        asked = len(running.requests)
        assert 0 < asked * (1000 * 2 + 200 * 8) <= 20_000
        assert f"the run: {asked} calls, {1000 * asked:,} + {200 * asked:,} tokens, cost 0.0" in shown
        incomplete = [json.loads((tmp_path / name).read_text("utf-8"))["incomplete"] for name in files(tmp_path)]
        assert len(incomplete) == len(PATHS)
        assert True in incomplete
        assert main(arguments) == 0  # without a budget the others are read
    assert not any(json.loads((tmp_path / name).read_text("utf-8"))["incomplete"] for name in files(tmp_path))


def test_a_budget_that_is_none_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    """The message shows how to write one."""
    with pytest.raises(SystemExit):
        main(["extract", str(EXAMPLE), "--budget", "5"])
    assert "such as 200000tokens or 5CNY, found '5'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["extract", str(EXAMPLE), "--concurrency", "0"])
    assert "expected a whole number above 0, found '0'" in capsys.readouterr().err


def test_a_budget_of_money_needs_a_price(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is asked without one."""
    with endpoint(answer("{}")) as running:
        arguments = ["extract", str(EXAMPLE), "--model", "m", "--base-url", running.url, "--budget", "5CNY"]
        assert main(arguments) == 1
        assert "5 CNY needs the price of 'm'" in capsys.readouterr().err
        assert running.requests == []


def test_prices_come_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--prices names a table of one's own."""
    file = tmp_path / "prices.toml"
    file.write_text("[models.mailbox]\nprompt = 2\ncompletion = 8\ndate = 2026-11-01\n", "utf-8")
    assert (
        main(["extract", str(EXAMPLE), "--cassette", str(CASSETTE), "--model", "mailbox", "--prices", str(file)]) == 0
    )
    assert " CNY (list price of 2026-11-01)" in capsys.readouterr().out


def test_a_refused_key_ends_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Said once, code 1; results of earlier runs stay."""
    with endpoint(status(401)) as running:
        assert main(["extract", *PATHS, "--model", "m", "--base-url", running.url, "-o", f"{tmp_path}/"]) == 1
    assert capsys.readouterr().err.count("refused access") == 1
    assert files(tmp_path) == []


def test_an_estimate_needs_no_endpoint(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A line for each input and their sum; an input that cannot be read is said and the others are told."""
    absent = str(tmp_path / "absent.txt")
    assert main(["estimate", *PATHS, absent, "--price", "2/8"]) == 1
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert len(lines) == len(PATHS) + 1
    assert lines[0].startswith(f"{PATHS[0]}: {estimate(PATHS[0]).calls} calls, ")
    assert lines[-1].startswith(f"{len(PATHS)} documents: {sum(estimate(path).calls for path in PATHS)} calls, ")
    assert lines[-1].endswith(" CNY")
    assert "absent.txt" in shown.err
    assert main(["estimate", PATHS[0], "--model", "gpt-4o"]) == 0
    assert "USD (list price of " in capsys.readouterr().out
    assert main(["estimate", PATHS[0]]) == 0
    assert capsys.readouterr().out.endswith("cost unknown (no price given)\n")


@dataclass
class Info:
    """What a cache tells of itself."""

    entries: int
    bytes: int
    folder: Path


class Kept:
    """A cache with two answers in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def info(self) -> Info:
        """Tell what is there."""
        return Info(2, 2048, self.folder)

    def clear(self) -> int:
        """Tell how many were forgotten."""
        return 2

    def close(self) -> None:
        """Close nothing."""


def test_the_cache_can_be_looked_into_and_emptied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers and bytes; how many were forgotten; a folder that is no cache is refused and stays as it is."""
    assert main(["cache", "clear", str(tmp_path)]) == 1
    assert "expected a folder of kept answers, found none" in capsys.readouterr().err
    assert files(tmp_path) == []
    monkeypatch.setattr(budget_llm.cache, "CompletionCache", Kept)
    (tmp_path / "cache.db").touch()
    assert main(["cache", "info", str(tmp_path)]) == 0
    assert main(["cache", "clear", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path}: 2 answers, 2,048 bytes",
        f"{tmp_path}: 2 answers forgotten",
    ]


def test_a_second_run_with_kept_answers_makes_no_call(tmp_path: Path) -> None:
    """Over the same files, written anew: the endpoint is asked nothing, second looks included."""
    with endpoint(answer('{"q":[{"n":"车辆","k":"车辆","q":"99辆"}]}')) as running:
        arguments = ["extract", *PATHS, "--model", "m", "--base-url", running.url, "--cache", str(tmp_path / "kept")]
        assert main([*arguments, "-o", f"{tmp_path}/one/"]) == 0
        asked = len(running.requests)
        assert asked > len(PATHS)
        assert main([*arguments, "-o", f"{tmp_path}/two/"]) == 0
        assert len(running.requests) == asked


def test_results_of_rules_alone_are_read_again_by_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is in the folder counts only for the model that made it."""
    folder = f"{tmp_path}/out/"
    assert main(["extract", *PATHS, "--model", "none", "-o", folder]) == 0
    with endpoint(answer("{}")) as running:
        assert main(["extract", *PATHS, "--model", "m", "--base-url", running.url, "-o", folder]) == 0
        asked = len(running.requests)
        assert asked >= len(PATHS)
        assert main(["extract", *PATHS, "--model", "m", "--base-url", running.url, "-o", folder]) == 0
        assert len(running.requests) == asked
    assert f"{len(PATHS)} of {len(PATHS)} inputs are written" in capsys.readouterr().err
