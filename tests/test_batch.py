"""Many documents in one run: one pool of calls, results as they complete, nothing lost, nothing that depends on order."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from budget_llm.batch import Outcome, aextract_many, extract_many
from budget_llm.document import Document
from budget_llm.errors import InputError, LexiconError, ModelError
from budget_llm.estimates import estimate
from budget_llm.extraction import extract
from budget_llm.model import Answer, Model, Request
from budget_llm.spending import Budget
from budget_llm.usage import BUDGET_REACHED, Usage
from tests.conftest import EXAMPLES, ROOT
from tests.endpoint import answer, endpoint, status

PATHS = [ROOT / "examples" / f"{name}.txt" for name in EXAMPLES]


def document(number: int, sections: int = 2) -> Document:
    """A document of so many requests."""
    body = "".join(
        f"{'一二三四五六七八'[i]}、{'收入预算' if i % 2 == 0 else '机构设置'}\n2024年收入预算{number}.5万元。\n"
        for i in range(sections)
    )
    return Document.from_text(f"某县水利局2024年部门预算\n{body}", str(number))


class Counting:
    """A model that answers with nothing after some turns of the loop, and counts."""

    name = "counting"

    def __init__(self, turns: int = 3) -> None:
        self.turns = turns
        self.calls = self.in_flight = self.most = 0

    async def ask(self, request: Request) -> Answer:
        """Answer after the others had their turn."""
        self.calls += 1
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            for _ in range(self.turns):
                await asyncio.sleep(0)
        finally:
            self.in_flight -= 1
        return Answer(request.schema(), None, Usage(1, 100, 20))


def test_many_documents_share_one_pool_of_calls() -> None:
    """Never more calls in flight than allowed, over all documents; every request is made once, every document comes once."""
    model = Counting(turns=400)
    documents = [document(n, 3) for n in range(20)]
    outcomes = list(extract_many(documents, model, concurrency=8))
    assert model.most == 8
    assert model.calls == sum(estimate(one).calls for one in documents) > 20
    assert sorted(int(o.disclosure.document.source or "") for o in outcomes if o.disclosure) == list(range(20))


def test_the_content_does_not_depend_on_the_order() -> None:
    """Each disclosure is the one that reading it alone gives."""
    outcomes = list(extract_many(PATHS, "none", concurrency=3))
    assert {o.source for o in outcomes} == set(PATHS)
    for outcome in outcomes:
        assert outcome.disclosure is not None
        assert isinstance(outcome.source, Path)
        assert outcome.disclosure.to_json() == extract(outcome.source, "none").to_json()


def test_documents_are_opened_only_as_fast_as_they_are_read() -> None:
    """Sources are drawn one by one: however slow the caller, what is open or waits to be taken stays bounded, also in memory."""
    drawn = taken = most = 0
    gc.collect()
    before = sum(isinstance(o, Document) for o in gc.get_objects())
    alive = 0

    def sources() -> Iterator[Document]:
        nonlocal drawn, most, alive
        for n in range(60):
            drawn += 1
            most = max(most, drawn - taken)
            if n % 10 == 9:
                gc.collect()
                alive = max(alive, sum(isinstance(o, Document) for o in gc.get_objects()) - before)
            yield document(n)

    async def run() -> None:
        nonlocal taken
        async for outcome in aextract_many(sources(), Counting(), concurrency=2):
            assert outcome.disclosure is not None
            del outcome
            taken += 1
            for _ in range(500):  # a caller who is slow
                await asyncio.sleep(0)

    asyncio.run(run())
    assert taken == drawn == 60
    assert most <= 12
    assert alive <= 12


def test_a_source_that_fails_is_an_outcome(tmp_path: Path) -> None:
    """Neither an empty file nor a missing one nor a fault within ends the run."""
    (tmp_path / "empty.txt").write_text("")
    sources = [PATHS[0], tmp_path / "empty.txt", tmp_path / "absent.txt", document(1), 5]
    outcomes = {str(o.source): o for o in extract_many(sources, "none")}  # type: ignore[arg-type]
    assert len(outcomes) == 5
    assert "nothing but white space" in str(outcomes[str(tmp_path / "empty.txt")].error)
    assert isinstance(outcomes[str(tmp_path / "absent.txt")].error, InputError)
    assert isinstance(outcomes["5"].error, InputError)
    good = outcomes[str(PATHS[0])]
    assert good.disclosure is not None
    assert good.error is None


def test_a_refused_key_ends_the_run_after_what_was_complete() -> None:
    """Documents that need no call are yielded, then the error is raised; no further request is made."""
    plain = [Document.from_text("床前明月光。\n", str(n)) for n in range(3)]
    with endpoint(status(401)) as running:
        model = Model("m", base_url=running.url, api_key="k")
        run = extract_many([*plain, *(document(n) for n in range(30))], model, concurrency=2)
        assert [next(run).source for _ in plain] == plain
        with pytest.raises(ModelError, match="refused access"):
            next(run)
    assert len(running.requests) <= 2


def test_progress_is_told_after_each_document() -> None:
    """How many are done, how many there are (None for an iterable without a length), and which."""
    told: list[tuple[int, int | None, Outcome]] = []
    outcomes = list(extract_many(PATHS, "none", on_progress=lambda *arguments: told.append(arguments)))
    assert [(done, total) for done, total, _ in told] == [(n, len(PATHS)) for n in range(1, len(PATHS) + 1)]
    assert [outcome for *_, outcome in told] == outcomes
    told.clear()
    list(extract_many(iter(PATHS[:1]), "none", on_progress=lambda *arguments: told.append(arguments)))
    assert [total for _, total, _ in told] == [None]


def test_a_budget_is_that_of_the_whole_run() -> None:
    """All documents come back, those after the budget read by rules and marked; the sum stays within.

    Every request is of one kind and size and costs the same, so that the first reply tells what the others will cost.
    """
    documents = [document(100 + number, sections=1) for number in range(100)]
    with endpoint(answer("{}")) as running:
        model = Model("m", base_url=running.url, api_key="k", concurrency=64)
        outcomes = list(extract_many(documents, model, concurrency=64, budget=Budget(tokens=6_000)))
    read = [o.disclosure for o in outcomes if o.disclosure]
    spent = sum((d.usage for d in read), Usage())
    assert len(read) == len(documents)
    assert spent.calls == len(running.requests)
    assert 5_000 < spent.prompt_tokens + spent.completion_tokens <= 6_000
    late = [d for d in read if any(BUDGET_REACHED in s.model for s in d.sections)]
    assert late
    assert [d.incomplete for d in read] == [d in late for d in read]


def test_leaving_the_run_cancels_what_is_in_flight() -> None:
    """After an interruption nothing goes on in the background; what was yielded is whole."""
    model = Counting(turns=10_000)
    before = threading.active_count()
    run = extract_many([Document.from_text("床前明月光。\n"), *(document(n) for n in range(9))], model, concurrency=4)
    first = next(run)
    with pytest.raises(KeyboardInterrupt):
        run.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
    assert first.disclosure is not None
    assert model.in_flight == 0
    assert threading.active_count() == before


def test_a_cancelled_run_leaves_nothing_in_flight() -> None:
    """On the caller's own loop cancelling the task stops every call."""
    model = Counting(turns=10_000)

    async def run() -> None:
        async def read() -> None:
            async for _ in aextract_many([document(n) for n in range(9)], model, concurrency=4):
                pass

        task = asyncio.create_task(read())
        while not model.in_flight:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert model.in_flight == 0
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())


def test_it_runs_on_the_callers_loop_and_under_one() -> None:
    """Asynchronous code iterates itself; a notebook, which has a loop running, uses the other."""

    async def run() -> None:
        outcomes = [outcome async for outcome in aextract_many(PATHS, "none")]
        assert len(outcomes) == len(PATHS)
        assert len(list(extract_many(PATHS[:2], "none"))) == 2

    asyncio.run(run())


def test_what_is_wrong_with_the_arguments_is_said_at_once() -> None:
    """Not once per document."""
    with pytest.raises(InputError, match="concurrency: expected a number of calls above 0, found 0"):
        next(extract_many(PATHS, "none", concurrency=0))
    with pytest.raises(LexiconError):
        next(extract_many(PATHS, "none", lexicon={"wrong": {}}))
    with pytest.raises(ModelError, match="OPENAI_API_KEY"):
        next(extract_many(PATHS, "a-model"))


def test_a_fault_of_the_callers_own_iterable_is_raised() -> None:
    """It is no document that failed."""

    def sources() -> Iterator[Path]:
        yield PATHS[0]
        raise ZeroDivisionError

    run = extract_many(sources(), "none")
    assert next(run).disclosure is not None
    with pytest.raises(ZeroDivisionError):
        next(run)


def test_a_run_leaves_the_garbage_collector_as_it_was() -> None:
    """What a run keeps out of its way is given back at the end, also when the loop over it is left."""
    before = gc.get_freeze_count()
    for _ in extract_many([document(n, 2) for n in range(3)], Counting()):
        break
    assert gc.get_freeze_count() == before
