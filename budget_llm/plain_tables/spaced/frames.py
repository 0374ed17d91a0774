"""The columns that a header stands for whose lines run through each other, as text copied out of a PDF has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product

from budget_llm.normal_form import normalise
from budget_llm.plain_tables.cell_lines.blocks import Token
from budget_llm.plain_tables.cell_lines.heads import Node, Tree, may_stand_over
from budget_llm.plain_tables.spaced.cells import words_of
from budget_llm.plain_tables.spaced.levels import trees_of_levels, trees_of_one_row
from budget_llm.plain_tables.spaced.names import Name, left_of, names_in
from budget_llm.plain_tables.spaced.order import is_before, orders_of, rank

Lines = Sequence[Sequence[Token]]

_MOST_LINES, _MOST_CELLS, _MOST_TREES = 15, 60, 48
_FEWEST_STAGES = 3
_STAGE = re.compile("(?:年初|全年|调整|上年|本年)?(?:预算|决算|执行|完成)数?|金额")
_CODES = re.compile("编码|代码|^[类款项]$|分类$|分类科目$")
_LABELS = re.compile("名称$|^(?:收入|支出)?项目$|^科目$|^收入$|^支出$")
_ALL, _TOTAL = re.compile("三公"), re.compile("合计|总计")
# What heads the columns of a whole table and tells none of them: 一般公共预算财政拨款支出决算数.
_HEADING = re.compile(r"三公|(?:收入|支出)(?:[预决]算数?)?$")


def trees_of_pieces(lines: Lines, *, is_coded: bool) -> list[Tree]:
    """Return the trees that a header may be, none where a piece of it has no place; `is_coded`: its rows have codes."""
    if len(lines) > _MOST_LINES or sum(map(len, lines)) > _MOST_CELLS:
        return []
    lines = _once(lines)
    doubled = _doubled(lines)
    if doubled:
        heads, *halves = doubled
        left, right = (trees_of_pieces(half, is_coded=is_coded) for half in halves)
        return [_side_by_side(heads, *trees) for trees in zip(left, right, strict=True)]
    lines, stages = _without_stages(lines)
    names = names_in(lines)
    if not names:
        return []
    sides = _sides(names)
    trees = _trees_of_sides(names, sides, is_coded) if len(sides) > 1 else _trees(names, stages, is_coded)
    found = list(islice(trees, _MOST_TREES + 1))
    return found if len(found) <= _MOST_TREES else []


def _doubled(lines: Lines) -> tuple[Sequence[Token], Lines, Lines] | None:
    """Return the two headers over blocks of the same columns side by side (预算数 | 决算数) and the lines of each block."""
    heads, *below = lines
    halves = [(line[: len(line) // 2], line[len(line) // 2 :]) for line in below]
    if len(heads) != 2 or not below or any(words_of(left) != words_of(right) for left, right in halves):
        return None
    return heads, [left for left, _ in halves], [right for _, right in halves]


def _side_by_side(heads: Sequence[Token], left: Tree, right: Tree) -> Tree:
    return [Node(head, tree) for head, tree in zip(heads, (left, right), strict=True)]


def _once(lines: Lines) -> Lines:
    """Return the lines of a header that is repeated at the top of a page without the first of each."""
    words = [words_of(line) for line in lines]
    return [line for n, line in enumerate(lines) if words[n] not in words[n + 1 :]] if _is_repeated(words) else lines


def _is_repeated(words: Sequence[tuple[str, ...]]) -> bool:
    return any(words[-length:] == words[-2 * length : -length] for length in range(2, len(words) // 2 + 1))


def _role(name: Name) -> str:
    return Node(name.token).role()


def _without_stages(lines: Lines) -> tuple[list[Sequence[Token]], Sequence[Token]]:
    """Return the lines without the one that ends with the stage of each column (预算数 决算数 预算数 …), and its cells."""
    kept: list[Sequence[Token]] = []
    found: Sequence[Token] = ()
    for line in lines:
        number = 0
        while number < len(line) and _STAGE.fullmatch(normalise(line[-1 - number].text)):
            number += 1
        if found or number < _FEWEST_STAGES:
            number = 0
        found = line[len(line) - number :] if number else found
        if len(line) > number:
            kept.append(line[: len(line) - number])
    return kept, found


def _sides(names: Sequence[Name]) -> list[list[Name]]:
    """Return the names of the line that has labels and amounts again and again, side by side; one or none without it."""
    found: list[list[Name]] = []
    for line in sorted({line for name in names for line, _ in name.places}):
        sides: list[list[Name]] = []
        for name in sorted((n for n in names if n.places[0][0] == line), key=lambda n: n.places):
            if _role(name) == "key" and (not sides or any(_role(n) == "value" for n in sides[-1])):
                sides.append([])
            if sides:
                sides[-1].append(name)
        if all(any(_role(n) == "value" for n in side) for side in sides) and len(sides) > len(found):
            found = sides
    return found


def _trees(names: Sequence[Name], stages: Sequence[Token], is_coded: bool) -> Iterator[Tree]:
    """Yield the trees of labels on the left and amounts on the right."""
    values = [name for name in names if _role(name) == "value"]
    keys = _keys([name for name in names if _role(name) == "key"], 1, is_coded)
    numbers = [name for name in names if _role(name) == "line"]
    if keys is None or len(numbers) > 1:
        return
    lines = [Node(name.token) for name in numbers]
    is_first = any(left_of(numbers[0], name) for name in names if _role(name) == "key") if numbers else False
    for tree in _trees_of_values(values):
        staged = _with_stages(tree, stages)
        if staged:
            yield [*lines, *keys[0], *staged] if is_first else [*keys[0], *lines, *staged]


def _trees_of_values(values: Sequence[Name]) -> Iterator[Tree]:
    """Yield the trees of amounts: what stands above all others heads them all, or some, or tells none of them."""
    headings = list(_headings(values))
    below = [name for name in values if name not in headings]
    trees = list(trees_of_levels(below)) or list(trees_of_one_row(below))
    if len(headings) != 1:
        yield from trees
        return
    (heading,) = headings
    whole = [[Node(heading.token, tree)] for tree in trees if _heads_all(heading, tree)]
    some = [] if _ALL.search(heading.words) else list(trees_of_levels(values))
    yield from (*whole, *some) or trees


def _heads_all(heading: Name, tree: Tree) -> bool:
    return all(may_stand_over(heading.words, node.words, first_is_sum=True) for node in tree)


def _headings(values: Sequence[Name]) -> Iterator[Name]:
    """Yield the name that heads a table: above all others, and they are more than one; or 三公 where their total has a column."""
    for name in values:
        others = [other for other in values if other is not name]
        is_above = len(others) > 1 and all(other.places[0][0] > name.places[0][0] for other in others)
        has_total = any(_TOTAL.fullmatch(other.words) for other in others)
        is_over = is_above or (_ALL.search(name.words) is not None and has_total)
        if is_over and len(name.places) == 1 and _HEADING.search(name.words):
            yield name


def _with_stages(tree: Tree, stages: Sequence[Token]) -> Tree:
    """Return a tree with the stages below its columns; none where they are not as many as columns, or twice as many."""
    columns = sum(len(list(node.leaves())) for node in tree)
    if len(stages) not in (0, columns, 2 * columns):
        return []
    each = 2 * (len(stages) == 2 * columns)
    cells = iter(stages[: each * columns])
    return [_staged(node, cells, each) for node in tree]


def _staged(node: Node, stages: Iterator[Token], each: int) -> Node:
    """Return a copy of a header with the next stages below each column."""
    if node.under:
        return Node(node.token, [_staged(below, stages, each) for below in node.under])
    return Node(node.token, [Node(stage) for stage in islice(stages, each)])


def _keys(names: Sequence[Name], sides: int, is_coded: bool) -> list[list[Node]] | None:
    """Return the columns of codes and labels of each side; None where a header is missing for one."""
    labels = [name for name in names if _LABELS.search(name.words)]
    labels.sort(key=lambda name: (not name.words.endswith("名称"), name.places))
    codes = [name for name in names if _CODES.search(name.words) and name not in labels[:sides]]
    codes.sort(key=lambda name: (re.search("编码|代码", name.words) is None, len(name.places) == 1, name.places))
    if len(codes) < sides * is_coded or (len(labels) < sides and (labels or is_coded)):
        return None
    columns = [sorted(part[:sides], key=lambda n: n.places[0][1]) for part in (codes[: len(codes) * is_coded], labels)]
    return [[Node(part[side].token) for part in columns if part] for side in range(sides)]


def _trees_of_sides(names: Sequence[Name], sides: Sequence[Sequence[Name]], is_coded: bool) -> Iterator[Tree]:
    """Yield the trees of labels and amounts side by side: income and expenditure, or two blocks of one list."""
    heads = _heads_of_sides(names, len(sides))
    keys = _keys([n for n in names if _role(n) == "key" and n not in heads], len(sides), is_coded)
    values = [[name for name in side if _role(name) == "value"] for side in sides]
    lines = [[Node(name.token) for name in side if _role(name) == "line"] for side in sides]
    for name in names:
        if _role(name) == "value" and name not in heads and not any(name in side for side in sides):
            side = _side_of(name, sides, values)
            if side is None:
                return
            values[side].append(name)
    if keys is None:
        return
    for orders in product(*(orders_of([(name,) for name in side]) for side in values)):
        nodes = [
            [*key, *line, *(Node(unit[0].token) for unit in order)]
            for key, line, order in zip(keys, lines, orders, strict=True)
        ]
        if heads:
            yield [Node(head.token, under) for head, under in zip(heads, nodes, strict=True)]
        else:
            yield [node for side in nodes for node in side]


def _heads_of_sides(names: Sequence[Name], number: int) -> list[Name]:
    """Return the names that head the sides (收入 | 支出): so many in a line above all else."""
    first = min(name.places[0][0] for name in names)
    heads = sorted((n for n in names if n.places[0][0] == first), key=lambda name: name.places)
    is_whole = len(heads) == number and all(_HEADING.search(n.words) and len(n.places) == 1 for n in heads)
    return heads if is_whole else []


def _side_of(name: Name, sides: Sequence[Sequence[Name]], values: Sequence[Sequence[Name]]) -> int | None:
    """Return the side that a name beside the line of labels is of: the one its line or its place in the forms tells."""
    told = [n for n, side in enumerate(sides) if any(left_of(other, name) for other in side)]
    if told:
        return told[-1]
    own = rank((name,))
    fitting = [n for n, side in enumerate(values) if own and any(_may_precede(other, own) for other in side)]
    return fitting[0] if len(fitting) == 1 else None


def _may_precede(name: Name, place: tuple[int, int | None]) -> bool:
    own = rank((name,))
    return own is not None and is_before(own, place)
