"""One request in one mode: its calls, each behind the cache, the pace, the shared calls and the retries."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from budget_llm.model.wire import Filled, body, messages, response_model
from budget_llm.replies import CutOffError, bare, check_completion, parse_completion
from budget_llm.transport import Clock, transient, tries
from budget_llm.usage import Usage

if TYPE_CHECKING:
    from pydantic import BaseModel

    from budget_llm.cache import CompletionCache
    from budget_llm.model.pace import Pace
    from budget_llm.model.request import Request
    from budget_llm.model.session import Session

REASKS = 1


@dataclass(frozen=True, slots=True)
class Means:
    """What a model's conversations share: endpoint (without secrets), bounds, pace, clock and cache."""

    name: str
    endpoint: str
    temperature: float | None
    attempts: int
    deadline: float
    timeout: float
    pace: Pace
    clock: Clock
    cache: CompletionCache | None


@dataclass(slots=True)
class Spent:
    """What a request has used: its usage, and the moment on the clock at which its deadline ends.

    instructor's own account is cumulative and counts re-asks twice.
    """

    ends: float
    usage: Usage = field(default_factory=Usage)


class Conversation:
    """Asks one request in one mode; `fault` is what ended it, `blind` whether a reply showed that it saw no schema."""

    def __init__(self, means: Means, session: Session, request: Request, mode: str, spent: Spent) -> None:
        self._means, self._session, self._request, self._mode, self._spent = means, session, request, mode, spent
        self._misfits: list[tuple[str, str]] = []
        self._fetched: list[tuple[str, Any]] = []
        self._reply = ""
        self._asked = 0
        self._late = False
        self.fault: Exception | None = None
        self.blind = False

    @property
    def late(self) -> bool:
        """Whether the deadline ended the last call: it was passed, or the next wait would have passed it."""
        return self._late or self._means.clock.now() >= self._spent.ends

    @property
    def replies(self) -> int:
        """How many replies did not fit."""
        return len(self._misfits)

    @property
    def reasked(self) -> bool:
        """Whether the model was asked again because its first reply did not fit."""
        return self._asked > 1

    async def fill(self) -> BaseModel:
        """Return the filled schema; raise what prevents it. Answers that filled one, or were cut off, are kept."""
        import instructor
        from instructor.core.hooks import HookName, Hooks

        hooks = Hooks()
        hooks.on(HookName.PARSE_ERROR, self._misfit)
        # instructor's MD_JSON would take a fragment out of a broken reply: replies are bared here
        mode = instructor.Mode.JSON_SCHEMA if self._mode == "JSON_SCHEMA" else instructor.Mode.JSON
        ask = instructor.patch(create=self._create, mode=mode)
        options: dict[str, Any] = {"model": self._means.name, "messages": [], "hooks": hooks}
        if self._means.temperature is not None:
            options["temperature"] = self._means.temperature
        model = response_model(self._request.schema, self._mode)
        try:
            filled: Any = await ask(response_model=model, max_retries=REASKS, **options)
        except Exception as error:
            if isinstance(self.fault or error, CutOffError):
                self._keep()
            raise
        self._keep()
        assert isinstance(filled, Filled)
        return filled.value

    def _misfit(self, error: Exception, **_: Any) -> None:
        self._misfits.append((self._reply, str(error)))
        self.blind = self.blind or getattr(error, "blind", False)

    async def _create(self, **kwargs: Any) -> Any:
        """Return a completion that instructor can judge: what openai's `create` is to it."""
        self._asked += 1
        tell = self._mode != "JSON_SCHEMA" or self.blind
        kwargs["messages"] = messages(self._request, tell=tell, misfits=self._misfits)
        try:
            completion = await self._completion(body(kwargs, self._mode))
            check_completion(completion)
        except Exception as error:  # instructor would wrap it as if the reply were at fault
            self.fault = error
            raise
        self._reply = completion.choices[0].message.content = bare(completion.choices[0].message.content)
        return completion

    async def _completion(self, sent: dict[str, Any]) -> Any:
        from budget_llm.cache import CompletionCache

        key = CompletionCache.key(self._means.endpoint, sent)
        stored = self._means.cache.get(key) if self._means.cache else None
        if stored is not None:
            self._spent.usage += Usage(cached_answers=1)
            return stored
        completion, joined = await self._session.share(key, lambda: self._tried(sent))
        self._spent.usage += Usage(cached_answers=1) if joined else usage_of(completion)
        self._fetched.append((key, completion))
        return completion

    def _keep(self) -> None:
        """Keep the answers; those of a request that failed are asked for again in the next run."""
        for key, completion in self._fetched if self._means.cache else ():
            self._means.cache.put(key, completion)  # type: ignore[union-attr]

    async def _tried(self, sent: dict[str, Any]) -> Any:
        async def once() -> Any:
            return await self._once(sent)

        policy = tries(self._means.attempts, self._means.clock, lambda: self._spent.ends)
        try:
            return await policy(once)
        except Exception as error:
            self._late = transient(error) and policy.statistics["attempt_number"] < self._means.attempts
            raise

    async def _once(self, sent: dict[str, Any]) -> Any:
        """Make one call when the pace allows it; waiting for the pace does not count against the deadline."""
        import httpx2

        clock, pace = self._means.clock, self._means.pace
        estimate = sum(len(message["content"]) for message in sent["messages"])
        booking = pace.book(clock.now(), estimate)
        waited = booking.at - clock.now()
        if waited > 0:
            await clock.sleep(waited)
            self._spent.ends += waited
        left = self._spent.ends - clock.now()
        used = 0  # a call that failed takes none of the tokens of its minute
        try:
            async with asyncio.timeout(min(self._means.timeout, left)):
                # not chat.completions.create: it walks through body and reply field by field, a millisecond a call
                response = await self._session.client.post("/chat/completions", body=sent, cast_to=httpx2.Response)
            completion = parse_completion(response.content)
            reported = usage_of(completion)
            used = reported.prompt_tokens + reported.completion_tokens or estimate
        finally:
            pace.settle(booking, used)
        return completion


def usage_of(completion: Any) -> Usage:
    """Return the usage of one completion; counted as unreported where the endpoint gives no figures."""
    reported = getattr(completion, "usage", None)
    prompt, written = (getattr(reported, name, None) for name in ("prompt_tokens", "completion_tokens"))
    if not isinstance(prompt, int) or not isinstance(written, int):
        return Usage(calls=1, unreported=1)
    cached = getattr(getattr(reported, "prompt_tokens_details", None), "cached_tokens", None)
    return Usage(1, prompt, written, cached if isinstance(cached, int) else 0)
