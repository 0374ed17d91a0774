"""The accounting identities: each holds on right numbers, fails on wrong ones, and tells rounding from error."""

from __future__ import annotations

import inspect
from dataclasses import replace
from decimal import Decimal

import pytest

from budget_llm.comparison import compare
from budget_llm.document import Document
from budget_llm.errors import InputError
from budget_llm.extraction import extract
from budget_llm.facts import Fact
from budget_llm.identities import (
    IDENTITIES,
    agreements,
    check_identities,
    items,
    kinds,
    ratios,
    sums,
    table_columns,
    table_rows,
    throughout,
    wholes,
)
from budget_llm.identities.words import WORDS
from tests.composed import BUDGET, FINAL, findings
from tests.conftest import EXAMPLES, ROOT
from tests.scoring import load_gold
from tests.test_agreements import SAME
from tests.test_prose_identities import PROSE
from tests.test_table_identities import ACROSS, DOWN, ROUNDED

# rule, a text in which it holds, the same text with one number wrong, and the difference (found - expected)
CASES: list[tuple[str, str, tuple[str, str], str]] = [
    ("income_equals_expenditure", BUDGET + "一、收入预算\n收入预算100万元。\n二、支出预算\n支出预算100万元。", ("支出预算100", "支出预算110"), "10"),
    ("income_parts", BUDGET + "一、收入预算\n收入预算100万元，其中：一般公共预算拨款90万元，事业收入10万元。", ("收入10万", "收入12万"), "-2"),
    (
        "fiscal_appropriation_parts",
        BUDGET + "一、收入预算\n收入预算9万元，其中：财政拨款收入9万元，含一般公共预算拨款5万元、政府性基金预算拨款4万元。",
        ("拨款4万", "拨款1万"),
        "3",
    ),
    ("function_parts", BUDGET + "一、支出预算\n支出预算30万元，其中：教育支出10万元，农林水支出20万元。", ("水支出20", "水支出25"), "-5"),
    ("basic_and_project", BUDGET + "一、支出预算\n支出预算30万元，其中：基本支出10万元，项目支出20万元。", ("支出10", "支出15"), "-5"),
    (
        "personnel_and_public",
        BUDGET + "一、一般公共预算基本支出情况\n基本支出30万元，其中：人员经费20万元，公用经费10万元。",
        ("经费10", "经费8"),
        "2",
    ),
    (
        "three_public_parts",
        BUDGET + "一、“三公”经费情况\n“三公”经费预算6万元，其中：因公出国（境）费1万元，公务接待费2万元，公务用车购置费0万元，公务用车运行维护费3万元。",
        ("接待费2", "接待费7"),
        "-5",
    ),
    (
        "vehicle_parts",
        BUDGET + "一、“三公”经费情况\n公务用车购置及运行维护费8万元，其中：公务用车购置费5万元，公务用车运行维护费3万元。",
        ("购置费5", "购置费1"),
        "4",
    ),
    ("operating_items", BUDGET + "一、机关运行经费\n机关运行经费6万元，包括办公费1万元、水费2万元、电费3万元。", ("电费3", "电费8"), "-5"),
    ("procurement_parts", BUDGET + "一、政府采购情况\n政府采购预算6万元：货物类1万元、工程类2万元、服务类3万元。", ("货物类1", "货物类9"), "-8"),
    (
        "vehicles_by_kind",
        BUDGET + "一、国有资产占用情况\n截至2023年末，共有车辆3辆，其中：执法执勤用车2辆、其他用车1辆。",
        ("其他用车1", "其他用车2"),
        "-1",
    ),
    ("shares", BUDGET + "一、支出预算\n支出预算30.00万元，其中：基本支出10.00万元，占33.33%；项目支出20.00万元，占66.67%。", ("33.33", "35.33"), "2.00"),
    ("growth_rates", BUDGET + "一、收入预算\n收入预算110万元，比上年增加10万元，增长10%。", ("增长10%", "增长21%"), "11.00"),
    (
        "completion_rates",
        FINAL + "一、一般公共预算财政拨款支出决算情况\n1.农林水支出（类）水利（款）行政运行（项）。年初预算为200万元，支出决算为150万元，完成年初预算的75%。",
        ("的75%", "的57%"),
        "-18.00",
    ),
    (
        "change_parts",
        BUDGET + "一、支出预算\n支出预算30万元，比2023年减少3万元，主要是基本支出增加2万元，项目支出减少5万元。",
        ("增加2万", "增加7万"),
        "-5",
    ),
    (
        "three_public_changes",
        BUDGET + "一、“三公”经费情况\n“三公”经费预算6万元，比上年减少1万元。因公出国（境）费0万元，与上年持平；公务接待费2万元，比上年减少1万元；"
        "公务用车购置及运行费4万元，与上年持平。",
        ("2万元，比上年减少1万", "2万元，比上年减少4万"),
        "3",
    ),
    (
        "prior_year_change",
        BUDGET + "一、机关运行经费\n机关运行经费预算20万元，比2023年的15万元增加5万元。",
        ("增加5万", "增加9万"),
        "4",
    ),
    (
        "execution_rates",
        "某县水利局2023年度部门整体支出绩效自评报告\n一、预算执行情况\n2023年部门整体支出全年预算数213.70万元，全年执行数150.08万元，预算执行率70.23%。",
        ("执行率70.23", "执行率72.03"),
        "1.80",
    ),
    (
        "items_of_classes",
        BUDGET + "一、一般公共预算支出情况\n（一）支出结构\n教育支出（类）123.45万元，占61.73%；农林水支出（类）76.55万元，占38.27%。\n（二）具体安排\n"
        "1.教育支出（类）普通教育（款）小学教育（项）100.00万元。\n2.教育支出（类）普通教育（款）初中教育（项）23.45万元。\n3.农林水支出（类）水利（款）行政运行（项）76.55万元。",
        ("（项）23.45", "（项）24.35"),
        "-0.90",
    ),
    (
        "projects_covered",
        BUDGET + "一、一般公共预算支出情况\n一般公共预算项目支出1240.50万元。\n二、绩效目标情况\n2024年项目支出均实行绩效目标管理，涉及一般公共预算当年财政拨款1240.50万元。",
        ("拨款1240.50", "拨款1204.50"),
        "-36.00",
    ),
    (
        "expenditure_parts",
        FINAL + "一、收支总体情况\n支出总计110.00万元，其中：本年支出95.00万元，年末结转和结余15.00万元。",
        ("结余15.00", "结余25.00"),
        "-10.00",
    ),
    (
        "direction_words",
        FINAL + "一、一般公共预算财政拨款支出决算情况\n1.农林水支出（类）水利（款）行政运行（项）。年初预算为200万元，支出决算为150万元，完成年初预算的75%。"
        "决算数小于年初预算数的主要原因是项目结余。",
        ("小于", "大于"),
        "-50",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "wrong", "difference"), CASES, ids=[case[0] for case in CASES])
def test_an_identity_holds_on_right_numbers_and_reports_wrong_ones(
    rule: str, text: str, wrong: tuple[str, str], difference: str
) -> None:
    """No finding on the right text; on the wrong one an error of the rule with the exact difference."""
    assert findings(text) == ()
    assert wrong[0] in text
    found = [f for f in findings(text.replace(*wrong)) if f.rule == rule]
    assert [(f.severity, f.difference) for f in found] == [("error", difference)]


def indicator(name: str, weight: str, rate: str, score: str, at: int) -> list[Fact]:
    """One row of an indicator table as facts."""
    parts = (("weight", weight, "分"), ("score", score, "分"), ("rate", rate, "%"))
    return [
        Fact(
            concept=f"indicator.{part}", label=name, measure=part, value=Decimal(value), unit=unit,  # type: ignore[arg-type]
            start=at + 3 * n, end=at + 3 * n + 1, text=value, section=0, period=2023,
        )
        for n, (part, value, unit) in enumerate(parts)
    ]  # fmt: skip


def test_an_indicators_score_is_its_weight_times_its_rate() -> None:
    """A score of 5 at weight 5 and 98% is an error beside scores with two decimals."""
    document = Document.from_text("指标" * 100)
    rows = indicator("执行率", "10", "42.42", "4.24", 0) + indicator("满意度", "5", "98", "5", 50)
    (finding,) = check_identities(document, rows)
    assert (finding.rule, finding.numbers, finding.expected) == ("indicator_scores", ("5", "5", "98"), "4.9")


def test_the_total_score_is_the_sum_of_the_scores() -> None:
    """Checked where the weights add to 100."""
    document = Document.from_text("指标" * 100)
    rows = indicator("甲", "60", "100", "60", 0) + indicator("乙", "40", "50", "20", 50)
    total = Fact(
        concept="evaluation.score", label="总得分", measure="score", value=Decimal(90), unit="分",
        start=100, end=102, text="90", section=0, period=2023,
    )  # fmt: skip
    (finding,) = check_identities(document, [*rows, total])
    assert (finding.rule, finding.difference) == ("evaluation_total", "10")


def test_the_total_score_is_that_of_the_same_project() -> None:
    """A department's total says nothing of the indicators of one project."""
    document = Document.from_text("指标" * 100)
    rows = [replace(fact, project="甲项目") for fact in indicator("甲", "100", "90", "90", 0)]
    total = Fact(
        concept="evaluation.score", label="总得分", measure="score", value=Decimal(95), unit="分",
        start=100, end=102, text="95", section=0, period=2023,
    )  # fmt: skip
    assert check_identities(document, [*rows, total]) == ()
    (finding,) = check_identities(document, [*rows, total, replace(total, project="甲项目", start=110, end=112)])
    assert finding.numbers == ("95", "90")


UNIT_FUNDS = [
    ("财政拨款收入80万元，单位资金收入20万元", []),
    ("财政拨款收入80万元，单位资金收入20万元，其中：事业收入15万元，其他收入5万元", []),
    ("财政拨款收入80万元，单位资金收入15万元", ["income_parts"]),
]


@pytest.mark.parametrize(("parts", "rules"), UNIT_FUNDS)
def test_what_a_unit_earns_is_counted_once(parts: str, rules: list[str]) -> None:
    """单位资金收入 is the sum of what its kinds bring in, where they are listed."""
    assert [f.rule for f in findings(f"二、收入预算情况\n2024年收入预算100万元，其中：{parts}。")] == rules


def test_a_miss_in_the_last_written_digit_is_rounding() -> None:
    """Half a unit in the last digit per term: 0.01 over three terms is a note, no error."""
    text = BUDGET + "一、一般公共预算基本支出情况\n基本支出208.36万元，其中：人员经费190.97万元，公用经费17.38万元。"
    (finding,) = findings(text)
    assert (finding.severity, finding.difference) == ("rounding", "0.01")


def test_whole_numbers_beside_decimals_are_exact() -> None:
    """Beside 0.6万元, 1万元 is written for 1.0: a difference of 0.4 is no rounding."""
    text = (
        BUDGET
        + "一、“三公”经费情况\n“三公”经费预算4.5万元，比上年减少0.6万元。因公出国（境）费0万元，与上年无增减变化；公务接待费1万元，比上年减少1万元；"
        "公务用车购置费0万元，与上年无增减变化；公务用车运行维护费3.5万元，与上年无增减变化。"
    )
    assert [(f.rule, f.severity, f.difference) for f in findings(text)] == [("three_public_changes", "error", "0.4")]


def test_a_list_of_examples_is_not_summed() -> None:
    """主要是, 重点保障 and the like announce no full list."""
    assert findings(BUDGET + "一、支出预算\n支出预算30万元，主要是教育支出10万元，农林水支出15万元。") == ()


def test_a_finding_says_expected_found_difference_and_place() -> None:
    """A budget officer can act on the message alone."""
    text = BUDGET + "一、政府采购情况\n政府采购预算9万元：货物类1万元、工程类2万元、服务类3万元。"
    (finding,) = findings(text)
    assert finding.message == "政府采购 = 货物 + 工程 + 服务：政府采购预算应为 6万元，原文为 9万元，相差 3万元"
    assert finding.numbers == ("9", "1", "2", "3")
    assert next((p.text, p.line, text[p.start : p.end]) for p in finding.places) == ("9", 3, "9")


def test_every_identity_is_registered_and_named() -> None:
    """Each public function of the identity modules stands in the list, with its rule as docstring."""
    written = {
        function
        for module in (sums, ratios, wholes, table_columns, table_rows, agreements, throughout, items, kinds)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert set(IDENTITIES) == written
    assert all("=" in (identity.__doc__ or "") or "agrees" in (identity.__doc__ or "") for identity in IDENTITIES)
    assert {identity.__name__ for identity in IDENTITIES} == set(WORDS)


def test_every_identity_has_a_text_in_which_it_holds_and_a_number_that_breaks_it() -> None:
    """No identity is registered that no case shows, and no case names one that is not registered."""
    tested = (
        {case[0] for case in CASES}
        | {"rates_of_nothing"}
        | {case[1] for case in (*DOWN, *ACROSS, *ROUNDED, *PROSE, *SAME)}
    )
    assert {identity.__name__ for identity in IDENTITIES} == tested


@pytest.mark.parametrize("name", EXAMPLES)
def test_by_rules_alone_the_examples_show_no_error_that_is_not_planted(name: str) -> None:
    """Every error found in an example is one that its composer planted; a false alarm costs trust."""
    gold = load_gold(ROOT / "tests" / "gold" / f"{name}.json")
    planted = [{Decimal(n) for n in error["numbers"]} for error in gold["inconsistencies"]]
    disclosure = extract(ROOT / "examples" / f"{name}.txt", "none")
    errors = [f for f in disclosure.findings if f.severity == "error"]
    assert [f.message for f in errors if not any(len({Decimal(n) for n in f.numbers} & p) >= 2 for p in planted)] == []


HARD = [
    ("元 beside 万元 in one row", "表1 支出表\n| 科目编码 | 科目名称 | 2023年预算数（万元） | 2024年预算数（元） | 增减额（万元） | 增减% |\n|---|---|---|---|---|---|\n| 208 | 社保 | 5 | 10000 | 1 | 100 |\n"),
    ("more digits than decimals have", f"一、支出\n2024年支出总计{'9' * 40}.00万元，其中基本支出1.00万元，项目支出2.34万元。"),
    ("four hundred columns", "表1 支出表\n单位：万元\n科目编码\t科目名称\t" + "\t".join(f"合计{n}" for n in range(400)) + "\n" + ("208\t社保" + "\t1.00" * 400 + "\n") * 6),
]  # fmt: skip


@pytest.mark.parametrize(("case", "text"), HARD, ids=[case for case, _ in HARD])
def test_no_number_and_no_form_breaks_an_examination(case: str, text: str) -> None:
    """Nothing raises, and what was read stays."""
    assert extract(Document.from_text(BUDGET + text), "none").facts is not None


def test_a_language_that_is_not_written_is_refused() -> None:
    """By extract and by compare, with what is expected."""
    disclosure = extract(Document.from_text(BUDGET + "一、收入\n收入预算1万元。"), "none")
    with pytest.raises(InputError, match="expected 'zh' or 'en', found 'fr'"):
        extract(disclosure.original, "none", language="fr")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="expected 'zh' or 'en', found 'fr'"):
        compare(disclosure, disclosure, language="fr")  # type: ignore[arg-type]
