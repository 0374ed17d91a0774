"""What the model cost: calls, tokens and, where prices are given, money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Prices:
    """The price of a million prompt tokens and of a million completion tokens, in one currency."""

    prompt: Decimal
    completion: Decimal
    currency: str = "CNY"


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
        million = Decimal(1_000_000)
        return (self.prompt_tokens * prices.prompt + self.completion_tokens * prices.completion) / million
