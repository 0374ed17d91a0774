"""The two readings joined: one fact per number, with a verdict.

| verdict | the model | the rules | the source |
|---|---|---|---|
| confirmed | reads it | read the same at the same place | holds it |
| model_only | reads it | did not read it | holds it at a fitting label |
| rule_only | missed it, or was not asked | read it | holds it |
| conflict | reads it one way | read it another way | `conflict` names the kind of difference |
| unsupported | wrote it | did not read it | does not hold it, or not at this label |

Precedence in a conflict: the source first, then the rule, then the model. The value that is not followed
stays in `other`. Nothing here can reach the model: the join is deterministic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from budget_llm.diagnosis import diagnose, name_mistake
from budget_llm.facts import Fact, Reading
from budget_llm.normal_form import normalise, share_words, telling
from budget_llm.quantities import YUAN
from budget_llm.read_by_model import ModelFact
from budget_llm.scopes import named_fund

# Two names for one number: 本年支出合计 and 支出合计; the completion of the whole budget and 执行率;
# 一般公共预算当年拨款 as what is received and what is spent.
_ONE_READING = frozenset(
    {
        frozenset(("expenditure.total", "expenditure.current_year")),
        frozenset(("income.total", "income.current_year")),
        frozenset(("evaluation.execution_rate", "expenditure.total")),
        frozenset(("expenditure.total", "income.general_public_budget")),
    }
)
# Concepts that many items share: there the label tells which one is meant.
_ITEMS = frozenset(
    {"expenditure.function", "expenditure.economic", "operating.item", "performance.project_budget", "staff.actual"}
    | {"staff.change", "staff.establishment", "other"}
)
# What a difference in a field of the fact, and not in its number, is called.
_FIELDS = {
    "concept": "wrong item", "measure": "wrong measure", "scope": "wrong scope", "period": "wrong year", "code": "wrong code",
    "stage": "wrong stage", "label": "wrong item",
}  # fmt: skip
_SAME_NUMBER_READ_AS = ("concept", "measure", "scope", "period", "code")


def crosscheck(rule_facts: Sequence[Fact], model_facts: Sequence[ModelFact]) -> tuple[Fact, ...]:
    """Return all facts of both readings with their verdicts, in the order of the text; the unplaced last."""
    joined: dict[Fact, tuple[Fact, ModelFact]] = {}
    facts: list[Fact] = []
    unjoined: list[ModelFact] = []
    for claim, rule in _met(rule_facts, model_facts):
        if rule is None:
            unjoined.append(claim)
            continue
        both = _join(rule, claim)
        if rule not in joined:
            joined[rule] = both, claim
        elif both.verdict != "confirmed":  # another claim on a number that has one
            unjoined.append(claim)
        elif joined[rule][0].verdict != "confirmed":
            unjoined.append(joined[rule][1])
            joined[rule] = both, claim
    alone = [fact for fact in rule_facts if fact not in joined]
    facts += (fact for fact, _ in joined.values())
    facts += _unjoined(unjoined, alone, rule_facts)
    facts += (fact.with_verdict("rule_only", "rule") for fact in alone)
    return tuple(sorted(facts, key=lambda f: (f.start is None, f.start or 0, f.concept, f.label)))


def _met(
    rule_facts: Sequence[Fact], model_facts: Iterable[ModelFact]
) -> Iterator[tuple[ModelFact, Fact | None]]:  # fmt: skip
    """Yield the claims with the rules' fact of the same number; one that belongs to another number meets none.

    A number at another label than the claim's is met only where the rules take it for the claim's item too.
    """
    by_place = {(fact.start, fact.end): fact for fact in rule_facts}
    for claim in _distinct(model_facts):
        rule = by_place.get((claim.fact.start, claim.fact.end)) or _overlapping(rule_facts, claim.fact)
        if rule is not None and claim.reason == "wrong item" and not _is_meant(rule, claim, rule_facts):
            rule = None
        yield claim, rule


def _is_meant(rule: Fact, claim: ModelFact, rule_facts: Sequence[Fact]) -> bool:
    """Whether a number away from the claim's label is the claim's all the same: the rules read it so, and no other."""
    if claim.fact.concept.startswith("evaluation."):  # their names are the library's own, not copied
        return True
    if claim.instead is None and _alike(rule.label, claim.fact.label):
        return True
    if _join(rule, claim).verdict != "confirmed" or not _same_item(rule, claim.fact):
        return False
    if claim.instead is None or _alike(rule.label, claim.fact.label):
        return True
    named = next((fact for fact in rule_facts if fact.start == claim.instead.start), None)
    return named is None or named.measure != rule.measure or not _alike(named.label, claim.fact.label)


def _unjoined(claims: Iterable[ModelFact], alone: list[Fact], rule_facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield the facts of claims that met no fact of the rules; a rival that one must have meant leaves `alone`."""
    held = {fact.start for fact in rule_facts}
    for claim in claims:
        if claim.fits and claim.fact.start not in held:
            found = replace(claim.fact, label=claim.wording or claim.fact.label)
            yield found.with_verdict("model_only", "model")
            continue
        rival = _rival(claim, alone)
        if rival is not None:
            alone.remove(rival)
            yield _conflict(rival, claim.fact, name_mistake(claim, rival, rule_facts))
        else:
            kind = name_mistake(claim, claim.instead, rule_facts)
            yield replace(claim.fact, verdict="unsupported", conflict=kind, start=None, end=None)


def _distinct(claims: Iterable[ModelFact]) -> list[ModelFact]:
    """Drop what the model wrote twice alike for one place."""
    kept: dict[tuple[object, ...], ModelFact] = {}
    for number, claim in enumerate(claims):
        fact = claim.fact
        key = (fact.start, fact.measure, fact.concept, fact.label, fact.value, fact.unit) if claim.fits else (number,)
        kept.setdefault(key, claim)
    return list(kept.values())


def _overlapping(rule_facts: Sequence[Fact], fact: Fact) -> Fact | None:
    """Return the rule's fact whose span overlaps the claim's (a phrase may be quoted longer or shorter)."""
    if fact.start is None or fact.end is None:
        return None
    for rule in rule_facts:
        if rule.start is not None and rule.end is not None and rule.start < fact.end and fact.start < rule.end:
            return rule
    return None


def _join(rule: Fact, claim: ModelFact) -> Fact:
    """Return the fact of two readings of one number: confirmed, or in conflict with the kind of difference."""
    model = claim.fact
    if rule.value != model.value:
        return _conflict(rule, model, diagnose(rule.value, rule.unit, model.value, model.unit))
    if rule.measure not in ("weight", "score") and not _same_unit(rule.unit, model.unit):
        return _conflict(rule, model, "unit")
    for name in _SAME_NUMBER_READ_AS:
        ours, theirs = getattr(rule, name), getattr(model, name)
        if name in ("scope", "period", "code") and (name not in claim.stated or ours is None):
            continue
        if str(ours) != str(theirs) and not _agree(name, rule, model):
            return _conflict(rule, model, _FIELDS[name], str(theirs))
    if rule.stage and model.stage and rule.stage != model.stage and rule.measure == "amount":
        return _conflict(rule, model, "wrong stage", model.stage)
    if rule.concept in _ITEMS and not _same_item(rule, model):
        return _conflict(rule, model, "wrong item", model.label)
    return rule.with_verdict("confirmed", "model", "rule")


def _same_unit(ours: str | None, theirs: str | None) -> bool:
    """Whether two units are one: 萬元 and 万元, 万元/处 and 万元, 篇 and 篇（条）."""
    if ours is None or theirs is None:
        return True
    one, other = (normalise(unit).partition("/")[0] for unit in (ours, theirs))
    return one == other or (not {one, other} & YUAN.keys() and (one in other or other in one))


def _same_item(rule: Fact, model: Fact) -> bool:
    """Whether the model names the item that the rules read, or the project whose money it is."""
    named = rule.label.replace("项目", "")  # 该项目年初预算 names no other than the one that is spoken of
    return share_words(named, model.label) or (rule.project is not None and share_words(rule.project, model.label))


def _one_item(one: str, other: str) -> bool:
    """Whether two labels name one item beyond doubt: one is a part of the other, or both tell and share what they tell."""
    return _alike(one, other) or bool(telling(one) and telling(other) and share_words(one, other))


def _agree(name: str, rule: Fact, model: Fact) -> bool:
    """Whether two different entries say the same: where the fact model leaves a choice, it is no conflict."""
    if name == "concept":
        pair = frozenset((rule.concept, model.concept))
        # "other" asserts nothing that could be contradicted; the label tells whether both mean one item.
        unsaid = "other" in pair and _one_item(rule.label, model.label)
        return model.concept in rule.also or pair in _ONE_READING or unsaid
    if name == "period":
        year, month = sorted((str(rule.period), str(model.period)), key=len)
        return month == f"{year}-12"
    return name == "scope" and model.scope == named_fund(normalise(model.label))


def _conflict(rule: Fact, model: Fact, kind: str, field: str | None = None) -> Fact:
    """Return the rules' fact with the model's reading beside it: `field` is its entry where not the numbers differ."""
    other = Reading("model", model.concept, model.value, model.unit, model.text, model.start, model.end, field)
    return replace(rule, verdict="conflict", readers=("model", "rule"), conflict=kind, other=other)


def _rival(claim: ModelFact, alone: Sequence[Fact]) -> Fact | None:
    """Return the one fact of the rules that a claim must have meant: at its label in the source, else with its name."""
    same = [fact for fact in alone if fact.measure == claim.fact.measure]
    if claim.instead is not None:
        at = claim.instead.start
        there = [f for f in same if f.start is not None and f.end is not None and f.start <= at < f.end]
        if there and (there[0].concept == claim.fact.concept or _alike(there[0].label, claim.fact.label)):
            return there[0]
    same = [
        fact
        for fact in same
        if fact.concept == claim.fact.concept
        and fact.section == claim.fact.section
        and (fact.stage == claim.fact.stage or claim.fact.stage is None)
    ]
    labelled = [f for f in same if _alike(f.label, claim.fact.label)]
    chosen = labelled or (same if claim.fact.concept.endswith(".total") else [])
    return chosen[0] if len(chosen) == 1 else None


def _alike(one: str, other: str) -> bool:
    a, b = normalise(one), normalise(other)
    return a in b or b in a
