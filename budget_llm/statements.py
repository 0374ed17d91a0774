"""Facts grouped into the statements over which identities are computed.

A statement is what one section says of one fund, year and stage, in the order of the text. Its methods
find the terms of an identity: totals and the parts listed behind them, a share and its whole, a rate and
the numbers that it compares.
"""

from __future__ import annotations

import itertools
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

Key = tuple[int | None, str | None, int | str | None, str | None]
_NEAR = 160
_LIST_END = re.compile(r"。|\n\s*\n")
_ROW = 24
# What is spent beside basic and project expenditure.
SPENT_BESIDE = re.compile("预留机动|上缴上级|经营支出|附属单位补助")
_EXAMPLES = re.compile(
    r"(?:原因|由于|重点|主要(?:是|包括|用于)|较大|增加|减少)[^。；\n]*$|主要(?:支出|项目|收入)?(?:科目)?(?:增减)?(?:变化|变动)?(?:情况|内容|方向)[^。；]{0,8}[：:]"
)
_NEAREST_WHOLES = 4
_DIRECTION = re.compile(
    r"决算数?(?P<word>大于|小于|等于)(?:年初|全年|调整)?预算|决算数?与(?:年初)?预算数?(?:基本)?持平"
)
# What a share may be taken of, by the kind of its item; the first that stands before it counts.
_WHOLES = {
    "income": ("income.total", "income.current_year"),
    "expenditure": (
        "expenditure.total",
        "expenditure.current_year",
        "income.total",
        "income.general_public_budget",
    ),
    "procurement": ("procurement.total",),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """The facts of one section (None: the whole document), scope, period and stage.

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
    def is_document_wide(self) -> bool:
        """Whether the statement spans sections."""
        return self.key[0] is None

    def of_measure(self, measure: Measure) -> Iterator[Fact]:
        """Yield the facts of a measure."""
        return (f for f in self.facts if f.measure == measure)

    def all(self, *concepts: str) -> list[Fact]:
        """Return the amounts (or counts) of the given concepts, columns and parts of items excepted."""
        found = [f for concept in concepts for f in self.facts.of(concept)]
        return [f for f in found if f.measure in ("amount", "count") and f.split is None]

    def first(self, *concepts: str) -> Fact | None:
        """Return the first amount of the first of the given concepts that has one."""
        stated = (
            fact
            for concept in concepts
            for fact in self.facts.of(concept)
            if fact.measure in ("amount", "count") and fact.split is None
        )
        return next(stated, None)

    def parts(self, *concepts: str) -> tuple[Fact, ...]:
        """Return the first amount of each concept, all of them or none."""
        found = [self.first(concept) for concept in concepts]
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
            if found and (fact.concept == total.concept or fact.concept.split(".")[0] not in kinds):
                break
            if fact.concept in concepts:
                found.append(fact)
        levels = {level_of(f) for f in found}
        labels = [(f.code, f.label) for f in found]
        return tuple(found) if len(levels) <= 1 and len(set(labels)) == len(labels) else ()

    def counted_by_kind(self, concept: str) -> tuple[Fact | None, tuple[Fact, ...]]:
        """Return the first count of a concept and the kinds that 其中 lists behind it in the same sentence."""
        counted = self.all(concept)
        kinds: list[Fact] = []
        for before, fact in itertools.pairwise(counted):
            between = self.document.text[_end(before) : _start(fact)]
            if "。" in between or "主要" in between or (not kinds and not re.search("其中|[：:]", between)):
                break
            if between.endswith("各"):  # 机要通信用车、其他用车各1辆: one number for two kinds
                return counted[0], ()
            kinds.append(fact)
        return (counted[0] if counted else None), tuple(kinds)

    def directions(self) -> Iterator[tuple[Fact, Fact, str]]:
        """Yield budget, final and the word for each 决算数大于预算数 of the section, with the amounts before it."""
        if self.key[3] != "final" or not self.facts:
            return
        own = list(self.facts)
        for words in _DIRECTION.finditer(self.document.text, _start(own[0]), _end(own[-1]) + _NEAR):
            near = self.facts.between(words.start() - _NEAR, words.start())
            before = [f for f in near if f.measure == "amount" and _end(f) <= words.start()]
            pair = self.last_pair(before[-1], at=words.start()) if before else None
            if pair:
                yield *pair, words.group("word") or "持平"

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

    def part_of(self, ratio: Fact) -> Fact | None:
        """Return the amount that a share or rate is said of: the nearest one before it of the same item."""
        return self._before(ratio, "amount")

    def change_before(self, rate: Fact) -> Fact | None:
        """Return the change that a growth rate goes with: the nearest before it of the same item."""
        change = self._before(rate, "change")
        return change if change and _start(rate) - _end(change) <= 30 else None

    def wholes_of(self, share: Fact) -> list[Fact]:
        """Return the totals that a share may be taken of: those of its section, else the last one before in its scope."""
        kind = share.concept.split(".")[0]
        if share.whole and "采购" in share.whole:
            kind = "procurement"
        wanted = _WHOLES.get(kind, ())
        if share.whole and "本年" in share.whole:
            wanted = tuple(concept for concept in wanted if concept.endswith(".current_year"))
        own = [f for concept in wanted for f in self._first_and_nearest(concept, share)]
        if own:
            return own
        for concept in wanted:
            for fact in self.document_facts.before(_start(share), concept):
                if _may_be_whole(fact, share):
                    return [fact]
        return []

    def _first_and_nearest(self, concept: str, share: Fact) -> list[Fact]:
        """Return the first total of a concept and those just before a share: either may be its whole."""
        nearest = itertools.islice(self.facts.before(_start(share), concept), _NEAREST_WHOLES)
        found = dict.fromkeys((*self.facts.of(concept)[:1], *nearest))
        return [f for f in found if _may_be_whole(f, share)]

    def budget_and_final(self, rate: Fact) -> tuple[Fact, Fact] | None:
        """Return the budget and the final figure that a completion rate compares."""
        if rate.whole is None or "预算" not in rate.whole:
            return None
        return self.last_pair(rate, rate.basis)

    def last_pair(self, fact: Fact, basis: str | None = None, at: int | None = None) -> tuple[Fact, Fact] | None:
        """Return the last budget and final amounts of a fact's item before it (before `at`)."""
        position = _start(fact) if at is None else at
        stage = "adjusted_budget" if basis == "adjusted_budget" else "budget"
        near = [
            f
            for f in self.section_facts.between(position - _NEAR, position)
            if f.measure == "amount" and f.period == fact.period and _same_item(f, fact)
        ]
        budget = [f for f in near if f.stage == stage]
        final = [f for f in near if f.stage == "final"]
        return (budget[-1], final[-1]) if budget and final else None

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
            if both and all(f.basis in (total.basis, None) and _unit_fits(f, total) for f in parts):
                yield total, tuple(parts)

    def change_of(self, concept: str) -> Fact | None:
        """Return the stated change of a concept against the base that the section's first change names.

        "比上年" names no base of its own: it goes with whatever the others compare with.
        """
        changes = [f for f in self.of_measure("change") if f.concept == concept]
        base = next((f.basis for f in self.of_measure("change") if f.basis), None)
        fitting = [f for f in changes if f.basis in (base, None)]
        return fitting[0] if fitting else None

    def with_prior(self) -> Iterator[tuple[Fact, Fact, Fact]]:
        """Yield change, current and prior amounts of one item where the text states all three together."""
        for change in self.of_measure("change"):
            if change.basis in ("initial_budget", "adjusted_budget"):
                continue
            at = _start(change)
            near = [
                f
                for f in self.section_facts.between(at - _NEAR, at + _NEAR)
                if f.measure == "amount" and f.unit == change.unit and f.scope == change.scope and _same_item(f, change)
            ]
            current = [f for f in near if f.period == change.period and f.stage == change.stage]
            prior = [f for f in near if isinstance(change.period, int) and f.period == change.period - 1]
            if len(current) == 1 and len(prior) == 1:
                yield change, current[0], prior[0]

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
        same = [f for f in near if f.measure == measure and _same_item(f, fact) and _start(fact) - _end(f) <= _NEAR]
        return same[-1] if same else None


def statements(document: Document, facts: Sequence[Fact], unread: Sequence[int] = ()) -> Iterator[Statement]:
    """Yield the statements of every section, then those of the whole document by scope, period and stage."""
    by_key: dict[Key, list[Fact]] = defaultdict(list)
    by_section: dict[int | None, list[Fact]] = defaultdict(list)
    by_scope: dict[str | None, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_key[(fact.section, fact.scope, fact.period, fact.stage)].append(fact)
        by_key[(None, fact.scope, fact.period, fact.stage)].append(fact)
        by_section[fact.section].append(fact)
        by_scope[fact.scope].append(fact)
    gaps = tuple(unread)
    sections = {index: Ordered(own) for index, own in by_section.items()}
    scopes = {scope: Ordered(own) for scope, own in by_scope.items()}
    for key, own in by_key.items():
        ordered = Ordered(own)
        yield Statement(document, key, ordered, sections.get(key[0], ordered), scopes[key[1]], gaps)


def _may_be_whole(fact: Fact, share: Fact) -> bool:
    stands_before = _end(fact) <= _start(share) and fact.measure == "amount" and fact.stage == share.stage
    return stands_before and fact.split is None and fact.period == share.period and not _same_item(fact, share)


def _same_indicator(one: Fact, other: Fact) -> bool:
    return one.project == other.project and normalise(one.label) == normalise(other.label)


def _same_item(one: Fact, other: Fact) -> bool:
    return one.concept == other.concept and one.code == other.code and normalise(one.label) == normalise(other.label)


def _unit_fits(one: Fact, other: Fact) -> bool:
    return one.unit == other.unit or not one.value or not other.value
