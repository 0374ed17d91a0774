"""Read each rendering with a tool that the library does not use here, and hold it to the example's text and numbers."""

from __future__ import annotations

import importlib
import logging
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import docx
import pikepdf
from docx.table import Table as DocxTable

from tests.renderings.content import STEMS, source

NUMBER = re.compile(r"[0-9０-９]+(?:[,.][0-9]+)*%?")
LIMIT = 300_000

# Page furniture: what stands above and below the text of a page, in points from its edges.
FURNITURE = {
    "budget-prose-2025": (60, 90),
    "budget-tables-2024": (62, 62),
    "final-accounts-2023": (60, 90),
    "self-evaluation-2023": (80, 62),
}
# Where a page of a site keeps the title and the article.
ARTICLE = {
    "budget-prose-2025": ("//div[@class='title']", "//div[@id='zoom']"),
    "budget-tables-2024": ("//h1", "//div[@class='TRS_Editor']"),
    "final-accounts-2023": ("//div[@class='article-content']",),
    "self-evaluation-2023": ("//td[@class='bt']", "//div[@class='pages_content']"),
}
ENCODING = {"budget-prose-2025": "gbk"}
# What would tell the tool, the machine or the time of making, or reach for another host.
TRACES = re.compile(
    rb"LibreOffice|Skia|Chrome|python-docx|openpyxl|/CreationDate|/ModDate|/Producer|/Author|dc:creator|dcterms"
    rb"|<Application|/tmp/|/home/|/root/|(?:src|href)=[\"']?https?:"
)
# The page numbers that a contents list has after its leaders.
LEADERS = re.compile(r"(?:\t|\.{3,}|…{2,})\s*[0-9]+$")


def report(folder: Path) -> int:
    """Print a line for each rendering; 1 where any differs from its example, is too large or tells who made it."""
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    failed = 0
    for stem in STEMS:
        for kind, read in READERS.items():
            path = folder / f"{stem}.{kind}"
            faults = list(_faults(stem, list(read(path)), path))
            count = sum(_numbers(_lines(stem)).values())
            print(
                f"{path.name:<30} {path.stat().st_size:>8} bytes  {'; '.join(faults) or f'{count} numbers, text equal'}"
            )
            failed += bool(faults)
    print("all renderings hold their examples" if not failed else f"{failed} renderings differ")
    return int(failed > 0)


def _lines(stem: str) -> list[str]:
    """The lines and cells of an example, without the header that its page break repeats."""
    text = source(stem)
    repeated = "经济分类科目\t\t2024年基本支出\t\t\n科目编码\t科目名称\t总 计\t人员经费\t公用经费\n"
    if text.count(repeated) == 2:
        first, second, rest = text.split(repeated)
        text = first + repeated + second + rest
    return [piece for line in text.splitlines() for piece in line.split("\t")]


def _squeeze(lines: list[str]) -> str:
    return "".join("".join(lines).split())


def _numbers(lines: list[str]) -> Counter[str]:
    return Counter(number for line in lines for number in NUMBER.findall("".join(line.split())))


def _faults(stem: str, found: list[str], path: Path) -> Iterator[str]:
    expected, text = _squeeze(_lines(stem)), _squeeze(found)
    if text != expected:
        at = next(
            (at for at, (one, two) in enumerate(zip(text, expected, strict=False)) if one != two),
            min(len(text), len(expected)),
        )
        yield f"at character {at} expected {expected[at - 12 : at + 24]!r}, found {text[at - 12 : at + 24]!r}"
    wanted, had = _numbers(_lines(stem)), _numbers(found)
    if wanted != had:
        yield f"numbers lost {dict(wanted - had)}, added {dict(had - wanted)}"
    if path.stat().st_size > LIMIT:
        yield f"larger than {LIMIT} bytes"
    for trace in TRACES.findall(_inner(path)):
        yield f"the file names {trace!r}"


def _inner(path: Path) -> bytes:
    """All that a file holds, unpacked; of a PDF all but its streams of glyphs and pages."""
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            return b"\n".join(
                [bytes(repr(pdf.trailer), "utf-8"), *(bytes(repr(item), "utf-8") for item in pdf.objects)]
            )
    if path.suffix == ".html":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def _pdf(path: Path) -> Iterator[str]:
    """Paragraph text and cells in their order, page furniture and repeated header rows left out."""
    pdfplumber: Any = importlib.import_module("pdfplumber")
    above, below = FURNITURE[path.stem]
    pieces: list[str] = []
    header: list[list[str]] = []
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            body = page.crop((0, above, page.width, page.height - below))
            tables = sorted(body.find_tables(), key=lambda table: table.bbox[1])
            top = body.bbox[1]
            for table in tables:
                pieces.append(_prose(body.chars, top, table.bbox[1]))
                rows = [[_inside(body.chars, cell) for cell in row.cells if cell] for row in table.rows]
                repeated = header and rows[: len(header)] == header
                pieces += [text for row in (rows[len(header) :] if repeated else rows) for text in row]
                header = rows[:2] if not repeated else header
                top = table.bbox[3]
            pieces.append(_prose(body.chars, top, body.bbox[3]))
    yield from _across_pages(pieces)


def _across_pages(pieces: list[str]) -> Iterator[str]:
    """Prose that goes on over a page border as one piece, so that no number is cut."""
    for prose, group in groupby(pieces, key=lambda piece: piece.startswith("\n")):
        if prose:
            lines = [LEADERS.sub("", line) for piece in group for line in piece.split("\n")]
            yield "".join(lines)
        else:
            yield from group


def _prose(chars: list[Any], top: float, bottom: float) -> str:
    return "\n" + _text([char for char in chars if top <= (char["top"] + char["bottom"]) / 2 < bottom])


def _inside(chars: list[Any], cell: tuple[float, float, float, float]) -> str:
    x0, top, x1, bottom = cell
    middle = [(char, (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2) for char in chars]
    return _text([char for char, x, y in middle if x0 <= x < x1 and top <= y < bottom]).replace("\n", "")


def _text(chars: list[Any]) -> str:
    """Characters as lines: by baseline, since the tops of two fonts on one line differ."""
    lines: list[list[Any]] = []
    for char in sorted(chars, key=lambda char: -char["matrix"][5]):
        if not lines or abs(lines[-1][0]["matrix"][5] - char["matrix"][5]) > 3:
            lines.append([])
        lines[-1].append(char)
    return "\n".join("".join(char["text"] for char in sorted(line, key=lambda char: char["x0"])) for line in lines)


def _docx(path: Path) -> Iterator[str]:
    for item in docx.Document(str(path)).iter_inner_content():
        if isinstance(item, DocxTable):
            seen: set[Any] = set()
            for row in item.rows:
                for cell in row.cells:
                    if cell._tc not in seen:
                        seen.add(cell._tc)
                        yield cell.text
        else:
            yield LEADERS.sub("", item.text)


def _xlsx(path: Path) -> Iterator[str]:
    openpyxl: Any = importlib.import_module("openpyxl")
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            yield from (_shown(cell.value, cell.number_format) for cell in row if cell.value is not None)


def _shown(value: str | int | float, shape: str) -> str:
    """What a spreadsheet shows for a value in the number formats that the renderings use."""
    if isinstance(value, str):
        return value
    number = Decimal(repr(value))
    if shape.endswith("%"):
        places = len(shape.rstrip("%").partition(".")[2])
        return f"{number * 100:.{places}f}%"
    return {"#,##0.00": f"{number:,.2f}", "#,##0": f"{number:,.0f}"}.get(shape, f"{number}")


def _html(path: Path) -> Iterator[str]:
    html: Any = importlib.import_module("lxml.html")
    tree = html.fromstring(path.read_bytes().decode(ENCODING.get(path.stem, "utf-8-sig")))
    for place in ARTICLE[path.stem]:
        (element,) = tree.xpath(place)
        for part in element.iter("br", "p", "div", "td", "li", "h1", "h2", "h3", "h4"):
            part.tail = "\n" + (part.tail or "")
        yield from element.text_content().split("\n")


READERS: dict[str, Callable[[Path], Iterator[str]]] = {"pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "html": _html}
