"""Why a reply of the model could not be used, told without the reply's own words."""

from __future__ import annotations

import json


def unusable(error: Exception, asked: int) -> str | None:
    """Return the reason why a reply could not be used, or None where the error is not the reply's."""
    from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException
    from pydantic import ValidationError

    if isinstance(error, IncompleteOutputException):
        return "the reply was cut off at the endpoint's token limit"
    if isinstance(error, (InstructorRetryException, ValidationError, json.JSONDecodeError)):
        return f"the reply does not fit the schema{_first_problem(error)}, asked {asked} times"
    return None


def _first_problem(error: BaseException | None) -> str:
    """Return where a reply first breaks the schema, without the reply's own words."""
    from pydantic import ValidationError

    while error is not None and not isinstance(error, ValidationError):
        error = error.__cause__ or error.__context__ or _last_attempt(error)
    if error is None:
        return ""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f" ({place or 'top level'}: {first['type']})"


def _last_attempt(error: BaseException) -> BaseException | None:
    """Return what instructor's last attempt failed with."""
    attempts = getattr(error, "failed_attempts", None)
    return attempts[-1].exception if attempts else None
