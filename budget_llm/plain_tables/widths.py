"""Display widths: where a character stands on a line of a fixed-pitch font."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_WIDE = r"\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6"
_BOX = r"\u2500-\u257f"


class Measure(NamedTuple):
    """A way to count columns: the characters that `wide` matches take two, all others one."""

    wide: re.Pattern[str] | None

    def places(self, text: str, offsets: Sequence[int]) -> list[int]:
        """Return the columns at which the characters at `offsets` (rising) begin."""
        if self.wide is None:
            return list(offsets)
        places: list[int] = []
        done = extra = 0
        for offset in offsets:
            if offset > done:
                extra += len(self.wide.findall(text, done, offset))
                done = offset
            places.append(offset + extra)
        return places


# East Asian characters take two columns; box characters do so too in some fonts; some programs count characters.
MEASURES = (Measure(re.compile(f"[{_WIDE}]")), Measure(re.compile(f"[{_WIDE}{_BOX}]")), Measure(None))
