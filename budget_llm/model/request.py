"""What is asked of a model and what comes back; the protocol that any model may fill."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from budget_llm.usage import Usage

if TYPE_CHECKING:
    from pydantic import BaseModel

REPLAY_URL = "http://llm.invalid/v1"

replaying: ContextVar[bool] = ContextVar("replaying", default=False)
"""Whether recorded answers are being replayed: then a model needs no endpoint."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: the schema to fill, the standing instructions, the message with the section."""

    schema: type[BaseModel]
    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The filled schema, or the reason why there is none; with what it cost either way.

    `truncated` tells that the section is too long for one answer (the reply was cut at the endpoint's
    token limit, or the request exceeds the model's context): ask about its parts. A failure that begins
    with "not asked" means that no call was made.
    """

    value: BaseModel | None
    failure: str | None
    usage: Usage
    reasked: bool = False
    truncated: bool = False

    @property
    def is_unasked(self) -> bool:
        """Whether no call was made."""
        return self.failure is not None and self.failure.startswith("not asked")


@runtime_checkable
class LanguageModel(Protocol):
    """What a model must do to be asked; wrap one to add behaviour.

    `ask` returns an Answer for every request: a reply that cannot be used is a failure in the answer,
    not an exception. It raises ModelError only where no request can succeed (access refused, unknown model).
    """

    name: str

    async def ask(self, request: Request) -> Answer:
        """Return the answer to one request."""
        ...
