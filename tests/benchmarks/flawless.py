"""What a flawless model would reply: the expected facts of the sections that are sent, in the rows of the prompts.

Labels, numbers, units and words of direction are copied from the text as the prompts ask; what a reply cannot say (an
indicator in a reply about money) is left out. Each number keeps its spot, so that a fault can be planted in it alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from budget_llm.chunks import Chunk, chunk
from budget_llm.document import Document
from budget_llm.facts import Fact
from budget_llm.lexicon import words
from budget_llm.model import Answer
from budget_llm.normal_form import normalise, simplify
from budget_llm.quantities import YUAN, unit_after
from budget_llm.read_by_model import About, Asked, ModelFact, reading_of
from budget_llm.read_by_rule import read_by_rule, setting_of
from budget_llm.records import document_record
from budget_llm.schemas import Base, Scope
from budget_llm.scopes import heading_scope, named_fund
from budget_llm.sections import Section, split_sections
from budget_llm.usage import Usage
from budget_llm.wire import (
    BASES,
    COUNTS,
    FUNDS,
    MONEY,
    REPLIES,
    BodyReply,
    CountRow,
    IndicatorRow,
    MoneyReply,
    MoneyRow,
    PerformanceReply,
)
from tests.conftest import ROOT

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""What a reply holds, before it is a reply: rows by field names under "items", "counts", "indicators", "whole"."""

MONEY_WORDS = {concept: word for word, concept in MONEY.items()}
COUNT_WORDS = {concept: word for word, concept in COUNTS.items()}
FUND_WORDS: dict[Scope, str] = {scope: word for word, scope in FUNDS.items()}
BASE_WORDS: dict[Base, str] = {base: word for word, base in BASES.items()}
_SENTENCE = re.compile(r"[。；\n]")
_PARTS = {"target": "target", "actual": "actual", "weight": "weight", "score": "score", "rate": "rate"}
_WHOLE = {"evaluation.score": "score", "evaluation.execution_rate": "execution_rate"}


@dataclass(frozen=True)
class Spot:
    """Where a number stands in a reply (chunk, part, row, key) and in the document (the expected fact)."""

    chunk: int
    part: str
    row: int
    key: str
    gold: Row

    @property
    def span(self) -> tuple[int, int]:
        """The offsets of the number in the text."""
        return self.gold["start"], self.gold["end"]


@dataclass
class Case:
    """A document read once: its sections and chunks, the rules' facts, a flawless reply to each chunk, its spots."""

    name: str
    document: Document
    sections: tuple[Section, ...]
    chunks: tuple[Chunk, ...]
    about: About
    by_rule: tuple[Fact, ...]
    rows: list[Rows]
    spots: list[Spot]
    left_out: int
    read: list[tuple[ModelFact, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.read = [self.reading(number, rows) for number, rows in enumerate(self.rows)]

    def reading(self, number: int, rows: Rows) -> tuple[ModelFact, ...]:
        """Return the model's facts of one chunk whose reply holds `rows`."""
        chunk_ = self.chunks[number]
        answer = Answer(reply(chunk_.prompt, rows), None, Usage(calls=1))
        return reading_of(self.document, self.sections, [Asked(chunk_, answer)], self.about).facts

    def facts(self, number: int | None = None, rows: Rows | None = None) -> list[ModelFact]:
        """Return the model's facts of all chunks, those of one replaced by what `rows` say."""
        found: list[ModelFact] = []
        for index, read in enumerate(self.read):
            found += self.reading(index, rows) if rows is not None and index == number else read
        return found


def reply(prompt: str, rows: Rows) -> BodyReply | MoneyReply | PerformanceReply:
    """Return the reply to a prompt that holds these rows."""
    items = tuple(MoneyRow.model_validate(row) for row in rows["items"])
    counts = tuple(CountRow.model_validate(row) for row in rows["counts"])
    if prompt == "body":
        return REPLIES["body"].model_validate({"counts": counts})
    if prompt == "money":
        return REPLIES["money"].model_validate({"items": items, "counts": counts})
    indicators = tuple(IndicatorRow.model_validate(row) for row in rows["indicators"])
    whole = {key: value for row in rows["whole"] for key, value in row.items()}
    return REPLIES["performance"].model_validate({"items": items, "counts": counts, "indicators": indicators, **whole})


def sources() -> Iterator[tuple[Path, Path]]:
    """Yield texts with their expected facts: the real disclosures where they are, the examples, the composed layouts."""
    shared = ROOT.parent / "shared"
    for text in sorted((shared / "seeds").glob("*.txt")):
        yield text, shared / "gold" / f"{text.stem}.json"
    for text in sorted((ROOT / "examples").glob("*.txt")):
        yield text, ROOT / "tests" / "gold" / f"{text.stem}.json"
    for text in sorted((ROOT / "tests" / "layouts").glob("*.txt")):
        yield text, text.with_suffix(".json")


def case(text: Path, gold: Path) -> Case:
    """Return a document read by the rules, with what a flawless model would reply about it."""
    document = Document.from_text(text.read_text("utf-8"))
    sections = split_sections(document)
    record = document_record(document, sections)
    setting = setting_of(document, record.kind, record.year)
    about = About(record.kind, record.year, setting.stage)
    chunks, _ = chunk(document, sections)
    by_rule = read_by_rule(document, sections, setting)
    facts = [_chosen(fact, by_rule, document.text) for fact in json.loads(gold.read_text("utf-8"))["facts"]]
    facts.sort(key=lambda fact: fact["start"])
    rows: list[Rows] = []
    spots: list[Spot] = []
    left_out = 0
    for number, chunk_ in enumerate(chunks):
        writer = _Writer(document, sections, about, number, chunk_)
        for fact in facts:
            if any(span.start <= fact["start"] < span.end for span in chunk_.spans):
                left_out += not writer.write(fact)
        rows.append(writer.rows)
        spots += writer.spots
    return Case(
        text.stem,
        document,
        sections,
        chunks,
        about,
        by_rule,
        rows,
        spots,
        left_out,
    )


def _chosen(gold: Row, by_rule: Sequence[Fact], text: str) -> Row:
    """Return an expected fact with the rules' choice where the fact model leaves one: another choice is no fault."""
    rule = next((f for f in by_rule if (f.start, f.end) == (gold["start"], gold["end"])), None)
    chosen = dict(gold)
    for name, choices in gold.get("or", {}).items():
        if rule is not None and name in ("concept", "scope", "period", "stage", "code"):
            ours = getattr(rule, name)
            chosen[name] = ours if ours in choices else gold[name]
    near = normalise(text[max(0, gold["start"] - 300) : gold["end"] + 40])
    chosen["told"] = _is_told(gold["label"], near)
    renamed = (
        rule is not None
        and rule.concept == chosen["concept"]
        and (rule.concept != gold["concept"] or not chosen["told"])
    )
    if rule is not None and renamed and _is_told(rule.label, near):
        chosen["label"], chosen["told"] = rule.label, True  # expected under a name from elsewhere
    return chosen


def _is_told(label: str, near: str) -> bool:
    """Whether a label, or the longer half of one that is put together, stands in the words around its number."""
    plain = normalise(label)
    half = max(4, (len(plain) + 1) // 2)
    return plain[:half] in near or plain[-half:] in near


class _Writer:
    """Writes the rows of one reply, in the order of the text."""

    def __init__(
        self, document: Document, sections: tuple[Section, ...], about: About, number: int, chunk_: Chunk
    ) -> None:
        self._text, self._sections, self._about = document.text, sections, about
        self._number, self._prompt = number, chunk_.prompt
        self.rows: Rows = {"items": [], "counts": [], "indicators": [], "whole": []}
        self.spots: list[Spot] = []

    def write(self, fact: Row) -> bool:
        """Write a fact where the reply has a place for it; return whether it has."""
        concept, measure = fact["concept"], fact["measure"]
        if not fact["told"] and concept not in _WHOLE:
            return False  # a name that the text does not hold cannot be copied from it
        if concept in _WHOLE and self._prompt == "performance":
            return self._whole(fact)
        if concept.startswith("indicator."):
            return self._indicator(fact) if self._prompt == "performance" else False
        counted = concept in COUNT_WORDS and fact["unit"] not in YUAN and measure in ("count", "change")
        if counted and (concept != "other" or fact["unit"] is not None) and self._unit_is_counted(fact):
            return self._count(fact)
        if concept in MONEY_WORDS and self._prompt != "body" and measure in ("amount", "share", "rate", "change"):
            return self._money(fact)
        return False

    def _unit_is_counted(self, fact: Row) -> bool:
        return str(fact["unit"]) != "%"

    def _whole(self, fact: Row) -> bool:
        key = _WHOLE[fact["concept"]]
        if fact["measure"] == "change" or any(key in row for row in self.rows["whole"]):
            return False
        return self._put("whole", {}, key, self._quote(fact), fact)

    def _indicator(self, fact: Row) -> bool:
        key = _PARTS.get(fact["concept"].removeprefix("indicator."))
        if key is None or fact["measure"] == "change":
            return False
        about = {"name": fact["label"], "project": fact.get("project")}
        return self._put("indicators", about, key, self._quote(fact), fact)

    def _count(self, fact: Row) -> bool:
        period = str(fact["period"])
        as_of = period if "-" in period else None if fact["period"] == self._about.year else f"{period}-12"
        about = {"label": fact["label"], "kind": COUNT_WORDS[fact["concept"]], "as_of": as_of}
        return self._put("counts", about, "count", self._quote(fact), fact, new=True)

    def _money(self, fact: Row) -> bool:
        measure, year = fact["measure"], int(str(fact["period"])[:4])
        about = {"label": fact["label"], "kind": MONEY_WORDS[fact["concept"]], "code": fact["code"]}
        if fund := self._fund(fact):
            about["fund"] = fund
        quote = self._quote(fact)
        if measure == "amount":
            key = "amount"
            if self._about.stage == "final" and year == self._about.year:
                key = {"budget": "budget", "adjusted_budget": "adjusted"}.get(fact["stage"], "amount")
            if year != self._about.year:
                about["year"] = str(year)
        else:
            key = {"share": "share", "change": "change", "rate": "change_rate"}[measure]
            base = BASE_WORDS.get(fact.get("basis"))  # type: ignore[arg-type]
            if measure == "rate" and self._direction(fact) is None and not quote.startswith("-"):
                key = "completion"
            elif measure != "share" and base:
                about["base"] = base
        return self._put("items", about, key, quote, fact)

    def _put(self, part: str, about: Row, key: str, quote: str, fact: Row, *, new: bool = False) -> bool:
        """Put a number into the last row where that is of the same item and has room for it, else into a new one."""
        rows = self.rows[part]
        last = rows[-1] if rows else {}
        same = all(last.get(name, value) == value for name, value in about.items()) and all(
            last.get(name) == about.get(name) for name in ("label", "kind", "name", "project", "year")
        )
        named = {name: value for name, value in about.items() if value is not None}
        if rows and same and not new and key not in last and (key != "amount" or len(last) <= len(named)):
            last.update(named, **{key: quote})
        else:
            rows.append({**named, key: quote})
        self.spots.append(Spot(self._number, part, len(rows) - 1, key, fact))
        return True

    def _quote(self, fact: Row) -> str:
        """Return a number as it is to be copied: with its words of direction and its unit, without white space."""
        number = "".join(self._text[fact["start"] : fact["end"]].split())
        if fact.get("phrase") or not re.search("[0-9０-９一二三四五六七八九十两]", number):
            return number
        word = self._direction(fact) if fact["measure"] in ("change", "rate") else None
        return f"{word or ''}{number}{self._unit(fact)}"

    def _unit(self, fact: Row) -> str:
        """Return the unit behind a number as it is written there; in an indicator's cell the one that its header states."""
        unit, end = unit_after(self._text, fact["end"])
        if self._prompt == "performance" and fact["unit"] and "\n" in self._text[fact["end"] : end]:
            return str(fact["unit"])  # the next cell's word
        if unit is not None:
            return "".join(self._text[fact["end"] : end].split())
        return str(fact["unit"] or "") if self._prompt == "performance" else ""

    def _direction(self, fact: Row) -> str | None:
        """Return the words from the last word of direction up to the number, where only such words stand between."""
        before = "".join(simplify(self._text[max(0, fact["start"] - 16) : fact["start"]]).split())
        before = re.split(r"[0-9０-９，,。；：:、|]", before)[-1]
        starts = [before.rfind(word) for word in (*words().up, *words().down, "少", "多") if word in before]
        if not starts:
            return None
        turned = min(place for place in starts if place >= max(starts) - 1)  # the longest word that ends last
        return before[turned:]

    def _fund(self, fact: Row) -> str | None:
        """Return the fund that the sentence of a number names, where neither its heading nor its label does."""
        scope = fact["scope"]
        section = [s for s in self._sections if s.start <= fact["start"] < s.end][-1]
        if scope is None or heading_scope(section) or named_fund(normalise(fact["label"])):
            return None
        sentence = _SENTENCE.split(self._text[max(section.body, fact["start"] - 120) : fact["start"]])[-1]
        clause = sentence.rpartition("，")[2]
        return FUND_WORDS[scope] if named_fund(normalise(clause)) == scope else None
