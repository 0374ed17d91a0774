"""What the model cost: calls, tokens and, where prices are given, money."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

BUDGET_REACHED = "not asked: the budget of"
LIMIT_REACHED = "not asked: the limit of"
"""How the reasons begin why a request was not made: it would have gone beyond what it may cost, or beyond the calls."""


@dataclass(frozen=True, slots=True)
class Prices:
    """The price of a million prompt tokens and of a million completion tokens, in one currency.

    `cached` is the price of a million prompt tokens that the endpoint had in its own prompt cache (None: that of
    the others), `date` the day for which a list price was taken down.
    """

    prompt: Decimal
    completion: Decimal
    currency: str = "CNY"
    cached: Decimal | None = None
    date: str | None = None

    def of(self, prompt: int, completion: int, cached: int = 0) -> Decimal:
        """Return what tokens cost; `cached` of the prompt tokens came from the endpoint's prompt cache."""
        cheap = self.prompt if self.cached is None else self.cached
        return ((prompt - cached) * self.prompt + cached * cheap + completion * self.completion) / Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Usage:
    """Calls and tokens of one or several requests, as the endpoint counted them.

    `unreported` counts the calls for which the endpoint gave no token figures, `cached_answers` the answers
    that cost no call: kept from an earlier run, or shared with an equal request in flight.
    """

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    unreported: int = 0
    cached_answers: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.calls + other.calls,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
            self.unreported + other.unreported,
            self.cached_answers + other.cached_answers,
        )

    def cost(self, prices: Prices | None) -> Decimal | None:
        """Return the money that the tokens cost, or None where no price or not every token is known."""
        if prices is None or self.unreported:
            return None
        return prices.of(self.prompt_tokens, self.completion_tokens, self.cached_tokens)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger: the sections that a request was about, what for, and what it cost.

    `sections` are indexes of `Disclosure.sections`; `purpose` is "read", "read again" (after the cross-check's
    evidence), "split" (a part of a section that was too long), "route" or "map"; `cost` is None where no price is known.
    """

    sections: tuple[int, ...]
    purpose: str
    usage: Usage
    cost: Decimal | None = None

    def priced(self, prices: Prices | None) -> Entry:
        """Return the entry with its cost at these prices."""
        return replace(self, cost=self.usage.cost(prices))
