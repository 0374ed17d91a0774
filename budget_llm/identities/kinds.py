"""Identities of counts: things and people, and the kinds that prose lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from budget_llm.facts import Fact
from budget_llm.identities.check import Check, sum_check
from budget_llm.ordered import end_of, start_of
from budget_llm.statements import Statement

_CHIEFLY = re.compile("主要(?:是|为|有|包括|用于|[:：])")
_NUMBER, _STOP = re.compile("[0-9.]+"), re.compile("[；;。]")


def vehicles_by_kind(statement: Statement) -> Iterator[Check]:
    """车辆总数 = Σ 各类车辆, where kinds are listed behind the total."""
    for concept in ("assets.vehicles", "assets.vehicles_planned"):
        for total, kinds in _counted_by_kind(statement, concept):
            if len(kinds) >= 2 or any(k.value > total.value for k in kinds):
                yield sum_check(total, kinds, is_listed=True)


def staff_by_kind(statement: Statement) -> Iterator[Check]:
    """在职人数 = Σ 各类人员, where 其中 lists kinds behind the total, up to those that complete it."""
    for concept in ("staff.actual", "staff.establishment"):
        for total, kinds in _counted_by_kind(statement, concept):
            full = next((n for n in range(2, len(kinds) + 1) if sum(k.value for k in kinds[:n]) == total.value), 0)
            own = kinds[:full] if full else _until_stop(statement, total, kinds)
            plain = len(own) >= 2 and statement.is_plain_list(total, own) and _counts_all(statement, total, own)
            if full or plain:
                yield sum_check(total, own, is_listed=True)


def _counted_by_kind(statement: Statement, concept: str) -> Iterator[tuple[Fact, tuple[Fact, ...]]]:
    """Yield each count of a concept behind which 其中 opens a list of its kinds, with the kinds of the same sentence."""
    counted = statement.all(concept)
    place = 0
    while place < len(counted):
        kinds = _kinds(statement, counted[place:])
        if kinds:
            yield counted[place], kinds
        place += len(kinds) + 1


def _kinds(statement: Statement, counted: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return the kinds of the first of the counts; none where one number stands for two of them (其他用车各1辆)."""
    kinds: list[Fact] = []
    for before, fact in pairwise(counted):
        if kinds and statement.is_aside(kinds[-1], fact):  # 其他用车3辆（其中殡葬服务用车2辆）
            continue
        between = statement.document.text[end_of(before) : start_of(fact)]
        if "。" in between or _CHIEFLY.search(between) or (not kinds and not re.search("其中|[：:]", between)):
            break
        if between.endswith("各"):
            return ()
        kinds.append(fact)
    return tuple(kinds)


def _until_stop(statement: Statement, total: Fact, parts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return the parts that stand before the first semicolon behind their total."""
    stop = _STOP.search(statement.document.text, end_of(total))
    return tuple(part for part in parts if stop is None or start_of(part) < stop.start())


def _counts_all(statement: Statement, total: Fact, parts: Sequence[Fact]) -> bool:
    """Whether every number from a total to the last of its parts is one of them."""
    between = statement.document.text[end_of(total) : start_of(parts[-1])]
    return len(_NUMBER.findall(between)) < len(parts)
