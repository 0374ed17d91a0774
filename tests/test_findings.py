"""What a finding tells: rule, severity, numbers, expected, found, difference, places, suspects, in two languages and in JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Literal, NamedTuple

import pytest

from budget_llm.document import Document
from budget_llm.export import to_dict
from budget_llm.extraction import extract
from budget_llm.facts import Finding
from tests.composed import BUDGET, FINAL, budget, findings

PROCUREMENT = BUDGET + "一、政府采购情况\n政府采购预算9.00万元：货物类1.00万元、工程类2.00万元、服务类3.00万元。"
STAFF = BUDGET + "一、一般公共预算基本支出情况\n基本支出208.36万元，其中：人员经费190.97万元，公用经费17.38万元。"
PARTIAL = BUDGET + "一、支出预算\n支出预算30万元，其中：教育支出10万元，农林水支出15万元。"
SHARES = (
    BUDGET
    + "一、收入预算\n收入预算200万元，其中：一般公共预算拨款100万元，占50%；政府性基金预算拨款60万元，占30%；事业收入40万元，占25%。"
)
WORDS = (
    FINAL
    + "一、一般公共预算财政拨款支出决算情况\n1.农林水支出（类）水利（款）行政运行（项）。年初预算为200.00万元，支出决算为150.00万元，"
    "完成年初预算的75.00%，决算数大于预算数。"
)
GRID = budget(
    "一般公共预算支出表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n"
    "208 社会保障和就业支出 12.47 12.47 _\n213 农林水支出 88.65 53.01 38.34\n合计 _ 101.12 62.78 38.34\n"
)
FALL = BUDGET + "一、机关运行经费\n机关运行经费预算17.00万元，比2023年的20.00万元下降18.00%。"


class Told(NamedTuple):
    """A finding's rule, severity, expected, found and difference."""

    rule: str
    severity: Literal["error", "warning", "rounding"]
    expected: str
    found: str
    difference: str


NUMBERS: list[tuple[str, str, Told]] = [
    ("an error", PROCUREMENT, Told("procurement_parts", "error", "6.00", "9.00", "3.00")),
    ("a miss in the last digit", STAFF, Told("personnel_and_public", "rounding", "208.35", "208.36", "0.01")),
    ("a list that may be partial", PARTIAL, Told("function_parts", "warning", "25", "30", "5")),
    ("percentages", SHARES, Told("shares", "error", "20.00", "25", "5.00")),
    ("shares that exceed a hundred", SHARES, Told("share_totals", "error", "20", "25", "5")),
    ("words against numbers", WORDS, Told("direction_words", "error", "200.00", "150.00", "-50.00")),
    ("a fall is negative", FALL, Told("prior_year_rates", "error", "-15.00", "-18.00", "-3.00")),
    ("a row", GRID, Told("row_totals", "error", "91.35", "88.65", "-2.70")),
]  # fmt: skip


@pytest.mark.parametrize(("case", "text", "told"), NUMBERS, ids=[case for case, *_ in NUMBERS])
def test_a_finding_tells_what_is_found_and_what_is_expected(case: str, text: str, told: Told) -> None:
    """With as many decimals as a person would write; the difference is what is found less what is expected."""
    (finding,) = [f for f in findings(text) if f.rule == told.rule]
    assert (finding.rule, finding.severity, finding.expected, finding.found, finding.difference) == told
    assert Decimal(told.found) - Decimal(told.expected) == Decimal(told.difference)


MESSAGES = [
    (PROCUREMENT, "procurement_parts",
     "政府采购 = 货物 + 工程 + 服务：政府采购预算应为 6.00万元，原文为 9.00万元，相差 3.00万元",
     "procurement = goods + works + services: 政府采购预算 should be 6.00万元, the document says 9.00万元, off by 3.00万元"),
    (STAFF, "personnel_and_public",
     "基本支出 = 人员经费 + 公用经费：基本支出应为 208.35万元，原文为 208.36万元，相差 0.01万元（末位舍入）",
     "basic expenditure = personnel + public funds: 基本支出 should be 208.35万元, the document says 208.36万元, off by 0.01万元 (rounding in the last digit)"),
    (PARTIAL, "function_parts",
     "支出总额 = 各功能科目之和：支出预算应为 25万元，原文为 30万元，相差 5万元（“其中”之后可能未列全）",
     "total expenditure = sum of its functional items: 支出预算 should be 25万元, the document says 30万元, off by 5万元 (the list behind 其中 may not be full)"),
    (WORDS, "direction_words",
     "文字与数字一致：原文称决算数大于预算数，但决算数 150.00万元，预算数 200.00万元",
     "the words agree with the numbers: the text calls the final amount more than the budget, but 150.00万元 was spent and 200.00万元 budgeted"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rule", "chinese", "english"), MESSAGES, ids=[rule for _, rule, *_ in MESSAGES])
def test_a_message_is_told_in_the_language_that_is_asked_for(text: str, rule: str, chinese: str, english: str) -> None:
    """In Chinese by default; the English is there in either case."""
    document = Document.from_text(text)
    (told,) = [f for f in extract(document, "none").findings if f.rule == rule]
    (asked,) = [f for f in extract(document, "none", language="en").findings if f.rule == rule]
    assert (told.message, told.english) == (chinese, english)
    assert (asked.message, asked.english) == (english, english)
    assert asked.told_in("zh").numbers == told.numbers


def test_the_likeliest_at_fault_is_named_with_its_line() -> None:
    """In the message, where one stands out from the operands."""
    for finding in findings(GRID):
        assert finding.message.endswith("；最可能有误：农林水支出 53.01万元（第9行）")


def test_the_likeliest_at_fault_is_named_in_plain_english() -> None:
    """With the punctuation of English."""
    for finding in findings(GRID):
        assert finding.english.endswith("; likeliest at fault: 农林水支出 53.01万元 (line 9)")


def test_tied_suspects_are_not_named_in_the_message() -> None:
    """That any operand may be wrong is no news; they are all listed."""
    (finding,) = findings(PROCUREMENT)
    assert "最可能有误" not in finding.message
    assert "likeliest" not in finding.english
    assert sorted(place.text for place in finding.suspects) == ["1.00", "2.00", "3.00", "9.00"]


def test_rounding_accuses_nobody() -> None:
    """A note, not an error: nothing is wrong."""
    (finding,) = findings(STAFF)
    assert finding.suspects == ()


@pytest.mark.parametrize("text", [PROCUREMENT, STAFF, PARTIAL, SHARES, WORDS, GRID, FALL])
def test_every_place_is_where_the_number_stands(text: str) -> None:
    """The number found comes first; each place is its span, its line and its label; suspects are among them."""
    for finding in findings(text):
        assert finding.found == finding.numbers[0]
        assert len(finding.places) == len(finding.numbers)
        for place, number in zip(finding.places, finding.numbers, strict=True):
            assert text[place.start : place.end] == place.text
            assert text.count("\n", 0, place.start) + 1 == place.line
            assert Decimal(number).copy_abs() == Decimal(place.text)
        assert set(finding.suspects) <= set(finding.places)


def severities(text: str) -> list[str]:
    """Return the severities of the findings of a text, in order."""
    return [finding.severity for finding in findings(text)]


ROUNDING = [
    ("half a unit of each of three terms", "30.01", "10.00", "20.00", ["rounding"]),
    ("all that three terms allow", "30.015", "10.000", "20.014", ["rounding"]),
    ("more than three terms allow", "30.02", "10.00", "20.00", ["error"]),
    ("a 0 is not rounded", "20.02", "0.00", "20.00", ["error"]),
    ("exact", "30.00", "10.00", "20.00", []),
    ("written with fewer digits", "30", "10.00", "20.00", []),
    ("fewer digits beside finer ones are no coarser", "30", "10.40", "20.00", ["error"]),
]


@pytest.mark.parametrize(("case", "total", "one", "other", "expected"), ROUNDING, ids=[case for case, *_ in ROUNDING])
def test_what_is_rounding_and_what_is_not(case: str, total: str, one: str, other: str, expected: list[str]) -> None:
    """Half a unit in the last written digit of each term that is not 0; the finest tells the precision of all."""
    text = f"一、一般公共预算基本支出情况\n基本支出{total}万元，其中：人员经费{one}万元，公用经费{other}万元。"
    assert severities(BUDGET + text) == expected


COUNTS = [("28", ["error"]), ("27", ["error"]), ("26", [])]


@pytest.mark.parametrize(("count", "expected"), COUNTS)
def test_counts_are_exact(count: str, expected: list[str]) -> None:
    """Nobody rounds people."""
    text = f"一、机构设置\n某县水利局现有在职人员41人，其中：行政人员15人、事业人员{count}人。"
    assert severities(BUDGET + text) == expected


def test_errors_stand_before_roundings() -> None:
    """The first finding is worth reading first."""
    text = STAFF + "\n二、政府采购情况\n政府采购预算9.00万元：货物类1.00万元、工程类2.00万元、服务类3.00万元。"
    assert severities(text) == ["error", "rounding"]


def test_what_is_exported_holds_suspects_and_evidence() -> None:
    """Places and suspects as values under the same keys; of each number what holds with it and what fails."""
    disclosure = extract(Document.from_text(GRID), "none")
    exported = json.loads(json.dumps(to_dict(disclosure), ensure_ascii=False))
    first = exported["findings"][0]
    start = GRID.index("53.01")
    suspect = {
        "start": start,
        "end": start + 5,
        "line": 9,
        "text": "53.01",
        "label": "农林水支出",
        "document": None,
        "page": None,
    }
    assert first["suspects"] == [suspect]
    assert suspect in first["places"]
    assert (first["expected"], first["found"], first["difference"]) == ("91.35", "88.65", "-2.70")
    evidence = {(f["start"], f["value"]): (f["supported"], f["contradicted"]) for f in exported["facts"]}
    assert evidence[start, "53.01"] == ([], ["table_totals", "row_totals"])
    assert evidence[GRID.index("101.12"), "101.12"] == (["basic_and_project", "table_totals"], [])


def test_a_number_in_no_identity_has_no_evidence() -> None:
    """Neither for nor against: `supported` and `contradicted` are empty."""
    disclosure = extract(Document.from_text(BUDGET + "一、机关运行经费\n机关运行经费20.00万元。"), "none")
    assert [(f.supported, f.contradicted) for f in disclosure.facts] == [((), ())]


def test_a_bound_that_holds_is_no_evidence() -> None:
    """That a number is not too large speaks little for it; that it is too large speaks against it."""
    text = (
        BUDGET
        + "一、政府采购情况\n政府采购支出总额100.00万元，授予中小企业合同金额80.00万元，其中授予小微企业合同金额60.00万元。"
    )
    small = [f for f in extract(Document.from_text(text), "none").facts if f.text == "60.00"]
    assert [(f.supported, f.contradicted) for f in small] == [((), ())]
    wrong = extract(Document.from_text(text.replace("60.00", "90.00")), "none").facts
    assert [f.contradicted for f in wrong if f.text == "90.00"] == [("small_firms",)]


def test_a_finding_without_english_keeps_its_message() -> None:
    """Nothing is lost where a translation is missing."""
    finding = Finding("rule", "warning", "只有中文", (), None, None, None, ())
    assert finding.told_in("en").message == "只有中文"


def test_the_message_names_the_table() -> None:
    """合计 stands in every table: which one is meant, its title tells."""
    first = extract(Document.from_text(GRID), "none").findings[0]
    assert "（一般公共预算支出表）" in first.message
    assert "(一般公共预算支出表)" in first.english
