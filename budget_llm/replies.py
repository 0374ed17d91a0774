"""What is wrong with a reply of the model, told without the reply's own words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from budget_llm.errors import BudgetLLMError

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion
    from pydantic import BaseModel, ValidationError

_TOLD = 5


class UnusableReplyError(BudgetLLMError):
    """A reply that another try would not better: its text is the reason, `truncated` tells that it is cut off."""

    truncated = False


class CutOffError(UnusableReplyError):
    """The reply ends at the endpoint's token limit."""

    truncated = True


class NoCompletionError(UnusableReplyError):
    """The endpoint answered 200 with something else than a chat completion."""


def parse_completion(content: bytes) -> ChatCompletion:
    """Return a completion as an endpoint sent it, fields that are missing or misformed and all; raise NoCompletionError."""
    from openai.types.chat import ChatCompletion
    from pydantic import ValidationError

    try:
        return ChatCompletion.model_validate_json(content)
    except ValidationError:
        pass  # endpoints leave out what they do not need: openai's own, lenient way takes ten times as long
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict) or not isinstance(fields.get("choices"), list):
        raise NoCompletionError("something that is not a chat completion")
    return ChatCompletion.construct(None, **fields)


def check_completion(completion: Any) -> None:
    """Raise UnusableReplyError for a completion that holds no complete reply of the model."""
    try:
        choice = completion.choices[0]
        message, content = choice.message, choice.message.content
        if content is not None and not isinstance(content, str):
            raise TypeError
    except (AttributeError, IndexError, TypeError):
        raise NoCompletionError("something that is not a chat completion") from None
    finish = choice.finish_reason = getattr(choice, "finish_reason", None)
    if finish == "length":
        raise CutOffError("the reply was cut off at the endpoint's token limit")
    if finish == "content_filter":
        raise UnusableReplyError("the endpoint's content filter withheld the reply")
    if getattr(message, "refusal", None):
        raise UnusableReplyError("the model refused to answer")


def bare(content: str | None) -> str:
    """Return the JSON of a reply, without a model's thoughts, fences and words around it; the reply where there is none."""
    text = (content or "").strip()
    if text.startswith("<think>") or (not text.startswith("{") and "</think>" in text):
        text = text.partition("</think>")[2].strip()
    return text if text.startswith("{") and text.endswith("}") else _last_object(text) or text


def _last_object(text: str) -> str | None:
    """Return the last JSON object that stands in a text; None without one, or where a broken one comes first.

    Nothing is taken from inside a broken object: a part of an answer is not the answer.
    """
    decoder, found, start = json.JSONDecoder(), None, text.find("{")
    while start >= 0:
        try:
            end = decoder.raw_decode(text, start)[1]
            found = text[start:end]
        except (json.JSONDecodeError, RecursionError) as error:
            if text[start + 1 : getattr(error, "pos", None)].strip():
                return None
            end = start + 1  # a brace of the prose
        start = text.find("{", end)
    return found


def judge(schema: type[BaseModel], text: str) -> BaseModel:
    """Return the schema as a reply fills it, keys by alias; raise instructor's parsing error for what it re-asks on.

    Text of the error is what the model is told; its `reason` and `blind` (the reply shows that its
    schema was never seen) are for the client.
    """
    from pydantic import ValidationError

    if not text.strip():
        raise misfit("the reply is empty", "上次回复为空。", blind=True)
    try:
        filled = schema.model_validate_json(text)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False, include_context=False)[0]["type"] == "json_invalid":
            broken = text.lstrip().startswith("{")
            raise misfit("the reply is not JSON", "上次回复不是完整的JSON。", blind=not broken) from None
        raise misfit(
            f"the reply does not fit the schema ({_problems(error, 1)})",
            f"上次回复不合JSON Schema：{_problems(error, _TOLD)}。",
        ) from None
    if not filled.model_fields_set and not re.fullmatch(r"\s*\{\s*\}\s*", text):
        raise misfit("the reply has no field of the schema", "上次回复没有JSON Schema中的字段。", blind=True)
    return filled


def misfit(reason: str, words: str, *, blind: bool = False) -> Exception:
    """Return the error on which instructor asks again: `words` are for the model, `reason` is for the user."""
    from instructor.core.exceptions import ResponseParsingError

    error = ResponseParsingError(f"{words}只输出改正后的完整JSON。")
    error.reason, error.blind = reason, blind  # type: ignore[attr-defined]
    return error


def _problems(error: ValidationError, limit: int) -> str:
    """Return where a reply breaks the schema: places and kinds, without the reply's own words."""
    found = error.errors(include_url=False, include_input=False, include_context=False)[:limit]
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'top level'}: {e['type']}" for e in found)
