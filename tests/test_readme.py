"""The README tells the truth: its Python runs and prints what it shows, its commands are the ones that CI runs."""

from __future__ import annotations

import contextlib
import io
import re
import shlex

import pytest

from budget_llm.cli import main
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```\n+```text\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(
    ("code", "output"),
    BLOCKS,
    ids=["first screen", "two disclosures", "many documents", "formats", "wordings", "record and replay"],
)
def test_the_python_of_the_readme_prints_what_it_shows(code: str, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example with the output below it, run from the root of the repository."""
    monkeypatch.chdir(ROOT)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert printed.getvalue() == output


def test_the_shown_lines_of_the_command_are_its_real_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command of the first screen, without its installation, prints every line that the README shows of it."""
    command = re.search(r"<!-- command: main job -->\n```console\n\$ .*&& \S+/budget-llm (.+)\n", README)
    assert command is not None
    monkeypatch.chdir(ROOT)
    assert main(shlex.split(command.group(1))) == 0
    printed = capsys.readouterr().out.splitlines()
    shown = re.search(r"\(shortened\):\n\n```text\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    assert [line for line in shown.group(1).splitlines() if line != "…" and line not in printed] == []


def test_the_readme_names_every_option_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """What --help lists stands in the README, and the other way round."""
    with pytest.raises(SystemExit):
        main(["extract", "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help", "--output"}
    usage = README[README.index("$ budget-llm extract PATH") : README.index("Exit codes:")]
    assert set(re.findall(r"--[a-z-]+", usage)) == options
