"""Many disclosures in one run: one pool of calls over all of them, results as they complete.

Documents are opened one after the other, only as many as keep the pool full; nothing waits for a whole group to end.
"""

from __future__ import annotations

import asyncio
import gc
import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from budget_llm.disclosure import Disclosure
from budget_llm.errors import BudgetLLMError, InputError, ModelError
from budget_llm.extraction import Read, Source, aextract, memory_of, resolve_model
from budget_llm.facts import Language
from budget_llm.formats.limits import Limits
from budget_llm.layouts import LayoutMemory
from budget_llm.lexicon import Lexicon, LexiconSource
from budget_llm.model import Answer, LanguageModel, Model, Request
from budget_llm.precedence import Precedence
from budget_llm.prices import prices_of
from budget_llm.spending import Budget, Metered
from budget_llm.usage import Prices

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source of a run: its disclosure, or the error that kept it from being read."""

    source: Source
    disclosure: Disclosure | None
    error: Exception | None


Progress = Callable[[int, int | None, Outcome], object]
"""Called after each document with how many are done, how many there are (None where that is not known), and the outcome."""
_Read = Callable[[Source, LanguageModel | None], Awaitable[Disclosure]]


async def aextract_many(
    sources: Iterable[Source],
    model: str | LanguageModel | None = None,
    *,
    concurrency: int = 32,
    budget: Budget | None = None,
    on_progress: Progress | None = None,
    read: Read = "all",
    max_calls: int = 200,
    limits: Limits | None = None,
    lexicon: Lexicon | LexiconSource | None = None,
    layouts: LayoutMemory | None = None,
    precedence: Precedence | None = None,
    language: Language = "zh",
) -> AsyncIterator[Outcome]:
    """Yield the outcome of each source as it completes; the other arguments are those of `extract`.

    At most `concurrency` calls are in flight over all documents (fewer where a `Model` of your own allows fewer);
    `budget` is that of the whole run, `max_calls` that of each document. A source that cannot be read is an Outcome
    with its error and does not end the run. What is learned of a layout holds for the whole run. `sources` is drawn from only as fast as it is read.

    Raises ModelError where no request can succeed (access refused, unknown model), after the outcomes that were complete.
    """
    run = _run(sources, model, concurrency, budget, read, max_calls, limits, lexicon, layouts, precedence, language)
    total, done = len(sources) if isinstance(sources, Sized) else None, 0
    try:
        while (outcome := await run.next()) is not None:
            done += 1
            if on_progress is not None:
                on_progress(done, total, outcome)
            yield outcome
    finally:
        await run.stop(close=isinstance(model, str) or model is None)


def extract_many(
    sources: Iterable[Source],
    model: str | LanguageModel | None = None,
    *,
    concurrency: int = 32,
    budget: Budget | None = None,
    on_progress: Progress | None = None,
    read: Read = "all",
    max_calls: int = 200,
    limits: Limits | None = None,
    lexicon: Lexicon | LexiconSource | None = None,
    layouts: LayoutMemory | None = None,
    precedence: Precedence | None = None,
    language: Language = "zh",
) -> Iterator[Outcome]:
    """Yield the outcome of each source as `aextract_many` does, to code that is not asynchronous.

    The calls go on while the caller works on an outcome. An interruption (Ctrl-C), or leaving the loop, cancels what is
    in flight; what was yielded stays finished.
    """
    run = _run(sources, model, concurrency, budget, read, max_calls, limits, lexicon, layouts, precedence, language)
    total, done = len(sources) if isinstance(sources, Sized) else None, 0
    with _loop_beside() as do:
        try:
            while (outcome := do(run.next())) is not None:
                done += 1
                if on_progress is not None:
                    on_progress(done, total, outcome)
                yield outcome
        finally:
            do(run.stop(close=True))


@contextmanager
def _loop_beside() -> Iterator[Callable[[Coroutine[Any, Any, _T]], _T]]:
    """Run an event loop in a thread of its own: calls go on between two outcomes, also where a loop is running already."""
    runner = asyncio.Runner()
    loop = runner.get_loop()

    def work() -> None:
        with runner:
            loop.run_forever()

    thread = threading.Thread(target=work, name="budget-llm", daemon=True)
    thread.start()
    try:
        yield lambda coroutine: asyncio.run_coroutine_threadsafe(coroutine, loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _run(
    sources: Iterable[Source], model: str | LanguageModel | None, concurrency: int, budget: Budget | None,
    which: Read, max_calls: int, limits: Limits | None, lexicon: Lexicon | LexiconSource | None,
    layouts: LayoutMemory | None, precedence: Precedence | None, language: Language,
) -> _Run:  # fmt: skip
    """Return a run that is ready to begin; raise what is wrong with its arguments."""
    if concurrency < 1:
        raise InputError(f"concurrency: expected a number of calls above 0, found {concurrency}")
    asked = resolve_model(model)
    if isinstance(asked, Model) and asked is not model:
        asked.concurrency = concurrency
    memory = memory_of(asked, layouts)
    known = lexicon if lexicon is None or isinstance(lexicon, Lexicon) else Lexicon(lexicon)

    async def read(source: Source, reader: LanguageModel | None) -> Disclosure:
        return await aextract(
            source, reader or "none", read=which, max_calls=max_calls, limits=limits, lexicon=known, layouts=memory,
            precedence=precedence, language=language,
        )  # fmt: skip

    return _Run(iter(sources), Metered(asked, budget) if asked and budget else asked, concurrency, read)


@dataclass(slots=True, eq=False)
class _Run:
    """The state of a run: the calls in flight and waiting, the documents that are open, the outcomes not yet taken.

    A document is opened when no other is being opened, fewer calls than twice the concurrency are wanted and fewer
    outcomes than the concurrency wait to be taken: so the pool has work while the next document is read by rules, and
    memory holds no more documents than that. From the first answer on what is loaded is kept out of the garbage
    collector's way: it would look through a client's hundred thousand objects again and again.
    """

    sources: Iterator[Source]
    model: LanguageModel | None
    concurrency: int
    read: _Read
    wanted: int = 0
    opening: int = 0
    fatal: BaseException | None = None
    settled: bool = False
    slots: asyncio.Semaphore = field(init=False)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    changed: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    complete: deque[Outcome] = field(default_factory=deque, init=False)
    tasks: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    feeder: asyncio.Task[None] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.slots = asyncio.Semaphore(self.concurrency)

    async def next(self) -> Outcome | None:
        """Return the next outcome, None at the end; raise what ended the run once every complete outcome was taken."""
        if self.feeder is None:
            self.feeder = asyncio.create_task(self._feed())
        while True:
            if self.complete:
                self.changed.set()
                return self.complete.popleft()
            if self.fatal is not None:
                raise self.fatal
            if self.feeder.done() and not self.tasks:
                return None
            await self._change()

    async def stop(self, *, close: bool) -> None:
        """Cancel what is open or in flight, and close the model's connections where they belong to the run."""
        tasks = [*self.tasks, *([self.feeder] if self.feeder else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.tasks.clear()
        if self.settled:
            gc.unfreeze()
        self.changed.set()  # whoever waits for an outcome is told the end
        model = self.model.model if isinstance(self.model, Metered) else self.model
        if close and isinstance(model, Model):
            await model.aclose()

    async def _feed(self) -> None:
        """Open the sources one after the other, each when there is room."""
        try:
            while True:
                while self.opening or self.wanted >= 4 * self.concurrency or len(self.complete) >= self.concurrency:
                    await self._change()
                try:
                    source = next(self.sources)
                except StopIteration:
                    return
                self.opening += 1
                task = asyncio.create_task(self._one(source))
                self.tasks.add(task)
        except Exception as error:  # of the caller's own iterable
            self.fatal = error
        finally:
            self.changed.set()

    async def _one(self, source: Source) -> None:
        door = _Door(self, self.model.name if self.model else "none", prices_of(self.model) if self.model else None)
        try:
            self.complete.append(Outcome(source, await self.read(source, door if self.model else None), None))
        except ModelError as error:
            self.fatal = self.fatal or error
            for task in self.tasks:
                task.cancel()
        except BudgetLLMError as error:  # its frames would keep the document
            self.complete.append(Outcome(source, None, error.with_traceback(None)))
        except Exception as error:
            self.complete.append(Outcome(source, None, error))
        finally:
            door.open()
            self.tasks.discard(asyncio.current_task())
            self.changed.set()

    async def _change(self) -> None:
        self.changed.clear()
        await self.changed.wait()


@dataclass(slots=True)
class _Door:
    """The run's model as one document sees it; its first question tells that the document is open."""

    run: _Run
    name: str
    prices: Prices | None
    is_open: bool = False

    def open(self) -> None:
        """Let the next document be opened."""
        if not self.is_open:
            self.is_open = True
            self.run.opening -= 1
            self.run.changed.set()

    async def ask(self, request: Request) -> Answer:
        """Return the answer of the run's model, once a call is free."""
        self.open()
        self.run.wanted += 1
        try:
            async with self.run.slots:
                assert self.run.model is not None
                if isinstance(self.run.fatal, ModelError):  # no further request after the one that showed it
                    raise self.run.fatal
                answer = await self.run.model.ask(request)
            if not self.run.settled:
                self.run.settled = True
                gc.freeze()
        except ModelError as error:
            self.run.fatal = self.run.fatal or error
            raise
        finally:
            self.run.wanted -= 1
            self.run.changed.set()
        async with self.run.turn:  # one document at a time goes on with its work, and the calls before the next
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        return answer
