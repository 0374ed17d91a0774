"""What a comparison finds, in words: numbers that disagree, or two disclosures that do not compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from budget_llm.comparison.rules import Compared
from budget_llm.comparison.sides import Pair
from budget_llm.comparison.words import DOUBTS, MEASURES, WORDS
from budget_llm.facts import Fact, Finding, Place
from budget_llm.identities.blame import Blame
from budget_llm.identities.check import Check, exponent, unit_factor
from budget_llm.identities.findings import finding_at, written
from budget_llm.ordered import start_of
from budget_llm.quantities import quantum

_FEWEST_DIFFERENT = 4


def findings_of(pair: Pair, named: Sequence[tuple[str, Compared]]) -> tuple[Finding, ...]:
    """Return a finding for each comparison that misses; one for all of them where most numbers differ."""
    blame = Blame([compared.check for _, compared in named])
    missed = [(rule, compared.check) for rule, compared in named if not compared.check.holds]
    numbers = {start_of(base(compared.check)) for _, compared in named}
    different = {start_of(base(check)) for _, check in missed}
    is_another = len(different) >= _FEWEST_DIFFERENT and 2 * len(different) > len(numbers)
    found = [
        _finding(pair, rule, compared, () if compared.check.holds else blame.suspects(number))
        for number, (rule, compared) in enumerate(named)
        if not is_same(compared.check) and (compared.check.holds or not is_another)
    ]
    found.sort(key=lambda f: (f.severity == "rounding", f.places[0].start, f.rule))
    whole = (_base_differs(pair, [check for _, check in missed], len(different), len(numbers)),) if is_another else ()
    return (*whole, *found)


def base(check: Check) -> Fact:
    """Return the number of the first disclosure that a comparison rests on."""
    return check.operands[-1]


def is_same(check: Check) -> bool:
    """Whether a check holds to the last written digit: of the coarser number, where units differ."""
    if check.is_exact:
        return True
    found = check.found
    halves = [quantum(fact.value) * unit_factor(fact, found) for fact in check.operands if fact.value]
    converted = any(fact.unit != found.unit for fact in check.operands)
    return check.form == "sum" and converted and abs(check.difference) <= max(halves, default=0)


def different_bodies(pair: Pair, names: tuple[str | None, str | None]) -> Finding:
    """Return the warning that two disclosures name two bodies."""
    (first, first_english), (second, second_english) = _titles(pair)
    return _warning(
        "different_bodies",
        f"两份公开的单位名称不同：{first}为{names[0]}，{second}为{names[1]}；请确认是同一单位",
        f"the two disclosures name two bodies: {names[0]} ({first_english}), {names[1]} ({second_english}); check that they are one",
    )


def nothing_to_compare(pair: Pair) -> Finding:
    """Return the warning that two disclosures have no number in common."""
    (first, first_english), (second, second_english) = _titles(pair)
    return _warning(
        "nothing_to_compare",
        f"没有可比较的数字：{second}没有引用{first}公布的数字，或所引数字在文中有歧义；未作任何比较",
        f"nothing to compare: the {second_english} states nothing that the {first_english} publishes, or nothing that is "
        "stated in one way only; no number was checked",
    )


def _base_differs(pair: Pair, missed: Sequence[Check], different: int, numbers: int) -> Finding:
    (first, first_english), (second, second_english) = _titles(pair)
    facts = {start_of(fact): fact for check in missed for fact in (check.found, base(check))}
    return _warning(
        "base_differs",
        f"两份公开的口径可能不同：{second}与{first}相比较的 {numbers} 个数中有 {different} 个不一致，单位范围或口径可能有调整，未逐一列为错误",
        f"the two disclosures do not compare on one base: of {numbers} numbers of the {first_english}, {different} differ from what the "
        f"{second_english} takes them to be; its units or its scope may have changed, so that they are not told one by one",
        tuple(
            pair.place(facts[start]) for start in sorted(facts, key=lambda start: (start < pair.second.shift, start))
        ),
    )


def _warning(rule: str, message: str, english: str, places: tuple[Place, ...] = ()) -> Finding:
    return Finding(rule, "warning", message, (), None, None, None, places, english=english)


def _finding(pair: Pair, rule: str, compared: Compared, suspects: Sequence[Fact]) -> Finding:
    check = _trimmed(compared.check)
    check = replace(check, detail=_detail(pair, rule, check))
    finding = finding_at(pair.place, rule, WORDS[rule], check, suspects)
    if compared.doubt is None or finding.severity != "error":
        return finding
    words, english = DOUBTS[compared.doubt]
    return replace(
        finding, severity="warning", message=f"{finding.message}（{words}）", english=f"{finding.english} ({english})"
    )


def _trimmed(check: Check) -> Check:
    """Return a check whose expected number has no zeros behind its last digit that only a conversion of units put there."""
    expected, digits = check.expected, exponent(check.found.value)
    if check.form == "sum" and exponent(expected) < digits:
        expected = expected.normalize()
        expected = expected.quantize(Decimal(1).scaleb(min(digits, exponent(expected))))
    return replace(check, expected=expected)


def _detail(pair: Pair, rule: str, check: Check) -> tuple[str, str]:
    """Return who says what, in Chinese and in English."""
    found, expected = check.found, written(check)
    unit, difference = found.unit or "", found.value - expected
    (_, _), (second, second_english) = _titles(pair)
    what, what_english = MEASURES.get(rule, ("", ""))
    told, told_english = zip(*(_told(pair, fact) for fact in check.operands[1:]), strict=True)
    return (
        f"{second}的{found.label}{what}应为 {expected}{unit}，原文为 {found.value}{unit}，相差 {difference}{unit}（{'，'.join(told)}）",
        f"{what_english}{found.label} in the {second_english} should be {expected}{unit}, the document says {found.value}{unit}, "
        f"off by {difference}{unit} ({', '.join(told_english)})",
    )


def _told(pair: Pair, fact: Fact) -> tuple[str, str]:
    titles = _titles(pair)[pair.side(fact) is pair.second]
    number = f"{fact.value}{fact.unit or ''}"
    return f"{titles[0]}为 {number}", f"{titles[1]}: {number}"


def _titles(pair: Pair) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return what both disclosures are called: by year and kind, or by their sources where these are alike."""
    if not pair.is_twice:
        return pair.first.titles, pair.second.titles
    first, second = (Path(side.name).name for side in (pair.first, pair.second))
    return (first, first), (second, second)
