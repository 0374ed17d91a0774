"""The language model behind any OpenAI-compatible endpoint; the only module that opens a socket.

It knows nothing about budgets: a request is a schema with two messages, an answer is a filled schema or
the reason why there is none. One layer retries transport faults (tenacity, under instructor), one layer
re-asks once where the reply does not fit the schema (instructor). What an endpoint lacks is found once:
JSON_SCHEMA, then JSON, then MD_JSON.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from budget_llm.errors import CassetteError, ModelError
from budget_llm.replies import unusable
from budget_llm.transport import transient, unrecorded, wait
from budget_llm.usage import Prices, Usage

if TYPE_CHECKING:
    import openai
    from pydantic import BaseModel

    from budget_llm.cache import CompletionCache

REPLAY_URL = "http://llm.invalid/v1"
_REASKS = 1

replaying: ContextVar[bool] = ContextVar("replaying", default=False)
"""Whether recorded answers are being replayed: then a model needs no endpoint."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: the schema to fill, the standing instructions, the message with the section."""

    schema: type[BaseModel]
    system: str
    user: str
    turns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The filled schema, or the reason why there is none; with what it cost either way."""

    value: BaseModel | None
    failure: str | None
    usage: Usage
    reasked: bool = False
    truncated: bool = False


@runtime_checkable
class LanguageModel(Protocol):
    """What a model must do to be asked; wrap one to add behaviour.

    `ask` returns an Answer for every request: a reply that cannot be used is a failure in the answer,
    not an exception. It raises ModelError only where no request can succeed (access refused, unknown model).
    """

    name: str

    async def ask(self, request: Request) -> Answer:
        """Return the answer to one request."""
        ...


@dataclass
class Model:
    """A chat model at an OpenAI-compatible endpoint.

    `base_url` and `api_key` default to OPENAI_BASE_URL and OPENAI_API_KEY. `attempts` bounds the tries of
    one call over transport faults, `deadline` their total time in seconds, `concurrency` the calls in
    flight. `prices` lets the cost be told; `cache` is a folder in which answers are kept.
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
    _mode: int = field(default=0, init=False, repr=False)
    _client: Any = field(default=None, init=False, repr=False)
    _loop: Any = field(default=None, init=False, repr=False)
    _slots: Any = field(default=None, init=False, repr=False)
    _kept: CompletionCache | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.base_url = self.base_url or os.environ.get("OPENAI_BASE_URL") or None
        self.api_key = self.api_key or os.environ.get("OPENAI_API_KEY") or None
        if replaying.get() and self.base_url is None:
            self.base_url, self.api_key, self.attempts = REPLAY_URL, "replay", 1
        if self.api_key is None and self.base_url is None:
            raise ModelError(
                f"model {self.name!r}: no endpoint is configured; set OPENAI_API_KEY (and OPENAI_BASE_URL for "
                "another service than OpenAI's), or pass base_url=… and api_key=…"
            )
        if self.base_url is not None and not re.match(r"https?://[^/]", self.base_url):
            raise ModelError(f"base_url: expected http(s)://host/v1, found {self.base_url!r}")

    async def ask(self, request: Request) -> Answer:
        """Return the answer to a request; raise ModelError where access is refused or the model unknown."""
        import instructor
        import openai

        _quiet()
        client = self._connect()
        modes = (instructor.Mode.JSON_SCHEMA, instructor.Mode.JSON, instructor.Mode.MD_JSON)
        async with self._slots:
            while True:
                tried, spent = self._mode, _Spent()
                try:
                    return await self._fill(client, request, modes[tried], spent)
                except Exception as error:
                    fault = spent.fault or error
                    if isinstance(fault, openai.BadRequestError) and tried + 1 < len(modes):
                        self._mode = max(self._mode, tried + 1)
                        continue
                    return Answer(None, self._reason(fault), spent.usage)

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        if self._client is not None and self._loop is asyncio.get_running_loop():
            await self._client.close()
        self._client = self._loop = None
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    async def __aenter__(self) -> Model:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _fill(self, client: openai.AsyncOpenAI, request: Request, mode: Any, spent: _Spent) -> Answer:
        import instructor

        create = self._create(client.chat.completions.create, spent)
        patched = instructor.AsyncInstructor(
            client=client, create=instructor.patch(create=create, mode=mode), mode=mode
        )
        options: dict[str, Any] = {} if self.temperature is None else {"temperature": self.temperature}
        value = await patched.chat.completions.create(
            model=self.name, response_model=request.schema, max_retries=_REASKS,
            messages=[{"role": "system", "content": request.system}, {"role": "user", "content": request.user}], **options,
        )  # fmt: skip
        return Answer(value, None, spent.usage, reasked=spent.usage.calls > 1)

    def _create(self, raw: Callable[..., Awaitable[Any]], spent: _Spent) -> Callable[..., Awaitable[Any]]:
        """Return openai's `create` with retries under it, the cache before it and its usage counted."""
        import openai
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, stop_after_delay

        async def call(*args: Any, **kwargs: Any) -> Any:  # tenacity awaits only what is a coroutine function
            return await raw(*args, **kwargs)

        async def create(*args: Any, **kwargs: Any) -> Any:
            kept = self._cache()
            key = kept.key(self._label(), kwargs) if kept else None
            stored = kept.get(key) if kept and key else None
            if stored is not None:
                return stored
            policy = AsyncRetrying(
                retry=retry_if_exception(transient), wait=wait, reraise=True,
                stop=stop_after_attempt(self.attempts) | stop_after_delay(self.deadline),
            )  # fmt: skip
            try:
                completion: Any = await policy(call, *args, **kwargs)
            except openai.OpenAIError as error:  # instructor would wrap it as if the reply were at fault
                spent.fault = error
                raise
            spent.add(completion)
            if not getattr(completion, "choices", None):
                spent.fault = _NoCompletionError()
                raise spent.fault
            if kept and key and completion.choices[0].finish_reason == "stop":
                kept.put(key, completion)
            return completion

        return create

    def _connect(self) -> openai.AsyncOpenAI:
        """Return the client of the running loop: connections do not outlive the loop that opened them."""
        import openai

        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            self._client = openai.AsyncOpenAI(
                base_url=self.base_url, api_key=self.api_key or "none", max_retries=0, timeout=self.timeout
            )
            self._loop = loop
            self._slots = asyncio.Semaphore(self.concurrency)
        return self._client  # type: ignore[no-any-return]

    def _cache(self) -> CompletionCache | None:
        if self.cache is not None and self._kept is None:
            from budget_llm.cache import CompletionCache

            self._kept = CompletionCache(self.cache)
        return self._kept

    def _label(self) -> str:
        return self.base_url or "openai"

    def _place(self) -> str:
        """The endpoint for messages: scheme and host, never user, password or query."""
        found = re.match(r"(https?://)(?:[^/@]*@)?([^/?#]+)", self.base_url or "https://api.openai.com")
        return "".join(found.groups()) if found else "the endpoint"

    def _reason(self, fault: Exception) -> str:
        """Return why a request got no usable answer; raise what no request can survive, and what is no reply's fault."""
        import openai

        match fault:
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                raise ModelError(
                    f"{self._place()} refused access (HTTP {fault.status_code}); check OPENAI_API_KEY"
                ) from None
            case openai.NotFoundError():
                raise ModelError(
                    f"{self._place()} knows no model {self.name!r} (HTTP 404); check the name and OPENAI_BASE_URL"
                ) from None
            case openai.APIStatusError():
                return f"{self._place()} answered HTTP {fault.status_code}"
            case openai.APITimeoutError():
                return f"no answer within {self.timeout:g} s from {self._place()}"
            case openai.APIConnectionError() if unrecorded(fault):
                raise CassetteError(
                    "the cassette holds no answer to this request: the document, a prompt or the model differs "
                    "from the recording; delete the cassette and record it again"
                ) from None
            case openai.APIConnectionError():
                return f"cannot reach {self._place()} ({type(fault.__cause__ or fault).__name__})"
            case _NoCompletionError() | openai.APIResponseValidationError():
                return f"{self._place()} answered with something that is not a chat completion"
        reason = unusable(fault, _REASKS + 1)
        if reason is None:
            raise fault
        return reason


class _NoCompletionError(Exception):
    """The endpoint answered 200 with something else than a chat completion."""


@dataclass
class _Spent:
    """Adds up the calls of one request; instructor's own account is cumulative and counts re-asks twice."""

    usage: Usage = field(default_factory=Usage)
    fault: Exception | None = None

    def add(self, completion: Any) -> None:
        reported = getattr(completion, "usage", None)
        if reported is None:
            self.usage += Usage(calls=1, unreported=1)
            return
        details = getattr(reported, "prompt_tokens_details", None)
        cached = getattr(details, "cached_tokens", None) or 0
        self.usage += Usage(1, reported.prompt_tokens or 0, reported.completion_tokens or 0, cached)


def _quiet() -> None:
    """Keep instructor and the client from writing the document to a log."""
    logging.getLogger("instructor").setLevel(logging.CRITICAL)
    logging.getLogger("openai").setLevel(logging.INFO)
