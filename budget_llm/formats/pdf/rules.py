"""The straight rules that a page draws: thin filled shapes and stroked lines, joined where they follow one another."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any, NamedTuple

from budget_llm.errors import InputError
from budget_llm.formats.pdf.glyphs import Turn

# Points: what is longer than the first and thinner than the second is a rule; rules nearer than the third are one,
# rules that miss each other by less than the fourth meet.
_THIN, _THICK, SAME, MEET = 2.5, 6.0, 2.5, 3.0
_MOST_RULES = 60_000


class Rule(NamedTuple):
    """A straight rule: its place across (y of a level one, x of an upright one) and from where to where it runs."""

    at: float
    start: float
    end: float


def rules_of(page: Any, turn: Turn) -> tuple[list[Rule], list[Rule]]:
    """Return the level and the upright rules of a page: thin filled shapes, and stroked straight lines."""
    import pypdfium2.raw as pdfium

    level: list[Rule] = []
    upright: list[Rule] = []

    def add(one: tuple[float, float], other: tuple[float, float]) -> None:
        (x0, y0), (x1, y1) = turn.point(*one), turn.point(*other)
        width, height = abs(x1 - x0), abs(y1 - y0)
        if height <= _THICK and width > max(_THIN, 2 * height):
            level.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif width <= _THICK and height > max(_THIN, 2 * width):
            upright.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    for shape in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4):
        if len(level) + len(upright) > _MOST_RULES:
            raise InputError(
                f"a page draws more than {_MOST_RULES:,} rules, which no published table has; split off that page"
            )
        left, low, right, high = shape.get_bounds()
        if right - left <= _THICK or high - low <= _THICK:
            add((left, low), (right, high))
        else:
            for one, other in _strokes(shape):
                add(one, other)
    return level, upright


def _strokes(shape: Any) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return the straight lines that a path draws; the outline of a filled area counts as drawn where it is stroked."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(shape.raw, fill, stroke)
    if not stroke.value:
        return []
    matrix = shape.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    lines: list[tuple[tuple[float, float], tuple[float, float]]] = []
    first = last = (0.0, 0.0)
    for index in range(min(pdfium.FPDFPath_CountSegments(shape.raw), _MOST_RULES)):
        segment = pdfium.FPDFPath_GetPathSegment(shape.raw, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            lines.append((last, point))
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            lines.append((last, first))
    return lines


def joined(rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules with those that lie on one another or follow one another on one line made one, by place."""
    out: list[Rule] = []
    bands: list[list[Rule]] = []
    for rule in sorted(rules):
        if bands and rule.at - bands[-1][0].at <= SAME:
            bands[-1].append(rule)
        else:
            bands.append([rule])
    for band in bands:
        at, begin = band[0].at, len(out)
        for rule in sorted(band, key=lambda r: r.start):
            if len(out) > begin and rule.start <= out[-1].end + MEET:
                out[-1] = Rule(at, out[-1].start, max(out[-1].end, rule.end))
            else:
                out.append(Rule(at, rule.start, rule.end))
    return out
