"""Facts grouped into the statements over which identities are computed.

A statement is what one section says of one fund, year and stage, in the order of the text. Its methods
find the terms of an identity: totals and the parts listed behind them, a share and its whole, a rate and
the numbers that it compares.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budget_llm.document import Document
from budget_llm.facts import Fact, Measure
from budget_llm.normal_form import normalise
from budget_llm.ordered import Ordered, commensurable, level_of
from budget_llm.ordered import end_of as _end
from budget_llm.ordered import start_of as _start

Key = tuple[int | None, int | None, str | None, int | str | None, str | None]
"""Section (None: throughout), table (None: in prose), scope, period, stage."""
_NEAR = 160
_NONE = Ordered(())
_LIST_END = re.compile(r"。|\n\s*\n")
_ROW, _BESIDE = 24, 30
_REST, _LIST_TAIL = re.compile(r"其余|剩余|等(?:支出|费用|方面|项目|开支|$|[，。；])|主要"), 16
# 此外，年初结转5万元: beside what was listed.
_ELSEWHERE = re.compile(r"。\s{0,4}(?:此外|另外?[，,]|除此之外|同时[，,])")
_NEXT = re.compile(r"。\s{0,4}\n\s{0,8}[（(][一二三四五六七八九十]{1,3}[)）]")
_ASIDE = re.compile(r"[（(][^）)。]{0,60}$")
# What is spent beside basic and project expenditure.
SPENT_BESIDE = re.compile("预留机动|上缴上级|经营支出|附属单位补助")
_EXAMPLES = re.compile(
    r"(?:原因|由于|重点|主要(?:是|包括|用于)|较大|增加|减少)[^。；\n]*$|主要(?:支出|项目|收入)?(?:科目)?(?:增减)?(?:变化|变动)?(?:情况|内容|方向)[^。；]{0,8}[：:]"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """The facts of one section's prose, or of one table, by scope, period and stage.

    `facts` are its own, `section_facts` all of the section (other stages, other years), `document_facts`
    all of the document with the same scope, for wholes that stand in an earlier section. `unread` are the
    places of the document's amounts that no fact explains: a list with one among its parts is no full list.
    """

    document: Document
    key: Key
    facts: Ordered
    section_facts: Ordered
    document_facts: Ordered
    unread: tuple[int, ...] = ()

    @property
    def table(self) -> int | None:
        """The number of the table that the statement is, None for prose."""
        return self.key[1]

    @property
    def stage(self) -> str | None:
        """The stage of its amounts."""
        return self.key[4]

    def of_measure(self, measure: Measure) -> Iterator[Fact]:
        """Yield the facts of a measure."""
        return (f for f in self.facts if f.measure == measure)

    def all(self, *concepts: str) -> list[Fact]:
        """Return the amounts (or counts) of the given concepts, columns and parts of items excepted."""
        found = [f for concept in concepts for f in self.facts.of(concept)]
        return [f for f in found if f.measure in ("amount", "count") and f.split is None]

    def first(self, *concepts: str) -> Fact | None:
        """Return the first amount of the first of the given concepts that has one; in a table only where it is the only one."""
        for concept in concepts:
            stated = [f for f in self.facts.of(concept) if f.measure in ("amount", "count") and f.split is None]
            if self.table is not None:
                stated = [f for f in stated if f.code is None]
                if len(stated) > 1:
                    return None
            if stated:
                return stated[0]
        return None

    def parts(self, *concepts: str, total: Fact | None = None) -> tuple[Fact, ...]:
        """Return the first amount of each concept, all of them or none; in prose those behind a total, where such are."""
        found = [self.first(concept) for concept in concepts]
        if total is not None and self.table is None:
            behind = [next((f for f in self.all(concept) if _start(f) > _start(total)), None) for concept in concepts]
            found = behind if all(behind) else found
        return tuple(f for f in found if f) if all(found) else ()

    def listed_after(self, total: Fact, concepts: Sequence[str]) -> tuple[Fact, ...]:
        """Return the parts listed behind a total, up to the next total or another kind of money.

        All are of the total's unit and of one level of the classification, each named once; else none.
        """
        kinds = {concept.split(".")[0] for concept in concepts}
        found: list[Fact] = []
        for fact in self.facts.behind(_start(total)):
            if fact.measure != "amount" or fact.split is not None or not commensurable(fact, total):
                continue
            if found and self.is_aside(found[-1], fact):
                continue
            if found and (fact.concept == total.concept or fact.concept.split(".")[0] not in kinds):
                break
            if found and _ELSEWHERE.search(self.document.text, _end(found[-1]), _start(fact)):
                break
            if len(found) > 1 and self._is_whole(total, found, fact):
                break
            if fact.concept in concepts:
                found.append(fact)
        levels = {level_of(f) for f in found}
        labels = [(f.code, f.label) for f in found]
        return tuple(found) if len(levels) <= 1 and len(set(labels)) == len(labels) else ()

    def _is_whole(self, total: Fact, parts: Sequence[Fact], behind: Fact) -> bool:
        """Whether a list adds up where its paragraph ends, so that what stands in the next one is none of it."""
        between = self.document.text[_end(parts[-1]) : _start(behind)]
        adds_up = {f.unit for f in parts} == {total.unit} and sum(f.value for f in parts) == total.value
        return adds_up and _NEXT.search(between) is not None

    def is_aside(self, before: Fact, fact: Fact) -> bool:
        """Whether a fact stands in brackets behind another as a part of it: 事业收入126.40万元（含教育收费58.00万元）."""
        return _ASIDE.search(self.document.text, _end(before), _start(fact)) is not None

    def names_more(self, total: Fact, parts: Sequence[Fact]) -> bool:
        """Whether the list of a total's parts states an amount of its year and stage that is none of them."""
        last = max(_end(part) for part in parts)
        stop = _LIST_END.search(self.document.text, last)
        known = {_start(part) for part in parts}
        return any(
            fact.measure == "amount" and fact.split is None and _start(fact) not in known
            and (fact.period, fact.stage) == (total.period, total.stage) and commensurable(fact, total)
            and not (fact.concept == parts[0].concept and fact.scope == parts[0].scope)
            for fact in self.section_facts.between(_start(parts[0]), stop.start() if stop else last)
        )  # fmt: skip

    def parts_of_another(self, total: Fact, parts: Sequence[Fact]) -> bool:
        """Whether the amount just before the parts is their sum, and not the total."""
        before = self.section_facts.between(_end(total), min(_start(part) for part in parts) - 1)
        amounts = [fact for fact in before if fact.measure == "amount" and fact.unit == total.unit]
        return bool(amounts) and amounts[-1].value == sum(part.value for part in parts)

    def is_partial_in_other_stage(self, total: Fact, parts: Sequence[Fact]) -> bool:
        """Whether the same items fall short of the same total in the section's other stage too (年初预算 beside 决算)."""
        others = [
            f
            for f in self.section_facts
            if f.measure == "amount" and f.period == total.period and f.stage != total.stage
        ]
        wholes = [f for f in others if same_item(f, total) and f.unit == total.unit]
        same = [f for f in others if any(same_item(f, part) for part in parts) and f.unit == total.unit]
        return bool(wholes) and bool(same) and sum(f.value for f in same) < wholes[0].value

    def leaves_rest(self, parts: Sequence[Fact]) -> bool:
        """Whether the list of parts says that there are more than it names (等, 其余)."""
        last = max(_end(part) for part in parts)
        return _REST.search(self.document.text, _start(parts[0]), last + _LIST_TAIL) is not None

    def is_plain_list(self, total: Fact, parts: Sequence[Fact]) -> bool:
        """Whether the words from a total to the last of its parts part no further list, in brackets or behind a stop."""
        return re.search(r"[（(；;]|其中.*其中", self.document.text[_end(total) : _start(parts[-1])]) is None

    def nearest(self, total: Fact, part: Fact) -> Fact:
        """Return the last amount of a total's kind before the first of its parts: 全县…300万元，局本级…100万元，其中：…."""
        between = (f for f in self.facts.of(total.concept) if _start(total) < _start(f) < _start(part))
        amounts = [f for f in between if f.measure == total.measure and f.split is None and f.unit == total.unit]
        return amounts[-1] if amounts else total

    def lists(self, total: Fact, part: Fact) -> bool:
        """Whether the words between a total and its first part leave a full list open: no reasons, no examples."""
        between = self.document.text[_end(total) : _start(part)]
        return _EXAMPLES.search(between) is None

    def opens_with_some(self, total: Fact, part: Fact) -> bool:
        """Whether 其中 opens a list: it may name some of the parts only."""
        return "其中" in self.document.text[_end(total) : _start(part)]

    def has_gap(self, total: Fact, parts: Sequence[Fact]) -> bool:
        """Whether an amount that nobody understood stands between a total and the end of the list of its parts."""
        last = max(_end(part) for part in parts)
        stop = _LIST_END.search(self.document.text, last)
        place = bisect_right(self.unread, _start(total))
        return place < len(self.unread) and self.unread[place] < (stop.start() if stop else last + _NEAR)

    def amounts_before(self, fact: Fact) -> list[Fact]:
        """Return the other amounts of a fact's unit in its sentence before it, nearest first."""
        start = max(self.document.text.rfind("。", 0, _start(fact)), _start(fact) - 2 * _NEAR)
        near = self.facts.between(start, _start(fact) - 1)
        return [f for f in reversed(near) if f.measure == "amount" and f.unit == fact.unit]

    def part_of(self, ratio: Fact) -> Fact | None:
        """Return the amount that a share or rate is said of: the nearest one before it of the same item."""
        return self._before(ratio, "amount")

    def change_before(self, rate: Fact) -> Fact | None:
        """Return the change that a growth rate goes with: the nearest before it of the same item."""
        change = self._before(rate, "change")
        return change if change and _start(rate) - _end(change) <= _BESIDE else None

    def change_behind(self, rate: Fact) -> Fact | None:
        """Return the change of the same item that follows a growth rate: 增长10%，增加5万元."""
        behind = self.facts.between(_end(rate), _end(rate) + _BESIDE)
        return next((f for f in behind if f.measure == "change" and same_item(f, rate) and f.basis == rate.basis), None)

    def changes_broken_down(self) -> Iterator[tuple[Fact, tuple[Fact, ...]]]:
        """Yield the change of a total with those of its basic, project and further parts that follow it."""
        changes = list(self.of_measure("change"))
        for place, total in enumerate(changes):
            if total.concept not in ("expenditure.total", "expenditure.current_year"):
                continue
            following = changes[place + 1 :]
            stop = next((i for i, f in enumerate(following) if f.concept == total.concept), len(following))
            parts = [f for f in following[:stop] if f.concept in ("expenditure.basic", "expenditure.project")]
            both = sorted(f.concept for f in parts) == ["expenditure.basic", "expenditure.project"]
            parts += [f for f in following[:stop] if f.concept == "other" and SPENT_BESIDE.search(f.label)]
            if both and all(_goes_with(f.basis, total.basis) and _unit_fits(f, total) for f in parts):
                yield total, tuple(parts)

    def change_of(self, concept: str) -> Fact | None:
        """Return the stated change of a concept against the base that the section's first change names.

        "比上年" names no base of its own: it goes with the budget or the final account of last year, if the others name one.
        """
        changes = [f for f in self.of_measure("change") if f.concept == concept]
        base = next((f.basis for f in self.of_measure("change") if f.basis), None)
        fitting = [f for f in changes if _goes_with(f.basis, base)]
        return fitting[0] if fitting else None

    def indicator_rows(self) -> Iterator[tuple[Fact, Fact, Fact]]:
        """Yield score, weight and rate of each indicator whose row states all three side by side."""
        for score in self.facts.of("indicator.score"):
            at = _start(score)
            row = [f for f in self.facts.between(at - _ROW, at + _ROW) if _same_indicator(f, score)]
            weight = next((f for f in row if f.concept == "indicator.weight"), None)
            rate = next((f for f in row if f.concept == "indicator.rate"), None)
            if weight and rate:
                yield score, weight, rate

    def _before(self, fact: Fact, measure: Measure) -> Fact | None:
        near = self.facts.between(_start(fact) - 2 * _NEAR, _start(fact) - 1)
        same = [f for f in near if f.measure == measure and same_item(f, fact) and _start(fact) - _end(f) <= _NEAR]
        return same[-1] if same else None


def statements(document: Document, facts: Sequence[Fact], unread: Sequence[int] = ()) -> Iterator[Statement]:
    """Yield the statements of the prose of every section, and of every table."""
    by_key: dict[Key, list[Fact]] = defaultdict(list)
    by_place: dict[tuple[int | None, int | None], list[Fact]] = defaultdict(list)
    by_scope: dict[str | None, list[Fact]] = defaultdict(list)
    for fact in facts:
        section = fact.section if fact.table is None else None
        by_key[section, fact.table, fact.scope, fact.period, fact.stage].append(fact)
        by_place[section, fact.table].append(fact)
        if fact.table is None:
            by_scope[fact.scope].append(fact)
    gaps = tuple(unread)
    places = {place: Ordered(own) for place, own in by_place.items()}
    scopes = {scope: Ordered(own) for scope, own in by_scope.items()}
    for key, own in by_key.items():
        yield Statement(document, key, Ordered(own), places[key[:2]], scopes.get(key[2], _NONE), gaps)


def _same_indicator(one: Fact, other: Fact) -> bool:
    return one.project == other.project and normalise(one.label) == normalise(other.label)


def same_item(one: Fact, other: Fact) -> bool:
    """Whether two facts are told of one item."""
    return one.concept == other.concept and one.code == other.code and normalise(one.label) == normalise(other.label)


def _goes_with(basis: str | None, base: str | None) -> bool:
    """Whether a change that names a basis (or none: 比上年) may be told against a base."""
    return basis == base or (basis is None and base in ("prior_budget", "prior_final"))


def _unit_fits(one: Fact, other: Fact) -> bool:
    return one.unit == other.unit or not one.value or not other.value
