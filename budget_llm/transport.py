"""When a call to an endpoint is tried again, and after how long: the one layer of transport retries."""

from __future__ import annotations

import asyncio
import random
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenacity import AsyncRetrying, RetryCallState


class Clock:
    """The time by which the client waits; tests put another in its place."""

    def now(self) -> float:
        """Return the seconds since some moment, never going back."""
        return time.monotonic()

    def date(self) -> float:
        """Return the seconds since 1970, to which an endpoint's dates relate."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        await asyncio.sleep(seconds)


def tries(attempts: int, clock: Clock, ends: Callable[[], float]) -> AsyncRetrying:
    """Return a policy for one call: up to `attempts` tries, no wait begun that would pass `ends` on the clock."""
    from tenacity import AsyncRetrying, retry_if_exception

    def stop(state: RetryCallState) -> bool:
        return state.attempt_number >= attempts or clock.now() + state.upcoming_sleep >= ends()

    def wait(state: RetryCallState) -> float:
        return pause(state.outcome.exception() if state.outcome else None, state.attempt_number, clock.date())

    return AsyncRetrying(
        retry=retry_if_exception(transient), wait=wait, stop=stop, sleep=clock.sleep, reraise=True
    )  # fresh for each call: a policy keeps the state of its tries


def transient(error: BaseException) -> bool:
    """Whether another try may succeed: no connection, time-out, 408, 409, 429 and 5xx, but no spent quota."""
    import openai

    if isinstance(error, TimeoutError):
        return True
    if isinstance(error, openai.APIConnectionError):
        return not unrecorded(error)
    if not isinstance(error, openai.APIStatusError) or out_of_quota(error):
        return False
    return error.status_code in (408, 409, 429) or error.status_code >= 500


def out_of_quota(error: BaseException) -> bool:
    """Whether the account behind the key has nothing left to pay with: waiting does not help."""
    return getattr(error, "code", None) == "insufficient_quota" or getattr(error, "status_code", None) == 402


def unrecorded(error: BaseException) -> bool:
    """Whether a replayed cassette, not the network, had no answer."""
    return type(error.__cause__).__module__.startswith("vcr.")


def pause(error: BaseException | None, attempt: int, date: float) -> float:
    """Return the seconds before the next try: what the endpoint asks for, else a growing pause with jitter."""
    asked = retry_after(error, date)
    if asked is not None:
        return asked + random.uniform(0, 0.1)
    return float(min(8.0, 0.5 * 2 ** (attempt - 1)) * random.uniform(0.75, 1))


def retry_after(error: BaseException | None, date: float) -> float | None:
    """Return the seconds that the endpoint asks to wait, told in milliseconds, seconds or as a date; None if it does not."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            return max(0.0, float(headers[name]) / unit)
        except (KeyError, ValueError):
            continue
    try:
        return max(0.0, parsedate_to_datetime(headers["retry-after"]).timestamp() - date)
    except (KeyError, ValueError, TypeError):
        return None
