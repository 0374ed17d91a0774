"""Requests and tokens per minute: how long a call has to wait so that an endpoint's limits hold."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from threading import Lock

_MINUTE = 60.0


@dataclass(slots=True)
class Booking:
    """A call's place in time (seconds on the clock of whoever asks), and its tokens, estimated until they are known."""

    at: float
    tokens: int


class Pace:
    """A sliding minute over calls and tokens; calls keep their order.

    A call that alone exceeds the tokens of a minute goes when nothing else is in that minute.
    """

    def __init__(self, requests: float | None = None, tokens: float | None = None) -> None:
        self._requests = math.inf if requests is None else requests
        self._tokens = math.inf if tokens is None else tokens
        self._booked: deque[Booking] = deque()
        self._lock = Lock()  # one model may serve event loops of several threads

    def book(self, now: float, tokens: int) -> Booking:
        """Return the earliest place at or after `now` that keeps the limits."""
        if math.isinf(self._requests) and math.isinf(self._tokens):
            return Booking(now, tokens)
        with self._lock:
            while self._booked and self._booked[0].at <= now - _MINUTE:
                self._booked.popleft()
            at = max(now, self._booked[-1].at) if self._booked else now
            calls, used = len(self._booked), sum(booking.tokens for booking in self._booked)
            for booking in self._booked:
                leaves = booking.at + _MINUTE
                if leaves > at:
                    if calls + 1 <= self._requests and used + tokens <= self._tokens:
                        break
                    at = leaves
                calls, used = calls - 1, used - booking.tokens
            self._booked.append(Booking(at, tokens))
            return self._booked[-1]

    def settle(self, booking: Booking, tokens: int) -> None:
        """Put the tokens that the endpoint counted in the place of the estimate."""
        booking.tokens = tokens
