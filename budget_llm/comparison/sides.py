"""The two disclosures of a comparison in their order, with the facts of both laid end to end."""

from __future__ import annotations

from dataclasses import dataclass, replace

from budget_llm.comparison.items import Stated
from budget_llm.disclosure import Disclosure
from budget_llm.errors import InputError
from budget_llm.facts import Fact, Place
from budget_llm.ordered import end_of, start_of

BUDGET, FINAL, EVALUATION = "budget", "final_accounts", "performance_self_evaluation"
_KINDS = {
    BUDGET: ("部门预算", "budget"),
    FINAL: ("部门决算", "final accounts"),
    EVALUATION: ("绩效自评", "self-evaluation"),
}
_ORDER = tuple(_KINDS)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two disclosures, of a known kind and year.

    `name` is what its places are marked with, `titles` what messages call it, in Chinese and in English. `stated` are
    its trusted numbers, whose offsets count on from `shift`, so that no two numbers of a comparison share a place.
    """

    disclosure: Disclosure
    kind: str
    year: int
    name: str
    titles: tuple[str, str]
    shift: int
    stated: Stated

    @property
    def stage(self) -> str:
        """The stage of the numbers that it publishes as its own."""
        return "budget" if self.kind == BUDGET else "final"

    def before(self, fact: Fact, most: int) -> str:
        """Return what stands on the line before a number, with at most so many characters."""
        text, start = self.disclosure.original.text, start_of(fact) - self.shift
        return text[max(0, start - most) : start].rpartition("\n")[2]

    def header(self, fact: Fact) -> tuple[str, ...]:
        """Return the path of the header over a number in a table, () where it has none or stands in prose."""
        if fact.table is None:
            return ()
        start = start_of(fact) - self.shift
        cells = self.disclosure.original.tables[fact.table].cells
        return next((cell.header for cell in cells if cell.start <= start < cell.end), ())


@dataclass(frozen=True, slots=True)
class Pair:
    """Two disclosures: `first` is of the earlier year, or of the budget that `second` accounts for or evaluates."""

    first: Side
    second: Side

    @property
    def is_twice(self) -> bool:
        """Whether both are of one year and kind."""
        return self.first.year == self.second.year and self.first.kind == self.second.kind

    @property
    def is_of_years(self) -> bool:
        """Whether the second is of the year after the first."""
        return self.first.year + 1 == self.second.year

    @property
    def is_of_one_year(self) -> bool:
        """Whether both are of one year, and of two kinds."""
        return self.first.year == self.second.year and self.first.kind != self.second.kind

    def side(self, fact: Fact) -> Side:
        """Return the side that a fact is of."""
        return self.second if start_of(fact) >= self.second.shift else self.first

    def place(self, fact: Fact) -> Place:
        """Return where a fact stands, and in which of the two documents."""
        side = self.side(fact)
        start = start_of(fact) - side.shift
        document = side.disclosure.original
        return Place(
            start, end_of(fact) - side.shift, document.line(start), fact.text, fact.label, side.name, document.page(start)
        )  # fmt: skip


def pair_of(one: Disclosure, other: Disclosure) -> Pair:
    """Return two disclosures in their order; raise InputError for two that no rule compares."""
    for value in (one, other):
        if not isinstance(value, Disclosure):
            raise InputError(
                f"compare: expected two Disclosures, found {type(value).__name__}; read each first with budget_llm.extract(…)"
            )
    if one.document.sha256 == other.document.sha256:
        raise InputError(
            f"{_source(one)} and {_source(other)}: expected two documents, found the same one twice "
            f"(sha256 {one.document.sha256[:12]}); give two disclosures of one body"
        )
    (kind, year, first), (later_kind, later_year, second) = sorted(
        (_placed(one), _placed(other)), key=lambda told: (told[1], _ORDER.index(told[0]), *_identity(told[2]))
    )
    if later_year - year > 1:
        raise InputError(
            f"{_source(first)} and {_source(second)}: expected disclosures of one year or of two that follow each other, "
            f"found {year} and {later_year}; compare each with that of the year next to it"
        )
    if year != later_year and EVALUATION in (kind, later_kind):
        raise InputError(
            f"{_source(first)} and {_source(second)}: a self-evaluation tells of its own year alone, found {year} and "
            f"{later_year}; compare it with the budget or the final accounts of its year"
        )
    names = _names(first, second)
    return Pair(_side(first, kind, year, names[0], 0), _side(second, later_kind, later_year, names[1], _length(first)))


def _placed(disclosure: Disclosure) -> tuple[str, int, Disclosure]:
    """Return kind, year and disclosure; raise InputError where one is not known."""
    kind, year = disclosure.document.kind, disclosure.document.year
    if kind not in _KINDS or year is None:
        missing = "kind (部门预算, 部门决算, 绩效自评)" if kind not in _KINDS else "year"
        raise InputError(
            f"{_source(disclosure)}: expected a disclosure of known kind and year, found no {missing}; "
            "give the document with the title that names it"
        )
    return kind, year, disclosure


def _side(disclosure: Disclosure, kind: str, year: int, name: str, shift: int) -> Side:
    facts = [
        replace(fact, start=fact.start + shift, end=end_of(fact) + shift)
        for fact in disclosure.facts
        if fact.trusted and fact.start is not None and not fact.value.is_nan()
    ]
    titles = f"{year}年{_KINDS[kind][0]}", f"{year} {_KINDS[kind][1]}"
    return Side(disclosure, kind, year, name, titles, shift, Stated(facts))


def _names(first: Disclosure, second: Disclosure) -> tuple[str, str]:
    """Return the names of both sources, with a digest behind them where they are alike."""
    names = _source(first), _source(second)
    if names[0] != names[1]:
        return names
    return f"{names[0]} ({first.document.sha256[:8]})", f"{names[1]} ({second.document.sha256[:8]})"


def _source(disclosure: Disclosure) -> str:
    info = disclosure.document
    if info.source:
        return info.source
    told = (str(info.year) + "年" if info.year else "", _KINDS.get(info.kind or "", ("",))[0])
    return "".join(told) or f"text {info.sha256[:8]}"


def _identity(disclosure: Disclosure) -> tuple[str, str]:
    return _source(disclosure), disclosure.document.sha256


def _length(disclosure: Disclosure) -> int:
    return len(disclosure.original.text) + 1
