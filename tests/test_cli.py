"""The command line: tables and JSON, one input or many, bad input, exit codes, no traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from budget_llm.cli import main
from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "budget-prose-2025.txt"
CASSETTE = ROOT / "cassettes" / "budget-prose-2025.yaml"


def test_the_main_job_on_a_bundled_example(capsys: pytest.CaptureFixture[str]) -> None:
    """Facts by topic with verdict and place, findings, coverage, tokens and cost; exit code 0, nothing to complain of."""
    assert main(["extract", str(EXAMPLE), "--cassette", str(CASSETTE)]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    lines = shown.out.splitlines()
    assert lines[0] == "栖澜市汀湖区水务局 2025 部门预算"
    assert any(line.startswith("收入 (") for line in lines)
    (total,) = [line for line in lines if line.split()[:2] == ["收入总预算", "4,124.19"]]
    assert "✓ confirmed" in total
    assert total.endswith("line 23")
    assert any("procurement_parts" in line and line.strip().startswith("error") for line in lines)
    assert any(line.startswith("Coverage  100.0%") for line in lines)
    assert any(line.startswith("Model     mailbox: 2 calls, 4,359 + 3,518 tokens, cost unknown") for line in lines)


def test_rules_alone_say_so_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Without an endpoint the rules read, and it is said."""
    assert main(["extract", str(EXAMPLE)]) == 0
    shown = capsys.readouterr()
    assert shown.err == "budget-llm: note: no endpoint is configured: reading by rules alone\n"
    assert "Model     none: read by rules alone" in shown.out


def test_asking_for_rules_alone_needs_no_note(capsys: pytest.CaptureFixture[str]) -> None:
    """--model none is what was wanted."""
    assert main(["extract", str(EXAMPLE), "--model", "none"]) == 0
    assert capsys.readouterr().err == ""


FACT_KEYS = {
    "concept", "label", "code", "scope", "measure", "basis", "split", "period", "stage", "value", "unit", "start", "end", "page",
    "verdict", "readers", "section",
}  # fmt: skip


def test_json_is_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    """Every key of the contract, numbers as strings, spans that cut the number from the file."""
    assert main(["extract", str(EXAMPLE), "--cassette", str(CASSETTE), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    text = EXAMPLE.read_text("utf-8")
    assert {"document", "facts", "findings", "coverage", "records", "sections", "usage", "incomplete"} <= found.keys()
    for fact in found["facts"]:
        assert fact.keys() >= FACT_KEYS
        assert isinstance(fact["value"], str)
        assert text[fact["start"] : fact["end"]] == fact["text"]
    assert found["document"] == {
        "kind": "budget",
        "year": 2025,
        "organisation": "栖澜市汀湖区水务局",
        "source": str(EXAMPLE),
        "sha256": found["document"]["sha256"],
        "encoding": "utf-8",
        "characters": len(text),
        "format": "text",
        "pages": None,
    }
    assert found["tables"] == []
    assert found["records"].keys() == {"organisation", "duties", "contact", "document", "sections"}
    assert found["records"]["duties"]["count"] == len(found["records"]["duties"]["items"]) == 9
    assert text[found["records"]["duties"]["items"][0]["start"] :].startswith(found["records"]["duties"]["first"])
    for finding in found["findings"]:
        assert finding.keys() == {
            "rule", "severity", "message", "english", "numbers", "expected", "found", "difference", "places", "suspects", "fault",
        }  # fmt: skip
    in_words = [fact for fact in found["facts"] if not any(c.isdigit() for c in fact["text"])]  # 六, 持平
    assert found["coverage"]["explained"] == len(found["facts"]) - len(in_words)
    assert found["coverage"]["not_understood_numbers"] == []
    assert found["prompts"] == {"body": 3, "money": 3}


def test_one_bad_input_leaves_the_others_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, the error named, the good input in the output; nothing under a temporary name stays."""
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    out = tmp_path / "out.json"
    arguments = [
        "extract",
        str(tmp_path / "empty.txt"),
        str(EXAMPLE),
        "--model",
        "none",
        "--format",
        "json",
        "-o",
        str(out),
    ]
    assert main(arguments) == 1
    assert "empty.txt: expected the text of a disclosure" in capsys.readouterr().err
    (only,) = json.loads(out.read_text("utf-8"))
    assert only["document"]["organisation"] == "栖澜市汀湖区水务局"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty.txt", "out.json"]


def test_a_failure_writes_no_file(tmp_path: Path) -> None:
    """No empty result for a failure: the output file does not appear."""
    out = tmp_path / "out.json"
    assert main(["extract", str(tmp_path / "absent.txt"), "--model", "none", "--format", "json", "-o", str(out)]) == 1
    assert not out.exists()


BAD = [
    (b"\x00\xff\xfe\x01" * 50, "found bytes that are none of them"),
    (b"%PDF-1.4", "the PDF is truncated"),
    (b"", "nothing but white space"),
]


@pytest.mark.parametrize(("raw", "words"), BAD)
def test_bad_input_is_an_error_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: bytes, words: str
) -> None:
    """The message goes to standard error, the code is 1."""
    path = tmp_path / "input"
    path.write_bytes(raw)
    assert main(["extract", str(path), "--model", "none"]) == 1
    shown = capsys.readouterr()
    assert words in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""


def test_a_text_that_is_no_disclosure_gives_what_was_read_and_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is invented: no facts, every number listed as not understood."""
    path = tmp_path / "poem.txt"
    path.write_text("床前明月光，疑是地上霜。\n卖出苹果30筐。\n", encoding="utf-8")
    assert main(["extract", str(path), "--model", "none"]) == 0
    shown = capsys.readouterr()
    assert "does not look like" in shown.err
    assert "Facts     0: none" in shown.out
    assert "not understood: 30 at line 2" in shown.out


def test_an_absent_model_leaves_the_rules_reading_and_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing listens at the endpoint: said for every section, and what the rules read is shown."""
    arguments = ["extract", str(EXAMPLE), "--model", "m", "--base-url", "http://127.0.0.1:9/v1"]
    assert main(arguments) == 1
    shown = capsys.readouterr()
    assert "cannot reach http://127.0.0.1:9" in shown.err
    assert "the model answered for no section" in shown.err
    assert "142 rule_only" in shown.out


def test_a_cassette_of_another_document_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A stale recording is an error with the next step."""
    other = ROOT / "examples" / "self-evaluation-2023.txt"
    assert main(["extract", str(other), "--cassette", str(CASSETTE)]) == 1
    assert "delete the cassette and record it again" in capsys.readouterr().err


def test_recording_needs_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A cassette that does not exist is to be recorded: which options that takes."""
    assert main(["extract", str(EXAMPLE), "--cassette", str(tmp_path / "new.yaml")]) == 1
    assert "name a model (--model) and an endpoint (--base-url)" in capsys.readouterr().err


def test_a_price_tells_the_cost(capsys: pytest.CaptureFixture[str]) -> None:
    """Tokens times the given price of a million; a malformed price is a usage error."""
    assert main(["extract", str(EXAMPLE), "--cassette", str(CASSETTE), "--price", "2/8"]) == 0
    assert "cost 0.0369 CNY" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["extract", str(EXAMPLE), "--price", "cheap"])
    assert "expected two numbers such as 2/8, found 'cheap'" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_timeout_that_cannot_be_waited_is_a_usage_error(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is asked with it; the message says what was expected."""
    with pytest.raises(SystemExit) as caught:
        main(["extract", str(EXAMPLE), f"--timeout={seconds}"])
    assert caught.value.code == 2
    assert f"expected a number of seconds above 0, found '{seconds}'" in capsys.readouterr().err


def test_usage_errors_have_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    """No command, no path, an unknown format."""
    for arguments in ([], ["extract"], ["extract", "a", "--format", "xml"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    assert "usage: budget-llm" in capsys.readouterr().err


def test_it_runs_as_a_module() -> None:
    """`python -m budget_llm` is the same command."""
    done = subprocess.run([sys.executable, "-m", "budget_llm", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("budget-llm ")


def test_a_bound_can_be_raised_or_lowered(capsys: pytest.CaptureFixture[str]) -> None:
    """--limit names the bound; a wrong name is a usage error that lists them."""
    pdf = ROOT / "tests" / "renderings" / "budget-prose-2025.pdf"
    assert main(["extract", str(pdf), "--model", "none", "--limit", "pages=2"]) == 1
    assert "7 pages, more than the limit of 2; split it or raise Limits(pages=…)" in capsys.readouterr().err
    assert main(["extract", str(pdf), "--model", "none", "--limit", "pages=7", "--limit", "cells=9"]) == 0
    with pytest.raises(SystemExit, match="2"):
        main(["extract", str(pdf), "--limit", "page=2"])
    assert "expected one of bytes, expanded_bytes, pages, cells, characters" in capsys.readouterr().err


def test_a_place_is_a_page_where_the_format_has_pages(capsys: pytest.CaptureFixture[str]) -> None:
    """Facts and findings of a PDF are shown with their page."""
    assert main(["extract", str(ROOT / "tests" / "renderings" / "budget-prose-2025.pdf"), "--model", "none"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert next(line for line in lines if "procurement_parts" in line).endswith("[page 6]")
    assert not any("line " in line for line in lines)
