"""What models cost: a table of list prices (prices.toml), the user's own file before it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from budget_llm.errors import InputError
from budget_llm.usage import Prices

_OWN = Path(__file__).with_name("prices.toml")
_NUMBERS = ("prompt", "completion", "cached")


def prices_of(model: object, file: str | Path | None = None) -> Prices | None:
    """Return the prices of a model (or of a model's name), None where nothing is known of them.

    First the `prices` that it was made with, then the file (by default the one that BUDGET_LLM_PRICES names), then the
    package's list prices. Names are looked up as they are: a name that the tables do not hold has no price.
    Raises InputError where the file cannot be read or a price in it is none.
    """
    given = getattr(model, "prices", None)
    if isinstance(given, Prices):
        return given
    name = model if isinstance(model, str) else getattr(model, "name", None)
    for table in (file or os.environ.get("BUDGET_LLM_PRICES") or None, _OWN):
        found = load_prices(table).get(str(name)) if table is not None else None
        if found is not None:
            return found
    return None


def load_prices(file: str | Path) -> Mapping[str, Prices]:
    """Return the prices that a TOML file lists, by the model's name; raise InputError where it is malformed."""
    path = Path(file)
    try:
        return _table(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise InputError(f"{path}: prices cannot be read: {error.strerror or error}") from error


@cache
def _table(path: Path, _: int) -> Mapping[str, Prices]:
    try:
        values = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected prices in TOML, found something else: {error}") from error
    models = values.get("models")
    if set(values) - {"models"} or not isinstance(models, dict):
        raise InputError(f'{path}: expected tables [models."NAME"], found {", ".join(values) or "nothing"}')
    return {name: _prices(f'{path}: [models."{name}"]', entry) for name, entry in models.items()}


def _prices(place: str, entry: Any) -> Prices:
    """Return one entry; every number a price of a million tokens, exact."""
    if not isinstance(entry, dict) or not {"prompt", "completion"} <= entry.keys() <= {*_NUMBERS, "currency", "date"}:
        raise InputError(
            f"{place}: expected prompt, completion and, if wanted, cached, currency, date; found {entry!r}"
        )
    for name in _NUMBERS:
        value = entry.get(name, 0)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | Decimal)
            or not Decimal(value).is_finite()
            or value < 0
        ):
            raise InputError(f"{place}.{name}: expected the price of a million tokens such as 0.8, found {value!r}")
    currency = entry.get("currency", "CNY")
    if not isinstance(currency, str) or not currency.isalpha():
        raise InputError(f"{place}.currency: expected a currency such as CNY, found {currency!r}")
    cached = entry.get("cached")
    return Prices(
        Decimal(entry["prompt"]), Decimal(entry["completion"]), currency.upper(),
        None if cached is None else Decimal(cached), str(entry["date"]) if "date" in entry else None,
    )  # fmt: skip
