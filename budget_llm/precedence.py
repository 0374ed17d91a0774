"""Which of two conflicting readings is followed, and the identities that speak for and against each.

The policy is the caller's: a function of the fact in conflict. By default the source text and the identities come
first, then the rule, then the model. Whichever is followed, `Fact.other` keeps the reading that is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from budget_llm.document import Document
from budget_llm.errors import InputError
from budget_llm.facts import Fact, Reader, Reading
from budget_llm.identities import Examination, examine

Precedence = Callable[[Fact], Reader]
"""Called with a fact in conflict, which holds the rule's reading and in `other` the model's, each with the identities that
support and contradict it; returns whose reading is followed."""

# What of a fact two readings differ in where they differ in no number, by the name of the mistake.
_FIELDS = {
    "wrong year": "period", "wrong stage": "stage", "wrong scope": "scope", "wrong measure": "measure", "wrong code": "code",
}  # fmt: skip


def source_and_identities_first(fact: Fact) -> Reader:
    """Follow the model where its number stands in the source and the identities fail with the rule's alone; else the rule."""
    other = fact.other
    if other is None or other.start is None or not fact.contradicted:
        return "rule"
    better = len(other.contradicted) < len(fact.contradicted) and len(other.supported) > len(fact.supported)
    return "model" if better else "rule"


def settle(
    document: Document, facts: Sequence[Fact], unread: Sequence[int], precedence: Precedence | None = None
) -> tuple[Fact, ...]:
    """Return the facts, each conflict with the evidence for both sides and resolved by the policy.

    The model's side is weighed by putting its reading in the place of the rule's, everything else left as it is.
    """
    held = [fact for fact in facts if fact.verdict != "unsupported"]
    if not any(fact.verdict == "conflict" for fact in held):
        return tuple(facts)
    policy = precedence or source_and_identities_first
    by_rule = examine(document, held, unread)
    return tuple(
        _settled(document, fact, held, unread, by_rule, policy) if fact.verdict == "conflict" else fact
        for fact in facts
    )


def _settled(
    document: Document, fact: Fact, held: Sequence[Fact], unread: Sequence[int], by_rule: Examination, policy: Precedence
) -> Fact:  # fmt: skip
    if fact.other is None or fact.other.reader != "model":
        return fact
    told = _followed(fact, fact.other)
    by_model = examine(document, [told if other is fact else other for other in held], unread)
    weighed = replace(
        fact,
        supported=by_rule.supported.get(fact.start or 0, ()),
        contradicted=by_rule.contradicted.get(fact.start or 0, ()),
        other=replace(
            fact.other,
            supported=by_model.supported.get(fact.start or 0, ()),
            contradicted=by_model.contradicted.get(fact.start or 0, ()),
        ),
    )
    followed = policy(weighed)
    if followed not in ("rule", "model"):
        raise InputError(f"precedence: expected a policy that returns 'rule' or 'model', it returned {followed!r}")
    if followed == "rule":
        return weighed
    assert weighed.other is not None
    mine = Reading(
        "rule", fact.concept, fact.value, fact.unit, fact.text, fact.start, fact.end,
        None if weighed.other.field is None else str(getattr(fact, _field(fact, weighed.other))),
        weighed.supported, weighed.contradicted,
    )  # fmt: skip
    told = replace(_followed(weighed, weighed.other), start=weighed.other.start, end=weighed.other.end)
    return replace(told, other=mine, supported=weighed.other.supported, contradicted=weighed.other.contradicted)


def _followed(fact: Fact, other: Reading) -> Fact:
    """Return a fact as the other reading has it, in the place of this one."""
    told = replace(fact, concept=other.concept, value=other.value, unit=other.unit, text=other.text)
    name = _field(fact, other)
    if other.field is None or name == "concept":
        return told
    entry: object = int(other.field) if name == "period" and other.field.isdigit() else other.field
    return replace(told, **{name: None if entry == "None" else entry})  # type: ignore[arg-type]


def _field(fact: Fact, other: Reading) -> str:
    """Return the field in which two readings of one number differ: of an item its concept, else its label."""
    return _FIELDS.get(fact.conflict or "", "label" if other.concept == fact.concept else "concept")
