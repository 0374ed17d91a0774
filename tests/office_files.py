"""Office files composed for tests, and what must hold for every document that is read from one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from budget_llm.document import Document

WORD_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_MAIN = "http://schemas.openxmlformats.org"
_RELATION = f"{_MAIN}/officeDocument/2006/relationships"
_W = (
    f'xmlns:w="{_MAIN}/wordprocessingml/2006/main" xmlns:mc="{_MAIN}/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def checked(document: Document) -> Document:
    """Return the document once every cell of its tables is known to stand in the text where it says."""
    for table in document.tables:
        for cell in table.cells:
            assert document.text[cell.start : cell.end] == cell.text
            assert table.start <= cell.start < cell.end <= table.end
            assert cell.row + cell.rows <= table.height
            assert cell.column + cell.columns <= table.width
    return document


def container(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP container of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def word(body: str, **parts: str) -> bytes:
    """Return a Word document of this body; `parts` are others of its parts, as numbering="<w:num …/>"."""
    members = {
        "[Content_Types].xml": WORD_TYPES,
        "_rels/.rels": (
            f'<Relationships xmlns="{_MAIN}/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": f"<w:document {_W}><w:body>{body}<w:sectPr/></w:body></w:document>",
    }
    return container(
        members | {f"word/{name}.xml": f"<w:{name} {_W}>{part}</w:{name}>" for name, part in parts.items()}
    )


def workbook(*sheets: str, states: tuple[str, ...] = (), styles: str = "", strings: str = "") -> bytes:
    """Return a workbook of sheets, each the content of its XML, named 甲表, 乙表, 丙表."""
    names = "甲乙丙丁"
    listed = "".join(
        f'<sheet name="{names[i]}表" sheetId="{i + 1}" r:id="rId{i + 1}" state="{(states or ("visible",) * 9)[i]}"/>'
        for i in range(len(sheets))
    )
    relations = "".join(
        f'<Relationship Id="rId{i + 1}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{i + 1}.xml"/>'
        for i in range(len(sheets))
    )
    space = f'xmlns="{_MAIN}/spreadsheetml/2006/main" xmlns:r="{_RELATION}"'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    members = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_MAIN}/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_MAIN}/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": f"<workbook {space}><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_MAIN}/package/2006/relationships">{relations}'
            f'<Relationship Id="rIdS" Type="{_RELATION}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        ),
        "xl/styles.xml": f"<styleSheet {space}>{styles}</styleSheet>",
        "xl/sharedStrings.xml": f"<sst {space}>{strings}</sst>",
    }
    return container(
        members
        | {f"xl/worksheets/sheet{i + 1}.xml": f"<worksheet {space}>{s}</worksheet>" for i, s in enumerate(sheets)}
    )
