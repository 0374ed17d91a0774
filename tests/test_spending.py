"""Spending: prices, the ledger, a budget that stops before the call that would exceed it, estimates without a call."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from budget_llm.cassettes import cassette
from budget_llm.document import Document
from budget_llm.errors import InputError
from budget_llm.estimates import estimate
from budget_llm.extraction import extract
from budget_llm.model import Answer, Model, Request
from budget_llm.prices import load_prices, prices_of
from budget_llm.schemas import Income
from budget_llm.spending import Budget, Metered, tokens_of
from budget_llm.usage import BUDGET_REACHED, Entry, Prices, Usage
from tests.conftest import ROOT
from tests.endpoint import answer, completion, endpoint, send

EXAMPLE = ROOT / "examples" / "budget-prose-2025.txt"
CASSETTE = ROOT / "cassettes" / "budget-prose-2025.yaml"
REQUEST = Request(Income, "系统" * 40, "用户" * 40)
TEXT = "某县水利局2024年部门预算\n" + "".join(
    f"{number}、收入预算\n2024年收入预算{n}.50万元，其中：事业收入10.25万元。\n{number}、机构设置\n内设机构七个。\n"
    + "其他情况另行说明，不再赘述。" * 120
    + "\n"
    for n, number in enumerate("一二三四五六", 100)
)


class Fixed:
    """A model whose every answer has the same price; counts how many are in flight, at most and in all."""

    name = "fixed"

    def __init__(self, usage: Usage, prices: Prices | None = None) -> None:
        self.usage, self.prices = usage, prices
        self.calls = self.in_flight = self.most = 0

    async def ask(self, request: Request) -> Answer:
        """Answer after the others had their turn."""
        self.calls += 1
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        for _ in range(3):
            await asyncio.sleep(0)
        self.in_flight -= 1
        return Answer(request.schema(), None, self.usage)


def all_at_once(model: Any, count: int) -> list[Answer]:
    """The answers to so many requests that are asked at the same time."""

    async def run() -> list[Answer]:
        return list(await asyncio.gather(*(model.ask(REQUEST) for _ in range(count))))

    return asyncio.run(run())


def test_the_ledger_adds_up_to_the_usage() -> None:
    """One entry per request with its sections, purpose, tokens and cost; their sums are those of the disclosure."""
    with cassette(CASSETTE):
        disclosure = extract(EXAMPLE, Model("mailbox", prices=Prices(Decimal(2), Decimal(8))))
    assert len(disclosure.ledger) == disclosure.usage.calls
    assert sum((entry.usage for entry in disclosure.ledger), Usage()) == disclosure.usage
    assert sum(entry.cost or 0 for entry in disclosure.ledger) == disclosure.cost
    assert {entry.purpose for entry in disclosure.ledger} == {"read"}
    asked = {index for entry in disclosure.ledger for index in entry.sections}
    assert asked == {section.index for section in disclosure.sections if section.model.startswith("read")}
    written = disclosure.to_dict()["ledger"]
    assert sum(entry["prompt_tokens"] for entry in written) == disclosure.usage.prompt_tokens
    assert [entry["cost"] for entry in written] == [str(entry.cost) for entry in disclosure.ledger]


def test_cached_prompt_tokens_have_their_own_price() -> None:
    """What the endpoint had in its prompt cache is cheaper where a price of it is known, else as dear as the rest."""
    usage = Usage(calls=1, prompt_tokens=1_000_000, completion_tokens=500_000, cached_tokens=400_000)
    assert usage.cost(Prices(Decimal(2), Decimal(8), cached=Decimal("0.5"))) == Decimal("5.4")
    assert usage.cost(Prices(Decimal(2), Decimal(8))) == Decimal(6)
    assert Entry((1,), "read", usage).priced(Prices(Decimal(2), Decimal(8))).cost == Decimal(6)


def test_every_list_price_is_whole() -> None:
    """The package's table: exact numbers, a currency, and the day of each price; a reply is never cheaper than a prompt."""
    table = load_prices(ROOT / "budget_llm" / "prices.toml")
    assert table
    for name, prices in table.items():
        assert 0 < (prices.cached or 0) <= prices.prompt <= prices.completion, name
        assert prices.currency in ("CNY", "USD")
        assert prices.date is not None


def test_prices_of_ones_own_go_before_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model's own, then the file, then the list; a name that nothing holds has no price."""
    file = tmp_path / "prices.toml"
    file.write_text(
        '[models."gpt-4o"]\nprompt = 1.10\ncompletion = 3\n[models."私有模型"]\nprompt = 0\ncompletion = 0\n', "utf-8"
    )
    own = Model("gpt-4o", base_url="http://127.0.0.1:9/v1", prices=Prices(Decimal(1), Decimal(1)))
    assert prices_of(own, file) == own.prices
    assert prices_of("gpt-4o", file) == Prices(Decimal("1.10"), Decimal(3))
    assert prices_of("私有模型", file) == Prices(Decimal(0), Decimal(0))
    assert prices_of("gpt-4o") == load_prices(ROOT / "budget_llm" / "prices.toml")["gpt-4o"]
    assert prices_of("gpt-4o-of-tomorrow", file) is None
    monkeypatch.setenv("BUDGET_LLM_PRICES", str(file))
    assert prices_of("gpt-4o") == Prices(Decimal("1.10"), Decimal(3))


MALFORMED = [
    ("models = 1", "expected tables"),
    ("[model.x]\nprompt = 1\ncompletion = 1", 'expected tables [models."NAME"], found model'),
    ("[models.x]\nprompt = 1", "expected prompt, completion"),
    (
        '[models.x]\nprompt = "1"\ncompletion = 1',
        "prompt: expected the price of a million tokens such as 0.8, found '1'",
    ),
    ("[models.x]\nprompt = -1\ncompletion = 1", "found -1"),
    ("[models.x]\nprompt = nan\ncompletion = 1", "expected the price"),
    ("[models.x]\nprompt = 1\ncompletion = 1\ncurrency = 5", "expected a currency such as CNY"),
    ("[models.x", "expected prices in TOML"),
]


@pytest.mark.parametrize(("written", "words"), MALFORMED)
def test_a_malformed_price_is_an_error_with_its_place(tmp_path: Path, written: str, words: str) -> None:
    """No price is guessed from a file that does not hold one."""
    file = tmp_path / "prices.toml"
    file.write_text(written, "utf-8")
    with pytest.raises(InputError) as caught:
        load_prices(file)
    assert words in str(caught.value)
    assert str(file) in str(caught.value)


BUDGETS = [
    ("200000tokens", Budget(tokens=200_000)),
    ("1 token", Budget(tokens=1)),
    ("5CNY", Budget(money=Decimal(5))),
    ("0.50 usd", Budget(money=Decimal("0.50"), currency="USD")),
]


@pytest.mark.parametrize(("written", "expected"), BUDGETS)
def test_a_budget_is_read_as_it_is_written(written: str, expected: Budget) -> None:
    """A number with tokens or with a currency."""
    assert Budget.parse(written) == expected


@pytest.mark.parametrize("written", ["5", "CNY", "-5CNY", "0CNY", "0tokens", "1e3CNY", "5 元 CNY", ""])
def test_what_is_no_budget_is_refused(written: str) -> None:
    """Neither a bare number nor nothing to spend."""
    with pytest.raises(InputError, match=r"^budget: expected"):
        Budget.parse(written)


def test_a_budget_of_nothing_is_refused() -> None:
    """Neither tokens nor money, or none of them above 0."""
    for wrong in ({}, {"tokens": 0}, {"money": Decimal(-1)}, {"money": Decimal("nan")}, {"money": 0.5}):
        with pytest.raises(InputError):
            Budget(**wrong)


@pytest.mark.parametrize("limit", [2_000, 3_000, 5_000, 12_345])
def test_a_budget_is_never_exceeded_by_64_calls_at_once(limit: int) -> None:
    """The endpoint's tokens stay within the budget, all that fits in is asked, the rest costs nothing and says so."""
    with endpoint(answer("{}")) as running:

        async def run() -> tuple[list[Answer], tuple[int, Decimal | None]]:
            async with Model("m", base_url=running.url, api_key="k", concurrency=64) as model:
                metered = Metered(model, Budget(tokens=limit))
                requests = (replace(REQUEST, user=f"{REQUEST.user}{number:03}") for number in range(110))  # none alike
                answers = await asyncio.gather(*map(metered.ask, requests))
                return list(answers), metered.charged

        answers, charged = asyncio.run(run())
    asked = [a for a in answers if a.failure is None]
    assert 120 * len(running.requests) == charged[0] == 120 * len(asked) <= limit
    assert charged[0] > limit - 120 * 1.2 or len(asked) == 110
    refused = [a for a in answers if a.failure is not None]
    assert {a.failure for a in refused} <= {f"{BUDGET_REACHED} {limit:,} tokens would be exceeded"}
    assert all(a.usage == Usage() for a in refused)


def test_what_is_in_flight_counts_as_spent() -> None:
    """Until a call is paid its estimate is reserved: no more are in flight than the budget could bear."""
    model = Fixed(Usage(1, 100, 20))
    first = round(tokens_of(REQUEST.system) + tokens_of(REQUEST.user))
    metered = Metered(model, Budget(tokens=10 * first))
    all_at_once(metered, 64)
    assert model.most < 10
    assert metered.spent.prompt_tokens + metered.spent.completion_tokens <= 10 * first


def test_a_budget_of_money_counts_the_price() -> None:
    """The money that the reported tokens cost stays within the budget."""
    model = Fixed(Usage(1, 1000, 500), Prices(Decimal(2), Decimal(8)))
    metered = Metered(model, Budget(money=Decimal("0.1")))
    all_at_once(metered, 64)
    cost = metered.spent.cost(model.prices)
    assert cost is not None
    assert Decimal("0.09") < cost <= Decimal("0.1")
    assert model.calls == metered.spent.calls == 16


def test_money_needs_a_price_in_its_currency() -> None:
    """Without one it is said how to give it; nothing is asked."""
    with pytest.raises(InputError, match=r"5 CNY needs the price of 'fixed'.*--price IN/OUT"):
        Metered(Fixed(Usage()), Budget(money=Decimal(5)))
    with pytest.raises(InputError, match="expected USD, the currency of the price of 'fixed', found CNY"):
        Metered(Fixed(Usage(), Prices(Decimal(1), Decimal(1), "USD")), Budget(money=Decimal(5)))


def test_a_call_without_token_figures_is_charged_its_estimate() -> None:
    """An endpoint that reports nothing does not make the budget endless."""
    model = Fixed(Usage(calls=1, unreported=1))
    all_at_once(Metered(model, Budget(tokens=5_000)), 64)
    assert 0 < model.calls < 20


def test_a_kept_answer_is_not_charged() -> None:
    """What a cache answers costs nothing: all of it is read within the smallest budget that lets one call be tried."""
    model = Fixed(Usage())
    metered = Metered(model, Budget(tokens=2_000))
    assert all(a.failure is None for a in all_at_once(metered, 64))
    assert metered.charged[0] == 0


def test_a_reservation_ends_with_its_call() -> None:
    """A model that raises, or a caller that leaves, holds no part of the budget for ever."""

    class Raising(Fixed):
        async def ask(self, request: Request) -> Answer:
            await super().ask(request)
            raise InputError("no")

    metered = Metered(Raising(Usage()), Budget(tokens=2_000))
    for _ in range(20):
        with pytest.raises(InputError):
            all_at_once(metered, 1)

    async def leave() -> None:
        slow = Fixed(Usage(1, 100, 20))
        within = Metered(slow, Budget(tokens=2_000))
        tasks = [asyncio.create_task(within.ask(REQUEST)) for _ in range(30)]
        await asyncio.sleep(0)
        for task in tasks[1::2]:
            task.cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(a, Answer) for a in answers[::2])
        assert (await within.ask(REQUEST)).usage.calls <= 1

    asyncio.run(leave())


def test_a_document_within_a_budget_comes_back_with_what_is_there() -> None:
    """Some sections read by the model, the others by rules and saying why; the whole marked incomplete."""

    def step(handler: Any, request: dict[str, Any]) -> None:
        usage = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}
        send(handler, 200, json.dumps(completion("{}") | {"usage": usage}).encode())

    with endpoint(step) as running:
        model = Model("m", base_url=running.url, api_key="k")
        whole = extract(Document.from_text(TEXT), model)
        assert len(running.requests) == whole.usage.calls > 3
        part = extract(Document.from_text(TEXT), model, budget=Budget(tokens=7_000))
    assert not whole.incomplete
    assert part.incomplete
    told = [s.model for s in part.sections if BUDGET_REACHED in s.model]
    assert set(told) == {"not asked: the budget of 7,000 tokens would be exceeded"}
    assert 0 < part.usage.calls < whole.usage.calls
    assert part.failed_sections == ()
    assert len(part.facts) == len(whole.facts)
    assert "not asked: the budget of 7,000 tokens would be exceeded: " in str(part)


def test_an_estimate_counts_what_would_be_sent() -> None:
    """Calls and characters are exactly those of the recording; tokens and money contain what it really cost."""
    with cassette(CASSETTE):
        ledger = extract(EXAMPLE, "mailbox").ledger
    read = sum((entry.usage for entry in ledger if entry.purpose == "read"), Usage())
    found = estimate(EXAMPLE, "gpt-4o")
    assert found.calls == read.calls
    assert found.characters == len(EXAMPLE.read_text("utf-8"))
    assert read.prompt_tokens <= found.prompt_tokens <= 2 * read.prompt_tokens
    least, most = found.completion_tokens
    assert least <= read.completion_tokens <= 1.1 * most
    assert found.prices is not None
    assert found.cost == (
        found.prices.of(found.prompt_tokens, least), found.prices.of(found.prompt_tokens, most),
    )  # fmt: skip
    assert estimate(EXAMPLE).cost is None
    assert (found + found).calls == 2 * found.calls
    assert estimate(EXAMPLE, max_calls=2).calls == 2
