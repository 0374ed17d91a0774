"""The model at an OpenAI-compatible endpoint."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from budget_llm.errors import ModelError
from budget_llm.model.address import Address, address
from budget_llm.model.conversation import Conversation, Means, Spent
from budget_llm.model.outcomes import Asked, other_mode_may_help, reason, too_much
from budget_llm.model.pace import Pace
from budget_llm.model.request import REPLAY_URL, Answer, Request, replaying
from budget_llm.model.session import Session
from budget_llm.model.wire import MODES
from budget_llm.transport import Clock
from budget_llm.usage import Prices, Usage

if TYPE_CHECKING:
    from budget_llm.cache import CompletionCache

_Sessions = WeakKeyDictionary[asyncio.AbstractEventLoop, Session]


@dataclass
class Model:
    """A chat model at an OpenAI-compatible endpoint.

    `base_url` and `api_key` default to OPENAI_BASE_URL and OPENAI_API_KEY. `timeout` bounds one call and
    `attempts` its tries over transport faults; `deadline` bounds a request with its re-ask and the waits
    between tries, all in seconds; waiting for a place among `concurrency` requests in flight, or for
    `requests_per_minute` and `tokens_per_minute`, comes before. `prices` lets the cost be told; `cache` is
    a folder in which answers are kept; `clock` is the time by which the client waits. `spent`
    is what all its requests cost so far, those that were broken off too.
    """

    name: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    attempts: int = 4
    deadline: float = 300.0
    timeout: float = 120.0
    temperature: float | None = 0.0
    concurrency: int = 16
    prices: Prices | None = None
    cache: str | Path | None = None
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    clock: Clock = field(default_factory=Clock, repr=False, kw_only=True)
    _address: Address = field(init=False, repr=False)
    _pace: Pace = field(init=False, repr=False)
    _mode: int = field(default=0, init=False, repr=False)
    _proven: bool = field(default=False, init=False, repr=False)
    spent: Usage = field(default=Usage(), init=False, repr=False, compare=False)
    _sessions: _Sessions = field(default_factory=WeakKeyDictionary, init=False, repr=False)
    _kept: CompletionCache | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        given = self.base_url or os.environ.get("OPENAI_BASE_URL") or None
        self.api_key = self.api_key or os.environ.get("OPENAI_API_KEY") or None
        if replaying.get() and given is None:
            given, self.api_key, self.attempts = REPLAY_URL, "replay", 1
        if self.api_key is None and given is None:
            raise ModelError(
                f"model {self.name!r}: no endpoint is configured; set OPENAI_API_KEY (and OPENAI_BASE_URL for "
                "another service than OpenAI's), or pass base_url=… and api_key=…"
            )
        if self.api_key is not None and not re.fullmatch(r"[!-~]+", self.api_key):
            raise ModelError("api_key: expected visible ASCII characters without blanks (the key is not shown)")
        for name in ("attempts", "deadline", "timeout", "concurrency", "requests_per_minute", "tokens_per_minute"):
            if (value := getattr(self, name)) is not None and not value > 0:
                raise ModelError(f"{name}: expected a number above 0, found {value!r}")
        self.base_url = None  # so that a wrong one is in no repr
        self._address = address(given)
        self.base_url = self._address.url
        self._pace = Pace(self.requests_per_minute, self.tokens_per_minute)

    async def ask(self, request: Request) -> Answer:
        """Return the answer to a request; raise ModelError where access is refused or the model unknown."""
        _quiet()
        session = self._session()
        async with session.slot():
            spent = Spent(self.clock.now() + self.deadline)
            try:
                return await self._answer(request, session, spent)
            finally:  # also what a run that is broken off paid for
                self.spent += spent.usage

    async def _answer(self, request: Request, session: Session, spent: Spent) -> Answer:
        """Return the answer in the first mode that the endpoint understands."""
        first = 0 if replaying.get() else self._mode  # a recording may hold any mode
        for number in range(first, len(MODES)):
            talk = Conversation(self._means(), session, request, MODES[number], spent)
            try:
                value = await talk.fill()
            except Exception as error:
                fault = talk.fault or error
                if other_mode_may_help(fault) and number + 1 < len(MODES):
                    continue
                return self._failed(fault, talk, spent)
            self._learn(number, talk)
            return Answer(value, None, spent.usage, reasked=talk.reasked)
        raise AssertionError("the last mode ends in an answer")

    async def aclose(self) -> None:
        """Close the connections of the running event loop, after the requests that are still being served."""
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session is not None:
            await session.aclose()
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    async def __aenter__(self) -> Model:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def _failed(self, fault: Exception, talk: Conversation, spent: Spent) -> Answer:
        asked = Asked(
            self._address.place, self.name, self.timeout, self.deadline, talk.late, talk.replies
        )  # fmt: skip
        return Answer(None, reason(fault, asked), spent.usage, reasked=talk.reasked, truncated=too_much(fault))

    def _learn(self, number: int, talk: Conversation) -> None:
        """Remember the mode that worked, or the next one where the endpoint took a schema and did not pass it on."""
        if talk.blind and number == 0 and not self._proven:
            self._mode = max(self._mode, 1)
            return
        self._mode = max(self._mode, number)
        self._proven = self._proven or not talk.reasked

    def _means(self) -> Means:
        return Means(
            self.name, self._address.url or "openai", self.temperature, self.attempts, self.deadline, self.timeout,
            self._pace, self.clock, self._cache(),
        )  # fmt: skip

    def _session(self) -> Session:
        """Return the session of the running loop: connections do not outlive the loop that opened them."""
        import openai

        loop = asyncio.get_running_loop()
        if loop not in self._sessions:
            client = openai.AsyncOpenAI(
                base_url=self._address.url, api_key=self.api_key or "none", max_retries=0, timeout=self.timeout,
                default_headers=self._address.headers, http_client=openai.DefaultAioHttpClient(timeout=self.timeout),
            )  # fmt: skip
            self._sessions[loop] = Session(client, self.concurrency)
        return self._sessions[loop]

    def _cache(self) -> CompletionCache | None:
        if self.cache is not None and self._kept is None:
            from budget_llm.cache import CompletionCache

            self._kept = CompletionCache(self.cache)
        return self._kept


def _quiet() -> None:
    """Keep instructor, the client and a recorder from writing the document, and bodies of errors, to a log."""
    logging.getLogger("instructor").setLevel(logging.CRITICAL)
    logging.getLogger("openai").setLevel(logging.INFO)
    logging.getLogger("vcr").setLevel(logging.WARNING)
