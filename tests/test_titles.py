"""The body that a disclosure is of, as its cover, its headings or the fields above its tables name it."""

from __future__ import annotations

import pytest

from budget_llm import Document, extract

COVERS = [
    ("in the line of the year", "云溪市水务局2025年部门预算\n", "云溪市水务局"),
    ("a short name", "附件1\n\n区水务局2025年部门预算编制说明\n", "区水务局"),
    ("behind the year", "2025年度云溪市水务局部门决算\n", "云溪市水务局"),
    ("below the year", "2025年度\n云溪市水务局部门决算\n", "云溪市水务局"),
    ("between the year and the kind", "2025年度\n云溪市水务局\n部门预算公开\n", "云溪市水务局"),
    ("above the year", "云溪市水务局\n2025 年度部门决算\n", "云溪市水务局"),
    (
        "parted from its region",
        "云溪市清禾区人民政府\n汀兰街道办事处\n2025 年度部门决算\n",
        "云溪市清禾区人民政府汀兰街道办事处",
    ),
    ("with its region in both lines", "云溪市\n云溪市水务局\n2025年部门预算\n", "云溪市水务局"),
    (
        "in a field below the region",
        "云溪市清禾区2026年区级部门预算\n预算主管部门：云溪市清禾区水务局\n",
        "云溪市清禾区水务局",
    ),
    (
        "its own field before that of its parent",
        "云溪市清禾区2026年单位预算\n主管部门：云溪市清禾区水务局\n预算单位：云溪市清禾区水政监察大队\n",
        "云溪市清禾区水政监察大队",
    ),
    ("a title with marks", "# 云溪市水务局2025年度部门决算\n", "云溪市水务局"),
    ("a town, which has no other name", "石榴坪镇2025年部门预算\n", "石榴坪镇"),
    ("no part of the disclosure", "第二部分 2025年部门预算表\n", None),
    (
        "in the headings",
        "部门决算\n第一部分 云溪市水务局2025年度部门决算表\n第二部分 云溪市水务局2025年度部门决算情况说明\n",
        "云溪市水务局",
    ),
    ("above tables", "公开01表\n收支预算总表\n部门：云溪市水务局 单位：万元\n", "云溪市水务局"),
]


@pytest.mark.parametrize(("cover", "name"), [case[1:] for case in COVERS], ids=[case[0] for case in COVERS])
def test_the_cover_names_the_body(cover: str, name: str | None) -> None:
    """The name is whole, with the region that a line of its own gives, and never that of the region alone."""
    text = cover + "\n一、收入预算情况\n2025年收入预算100.00万元。\n"
    assert extract(Document.from_text(text), "none").document.organisation == name
