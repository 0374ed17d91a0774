"""Small PDF files drawn by hand, so that a test says what stands where on a page."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field


@dataclass
class Sheet:
    """A page under construction; places are points from its lower left corner."""

    width: float = 595.0
    height: float = 842.0
    turned: int = 0
    drawn: list[bytes] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, size: float = 12.0, font: str | None = None) -> Sheet:
        """Write words with their baseline at `y`; Latin characters are about half as wide as Chinese ones."""
        font = font or ("F3" if words.isascii() else "F1")
        codes = words.encode("ascii" if font == "F3" else "utf-16-be").hex()
        self.drawn.append(f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm <{codes}> Tj ET".encode())
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> Sheet:
        """Draw a straight rule."""
        self.drawn.append(f"0.5 w {x0} {y0} m {x1} {y1} l S".encode())
        return self

    def picture(self) -> Sheet:
        """Fill the page with a picture."""
        self.drawn.append(f"q {self.width} 0 0 {self.height} 0 0 cm /Im Do Q".encode())
        return self

    def table(self, left: float, top: float, widths: list[float], rows: list[list[str]], height: float = 20.0) -> Sheet:
        """Draw a fully ruled table with its texts; a None-like "<" joins a field to the one on its left."""
        edges = [left]
        for width in widths:
            edges.append(edges[-1] + width)
        foot = top - height * len(rows)
        for number in range(len(rows) + 1):
            self.rule(left, top - number * height, edges[-1], top - number * height)
        for number, row in enumerate(rows):
            low = top - (number + 1) * height
            for column, words in enumerate(row):
                if words != "<":
                    self.rule(edges[column], low, edges[column], low + height)
                    for depth, line in enumerate(words.split("\n")):
                        self.text(edges[column] + 2, low + height - 13 - 11 * depth, line, 10)
        return self.rule(edges[-1], foot, edges[-1], top)


_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /%b /Encoding /UniGB-UTF16-H /DescendantFonts [ << /Type /Font "
    b"/Subtype /CIDFontType0 /BaseFont /%b /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> "
    b"/DW 1000 /W [ 1 95 500 814 939 500 ] /FontDescriptor << /Type /FontDescriptor /FontName /%b /Flags 4 "
    b"/FontBBox [0 -200 1000 %d] /Ascent %d /Descent -200 /CapHeight 700 /ItalicAngle 0 /StemV 80 >> >> ] >>"
)


def pdf(*sheets: Sheet, compress: bool = False, trailer: bytes = b"") -> bytes:
    """Return the bytes of a PDF with these pages; F1 and F2 are Chinese fonts of different height, F3 a Latin one."""
    bodies = [b"", b"", b"%b", b"%b", b"%b"]
    bodies[2] = _FONT % (b"STSong-Light", b"STSong-Light", b"STSong-Light", 880, 880)
    bodies[3] = _FONT % (b"STHeiti-Regular", b"STHeiti-Regular", b"STHeiti-Regular", 1300, 1300)
    image = zlib.compress(b"\x7f" * 64)
    bodies[4] = (
        b"<< /Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(image), image)
    )
    kids = []
    for sheet in sheets:
        content = b"\n".join(sheet.drawn)
        packed = zlib.compress(content) if compress else content
        kids.append(b"%d 0 R" % (len(bodies) + 1))
        bodies.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %g %g] /Rotate %d /Contents %d 0 R /Resources << "
            b"/Font << /F1 3 0 R /F2 4 0 R /F3 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> /XObject << /Im 5 0 R >> >> >>"
            % (sheet.width, sheet.height, sheet.turned, len(bodies) + 2)
        )
        kind = b"/Filter /FlateDecode " if compress else b""
        bodies.append(b"<< %b/Length %d >>\nstream\n%b\nendstream" % (kind, len(packed), packed))
    bodies[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    bodies[1] = b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(sheets), b" ".join(kids))
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(bodies) + 1, table)
    return out + head + b"trailer << /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(bodies) + 1, trailer, len(out),
    )  # fmt: skip
