"""What a file may ask of the machine before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds on one input; a caller who trusts a larger one raises them.

    `bytes` of the file, `expanded_bytes` of what its compressed parts unfold to, `pages` of a PDF,
    `cells` of one table or sheet (merged and empty ones counted), `characters` of the text.
    """

    bytes: int = 100_000_000
    expanded_bytes: int = 500_000_000
    pages: int = 3_000
    cells: int = 500_000
    characters: int = 20_000_000
