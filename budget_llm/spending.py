"""Spending held within a budget: a model that is asked only while the next call fits in.

Before each call an estimate of what it will cost is reserved; what it really cost takes its place. A call whose
estimate would go beyond the budget is not made. What is guaranteed: the budget is passed at most by the amount by
which the calls then in flight turn out dearer than they were estimated (a reply longer than any before it, a
re-ask); with estimates that hold, never.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from types import EllipsisType
from typing import TYPE_CHECKING

from budget_llm.errors import BudgetLLMError, InputError
from budget_llm.model import Answer, LanguageModel, Request
from budget_llm.prices import prices_of
from budget_llm.usage import BUDGET_REACHED, LIMIT_REACHED, Prices, Usage

if TYPE_CHECKING:
    from pydantic import BaseModel

_DIGIT = re.compile(r"[0-9]")
_WRITTEN = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,9})?)\s{0,4}([A-Za-z]{1,12})")
# Tokens of a character, above what the common tokenizers need: 1.5 to 1.8 Chinese characters make a token, a digit
# may be a token of its own, and English words and JSON have three or four characters to the token.
_WIDE, _DIGITS, _OTHER = 0.8, 1.0, 0.35
# Tokens of the reply for each token of the user's message, and for a reply that finds nothing: while none has come.
_REPLY, _EMPTY_REPLY = 1.5, 50
_MARGIN = 1.1
# While no reply has come, each call in flight beside others holds a long one: the model may think before it answers.
_UNKNOWN_REPLY = 4000


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a run may spend: tokens (of prompts and replies together), money in one currency, or both."""

    tokens: int | None = None
    money: Decimal | None = None
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if self.tokens is None and self.money is None:
            raise InputError("budget: expected tokens=… or money=…, found neither")
        if self.tokens is not None and (not isinstance(self.tokens, int) or self.tokens <= 0):
            raise InputError(f"budget: expected a whole number of tokens above 0, found {self.tokens!r}")
        if self.money is not None and (
            not isinstance(self.money, int | Decimal) or Decimal(self.money).is_nan() or self.money <= 0
        ):
            raise InputError(f"budget: expected money above 0 as a Decimal or an int, found {self.money!r}")

    @classmethod
    def parse(cls, written: str) -> Budget:
        """Read "200000tokens" or "5CNY"; raise InputError for anything else."""
        found = _WRITTEN.fullmatch(written.strip().replace(",", ""))
        try:
            number = Decimal(found.group(1)) if found else None
        except InvalidOperation:
            number = None
        if found is None or number is None:
            raise InputError(
                f"budget: expected a number with tokens or a currency, such as 200000tokens or 5CNY, found {written!r}"
            )
        if found.group(2).lower() in ("token", "tokens"):
            return cls(tokens=int(number))
        return cls(money=number, currency=found.group(2).upper())

    def __str__(self) -> str:
        parts = (
            f"{self.tokens:,} tokens" if self.tokens else "",
            f"{self.money} {self.currency}" if self.money else "",
        )
        return " and ".join(filter(None, parts))


def tokens_of(text: str) -> float:
    """Return about how many tokens a text has, rather more than less."""
    wide = (len(text.encode("utf-8", "surrogatepass")) - len(text)) // 2
    digits = len(_DIGIT.findall(text))
    return wide * _WIDE + digits * _DIGITS + (len(text) - wide - digits) * _OTHER


_tokens_of_standing = lru_cache(maxsize=64)(tokens_of)  # instructions and schemas, the same in many requests


@cache
def schema_text(schema: type[BaseModel]) -> str:
    """Return a schema as it travels with each request."""
    return json.dumps(schema.model_json_schema(), ensure_ascii=False, separators=(",", ":"))


def prompt_parts(request: Request) -> tuple[str, str, str]:
    """Return all that a request sends: instructions, schema, message."""
    return (request.system, schema_text(request.schema), request.user)


@dataclass(slots=True)
class _Load:
    """The size of one request before any calibration, in tokens: of its prompt, and of what its reply grows with."""

    prompt: float
    body: float


@dataclass(slots=True)
class _Gauge:
    """What requests cost by the usage already reported: the dearest seen, with a margin.

    A request that led to a re-ask is seen with both of its calls.
    """

    prompt: float = 0.0
    reply: float = 0.0

    def learn(self, load: _Load, usage: Usage) -> None:
        """Take note of an answer whose tokens the endpoint counted."""
        if usage.calls and not usage.unreported:
            self.prompt = max(self.prompt, usage.prompt_tokens / load.prompt)
            self.reply = max(self.reply, usage.completion_tokens / (load.body + _EMPTY_REPLY))

    def tokens(self, load: _Load) -> tuple[int, int]:
        """Return the tokens to expect of prompt and reply."""
        prompt, reply = (self.prompt * _MARGIN, self.reply * _MARGIN) if self.prompt else (1.0, _REPLY)
        return round(load.prompt * prompt) + 1, round((load.body + _EMPTY_REPLY) * reply) + 1


@dataclass(slots=True, eq=False)
class _Waiting:
    load: _Load
    turn: asyncio.Future[tuple[int, int] | None]


class Bounded:
    """A model that answers no more requests than are left of a bound; what comes beyond says so and costs nothing."""

    def __init__(self, model: LanguageModel, left: int, bound: int) -> None:
        self.name, self._model, self._left, self._bound = model.name, model, left, bound

    async def ask(self, request: Request) -> Answer:
        """Return the model's answer, or one that says that the bound was reached."""
        if self._left <= 0:
            return Answer(None, f"{LIMIT_REACHED} {self._bound} calls was reached", Usage())
        self._left -= 1
        return await self._model.ask(request)


@dataclass(slots=True)
class Metered:
    """A model within a budget; wraps any LanguageModel and is one.

    A request that would go beyond the budget is answered without a call: no value, and a failure that begins with
    "not asked". A request that only what is in flight keeps out waits until that is paid. `spent` adds up what was
    reported, `charged` (tokens, money) is what counts against the budget: where the endpoint reported no tokens, or an
    exception left open what a call cost, the estimate. Use it on one event loop at a time.
    Raises InputError where the budget is of money and no price, or one in another currency, is known.
    """

    model: LanguageModel
    budget: Budget
    prices: Prices | None = None
    name: str = field(init=False)
    spent: Usage = field(default_factory=Usage, init=False)
    _charged: list[int] = field(default_factory=lambda: [0, 0, 0], init=False, repr=False)
    _held: list[tuple[int, int]] = field(default_factory=list, init=False, repr=False)
    _waiting: deque[_Waiting] = field(default_factory=deque, init=False, repr=False)
    _gauge: _Gauge = field(default_factory=_Gauge, init=False, repr=False)

    def __post_init__(self) -> None:
        self.name = self.model.name
        self.prices = self.prices or prices_of(self.model)
        if self.budget.money is None:
            return
        if self.prices is None:
            raise InputError(
                f"budget: {self.budget} needs the price of {self.name!r}, which is not known; give it by prices=Prices(…), "
                "--price IN/OUT or --prices FILE, or bound the tokens"
            )
        if self.prices.currency != self.budget.currency:
            raise InputError(
                f"budget: expected {self.prices.currency}, the currency of the price of {self.name!r}, found {self.budget.currency}"
            )

    @property
    def charged(self) -> tuple[int, Decimal | None]:
        """What counts against the budget so far: tokens, and money where a price is known."""
        prompt, completion, cached = self._charged
        return prompt + completion, self.prices.of(prompt, completion, cached) if self.prices else None

    async def ask(self, request: Request) -> Answer:
        """Return the model's answer, or one that says that the budget was reached."""
        system, schema, user = prompt_parts(request)
        body = tokens_of(user)
        load = _Load(_tokens_of_standing(system) + _tokens_of_standing(schema) + body, body)
        held = await self._turn(load)
        if held is None:
            return Answer(None, f"{BUDGET_REACHED} {self.budget} would be exceeded", Usage())
        try:
            answer = await self.model.ask(request)
        except BaseException as error:
            paid = (0, 0, 0) if isinstance(error, BudgetLLMError) else (*held, 0)
            self._settle(held, paid)
            raise
        usage = answer.usage
        self._gauge.learn(load, usage)
        self.spent += usage
        unknown = [tokens * usage.unreported for tokens in held]
        self._settle(
            held,
            (usage.prompt_tokens + unknown[0], usage.completion_tokens + unknown[1], usage.cached_tokens),
        )
        return answer

    async def _turn(self, load: _Load) -> tuple[int, int] | None:
        """Return what is reserved for a request, None where it is not to be made; waits for what is in flight."""
        if not self._waiting and (decided := self._decide(load)) is not ...:
            return decided
        waiting = _Waiting(load, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        try:
            return await waiting.turn
        except asyncio.CancelledError:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            elif waiting.turn.done() and not waiting.turn.cancelled() and (held := waiting.turn.result()) is not None:
                self._settle(held, (0, 0, 0))
            raise

    def _decide(self, load: _Load) -> tuple[int, int] | EllipsisType | None:
        """Return the reservation, None where a request cannot fit, ... where what is in flight decides it."""
        need = self._gauge.tokens(load)
        known = self._gauge.prompt > 0
        reserved = need if known else (need[0], max(need[1], _UNKNOWN_REPLY))
        if not known and not self._held and not self._fits([reserved]):
            reserved = need  # a first call on its own, from which the others are told
        if self._fits([*self._held, reserved]):
            self._held.append(reserved)
            return reserved
        if self._held and (not known or self._fits([need])):
            return ...
        return None

    def _fits(self, held: list[tuple[int, int]]) -> bool:
        prompt = self._charged[0] + sum(tokens for tokens, _ in held)
        completion = self._charged[1] + sum(tokens for _, tokens in held)
        if self.budget.tokens is not None and prompt + completion > self.budget.tokens:
            return False
        if self.budget.money is None or self.prices is None:
            return True
        return self.prices.of(prompt, completion, self._charged[2]) <= self.budget.money

    def _settle(self, held: tuple[int, int], paid: tuple[int, ...]) -> None:
        """Put what a call cost in the place of its reservation, and let in who waited for that."""
        self._held.remove(held)
        self._charged = [before + tokens for before, tokens in zip(self._charged, paid, strict=True)]
        while self._waiting:
            decided = self._decide(self._waiting[0].load)
            if decided is ...:
                return
            waiting = self._waiting.popleft()
            if waiting.turn.cancelled():
                if decided is not None:
                    self._held.remove(decided)
                continue
            waiting.turn.set_result(decided)
