"""One request about a layout: the document's words fenced as data, every failure a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pydantic import BaseModel

from budget_llm.model import Answer, LanguageModel, Request
from budget_llm.prompts import Passage, load_prompt, user_message
from budget_llm.read_by_model import About, ask


def request_about(prompt: str, schema: type[BaseModel], place: str, text: str, about: About) -> Request:
    """Return a request: the standing instructions of a prompt, then words of the document as data."""
    message = user_message(kind=about.kind, year=about.year, passages=(Passage((place,), "", text),))
    return Request(schema, load_prompt(prompt, common=False).text, message)


async def ask_all(model: LanguageModel, requests: Sequence[Request]) -> list[Answer]:
    """Return an answer to each request, all asked at once; raise ModelError where no request can succeed."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_ask(model, request)) for request in requests]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


async def _ask(model: LanguageModel, request: Request) -> Answer:
    """Return the model's answer; a value of another schema is a failure."""
    answer = await ask(model, request)
    if answer.failure is None and not isinstance(answer.value, request.schema):
        found = type(answer.value).__name__
        return Answer(None, f"expected the schema {request.schema.__name__}, the answer is {found}", answer.usage)
    return answer
