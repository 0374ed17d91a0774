"""The client against a faulty endpoint: every fault has its named outcome, and no other section is lost."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from budget_llm.document import Document
from budget_llm.errors import ModelError
from budget_llm.extraction import extract
from budget_llm.model import Answer, Model, Request
from budget_llm.schemas import Income
from budget_llm.usage import Prices, Usage
from tests.endpoint import FakeClock, answer, endpoint, status

TEXT = "某县水利局2024年部门预算\n一、收入预算\n2024年收入预算100.50万元，其中：事业收入10.25万元。\n"
FILLED = json.dumps(
    {"items": [{"label": "收入预算", "concept": "income.total", "amount": "100.50万元"}]}, ensure_ascii=False
)
KEY = "sk-secret-key"


def ask(url: str, **options: object) -> Answer:
    """Ask one request of a fresh model at `url`."""
    import asyncio

    async def run() -> Answer:
        async with Model("m", base_url=url, api_key=KEY, clock=FakeClock(), **options) as model:  # type: ignore[arg-type]
            return await model.ask(Request(Income, "系统", "用户"))

    return asyncio.run(run())


def test_an_endpoint_without_json_schema_is_asked_another_way_and_remembered() -> None:
    """JSON_SCHEMA, then JSON, then MD_JSON; what was found once is used at once."""
    import asyncio

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
    steps = {"income": answer(FILLED), "organisation": status(500)}

    def step(handler: object, request: dict[str, object]) -> None:
        kind = "income" if "收入部分" in json.dumps(request, ensure_ascii=False) else "organisation"
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
    with endpoint(answer(FILLED)) as running:
        disclosure = extract(
            Document.from_text(text), Model("m", base_url=running.url, api_key=KEY, clock=FakeClock()), max_calls=1
        )
    assert len(running.requests) == 1
    assert disclosure.sections[2].model == "not asked: the limit of 1 calls was reached"


def test_usage_and_cost_add_up() -> None:
    """Tokens come from the endpoint per call, re-asks counted once each; a cost needs a price."""
    with endpoint(answer("{bad"), answer(FILLED)) as running:
        prices = Prices(prompt=2, completion=8)  # type: ignore[arg-type]
        disclosure = extract(
            Document.from_text(TEXT), Model("m", base_url=running.url, api_key=KEY, prices=prices, clock=FakeClock())
        )
    assert disclosure.usage == Usage(calls=2, prompt_tokens=200, completion_tokens=40)
    assert str(disclosure.cost) == "0.00072"
    assert Usage(calls=1, prompt_tokens=5).cost(None) is None
    assert Usage(calls=1, unreported=1).cost(prices) is None


def test_secrets_appear_nowhere(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """The key travels in one header and is in no repr, log, failure, result or cached file."""
    caplog.set_level(logging.DEBUG)
    with endpoint(status(500), answer("{bad"), answer(FILLED)) as running:
        model = Model("m", base_url=running.url, api_key=KEY, cache=tmp_path / "cache", clock=FakeClock())
        disclosure = extract(Document.from_text(TEXT), model)
    assert running.authorizations == [f"Bearer {KEY}"] * 3
    kept = b"".join(p.read_bytes() for p in (tmp_path / "cache").rglob("*") if p.is_file())
    for place in (repr(model), disclosure.to_json(), str(disclosure), caplog.text, kept.decode("utf-8", "replace")):
        assert KEY not in place


def test_a_cached_answer_costs_no_call(tmp_path: Path) -> None:
    """The second run over the same document asks nobody; another prompt would."""
    with endpoint(answer(FILLED)) as running:
        for _ in range(2):
            model = Model("m", base_url=running.url, api_key=KEY, cache=tmp_path / "cache", clock=FakeClock())
            disclosure = extract(Document.from_text(TEXT), model)
            assert disclosure.facts[0].verdict == "confirmed"
        assert len(running.requests) == 1
        extract(Document.from_text(TEXT.replace("100.50", "100.51")), model)
    assert len(running.requests) == 2


def test_a_model_without_an_endpoint_says_what_to_set() -> None:
    """No key and no URL: which variables to set."""
    with pytest.raises(ModelError, match="OPENAI_API_KEY"):
        Model("m")
    with pytest.raises(ModelError, match=r"expected http\(s\)://host/v1, found 'localhost:8000'"):
        Model("m", base_url="localhost:8000")
