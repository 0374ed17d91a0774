"""When a call to an endpoint is tried again, and after how long: the one layer of transport retries."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenacity import RetryCallState

_LONGEST_WAIT = 60.0


def transient(error: BaseException) -> bool:
    """Whether another try may succeed: no connection, time-out, 408, 409, 429 and 5xx, but no spent quota."""
    import openai

    if isinstance(error, openai.APIConnectionError):
        return not unrecorded(error)
    if not isinstance(error, openai.APIStatusError) or getattr(error, "code", None) == "insufficient_quota":
        return False
    retried = error.status_code in (408, 409, 429) or error.status_code >= 500
    return retried and (_retry_after(error) or 0) <= _LONGEST_WAIT


def unrecorded(error: BaseException) -> bool:
    """Whether a replayed cassette, not the network, had no answer."""
    return type(error.__cause__).__module__.startswith("vcr.")


def _retry_after(error: BaseException | None) -> float | None:
    """Return the seconds that the endpoint asks to wait, or None."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            return max(0.0, float(headers[name]) / unit)
        except (KeyError, ValueError):
            continue
    return None


def wait(state: RetryCallState) -> float:
    """Return the seconds before the next try: what the endpoint asks for, else a growing pause with jitter."""
    asked = _retry_after(state.outcome.exception() if state.outcome else None)
    if asked is not None:
        return asked + random.uniform(0, 0.1)
    return float(min(8.0, 0.5 * 2 ** (state.attempt_number - 1)) * random.uniform(0.75, 1))
