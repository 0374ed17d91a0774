"""Where a table of one cell per line begins and ends, and which of its lines are its header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import NamedTuple

from budget_llm.lexicon import header_words, table_words, wordings
from budget_llm.normal_form import normalise
from budget_llm.plain_tables.evidence import is_header_word, is_sentence, is_title, is_unit_line, kind
from budget_llm.plain_tables.lines import Line, Piece, bare, is_page_number, whole
from budget_llm.tables import Cell

_LONGEST = 40
_MOST_LINES = 2000
_LONGEST_HEAD, _LONGEST_TEXT = 16, 200
# What forms tell of a project above its indicators.
_FEWEST_PARTED = 8
_OF_FORMS = ("project", "budget", "goal")
# How far behind a page break a header is repeated, and with how many of its cells at least.
_REACH, _FEWEST_REPEATED = 8, 3
# Labels of the first row that may stand between a header and its first number.
_LABELS = 2
_CODE = re.compile(r"[1-5][0-9]{2}(?:[0-9]{2}){0,2}")
_ORDINAL = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[、．]|其中[:：]?|[①-⑳]"
)
_COUNTER = re.compile(r"(?:栏次|行次|列次)[:：]?")
_LABELLED = re.compile(r"(?!其中)[^：:]{2,12}[：:].")
_ENDS = re.compile(r"第[一二三四五六七八九十]{1,3}部分|注[：:]|备注[：:]|说明[：:]|附件|联系")
_SIGNED = re.compile(r"填[表报](?:单位|人|日期|时间)|联系(?:人|电话)")
_AROUND = re.compile(r"[（(][^（）()]{0,12}[)）]$|^20[0-9]{2}年?度?")
_YEAR = re.compile(r"20[0-9]{2}年?度?")


class Token(NamedTuple):
    """A cell: its kind (text, code, number, dash, blank) and its lines, none for a blank one."""

    kind: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The words of the cell without layout space, its lines joined."""
        return "".join("".join(p.text.split()) for p in self.pieces)


@dataclass(frozen=True, slots=True)
class Block:
    """A header and the cells below it; `counters` are the numbers of a row 栏次 1 2 3 … between them.

    `next_line` is the line after the block, `start` and `end` are its offsets. An indicator table
    may hold longer texts.
    """

    head: tuple[Token, ...]
    counters: tuple[Token, ...]
    body: tuple[Token, ...]
    next_line: int
    start: int
    end: int
    is_of_indicators: bool


def cells_of(token: Token, row: int, column: int, columns: int = 1) -> Iterator[Cell]:
    """Yield a cell for each line of a token, all in one place."""
    for piece in token.pieces:
        yield Cell(piece.text, piece.start, piece.start + len(piece.text), row, column, columns=columns)


def is_ordinal_led(text: str) -> bool:
    """Whether a label begins as an item of a list (一、 （一） 其中：)."""
    return _ORDINAL.match(text) is not None


def is_known(text: str) -> bool:
    """Whether a text is a header that the lexicon lists, its year and unit aside."""
    words = _AROUND.sub("", normalise(text))
    return words in header_words() or wordings("income", "expenditure", "three_public").equal(words) is not None


def is_listed(text: str) -> bool:
    """Whether a text is one of the lexicon's own words for headers."""
    return _AROUND.sub("", normalise(text)) in header_words()


def is_head(text: str) -> bool:
    """Whether a text may be a cell of a header."""
    return (
        len(text) <= _LONGEST
        and kind(text) == "text"
        and (is_known(text) or is_header_word(text))
        and not ends_table(text)
    )


def ends_table(text: str) -> bool:
    """Whether a text cannot be in a table, or is the title or unit of another one."""
    return (
        len(text) > _LONGEST
        or is_sentence(text)
        or is_unit_line(text)
        or (is_title(text) and not is_known(text))
        or _LABELLED.match(text) is not None
        or _ENDS.match(text) is not None
        or "\t" in text
    )


def block_at(run: Sequence[Line], first: int) -> Block | None:
    """Return the block whose header begins with the line `first`, None where none does."""
    if not is_head(bare(run[first].text)):
        return None
    named = _indicator_heads(run, first)
    tokens, lines = _tokens(run, first, of_indicators=named > 0)
    split = (named, named) if named else _split(tokens)
    if split is None:
        return None
    head_end, body_start = split
    body_end = len(tokens)
    while body_end > body_start and tokens[body_end - 1].kind in ("text", "code", "blank"):
        body_end -= 1
    head = tuple(token for token in tokens[:head_end] if token.kind == "text")
    counters = tuple(token for token in tokens[head_end:body_start] if token.kind == "number")
    if len(head) < 2 or (body_end == body_start and not counters):
        return None
    last = lines[body_end - 1]
    body = tuple(tokens[body_start:body_end])
    return Block(head, counters, body, last + 1, run[first].start, run[last].end, named > 0)


def _indicator_heads(run: Sequence[Line], first: int) -> int:
    """Return how many cells from a line on are the header of an indicator table: names with weights or targets, else 0."""
    words = {role: pattern for role, pattern in table_words("indicators").items() if role not in _OF_FORMS}
    heads = [normalise(text) for line in run[first : first + _LONGEST_HEAD] if (text := bare(line.text))]
    heads = list(takewhile(lambda head: len(head) <= _LONGEST and any(p.search(head) for p in words.values()), heads))
    named = any(words["name"].search(head) for head in heads)
    return (
        len(heads) if named and any(words[role].search(head) for head in heads for role in ("weight", "target")) else 0
    )


def _tokens(run: Sequence[Line], first: int, of_indicators: bool) -> tuple[list[Token], list[int]]:
    """Return the cells from a line on, and the number of the line of each; a header that a page repeats is left out."""
    tokens: list[Token] = []
    lines: list[int] = []
    number = first
    while number < min(len(run), first + _MOST_LINES):
        text = bare(run[number].text)
        is_page = is_page_number(text)
        if is_page or (text and (_ends_indicators(text) if of_indicators else ends_table(text))):
            after = _behind_repeated_head(run, number + is_page, tokens, at_once=is_page)
            if after is None and not is_page:
                break
            number = after or number + 1
            continue
        piece = whole(run[number], 0)
        tokens.append(Token(_kind(text), (piece,) if piece else ()))
        lines.append(number)
        number += 1
    return _undoubled(tokens, lines)


def _undoubled(tokens: list[Token], lines: list[int]) -> tuple[list[Token], list[int]]:
    """Return the cells without the empty lines that part every two of them, where they do: web pages are copied so."""
    filled = [n for n, token in enumerate(tokens) if token.pieces]
    parted = sum(after > before + 1 for before, after in pairwise(filled))
    if parted * 10 < len(filled) * 9 or len(filled) < _FEWEST_PARTED:
        return tokens, lines
    kept: list[int] = []
    for before, after in pairwise([*filled, len(tokens)]):
        kept += [before, *range(before + 1, before + 1 + (after - before - 1) // 2)]
    return [tokens[n] for n in kept], [lines[n] for n in kept]


def _ends_indicators(text: str) -> bool:
    is_field = table_words("fields")["name"].search(normalise(text)) is not None
    if is_field or is_unit_line(text) or (is_title(text) and not is_known(text)):
        return True
    return len(text) > _LONGEST_TEXT or "\t" in text or _SIGNED.match(text) is not None or _ENDS.match(text) is not None


def _behind_repeated_head(run: Sequence[Line], number: int, tokens: Sequence[Token], at_once: bool) -> int | None:
    """Return the line behind a header that stands again: at once behind the number of a page, or within a few lines.

    None where there is none. Behind a title it must be the whole header, lest it is that of another table.
    """
    head = [token.text for token in takewhile(lambda token: token.kind == "text", tokens)]
    between = 0
    for at in range(number, min(len(run), number + _REACH)):
        words = "".join(run[at].text.split())
        if words in head[:2] and len(head) >= _FEWEST_REPEATED:
            again = head[head.index(words) :]  # a cell over the others may not be repeated
            same, behind = _repeated(run, at, again)
            if same >= _FEWEST_REPEATED and (same >= len(again) - _LABELS or (at_once and not between)):
                return behind
        between += bool(words)
    return None


def _repeated(run: Sequence[Line], at: int, head: Sequence[str]) -> tuple[int, int]:
    """Return how many of the header cells stand again from a line on, and the line behind them."""
    same = 0
    while at < len(run) and same < len(head):
        words = "".join(run[at].text.split())
        if words and words != head[same]:
            break
        same += bool(words)
        at += 1
    return same, at


def _kind(text: str) -> str:
    if not text:
        return "blank"
    if _CODE.fullmatch(text):
        return "code"
    found = kind(text)
    if found == "dash":
        return "dash"
    return "number" if found != "text" and not _YEAR.fullmatch(text) else "text"


def _split(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """Return where the header ends and where the body begins; a row that counts the columns may stand between them."""
    number = next((n for n, t in enumerate(tokens) if t.kind in ("number", "code")), None)
    if number is None:
        return None
    behind = _behind_counters(tokens, number)
    if behind:
        return (number - 1 if _COUNTER.fullmatch(tokens[number - 1].text) else number), behind
    listed = (n for n, t in enumerate(tokens[:number]) if t.kind == "text" and is_ordinal_led(t.text))
    start = min(next(listed, number), _row_start(tokens, number))
    while start and tokens[start - 1].kind in ("dash", "blank"):  # no code beside a total
        start -= 1
    return start, start


def _behind_counters(tokens: Sequence[Token], at: int) -> int | None:
    """Return where a run 栏次 1 2 栏次 3 … that begins at the first number of a table ends, None where there is none."""
    expected = 1
    while at < len(tokens):
        if tokens[at].kind == "number" and re.fullmatch(rf"{expected}(?:=.*)?", tokens[at].text):
            expected += 1
        elif not (expected > 1 and _COUNTER.fullmatch(tokens[at].text)):
            break
        at += 1
    return at if expected > 2 else None


def _row_start(tokens: Sequence[Token], number: int) -> int:
    """Return the first cell of the row whose first number or code stands at `number`."""
    before = [token.text for token in tokens[max(0, number - 2) : number]]
    is_headed = before != [] and (is_known(before[-1]) or is_known("".join(before)))
    keys = table_words("leaves")["keys"]
    labelled = any(keys.search(normalise(t.text)) for t in tokens[: number - 1]) or not is_headed
    if tokens[number].kind == "code" or not labelled:
        return number
    start = number
    while start and tokens[start - 1].kind == "text" and (start == number or not is_head(tokens[start - 1].text)):
        start -= 1
    return start
