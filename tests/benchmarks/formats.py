"""How fast PDFs become text and tables, against pdfplumber in the same run, and what a long one costs.

    python -m tests.benchmarks.formats [PDF…]

Prints pages per second of one core (best of three), then time and peak memory over files of 50, 100 and 200
pages made by repeating the pages of the first. Without arguments: the PDFs of ../shared/real where they
are, else the renderings.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import time
from pathlib import Path

from budget_llm.formats import read
from tests.conftest import ROOT


def main(paths: list[Path]) -> None:
    """Print the table of speeds, then the table of lengths."""
    print(f"{'file':<36} {'pages':>5} {'tables':>6} {'pages/s':>8} {'pdfplumber':>10} {'ratio':>6}")
    for path in paths:
        raw = path.read_bytes()
        seconds = min(timed(raw) for _ in range(3))
        document = read(raw, path.name)
        pages, theirs = len(document.pages), pdfplumber_seconds(raw)
        print(
            f"{path.name:<36} {pages:>5} {len(document.tables):>6} {pages / seconds:>8.0f} {pages / theirs:>10.1f} {theirs / seconds:>6.1f}"
        )
    print(f"\n{'pages':>5} {'seconds':>8} {'pages/s':>8} {'peak MB':>8}")
    for count in (50, 100, 200):
        print(subprocess.run([sys.executable, "-m", "tests.benchmarks.formats", "--long", str(count), str(paths[0])], check=True, capture_output=True, text=True).stdout, end="")  # fmt: skip


def timed(raw: bytes) -> float:
    """Return the seconds of processor time that one reading takes."""
    begin = time.process_time()
    read(raw, "benchmark")
    return time.process_time() - begin


def pdfplumber_seconds(raw: bytes) -> float:
    """Return the seconds that pdfplumber takes for text and tables of every page."""
    import pdfplumber

    begin = time.process_time()
    with pdfplumber.open(io.BytesIO(raw)) as pdf:
        for page in pdf.pages:
            page.extract_text()
            page.extract_tables()
    return time.process_time() - begin


def long_file(path: Path, count: int) -> bytes:
    """Return a PDF of `count` pages: those of `path` again and again."""
    import pypdfium2

    source, target = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument.new()
    while len(target) < count:
        target.import_pages(source, list(range(min(len(source), count - len(target)))))
    buffer = io.BytesIO()
    target.save(buffer)
    return buffer.getvalue()


def long(count: int, path: Path) -> None:
    """Print time and peak memory of one long file, in a process of its own."""
    raw = long_file(path, count)
    seconds = timed(raw)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:>5} {seconds:>8.2f} {count / seconds:>8.0f} {peak:>8.0f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--long"]:
        long(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        real = sorted((ROOT.parent / "shared" / "real").glob("*.pdf"), key=lambda path: path.stat().st_size)
        main(
            [Path(argument) for argument in sys.argv[1:]]
            or real
            or sorted((ROOT / "tests" / "renderings").glob("*.pdf"))
        )
