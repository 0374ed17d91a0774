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
from decimal import Decimal

from budget_llm.facts import Fact, Reading
from budget_llm.normal_form import normalise, share_words
from budget_llm.quantities import in_yuan
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
# Kinds of difference that are a field of the fact and not its number.
_FIELDS = frozenset({"scope", "period", "code", "measure", "stage", "label"})
_SAME_NUMBER_READ_AS = ("concept", "measure", "scope", "period", "code")


def crosscheck(rule_facts: Sequence[Fact], model_facts: Sequence[ModelFact]) -> tuple[Fact, ...]:
    """Return all facts of both readings with their verdicts, in the order of the text; the unplaced last."""
    by_place = {(f.start, f.end): f for f in rule_facts}
    joined: dict[tuple[int | None, int | None], tuple[Fact, ModelFact]] = {}
    facts: list[Fact] = []
    unplaced: list[ModelFact] = []
    for claim in _distinct(model_facts):
        rule = by_place.get((claim.fact.start, claim.fact.end)) or _overlapping(rule_facts, claim.fact)
        if rule is None or claim.fact.start is None:
            unplaced.append(claim)
            continue
        key, both = (rule.start, rule.end), _join(rule, claim)
        if key not in joined:
            joined[key] = both, claim
        elif both.verdict != "confirmed":  # another claim on a number that has one
            facts.append(_unsupported(claim))
        elif joined[key][0].verdict != "confirmed":
            facts.append(_unsupported(joined[key][1]))
            joined[key] = both, claim
    alone = [f for f in rule_facts if (f.start, f.end) not in joined]
    facts += [*(fact for fact, _ in joined.values()), *_unjoined(unplaced, alone)]
    facts += (fact.with_verdict("rule_only", "rule") for fact in alone)
    return tuple(sorted(facts, key=lambda f: (f.start is None, f.start or 0, f.concept, f.label)))


def _unjoined(claims: Iterable[ModelFact], alone: list[Fact]) -> Iterator[Fact]:
    """Yield the facts of claims that met no fact of the rules; a rival that one must have meant leaves `alone`."""
    for claim in claims:
        rival = None if claim.fits else _rival(claim, alone)
        if claim.fits:
            yield claim.fact.with_verdict("model_only", "model")
        elif rival is not None:
            alone.remove(rival)
            kind = diagnose(rival.value, rival.unit, claim.fact.value, claim.fact.unit)
            yield _conflict(rival, claim.fact, kind)
        else:
            yield _unsupported(claim)


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
        reason = "sign" if rule.value == -model.value else "value"
        return _conflict(rule, model, reason)
    if (
        rule.unit != model.unit
        and rule.unit is not None
        and model.unit is not None
        and rule.measure not in ("weight", "score")
    ):
        return _conflict(rule, model, "unit")
    for name in _SAME_NUMBER_READ_AS:
        ours, theirs = getattr(rule, name), getattr(model, name)
        if name in ("scope", "period", "code") and (name not in claim.stated or ours is None):
            continue
        if str(ours) != str(theirs) and not _agree(name, rule, model):
            return _conflict(rule, model, name)
    if rule.stage and model.stage and rule.stage != model.stage and rule.measure == "amount":
        return _conflict(rule, model, "stage")
    if rule.concept in _ITEMS and not share_words(rule.label, model.label):
        return _conflict(rule, model, "label")
    return rule.with_verdict("confirmed", "model", "rule")


def _agree(name: str, rule: Fact, model: Fact) -> bool:
    """Whether two different entries say the same: where the fact model leaves a choice, it is no conflict."""
    if name == "concept":
        pair = frozenset((rule.concept, model.concept))
        return model.concept in rule.also or pair in _ONE_READING
    if name == "period":
        year, month = sorted((str(rule.period), str(model.period)), key=len)
        return month == f"{year}-12"
    return name == "scope" and model.scope == named_fund(normalise(model.label))


def _conflict(rule: Fact, model: Fact, reason: str) -> Fact:
    other = Reading(
        "model",
        model.concept,
        model.value,
        model.unit,
        model.text,
        model.start,
        model.end,
        _differing(model, reason),
    )
    return replace(rule, verdict="conflict", readers=("model", "rule"), conflict=reason, other=other)


def _differing(model: Fact, reason: str) -> str | None:
    """Return what the model wrote for the field in which the readings differ."""
    return str(getattr(model, reason)) if reason in _FIELDS else None


def _unsupported(claim: ModelFact) -> Fact:
    reason = "not in the source" if claim.fact.start is None else "not at this label"
    return replace(claim.fact, verdict="unsupported", conflict=reason, start=None, end=None)


def _rival(claim: ModelFact, alone: Sequence[Fact]) -> Fact | None:
    """Return the one fact of the rules that an unplaced claim must have meant: same concept, label and measure."""
    same = [
        fact
        for fact in alone
        if fact.concept == claim.fact.concept
        and fact.measure == claim.fact.measure
        and fact.section == claim.fact.section
        and (fact.stage == claim.fact.stage or claim.fact.stage is None)
    ]
    labelled = [f for f in same if _alike(f.label, claim.fact.label)]
    chosen = labelled or (same if claim.fact.concept.endswith(".total") else [])
    return chosen[0] if len(chosen) == 1 else None


def _alike(one: str, other: str) -> bool:
    a, b = normalise(one), normalise(other)
    return a in b or b in a


def diagnose(right: Decimal, unit: str | None, wrong: Decimal, wrong_unit: str | None) -> str:
    """Return how a wrong number came from the right one: the kinds that cassettes and audits meet.

    unit, sign, decimal shift, transposed digits, dropped digit, rounding, or value.
    """
    ours, theirs = in_yuan(right, unit), in_yuan(wrong, wrong_unit)
    if (ours is not None and ours == theirs) or right == wrong:
        return "unit"
    if right == -wrong:
        return "sign"
    if right and wrong and _digits(right) == _digits(wrong):
        return "decimal shift"
    a, b = _digits(right), _digits(wrong)
    if len(a) == len(b) and sorted(a) == sorted(b):
        return "transposed digits"
    if _without_one(a, b) or _without_one(b, a):
        return "dropped digit"
    if right and abs(right - wrong) < Decimal(1) and _rounds_to(right, wrong):
        return "rounding"
    return "value"


def _digits(value: Decimal) -> str:
    return "".join(map(str, value.as_tuple().digits)).strip("0")


def _without_one(longer: str, shorter: str) -> bool:
    return len(longer) == len(shorter) + 1 and any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _rounds_to(right: Decimal, wrong: Decimal) -> bool:
    exponent = wrong.as_tuple().exponent
    return isinstance(exponent, int) and right.quantize(Decimal(1).scaleb(exponent)) == wrong
