"""`budget-llm estimate PATH…`: what reading would cost, without asking anyone."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from budget_llm.cli.asked import add_prices, prices_of_options
from budget_llm.cli.wording import DONE, FAILED, say
from budget_llm.errors import InputError

if TYPE_CHECKING:
    from budget_llm.estimates import Estimate


def add_to(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("estimate", help="tell calls, tokens and money of reading disclosures, without a call")
    parser.set_defaults(run=run)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a disclosure, as for extract")
    parser.add_argument(
        "--read", choices=("all", "doubtful"), default="all", help="count every section, or only what would be doubtful"
    )
    parser.add_argument("--model", metavar="NAME", help="the model whose price to take (default: BUDGET_LLM_MODEL)")
    add_prices(parser)


def run(options: argparse.Namespace) -> int:
    """Print a line for each input and, for several, their sum; return the exit code."""
    from dataclasses import replace

    from budget_llm.estimates import estimate

    prices = prices_of_options(options)
    done: list[Estimate] = []
    code = DONE
    for path in options.paths:
        try:
            found = replace(estimate(path, options.model, read=options.read), prices=prices)
        except InputError as error:
            say(f"error: {path}: {str(error).removeprefix(f'{path}: ')}")
            code = FAILED
            continue
        done.append(found)
        print(f"{path}: {_line(found)}")
    if len(done) > 1:
        total = done[0]
        for found in done[1:]:
            total += found
        print(f"{len(done)} documents: {_line(total)}")
    return code


def _line(found: Estimate) -> str:
    """Return an estimate in words."""
    least, most = found.completion_tokens
    if found.cost is None or found.prices is None:
        cost = "cost unknown (no price given)"
    else:
        shown = " to ".join(str(amount.quantize(Decimal("0.0001"))) for amount in found.cost)
        day = f" (list price of {found.prices.date})" if found.prices.date else ""
        cost = f"cost {shown} {found.prices.currency}{day}"
    return (
        f"{found.calls} calls, {found.prompt_characters:,} characters sent for {found.characters:,} of the document, "
        f"about {found.prompt_tokens:,} + {least:,} to {most:,} tokens, {cost}"
    )
