"""Where rows with single spaces between their cells stand below a header of known words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from budget_llm.lexicon import header_prefixes, table_words
from budget_llm.normal_form import normalise
from budget_llm.plain_tables.cell_lines.blocks import Token, ends_table, is_head, is_known, is_ordinal_led
from budget_llm.plain_tables.evidence import is_title, is_total
from budget_llm.plain_tables.lines import Line, bare, is_page_number
from budget_llm.plain_tables.spaced.cells import cells_of_line, is_row, may_be_row, words_of

Cells = tuple[Token, ...]

_MOST_HEAD_LINES, _MOST_LABELS, _MOST_WHOLE = 6, 3, 15
# So many lines without a number may stand between two rows, and so many of them empty.
_MOST_BETWEEN, _MOST_EMPTY = 12, 1
_MOST_ROWS = 600
_LONGEST_LABEL, _SHORTEST = 40, 5
_COUNTER = re.compile(r"(?:栏次|行次|列次)[:：]?")
_CODES = re.compile(r"[0-9]{2,12}")
_WIDE = re.compile(r"(?<=\S)[ \xa0\u3000]{2,}(?=\S)")


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of a header, the numbers of a row 栏次 1 2 3 … below it, the lines of the body; each as its cells.

    `first` and `last` are the numbers of its first and last line; `is_whole`: the header is all that stands between the
    unit of the table and its first row.
    """

    heads: tuple[Cells, ...]
    counters: Cells
    body: tuple[Cells, ...]
    first: int
    last: int
    is_whole: bool = False


def blocks_in(run: Sequence[Line]) -> Iterator[list[Block]]:
    """Yield the blocks of a run of lines, each as it may be read, the likeliest first; no two overlap."""
    done = number = 0
    while number < len(run):
        if not _may_begin(run[number]):
            number += 1
            continue
        found = [block for first, heads in _headers_above(run, number, done) if (block := _block(run, first, heads))]
        found += [block for heads in _whole_headers(run, number, done) if (block := _block(run, heads[0], heads, True))]
        if not found:
            number += 1
            continue
        yield found
        number = done = max(block.last for block in found) + 1


def _may_begin(line: Line) -> bool:
    """Whether a line may be the first row: one that ends with an amount, or of two sides whose right one has none."""
    text = line.text.rstrip()
    if may_be_row(text):
        return is_row(cells := cells_of_line(line)) and not _total_among_headers(cells or ())
    if " " not in text or not any(map(str.isdigit, text)):
        return False
    cells = cells_of_line(line) or ()
    is_of_two = any(cell.kind == "number" for cell in cells) and is_ordinal_led(cells[-1].text)
    return is_of_two and (cells[0].kind == "number" or (len(cells) > 2 and is_ordinal_led(cells[0].text)))


def _headers_above(run: Sequence[Line], number: int, floor: int) -> Iterator[tuple[int, list[int]]]:
    first, heads = _header_above(run, number, floor)
    if heads:
        yield first, heads


def _whole_headers(run: Sequence[Line], number: int, floor: int) -> Iterator[list[int]]:
    """Yield the lines from the unit or title of a table to its first row, or to the words above it that begin its name."""
    heads: list[int] = []
    at = number - 1
    while at >= max(floor, number - _MOST_WHOLE) and not _ends_above(run[at]):
        cells = cells_of_line(run[at]) if bare(run[at].text) else ()
        cells = _total_among_headers(cells or ()) or cells
        if cells is None or any(cell.kind != "text" for cell in cells):
            return
        if cells:
            heads.insert(0, at)
        at -= 1
    if heads and at >= floor and _ends_above(run[at]):
        for rest in range(min(_MOST_LABELS, len(heads) - 1) + 1):
            yield heads[: len(heads) - rest]


def _total_among_headers(cells: Cells) -> Cells:
    """Return the headers in a line that holds the row of the total too (合计 12.00 合计 基本支出 项目支出), none without it.

    Headers that stand as low as the first row of their table are copied out of a PDF in one line with it.
    """
    heads = tuple(cell for cell in cells[1:] if cell.kind == "text")
    is_both = len(heads) > 1 and any(cell.kind == "number" for cell in cells) and is_total(cells[0].text)
    return heads if is_both and all(is_head(cell.text) for cell in heads) else ()


def _ends_above(line: Line) -> bool:
    """Whether a line is the unit or the title of a table."""
    text = bare(line.text)
    return is_title(text) or any(ends_table(cell) for cell in text.split(" "))


def _header_above(run: Sequence[Line], number: int, floor: int) -> tuple[int, list[int]]:
    """Return the first line of the header above the first row, and the numbers of its lines, none where there is none."""
    heads: list[int] = []
    labels = empty = 0
    at = number - 1
    while at >= floor and len(heads) < _MOST_HEAD_LINES:
        text = bare(run[at].text)
        if not text:
            empty += 1
            if empty > _MOST_EMPTY:
                break
        elif is_header_line(run[at]):
            heads.insert(0, at)
        elif heads or labels == _MOST_LABELS or not _is_label_line(run[at]):
            break
        else:
            labels += 1
        at -= 1
    while heads and len(cells_of_line(run[heads[0]]) or ()) == 1 and not is_known(bare(run[heads[0]].text)):
        heads.pop(0)
    if heads and heads[0] > floor and _is_unknown_header(run[heads[0] - 1]):
        return number, []
    return (heads[0] if heads else number), heads


def _is_unknown_header(line: Line) -> bool:
    """Whether a line above a header may be one more row of it that no word of the lexicon tells (上年 本年), or begin a word of it."""
    cells = cells_of_line(line) if line.text and len(line.text) <= _LONGEST_LABEL else None
    if not cells or any(cell.kind != "text" or ends_table(cell.text) for cell in cells):
        return False
    if len(cells) == 1:
        return not is_known(cells[0].text) and normalise(cells[0].text) in header_prefixes()
    return all(len(cell.text) <= _SHORTEST for cell in cells)


def is_header_line(line: Line) -> bool:
    """Whether the cells of a line are headers, most of them at least."""
    if not line.text or len(line.text) > 300:
        return False
    cells = cells_of_line(line)
    if not cells or any(cell.kind != "text" or ends_table(cell.text) for cell in cells):
        return False
    if is_ordinal_led(cells[0].text):
        return False
    return sum(is_head(cell.text) for cell in cells) * 2 > len(cells) and not all(is_total(c.text) for c in cells)


def _is_label_line(line: Line) -> bool:
    """Whether a line is that of a row without numbers: a label, or a code and a label."""
    cells = cells_of_line(line)
    if not cells or len(line.text) > _LONGEST_LABEL * 2 or cells[-1].kind != "text":
        return False
    return not any(ends_table(cell.text) or len(cell.text) > _LONGEST_LABEL for cell in cells) and all(
        cell.kind == "text" or _CODES.fullmatch(cell.text) for cell in cells
    )


def _block(run: Sequence[Line], first: int, numbers: Sequence[int], is_whole: bool = False) -> Block | None:
    heads = tuple(cells for number in numbers if (cells := cells_of_line(run[number])))
    repeated = {words_of(cells) for cells in heads}
    at = numbers[-1] + 1
    body: list[Cells] = []
    among = _total_among_headers(heads[-1])
    if among:
        body.append(tuple(cell for cell in heads[-1] if cell not in among))
        heads = (*heads[:-1], among)
    counters: Cells = ()
    last = kept = 0  # the last line that holds numbers, and how many of the body go up to it
    between = empty = 0
    while at < len(run) and len(body) < _MOST_ROWS and between <= _MOST_BETWEEN:
        text = bare(run[at].text)
        cells = cells_of_line(run[at]) if text else ()
        if cells is None or (text and _ends(run[at], text, cells, repeated) and not _ends_labels(run, at, cells)):
            break
        empty = 0 if text else empty + 1
        if empty > _MOST_EMPTY:
            break
        if cells and is_row(cells) and not is_page_number(text):
            counted = _counters(cells)
            if counted and (words_of(counted) == words_of(counters) or not (counters or kept)):
                counters = counters or counted
            else:
                body.append(cells)
            last, kept, between = at, len(body), 0
        elif cells and words_of(cells) not in repeated and not is_page_number(text):
            body.append(cells)
            between += 1
        at += 1
    if not last or (at < len(run) and _WIDE.search(run[at].text) and is_number_line(run[at])):
        return None
    return Block(heads, counters, tuple(body[:kept]), first, last, is_whole)


def is_number_line(line: Line) -> bool:
    """Whether a line ends with a number."""
    return may_be_row(line.text.rstrip())


def _ends(line: Line, text: str, cells: Cells, repeated: set[tuple[str, ...]]) -> bool:
    """Whether a line ends the body: a title, a unit, prose, the header of another table."""
    if is_page_number(text) or words_of(cells) in repeated:
        return False
    if any(cell.kind == "text" and ends_table(cell.text) for cell in cells):
        return True
    if is_row(cells):
        return False
    return len(cells) > 1 and is_header_line(line) and any(_is_key(cell) for cell in cells)


def _ends_labels(run: Sequence[Line], at: int, cells: Cells) -> bool:
    """Whether a line holds the ends of the labels that begin two lines above, around a row (一、一般公共 … | 12.00 | 预算 支出)."""
    above = cells_of_line(run[at - 2]) if at > 1 and cells else None
    if not above or len(above) != len(cells) or not is_row(cells_of_line(run[at - 1])):
        return False
    return all(cell.kind == "text" for cell in (*above, *cells)) and all(is_ordinal_led(cell.text) for cell in above)


def _is_key(cell: Token) -> bool:
    return table_words("leaves")["keys"].search(normalise(cell.text)) is not None


def _counters(cells: Cells) -> Cells:
    """Return the numbers of a row 栏次 1 2 栏次 3 …, none where the cells are no such row."""
    numbers = tuple(cell for cell in cells if not _COUNTER.fullmatch(cell.text))
    counts = [re.fullmatch(r"([0-9]{1,2})(?:=.*)?", cell.text) for cell in numbers]
    if len(counts) < 1 + (len(numbers) == len(cells)) or not all(counts):
        return ()
    is_run = all(count is not None and int(count[1]) == n for n, count in enumerate(counts, 1))
    return numbers if is_run else ()
