"""What goes over the wire for a schema: told once, compactly, by alias; and how a reply fills it.

instructor's own prompts (a fixed English sentence and an indented schema) never leave: the client
writes the messages, instructor judges the reply and decides whether to ask again.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from budget_llm.replies import judge

if TYPE_CHECKING:
    from pydantic import BaseModel

    from budget_llm.model.request import Request

MODES = ("JSON_SCHEMA", "JSON", "MD_JSON")
"""The ways to ask, as instructor names them, in the order in which an endpoint is tried.

The endpoint is given the schema as `response_format`; or told to write JSON; or given nothing but the messages.
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """Wraps a filled schema, so that instructor hangs no raw reply on it."""

    value: BaseModel


@functools.cache
def schema_of(schema: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON schema of a model, by alias; made once, since pydantic takes milliseconds."""
    return schema.model_json_schema(by_alias=True)


@functools.cache
def told(schema: type[BaseModel]) -> str:
    """Return the sentence that tells a schema where the endpoint takes none: the end of the system message."""
    compact = json.dumps(schema_of(schema), ensure_ascii=False, separators=(",", ":"))
    return f"\n\n只输出一个符合以下JSON Schema的JSON对象：\n{compact}"


@functools.cache
def response_model(schema: type[BaseModel], mode: str) -> Any:
    """Return what instructor is given in the place of a schema: it would build a new class and schema on every call."""
    from instructor import ResponseSchema

    class Reply(ResponseSchema):
        shown: ClassVar[dict[str, Any]] = schema_of(schema) if mode == "JSON_SCHEMA" else {}

        @classmethod
        def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
            return cls.shown

        @classmethod
        def model_validate_json(cls, json_data: Any, **_: Any) -> Any:
            return Filled(judge(schema, json_data))

    Reply.__name__ = schema.__name__
    return Reply


def messages(request: Request, *, tell: bool, misfits: Sequence[tuple[str, str]] = ()) -> list[dict[str, str]]:
    """Return the messages of a request, with the schema in the system message where it is to be told.

    `misfits` are replies that did not fit, each with what is wrong with it. What is stable between the
    requests of a schema comes first, byte for byte, so that an endpoint's prompt cache applies.
    """
    system = request.system + (told(request.schema) if tell else "")
    said = [("system", system), ("user", request.user)]
    for reply, problem in misfits:
        said += [("assistant", reply or "（空）"), ("user", problem)]  # some endpoints refuse an empty message
    return [{"role": role, "content": content} for role, content in said]


def body(kwargs: Mapping[str, Any], mode: str) -> dict[str, Any]:
    """Return the body of a call from what instructor passes on."""
    return {name: value for name, value in kwargs.items() if name != "response_format" or mode != "MD_JSON"}
