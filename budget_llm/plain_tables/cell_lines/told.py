"""What the text around a table says of the amounts in its last row: 事业收入126.20万元, in a sentence or another table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from budget_llm.normal_form import normalise
from budget_llm.plain_tables.lines import Line

_SEPARATOR = re.compile(r"(?<=[0-9]),(?=[0-9]{3})")
# What may stand between a name and its amount: the end of the label (一般公共预算 | 拨款收入), the border of a cell, 行次.
_BETWEEN = r"[^0-9|、，。；：]{0,8}[|：]?(?:[0-9]{1,2}\|)?"


class Told:
    """The words of a text, asked for names beside amounts."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._known: dict[tuple[str, Decimal], int] = {}

    @cached_property
    def _plain(self) -> str:
        return _SEPARATOR.sub("", "|".join(normalise(line.text) for line in self._lines))

    def says(self, name: str, amount: Decimal) -> bool:
        """Whether a normalised name stands right before an amount somewhere; a whole number of one digit tells nothing."""
        return self.times(name, amount) > 0

    def times(self, name: str, amount: Decimal) -> int:
        """Return how often a normalised name stands right before an amount."""
        key = (name, amount)
        if key not in self._known:
            number = f"{amount:f}"
            pattern = rf"{re.escape(name)}{_BETWEEN}{re.escape(number)}(?![0-9.])"
            self._known[key] = len(re.findall(pattern, self._plain)) if len(number) > 2 else 0
        return self._known[key]
