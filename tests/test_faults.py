"""The client against a faulty endpoint: each fault has its named outcome, and no call beyond its policy."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import budget_llm
from budget_llm.errors import ModelError
from budget_llm.model import Answer, Model, Request
from budget_llm.schemas import Income
from budget_llm.transport import retry_after
from budget_llm.usage import Usage
from tests.endpoint import FakeClock, Step, answer, body, cut, endpoint, hang, hang_up, html, reset, status

FILLED = json.dumps(
    {"items": [{"label": "收入预算", "concept": "income.total", "amount": "100.50万元"}]}, ensure_ascii=False
)
KEY = "sk-secret-key"
REQUEST = Request(Income, "系统", "用户")


async def ask_at(url: str, clock: FakeClock, **options: Any) -> Answer:
    """Ask one request of a fresh model at `url`."""
    async with Model("m", base_url=url, api_key=KEY, clock=clock, **options) as model:
        return await model.ask(REQUEST)


def ask(url: str, clock: FakeClock | None = None, **options: Any) -> Answer:
    """Ask one request of a fresh model at `url` and wait for the answer."""
    return asyncio.run(ask_at(url, clock or FakeClock(), **options))


FAULTS: list[tuple[str, list[Step], str | None, int]] = [
    ("a good reply", [answer(FILLED)], None, 1),
    ("429 without Retry-After", [status(429), answer(FILLED)], None, 2),
    ("429 with Retry-After", [status(429, Retry_After="7"), answer(FILLED)], None, 2),
    ("429 for ever", [status(429)], "answered HTTP 429", 4),
    ("429 that asks for an hour", [status(429, Retry_After="3600")], "the deadline of 300 s allows no other try", 1),
    ("429 without quota", [status(429, error="insufficient_quota")], "the account has no quota left", 1),
    ("402", [status(402)], "the account has no quota left", 1),
    ("500 for a while", [status(500), status(503), answer(FILLED)], None, 3),
    ("500 for ever", [status(500)], "answered HTTP 500", 4),
    ("503 for ever", [status(503)], "answered HTTP 503", 4),
    ("400 in every mode", [status(400)], "answered HTTP 400", 3),
    ("too long a request", [status(400, error="context_length_exceeded")], "longer than the model's context", 1),
    ("a closed connection", [hang_up, answer(FILLED)], None, 2),
    ("a reset connection", [reset, answer(FILLED)], None, 2),
    ("reset for ever", [reset], "cannot reach http://127.0.0.1", 4),
    ("a body that breaks off", [cut, answer(FILLED)], None, 2),
    ("bad JSON, then good", [answer(FILLED[:-3] + ",,}"), answer(FILLED)], None, 2),
    ("bad JSON for ever", [answer("{not json")], "the reply is not JSON, asked 2 times", 2),
    ("a whole object in a broken one", [answer(f'{{"items": [], "x": {FILLED},,')], "the reply is not JSON", 2),
    ("a wrong type", [answer('{"items": [{"label": 1}]}')], "does not fit the schema (items.0.label: string_type)", 2),
    ("another schema's keys", [answer('{"收入": "1"}')], "the reply has no field of the schema, asked 2 times", 2),
    ("an empty reply", [answer("")], "the reply is empty, asked 2 times", 2),
    ("no content", [answer(None)], "the reply is empty, asked 2 times", 2),
    ("nothing but thoughts", [answer(f"<think>{FILLED}")], "the reply is empty, asked 2 times", 2),
    ("a refusal", [answer(None, refusal="抱歉")], "the model refused to answer", 1),
    ("a refusal in words", [answer("抱歉，我无法协助。")], "the reply is not JSON, asked 2 times", 2),
    ("a filtered reply", [answer(None, finish="content_filter")], "the endpoint's content filter withheld", 1),
    ("a reply cut off", [answer(FILLED[:20], finish="length")], "cut off at the endpoint's token limit", 1),
    ("a page instead of JSON", [html], "something that is not a chat completion", 1),
    ("a page that says it is JSON", [body("<html>")], "something that is not a chat completion", 1),
    ("JSON that is no completion", [body('{"error": "x"}')], "something that is not a chat completion", 1),
    ("no choices", [body('{"choices": []}')], "something that is not a chat completion", 1),
    ("choices that are none", [body('{"choices": [null]}')], "something that is not a chat completion", 1),
    ("content that is no text", [body('{"choices": [{"message": {"content": [1]}}]}')], "not a chat completion", 1),
    ("a sparse completion", [body(json.dumps({"choices": [{"message": {"content": FILLED}}]}))], None, 1),
    ("no token figures", [answer(FILLED, usage=False)], None, 1),
    ("thoughts before the answer", [answer(f"<think>{{}}</think>\n{FILLED}")], None, 1),
    ("thoughts whose beginning is missing", [answer(f"看{{表}}</think>```json\n{FILLED}\n```")], None, 1),
    ("a fence and words", [answer(f"好的 {{表}}：\n```json\n{FILLED}\n```\n以上。")], None, 1),
]


@pytest.mark.parametrize(("steps", "failure", "calls"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_every_fault_has_its_outcome_and_its_number_of_calls(
    steps: list[Step], failure: str | None, calls: int
) -> None:
    """An answer or a named reason; transport faults are retried, a misfit is asked once more, nothing else repeats."""
    with endpoint(*steps) as running:
        given = ask(running.url)
    assert len(running.requests) == calls
    if failure is None:
        assert given.failure is None
        assert isinstance(given.value, Income)
        assert [item.amount for item in given.value.items] == ["100.50万元"]
    else:
        assert given.value is None
        assert failure in (given.failure or "")


@pytest.mark.parametrize(
    ("step", "truncated"),
    [
        (answer(FILLED[:20], finish="length"), True),
        (status(400, error="context_length_exceeded"), True),
        (status(413), True),
        (answer("{bad"), False),
    ],
    ids=["cut reply", "long context", "413", "bad reply"],
)
def test_what_is_too_long_is_told_apart(step: Step, truncated: bool) -> None:
    """Only what parts of the section may mend is marked as truncated."""
    with endpoint(step) as running:
        assert ask(running.url).truncated is truncated


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (status(401), "refused access (HTTP 401)"),
        (status(403), "refused access (HTTP 403)"),
        (status(404), "knows no model 'm' (HTTP 404)"),
        (status(400, error="model_not_found"), "knows no model 'm' (HTTP 400)"),
    ],
    ids=["401", "403", "404", "400"],
)
def test_what_no_request_can_survive_is_an_error(step: Step, words: str) -> None:
    """A refused key or an unknown model stops the run with what to check; it is not tried again."""
    with endpoint(step) as running, pytest.raises(ModelError, match=re.escape(words)) as caught:
        ask(running.url)
    assert len(running.requests) == 1
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_an_endpoint_that_does_not_answer_in_time_is_tried_again_and_named() -> None:
    """Each try has its time; the reason tells which time has passed."""
    with endpoint(hang) as running:
        given = ask(running.url, timeout=0.05, attempts=2)
    assert len(running.requests) == 2
    assert given.failure == f"no answer within 0.05 s from {running.url.removesuffix('/v1')}"


def test_the_deadline_covers_all_tries_the_waits_and_the_re_ask() -> None:
    """A wait that would pass the deadline is not begun: 40 + 40 of 100 seconds, then no other 40."""
    waits = [
        status(429, Retry_After="40"),
        answer("{bad"),
        status(429, Retry_After="40"),
        status(503, Retry_After="40"),
    ]
    with endpoint(*waits) as running:
        clock = FakeClock()
        given = ask(running.url, clock, deadline=100.0)
    assert len(running.requests) == 4
    assert [round(wait) for wait in clock.slept] == [40, 40]
    assert given.failure is not None
    assert given.failure.endswith("answered HTTP 503 (the deadline of 100 s allows no other try)")
    assert given.usage == Usage(calls=1, prompt_tokens=100, completion_tokens=20)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "7"}, 7),
        ({"Retry_After": "0.5"}, 0.5),
        ({"retry_after_ms": "1500", "Retry_After": "9"}, 1.5),
        ({"Retry_After": "Tue, 14 Nov 2023 22:13:30 GMT"}, 10),  # the clock's date is 22:13:20
        ({"Retry_After": "Tue, 14 Nov 2023 22:00:00 GMT"}, 0),
    ],
)
def test_retry_after_is_honoured_in_seconds_milliseconds_and_as_a_date(headers: dict[str, str], seconds: float) -> None:
    """The next call comes when the endpoint says, up to a tenth of a second later."""
    with endpoint(status(429, **headers), answer(FILLED)) as running:
        clock = FakeClock()
        assert ask(running.url, clock).failure is None
    (slept,) = clock.slept
    assert seconds <= slept <= seconds + 0.1


@pytest.mark.parametrize("written", ["soon", "", "Wed, 99 Nov"])
def test_a_retry_after_that_says_nothing_is_passed_over(written: str) -> None:
    """Then the pause is the client's own: half a second, doubled each time."""
    with endpoint(status(429, Retry_After=written), status(503), answer(FILLED)) as running:
        clock = FakeClock()
        assert ask(running.url, clock).failure is None
    assert 0.375 <= clock.slept[0] <= 0.5
    assert 0.75 <= clock.slept[1] <= 1
    assert retry_after(None, 0) is None


@pytest.mark.parametrize("fault", [status(429), status(500), reset, answer("{bad"), answer("")])
def test_a_fault_on_every_third_call_at_32_in_flight_loses_no_answer(fault: Step) -> None:
    """Each of 96 requests is answered with its own answer; the endpoint counts one call more for each fault."""
    seen: Counter[str] = Counter()
    faults: list[int] = []

    def step(handler: Any, request: dict[str, Any]) -> None:
        section = next(m["content"] for m in request["messages"] if m["role"] == "user")
        seen[section] += 1
        if seen[section] == 1 and int(section) % 3 == 0:
            faults.append(1)
            fault(handler, request)
        else:
            answer(FILLED.replace("收入预算", f"收入{section}"))(handler, request)

    async def run(url: str) -> list[Answer]:
        async with Model("m", base_url=url, api_key=KEY, concurrency=32, clock=FakeClock()) as model:
            return await asyncio.gather(*(model.ask(Request(Income, "系统", str(n))) for n in range(96)))

    with endpoint(step) as running:
        answers = asyncio.run(run(running.url))
    assert len(faults) == 32
    assert len(running.requests) == 96 + 32
    for number, given in enumerate(answers):
        assert isinstance(given.value, Income), given.failure
        assert [item.label for item in given.value.items] == [f"收入{number}"]


def test_failed_requests_lose_none_of_the_answered_ones() -> None:
    """Every fourth request fails for ever: it alone has no answer, and each reason is its own."""

    def step(handler: Any, request: dict[str, Any]) -> None:
        number = int(request["messages"][1]["content"])
        (status(500) if number % 4 == 0 else answer(FILLED))(handler, request)

    async def run(url: str) -> list[Answer]:
        async with Model("m", base_url=url, api_key=KEY, concurrency=32, clock=FakeClock()) as model:
            return await asyncio.gather(*(model.ask(Request(Income, "系统", str(n))) for n in range(64)))

    with endpoint(step) as running:
        answers = asyncio.run(run(running.url))
    assert [n for n, given in enumerate(answers) if given.failure] == list(range(0, 64, 4))
    assert len(running.requests) == 48 + 16 * 4


SECRETS = (KEY, "hunter2", "gateway-user", "aHVudGVy", "Z2F0ZXdheS11c2VyOmh1bnRlcjI=")
TEXT = "某县水利局2024年部门预算\n一、收入预算\n2024年收入预算100.50万元，其中：事业收入10.25万元。\n"


@pytest.mark.parametrize(
    "steps",
    [
        [status(500), answer("{bad"), answer(FILLED)],
        [answer("{bad")],
        [reset],
        [status(429, Retry_After="9999")],
        [html],
    ],
    ids=["read", "misfit", "reset", "429", "html"],
)
def test_secrets_appear_nowhere(steps: list[Step], caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """Key, user and password are in no repr, log, failure, result, cassette or cached file."""
    caplog.set_level(logging.DEBUG)
    tape = tmp_path / "tape.yaml"
    with endpoint(*steps) as running, budget_llm.cassette(tape):
        url = running.url.replace("http://", "http://gateway-user:hunter2@")
        model = Model("m", base_url=url, api_key=KEY, cache=tmp_path / "cache", clock=FakeClock())
        disclosure = budget_llm.extract(budget_llm.Document.from_text(TEXT), model)
    assert set(running.authorizations) == {"Basic Z2F0ZXdheS11c2VyOmh1bnRlcjI="}
    kept = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()).decode("utf-8", "replace")
    for place in (repr(model), disclosure.to_json(), str(disclosure), caplog.text, kept):
        assert not [secret for secret in SECRETS if secret in place]


@pytest.mark.parametrize(
    "url", ["gateway-user:hunter2@host/v1", "http://gateway-user:hunter2@/v1", "http://h/v1?k=hunter2"]
)
def test_a_wrong_url_is_refused_without_its_password(url: str) -> None:
    """What the message shows of the URL is no secret."""
    with pytest.raises(ModelError, match=r"expected http\(s\)://host/v1") as caught:
        Model("m", base_url=url)
    assert not [secret for secret in SECRETS if secret in str(caught.value)]


def test_a_fault_of_the_program_is_an_exception() -> None:
    """What is neither the endpoint's nor the model's fault is not taken for a bad reply."""

    class Broken(FakeClock):
        async def sleep(self, seconds: float) -> None:
            raise ZeroDivisionError

    with endpoint(status(500)) as running, pytest.raises(ZeroDivisionError):
        ask(running.url, Broken())
