"""Items that prose lists with the way to them in the classification, against the classes that it states elsewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from budget_llm.document import Document
from budget_llm.facts import Fact
from budget_llm.identities.check import Check, sum_check
from budget_llm.identities.slips import explained_by_slip
from budget_llm.normal_form import normalise
from budget_llm.ordered import commensurable

_LEVELS = re.compile(r"\((?:类|款|项)\)-?|-+")
_Statement = tuple[str | None, int | str | None, str | None]


def items_of_classes(document: Document, facts: Sequence[Fact]) -> Iterator[Check]:
    """类 = Σ of the items (类-款-项) that one section of prose lists under it.

    Such a list may be of some items only: where the sum misses, it is told only if a slip of the pen in one number explains it.
    """
    classes: dict[tuple[_Statement, str], Fact] = {}
    items: dict[tuple[int, _Statement], dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        if fact.concept != "expenditure.function" or fact.measure != "amount" or fact.table is not None or fact.split:
            continue
        statement = (fact.scope, fact.period, fact.stage)
        path = [part for part in _LEVELS.split(normalise(fact.label)) if part]
        if len(path) == 1:
            classes.setdefault((statement, path[0]), fact)
        elif path:
            items[fact.section, statement][path[0]].append(fact)
    for (_, statement), by_class in items.items():
        checks = [
            sum_check(whole, own)
            for name, own in by_class.items()
            if (whole := classes.get((statement, name))) and _are_one_list(whole, own)
        ]
        yield from (check for check in checks if check.holds or explained_by_slip(check))


def _are_one_list(whole: Fact, items: Sequence[Fact]) -> bool:
    names = {normalise(item.label) for item in items}
    levels = {len([part for part in _LEVELS.split(name) if part]) for name in names}
    return len(names) == len(items) and len(levels) == 1 and all(commensurable(item, whole) for item in items)
