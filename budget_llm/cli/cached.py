"""`budget-llm cache info|clear FOLDER`: the folder in which a model keeps its answers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from budget_llm.cli.wording import DONE
from budget_llm.errors import InputError


def add_to(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("cache", help="tell what a folder of kept answers holds, or empty it")
    parser.set_defaults(run=run)
    parser.add_argument(
        "what", choices=("info", "clear"), help="info: how many answers of which size; clear: forget them all"
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder of Model(cache=…)")


def run(options: argparse.Namespace) -> int:
    """Print what is there, or empty it; raise InputError for a folder that is no cache."""
    from budget_llm.cache import CompletionCache

    if not (options.folder / "cache.db").is_file():
        raise InputError(
            f"{options.folder}: expected a folder of kept answers, found none; name the one of Model(cache=…)"
        )
    cache: Any = CompletionCache(options.folder)
    try:
        if options.what == "info":
            found = cache.info()
            print(f"{found.folder}: {found.entries:,} answers, {found.bytes:,} bytes")
        else:
            print(f"{options.folder}: {cache.clear():,} answers forgotten")
    finally:
        cache.close()
    return DONE
