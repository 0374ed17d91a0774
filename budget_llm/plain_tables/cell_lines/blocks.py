"""Where a table of one cell per line begins and ends, and which of its lines are its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from budget_llm.lexicon import header_words, table_words, wordings
from budget_llm.normal_form import normalise
from budget_llm.plain_tables.evidence import is_header_word, is_sentence, is_title, is_unit_line, kind
from budget_llm.plain_tables.lines import Line, Piece, bare, whole

_LONGEST = 40
_MOST_LINES = 3000
# How far behind a page break a header is repeated, and with how many of its cells at least.
_REACH, _FEWEST_REPEATED = 8, 3
# Labels of the first row that may stand between a header and its first number.
_LABELS = 2
_PAGE = re.compile(r"[-—–－][ \u3000]{0,3}[0-9]{1,4}[ \u3000]{0,3}[-—–－]|第[ \u3000]?[0-9]{1,4}[ \u3000]?页.{0,12}")
_CODE = re.compile(r"[1-5][0-9]{2}(?:[0-9]{2}){0,2}")
_ORDINAL = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[、．]|其中[:：]?|[①-⑳]"
)
_COUNTER = re.compile(r"(?:栏次|行次|列次)[:：]?")
_LABELLED = re.compile(r"(?!其中)[^：:]{2,12}[：:].")
_ENDS = re.compile(r"第[一二三四五六七八九十]{1,3}部分|注[：:]|备注[：:]|说明[：:]|附件|联系")
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

    `head_lines` is how many lines the header takes, `next_line` the line after the block, `start` and `end` its offsets.
    """

    head: tuple[Token, ...]
    counters: tuple[Token, ...]
    body: tuple[Token, ...]
    head_lines: int
    next_line: int
    start: int
    end: int


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


def _is_head(text: str) -> bool:
    return (
        len(text) <= _LONGEST and kind(text) == "text" and (is_known(text) or is_header_word(text)) and not _ends(text)
    )


def _ends(text: str) -> bool:
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
    if not _is_head(bare(run[first].text)):
        return None
    tokens, lines = _tokens(run, first)
    split = _split(tokens)
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
    return Block(head, counters, body, lines[head_end] - first, last + 1, run[first].start, run[last].end)


def _tokens(run: Sequence[Line], first: int) -> tuple[list[Token], list[int]]:
    """Return the cells from a line on, and the number of the line of each; a header that a page repeats is left out."""
    tokens: list[Token] = []
    lines: list[int] = []
    number = first
    while number < min(len(run), first + _MOST_LINES):
        text = bare(run[number].text)
        if text and (_PAGE.fullmatch(text) or _ends(text)):
            after = _behind_repeated_head(run, number, tokens)
            if after is None and not _PAGE.fullmatch(text):
                break
            number = after or number + 1
            continue
        piece = whole(run[number], 0)
        tokens.append(Token(_kind(text), (piece,) if piece else ()))
        lines.append(number)
        number += 1
    return tokens, lines


def _behind_repeated_head(run: Sequence[Line], number: int, tokens: Sequence[Token]) -> int | None:
    """Return the line behind a header that stands again within a few lines of a page break or title, None without one."""
    head = [token.text for token in takewhile(lambda token: token.kind == "text", tokens)]
    for at in range(number, min(len(run), number + _REACH)):
        if len(head) < _FEWEST_REPEATED or "".join(run[at].text.split()) != head[0]:
            continue
        same, behind = 0, at
        while behind < len(run) and same < len(head):
            words = "".join(run[behind].text.split())
            if words and words != head[same]:
                break
            same += bool(words)
            behind += 1
        if same >= max(_FEWEST_REPEATED, len(head) - _LABELS):
            return behind
    return None


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
    keys = table_words("leaves")["keys"]
    if tokens[number].kind == "code" or not any(keys.search(normalise(t.text)) for t in tokens[: number - 1]):
        return number
    start = number
    while start and tokens[start - 1].kind == "text" and (start == number or not _is_head(tokens[start - 1].text)):
        start -= 1
    return start
