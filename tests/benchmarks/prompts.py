"""What is sent to the model and what it writes, in characters for each character of the document.

    python -m tests.benchmarks.prompts [FOLDER_OF_CASSETTES]

For the real disclosures of ../shared/seeds where they are, else the examples: requests and characters sent with
read="all" and with read="doubtful" (a model that answers nothing, so without second looks), standing instructions and
schemas included. Where the folder holds a recording named after the document: what was really sent, second looks and
re-asks included, and what came back.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_args

import yaml

from budget_llm.extraction import Read, extract
from budget_llm.model import Answer, Request
from budget_llm.usage import Usage
from tests.conftest import ROOT


class Counting:
    """A model that answers nothing and counts what it is asked."""

    name = "counting"

    def __init__(self) -> None:
        self.requests = self.characters = 0

    async def ask(self, request: Request) -> Answer:
        """Return an empty reply."""
        schema = json.dumps(request.schema.model_json_schema(), ensure_ascii=False, separators=(",", ":"))
        self.requests += 1
        self.characters += len(request.system) + len(request.user) + len(schema)
        return Answer(request.schema(), None, Usage(1))


def recorded(path: Path) -> tuple[int, int, int]:
    """Return the requests of a recording, the characters of all that was sent, and of all that came back."""
    interactions: list[dict[str, Any]] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["interactions"]
    sent = back = 0
    for interaction in interactions:
        body = interaction["request"]["body"]["json"]
        sent += sum(len(message["content"]) for message in body["messages"])
        form = body.get("response_format", {}).get("json_schema", {}).get("schema")
        sent += len(json.dumps(form, ensure_ascii=False, separators=(",", ":"))) if form else 0
        back += sum(len(c["message"]["content"] or "") for c in interaction["response"]["body"]["json"]["choices"])
    return len(interactions), sent, back


def main(cassettes: Path) -> None:
    """Print a line for each document, then the sum."""
    seeds = ROOT.parent / "shared" / "seeds"
    paths = sorted((seeds if seeds.is_dir() else ROOT / "examples").glob("*.txt"))
    totals: dict[str, list[int]] = {}
    for path in paths:
        size = len(path.read_text("utf-8"))
        figures = []
        for read in get_args(Read):
            model = Counting()
            extract(path, model, read=read)
            figures.append((read, model.requests, model.characters, 0))
        tape = cassettes / f"{path.stem}.yaml"
        if tape.is_file():
            figures.append(("recorded", *recorded(tape)))
        for name, *numbers in figures:
            total = totals.setdefault(name, [0, 0, 0, 0])
            totals[name] = [a + b for a, b in zip(total, (size, *numbers), strict=True)]
            _print(path.stem, name, size, *numbers)
    for name, total in totals.items():
        _print(f"{len(paths)} documents", name, *total)


def _print(what: str, name: str, size: int, requests: int, sent: int, back: int) -> None:
    written = f", written {back / size:.2f}" if back else ""
    print(f"{what:40} {name:9} {size:6} characters, {requests:3} requests, sent {sent / size:.2f}{written}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "cassettes")
