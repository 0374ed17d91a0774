"""The columns that the lines of a header stand for, where each line is a row of it, the end of one, or wraps its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby, pairwise

from budget_llm.lexicon import table_words
from budget_llm.normal_form import normalise
from budget_llm.plain_tables.cell_lines.blocks import Token, is_known
from budget_llm.plain_tables.cell_lines.heads import Node, Tree, attached
from budget_llm.plain_tables.cell_lines.layout import Layout

_MOST_CELLS = 40
_MOST_ROWS = 3
_SUBTOTAL = re.compile("小计")
_REMARK = re.compile("备注|说明|是否|原因")
_ENDINGS = ("及", "和", "、", "比", "较")
_HALF = re.compile("收入|支出")
# What a line over several columns may say that tells their amounts from others.
_OF_AMOUNTS = re.compile(r"年|[预决]算|执行")


def headers_of(lines: Sequence[Sequence[Token]]) -> Iterator[tuple[Sequence[Sequence[Token]], list[Tree]]]:
    """Yield headers with the trees that they may be, the likeliest first: the lines as they are, or in any other order.

    A line above them may head the blocks or halves of the table only, which its columns tell as well.
    """
    for first in range(len(lines)):
        if first and not _may_be_left_out(lines[first - 1]):
            return
        cells = [cell for line in lines[first:] for cell in joined(line)]
        if len(cells) > _MOST_CELLS or sum(map(_is_sure, cells)) * 2 < len(cells):
            continue
        rows = _unwrapped(lines[first:])
        if len(rows) <= _MOST_ROWS:
            yield lines[first:], list(_layered(rows))


def _is_sure(cell: Token) -> bool:
    """Whether a cell is a header that the lexicon knows, or that of codes and labels."""
    return is_known(cell.text) or table_words("leaves")["keys"].search(normalise(cell.text)) is not None


def _may_be_left_out(line: Sequence[Token]) -> bool:
    """Whether a line of a header says nothing of the amounts below it: a heading, or the words of blocks and halves."""
    over = table_words("over")
    words = [normalise(token.text) for token in line]
    if len(words) == 1:
        return _OF_AMOUNTS.search(words[0]) is None
    return all(over["blocks"].search(word) or over["halves"].search(word) for word in words)


def is_sound(tree: Tree) -> bool:
    """Whether a subtotal stands first under its header, and the labels of a half before its amounts."""
    for node in tree:
        if any(_SUBTOTAL.fullmatch(below.words) for below in node.under[1:]) or not is_sound(node.under):
            return False
        if len(node.under) == 2 and _SUBTOTAL.fullmatch(node.under[0].words) and "其中" not in node.under[1].words:
            return False
        roles = [leaf.role() for leaf in node.leaves()]
        if len(roles) > 1 and _HALF.fullmatch(node.words) and (roles[0] != "key" or roles[-1] == "key"):
            return False
        if len(roles) > 1 and _HALF.fullmatch(node.words) and len([r for r, _ in groupby(roles) if r == "key"]) > 1:
            return False
    return True


def is_told_apart(layout: Layout) -> bool:
    """Whether no two columns of one group have the same header: else a row of it that is not known tells them apart."""
    paths = list(paths_of(layout.tree))
    return all(len({paths[n] for n in group.values}) == len(group.values) for group in layout.groups)


def paths_of(tree: Sequence[Node], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the header path of each column."""
    for node in tree:
        path = (*above, node.words)
        if node.under:
            yield from paths_of(node.under, path)
        else:
            yield path


def without_remarks(layout: Layout) -> Layout:
    """Return the columns without those of words behind the amounts (备注), which hold no number."""
    last = layout.groups[-1]
    values = tuple(n for n in last.values if not _REMARK.search(layout.leaves[n].words))
    if values == last.values or not values:
        return layout
    sums = tuple(
        (whole, tuple(part for part in parts if part not in last.values or part in values))
        for whole, parts in layout.sums
    )
    return replace(layout, groups=(*layout.groups[:-1], replace(last, values=values)), sums=sums)


def is_in_blocks(layout: Layout) -> bool:
    """Whether the header tells blocks of the same columns apart: 人员经费 and 公用经费."""
    return len(layout.tree) > 1 and all(
        node.under and table_words("over")["blocks"].search(node.words) for node in layout.tree
    )


def is_of_indicators(lines: Sequence[Sequence[Token]]) -> bool:
    """Whether a header is that of indicators, whose texts no single space parts for certain."""
    marks = table_words("marks")["indicators"]
    return any(marks.search(normalise(token.text)) for token in chain(*lines))


def joined(line: Sequence[Token]) -> list[Token]:
    """Return the cells of a line with those joined that only together are the words of a header (公务用车购置 | 及运行费)."""
    cells: list[Token] = []
    for token in line:
        both = cells[-1].text + token.text if cells else ""
        parted = cells and is_known(cells[-1].text) and is_known(token.text)
        if cells and not parted and (is_known(both) or token.text[0] in "（(" or cells[-1].text.endswith(_ENDINGS)):
            cells[-1] = Token("text", (*cells[-1].pieces, *token.pieces))
        else:
            cells.append(token)
    return cells


def _unwrapped(lines: Sequence[Sequence[Token]]) -> list[list[Token]]:
    """Return the rows of a header: lines whose words go on those of the line above are joined to it."""
    rows: list[list[Token]] = []
    for line in lines:
        wrapped = _wrapped(rows[-1], line) if rows else None
        if wrapped:
            rows[-1] = wrapped
        else:
            rows.append(joined(line))
    return rows


def _wrapped(upper: Sequence[Token], lower: Sequence[Token]) -> list[Token] | None:
    """Return a row with every cell of the line below joined to the one it ends (因公出国 | （境）费), None where one ends none."""
    row = list(upper)
    at = 0
    for token in lower:
        if is_known(token.text):
            return None
        while at < len(row) and not is_known(row[at].text + token.text):
            at += 1
        if at == len(row):
            return None
        row[at] = Token("text", (*row[at].pieces, *token.pieces))
        at += 1
    return row


def _layered(rows: Sequence[Sequence[Token]]) -> Iterator[Tree]:
    """Yield the trees of a header, each line of which is one row of it."""
    lowest = [Node(cell) for cell in rows[-1]]
    if len(rows) == 1:
        yield lowest
        return
    if len(rows) == 2:
        yield from _sides(rows[0], rows[1])
    trees: list[Tree] = [lowest]
    for row in reversed(rows[:-1]):
        trees = [tree for below in trees for tree in attached([Node(cell) for cell in row], below)]
    yield from trees


def _sides(upper: Sequence[Token], lower: Sequence[Token]) -> Iterator[Tree]:
    """Yield the trees of a header whose lower row is labels and amounts again and again, below cells that head a side each.

    Of more blocks of the same columns than there are cells above them, each may be below any.
    """
    nodes = [Node(cell) for cell in lower]
    roles = [node.role() for node in nodes]
    width = len(nodes) // len(upper)
    if "key" not in roles and width > 1 and [n.words for n in nodes] == [n.words for n in nodes[:width]] * len(upper):
        yield [Node(cell, nodes[n * width : (n + 1) * width]) for n, cell in enumerate(upper)]
        return
    starts = [n for n, role in enumerate(roles) if role == "key" and (not n or roles[n - 1] == "value")]
    if len(upper) < 2 or len(starts) < len(upper) or starts[0] or roles[-1] == "key":
        return
    blocks = [nodes[a:b] for a, b in pairwise([*starts, len(nodes)])]
    alike = len({tuple(node.words for node in block) for block in blocks}) == 1
    if len(blocks) > len(upper) and not (alike and len(upper) == 2):
        return
    for cut in range(1, len(blocks) - len(upper) + 2):
        parts = blocks if len(blocks) == len(upper) else [list(chain(*blocks[:cut])), list(chain(*blocks[cut:]))]
        yield [Node(cell, part) for cell, part in zip(upper, parts, strict=True)]
