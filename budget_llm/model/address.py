"""The address of an endpoint, apart from the secrets that a URL may carry."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import unquote

from budget_llm.errors import ModelError


@dataclass(frozen=True, slots=True)
class Address:
    """Where the endpoint is: `url` without user and password, which travel in `headers` alone."""

    url: str | None
    headers: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def place(self) -> str:
        """The endpoint for messages: scheme and host."""
        found = re.match(r"https?://[^/]+", self.url or "https://api.openai.com")
        return found.group() if found else "the endpoint"


def address(base_url: str | None) -> Address:
    """Return the address that a base URL names; raise ModelError, without its secrets, for what is none."""
    if base_url is None:
        return Address(None)
    found = re.fullmatch(r"(https?://)(?:([^/?#]*)@)?([^/?#@]+(?:/[^?#]*)?)", base_url)
    if found is None:
        shown = re.sub(r"[?#].*", "?…", re.sub(r"^(https?://)?.*@", r"\1…@", base_url))
        raise ModelError(f"base_url: expected http(s)://host/v1, found {shown!r}")
    scheme, credentials, rest = found.groups()
    if credentials is None:
        return Address(base_url)
    basic = b64encode(unquote(credentials).encode()).decode()
    return Address(scheme + rest, {"Authorization": f"Basic {basic}"})
