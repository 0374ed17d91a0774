"""The command line: `budget-llm extract PATH…`, `compare PATH PATH`, `estimate PATH…`, `cache info|clear FOLDER`; also `python -m budget_llm`."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.metadata import version

from budget_llm.cli import cached, comparing, costs, reading
from budget_llm.cli.wording import DONE, FAILED, say
from budget_llm.errors import BudgetLLMError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 an input failed, 2 usage, 130 interrupted."""
    parser = _parser()
    options = parser.parse_args(arguments)
    complaint = reading.complaint(options) if options.command == "extract" else None
    if complaint:
        parser.error(complaint)
    try:
        return int(options.run(options))
    except BudgetLLMError as error:
        say(f"error: {error}")
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="budget-llm",
        description="Checked facts from Chinese departmental disclosures (部门预算, 部门决算, 绩效自评).",
        epilog="Environment: OPENAI_API_KEY, OPENAI_BASE_URL, BUDGET_LLM_MODEL, BUDGET_LLM_PRICES. "
        "Exit codes: 0 done, 1 an input failed, 2 usage, 3 read in part, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"budget-llm {version('budget-llm')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in (reading, comparing, costs, cached):
        command.add_to(commands)
    return parser
