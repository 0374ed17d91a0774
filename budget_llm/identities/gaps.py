"""Numbers of a table that stand in no cell of it, because their columns stayed open: what a sum over its rows may lack."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from budget_llm.document import Document
from budget_llm.facts import Fact
from budget_llm.identities.check import Check
from budget_llm.ordered import end_of, start_of
from budget_llm.tables import Table, around

_LABEL = re.compile("[\u4e00-\u9fff]")


class Gaps:
    """The unread amounts of one table that are in no cell, each with the last fact of its row before it."""

    def __init__(self, document: Document, table: Table, facts: Sequence[Fact], unread: Sequence[int]) -> None:
        self._starts = sorted(start_of(fact) for fact in facts)
        ends = {start_of(fact): end_of(fact) for fact in facts}
        self._gaps = list(_outside_cells(document, table, unread))
        self._before = [self._last(document, gap, ends) for gap in self._gaps]

    def _last(self, document: Document, gap: int, ends: dict[int, int]) -> int | None:
        at = bisect_left(self._starts, gap) - 1
        if at < 0 or _LABEL.search(document.text, ends[self._starts[at]], gap):
            return None
        return self._starts[at]

    def may_lack(self, check: Check, *, is_list: bool) -> bool:
        """Whether a row among those of a sum has an amount in no cell and none in the sum.

        `is_list` says that the rows are all above the total, or all below it; else they end before the next fact.
        """
        if check.form != "sum" or not self._gaps:
            return False
        places = {start_of(fact) for fact in check.operands}
        total, first, last = start_of(check.found), min(places), max(places)
        behind = bisect_right(self._starts, last)
        stop = self._starts[behind] if behind < len(self._starts) else self._gaps[-1] + 1
        if is_list and total == first:
            stop = self._gaps[-1] + 1
        elif is_list and total == last:
            first, stop = 0, last
        within = range(bisect_left(self._gaps, first), bisect_left(self._gaps, stop))
        return any(self._before[n] not in places for n in within)


def _outside_cells(document: Document, table: Table, unread: Sequence[int]) -> Iterator[int]:
    if not unread:
        return
    first, last = around(document.text, table.start, table.end)
    places = unread[bisect_left(unread, first) : bisect_left(unread, last)]
    spans = sorted((cell.start, cell.end) for cell in table.cells) if places else []
    for place in places:
        at = bisect_right(spans, place, key=lambda span: span[0]) - 1
        if at < 0 or spans[at][1] <= place:
            yield place
