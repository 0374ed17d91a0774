"""A folder of results: a JSON file for each input, whole or not there, and whether it can be kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from budget_llm.errors import BudgetLLMError

if TYPE_CHECKING:
    from budget_llm.disclosure import Disclosure


def is_folder(output: str | None) -> bool:
    """Whether an output names a folder: there is one, or the name ends as one."""
    return output is not None and (output.endswith(("/", "\\")) or Path(output).is_dir())


def targets(folder: Path, paths: Sequence[Path]) -> dict[Path, Path]:
    """Return the file for each input and make the folder; raise BudgetLLMError where two inputs would share one."""
    found: dict[Path, Path] = {}
    taken: dict[Path, Path] = {}
    for path in paths:
        target = folder / f"{path.name}.json"
        if target in taken:
            raise BudgetLLMError(
                f"{taken[target]} and {path} would both be written to {target}; give each a folder of its own"
            )
        found[path] = target
        taken[target] = path
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BudgetLLMError(f"{folder}: cannot be made: {error.strerror or error}") from error
    return found


def is_kept(path: Path, target: Path, model: str | None) -> bool:
    """Whether a result is that of this very input and model, and complete: all else is read again."""
    try:
        kept = json.loads(target.read_text("utf-8"))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return kept["incomplete"] is False and kept["model"] == model and kept["document"]["sha256"] == digest
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write(target: Path, disclosure: Disclosure) -> None:
    """Write one result, whole or not at all."""
    from budget_llm.export import write_whole

    write_whole(target, disclosure.to_json() + "\n")
