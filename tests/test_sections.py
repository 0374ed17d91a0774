"""Headings to a tree of sections with topics, in the styles that disclosures use."""

from __future__ import annotations

from pathlib import Path

import pytest

from budget_llm.document import Document
from budget_llm.formats import load
from budget_llm.sections import Section, split_sections
from tests.conftest import EXAMPLES, ROOT, SHARED
from tests.scoring import load_gold


def sections(text: str) -> list[Section]:
    """The sections of a text, the opening one left out."""
    return list(split_sections(Document.from_text(text)))[1:]


HEADINGS = [
    ("一、主要职责\n1.拟订规划。\n", [("一、主要职责", "duties")]),
    ("（一）收入预算：2024年收入预算10万元。\n", [("（一）收入预算", "income")]),
    ("(二) 支出预算\n2024年支出预算10万元。\n", [("(二) 支出预算", "expenditure")]),
    ("1.机关运行经费。2024年机关运行经费10万元。\n", [("1.机关运行经费", "operating")]),
    ("2、部门“三公”经费支出\n2022年三公经费5万元。\n", [("2、部门“三公”经费支出", "three_public")]),
    ("[bookmark: _Toc1]三、政府采购情况\n采购预算1万元。\n", [("三、政府采购情况", "procurement")]),
    ("采购2项。\n- 3 -\n\f  三、政府采购情况\n采购预算1万元。\n", [("三、政府采购情况", "procurement")]),
    ("　　四、国有资产占用情况\n共有车辆2辆。\n", [("四、国有资产占用情况", "assets")]),
    ("一、部门概况\n机构设置：\n办公室。\n", [("一、部门概况", "organisation"), ("机构设置：", "organisation")]),
    ("表一\n\n某局财政拨款收支总表\n\n单位：万元\n", [("表一\n\n某局财政拨款收支总表", "tables")]),
]


@pytest.mark.parametrize(("text", "expected"), HEADINGS)
def test_headings_of_every_style_are_found_with_their_topic(text: str, expected: list[tuple[str, str]]) -> None:
    """Numbered, run-in, bare and table headings, with bookmark noise and full-width indents."""
    assert [(s.title, s.topic) for s in sections(text)] == expected


NO_HEADINGS = [
    "一、主要职责\n1.拟订全区规划并组织实施。\n2.职能转变。围绕国家战略，转变职能。\n",
    "五、名词解释\n（一）财政拨款收入：指本级财政当年拨付的各类资金，包括一般公共预算。\n（二）基本支出：指人员经费和公用经费等支出。\n",
    "一、财政拨款\n1.农林水支出（类）水利（款）行政运行（项）。年初预算为1万元。\n",
]


@pytest.mark.parametrize("text", NO_HEADINGS)
def test_numbered_items_are_no_headings(text: str) -> None:
    """Duties, glossary terms and function items are numbered like headings and are none."""
    assert len(sections(text)) == 1


def test_a_section_without_a_topic_of_its_own_takes_its_parents() -> None:
    """（一）总体情况 under “三公”经费 is about the three public expenses."""
    found = sections("七、“三公”经费支出决算情况\n（一）总体情况\n支出1万元。\n八、名词解释\n")
    assert [(s.title, s.topic, s.level) for s in found] == [
        ("七、“三公”经费支出决算情况", "three_public", 1),
        ("（一）总体情况", "three_public", 2),
        ("八、名词解释", "glossary", 1),
    ]


def test_a_table_of_contents_makes_no_sections() -> None:
    """Headings listed at the top and repeated below count once, where their text is."""
    listed = (
        "目录\n一、主要职责\n二、收入预算\n\n一、主要职责\n"
        + "职责正文" * 20
        + "。\n二、收入预算\n"
        + "收入正文" * 20
        + "。\n"
    )
    assert [s.title for s in sections(listed)] == ["一、主要职责", "二、收入预算"]
    assert all(s.end - s.body > 40 for s in sections(listed))


def test_a_text_without_headings_is_one_section() -> None:
    """Nothing is invented; the text before the first heading is section 0."""
    (only,) = split_sections(Document.from_text("本年收入10万元。"))
    assert (only.start, only.end, only.title) == (0, 9, "")


GOLD_TREES = [(ROOT / "examples", ROOT / "tests" / "gold", name) for name in EXAMPLES]


@pytest.mark.parametrize(("texts", "golds", "name"), GOLD_TREES, ids=EXAMPLES)
def test_the_examples_have_the_expected_trees(texts: Path, golds: Path, name: str) -> None:
    """Title, place and topic of every heading, as their composers noted them."""
    gold = load_gold(golds / f"{name}.json")["records"]["sections"]
    found = split_sections(load(texts / f"{name}.txt"))[1:]
    assert [(s.title, s.start) for s in found] == [(g["title"], g["start"]) for g in gold]
    differing = [(s.title, s.topic, g["topic"]) for s, g in zip(found, gold, strict=True) if s.topic != g["topic"]]
    # A part that is only a frame ("第一部分 部门概况") may count as organisation or as nothing in particular.
    assert [d for d in differing if not d[0].startswith("第")] == []


@pytest.mark.parametrize("name", sorted(p.stem for p in (SHARED / "seeds").glob("*.txt")) or ["absent"])
def test_real_disclosures_have_the_expected_trees(shared: Path, name: str) -> None:
    """The seeds' trees as two readers noted them: every heading at its place with its topic."""
    gold = load_gold(shared / "gold" / f"{name}.json")["records"]["sections"]
    found = split_sections(load(shared / "seeds" / f"{name}.txt"))[1:]
    assert [(s.title, s.start, s.topic) for s in found] == [(g["title"], g["start"], g["topic"]) for g in gold]
