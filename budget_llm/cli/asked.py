"""The model that the options of a command and the environment name, and its price."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from budget_llm.cli.wording import price, say
from budget_llm.errors import ModelError

if TYPE_CHECKING:
    from budget_llm.model import LanguageModel
    from budget_llm.usage import Prices


def add_prices(parser: argparse.ArgumentParser) -> None:
    """Add the options that tell what a model costs."""
    parser.add_argument(
        "--price",
        type=price,
        metavar="IN/OUT",
        help="price of a million prompt/completion tokens, to tell the cost: 2/8 (CNY) or 2/8USD",
    )
    parser.add_argument(
        "--prices", type=Path, metavar="FILE", help="prices of your own by model (TOML; default: BUDGET_LLM_PRICES)"
    )


def name_of_options(options: argparse.Namespace) -> str | None:
    """Return the name of the model, None where none is named."""
    return options.model or os.environ.get("BUDGET_LLM_MODEL") or None


def prices_of_options(options: argparse.Namespace) -> Prices | None:
    """Return what the model costs, None where nothing is known of it."""
    from budget_llm.prices import prices_of

    return options.price or prices_of(name_of_options(options) or "none", options.prices)


def model_of_options(options: argparse.Namespace) -> LanguageModel | str:
    """Return the model to ask; says on standard error where none is configured."""
    from budget_llm.cassettes import model_of
    from budget_llm.model import REPLAY_URL, Model

    prices, name = prices_of_options(options), name_of_options(options)
    if options.cassette is not None and options.cassette.exists():
        return Model(
            options.model or model_of(options.cassette),
            base_url=REPLAY_URL,
            api_key="replay",
            attempts=1,
            prices=prices,
            concurrency=options.concurrency,
        )
    endpoint = options.base_url or os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_KEY")
    if name == "none" or (name is None and options.cassette is None):
        if name is None:
            missing = "no model is named (--model or BUDGET_LLM_MODEL)" if endpoint else "no endpoint is configured"
            say(f"note: {missing}: reading by rules alone")
        return "none"
    if name is None:
        raise ModelError(
            f"{options.cassette} does not exist: to record it, name a model (--model) and an endpoint (--base-url)"
        )
    return Model(
        name,
        base_url=options.base_url,
        timeout=options.timeout,
        deadline=max(300.0, 2 * options.timeout),
        prices=prices,
        concurrency=options.concurrency,
        cache=options.cache,
    )
