"""Make the renderings of the examples, and check that each holds what its example holds.

By hand, from the root of the project:

    python -m tests.renderings.make [make|check]

Without a word it does both. It needs python-docx, openpyxl, pikepdf, pdfplumber and lxml, the commands `soffice`
and `chromium`, and the fonts Noto CJK, Droid Sans Fallback and Liberation. Another version of these sets other
pages; `check` alone needs none of the commands and fonts.
"""

from __future__ import annotations

import dataclasses
import sys
import tempfile
from pathlib import Path

from tests.renderings import as_docx, as_html, as_pdf, as_xlsx, check, traces
from tests.renderings.content import STEMS

HERE = Path(__file__).parent

WORD = {
    "budget-prose-2025": as_docx.Look("{PAGE}", latin="Calibri", text="宋体", size=14, pitch=26, cut_runs=True),
    "budget-tables-2024": as_docx.Look(
        "— {PAGE} —", running_head="霁川市体育局 2024 年部门预算", landscape=True, cut_runs=True
    ),
    "final-accounts-2023": as_docx.Look(
        "第 {PAGE} 页 共 {NUMPAGES} 页", contents_pages=(2, 2, 2, 3, 3, 3, 3, 3, 4, 6, 6, 7, 7, 9)
    ),
    "self-evaluation-2023": as_docx.Look(
        "- {PAGE} -", running_head="稻溪县文化和旅游局", table_size=12, repeat_head=False
    ),
}

FROM_WORD = ("budget-tables-2024", "final-accounts-2023")

BOOKS = {
    "budget-prose-2025": as_xlsx.Book(("部门预算情况说明",)),
    "budget-tables-2024": as_xlsx.Book(
        ("0说明",),
        (
            "1财政拨款收支总表",
            "2一般公共预算支出表",
            "3一般公共预算基本支出表",
            "4“三公”经费支出表",
            "5政府性基金预算支出表",
            "6部门收支总表",
            "7绩效目标表",
        ),
        text_codes=("表二",),
    ),
    "final-accounts-2023": as_xlsx.Book(("封面目录", "第一部分", "第二部分", "第三部分"), new_sheet_at_parts=True),
    "self-evaluation-2023": as_xlsx.Book(("1自评报告", "3自评报告（续）"), ("2指标得分明细",), percent_numbers=True),
}

ENCODINGS = {
    "budget-prose-2025": "gbk",
    "budget-tables-2024": "utf-8",
    "final-accounts-2023": "utf-8-sig",
    "self-evaluation-2023": "utf-8",
}


def make() -> None:
    """Write the sixteen files beside this one."""
    with tempfile.TemporaryDirectory() as folder:
        for stem in STEMS:
            _make_one(stem, Path(folder))


def _make_one(stem: str, work: Path) -> None:
    as_html.write(stem, ENCODINGS[stem], HERE / f"{stem}.html")
    as_docx.write(stem, WORD[stem], HERE / f"{stem}.docx")
    as_xlsx.write(stem, BOOKS[stem], HERE / f"{stem}.xlsx")
    traces.remove(HERE / f"{stem}.docx")
    traces.remove(HERE / f"{stem}.xlsx")
    if stem in FROM_WORD:
        draft = work / f"{stem}.docx"
        as_docx.write(stem, _printed(WORD[stem]), draft)
        as_pdf.from_word(draft, HERE / f"{stem}.pdf")
    else:
        page = work / f"{stem}.html"
        page.write_text(as_html.to_print(stem), encoding="utf-8")
        as_pdf.from_page(page, HERE / f"{stem}.pdf")


def _printed(look: as_docx.Look) -> as_docx.Look:
    """The look in the fonts that the word processor prints with; the published documents name their publishers'."""
    serif, sans = "Noto Serif CJK SC", "Noto Sans CJK SC"
    return dataclasses.replace(look, latin="Liberation Serif", text=serif, heading=sans, subheading=serif)


def main(words: list[str]) -> int:
    """Do what the words say; 1 where a rendering and its example disagree."""
    if not set(words) <= {"make", "check"}:
        print(__doc__)
        return 2
    if not words or "make" in words:
        make()
    return check.report(HERE) if not words or "check" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
