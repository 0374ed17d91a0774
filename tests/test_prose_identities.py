"""The identities of prose that need more than one number beside another: shares, years, kinds of staff, firms."""

from __future__ import annotations

import pytest

from tests.composed import BUDGET, FINAL, Case, differences, findings

SHARES = (
    BUDGET
    + "一、收入预算\n收入预算200万元，其中：一般公共预算拨款100万元，占50%；政府性基金预算拨款60万元，占30%；事业收入40万元，占20%。"
)
STAFF = (
    BUDGET
    + "一、机构设置\n核定编制43名，其中：行政编制16名，事业编制27名；现有在职人员41人，其中：行政人员15人，事业人员26人。"
)
FIRMS = (
    FINAL
    + "一、政府采购情况\n政府采购支出总额100.00万元，其中：货物支出50.00万元、工程支出20.00万元、服务支出30.00万元。"
    "授予中小企业合同金额80.00万元，占政府采购支出总额的80.00%，其中：授予小微企业合同金额60.00万元，占政府采购支出总额的60.00%。"
)
ITEM = (
    FINAL + "一、一般公共预算财政拨款支出决算情况\n1.农林水支出（类）水利（款）行政运行（项）。年初预算为200.00万元，"
)

PROSE: list[Case] = [
    ("each share is its part over the whole", "shares", SHARES, ("占20%", "占25%"), "5.00"),
    ("shares of all parts add up to 100", "share_totals", SHARES, ("占20%", "占25%"), "5"),
    ("a part of a share", "shares", FIRMS, ("占政府采购支出总额的80.00%", "占政府采购支出总额的90.00%"), "10.00"),
    ("a rate by this year and the last", "prior_year_rates",
     BUDGET + "一、机关运行经费\n机关运行经费预算23.00万元，比2023年的20.00万元增长15.00%。", ("增长15.00%", "增长18.00%"), "3.00"),
    ("a rate of decline by this year and the last", "prior_year_rates",
     BUDGET + "一、机关运行经费\n2024年机关运行经费预算17.00万元，2023年机关运行经费预算20.00万元，下降15.00%。", ("下降15.00%", "下降18.00%"), "-3.00"),
    ("growth that is called a decline", "growth_rates",
     BUDGET + "一、收入预算\n收入预算90.00万元，比上年减少10.00万元，下降10.00%。", ("下降", "增长"), "20.00"),
    ("持平 beside another number of last year", "prior_year_change",
     BUDGET + "一、机关运行经费\n2024年机关运行经费预算23.00万元，2023年机关运行经费预算23.00万元，与上年持平。", ("2023年机关运行经费预算23", "2023年机关运行经费预算20"), "-3.00"),
    ("completion of the adjusted budget", "completion_rates",
     ITEM + "调整预算为160.00万元，支出决算为150.00万元，完成调整预算的93.75%。", ("93.75", "75.00"), "-18.75"),
    ("持平 with the budget", "direction_words",
     ITEM + "支出决算为200.00万元，完成年初预算的100.00%，决算数与年初预算数持平。", ("决算为200.00", "决算为210.00"), "10.00"),
    ("staff by kind", "staff_by_kind", STAFF, ("事业人员26", "事业人员28"), "-2"),
    ("posts by kind", "staff_by_kind", STAFF, ("事业编制27", "事业编制29"), "-2"),
    ("small firms are among the small and medium ones", "small_firms", FIRMS, ("小微企业合同金额60.00", "小微企业合同金额90.00"), "10.00"),
    ("small and medium firms are among all", "small_firms", FIRMS, ("中小企业合同金额80.00", "中小企业合同金额130.00"), "30.00"),
    ("income = this year's + what is carried over", "income_parts",
     BUDGET + "一、收入预算\n收入总计110万元，其中：本年收入100万元，上年结转10万元。", ("上年结转10", "上年结转15"), "-5"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "rule", "text", "wrong", "difference"), PROSE, ids=[case[0] for case in PROSE])
def test_prose_adds_up_and_a_wrong_number_is_found(
    case: str, rule: str, text: str, wrong: tuple[str, str], difference: str
) -> None:
    """No finding on the right text; with one number wrong an error of the rule with the exact difference, once."""
    assert findings(text) == ()
    assert differences(rule, text, wrong) == [("error", difference)]


def test_a_list_that_may_be_partial_and_falls_short_is_a_warning() -> None:
    """其中 may name some of the parts only; parts that exceed their total are an error all the same."""
    text = BUDGET + "一、支出预算\n支出预算30万元，其中：教育支出10万元，农林水支出20万元。"
    assert differences("function_parts", text, ("水支出20", "水支出15")) == [("warning", "5")]
    assert differences("function_parts", text, ("水支出20", "水支出25")) == [("error", "-5")]


PARTIAL_SHARES = [
    ("支出预算100.00万元，其中：教育支出30.00万元，占30.00%；农林水支出50.00万元，占50.00%。", "some of the parts"),
    ("支出预算30.00万元，其中：教育支出10.00万元，占33.33%；农林水支出20.00万元，占66.67%。", "all of them"),
]


@pytest.mark.parametrize(("sentence", "case"), PARTIAL_SHARES, ids=[case for _, case in PARTIAL_SHARES])
def test_shares_of_some_parts_need_not_add_to_a_hundred(sentence: str, case: str) -> None:
    """Only those whose parts are all of the whole must."""
    assert [f.rule for f in findings(BUDGET + "一、支出预算\n" + sentence) if f.rule == "share_totals"] == []
