"""What belongs to one running event loop: its connections, the calls in flight, the places for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import openai


class Session:
    """The connections of one loop; closing waits for the requests that are still being served."""

    def __init__(self, client: openai.AsyncOpenAI, concurrency: int) -> None:
        self.client = client
        self.shared: dict[str, SharedCall] = {}
        self._slots = asyncio.Semaphore(concurrency)
        self._serving = 0
        self._closing = False

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for one of the places in flight and hold it."""
        self._serving += 1
        try:
            async with self._slots:
                yield
        finally:
            self._serving -= 1
            if self._closing and not self._serving:
                await self.client.close()

    async def aclose(self) -> None:
        """Close the connections, or leave that to the last request that is being served."""
        self._closing = True
        if not self._serving:
            await self.client.close()

    async def share(self, key: str, call: Callable[[], Coroutine[Any, Any, Any]]) -> tuple[Any, bool]:
        """Return what `call` gives and whether another request had made it: equal calls in flight are made once."""
        joined = key in self.shared
        if not joined:
            self.shared[key] = SharedCall(call())
        shared = self.shared[key]
        shared.waiting += 1
        try:
            return await asyncio.shield(shared.task), joined
        finally:
            shared.waiting -= 1
            if not shared.waiting:  # the last one to leave ends it: nobody is there to use the answer
                shared.task.cancel()
            if (not shared.waiting or shared.task.done()) and self.shared.get(key) is shared:
                del self.shared[key]


class SharedCall:
    """A call in flight and how many requests wait for it."""

    def __init__(self, work: Coroutine[Any, Any, Any]) -> None:
        self.task = asyncio.ensure_future(work)
        self.waiting = 0
