"""What the readings of a table that fit its numbers about as well have in common."""

from __future__ import annotations

from collections.abc import Sequence

from budget_llm.plain_tables.cell_lines.grids import Reading
from budget_llm.plain_tables.spaced.heads import paths_of

# By so much more of the numbers placed a reading is better than another one, and by twice as many sums that hold.
_CLEARLY = 0.15

_Path = tuple[str, ...]


def agreed(readings: Sequence[Reading]) -> Reading | None:
    """Return the reading that places most numbers, without those that one about as good has under another header."""
    if not readings:
        return None
    best = max(readings, key=lambda reading: (_share(reading), reading.fit[2]))
    rivals = [
        reading
        for reading in readings
        if _share(reading) > _share(best) - _CLEARLY and reading.fit[2] * 2 >= best.fit[2] and reading is not best
    ]
    ours = list(paths_of(best.layout.tree))
    others = [_placed(rival) for rival in rivals]
    cells = [
        {
            column: token
            for column, token in row.items()
            if all(other.get(token.pieces[0].start, ours[column]) == ours[column] for other in others)
        }
        for row in best.cells
    ]
    return best._replace(cells=cells)


def _share(reading: Reading) -> float:
    return reading.fit[1]


def _placed(reading: Reading) -> dict[int, _Path]:
    """Return the header path of each amount that a reading places, by where it stands."""
    paths = list(paths_of(reading.layout.tree))
    return {token.pieces[0].start: paths[column] for row in reading.cells for column, token in row.items()}
