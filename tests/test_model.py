"""The client: what it sends in each mode, what it shares, keeps and waits for; the reading over a faulty endpoint."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

import budget_llm
from budget_llm.document import Document
from budget_llm.errors import ModelError
from budget_llm.extraction import extract
from budget_llm.model import Answer, Model, Request
from budget_llm.model.pace import Pace
from budget_llm.schemas import Income
from budget_llm.usage import Prices, Usage
from tests.endpoint import FakeClock, answer, body, endpoint, hang, status

TEXT = "某县水利局2024年部门预算\n一、收入预算\n2024年收入预算100.50万元，其中：事业收入10.25万元。\n"
FILLED = json.dumps(
    {"items": [{"label": "收入预算", "concept": "income.total", "amount": "100.50万元"}]}, ensure_ascii=False
)
REPLY = json.dumps({"i": [{"n": "收入预算", "k": "收入总计", "a": "100.50万元"}]}, ensure_ascii=False)
KEY = "sk-secret-key"
REQUEST = Request(Income, "系统", "用户")


def ask(url: str, **options: object) -> Answer:
    """Ask one request of a fresh model at `url`."""

    async def run() -> Answer:
        async with Model("m", base_url=url, api_key=KEY, clock=FakeClock(), **options) as model:  # type: ignore[arg-type]
            return await model.ask(Request(Income, "系统", "用户"))

    return asyncio.run(run())


def test_an_endpoint_without_json_schema_is_asked_another_way_and_remembered() -> None:
    """JSON_SCHEMA, then JSON, then MD_JSON; what was found once is used at once."""
    with endpoint(
        status(400), status(400), answer(f"好的：\n```json\n{FILLED}\n```"), answer(f"```json\n{FILLED}\n```")
    ) as running:

        async def run() -> list[Answer]:
            async with Model("m", base_url=running.url, api_key=KEY, clock=FakeClock()) as model:
                return [await model.ask(Request(Income, "系统", "用户")) for _ in range(2)]

        first, second = asyncio.run(run())
    assert first.failure is None
    assert second.failure is None
    formats = [r.get("response_format", {}).get("type") for r in running.requests]
    assert formats == ["json_schema", "json_object", None, None]


def test_text_of_a_thinking_model_is_passed_over() -> None:
    """What stands in <think> is no answer."""
    with endpoint(status(400), status(400), answer(f"<think>先看 {{表}}</think>\n```json\n{FILLED}\n```")) as running:
        assert ask(running.url).failure is None


def test_an_unreachable_endpoint_is_named_and_the_rules_reading_stands() -> None:
    """Nothing listens: the section is failed with the reason, the facts of the rules are all there."""
    model = Model("m", base_url="http://127.0.0.1:9/v1", api_key=KEY, clock=FakeClock())
    disclosure = extract(Document.from_text(TEXT), model)
    (failed,) = disclosure.failed_sections
    assert failed.model.startswith("failed: cannot reach http://127.0.0.1:9")
    assert disclosure.incomplete
    assert [f.verdict for f in disclosure.facts] == ["rule_only", "rule_only"]


def test_one_failed_section_never_loses_the_others() -> None:
    """The second section's fault leaves the first one's answer confirmed."""
    text = TEXT + "二、机构设置\n内设机构七个。\n"
    steps = {"income": answer(REPLY), "organisation": status(500)}

    def step(handler: object, request: dict[str, object]) -> None:
        kind = "income" if "运行经费" in json.dumps(request, ensure_ascii=False) else "organisation"
        steps[kind](handler, request)  # type: ignore[arg-type]

    with endpoint(step) as running:
        disclosure = extract(Document.from_text(text), Model("m", base_url=running.url, api_key=KEY, clock=FakeClock()))
    assert {s.title: s.model.split(":")[0] for s in disclosure.sections if s.title} == {
        "一、收入预算": "read",
        "二、机构设置": "failed",
    }
    assert [f.verdict for f in disclosure.facts if f.concept == "income.total"] == ["confirmed"]


def test_calls_of_one_document_are_bounded() -> None:
    """Beyond max_calls sections are left to the rules and say so."""
    text = TEXT + "二、机构设置\n内设机构七个。\n"
    with endpoint(answer(REPLY)) as running:
        disclosure = extract(
            Document.from_text(text), Model("m", base_url=running.url, api_key=KEY, clock=FakeClock()), max_calls=1
        )
    assert len(running.requests) == 1
    assert disclosure.sections[2].model == "not asked: the limit of 1 calls was reached"


def test_usage_and_cost_add_up() -> None:
    """Tokens come from the endpoint per call, re-asks counted once each; a cost needs a price."""
    with endpoint(answer("{bad"), answer(REPLY)) as running:
        prices = Prices(prompt=2, completion=8)  # type: ignore[arg-type]
        disclosure = extract(
            Document.from_text(TEXT), Model("m", base_url=running.url, api_key=KEY, prices=prices, clock=FakeClock())
        )
    assert disclosure.usage == Usage(calls=2, prompt_tokens=200, completion_tokens=40)
    assert str(disclosure.cost) == "0.00072"
    assert Usage(calls=1, prompt_tokens=5).cost(None) is None
    assert Usage(calls=1, unreported=1).cost(prices) is None


def test_a_cached_answer_costs_no_call(tmp_path: Path) -> None:
    """The second run over the same document asks nobody; another prompt would."""
    with endpoint(answer(REPLY)) as running:
        for _ in range(2):
            model = Model("m", base_url=running.url, api_key=KEY, cache=tmp_path / "cache", clock=FakeClock())
            disclosure = extract(Document.from_text(TEXT), model)
            assert disclosure.facts[0].verdict == "confirmed"
        assert len(running.requests) == 1
        extract(Document.from_text(TEXT.replace("100.50", "100.51")), model)
    assert len(running.requests) == 3  # the answer is of another document: it is asked, and shown again


def test_a_model_without_an_endpoint_says_what_to_set() -> None:
    """No key and no URL: which variables to set."""
    with pytest.raises(ModelError, match="OPENAI_API_KEY"):
        Model("m")
    with pytest.raises(ModelError, match=r"expected http\(s\)://host/v1, found 'localhost:8000'"):
        Model("m", base_url="localhost:8000")


class Short(BaseModel):
    """A schema whose keys on the wire are short."""

    amount: str | None = Field(default=None, alias="a", description="金额")
    label: str = Field(alias="l")


async def ask_all(url: str, *requests: Request, **options: Any) -> list[Answer]:
    """Ask requests at once of one model at `url`."""
    async with Model("m", base_url=url, api_key=KEY, clock=FakeClock(), **options) as model:
        return await asyncio.gather(*(model.ask(request) for request in requests))


def test_a_schema_travels_by_alias_and_is_filled_by_alias() -> None:
    """The model sees and writes the short keys, code reads the long names."""
    with endpoint(answer('{"l": "收入", "a": "1万元"}')) as running:
        (given,) = asyncio.run(ask_all(running.url, Request(Short, "系统", "用户")))
    (sent,) = running.requests
    assert set(sent["response_format"]["json_schema"]["schema"]["properties"]) == {"a", "l"}
    assert given.value == Short(a="1万元", l="收入")


def test_where_the_endpoint_takes_the_schema_the_messages_are_the_callers_alone() -> None:
    """Standing instructions and section as given; the schema goes once, beside them."""
    with endpoint(answer(FILLED)) as running:
        asyncio.run(ask_all(running.url, Request(Income, "系统", "用户")))
    (sent,) = running.requests
    assert sent["messages"] == [
        {"role": "system", "content": "系统"},
        {"role": "user", "content": "用户"},
    ]
    assert sent["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize("refusals", [1, 2], ids=["JSON", "MD_JSON"])
def test_elsewhere_the_schema_is_told_once_and_compactly(refusals: int) -> None:
    """A short Chinese sentence and the schema without blanks end the system message; nothing else is added."""
    with endpoint(*[status(400)] * refusals, answer('{"l": "收入"}')) as running:
        asyncio.run(ask_all(running.url, Request(Short, "系统", "用户")))
    system, user = running.requests[-1]["messages"]
    schema = Short.model_json_schema(by_alias=True)
    told = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    assert system["content"] == f"系统\n\n只输出一个符合以下JSON Schema的JSON对象：\n{told}"
    assert user == {"role": "user", "content": "用户"}


def test_the_beginning_of_every_request_of_a_schema_is_the_same_byte_for_byte() -> None:
    """Endpoints' prompt caches apply: sections and re-asks only add to the end."""
    with endpoint(status(400), answer("{bad"), answer(FILLED)) as running:
        asyncio.run(ask_all(running.url, Request(Income, "系统", "甲"), Request(Income, "系统", "乙"), concurrency=1))
    systems = {request["messages"][0]["content"] for request in running.requests[1:]}
    assert len(systems) == 1
    first, again = running.requests[1:3]
    assert again["messages"][: len(first["messages"])] == first["messages"]


def test_a_re_ask_says_in_short_what_is_wrong() -> None:
    """The former reply without thoughts, then places and kinds of the misfits; an empty reply is marked as empty."""
    with endpoint(answer('<think>看</think>{"items": [{"label": 1}]}'), answer(FILLED)) as running:
        (given,) = asyncio.run(ask_all(running.url, REQUEST))
    assert given.reasked
    assert running.requests[1]["messages"][2:] == [
        {"role": "assistant", "content": '{"items": [{"label": 1}]}'},
        {
            "role": "user",
            "content": "上次回复不合JSON Schema：items.0.label: string_type; items.0.concept: missing。只输出改正后的完整JSON。",
        },
    ]
    with endpoint(answer(""), answer(FILLED)) as running:
        asyncio.run(ask_all(running.url, REQUEST))
    assert [m["content"] for m in running.requests[1]["messages"][2:]] == [
        "（空）",
        "上次回复为空。只输出改正后的完整JSON。",
    ]


def test_an_endpoint_that_drops_the_schema_is_told_it_from_then_on() -> None:
    """A first reply that never saw the schema: the re-ask tells it, later requests do at once."""
    with endpoint(answer("好的"), answer(FILLED)) as running:
        answers = asyncio.run(ask_all(running.url, REQUEST, Request(Income, "系统", "乙"), concurrency=1))
    assert [given.reasked for given in answers] == [True, False]
    assert ["JSON Schema" in request["messages"][0]["content"] for request in running.requests] == [False, True, True]
    assert running.requests[2]["response_format"] == {"type": "json_object"}


def test_a_refused_request_does_not_change_how_others_are_asked() -> None:
    """A mode is remembered once it works, not because another one was refused."""
    with endpoint(status(400), status(400), status(400), answer(FILLED)) as running:
        refused, answered = asyncio.run(ask_all(running.url, REQUEST, Request(Income, "系统", "乙"), concurrency=1))
    assert refused.failure is not None
    assert answered.failure is None
    assert running.requests[3]["response_format"]["type"] == "json_schema"


def test_equal_requests_in_flight_share_one_call() -> None:
    """One call, every one is answered; who made none says so."""
    with endpoint(answer(FILLED, cached=64)) as running:
        answers = asyncio.run(ask_all(running.url, *[REQUEST] * 8))
    assert len(running.requests) == 1
    assert [given.failure for given in answers] == [None] * 8
    assert sum((given.usage for given in answers), Usage()) == Usage(1, 100, 20, cached_tokens=64, cached_answers=7)


@pytest.mark.parametrize("leaver", [0, 1], ids=["the first", "a later one"])
def test_who_leaves_a_shared_call_does_not_end_it_for_the_others(leaver: int) -> None:
    """A cancelled request takes nobody with it."""
    asked, go = threading.Event(), threading.Event()

    def step(handler: Any, request: dict[str, Any]) -> None:
        asked.set()
        go.wait()
        answer(FILLED)(handler, request)

    async def run(url: str) -> list[Answer | BaseException]:
        async with Model("m", base_url=url, api_key=KEY) as model:
            tasks = [asyncio.create_task(model.ask(REQUEST)) for _ in range(3)]
            await asyncio.to_thread(asked.wait)
            tasks[leaver].cancel()
            await asyncio.wait([tasks[leaver]])
            go.set()
            return await asyncio.gather(*tasks, return_exceptions=True)

    with endpoint(step) as running:
        answers = asyncio.run(run(running.url))
    assert len(running.requests) == 1
    assert isinstance(answers.pop(leaver), asyncio.CancelledError)
    assert [given.failure for given in answers if isinstance(given, Answer)] == [None, None]


def test_a_call_for_which_nobody_waits_is_ended() -> None:
    """After its only request is cancelled, the same request makes a call of its own."""
    asked = threading.Event()

    def first(handler: Any, request: dict[str, Any]) -> None:
        asked.set()
        hang(handler, request)

    async def run(url: str) -> Answer:
        async with Model("m", base_url=url, api_key=KEY) as model:
            task = asyncio.create_task(model.ask(REQUEST))
            await asyncio.to_thread(asked.wait)
            task.cancel()
            await asyncio.wait([task])
            return await model.ask(REQUEST)

    with endpoint(first, answer(FILLED)) as running:
        assert asyncio.run(run(running.url)).failure is None
    assert len(running.requests) == 2


def test_closing_waits_for_what_is_being_served() -> None:
    """One document's end closes no connection under another's request."""
    asked, go = threading.Event(), threading.Event()

    def step(handler: Any, request: dict[str, Any]) -> None:
        asked.set()
        go.wait()
        answer(FILLED)(handler, request)

    async def run(url: str) -> Answer:
        model = Model("m", base_url=url, api_key=KEY)
        task = asyncio.create_task(model.ask(REQUEST))
        await asyncio.to_thread(asked.wait)
        await model.aclose()
        go.set()
        return await task

    with endpoint(step) as running:
        assert asyncio.run(run(running.url)).failure is None


def test_what_was_read_or_cut_off_is_kept_and_what_failed_is_asked_again(tmp_path: Path) -> None:
    """A second run makes no call for a read answer, re-asks included, nor for one that was cut off."""
    for steps, calls in (
        ([answer("{bad"), answer(FILLED)], 2),
        ([answer("{", finish="length")], 1),
        ([answer("{bad")], 4),
        ([answer(None, refusal="不")], 2),
    ):
        with endpoint(*steps) as running:
            runs = [
                asyncio.run(ask_all(running.url, REQUEST, cache=tmp_path / str(running.url[-8:-3])))[0]
                for _ in range(2)
            ]
        assert len(running.requests) == calls
        assert runs[0].value == runs[1].value
        assert (runs[0].reasked, runs[0].truncated) == (runs[1].reasked, runs[1].truncated)
        if calls < 3 and runs[0].failure != "the model refused to answer":
            assert runs[1].usage == Usage(cached_answers=runs[0].usage.calls)


def test_a_sparse_completion_is_kept_like_any_other(tmp_path: Path) -> None:
    """Endpoints leave out what a completion formally has; the second run makes no call all the same."""
    with endpoint(body(json.dumps({"choices": [{"message": {"content": FILLED}}]}))) as running:
        first, second = (asyncio.run(ask_all(running.url, REQUEST, cache=tmp_path / "c"))[0] for _ in range(2))
    assert len(running.requests) == 1
    assert first.value == second.value
    assert first.usage == Usage(calls=1, unreported=1)
    assert second.usage == Usage(cached_answers=1)


def test_a_recording_of_an_endpoint_without_json_schema_is_replayed(tmp_path: Path) -> None:
    """Refusals are not recorded: the modes are tried until the recording holds the request."""
    tape, requests = tmp_path / "tape.yaml", [Request(Income, "系统", str(n)) for n in range(3)]
    with endpoint(status(400), status(400), answer(FILLED)) as running, budget_llm.cassette(tape):
        recorded = asyncio.run(ask_all(running.url, *requests, concurrency=1))
    with budget_llm.cassette(tape):
        replayed = asyncio.run(ask_all("http://llm.invalid/v1", *requests))
    assert [given.value for given in replayed] == [given.value for given in recorded]
    assert not [given.failure for given in replayed if given.failure]


def test_limits_per_minute_are_kept() -> None:
    """Seven requests at three a minute: four wait, and the deadline is not used up by it."""
    requests = [Request(Income, "系统", str(n)) for n in range(7)]
    clock = FakeClock()

    async def run(url: str) -> list[Answer]:
        options: dict[str, Any] = {"requests_per_minute": 3, "concurrency": 1, "deadline": 50.0, "clock": clock}
        async with Model("m", base_url=url, api_key=KEY, **options) as model:
            return await asyncio.gather(*(model.ask(request) for request in requests))

    with endpoint(answer(FILLED)) as running:
        answers = asyncio.run(run(running.url))
    assert [given.failure for given in answers] == [None] * 7
    assert clock.slept == [60, 60]


@pytest.mark.parametrize(
    ("limits", "tokens", "expected"),
    [
        ((2, None), [1] * 5, [0, 0, 60, 60, 120]),
        ((None, 100), [60, 40, 1, 99], [0, 0, 60, 60]),
        ((None, 100), [500, 10], [0, 60]),
        ((2, 100), [90, 20, 5], [0, 60, 60]),
        ((None, None), [10**9] * 3, [0, 0, 0]),
    ],
)
def test_calls_are_booked_where_every_minute_keeps_the_limits(
    limits: tuple[int | None, int | None], tokens: list[int], expected: list[float]
) -> None:
    """The earliest place in order; a call beyond the limit goes alone."""
    pace = Pace(*limits)
    assert [pace.book(0.0, number).at for number in tokens] == expected


def test_an_estimate_gives_way_to_what_was_counted() -> None:
    """Tokens that were not used leave room, others take it."""
    pace = Pace(tokens=100)
    first = pace.book(0, 90)
    pace.settle(first, 20)
    assert pace.book(1, 80).at == 1
    assert pace.book(2, 1).at == 60


@pytest.mark.parametrize("limits", [(3, None), (None, 50), (4, 60)])
@settings(deadline=None)  # speed is not tested
@given(calls=st.lists(st.tuples(st.floats(0, 30), st.integers(1, 40)), max_size=30))
def test_no_minute_ever_exceeds_a_limit(limits: tuple[int | None, int | None], calls: list[tuple[float, int]]) -> None:
    """Whatever comes when: any 60 seconds hold at most the calls and tokens of a minute, in the order of asking."""
    pace, now = Pace(*limits), 0.0
    booked = []
    for pause, tokens in calls:
        now += pause
        booked.append(pace.book(now, tokens))
        assert booked[-1].at >= now
    assert [b.at for b in booked] == sorted(b.at for b in booked)
    for start in booked:
        minute = [b for b in booked if start.at <= b.at < start.at + 60]
        assert limits[0] is None or len(minute) <= limits[0]
        assert limits[1] is None or sum(b.tokens for b in minute) <= limits[1]


@pytest.mark.parametrize("option", ["attempts", "deadline", "timeout", "concurrency", "requests_per_minute"])
def test_a_bound_that_bounds_nothing_is_refused(option: str) -> None:
    """Zero is no bound: which option, and what is expected."""
    with pytest.raises(ModelError, match=f"{option}: expected a number above 0, found 0"):
        Model("m", base_url="http://h/v1", **{option: 0})  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["sk-hunter2 ", "sk-hunter2\n", "密钥hunter2"])
def test_a_key_that_no_header_can_hold_is_refused_without_showing_it(key: str) -> None:
    """A blank or a line break that was copied along, or other letters."""
    with pytest.raises(ModelError, match="api_key: expected visible ASCII") as caught:
        Model("m", base_url="http://h/v1", api_key=key)
    assert "hunter2" not in repr(caught.value)


def test_tokens_per_minute_follow_what_the_endpoint_counts() -> None:
    """A call without figures counts by its characters, a failed call not at all, others as reported."""
    steps = [answer(FILLED), status(500), answer(FILLED, usage=False), answer(FILLED)]
    clock = FakeClock()

    async def run(url: str) -> None:
        options: dict[str, Any] = {"tokens_per_minute": 125, "concurrency": 1, "clock": clock}
        async with Model("m", base_url=url, api_key=KEY, **options) as model:  # 120 reported, 3 by characters, 120
            await asyncio.gather(*(model.ask(Request(Income, "系统", str(n))) for n in range(2)))
            assert max(clock.slept) < 10
            await model.ask(Request(Income, "系统", "长" * 10))

    with endpoint(*steps) as running:
        asyncio.run(run(running.url))
    assert len(running.requests) == 4
    assert 50 < clock.slept[-1] <= 60
