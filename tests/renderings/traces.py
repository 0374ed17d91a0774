"""Office files without the names and dates that their writers leave in them, and the same bytes on each run."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp='
    '"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    '"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
DROPPED = re.compile(r"docProps/thumbnail.*")


def remove(path: Path) -> None:
    """Rewrite a .docx or .xlsx in place: empty properties, no thumbnail, one fixed date."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if not DROPPED.fullmatch(name)}
    replaced = {"docProps/core.xml": CORE.encode(), "docProps/app.xml": APP.encode()}
    parts |= {name: data for name, data in replaced.items() if name in parts}
    parts["_rels/.rels"] = re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", parts["_rels/.rels"])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
