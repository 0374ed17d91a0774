"""Whether two disclosures are of one body, by the names that they give it."""

from __future__ import annotations

import re

from budget_llm.disclosure import Disclosure
from budget_llm.normal_form import normalise

_OF_PUBLICATION = re.compile(r"\((?:本级|部门|本部|机关|汇总|含[^)]*)\)$|(?:本级|本部|部门|汇总|机关)$")
# 某市某区: a name that was cut short tells of no body.
_PLACE = re.compile(r"[省市区县]$")


def name_of(disclosure: Disclosure) -> str | None:
    """Return the name of the body that a disclosure is about, None where it gives none."""
    return disclosure.document.organisation or disclosure.organisation.name


def may_be_one(one: str | None, other: str | None) -> bool:
    """Whether two names may be of one body: alike, or one without its place before it, 本级 and 部门 set aside."""
    if one is None or other is None:
        return True
    shorter, longer = sorted((_plain(one), _plain(other)), key=len)
    return longer.endswith(shorter) or (_PLACE.search(shorter) is not None and longer.startswith(shorter))


def _plain(name: str) -> str:
    """Return a name without what tells only whether its subordinates are included."""
    plain = normalise(name)
    while (shorter := _OF_PUBLICATION.sub("", plain)) != plain and shorter:
        plain = shorter
    return plain
