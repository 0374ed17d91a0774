"""What in one stretch of the text suits a claim: the same number at a label that fits, or the reason why it does not.

A number that is there, but at another label, in another unit or in another direction, does not support the claim.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from decimal import Decimal

from budget_llm.asides import reason_aside
from budget_llm.claims import Claim
from budget_llm.document import Document
from budget_llm.lexicon import of_lexicon, unchanged_phrases, words
from budget_llm.normal_form import normalise, share_words, squeeze, telling
from budget_llm.quantities import Quantity, find_numeral_counts, find_quantities

_FARTHEST = 260
_LONGEST_LABEL = 120
_SHORTEST_CODE = 3
_WRITTEN_OTHERWISE = 8
WRONG_WORDS = 40.0
"""What a place costs whose words speak of another kind of number: a change for an amount."""
# What words before a number name no item: what a change is measured from, whose money it is, the parts of an indicator.
_COMPARED = re.compile(
    r"[与同和较比](?:上|去|前|本)?(?:年度?|20[0-9]{2}年?度?)[末初底]?(?:(?:预算|决算|执行|支出)数?)?(?:相比较?|比较?|对比)?|相比较?|同期|(?:上年)?同口径(?:预算|决算)?|折合|折算"
)
_MONEY = re.compile(
    "涉及|覆盖|其中|一般公共预算|政府性基金(?:预算)?|国有资本经营预算|财政拨款|财政资金|财政性资金|当年|资金|拨款|金额"
)
_PARTS = {
    "indicator.target": re.compile("目标|设定|计划|指标值|≥|≤|不低于|不少于|不超过|控制在"),
    "indicator.actual": re.compile("完成|实际|达到"),
    "indicator.weight": re.compile("分值|权重|满分"),
    "indicator.score": re.compile("得|自评"),
}
_PART_WORDS = re.compile(
    "(?:年度?|全年|年初)?(?:目标|设定|指标|完成|实际|自评)(?:完成)?(?:数?值|得分|数)?|分值|权重|满分|得分?|值"
)
# A sentence that goes on in the next line, and the rest of what stands in brackets behind a name.
_BROKEN, _BRACKETED = re.compile(r"(?<=[\u4e00-\u9fff])\n(?=[\u4e00-\u9fff])"), re.compile(r"^[^()（）]{0,16}[)）]")
_MORE_OR_LESS = re.compile("[多少][了出]?$")
_WORDS, _LEVEL = re.compile(r"[\u4e00-\u9fff]{1,6}"), re.compile(r"\([类款项]\)")
_BORDER = re.compile(r"[，,。；;：:、\n\t（(|]")


@of_lexicon
def _verbs() -> re.Pattern[str]:
    return re.compile("|".join((*words().up, *words().down, *words().amount_verbs, *words().adverbs)))


@of_lexicon
def _turned() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join((*words().up, *words().down)) + ")(?:了|额|约|率|幅度)*$|[多少][了出]?$")


class Stretch:
    """One span of the document with its numbers."""

    def __init__(self, document: Document, start: int, end: int) -> None:
        text = document.text
        self._text, self._start, self._end = text, start, end
        tables = (table for table in document.tables if table.start < end and start < table.end)
        numbering = {cell.start for table in tables for cell in table.cells if cell.kind == "ordinal"}
        found = [q for q in find_quantities(text, start, end) if q.start not in numbering and _may_be_stated(text, q)]
        found += find_numeral_counts(text, start, end)
        found += self._phrases()
        self._quantities = sorted(found, key=lambda q: q.start)
        self._starts = [quantity.start for quantity in self._quantities]
        self._own: dict[int, str] = {}
        self._by_value: dict[Decimal, list[Quantity]] = {}
        for quantity in self._quantities:
            self._by_value.setdefault(abs(quantity.value), []).append(quantity)
        self._plain, self._offsets = _without_levels(*squeeze(text, start, end))
        self._labels: dict[str, tuple[str, list[tuple[int, int]]]] = {}
        self._names: list[tuple[int, int, str]] = []

    def name_items(self, claims: Iterable[Claim]) -> None:
        """Learn the names of the indicators that a reply holds: none stands between another and its numbers."""
        for name in {_LEVEL.sub("", normalise(claim.label)) for claim in claims if _is_of_indicator(claim)}:
            if name and len(name) <= _LONGEST_LABEL:
                found = [(m.start(), m.end() - 1) for m in re.finditer(re.escape(name), self._plain)]
                self._names += [(self._offsets[a], self._offsets[b] + 1, name) for a, b in found]
        self._names.sort()

    def places(self, claim: Claim) -> Iterator[tuple[Quantity, float | str]]:
        """Yield each place of a claim's number, with what it costs to take it or the reason why it does not fit.

        "elsewhere": the same digits, in another unit and at another label, are another number.
        """
        if claim.value is None:
            return
        candidates = self._by_value.get(abs(claim.value), ())
        if not candidates:
            return
        uncoded = claim.code is not None and claim.code not in self._text[self._start : self._end]
        for quantity in candidates:
            if not _same_kind(quantity, claim):
                continue
            judged = self._judged(quantity, claim)
            if not self._same_unit(quantity, claim):
                yield quantity, "elsewhere" if judged == "wrong item" else "unit"
            else:
                yield quantity, "wrong code" if uncoded and judged != "wrong item" else judged

    def stated(self, claim: Claim) -> Iterator[tuple[Quantity, float]]:
        """Yield the numbers of a claim's kind that stand at its label, whatever their value, with their cost."""
        labels = self.wording(claim)[1]
        if not labels:
            return
        reach = [(end - 40, end + _FARTHEST) for _, end in labels]
        for quantity in self._quantities:
            if any(least <= quantity.start <= most for least, most in reach) and _alike(quantity, claim):
                cost = self._cost(quantity, claim, labels)
                if cost is not None:
                    yield quantity, cost

    def wording(self, claim: Claim) -> tuple[str, list[tuple[int, int]]]:
        """Return a claim's label as the stretch has it, in whole or by its words, with the offsets of its occurrences."""
        if claim.label not in self._labels:
            self._labels[claim.label] = self._found(_LEVEL.sub("", normalise(claim.label)))
        return self._labels[claim.label]

    def holds(self, words_: str) -> bool:
        """Whether normalised words stand in the stretch."""
        return _LEVEL.sub("", words_) in self._plain

    def _found(self, whole: str) -> tuple[str, list[tuple[int, int]]]:
        wanted = [whole, *(part for part in re.split(r"[-—()、的]|其中", whole) if len(part) >= 2)]
        # A label put together from two places of a sentence: its longer half must stand there.
        half = max(4, (len(whole) + 1) // 2)
        if len(whole) <= _LONGEST_LABEL:
            wanted += [whole[:length] for length in range(len(whole) - 1, half - 1, -1)]
            wanted += [whole[-length:] for length in range(len(whole) - 1, half - 1, -1)]
        for label in wanted:
            places = [m.start() for m in re.finditer(re.escape(label), self._plain)] if label else []
            if places:
                return label, [(self._offsets[p], self._offsets[p + len(label) - 1] + 1) for p in places]
        return whole, []

    def _phrases(self) -> list[Quantity]:
        spans = unchanged_phrases(self._text, self._start, self._end)
        return [Quantity(self._text[a:b], a, b, Decimal(0), None, b) for a, b in spans]

    def _same_unit(self, quantity: Quantity, claim: Claim) -> bool:
        """Whether the unit of a quantity is that of a claim, or the claim's is the one that stands above a table."""
        if claim.measure in ("weight", "score") or claim.unit is None or quantity.unit == claim.unit:
            return True
        if quantity.unit is not None and not (quantity.is_money and claim.is_money):
            return (
                claim.unit in quantity.unit or quantity.unit in claim.unit
            )  # 场次 for 场（次）: one word within the other
        if quantity.unit is not None:
            return False
        return claim.unit == "%" or claim.unit in self._text[self._start : self._end]

    def _judged(self, quantity: Quantity, claim: Claim) -> float | str:
        cost = self._cost(quantity, claim, self.wording(claim)[1])
        if cost is None:
            return "wrong item"
        return "sign" if cost < WRONG_WORDS and self._turns_away(quantity, claim) else cost

    def _cost(self, quantity: Quantity, claim: Claim, labels: list[tuple[int, int]]) -> float | None:
        """Return how badly a place suits a claim's words (None: not at all): distance from the label, wrong words."""
        distances: list[float] = []
        another = self._is_of_another(quantity, claim)
        for start, end in labels:
            if end <= quantity.start <= end + _FARTHEST and not another:
                if _is_of_indicator(claim) and self._is_named_between(end, quantity.start, claim):
                    continue
                between = self._text[end : quantity.start]
                if "\n" in between.strip("\n") and re.search(r"[。；]\s*\n", between) and between.count("。") > 1:
                    continue
                nearer = bisect_left(self._starts, quantity.start) - bisect_left(self._starts, end)
                inside = (
                    5 if re.match(r"[\u4e00-\u9fff](?<![年中的和及为])", self._text[max(start - 1, 0) : start]) else 0
                )
                distances.append(len(between) / 10 + nearer * 6 + between.count("。") * 8 + inside)
            elif quantity.unit_end <= start <= quantity.unit_end + 14 and not re.search(
                r"[，,。；;、：:\n]", self._text[quantity.unit_end : start]
            ):
                distances.append((start - quantity.unit_end) + 4)
        if not distances:
            return None
        copied = _digits_of(quantity.text) == _digits_of(claim.written)  # 5 and 5.00 are told apart as they are written
        return min(distances) + self._wrong_words(quantity, claim) + (0 if copied else _WRITTEN_OTHERWISE)

    def _is_named_between(self, start: int, end: int, claim: Claim) -> bool:
        """Whether another indicator is named between a label and a number."""
        own = normalise(claim.label)
        for at in range(bisect_left(self._names, (start,)), len(self._names)):
            first, last, name = self._names[at]
            if first >= end:
                return False
            if last <= end and name not in own and own not in name:
                return True
        return False

    def _own_words(self, quantity: Quantity) -> str:
        """Return the words directly before a number, normalised, from the last number or border on."""
        if quantity.start not in self._own:
            number = bisect_left(self._starts, quantity.start) - 1
            last = self._quantities[number].unit_end if number >= 0 else self._start
            before = _BROKEN.sub("", self._text[max(last, quantity.start - 60) : quantity.start])
            self._own[quantity.start] = normalise(_BRACKETED.sub("", _BORDER.split(before)[-1]))
        return self._own[quantity.start]

    def _is_of_another(self, quantity: Quantity, claim: Claim) -> bool:
        """Whether the words directly before a number name something else than the claim."""
        own = _COMPARED.sub("", self._own_words(quantity))
        if _is_of_indicator(claim):
            own = _PART_WORDS.sub("", own)
        elif claim.measure == "share":
            own = own.partition("占")[0]
        elif claim.concept == "performance.covered_amount":
            own = _MONEY.sub("", own)
        own = _MORE_OR_LESS.sub("", _verbs().sub("", own))
        if len(own) <= 1 or _may_name(own, normalise(claim.label)):
            return False
        behind = _WORDS.match(self._text, quantity.unit_end)  # 综合科、场馆科等3个机构
        return claim.measure != "count" or behind is None or not share_words(behind.group(), claim.label)

    def _turns_away(self, quantity: Quantity, claim: Claim) -> bool:
        """Whether the source's direction word contradicts the claim's sign."""
        if claim.measure not in ("change", "rate") or not claim.value:
            return False
        own = self._own_words(quantity)
        up, down = (any(word in own for word in kind) for kind in (words().up, words().down))
        if not (up or down) and (turned := _MORE_OR_LESS.search(own)):
            up, down = turned.group().startswith("多"), turned.group().startswith("少")
        return up != down and (claim.value < 0) == up

    def _wrong_words(self, quantity: Quantity, claim: Claim) -> float:
        """Penalise a place whose words speak of another kind of number than the claim."""
        before = normalise(self._text[max(self._start, quantity.start - 16) : quantity.start])
        turned = _turned().search(before) is not None
        shared = re.search(r"占[^占,。]{0,14}$", before) is not None
        expected_turn = claim.measure == "change" or (claim.measure == "rate" and bool(claim.basis))
        penalty = (
            WRONG_WORDS
            if quantity.text not in words().same and turned != expected_turn and claim.measure in ("change", "amount")
            else 0.0
        )
        if claim.measure == "share" and not shared:
            penalty += 20
        if claim.concept in _PARTS:
            own = self._own_words(quantity)
            told = [concept for concept, pattern in _PARTS.items() if pattern.search(own)]
            penalty += 20 if told and claim.concept not in told else 0
        if claim.concept == "evaluation.execution_rate" and before.endswith("得"):
            penalty += 20  # 得42.42%权重分: what an indicator scores
        if claim.near and claim.measure != "amount":
            near = claim.near in self._text[max(self._start, quantity.start - 60) : quantity.start]
            penalty += 0 if near else 5
        return penalty


def _may_name(own: str, label: str) -> bool:
    """Whether the words at a number may name a label's item; 收入总额 tells none, so that words which tell one differ."""
    if not telling(label) and telling(own):
        return own in label or label in own
    return share_words(own, label)


def _digits_of(written: str) -> str:
    return re.sub(r"[\s,，]", "", written)


def _may_be_stated(text: str, quantity: Quantity) -> bool:
    """Whether a number may be what a claim states; 300 looks like the code of a class, and may be one of days."""
    reason = reason_aside(text, quantity)
    return reason is None or (reason == "code" and len(quantity.text) <= _SHORTEST_CODE)


def _without_levels(plain: str, offsets: list[int]) -> tuple[str, list[int]]:
    """Return a squeezed text without the marks of levels: 教育（类）支出 is 教育支出."""
    marks = {at for mark in _LEVEL.finditer(plain) for at in range(*mark.span())}
    kept = [at for at in range(len(plain)) if at not in marks]
    return ("".join(plain[at] for at in kept), [offsets[at] for at in kept]) if marks else (plain, offsets)


def _is_of_indicator(claim: Claim) -> bool:
    return claim.concept.startswith("indicator.")


def _same_kind(quantity: Quantity, claim: Claim) -> bool:
    """Whether both are written alike: a phrase (持平) or a number."""
    phrase = not re.search(r"[0-9０-９]", claim.written) and claim.value == 0
    return phrase == (quantity.text in words().same)


def _alike(quantity: Quantity, claim: Claim) -> bool:
    """Whether a quantity is money, a percentage or a count as the claim is."""
    if not _same_kind(quantity, claim):
        return False
    if claim.unit is None or quantity.unit is None or claim.measure in ("weight", "score"):
        return True
    return (quantity.is_money, quantity.is_percent) == (claim.is_money, claim.unit == "%")
