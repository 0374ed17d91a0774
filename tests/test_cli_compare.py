"""The command that compares two disclosures: what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from budget_llm.cli import main
from tests.test_compare import BUDGET_2023, BUDGET_2024


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two budgets in a folder, the later with a wrong change."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "2023.txt").write_text(BUDGET_2023, "utf-8")
    (tmp_path / "2024.txt").write_text(BUDGET_2024.replace("减少0.40万元", "减少0.60万元"), "utf-8")
    return tmp_path


def test_the_command_tells_both_documents_the_findings_and_what_was_compared(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the order of the years, with the lines of both; exit code 0 also with findings."""
    assert main(["compare", "2024.txt", "2023.txt"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    lines = shown.out.splitlines()
    assert lines[:4] == [
        "云岫市档案馆 2023年部门预算 · 2023.txt",
        "云岫市档案馆 2024年部门预算 · 2024.txt",
        "",
        "Findings (1)",
    ]
    assert lines[4].startswith("  error     published_change  增减额 = 本年数 − 上年公布数：")
    assert lines[4].endswith("[2024.txt line 10; 2023.txt line 10]")
    assert lines[-1].startswith("Compared  10 statements")
    assert main(["compare", "2024.txt", "2023.txt", "--language", "en"]) == 0
    assert "should be -0.40万元, the document says -0.60万元" in capsys.readouterr().out


def test_the_command_writes_json(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both documents, the number of comparisons, and findings under the keys of every finding."""
    assert main(["compare", "2023.txt", "2024.txt", "--format", "json", "-o", "out.json"]) == 0
    assert capsys.readouterr().out == ""
    found = json.loads((files / "out.json").read_text("utf-8"))
    assert found.keys() == {"documents", "compared", "findings"}
    assert [d["year"] for d in found["documents"]] == [2023, 2024]
    (finding,) = found["findings"]
    assert finding["places"][2] == {"start": 187, "end": 191, "line": 10, "text": "7.25", "label": "公务用车运行维护费", "document": "2023.txt", "page": None}  # fmt: skip
    assert finding["numbers"] == ["-0.60", "6.85", "7.25"]


def test_the_command_refuses_with_code_1_or_2(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be compared is said on standard error; one path alone is a usage error."""
    assert main(["compare", "2023.txt", "2023.txt"]) == 1
    assert "found the same one twice" in capsys.readouterr().err
    assert main(["compare", "2023.txt", "absent.txt"]) == 1
    assert "absent.txt" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["compare", "2023.txt"])
