"""Two disclosures of one body: what must hold between them, and what is said where it does not."""

from __future__ import annotations

import inspect
from dataclasses import replace
from functools import cache

import pytest

from budget_llm import Disclosure, Document, Finding, InputError, compare, extract
from budget_llm.comparison import comparison_of, rules
from budget_llm.comparison.bodies import may_be_one
from budget_llm.comparison.rules import COMPARISONS
from budget_llm.comparison.words import WORDS

BUDGET_2023 = """云岫市档案馆2023年部门预算

一、收支预算总体情况
2023年收支总预算980.40万元。
二、一般公共预算支出情况
2023年一般公共预算支出960.40万元。
2070204行政运行520.00万元；
2080501行政单位离退休62.30万元。
三、“三公”经费预算情况
2023年“三公”经费财政拨款预算11.50万元。公务接待费4.25万元，公务用车运行维护费7.25万元。
"""
BUDGET_2024 = """云岫市档案馆2024年部门预算

一、收支预算总体情况
2024年收支总预算1043.20万元，比2023年预算增加62.80万元，增长6.41%。
二、一般公共预算支出情况
2024年一般公共预算支出1010.60万元，比2023年预算增加50.20万元，增长5.23%。
（一）文化旅游体育与传媒支出（类）文物（款）行政运行（项）548.00万元，比2023年预算增加28.00万元，增长5.38%。
（二）社会保障和就业支出（类）行政事业单位养老支出（款）行政单位离退休（项）62.30万元，与2023年预算持平。
三、“三公”经费预算情况
2024年“三公”经费财政拨款预算10.45万元，上年预算数为11.50万元。公务接待费3.60万元，较上年减少0.65万元；公务用车运行维护费6.85万元，比2023年预算减少0.40万元。
"""
FINAL_2022 = """云岫市档案馆2022年度部门决算

一、收入支出决算总体情况
2022年度收、支总计995.30万元。收入方包括本年收入975.30万元、年初结转和结余20.00万元；支出方包括本年支出961.10万元、年末结转和结余34.20万元。
二、一般公共预算财政拨款支出决算情况
一般公共预算财政拨款支出940.60万元。
三、“三公”经费支出决算情况
“三公”经费支出决算为9.80万元，其中：公务接待费支出决算为3.10万元，公务用车运行维护费支出决算为6.70万元。
"""
FINAL_2023 = """云岫市档案馆2023年度部门决算

一、收入支出决算总体情况
2023年度收、支总计1020.80万元。与2022年度决算相比，收、支总计各增加25.50万元，增长2.56%。收入方包括本年收入986.60万元、年初结转和结余34.20万元；支出方包括本年支出1004.55万元、年末结转和结余16.25万元。
二、一般公共预算财政拨款支出决算情况
（一）总体情况
一般公共预算财政拨款支出967.30万元，较2022年度决算增加26.70万元，增长2.84%。
（二）具体情况
一般公共预算财政拨款支出年初预算为960.40万元，支出决算为967.30万元，完成年初预算的100.72%。其中：
1.文化旅游体育与传媒支出（类）文物（款）行政运行（项）。年初预算为520.00万元，支出决算为538.70万元，完成年初预算的103.60%。
2.社会保障和就业支出（类）行政事业单位养老支出（款）行政单位离退休（项）。年初预算为62.30万元，支出决算为60.05万元，完成年初预算的96.39%。
三、“三公”经费支出决算情况
“三公”经费支出预算为11.50万元，支出决算为9.95万元，比2022年度决算增加0.15万元，增长1.53%。公务接待费支出决算为2.90万元，比上年减少0.20万元，比年初预算减少1.35万元；公务用车运行维护费支出决算为7.05万元，较2022年度决算增加0.35万元。
"""
EVALUATION_2023 = """云岫市档案馆2023年度部门整体支出绩效自评报告

一、部门概况
本部门2023年一般公共预算支出年初预算960.40万元，全年预算980.00万元，实际支出967.30万元，预算执行率98.70%。
"""
TABLE_2024 = """云岫市档案馆2024年部门预算

一、“三公”经费支出表
单位：元
项目\t2023年预算数\t2024年预算数\t增减额
“三公”经费合计\t115000\t104500\t-10500
公务接待费\t42500\t36000\t-6500
公务用车运行维护费\t72500\t68500\t-4000
"""
AGAIN_2023 = """云岫市档案馆2023年部门预算表

一、收支总表
2023年收入总预算980.40万元，支出总预算980.40万元。
二、“三公”经费预算表
单位：元
项目\t2023年预算数
“三公”经费合计\t115000
公务接待费\t42500
公务用车运行维护费\t72500
"""

TEXTS = {
    "budget-2023.txt": BUDGET_2023,
    "budget-2024.txt": BUDGET_2024,
    "final-2022.txt": FINAL_2022,
    "final-2023.txt": FINAL_2023,
    "evaluation-2023.txt": EVALUATION_2023,
    "table-2024.txt": TABLE_2024,
    "again-2023.txt": AGAIN_2023,
}


@cache
def read(text: str, source: str | None) -> Disclosure:
    """One disclosure read by rules alone."""
    return extract(Document.from_text(text, source), "none")


def of(name: str, *changed: tuple[str, str]) -> Disclosure:
    """A text of the table above, with numbers changed in it."""
    text = TEXTS[name]
    for old, new in changed:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read(text, name)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, str | None]]:
    """Rule, severity and difference of each finding."""
    return [(f.rule, f.severity, f.difference) for f in findings]


PAIRS = [
    ("budget-2023.txt", "budget-2024.txt", {"published_prior", "published_change", "published_growth"}),
    ("budget-2023.txt", "table-2024.txt", {"published_prior", "published_change"}),
    ("final-2022.txt", "final-2023.txt", {"published_change", "published_growth", "carried_over"}),
    ("budget-2023.txt", "final-2023.txt", {"published_budget", "published_budget_change", "published_completion"}),
    ("budget-2023.txt", "evaluation-2023.txt", {"published_budget"}),
    ("final-2023.txt", "evaluation-2023.txt", {"published_budget", "published_final"}),
    ("budget-2023.txt", "again-2023.txt", {"published_twice"}),
]


@pytest.mark.parametrize(("one", "other", "computed"), PAIRS)
def test_right_numbers_give_no_finding(one: str, other: str, computed: set[str]) -> None:
    """Each rule is computed where it has terms, and holds; the order of the arguments says nothing."""
    comparison = comparison_of(of(one), of(other))
    assert comparison.findings == compare(of(other), of(one)) == ()
    assert {rule.__name__ for rule in COMPARISONS if any(rule(comparison.pair))} == computed


def test_every_rule_is_registered_named_and_seen_to_hold() -> None:
    """Each public function of the rules stands in the list, with its rule as docstring and its words."""
    written = {
        function
        for name, function in inspect.getmembers(rules, inspect.isfunction)
        if function.__module__ == rules.__name__ and not name.startswith("_")
    }
    assert set(COMPARISONS) == written
    assert {rule.__name__ for rule in COMPARISONS} == set(WORDS) == set().union(*(computed for *_, computed in PAIRS))
    assert all("=" in (rule.__doc__ or "") for rule in COMPARISONS)


# earlier, later, what is changed in which of them, and what is found: rule, severity, difference, places in both.
Places = list[tuple[str, int, str]]
PLANTED: list[tuple[str, str, tuple[str, str, str], list[tuple[str, str, str | None]], Places]] = [
    (
        "budget-2023.txt", "budget-2024.txt", ("budget-2024.txt", "减少0.40万元", "减少0.60万元"),
        [("published_change", "error", "-0.20")],
        [("budget-2024.txt", 10, "0.60"), ("budget-2024.txt", 10, "6.85"), ("budget-2023.txt", 10, "7.25")],
    ),
    (
        "budget-2023.txt", "budget-2024.txt", ("budget-2024.txt", "与2023年预算持平", "比2023年预算增加1.50万元"),
        [("published_change", "error", "1.50")],
        [("budget-2024.txt", 8, "1.50"), ("budget-2024.txt", 8, "62.30"), ("budget-2023.txt", 8, "62.30")],
    ),
    (
        "budget-2023.txt", "budget-2024.txt", ("budget-2024.txt", "增长6.41%", "增长6.14%"),
        [("published_growth", "error", "-0.27")],
        [("budget-2024.txt", 4, "6.14"), ("budget-2024.txt", 4, "1043.20"), ("budget-2023.txt", 4, "980.40")],
    ),
    (
        "budget-2023.txt", "budget-2024.txt", ("budget-2024.txt", "上年预算数为11.50万元", "上年预算数为15.10万元"),
        [("published_prior", "error", "3.60")],
        [("budget-2024.txt", 10, "15.10"), ("budget-2023.txt", 10, "11.50")],
    ),
    (
        "budget-2023.txt", "table-2024.txt", ("table-2024.txt", "\t72500\t", "\t75200\t"),
        [("published_prior", "error", "2700")],
        [("table-2024.txt", 8, "75200"), ("budget-2023.txt", 10, "7.25")],
    ),
    (
        "budget-2023.txt", "table-2024.txt", ("table-2024.txt", "\t-6500", "\t-5600"),
        [("published_change", "error", "900")],
        [("table-2024.txt", 7, "-5600"), ("table-2024.txt", 7, "36000"), ("budget-2023.txt", 10, "4.25")],
    ),
    (
        "final-2022.txt", "final-2023.txt", ("final-2022.txt", "年末结转和结余34.20万元", "年末结转和结余32.40万元"),
        [("carried_over", "warning", "1.80")],
        [("final-2023.txt", 4, "34.20"), ("final-2022.txt", 4, "32.40")],
    ),
    (
        "final-2022.txt", "final-2023.txt", ("final-2023.txt", "决算增加0.35万元", "决算增加0.53万元"),
        [("published_change", "error", "0.18")],
        [("final-2023.txt", 13, "0.53"), ("final-2023.txt", 13, "7.05"), ("final-2022.txt", 8, "6.70")],
    ),
    (
        "budget-2023.txt", "final-2023.txt", ("final-2023.txt", "年初预算为62.30万元", "年初预算为63.20万元"),
        [("published_budget", "error", "0.90")],
        [("final-2023.txt", 11, "63.20"), ("budget-2023.txt", 8, "62.30")],
    ),
    (
        "budget-2023.txt", "final-2023.txt", ("final-2023.txt", "的103.60%", "的106.30%"),
        [("published_completion", "error", "2.70")],
        [("final-2023.txt", 10, "106.30"), ("final-2023.txt", 10, "538.70"), ("budget-2023.txt", 7, "520.00")],
    ),
    (
        "budget-2023.txt", "final-2023.txt", ("final-2023.txt", "比年初预算减少1.35万元", "比年初预算减少1.53万元"),
        [("published_budget_change", "error", "-0.18")],
        [("final-2023.txt", 13, "1.53"), ("final-2023.txt", 13, "2.90"), ("budget-2023.txt", 10, "4.25")],
    ),
    (
        "budget-2023.txt", "evaluation-2023.txt", ("evaluation-2023.txt", "年初预算960.40万元", "年初预算964.00万元"),
        [("published_budget", "error", "3.60")],
        [("evaluation-2023.txt", 4, "964.00"), ("budget-2023.txt", 6, "960.40")],
    ),
    (
        "final-2023.txt", "evaluation-2023.txt", ("evaluation-2023.txt", "实际支出967.30万元", "实际支出976.30万元"),
        [("published_final", "error", "9.00")],
        [("evaluation-2023.txt", 4, "976.30"), ("final-2023.txt", 7, "967.30")],
    ),
    (
        "again-2023.txt", "budget-2023.txt", ("again-2023.txt", "\t42500", "\t45200"),
        [("published_twice", "error", "-0.27")],
        [("budget-2023.txt", 10, "4.25"), ("again-2023.txt", 9, "45200")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "change", "found", "places"), PLANTED)
def test_a_planted_wrong_number_is_found_with_its_difference_and_its_places_in_both(
    first: str,
    second: str,
    change: tuple[str, str, str],
    found: list[tuple[str, str, str | None]],
    places: list[tuple[str, int, str]],
) -> None:
    """Nothing else is found, in either order of the arguments."""
    one, other = (of(name, *([change[1:]] if name == change[0] else [])) for name in (first, second))
    findings = compare(one, other)
    assert findings == compare(other, one)
    assert told(findings) == found
    assert [(p.document, p.line, p.text) for p in findings[0].places] == places
    for place in findings[0].places:
        text = {d.document.source: d.original.text for d in (one, other)}[place.document]
        assert text[place.start : place.end] == place.text


def test_a_wrong_published_number_is_the_suspect_of_all_that_rests_on_it() -> None:
    """Change and growth both miss, and one correction would mend both."""
    findings = compare(of("budget-2023.txt", ("预算980.40万元", "预算984.00万元")), of("budget-2024.txt"))
    assert told(findings) == [("published_change", "error", "3.60"), ("published_growth", "error", "0.39")]
    suspects = [
        ("budget-2023.txt", "984.00"),
        ("budget-2024.txt", "1043.20"),
    ]  # this year's number would mend both as well
    assert [sorted((str(p.document), p.text) for p in f.suspects) for f in findings] == [suspects, suspects]
    assert "最可能有误：收支总预算 984.00万元（budget-2023.txt 第4行）、收支总预算 1043.20万元" in findings[0].message


def test_a_message_says_who_says_what() -> None:
    """Expected, found, difference and the numbers of both years, in Chinese and in English."""
    later = of("budget-2024.txt", ("增加28.00万元", "增加82.00万元"))
    chinese = "增减额 = 本年数 − 上年公布数：2024年部门预算的{}的增减额应为 28.00万元，原文为 82.00万元，相差 54.00万元（2024年部门预算为 548.00万元，2023年部门预算为 520.00万元）"
    english = (
        "change = this year − the number published the year before: change of {} in the 2024 budget should be 28.00万元, "
        "the document says 82.00万元, off by 54.00万元 (2024 budget: 548.00万元, 2023 budget: 520.00万元)"
    )
    label = "文化旅游体育与传媒支出（类）文物（款）行政运行（项）"
    (finding,) = compare(of("budget-2023.txt"), later)
    assert finding.message.startswith(chinese.format(label))
    assert finding.english.startswith(english.format(label))
    (in_english,) = compare(of("budget-2023.txt"), later, language="en")
    assert in_english == replace(finding, message=finding.english)


UNNAMED = [
    (
        "budget-2023.txt", "budget-2024.txt", ("较上年减少0.65万元", "较上年减少0.56万元"),
        ("published_change", "warning", "0.09"), "（原文未写明与上年的预算数还是决算数相比）",
    ),
    (
        "budget-2023.txt", "budget-2024.txt", ("上年预算数为11.50万元", "2023年安排11.00万元"),
        ("published_prior", "warning", "-0.50"), "（原文未写明是预算数还是决算数）",
    ),
    (
        "budget-2023.txt", "final-2023.txt", ("支出预算为11.50万元", "支出预算为12.50万元"),
        ("published_budget", "warning", "1.00"), "（原文未写明是年初预算数，可能是调整后的预算数）",
    ),
    (
        "budget-2023.txt", "final-2023.txt", ("支出决算为9.95万元，", "支出决算为9.95万元，完成预算的80.25%，"),
        ("published_completion", "warning", "-6.27"), "（原文未写明是年初预算数，可能是调整后的预算数）",
    ),
    (
        "final-2022.txt", "final-2023.txt", ("年初结转和结余34.20万元", "年初结转和结余33.20万元"),
        ("carried_over", "warning", "-1.00"), "（年初数可能经调整（如收回结余、会计差错更正））",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "change", "found", "words"), UNNAMED)
def test_a_base_that_the_text_does_not_name_makes_a_miss_a_warning(
    first: str, second: str, change: tuple[str, str], found: tuple[str, str, str], words: str
) -> None:
    """The finding says what is not said."""
    (finding,) = compare(of(first), of(second, change))
    assert told((finding,)) == [found]
    assert finding.message.endswith(words)
    assert finding.english.endswith(")")


def test_a_base_named_by_the_number_beside_the_change_is_named() -> None:
    """比2023年预算的95.30万元增加2.80万元 says what the change is taken from."""
    earlier = read("云岫市档案馆2023年部门预算\n\n一、机关运行经费\n2023年机关运行经费96.30万元。\n", "2023.txt")
    later = read(
        "云岫市档案馆2024年部门预算\n\n一、机关运行经费\n2024年机关运行经费98.10万元，比2023年预算的95.30万元增加2.80万元。\n",
        "2024.txt",
    )
    found = [("published_change", "error", "1.00"), ("published_prior", "error", "-1.00")]
    assert sorted(told(compare(earlier, later))) == found


BASES = [
    ("比2023年决算增加0.60万元", "budget-2023.txt", []),
    ("比2023年预算减少0.65万元", "budget-2023.txt", ["published_change"]),
    ("比2023年预算减少0.60万元", "final-2023.txt", []),
    ("比上年减少0.60万元", "final-2023.txt", []),
    ("比2023年执行数增加0.70万元", "final-2023.txt", ["published_change"]),
]


@pytest.mark.parametrize(("words", "other", "computed"), BASES)
def test_a_change_is_compared_with_the_base_that_it_names_alone(words: str, other: str, computed: list[str]) -> None:
    """比上年决算 is not compared with last year's budget, nor an unnamed base with another kind of document."""
    budget = read(f"云岫市档案馆2024年部门预算\n\n一、“三公”经费预算情况\n公务接待费3.60万元，{words}。\n", "b.txt")
    comparison = comparison_of(of(other), budget)
    assert [rule.__name__ for rule in COMPARISONS for _ in rule(comparison.pair)] == computed
    assert [f.rule for f in comparison.findings] == ([] if computed else ["nothing_to_compare"])


def test_what_a_budget_cites_of_accounts_that_are_not_closed_may_be_an_estimate() -> None:
    """A budget is drawn up before the final accounts of the year before."""
    budget = read(
        "云岫市档案馆2024年部门预算\n\n一、“三公”经费预算情况\n公务接待费3.60万元，比2023年执行数增加0.60万元。\n",
        "b.txt",
    )
    (finding,) = compare(budget, of("final-2023.txt"))
    assert (finding.severity, finding.difference) == ("warning", "-0.10")
    assert "可能是预计执行数" in finding.message


UNITS = [
    ("9804000元", []),
    ("9804049元", []),
    ("0.098亿元", []),
    ("980.4万元", []),
    ("980.41万元", [("published_change", "rounding", "0.01")]),
    ("9804900元", [("published_change", "error", "0.09")]),
]


@pytest.mark.parametrize(("written", "found"), UNITS)
def test_units_are_converted_and_the_coarser_tells_the_tolerance(
    written: str, found: list[tuple[str, str, str]]
) -> None:
    """元 against 万元 to the last digit of 万元; a digit more or less is rounding."""
    earlier = of("budget-2023.txt", ("收支总预算980.40万元", f"收支总预算{written}"))
    assert told(compare(earlier, of("budget-2024.txt", ("万元，增长6.41%", "万元")))) == found


LEFT_OUT = [
    ("公务接待费7.00万元。公务接待费4.25万元，", "stated twice and differently"),
    ("", "not stated"),
]


@pytest.mark.parametrize(("instead", "why"), LEFT_OUT)
def test_what_is_not_stated_in_one_way_is_left_out(instead: str, why: str) -> None:
    """No finding rests on a number that the document itself leaves open."""
    earlier = of("budget-2023.txt", ("公务接待费4.25万元，", instead))
    assert compare(earlier, of("budget-2024.txt", ("较上年减少0.65万元", "较上年减少3.65万元"))) == (), why


def test_items_of_one_name_under_two_headings_are_two_items() -> None:
    """行政运行 of 文物 is not 行政运行 of 档案事务; a code finds its class by the names of the codes above it."""
    earlier = of(
        "budget-2023.txt", ("2070204行政运行520.00万元", "2012601行政运行350.00万元；\n20126档案事务350.00万元")
    )
    assert not any("行政运行" in place.label for f in compare(earlier, of("budget-2024.txt")) for place in f.places)


def test_about_the_same_is_no_change_of_nothing() -> None:
    """基本持平 states no number that could be checked to the last digit."""
    later = of("budget-2024.txt", ("62.30万元，与2023年预算持平", "62.90万元，与2023年预算基本持平"))
    assert compare(of("budget-2023.txt"), later) == ()


def test_many_differences_are_one_of_base() -> None:
    """Where most numbers differ the scope has changed: said once, with the places, in place of an error for each."""
    restated = of(
        "budget-2023.txt", ("收支总预算980.40", "收支总预算880.40"), ("支出960.40", "支出860.40"), ("520.00", "450.00"),
        ("4.25", "3.25"), ("7.25", "6.25"),
    )  # fmt: skip
    (finding,) = compare(restated, of("budget-2024.txt"))
    assert (finding.rule, finding.severity, finding.difference) == ("base_differs", "warning", None)
    assert "2024年部门预算与2023年部门预算相比较的 7 个数中有 5 个不一致" in finding.message
    assert "of 7 numbers of the 2023 budget, 5 differ" in finding.english
    assert {p.document for p in finding.places} == {"budget-2023.txt", "budget-2024.txt"}


def test_nothing_in_common_is_said() -> None:
    """No finding would read as agreement."""
    earlier = read("云岫市档案馆2023年部门预算\n\n一、机关运行经费\n2023年机关运行经费96.30万元。\n", None)
    (finding,) = compare(of("budget-2024.txt"), earlier)
    assert (finding.rule, finding.severity, finding.places) == ("nothing_to_compare", "warning", ())
    assert "没有可比较的数字" in finding.message


NAMES = [
    ("云岫市档案馆", "云岫市档案馆", True),
    ("云岫市档案馆", "云岫市档案馆（本级）", True),
    ("云岫市档案馆部门", "云岫市档案馆本级", True),
    ("某省云岫市档案馆", "云岫市档案馆", True),
    ("云岫市", "云岫市档案馆", True),
    (None, "云岫市档案馆", True),
    ("云岫市档案馆", "云岫市图书馆", False),
    ("云岫市水利局", "云岫市水利局水文站", False),
]


@pytest.mark.parametrize(("one", "other", "alike"), NAMES)
def test_names_of_one_body(one: str | None, other: str | None, alike: bool) -> None:
    """本级 and 部门 tell of one body, as does a name without its province; a subordinate unit is another."""
    assert may_be_one(one, other) is may_be_one(other, one) is alike


def test_two_bodies_are_a_warning_before_all_else() -> None:
    """What fits is compared all the same."""
    other = read(BUDGET_2023.replace("云岫市档案馆", "云岫市图书馆"), "other.txt")
    (finding,) = compare(of("budget-2024.txt"), other)
    assert (finding.rule, finding.severity) == ("different_bodies", "warning")
    assert "2023年部门预算为云岫市图书馆，2024年部门预算为云岫市档案馆" in finding.message


def test_places_without_a_source_are_named_by_year_and_kind() -> None:
    """A text of one's own has no file name."""
    later = read(BUDGET_2024.replace("减少0.40万元", "减少0.60万元"), None)
    (finding,) = compare(read(BUDGET_2023, None), later)
    assert [p.document for p in finding.places] == ["2024年部门预算", "2024年部门预算", "2023年部门预算"]


def test_places_inside_one_document_name_none() -> None:
    """Only a finding about two documents says in which of them a number stands."""
    text = BUDGET_2023.replace("公务用车运行维护费7.25万元", "公务用车购置及运行费9.25万元，因公出国（境）费0万元")
    findings = read(text, "one.txt").findings
    assert findings
    assert {place.document for f in findings for place in f.places} == {None}


REFUSED = [
    (BUDGET_2023, BUDGET_2023, "one.txt and one.txt: expected two documents, found the same one twice"),
    (
        BUDGET_2023,
        BUDGET_2024.replace("2024", "2026"),
        "found 2023 and 2026; compare each with that of the year next to it",
    ),
    (EVALUATION_2023, BUDGET_2024, "compare it with the budget or the final accounts of its year"),
    (BUDGET_2023, "卖出苹果30筐。", "expected a disclosure of known kind and year, found no kind"),
    (
        "云岫市档案馆2023年部门预算\n2023年收入预算12万元。",
        "云岫市图书馆2024年部门预算\n2024年支出预算12万元。",
        "expected two disclosures of one body, found 云岫市档案馆 and 云岫市图书馆 without a number in common",
    ),
]


@pytest.mark.parametrize(("one", "other", "words"), REFUSED)
def test_what_cannot_be_compared_is_an_error_with_the_next_step(one: str, other: str, words: str) -> None:
    """The message names both and says what to give instead."""
    with pytest.raises(InputError) as caught:
        compare(read(one, "one.txt"), read(other, "one.txt"))
    assert words in str(caught.value)


def test_a_path_is_no_disclosure() -> None:
    """What was not read yet is to be read first."""
    with pytest.raises(
        InputError, match=r"expected two Disclosures, found str; read each first with budget_llm\.extract"
    ):
        compare("2023.txt", of("budget-2024.txt"))  # type: ignore[arg-type]
