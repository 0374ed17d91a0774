"""The model that the options of a command and the environment name."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from budget_llm.cli.wording import say
from budget_llm.errors import ModelError

if TYPE_CHECKING:
    from budget_llm.model import LanguageModel


def model_of_options(options: argparse.Namespace) -> LanguageModel | str:
    """Return the model to ask; says on standard error where none is configured."""
    from budget_llm.cassettes import model_of
    from budget_llm.model import REPLAY_URL, Model
    from budget_llm.prices import prices_of

    named = options.model or os.environ.get("BUDGET_LLM_MODEL") or "none"
    prices = options.price or prices_of(named, options.prices)
    name = options.model or os.environ.get("BUDGET_LLM_MODEL")
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
