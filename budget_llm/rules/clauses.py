"""The grammar of the prose: which words lead to a number, in which clause, sentence and paragraph.

A disclosure's prose is a chain of clauses, each of which leads to one number: a label, perhaps a
comparison ("比2023年"), perhaps a direction ("减少"), the number, its unit. This module cuts a section
into such mentions and says nothing about what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budget_llm.asides import reason_aside
from budget_llm.lexicon import of_lexicon, unchanged_phrases, words
from budget_llm.normal_form import normalise, simplify
from budget_llm.page_ends import full_width, is_full, without_page_ends
from budget_llm.quantities import Quantity, find_numeral_counts, find_quantities, is_torn
from budget_llm.tables import outside

_SENTENCE_END = re.compile(r"[。；;！？!?]")
_CLAUSE_END = re.compile(r"[，,：:]")
_LIST_MARK = re.compile(
    r"[ \t\f\u00a0\u3000#*>-]{0,40}(?:[（(][一二三四五六七八九十0-9]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．]|[0-9]{1,2}(?:[、．]|[.](?![0-9]))|[23][0-9]{6}(?![0-9]))"
    r"|[ \t\f\u00a0\u3000]{0,40}[-*•][ \t]{1,4}(?=[\u4e00-\u9fff])"
)
_CLAUSE_BORDER = re.compile(r"[，,：:。；;、]")
# How far around a number words count: longer sentences are cut, so that time stays linear in length.
_REACH = 300
_LONGEST_TRAIL = 60
_LONGEST_LEAD = 240
_TABLE_LINE = re.compile(r"[\t|│┃┌├└]")
# 14万元（其中：购置费0万元，运行费14万元），比上年减少1.5万元
# 30万元（购置费18万元，运行费12万元），比上年减少2万元
_OPENS = re.compile(r"\s{0,20}[（(](?:其中|含|包括|[^（）()，。；]{1,40}\Z)")
_CLOSES = re.compile(r"\s{0,20}[)）]")
_CELL = re.compile(r"[^。；，：]{1,20}")
# 行政运行（2080201）：the code belongs to the name before it.
_CODE_NAMED = re.compile(r"[\u4e00-\u9fff)）]\s{0,4}[（(]\s{0,4}\Z")
_CODE = re.compile(r"[23](?:[0-9]{2}|[0-9]{4}|[0-9]{6})")


@dataclass(frozen=True, slots=True)
class Mention:
    """A number (or a phrase that says "no change") with the words around it, normalised.

    `lead` are the words since the last border or number, `trail` those behind the unit up to the next
    border; `earlier` are the numberless clauses of the same sentence just before it, nearest last.
    `opening` is the numberless clause that opened the paragraph, `aside` tells that the sentence had
    turned to purposes or reasons, `sentence` is the sentence around the number, `before` its part before
    it, `context` what of the section stands before it (each some hundred characters at most). `opens` and
    `closes` tell that a bracket with parts of the last amount begins or ended just before.
    """

    quantity: Quantity
    lead: str
    trail: str
    earlier: tuple[str, ...]
    opening: str
    sentence: str
    before: str
    context: str
    number: int
    paragraph: int
    aside: bool
    is_phrase: bool = False
    opens: bool = False
    closes: bool = False


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    paragraph: int


def mentions(text: str, start: int, end: int, tables: Sequence[tuple[int, int]] = ()) -> Iterator[Mention]:
    """Yield the mentions of `text[start:end]` in order; the spans of `tables` are left out."""
    text = without_page_ends(text)
    opening, paragraph = "", -1
    for number, sentence in enumerate(_sentences(text, start, end, tables)):
        if sentence.paragraph != paragraph:
            opening, paragraph = "", sentence.paragraph
        found = list(_sentence_mentions(text, sentence, number, opening, start))
        if not found and not opening:
            opening = normalise(text[sentence.start : min(sentence.end, sentence.start + _REACH)])
        yield from found


def prose_spans(text: str, start: int, end: int, tables: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans of `text[start:end]` that are prose: what lies between the tables."""
    for first, last in outside(tables, start, end):
        yield from _without_cells(text, first, last)


def _without_cells(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what of a span is prose: lines of cells that make no whole table are left out too."""
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]*(?:\n|$)", text[start:end]) if m.end() > m.start()]
    in_table = _table_lines([text[start + a : start + b] for a, b in lines])
    opened: int | None = None
    for (a, b), table in zip(lines, in_table, strict=True):
        if table and opened is not None:
            yield opened, start + a
            opened = None
        elif not table and opened is None:
            opened = start + a
        last = start + b
    if opened is not None:
        yield opened, last


def _table_lines(lines: list[str]) -> list[bool]:
    """Tell which lines belong to tables: ruled by tabs or bars, or six and more bare cells in a row."""
    marks = [bool(_TABLE_LINE.search(line.strip())) for line in lines]
    run: list[int] = []
    for number, line in enumerate([*lines, "。"]):
        bare = line.strip()
        if not bare or (_CELL.fullmatch(bare) and not _LIST_MARK.match(bare)):
            run.append(number)
            continue
        cells = [n for n in run if lines[n].strip()]
        if len(cells) >= 6 and sum(1 for n in cells if re.fullmatch(r"[0-9.,%％\s-]+", lines[n].strip())) >= 2:
            for n in run:
                marks[n] = True
        run = []
    return marks


def _sentences(text: str, start: int, end: int, tables: Sequence[tuple[int, int]]) -> Iterator[_Sentence]:
    paragraph = 0
    for span_start, span_end in prose_spans(text, start, end, tables):
        for first, last in _paragraphs(text, span_start, span_end):
            position = first
            for stop in _SENTENCE_END.finditer(text, first, last):
                yield _Sentence(position, stop.end(), paragraph)
                position = stop.end()
            if text[position:last].strip():
                yield _Sentence(position, last, paragraph)
            paragraph += 1


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield paragraphs: a line break ends one behind a full stop in a line that is not full, or before a list mark."""
    first = start
    full = full_width(text)
    for line_break in re.finditer(r"\n+", text[start:end]):
        at, after = start + line_break.start(), start + line_break.end()
        ended = text[first:at].rstrip()[-1:] in ("。", "；", ";", "")
        if ended and text[first:at].strip():
            ended = not is_full(text[text.rfind("\n", 0, at) + 1 : at], full)
        if ended or _LIST_MARK.match(text, after, end):
            if text[first:at].strip():
                yield first, at
            first = after
    if text[first:end].strip():
        yield first, end


def _phrases(text: str, sentence: _Sentence) -> list[Quantity]:
    """Return the phrases of a sentence that say "no change", as quantities of value 0."""
    spans = unchanged_phrases(text, sentence.start, sentence.end)
    return [Quantity(text[a:b], a, b, Decimal(0), None, b) for a, b in spans]


def _sentence_mentions(text: str, sentence: _Sentence, number: int, opening: str, section: int) -> Iterator[Mention]:
    first, last = sentence.start, sentence.end
    stated = [q for q in find_quantities(text, first, last) if _states(text, q)]
    stated += find_numeral_counts(text, first, last)
    marked = [(q, False) for q in stated] + [(q, True) for q in _phrases(text, sentence)]
    marked.sort(key=lambda pair: pair[0].start)
    aside_at = _aside_start(text, sentence)
    position, earlier = first, []
    for place, (quantity, is_phrase) in enumerate(marked):
        clauses = _cut(text, position, quantity.start)
        earlier += [c for c in map(normalise, clauses[:-1]) if c]
        following = marked[place + 1][0].start if place + 1 < len(marked) else last
        trail = text[quantity.unit_end : min(following, quantity.unit_end + _LONGEST_TRAIL)]
        reach = max(first, quantity.start - _REACH)
        yield Mention(
            quantity=quantity,
            lead=normalise(clauses[-1]),
            trail=normalise(_CLAUSE_BORDER.split(trail)[0]),
            earlier=tuple(earlier),
            opening=opening,
            sentence=normalise(text[reach : min(last, quantity.end + _REACH)]),
            before=normalise(text[reach : quantity.start]),
            context=normalise(text[max(section, quantity.start - _REACH) : quantity.start]),
            number=number,
            paragraph=sentence.paragraph,
            aside=quantity.start >= aside_at,
            is_phrase=is_phrase,
            opens=place > 0 and _OPENS.match(text[position : quantity.start][:_REACH]) is not None,
            closes=place > 0 and _CLOSES.match(text, position, quantity.start) is not None,
        )
        position, earlier = quantity.unit_end, []


def _states(text: str, quantity: Quantity) -> bool:
    """Whether a number may state something: it is not set aside, not torn, not the code of what is named before it."""
    if reason_aside(text, quantity) is not None or is_torn(text, quantity):
        return False
    if quantity.unit is not None or not _CODE.fullmatch(quantity.text):
        return True
    behind = re.match(r"\s{0,4}[)）]", text[quantity.end : quantity.end + 6])
    return behind is None or _CODE_NAMED.search(text[max(0, quantity.start - 10) : quantity.start]) is None


def _cut(text: str, start: int, end: int) -> list[str]:
    """Cut the words before a number at commas and colons, and at the 、 that follows the last number."""
    stretch = text[max(start, end - _LONGEST_LEAD) : end]
    stretch = re.sub(r"^(\s*(?:[)）]\s*)?)、", r"\1，", stretch)
    return _CLAUSE_END.split(stretch)


def _aside_start(text: str, sentence: _Sentence) -> int:
    """Return where a sentence turns to purposes or reasons; its end where it does not."""
    found = _aside_opener().search(simplify(text[sentence.start : sentence.end]))
    return sentence.start + found.start() if found else sentence.end


@of_lexicon
def _aside_opener() -> re.Pattern[str]:
    return re.compile(r"(?:^|[，,：:。；\s（(])(?:" + "|".join(words().asides) + ")")
