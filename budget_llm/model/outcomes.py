"""Why a request got no usable answer, in words that hold no secret, no reply and no body of an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from budget_llm.errors import CassetteError, ModelError
from budget_llm.replies import NoCompletionError, UnusableReplyError
from budget_llm.transport import out_of_quota, unrecorded

_ACCOUNT = "the account has no quota left"


@dataclass(frozen=True, slots=True)
class Asked:
    """Where and how it was asked: the endpoint's place, the model, the bounds in seconds, the replies read."""

    place: str
    model: str
    timeout: float
    deadline: float
    late: bool
    replies: int


def other_mode_may_help(fault: BaseException) -> bool:
    """Whether an endpoint refuses the form of a request, or a recording holds it in another form."""
    import openai

    refused = isinstance(fault, (openai.BadRequestError, openai.UnprocessableEntityError))
    return unrecorded(fault) or (refused and not _too_long(fault) and not _unknown_model(fault))


def too_much(fault: BaseException) -> bool:
    """Whether parts of the same text may be answered where the whole cannot: cut off, or beyond the context."""
    return getattr(fault, "truncated", False) or _too_long(fault)


def reason(fault: BaseException, asked: Asked) -> str:
    """Return why there is no answer.

    Raises ModelError where no request can succeed, CassetteError where a recording lacks the request, and
    the fault itself where it is the program's.
    """
    import openai

    if (raised := _hopeless(fault, asked)) is not None:
        raise raised from None
    match fault:
        case NoCompletionError():
            return f"{asked.place} answered with {fault}"
        case UnusableReplyError():
            return str(fault)
        case openai.APIResponseValidationError():
            return f"{asked.place} answered with something that is not a chat completion"
        case openai.APIStatusError():
            return f"{asked.place} answered HTTP {fault.status_code}{_more(fault, asked)}"
        case openai.APITimeoutError() | TimeoutError() if any(isinstance(e, TimeoutError) for e in _causes(fault)):
            within = f"the deadline of {asked.deadline:g} s" if asked.late else f"{asked.timeout:g} s"
            return f"no answer within {within} from {asked.place}"
        case openai.APIConnectionError():
            return f"cannot reach {asked.place} ({type(_causes(fault)[-1]).__name__}){_more(fault, asked)}"
    return _misfit(fault, asked)


def _causes(fault: BaseException) -> list[BaseException]:
    """Return a fault and what it was raised from: openai calls a refused connection a time-out."""
    causes = [fault]
    while (cause := causes[-1].__cause__) is not None:
        causes.append(cause)
    return causes


def _misfit(fault: BaseException, asked: Asked) -> str:
    """Return what was wrong with the last reply; raise the fault where it is not a reply's."""
    from instructor.core.exceptions import InstructorRetryException

    cause = fault.__cause__ if isinstance(fault, InstructorRetryException) else fault
    words = getattr(cause, "reason", None)
    if words is None:
        _raise(fault)
    return f"{words}, asked {asked.replies} times"


def _raise(fault: BaseException) -> NoReturn:
    raise fault


def _hopeless(fault: BaseException, asked: Asked) -> Exception | None:
    """Return the error for what no request can survive."""
    import openai

    if isinstance(fault, (openai.AuthenticationError, openai.PermissionDeniedError)):
        return ModelError(f"{asked.place} refused access (HTTP {fault.status_code}); check OPENAI_API_KEY")
    if isinstance(fault, openai.NotFoundError) or _unknown_model(fault):
        status = getattr(fault, "status_code", 404)
        return ModelError(
            f"{asked.place} knows no model {asked.model!r} (HTTP {status}); check the name and OPENAI_BASE_URL"
        )
    if unrecorded(fault):
        return CassetteError(
            "the cassette holds no answer to this request: the document, a prompt, the model or what is asked (--read) differs "
            "from the recording; ask as it was recorded, or delete the cassette and record it again"
        )
    return None


def _more(fault: BaseException, asked: Asked) -> str:
    if out_of_quota(fault):
        return f" ({_ACCOUNT})"
    if _too_long(fault):
        return " (the request is longer than the model's context)"
    return f" (the deadline of {asked.deadline:g} s allows no other try)" if asked.late else ""


def _too_long(fault: BaseException) -> bool:
    return getattr(fault, "code", None) == "context_length_exceeded" or getattr(fault, "status_code", None) == 413


def _unknown_model(fault: BaseException) -> bool:
    return getattr(fault, "code", None) == "model_not_found"
