"""An example as a page of a government site, in four markups and three encodings, and as a page to print."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from itertools import pairwise
from pathlib import Path

from tests.renderings.content import Block, Table, blocks, pieces

FIGURES = "0123456789.,%"
TEMPLATES = Path(__file__).parent / "templates"


def write(stem: str, encoding: str, path: Path) -> None:
    """Write an example as the page of its publisher's site, in the encoding that the site uses."""
    title, body = _ARTICLES[stem](blocks(stem))
    page = (TEMPLATES / f"{stem}.html").read_text(encoding="utf-8")
    path.write_bytes(page.replace("{title}", title).replace("{body}", body).encode(encoding))


def to_print(stem: str) -> str:
    """The page that a browser prints an example's PDF from."""
    _, body = _to_print(blocks(stem))
    page = (TEMPLATES / f"{stem}.print.html").read_text(encoding="utf-8")
    return page.replace("{body}", body)


def grid(table: Table, cell: Callable[[str], str], attributes: str, figures: str) -> str:
    """The table with `rowspan` and `colspan`; `cell` sets a cell's text, `figures` is the markup of an amount's cell."""
    hidden = table.covered()
    lines = [f"<table {attributes}>"]
    for row, texts in enumerate(table.rows):
        lines.append("<tr>")
        for column, text in enumerate(texts):
            if (row, column) in hidden:
                continue
            span = table.span(row, column)
            marks = f' rowspan="{span.rows}"' if span.rows > 1 else ""
            marks += f' colspan="{span.columns}"' if span.columns > 1 else ""
            marks += (
                ' class="head"' if row < table.head else f" {figures}" if text and set(text) <= set(FIGURES) else ""
            )
            lines.append(f"<td{marks}>{cell(text)}</td>")
        lines.append("</tr>")
    lines.append("</table>")
    return "\n".join(lines)


def _cut(text: str) -> str:
    """Spans as a word processor exports them, cutting words and figures."""
    found = []
    for piece in pieces(text):
        latin = piece[0] in FIGURES
        face = ' lang="EN-US" style="font-family:Times New Roman"' if latin else ' style="font-family:仿宋_GB2312"'
        found.append(f"<span{face}>{escape(piece, quote=False)}</span>")
    return "".join(found)


def _exported(found: list[Block]) -> tuple[str, str]:
    """Markup exported by a word processor: a span for each run, paragraphs inside the cells, `o:p`."""
    lines = []
    for block in found[1:]:
        if block.table is not None:
            table = block.table
            lines.append(f'<p class="MsoNormal" align="left">{_cut(table.label)}<o:p></o:p></p>')
            lines.append(f'<p class="MsoNormal" align="center"><b>{_cut(table.title)}</b><o:p></o:p></p>')
            lines.append(f'<p class="MsoNormal" align="right">{_cut(table.unit)}<o:p></o:p></p>')
            attributes = 'class="MsoNormalTable" border="1" cellspacing="0" cellpadding="0" width="100%"'
            lines.append(grid(table, _exported_cell, attributes, 'style="text-align:right" nowrap=""'))
        elif block.kind == "heading":
            style = "text-align:center" if block.level == 1 else "text-indent:32.0pt"
            lines.append(f'<p class="MsoNormal" style="{style}"><b>{_cut(block.text)}</b><o:p></o:p></p>')
        else:
            lines.append(f'<p class="MsoNormal" style="text-indent:32.0pt">{_cut(block.text)}<o:p></o:p></p>')
    return escape(found[0].text), "\n".join(lines)


def _exported_cell(text: str) -> str:
    return f'<p class="MsoNormal">{_cut(text) if text else "&nbsp;"}</p>'


def _broken(found: list[Block]) -> tuple[str, str]:
    """One paragraph for the whole article: lines parted by `br`, indents of no-break spaces."""
    lines = []
    for block in found[1:]:
        text = escape(block.text, quote=False)
        if block.kind == "heading" and block.level == 2:
            text = f"<strong>{text}</strong>"
        lines.append(f"&nbsp;&nbsp;&nbsp;&nbsp;{text}<br>")
    return escape(found[0].text), "<p>" + "\n".join(lines) + "</p>"


def _linked(found: list[Block]) -> tuple[str, str]:
    """Headings as `h2` to `h4`, a contents list of links to them, figures in spans here and there."""
    headings = [at for at, block in enumerate(found) if block.kind == "heading" and block.level < 3]
    anchors = {at: f"part-{count}" for count, at in enumerate(headings, 1)}
    entries = iter(anchors.values())
    lines = []
    for at, block in enumerate(found[1:], 1):
        text = escape(block.text, quote=False)
        if block.kind == "contents":
            lines.append(f'<li class="level{block.level}"><a href="#{next(entries)}">{text}</a></li>')
        elif block.kind == "heading":
            mark = f' id="{anchors[at]}"' if at in anchors else ""
            lines.append(f"<h{block.level + 1}{mark}>{text}</h{block.level + 1}>")
        elif block.kind == "contents-title":
            lines.append(f'<p class="center">{text}</p>')
        else:
            lines.append(f"<p>　　{_cut(block.text) if '万元' in block.text else text}</p>")
    body = "\n".join(lines)
    first, last = body.index("<li "), body.rindex("</li>") + len("</li>")
    return escape(found[0].text), f"{body[:first]}<ul>\n{body[first:last]}\n</ul>{body[last:]}"


def _pasted(found: list[Block]) -> tuple[str, str]:
    """Pasted into an old editor: `font` in `div`, full-width spaces, an empty line as `&nbsp;`, upper-case tags."""
    lines = []
    for before, block in pairwise(found):
        if block.table is not None:
            table = block.table
            lines.append(f'<DIV align="center"><FONT size="3"><B>{escape(table.title)}</B></FONT></DIV>')
            lines.append(grid(table, escape, 'border="1" width="80%" align="center"', 'align="right"'))
            continue
        text = escape(block.text, quote=False)
        if block.kind == "signature":
            lines.append(f'<DIV align="right">{text}&nbsp;&nbsp;</DIV>')
        elif block.kind == "heading":
            blank = "<DIV>&nbsp;</DIV>\n" if block.level == 2 and before.kind == "paragraph" else ""
            lines.append(f'{blank}<DIV><FONT face="黑体">　　{text}</FONT></DIV>')
        else:
            lines.append(f'<DIV><FONT face="仿宋" size="4">　　{text}</FONT></DIV>')
    return escape(found[0].text), "\n".join(lines)


def _to_print(found: list[Block]) -> tuple[str, str]:
    lines = [f"<h1>{escape(found[0].text)}</h1>"]
    for block in found[1:]:
        if block.table is not None:
            lines.append(f'<p class="caption">{escape(block.table.title)}</p>')
            lines.append(grid(block.table, escape, "", 'class="figure"'))
        elif block.kind == "heading":
            lines.append(f'<p class="level{block.level}">{escape(block.text)}</p>')
        else:
            lines.append(f'<p class="{block.kind}">{escape(block.text)}</p>')
    return found[0].text, "\n".join(lines)


_ARTICLES = {
    "budget-tables-2024": _exported,
    "budget-prose-2025": _broken,
    "final-accounts-2023": _linked,
    "self-evaluation-2023": _pasted,
}
