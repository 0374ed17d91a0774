"""An example printed by a word processor or a browser, without the traces of either."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from pathlib import Path

import pikepdf

BROWSER = (
    "chromium",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
    "--disable-pdf-tagging",
)

# Radicals that have no compatibility mapping to the characters that share their glyphs.
RADICALS = {"⻔": "门", "⻋": "车", "⻓": "长", "⺠": "民", "⻅": "见"}
MAPPED = re.compile(rb"<([0-9A-Fa-f]{4})>(?=\s*\n)")


def from_word(document: Path, path: Path) -> None:
    """Print a Word document with LibreOffice."""
    profile = f"-env:UserInstallation={(document.parent / 'office').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(document.parent), str(document)]
    subprocess.run(command, check=True, capture_output=True)
    _clean(document.with_suffix(".pdf"), path)


def from_page(page: Path, path: Path) -> None:
    """Print a page with Chromium."""
    printed = page.with_suffix(".pdf")
    profile = f"--user-data-dir={page.parent / 'browser'}"
    command = [*BROWSER, profile, f"--print-to-pdf={printed}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True)
    _clean(printed, path)


def _clean(printed: Path, path: Path) -> None:
    """Save without names, dates and outlines, and with characters where the browser maps glyphs to radicals."""
    with pikepdf.open(printed) as pdf:
        for name in ("/Info", "/DocChecksum", "/ID"):
            if name in pdf.trailer:
                del pdf.trailer[name]
        for name in ("/Metadata", "/Outlines", "/OpenAction"):
            if name in pdf.Root:
                del pdf.Root[name]
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                stream = item["/ToUnicode"]
                stream.write(MAPPED.sub(_character, stream.read_bytes()))
        pdf.save(
            path,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=True,
            deterministic_id=True,
        )


def _character(match: re.Match[bytes]) -> bytes:
    """The target of one mapping, a radical replaced by its character; others as they are."""
    target = chr(int(match[1], 16))
    if not "⺀" <= target <= "⿟":
        return match[0]
    return b"<%04X>" % ord(RADICALS.get(target) or unicodedata.normalize("NFKC", target))
