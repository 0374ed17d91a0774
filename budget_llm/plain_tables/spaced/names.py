"""The names in a header whose lines run through each other: words broken over several lines, put together again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from budget_llm.lexicon import header_prefixes, header_words, table_words, wordings
from budget_llm.normal_form import normalise
from budget_llm.plain_tables.cell_lines.blocks import Token, is_known, is_listed

Place = tuple[int, int]
"""The line of a cell and its number in it."""

_MOST_PIECES, _MOST_STEPS = 5, 2000
# What stands over other names and is none of the lexicon's: 一般公共预算财政拨款支出决算数.
_OVER = re.compile(r"三公|(?:收入|支出)(?:[预决]算数?)?$")
_ENDING = re.compile("收入|支出|预算|数|费")
_YEAR, _OPEN_UNIT = re.compile("^20[0-9]{2}年?度?"), re.compile(r"\([万元%]{0,2}$")


class Name(NamedTuple):
    """The words of one header, and where the cells stand that hold them, from above."""

    token: Token
    places: tuple[Place, ...]

    @property
    def words(self) -> str:
        """The header, normalised."""
        return normalise(self.token.text)


def names_in(lines: Sequence[Sequence[Token]]) -> list[Name] | None:
    """Return the names that the cells of a header hold; None where a piece of a word is left over.

    Pieces of one name stand in different lines; two names never stand the other way round in two lines.
    """
    cells = {(line, n): token for line, tokens in enumerate(lines) for n, token in enumerate(tokens)}
    chains = _solve(cells, [place for place in cells if not _is_name(cells[place].text) or _is_twice(lines, place)])
    if chains is None:
        return None
    chains = _completed(cells, chains)
    taken = {place for chain in chains for place in chain}
    alone = [(place,) for place in cells if place not in taken]
    return [Name(_token(cells, chain), chain) for chain in sorted([*chains, *alone])]


def left_of(one: Name, other: Name) -> bool | None:
    """Whether a name stands left of another one, None where no line holds both."""
    beside = [(a, b) for line, a in one.places for other_line, b in other.places if line == other_line]
    return beside[0][0] < beside[0][1] if beside else None


def _is_name(text: str) -> bool:
    leaves = table_words("leaves")
    if leaves["begins"].search(normalise(text)):
        return False
    if is_known(text) or leaves["keys"].search(normalise(text)):
        return True
    return _OVER.search(normalise(text)) is not None


def _is_twice(lines: Sequence[Sequence[Token]], place: Place) -> bool:
    """Whether a word stands twice in its line and so begins two names: 公务用车 | 公务用车 over 购置费 | 运行费."""
    text = lines[place[0]][place[1]].text
    leaves = table_words("leaves")
    words = normalise(text)
    if any(leaves[kind].search(words) for kind in ("keys", "lines", "sums")) or table_words("stages")["budget"].search(
        words
    ):
        return False
    return sum(token.text == text for token in lines[place[0]]) > 1 and not table_words("stages")["final"].search(words)


def _token(cells: dict[Place, Token], chain: Sequence[Place]) -> Token:
    return Token("text", tuple(piece for place in chain for piece in cells[place].pieces))


def _solve(cells: dict[Place, Token], loose: Sequence[Place]) -> list[tuple[Place, ...]] | None:
    """Return chains of cells that hold every loose one and are names: those with their lines most evenly apart, and near."""
    options = {place: sorted(_chains(cells, place), key=_cost) for place in loose}
    found: list[list[tuple[Place, ...]]] = []
    steps = 0

    def search(chosen: list[tuple[Place, ...]], taken: set[Place]) -> None:
        nonlocal steps
        steps += 1
        left = [place for place in loose if place not in taken]
        if not left:
            found.append(chosen)
        if not left or steps > _MOST_STEPS:
            return
        place = min(left, key=lambda p: (len(options[p]), p))
        for chain in options[place]:
            if taken.isdisjoint(chain) and not any(_cross(chain, other) for other in chosen):
                search([*chosen, chain], taken | set(chain))

    search([], set())
    return min(found, key=_unevenness, default=None)


def _unevenness(chains: Sequence[tuple[Place, ...]]) -> tuple[int, int, int]:
    """Return by how much the lines of names are apart more here than there, over how many lines and how far they go."""
    steps = [below[0] - above[0] for chain in chains for above, below in pairwise(chain)]
    spans, spreads = zip(*map(_cost, chains), strict=True) if chains else ((0,), (0,))
    return (max(steps, default=0) - min(steps, default=0), sum(spans), sum(spreads))


def _chains(cells: dict[Place, Token], through: Place) -> Iterator[tuple[Place, ...]]:
    """Yield the chains of cells from line to line that hold one cell and are a name of the lexicon."""
    prefixes = header_prefixes()
    start: list[tuple[Place, ...]] = [
        (place,) for place in cells if place[0] <= through[0] and (place[0] < through[0] or place == through)
    ]
    while start:
        chain = start.pop()
        text = normalise("".join(cells[place].text for place in chain))
        if len(chain) > 1 and through in chain and _is_whole(text):
            yield chain
        if len(chain) < _MOST_PIECES and _may_go_on(text, prefixes):
            start += [(*chain, place) for place in cells if place[0] > chain[-1][0]]


def _is_whole(text: str) -> bool:
    """Whether a text is a header; the loose wordings for the items of 三公 are none (公务用车费)."""
    return is_listed(text) or wordings("income", "expenditure").equal(_YEAR.sub("", text)) is not None


def _may_go_on(text: str, prefixes: frozenset[str]) -> bool:
    """Whether a text may be the beginning of a header, its year before it and its unit behind it."""
    words = _OPEN_UNIT.sub("", _YEAR.sub("", text))
    return not words or words in prefixes or (words != text and is_known(words))


def _cost(chain: tuple[Place, ...]) -> tuple[int, int]:
    spread = sum(abs(above[1] - below[1]) for above, below in pairwise(chain))
    return (chain[-1][0] - chain[0][0], spread)


def _cross(one: Sequence[Place], other: Sequence[Place]) -> bool:
    """Whether two chains stand one way round in one line and the other way in another."""
    places = dict(other)
    signs = {place < places[line] for line, place in one if line in places}
    return len(signs) > 1


def _completed(cells: dict[Place, Token], chains: list[tuple[Place, ...]]) -> list[tuple[Place, ...]]:
    """Return the chains with names joined that are whole with one more piece only: 政府性基金预算 | 财政拨款."""
    taken = {place for chain in chains for place in chain}
    whole = [*chains, *((place,) for place in cells if place not in taken)]
    for tail in [chain for chain in whole if len(chain) == 1]:
        if not _may_end(cells, chains, tail[0]):
            continue
        last = normalise(cells[tail[0]].text)
        for chain in [c for c in whole if c[-1][0] < tail[0][0]]:
            longer = (*chain, *tail)
            first = normalise("".join(cells[place].text for place in chain))
            if first + last not in header_words() or table_words("leaves")["keys"].search(first):
                continue
            if not any(_cross(longer, other) for other in whole if other not in (chain, tail)):
                whole = [c for c in whole if c not in (chain, tail)] + [longer]
                break
    return [chain for chain in whole if len(chain) > 1]


def _may_end(cells: dict[Place, Token], chains: list[tuple[Place, ...]], tail: Place) -> bool:
    """Whether a cell may be the end of a name that is known without it as well.

    That is one in a line in which another name ends, the last word of an income or expenditure (附属单位上缴 | 收入),
    and a sum without other amounts beside it: it stands below no header, but ends one (本年收入 | 合计).
    """
    leaves = table_words("leaves")
    last = normalise(cells[tail].text)
    ends = {chain[-1] for chain in chains}
    if leaves["sums"].search(last):
        beside = [place for place in cells if place[0] == tail[0] and place != tail and place not in ends]
        return all(leaves["keys"].search(normalise(cells[place].text)) for place in beside)
    in_line = any(place[0] == tail[0] for place in ends)
    return _ENDING.fullmatch(last) is not None or (in_line and not leaves["keys"].search(last))
