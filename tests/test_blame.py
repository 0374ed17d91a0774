"""Which number is suspected: the one whose correction mends the most identities and breaks the fewest."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budget_llm.facts import Fact
from budget_llm.identities.blame import Blame
from budget_llm.identities.check import same_check, sum_check
from tests.composed import BUDGET, budget, findings, tabbed

GRID = """一般公共预算支出表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
208 社会保障和就业支出 12.47 12.47 _
213 农林水支出 88.65 50.31 38.34
221 住房保障支出 9.18 6.05 3.13
合计 _ 110.30 68.83 41.47
"""
LIST = "部门支出总表\n单位：万元\n科目编码 科目名称 合计\n208 社会保障和就业支出 13.47\n213 农林水支出 88.65\n221 住房保障支出 9.18\n合计 _ 111.30\n"


def suspects(text: str) -> list[list[str]]:
    """Return the suspects of every finding of a text, as they are written there."""
    return [[place.text for place in finding.suspects] for finding in findings(text)]


def wrong(table: str, *replaced: tuple[str, str]) -> str:
    """Return a budget with a table in which numbers that each stand there once are replaced."""
    for old, new in replaced:
        assert table.count(old) == 1
        table = table.replace(old, new)
    return budget(table)


CELLS = [
    ("a cell inside, digits swapped", ("50.31", "53.01"), "53.01"),
    ("a cell inside, a digit changed", ("50.31", "51.31"), "51.31"),
    ("a cell inside, a digit dropped", ("50.31", "5.31"), "5.31"),
    ("a cell inside, any other number", ("50.31", "77.78"), "77.78"),
    ("a row's total", ("88.65", "86.85"), "86.85"),
    ("a column's total", ("68.83", "63.88"), "63.88"),
    ("the total of both", ("110.30", "113.00"), "113.00"),
]


@pytest.mark.parametrize(("case", "replaced", "suspect"), CELLS, ids=[case for case, *_ in CELLS])
def test_a_wrong_cell_of_rows_and_columns_is_the_first_and_only_suspect(
    case: str, replaced: tuple[str, str], suspect: str
) -> None:
    """Its row and its column both fail, and both name it alone: the others stand in sums that hold."""
    assert findings(budget(GRID)) == ()
    assert suspects(wrong(GRID, replaced)) == [[suspect], [suspect]]


def test_two_errors_at_once_are_told_apart() -> None:
    """Each in a row and a column of its own."""
    text = wrong(GRID, ("50.31", "53.01"), ("3.13", "3.31"))
    assert sorted(suspects(text)) == [["3.31"], ["3.31"], ["53.01"], ["53.01"]]


def test_two_errors_in_one_row_are_both_suspected_there() -> None:
    """Their columns name one each."""
    text = wrong(GRID, ("50.31 38.34", "53.01 38.43"))
    assert sorted(map(sorted, suspects(text))) == [["38.43"], ["38.43", "53.01"], ["53.01"]]


def test_where_only_one_sum_covers_them_all_operands_are_tied() -> None:
    """Any of them may be wrong; the likeliest slip of the pen stands first."""
    assert findings(budget(LIST)) == ()
    (tied,) = suspects(wrong(LIST, ("111.30", "111.13")))
    assert (tied[0], sorted(tied)) == ("111.13", ["111.13", "13.47", "88.65", "9.18"])


SLIPS = [
    ("two digits of a part changed places", ("88.65", "86.85"), "86.85"),
    ("a digit of a part was dropped", ("88.65", "8.65"), "8.65"),
    ("a digit of a part was doubled", ("88.65", "888.65"), "888.65"),
    ("the point of a part moved", ("88.65", "886.5"), "886.5"),
    ("two digits of the total changed places", ("111.30", "113.10"), "113.10"),
]


@pytest.mark.parametrize(("case", "replaced", "first"), SLIPS, ids=[case for case, *_ in SLIPS])
def test_among_tied_numbers_a_slip_of_the_pen_stands_first(case: str, replaced: tuple[str, str], first: str) -> None:
    """What a copyist does to a number is likelier than any other number in its place."""
    (tied,) = suspects(wrong(LIST, replaced))
    assert tied[0] == first


def test_a_number_that_two_identities_confirm_is_not_suspected() -> None:
    """The prose agrees with the table in the total, so the part that nothing else confirms is suspected alone."""
    prose = BUDGET + "一、支出总体情况\n2024年支出总预算111.30万元，其中：社会保障和就业支出13.47万元，农林水支出88.65万元，住房保障支出9.18万元。\n\n"  # fmt: skip
    assert findings(tabbed(prose + LIST)) == ()
    assert {tuple(places) for places in suspects(tabbed(prose + LIST.replace("9.18", "9.88")))} == {("9.88",)}


def test_a_number_that_alone_departs_from_its_other_places_is_suspected() -> None:
    """A total that its parts confirm is right; the prose that differs from it is not."""
    prose = BUDGET + "一、收支总体情况\n2024年支出总预算111.13万元，农林水支出88.65万元。\n\n"
    assert suspects(tabbed(prose + LIST)) == [["111.13"]]


def test_a_bound_accuses_nobody() -> None:
    """That a part exceeds its whole tells of two numbers that one is wrong, and no value that would be right."""
    text = tabbed(
        BUDGET + "一、“三公”经费情况\n2024年一般公共预算安排的公务接待费预算3.50万元。\n\n"
        "一般公共预算基本支出表\n单位：万元\n科目编码 科目名称 金额\n302 商品和服务支出 9.00\n30201 办公费 5.00\n30217 公务接待费 4.00\n合计 _ 9.00\n"
    )
    (finding,) = findings(text)
    assert [place.text for place in finding.suspects] == ["4.00", "3.50"]
    assert "最可能有误" not in finding.message


def placed(value: str, start: int) -> Fact:
    """Return an amount that stands at a place."""
    return Fact("other", "甲", "amount", Decimal(value), "万元", start, start + len(value), value, 0)


def test_two_numbers_that_their_own_sums_confirm_accuse_each_other_in_vain() -> None:
    """No single correction mends more than it breaks: `best` says so, and nobody stands out."""
    one, other = placed("10.00", 0), placed("12.00", 10)
    checks = [
        same_check(one, other),
        sum_check(one, [placed("4.00", 20), placed("6.00", 30)]),
        sum_check(other, [placed("5.00", 40), placed("7.00", 50)]),
    ]
    assert Blame(checks).best(0) == 0
    assert Blame(checks).suspects(0) == (one, other)


def test_the_only_failed_check_is_mended_by_the_number_in_no_other() -> None:
    """A correction that would break a sum that holds is worth less than one that breaks none."""
    lone, total, part, rest = placed("12.00", 0), placed("10.00", 10), placed("4.00", 20), placed("6.00", 30)
    checks = [same_check(lone, total), sum_check(total, [part, rest])]
    blame = Blame(checks)
    assert blame.best(0) == 1
    assert blame.suspects(0) == (lone,)
