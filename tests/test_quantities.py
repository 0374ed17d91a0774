"""Written numbers and units: exact, in the unit of the source, located."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget_llm.quantities import find_numeral_counts, find_quantities, in_yuan, numeral, parse_number, quantum

WRITTEN = [
    ("1570.35 万元", "1570.35", "万元"),
    ("10,527.11万元", "10527.11", "万元"),
    ("1，234.50万元", "1234.50", "万元"),
    ("１２．５０万元", "12.50", "万元"),
    ("0 万\n\n元", "0", "万元"),
    ("减少\n283.38\n万元", "283.38", "万元"),
    ("35000元", "35000", "元"),
    ("3.2亿元", "3.2", "亿元"),
    ("12百万元", "12", "百万元"),
    ("40千元", "40", "千元"),
    ("13.2万，比年初", "13.2", "万元"),
    ("5.6萬元", "5.6", "萬元"),
    ("-12.3万元", "-12.3", "万元"),
    ("O万元", "0", "万元"),
    ("12.\n35万元", "12.35", "万元"),
    ("86.74%", "86.74", "%"),
    ("5.2％", "5.2", "%"),
    ("1.3个百分点", "1.3", "个百分点"),
    ("0台（套）", "0", "台（套）"),
    ("240万人次", "240", "万人次"),
    ("2.8万平方米", "2.8", "万平方米"),
    ("10批次", "10", "批次"),
    ("94.24分，", "94.24", "分"),
    ("物业管理费14.72、", "14.72", None),
]


@pytest.mark.parametrize(("text", "value", "unit"), WRITTEN)
def test_a_written_number_is_read_exactly_with_its_unit(text: str, value: str, unit: str | None) -> None:
    """Separators, widths, breaks and short units are read as what they mean; trailing zeros stay."""
    (quantity,) = find_quantities(text)
    assert (str(quantity.value), quantity.unit) == (value, unit)
    assert text[quantity.start : quantity.end] == quantity.text


@pytest.mark.parametrize("text", ["有3，100人参加", "2辆，100台"])
def test_a_full_width_comma_between_clauses_does_not_join_numbers(text: str) -> None:
    """Only where decimals follow is a full-width comma a thousands separator."""
    assert len(find_quantities(text)) == 2


def test_digits_broken_by_a_line_are_one_number_where_a_money_unit_follows() -> None:
    """A page break inside "1570.35万元" does not make two numbers."""
    (quantity,) = find_quantities("收入预算15\n70.35万元")
    assert quantity.value == Decimal("1570.35")


@pytest.mark.parametrize(
    ("written", "value"),
    [("七", 7), ("十", 10), ("十二", 12), ("二十", 20), ("二十三", 23), ("两", 2), ("百", None), ("", None)],
)
def test_chinese_numerals_below_a_hundred(written: str, value: int | None) -> None:
    """Counts of departments are written in numerals; anything else is no number."""
    assert numeral(written) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("内设机构七个：", [("七", "个")]),
        ("四个市级直属单位", [("四", "个")]),
        ("下属单位三家", [("三", "家")]),
        ("第三个方面", []),
    ],
)
def test_counts_in_numerals_are_found_with_their_measure_word(text: str, found: list[tuple[str, str]]) -> None:
    """An ordinal (第三个) is no count."""
    assert [(q.text, q.unit) for q in find_numeral_counts(text, 0, len(text))] == found


def test_half_a_unit_in_the_last_written_digit() -> None:
    """The tolerance of an identity comes from what is written, zeros included."""
    assert [str(quantum(Decimal(v))) for v in ("1.25", "1.50", "3", "0.6")] == ["0.005", "0.005", "0.5", "0.05"]


def test_amounts_compare_across_units() -> None:
    """元 and 万元 are commensurable; 辆 is not money."""
    assert in_yuan(Decimal("1.5"), "万元") == in_yuan(Decimal(15000), "元")
    assert in_yuan(Decimal(2), "辆") is None


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["元", "万元", "亿元", "%"]))
def test_any_amount_survives_writing_with_separators(value: Decimal, unit: str) -> None:
    """Whatever is written with thousands separators is read back exactly."""
    (quantity,) = find_quantities(f"共{value:,}{unit}")
    assert quantity.value == value
    assert quantity.unit == unit


@given(st.text(max_size=200))
def test_offsets_are_true_for_any_text(text: str) -> None:
    """Every number found can be cut from the untouched text."""
    for quantity in find_quantities(text):
        assert text[quantity.start : quantity.end] == quantity.text
        assert parse_number(quantity.text) == quantity.value
