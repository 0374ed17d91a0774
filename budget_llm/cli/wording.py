"""How what is written on the command line is read, and how the command line speaks."""

from __future__ import annotations

import argparse
import re
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budget_llm.spending import Budget
    from budget_llm.usage import Prices

DONE, FAILED, INCOMPLETE, INTERRUPTED = 0, 1, 3, 130


def say(message: str) -> None:
    """Write a message to standard error."""
    print(f"budget-llm: {message}", file=sys.stderr)


def price(written: str) -> Prices:
    """Read "2/8" or "2/8USD": the prices of a million prompt and of a million completion tokens."""
    from budget_llm.usage import Prices

    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)/([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]{3})?", written)
    if found is None:
        raise argparse.ArgumentTypeError(f"expected two numbers such as 2/8, found {written!r}")
    return Prices(Decimal(found.group(1)), Decimal(found.group(2)), (found.group(3) or "CNY").upper())


def budget(written: str) -> Budget:
    """Read "200000tokens" or "5CNY"."""
    from budget_llm.errors import InputError
    from budget_llm.spending import Budget

    try:
        return Budget.parse(written)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix("budget: ")) from None


def whole_number(written: str) -> int:
    """Read a number of calls."""
    if not written.isascii() or not written.isdigit() or not int(written):
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, found {written!r}")
    return int(written)


def limit(written: str) -> tuple[str, int]:
    """Read "pages=5000": a bound of `Limits` and its value."""
    from budget_llm.formats.limits import Limits

    name, _, number = written.partition("=")
    if name not in Limits.__slots__ or not number.isascii() or not number.isdigit():
        raise argparse.ArgumentTypeError(
            f"expected one of {', '.join(Limits.__slots__)} with a number, found {written!r}"
        )
    return name, int(number)


def seconds(written: str) -> float:
    """Read a time that can be waited."""
    try:
        seconds = float(written)
    except ValueError:
        seconds = 0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number of seconds above 0, found {written!r}")
    return seconds
