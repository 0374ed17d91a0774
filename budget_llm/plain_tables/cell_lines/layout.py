"""The columns under a header, and the sums that hold between those of one row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

from budget_llm.lexicon import table_words
from budget_llm.plain_tables.cell_lines.blocks import is_known
from budget_llm.plain_tables.cell_lines.heads import Node, Tree, may_stand_over

_RELATIVE = re.compile(r"增减|变动|比(?!例)|%|率|比例|幅度|占")
_HALVES = re.compile(r"^(?:收入|支出)$")
_STAGE = re.compile("(?:年初|全年|调整|上年|本年)?(?:预算|决算|执行)数?")
_CODES = re.compile(r"编码|代码|^(?:类|款|项)$")
_BALANCE = tuple(map(re.compile, ("(?:年初|上年)结转", "^本年收入$", "^本年支出$", "年末结转")))


@dataclass(frozen=True, slots=True)
class Group:
    """Columns from left to right: codes and labels, the number of the row (None without), the amounts."""

    keys: tuple[int, ...]
    line: int | None
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a header: its tree, the leaves, their groups, and the sums (a column, the columns it is the sum of).

    `moneys` are the columns that add up from row to row, `differences` those of a change: (change, now, before),
    `balance` those of a fund: what was carried over, came in, was spent, is left; empty where one of them is missing.
    `rare` are columns that nearly every department leaves empty (上缴上级支出): they hold a number only where no other can.
    """

    tree: tuple[Node, ...]
    leaves: tuple[Node, ...]
    roles: tuple[str, ...]
    groups: tuple[Group, ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    moneys: frozenset[int]
    differences: tuple[tuple[int, int, int], ...]
    rare: frozenset[int]
    balance: tuple[int, ...] = ()

    @property
    def is_coded(self) -> bool:
        """Whether a column holds codes."""
        return any(_CODES.search(self.leaves[k].words) for group in self.groups for k in group.keys)

    @property
    def is_sound(self) -> bool:
        """Whether every group of columns has amounts, and labels before them where any has; 收入 and 支出 head halves."""
        labelled = [bool(group.keys) for group in self.groups]
        if not self.groups or len(set(labelled)) > 1 or self.roles[-1] != "value":
            return False
        return all(
            len(g.keys) == 1 or not any(_HALVES.search(self.leaves[k].words) for k in g.keys) for g in self.groups
        )

    def name_of(self, column: int) -> str:
        """Return what a column is of in the words of a text: the header over its stage, without the 费 that a text leaves out."""
        leaf = self.leaves[column]
        words = next((part for part in reversed(_path(self.tree, leaf).split("/")) if not _STAGE.fullmatch(part)), "")
        return words.removesuffix("费") if words.endswith(("运行费", "运行维护费")) else words or leaf.words

    @property
    def values(self) -> int:
        """The number of columns that hold amounts."""
        return sum(len(group.values) for group in self.groups)


def layout_of(tree: Tree) -> Layout:
    """Return the columns that a header stands for."""
    leaves = [leaf for node in tree for leaf in node.leaves()]
    number = {id(leaf): n for n, leaf in enumerate(leaves)}
    roles = tuple(leaf.role() for leaf in leaves)
    if "key" not in roles and not is_known(leaves[0].token.text):  # words of its own over the labels: 年度预算申请
        roles = ("key", *roles[1:])
    relative = {n for n, leaf in enumerate(leaves) if _RELATIVE.search(_path(tree, leaf))}
    sums: list[tuple[int, tuple[int, ...]]] = []
    _add_sums(tree, number, roles, relative, sums)
    for columns, numbers in _by_stage(tree, number):
        _add_sums(columns, numbers, roles, relative, sums)
    moneys = frozenset(n for n, role in enumerate(roles) if role == "value" and n not in relative)
    differences = _differences(tree, leaves, roles, relative)
    rare = frozenset(n for n, leaf in enumerate(leaves) if table_words("leaves")["rare"].search(leaf.words))
    balance = _balance(tree, number)
    return Layout(
        tuple(tree), tuple(leaves), roles, tuple(_groups(roles)), tuple(sums), moneys, differences, rare, balance
    )


def _path(tree: Sequence[Node], leaf: Node) -> str:
    for node in tree:
        if node is leaf:
            return node.words
        if node.under and (below := _path(node.under, leaf)):
            return node.words + "/" + below
    return ""


def _groups(roles: Sequence[str]) -> list[Group]:
    groups: list[Group] = []
    keys: list[int] = []
    line: int | None = None
    values: list[int] = []
    for n, role in enumerate((*roles, "key")):
        if role != "value" and values:
            groups.append(Group(tuple(keys), line, tuple(values)))
            keys, line, values = [], None, []
        if role == "key":
            keys.append(n)
        elif role == "line":
            line = n
        else:
            values.append(n)
    return groups


def _add_sums(
    nodes: Sequence[Node], number: dict[int, int], roles: Sequence[str], relative: set[int],
    sums: list[tuple[int, tuple[int, ...]]],
) -> None:  # fmt: skip
    """Add the sums among the cells of one row of a header and of those below them: the first is the sum of the others."""
    for node in nodes:
        _add_sums(node.under, number, roles, relative, sums)
    for is_amount, run in groupby(
        nodes, lambda node: all(roles[number[id(leaf)]] == "value" for leaf in node.leaves())
    ):
        first, *others = run
        if "三公" in first.words:  # 会议费 and 培训费 stand beside their total, not in it
            others = [node for node in others if not table_words("marks")["wider"].search(node.words)]
        others = list(_beside(first, others))
        for n, other in enumerate(others):
            within = _within(other, others[n + 1 :])
            if is_amount and len(within) > 1:
                sums.append((number[id(other)], tuple(number[id(node)] for node in within)))
        inner = {id(node) for n, other in enumerate(others) for node in _within(other, others[n + 1 :])}
        parts = tuple(
            n for other in others if id(other) not in inner for n in _value(other, number) if n not in relative
        )
        is_whole = first.is_sum() or (others and others[0].words.startswith("其中"))
        if is_amount and is_whole and len(parts) > 1:
            sums.append((number[id(first)], parts))


def _by_stage(tree: Sequence[Node], number: dict[int, int]) -> Iterator[tuple[Tree, dict[int, int]]]:
    """Yield, for each stage that every column is divided into (预算数 | 决算数), the tree of its columns and their numbers."""
    parents = [node for node in _nodes(tree) if _is_staged(node)]
    if len(parents) > 1 and len({tuple(below.words for below in node.under) for node in parents}) == 1:
        for stage in range(len(parents[0].under)):
            numbers = dict(number)
            yield [_of_stage(node, stage, numbers) for node in tree], numbers


def _nodes(tree: Sequence[Node]) -> Iterator[Node]:
    for node in tree:
        yield node
        yield from _nodes(node.under)


def _is_staged(node: Node) -> bool:
    return len(node.under) > 1 and all(not b.under and _STAGE.fullmatch(b.words) for b in node.under)


def _of_stage(node: Node, stage: int, numbers: dict[int, int]) -> Node:
    """Return a node with one column in place of those of all stages, and add its number."""
    if not _is_staged(node):
        return Node(node.token, [_of_stage(below, stage, numbers) for below in node.under]) if node.under else node
    leaf = Node(node.token)
    numbers[id(leaf)] = numbers[id(node.under[stage])]
    return leaf


def _beside(first: Node, others: Sequence[Node]) -> Iterator[Node]:
    """Yield the cells whose sum the first may be: up to one that is only a part of them (总计 | 基本支出 | 项目支出 | 其中：财政拨款)."""
    for n, node in enumerate(others):
        if n and "其中" in node.words and first.is_sum():
            return
        yield node


def _within(node: Node, behind: Sequence[Node]) -> list[Node]:
    """Return the cells whose sum a subtotal in the same row is: 公务用车购置及运行费小计 | 公务用车购置费 | 公务用车运行费."""
    words = node.words.removesuffix("小计")
    if node.under or not words or words == node.words:
        return []
    return list(takewhile(lambda other: not other.under and may_stand_over(words, other.words), behind))


def _value(node: Node, number: dict[int, int]) -> list[int]:
    """Return the columns whose sum is the value of a header cell."""
    if not node.under:
        return [number[id(node)]]
    if node.under[0].is_sum():
        return [number[id(node.under[0])]]
    return [n for below in node.under for n in _value(below, number)]


def _differences(
    tree: Sequence[Node], leaves: Sequence[Node], roles: Sequence[str], relative: set[int]
) -> tuple[tuple[int, int, int], ...]:
    """Return the columns of changes with those of the two years they lie between, where the header names both."""
    years: dict[str, int] = {}
    for n, leaf in enumerate(leaves):
        if roles[n] == "value" and n not in relative:
            named = re.search(r"20[0-9]{2}|上年|本年", _path(tree, leaf))
            if named:
                years.setdefault(named.group(), n)
    if len(years) != 2:
        return ()
    before, now = (years[key] for key in sorted(years, key=lambda key: (key == "本年", key)))
    changes = [n for n in sorted(relative) if not re.search("%|率|比例|幅度", leaves[n].words)]
    return ((changes[0], now, before),) if len(changes) == 1 else ()


def _balance(tree: Sequence[Node], number: dict[int, int]) -> tuple[int, ...]:
    found = [[_value(node, number) for node in tree if pattern.search(node.words)] for pattern in _BALANCE]
    is_whole = all(len(columns) == 1 and len(columns[0]) == 1 for columns in found)
    return tuple(columns[0][0] for columns in found) if is_whole else ()
