"""The deterministic reading of prose: (sentence, facts), one row per wording."""

from __future__ import annotations

import pytest

from budget_llm.document import Document
from budget_llm.extraction import extract
from budget_llm.facts import Fact

Expected = list[tuple[str, str, str, str | None]]


def read(text: str) -> tuple[Fact, ...]:
    """Read a text by rules alone; a title gives kind and year."""
    return extract(Document.from_text(text), "none").facts


def brief(facts: tuple[Fact, ...]) -> Expected:
    """The four fields of a fact that a sentence alone decides."""
    return [(f.concept, f.measure, str(f.value), f.unit) for f in facts]


BUDGET = "某县水利局2024年部门预算\n"
SENTENCES: list[tuple[str, str, Expected]] = [
    (
        "income with components and a change",
        "一、收入预算\n2024年年初预算数100.5万元，其中：一般公共预算拨款90万元，事业收入10.5万元。收入较2023年减少3.5万元，主要是事业收入减少3.5万元。",
        [
            ("income.total", "amount", "100.5", "万元"),
            ("income.general_public_budget", "amount", "90", "万元"),
            ("income.business", "amount", "10.5", "万元"),
            ("income.total", "change", "-3.5", "万元"),
            ("income.business", "change", "-3.5", "万元"),
        ],
    ),
    (
        "one number for both totals",
        "一、收支总体情况\n2024年收、支总计100万元，比上年增加5万元，增长5.26%。",
        [
            ("income.total", "amount", "100", "万元"),
            ("income.total", "change", "5", "万元"),
            ("income.total", "rate", "5.26", "%"),
        ],
    ),
    (
        "coded items and a number broken from its unit",
        "一、支出预算\n2024年支出预算30\n万元，其中：\n2130301行政运行20万元，主要用于工资；\n2130306 水利工程运行与维护10万元。",
        [
            ("expenditure.total", "amount", "30", "万元"),
            ("expenditure.function", "amount", "20", "万元"),
            ("expenditure.function", "amount", "10", "万元"),
        ],
    ),
    (
        "shares",
        "一、支出预算\n支出预算100万元，其中：基本支出60万元，占60%；项目支出40万元，占40%。",
        [
            ("expenditure.total", "amount", "100", "万元"),
            ("expenditure.basic", "amount", "60", "万元"),
            ("expenditure.basic", "share", "60", "%"),
            ("expenditure.project", "amount", "40", "万元"),
            ("expenditure.project", "share", "40", "%"),
        ],
    ),
    (
        "paths of function items",
        "一、一般公共预算支出情况\n1.农林水支出（类）水利（款）行政运行（项）20万元。\n2.科学技术支出-科学技术普及-科普活动：2024年预算数为16万元。",
        [("expenditure.function", "amount", "20", "万元"), ("expenditure.function", "amount", "16", "万元")],
    ),
    (
        "three public expenses, no change said in words, and a planned zero",
        "一、“三公”经费情况\n2024年“三公”经费预算7.5万元，比2023年减少0.8万元。其中，因公出国（境）费用0万元，与2023年无增减变化；"
        "公务接待费2万元，较上年下降0.8万元；公务用车运行维护费5.5万元，与上年持平；公务用车购置费0万元。",
        [
            ("three_public.total", "amount", "7.5", "万元"),
            ("three_public.total", "change", "-0.8", "万元"),
            ("three_public.abroad", "amount", "0", "万元"),
            ("three_public.abroad", "change", "0", "万元"),
            ("three_public.reception", "amount", "2", "万元"),
            ("three_public.reception", "change", "-0.8", "万元"),
            ("three_public.vehicle_operation", "amount", "5.5", "万元"),
            ("three_public.vehicle_operation", "change", "0", "万元"),
            ("three_public.vehicle_purchase", "amount", "0", "万元"),
        ],
    ),
    (
        "operating cost with items, one without its unit",
        "一、机关运行经费\n2024年机关运行经费预算20.56万元，包括办公费5.84万元、物业管理费14.72、水费0万元。",
        [
            ("operating.total", "amount", "20.56", "万元"),
            ("operating.item", "amount", "5.84", "万元"),
            ("operating.item", "amount", "14.72", "万元"),
            ("operating.item", "amount", "0", "万元"),
        ],
    ),
    (
        "procurement by kind",
        "一、政府采购情况\n政府采购预算总额6万元：政府采购货物预算1万元、政府采购工程预算2万元、政府采购服务预算3万元。",
        [
            ("procurement.total", "amount", "6", "万元"),
            ("procurement.goods", "amount", "1", "万元"),
            ("procurement.works", "amount", "2", "万元"),
            ("procurement.services", "amount", "3", "万元"),
        ],
    ),
    (
        "vehicles in stock and to be bought, thresholds left out",
        "一、国有资产占有使用情况\n截至2023年12月，共有车辆2辆，其中一般公务用车2辆。单价50万元以上的通用设备1台（套）。2024年安排购置车辆1辆。",
        [
            ("assets.vehicles", "count", "2", "辆"),
            ("assets.vehicles", "count", "2", "辆"),
            ("assets.equipment", "count", "1", "台（套）"),
            ("assets.vehicles_planned", "count", "1", "辆"),
        ],
    ),
    (
        "departments, posts and staff, in digits and numerals, before and behind the noun",
        "一、机构设置情况\n本局内设机构七个；下辖2个预算单位。行政编制3名，在职人员5人，退休人员减少2人。",
        [
            ("organisation.departments", "count", "7", "个"),
            ("organisation.subordinates", "count", "2", "个"),
            ("staff.establishment", "count", "3", "名"),
            ("staff.actual", "count", "5", "人"),
            ("staff.change", "change", "-2", "人"),
        ],
    ),
    (
        "what was carried over, of whatever fund",
        "一、收入预算情况\n收入预算60万元，其中：事业收入50万元、上年结转结余的政府性基金预算收入10万元。",
        [
            ("income.total", "amount", "60", "万元"),
            ("income.business", "amount", "50", "万元"),
            ("income.carryover", "amount", "10", "万元"),
        ],
    ),
    (
        "performance",
        "一、绩效目标设置情况\n2024年实行绩效目标管理的项目2个，涉及预算金额3190万元。",
        [("performance.projects", "count", "2", "个"), ("performance.covered_amount", "amount", "3190", "万元")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in SENTENCES], ids=[row[0] for row in SENTENCES])
def test_budget_prose(text: str, expected: Expected) -> None:
    """Every number of the passage, in order, with concept, measure, signed value and unit; nothing else."""
    assert brief(read(BUDGET + text)) == expected


def test_final_accounts_tell_budget_from_final_and_give_the_completion() -> None:
    """年初预算, 决算 and 完成% of one item are three facts with their stages and the basis of the rate."""
    text = (
        "某县水利局2023年度部门决算\n一、一般公共预算财政拨款支出决算情况\n1.农林水支出（类）水利（款）行政运行（项）。年初预算为100万元，"
        "支出决算为98万元，完成年初预算的98%。\n"
    )
    facts = read(text)
    assert [(f.stage, f.measure, str(f.value), f.basis) for f in facts] == [
        ("budget", "amount", "100", None),
        ("final", "amount", "98", None),
        ("final", "rate", "98", "initial_budget"),
    ]
    assert {f.concept for f in facts} == {"expenditure.function"}


def test_an_item_at_the_top_of_a_page_opens_a_paragraph() -> None:
    """The form feed before its number is white space, and the number no fact."""
    facts = read(
        "某县林业局2023年度部门决算\n一、一般公共预算财政拨款支出决算情况\n"
        "1.农林水支出（类）林业和草原（款）行政运行（项）。年初预算30万元，支出决算31万元。\n\n      - 4 -\n"
        "\f     2.农林水支出（类）林业和草原（款）森林资源培育（项）。年初预算50万元，支出决算48万元。"
    )
    assert [(f.label.rpartition("）")[0].rpartition("）")[2], str(f.value)) for f in facts] == [
        ("行政运行（项", "30"),
        ("行政运行（项", "31"),
        ("森林资源培育（项", "50"),
        ("森林资源培育（项", "48"),
    ]


def test_a_prior_years_number_keeps_its_own_year() -> None:
    """An amount that the text gives for last year has last year as its period."""
    facts = read(BUDGET + "一、机关运行经费\n机关运行经费预算20万元，比2023年的15万元增加5万元。")
    assert [(f.period, str(f.value), f.measure) for f in facts] == [
        (2024, "20", "amount"),
        (2023, "15", "amount"),
        (2024, "5", "change"),
    ]


SCOPES = [
    ("一、收入预算\n收入预算5万元。", "department"),
    ("一、财政拨款收支情况\n财政拨款收入总计5万元。", "fiscal"),
    ("一、一般公共预算支出情况\n基本支出5万元。", "general_public_budget"),
    ("一、政府性基金预算支出情况\n政府性基金预算支出5万元。", "government_fund"),
    ("一、国有资本经营预算支出情况\n国有资本经营预算支出5万元。", "state_capital"),
    ("一、“三公”经费情况\n“三公”经费预算5万元。", "fiscal"),
    (
        "一、“三公”经费情况\n“三公”经费预算5万元。\n二、名词解释\n“三公”经费：指用一般公共预算财政拨款安排的费用。",
        "general_public_budget",
    ),
    ("一、机关运行经费\n机关运行经费5万元。", "department"),
    ("一、机关运行经费\n机关运行经费财政拨款预算为5万元。", "fiscal"),
]


@pytest.mark.parametrize(("text", "scope"), SCOPES)
def test_whose_money_an_amount_is(text: str, scope: str) -> None:
    """The fund that sentence, heading or glossary names; else the topic's default."""
    (fact,) = read(BUDGET + text)
    assert fact.scope == scope


def test_a_rate_is_of_the_item_with_two_amounts_before_it() -> None:
    """Budget and final amount are of one item: no list stands before the rate, whatever an earlier paragraph listed."""
    facts = read(
        "某县水利局2024年度部门决算\n一、一般公共预算支出决算\n支出60万元。其中：农林水支出（类）40万元、教育支出（类）5万元、"
        "住房保障支出（类）3万元。\n其中，社会保障和就业支出（类）行政单位离退休（项）年初预算10万元，决算12万元，完成年初预算的120%。"
    )
    assert [(f.label, f.measure, str(f.value)) for f in facts[-2:]] == [
        ("社会保障和就业支出（类）行政单位离退休（项）", "amount", "12"),
        ("社会保障和就业支出（类）行政单位离退休（项）", "rate", "120"),
    ]


UNREAD = [
    "一、收入预算\n收入增加（减少）5万元。",
    "一、收入预算\n某某事项5万元。",
    "一、重点工作\n培训群众500人次，建设示范点3处。",
    "一、名词解释\n基本支出：指不超过5万元的支出。",
]


@pytest.mark.parametrize("text", UNREAD)
def test_what_the_words_do_not_tell_is_left_unread(text: str) -> None:
    """Template residue, unknown labels, narratives and definitions give no fact: one candidate or none."""
    assert read(BUDGET + text) == ()


def test_labels_are_the_sources_wording() -> None:
    """Quotes and full-width brackets stay as the source has them, layout spaces go."""
    facts = read(BUDGET + "一、“三公”经费情况\n“三公” 经费预算5万元，因公出国\n（境）费用1万元。")
    assert [f.label for f in facts] == ["“三公”经费预算", "因公出国（境）费用"]


def test_lines_of_tables_are_not_read_as_prose() -> None:
    """Tabs, bars and one-cell-per-line tables belong to the reading of tables."""
    table = "合计\t10.00\t5.00\n行政运行|5.00\n指标名称\n权重\n得分\n执行率\n10\n9.5\n满意度\n5\n5\n"
    assert [fact for fact in read(BUDGET + "一、支出预算\n" + table) if fact.table is None] == []


FOUND_BY_READERS: list[tuple[str, str, Expected]] = [
    (
        "a numbered line with an amount is a sentence, no heading",
        "一、“三公”经费情况\n1.因公出国（境）费支出预算2万元，与上年相同。\n2.公务接待费支出预算1.5万元。",
        [
            ("three_public.abroad", "amount", "2", "万元"),
            ("three_public.abroad", "change", "0", "万元"),
            ("three_public.reception", "amount", "1.5", "万元"),
        ],
    ),
    (
        "income and spending in one sentence",
        "一、收支预算情况\n2024年收入预算500万元，支出预算480万元。",
        [("income.total", "amount", "500", "万元"), ("expenditure.total", "amount", "480", "万元")],
    ),
    (
        "a change behind a bracket is of what stands before it",
        "一、“三公”经费情况\n公务用车购置及运行费14万元（其中：购置费0万元，运行费14万元），比上年减少1.5万元。",
        [
            ("three_public.vehicle", "amount", "14", "万元"),
            ("three_public.vehicle_purchase", "amount", "0", "万元"),
            ("three_public.vehicle_operation", "amount", "14", "万元"),
            ("three_public.vehicle", "change", "-1.5", "万元"),
        ],
    ),
    (
        "a direction before its label",
        "一、机关运行经费\n机关运行经费预算20万元，主要是压减办公费5万元。",
        [("operating.total", "amount", "20", "万元"), ("operating.item", "change", "-5", "万元")],
    ),
    (
        "large amounts in 元 and prices of telephones are no codes and no phone numbers",
        "一、机关运行经费\n机关运行经费预算：3500000元，包括办公费35000元、电话费12.5万元、差旅费20万元。",
        [
            ("operating.total", "amount", "3500000", "元"),
            ("operating.item", "amount", "35000", "元"),
            ("operating.item", "amount", "12.5", "万元"),
            ("operating.item", "amount", "20", "万元"),
        ],
    ),
    (
        "digits parted by a space or a wide comma",
        "一、收入预算\n收入预算3 100.48万元，其中：事业收入１，２００万元。",
        [("income.total", "amount", "3100.48", "万元"), ("income.business", "amount", "1200", "万元")],
    ),
    (
        "the prior year's amount that a change starts from",
        "一、收入预算\n收入预算由上年的180万元增至200万元。",
        [("income.total", "amount", "180", "万元"), ("income.total", "amount", "200", "万元")],
    ),
    (
        "a total at the end of its parts",
        "一、支出预算\n基本支出60万元，项目支出40万元，支出预算100万元。",
        [
            ("expenditure.basic", "amount", "60", "万元"),
            ("expenditure.project", "amount", "40", "万元"),
            ("expenditure.total", "amount", "100", "万元"),
        ],
    ),
    (
        "a change after a list without changes, of the total or of the last item",
        "一、机关运行经费\n机关运行经费20万元，其中：办公费5万元、印刷费3万元、差旅费2万元，比上年增加4万元。",
        [
            ("operating.total", "amount", "20", "万元"),
            ("operating.item", "amount", "5", "万元"),
            ("operating.item", "amount", "3", "万元"),
            ("operating.item", "amount", "2", "万元"),
        ],
    ),
    (
        "a dash is no minus",
        "一、支出预算\n支出预算100万元，其中：基本支出-60万元，项目支出-40万元。",
        [
            ("expenditure.total", "amount", "100", "万元"),
            ("expenditure.basic", "amount", "60", "万元"),
            ("expenditure.project", "amount", "40", "万元"),
        ],
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), [row[1:] for row in FOUND_BY_READERS], ids=[row[0] for row in FOUND_BY_READERS]
)
def test_traps_that_readers_of_the_first_version_found(text: str, expected: Expected) -> None:
    """Each was once read wrongly: the number, its sign, its label or what it is."""
    assert brief(read(BUDGET + text)) == expected


@pytest.mark.parametrize("amount", ["1亿2000万元", "5万元-10万元", "3万余元"])
def test_compound_amounts_ranges_and_approximations_give_no_fact(amount: str) -> None:
    """A part of such an amount would be a wrong number; the coverage lists its numbers as not understood."""
    assert read(BUDGET + f"一、收入预算\n收入预算{amount}。") == ()


def test_a_prior_years_amount_without_its_year_is_the_prior_years() -> None:
    """较上年预算1790.2万元: last year's, and the rate that follows is right."""
    disclosure = extract(
        Document.from_text(BUDGET + "一、收入预算\n收入预算1862.7万元，较上年预算1790.2万元增加72.5万元，增长4.05%。"),
        "none",
    )
    assert [(str(f.value), f.period) for f in disclosure.facts] == [
        ("1862.7", 2024),
        ("1790.2", 2023),
        ("72.5", 2024),
        ("4.05", 2024),
    ]
    assert disclosure.findings == ()


NOT_KNOWN = [
    "一、支出预算\n甲乙事务60万元，比上年减少3万元。",
    "一、收入预算\n收入预算15 70.35万元。",
    "一、收入预算\n收入与支出分别增长5.26%和下降2.43%。",
    "一、机构设置\n内设机构几十个。",
    "一、收入预算\n收入预算九百一十二万元。",
]


@pytest.mark.parametrize("text", NOT_KNOWN)
def test_what_is_not_certain_is_listed_and_not_read(text: str) -> None:
    """Unknown items with their changes, torn numbers, shared-out rates, vague and written-out numbers."""
    disclosure = extract(Document.from_text(BUDGET + text), "none")
    assert disclosure.facts == ()
    assert disclosure.coverage.unread or "几十" in text


SEEN_IN_PUBLISHED: list[tuple[str, str, Expected]] = [
    (
        "the year's 年度 is no part of a label",
        "一、财政拨款收支情况\n某县水利局2024年度财政拨款预算支出90万元，占本年支出合计的90%。",
        [("expenditure.total", "amount", "90", "万元"), ("expenditure.total", "share", "90", "%")],
    ),
    (
        "a label between a comparison and its direction",
        "一、收支总体情况\n支出预算总计50万元，与上年相比收入预算总计增加3万元。",
        [("expenditure.total", "amount", "50", "万元"), ("income.total", "change", "3", "万元")],
    ),
    (
        "units of the third level, after a bracket that lists the departments",
        "一、机构设置\n局机关(包括办公室、财务科2个内设科室)\n运河管理处(包含运河管理处机关、船闸所２个三级预算单位)",
        [("organisation.departments", "count", "2", "个"), ("organisation.subordinates", "count", "2", "个")],
    ),
    (
        "what a list consists of is not what is listed",
        "一、机构设置\n内设机构包括办公厅和3个专门委员会，现有处室8个。",
        [("organisation.departments", "count", "8", "个")],
    ),
    ("traditional numerals", "一、機構設置\n本局設內設機構五個。", [("organisation.departments", "count", "5", "個")]),
    (
        "money kept for small firms is no procurement total",
        "一、政府采购情况\n面向中小企业预留政府采购项目预算金额4万元，其中预留给小型和微型企业的政府采购项目预算为3万元。",
        [("other", "amount", "4", "万元"), ("other", "amount", "3", "万元")],
    ),
    (
        "a reason that names a vehicle counts none",
        "一、“三公”经费情况\n公务用车运行费5万元，比上年持平，主要原因是公务车用车费用保持不变。",
        [
            ("three_public.vehicle_operation", "amount", "5", "万元"),
            ("three_public.vehicle_operation", "change", "0", "万元"),
        ],
    ),
    (
        "groups that are received do not travel",
        "一、“三公”经费情况\n公务接待费3万元，共接待国内来访团组20个、150人次。",
        [
            ("three_public.reception", "amount", "3", "万元"),
            ("other", "count", "20", "个"),
            ("other", "count", "150", "人次"),
        ],
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), [row[1:] for row in SEEN_IN_PUBLISHED], ids=[row[0] for row in SEEN_IN_PUBLISHED]
)
def test_wordings_of_published_disclosures(text: str, expected: Expected) -> None:
    """Wordings that published disclosures have and that were once read as something else."""
    assert brief(read(BUDGET + text)) == expected


def test_one_number_for_income_and_spending() -> None:
    """收入、支出预算总计 and 收、支预算总计 are the total of both; so is 财政拨款收、支预算."""
    facts = read(
        BUDGET + "一、收支总体情况\n某县水利局2024年度收入、支出预算总计50万元，与上年相比收、支预算总计各增加3万元。\n"
        "二、财政拨款收支情况\n某县水利局2024年度财政拨款收、支预算40万元。"
    )
    assert [(f.concept, f.also, f.scope) for f in facts] == [
        ("income.total", ("expenditure.total",), "department"),
        ("income.total", ("expenditure.total",), "department"),
        ("income.total", ("expenditure.total",), "fiscal"),
    ]


EVALUATION = "某县水利局2023年度部门整体支出绩效自评报告\n四、绩效目标完成情况\n"
TOLD: list[tuple[str, str, list[tuple[str, str, str, str, str | None]]]] = [
    (
        "target, result, rate and score of one item behind the other",
        "数量指标。渠道清淤长度目标值不少于20公里，实际完成21公里，完成率105%，得6分；病险闸门更换计划3座，实际3座，得4分。",
        [
            ("indicator.target", "渠道清淤长度", "20", "公里", "≥"),
            ("indicator.actual", "渠道清淤长度", "21", "公里", None),
            ("indicator.rate", "渠道清淤长度", "105", "%", None),
            ("indicator.score", "渠道清淤长度", "6", "分", None),
            ("indicator.target", "病险闸门更换", "3", "座", "="),
            ("indicator.actual", "病险闸门更换", "3", "座", None),
            ("indicator.score", "病险闸门更换", "4", "分", None),
        ],
    ),
    (
        "a result before its target, and what was deducted",
        "投诉按期办结率91%，未达到95%的目标，扣0.4分。",
        [
            ("indicator.actual", "投诉按期办结率", "91", "%", None),
            ("indicator.target", "投诉按期办结率", "95", "%", "="),
            ("other", "扣分", "0.4", "分", None),
        ],
    ),
    (
        "scores shared out, and one that all share",
        "巡河里程30公里，水质达标率98%，均超过年度目标，分别得5分和4分。群众满意度93%，企业满意度95%，均超过年度目标值90%，各得3分。",
        [
            ("indicator.actual", "巡河里程", "30", "公里", None),
            ("indicator.actual", "水质达标率", "98", "%", None),
            ("indicator.score", "巡河里程", "5", "分", None),
            ("indicator.score", "水质达标率", "4", "分", None),
            ("indicator.actual", "群众满意度", "93", "%", None),
            ("indicator.actual", "企业满意度", "95", "%", None),
            ("indicator.target", "满意度", "90", "%", "="),
            ("indicator.score", "满意度", "3", "分", None),
        ],
    ),
    (
        "groups with their weights, the whole beside them",
        "自评得分92分，其中：目标管理（20分）得18分；产出指标分值40分，得分38分；效益指标28分。",
        [
            ("evaluation.score", "自评得分", "92", "分", None),
            ("indicator.weight", "目标管理", "20", "分", None),
            ("indicator.score", "目标管理", "18", "分", None),
            ("indicator.weight", "产出指标", "40", "分", None),
            ("indicator.score", "产出指标", "38", "分", None),
            ("indicator.score", "效益指标", "28", "分", None),
        ],
    ),
    (
        "costs within a limit",
        "单位清淤成本控制在8万元/公里以内，实际7.5万元/公里，得2分。",
        [
            ("indicator.target", "单位清淤成本", "8", "万元/公里", "≤"),
            ("indicator.actual", "单位清淤成本", "7.5", "万元/公里", None),
            ("indicator.score", "单位清淤成本", "2", "分", None),
        ],
    ),
    (
        "an item that a colon parts from what is told of it, in numbers and in words",
        "“产出”一级指标分值20分，自评得分18分。\n（1）渠道清淤长度：设定值20公里以上，完成值21公里，分值6分，得6分。"
        "\n（2）方案完整性：设定值“完整”，完成值“基本完整”，分值4分，得3分。",
        [
            ("indicator.weight", "产出一级指标", "20", "分", None),
            ("indicator.score", "产出一级指标", "18", "分", None),
            ("indicator.target", "渠道清淤长度", "20", "公里", "≥"),
            ("indicator.actual", "渠道清淤长度", "21", "公里", None),
            ("indicator.weight", "渠道清淤长度", "6", "分", None),
            ("indicator.score", "渠道清淤长度", "6", "分", None),
            ("indicator.weight", "方案完整性", "4", "分", None),
            ("indicator.score", "方案完整性", "3", "分", None),
        ],
    ),
    (
        "an item that is the heading of its line",
        "1.预算执行率：设定值100%，完成值96%，分值5分，得4.8分。",
        [
            ("indicator.target", "预算执行率", "100", "%", "="),
            ("indicator.actual", "预算执行率", "96", "%", None),
            ("indicator.weight", "预算执行率", "5", "分", None),
            ("indicator.score", "预算执行率", "4.8", "分", None),
        ],
    ),
    (
        "a share that people answered, without target or score",
        "通过问卷调查，受益农户满意度为96%。",
        [("indicator.actual", "受益农户满意度", "96", "%", None)],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in TOLD], ids=[row[0] for row in TOLD])
def test_results_of_several_indicators(text: str, expected: list[tuple[str, str, str, str, str | None]]) -> None:
    """Each number is of the item named last before it; concept, label, value, unit, operator."""
    facts = read(EVALUATION + text)
    assert [(f.concept, f.label, str(f.value), f.unit, f.operator) for f in facts] == expected


NO_RESULTS = [
    ("budget", BUDGET + "一、绩效情况\n受益农户满意度为96%。"),
    ("goals", "某县水利局2023年度部门整体支出绩效自评报告\n三、绩效目标\n清淤渠道20公里，群众满意度达到90%。"),
    ("what is to be reached", EVALUATION + "下一步力争群众满意度达到95%。"),
    ("no name", EVALUATION + "均按要求完成，目标值95%。"),
]


@pytest.mark.parametrize("text", [row[1] for row in NO_RESULTS], ids=[row[0] for row in NO_RESULTS])
def test_no_results(text: str) -> None:
    """Goals, plans and numbers of nothing named are no results."""
    assert read(text) == ()


PROJECTS: list[tuple[str, str, Expected]] = [
    (
        "projects in a list",
        "一、项目支出情况\n项目支出30万元，涉及2个项目：渠道清淤工程20万元，闸门更换工程10万元。",
        [
            ("expenditure.project", "amount", "30", "万元"),
            ("performance.project_budget", "amount", "20", "万元"),
            ("performance.project_budget", "amount", "10", "万元"),
        ],
    ),
    (
        "a project among the causes of a change",
        "一、支出预算\n支出预算50万元，比上年增加5万元，主要原因：一是水库移民安置项目增加8万元；二是其他项目减少3万元。",
        [
            ("expenditure.total", "amount", "50", "万元"),
            ("expenditure.total", "change", "5", "万元"),
            ("performance.project_budget", "change", "8", "万元"),
        ],
    ),
    (
        "the project that a sentence scores",
        "一、预算绩效情况\n水库清淤项目自评得分97分，全年预算数20万元，执行数18万元，执行率90%。",
        [
            ("evaluation.score", "score", "97", "分"),
            ("performance.project_budget", "amount", "20", "万元"),
            ("performance.project_budget", "amount", "18", "万元"),
            ("evaluation.execution_rate", "rate", "90", "%"),
        ],
    ),
    (
        "other money in a list of income",
        "一、预算绩效情况\n收入预算60万元，其中：事业收入50万元、其他资金10万元。",
        [
            ("income.total", "amount", "60", "万元"),
            ("income.business", "amount", "50", "万元"),
            ("income.other", "amount", "10", "万元"),
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in PROJECTS], ids=[row[0] for row in PROJECTS])
def test_money_of_projects(text: str, expected: Expected) -> None:
    """A project's money is its own, where the words call it a project or list it as one."""
    assert brief(read(BUDGET + text)) == expected


def test_a_projects_budget_from_plan_to_execution() -> None:
    """年初, 全年 and 执行数 of a project are three stages; 完成预算的% is the rate of execution."""
    facts = read(
        "某县水利局2023年度项目支出绩效自评结果\n（一）渠道清淤项目自评综述\n"
        "项目年初预算数为40万元，年中核减其他资金后全年预算数为38万元，执行数为19万元，完成预算的50%。"
    )
    assert [(f.concept, f.stage, str(f.value)) for f in facts] == [
        ("performance.project_budget", "budget", "40"),
        ("performance.project_budget", "adjusted_budget", "38"),
        ("performance.project_budget", "final", "19"),
        ("evaluation.execution_rate", None, "50"),
    ]


BETWEEN: list[tuple[str, str, Expected]] = [
    (
        "prose about a table",
        "二、关于收入总表的说明\n收入预算80万元，其中：事业收入80万元。",
        [("income.total", "amount", "80", "万元"), ("income.business", "amount", "80", "万元")],
    ),
    (
        "the share of one source of income, behind a bracket",
        "一、收入预算\n收入预算100万元，其中：财政拨款收入90万元（一般公共预算85万元、政府性基金预算5万元），占收入预算的90%。",
        [
            ("income.total", "amount", "100", "万元"),
            ("income.fiscal_appropriation", "amount", "90", "万元"),
            ("income.general_public_budget", "amount", "85", "万元"),
            ("income.government_fund", "amount", "5", "万元"),
            ("income.fiscal_appropriation", "share", "90", "%"),
        ],
    ),
    (
        "a change behind a bracket without 其中, of which one part is unknown",
        "一、“三公”经费情况\n公务用车运行维护费9万元（年检1万元、油耗8万元），比上年减少2万元。",
        [
            ("three_public.vehicle_operation", "amount", "9", "万元"),
            ("three_public.vehicle_operation", "change", "-2", "万元"),
        ],
    ),
    (
        "a comparison behind a semicolon goes on about what stands before it",
        "一、“三公”经费情况\n公务用车购置费0万元；公务用车运行费5万元；较上年减少1万元。",
        [
            ("three_public.vehicle_purchase", "amount", "0", "万元"),
            ("three_public.vehicle_operation", "amount", "5", "万元"),
            ("three_public.vehicle_operation", "change", "-1", "万元"),
        ],
    ),
    (
        "items of the classification in a list",
        "一、一般公共预算支出情况\n项目支出主要项级科目安排：水文测报12万元、水资源节约管理与保护8万元。",
        [("expenditure.function", "amount", "12", "万元"), ("expenditure.function", "amount", "8", "万元")],
    ),
    (
        "staff behind their posts",
        "一、机构设置情况\n行政编制8名，实有7人。",
        [("staff.establishment", "count", "8", "名"), ("staff.actual", "count", "7", "人")],
    ),
    (
        "kinds of posts and of staff in brackets",
        "一、机构设置情况\n核定编制24名（行政6名、事业18名），在职20人（行政5人、事业15人）。",
        [
            ("staff.establishment", "count", "24", "名"),
            ("staff.establishment", "count", "6", "名"),
            ("staff.establishment", "count", "18", "名"),
            ("staff.actual", "count", "20", "人"),
            ("staff.actual", "count", "5", "人"),
            ("staff.actual", "count", "15", "人"),
        ],
    ),
    (
        "projects and their money",
        "一、绩效目标情况\n纳入绩效目标管理，涉及项目3个、资金20万元。",
        [("performance.projects", "count", "3", "个"), ("performance.covered_amount", "amount", "20", "万元")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in BETWEEN], ids=[row[0] for row in BETWEEN])
def test_what_stands_between_a_number_and_its_subject(text: str, expected: Expected) -> None:
    """Brackets, semicolons and lists leave a number with what it is said of."""
    assert brief(read(BUDGET + text)) == expected


def test_a_scored_projects_budget_is_not_what_goals_cover() -> None:
    """After the sum that a self-evaluation covers, the numbers of one project are that project's."""
    facts = read(
        "某县水利局2023年度部门决算\n一、预算绩效情况\n绩效自评涉及项目2个、资金90万元。渠道清淤项目自评得分95分，全年预算数40万元，执行数38万元，完成预算的95%。"
    )
    assert [(f.concept, str(f.value)) for f in facts if f.unit != "个"] == [
        ("performance.covered_amount", "90"),
        ("evaluation.score", "95"),
        ("performance.project_budget", "40"),
        ("performance.project_budget", "38"),
        ("evaluation.execution_rate", "95"),
    ]


UNSUSPECTED = [
    "一、收入预算\n收入预算90万元，其中：事业收入70万元，其他收入10万元，使用非财政拨款结余10万元。",
    "一、支出预算\n支出预算90万元，比上年预算120万元减少30万元。\n（一）按性质\n基本支出45万元，占支出的50%。",
    "一、财政拨款支出预算情况\n财政拨款支出预算90万元。主要支出科目变化情况如下：\n1.“水利”（款）年初预算50万元。\n2.“住房改革支出”（款）年初预算10万元。",
]


@pytest.mark.parametrize("text", UNSUSPECTED)
def test_lists_that_are_in_order_raise_no_finding(text: str) -> None:
    """Balances used add to income; a share is of its own year; the items that changed are not all."""
    assert extract(Document.from_text(BUDGET + text), "none").findings == ()


def test_a_code_in_brackets_belongs_to_the_name_before_it() -> None:
    """An item printed as name and code keeps both through the numbers behind it, and what follows the list its own."""
    facts = read(
        "某县档案馆2024年度部门决算\n一、一般公共预算支出决算\n支出年初预算50万元，支出决算48万元。其中：\n"
        "- 机关服务（2010303）：年初预算30万元，决算29万元，完成96.67%。\n- 档案馆（2012604）支出19万元。"
    )
    assert [(f.concept, f.code, f.label, str(f.value)) for f in facts if f.code] == [
        ("expenditure.function", "2010303", "机关服务", "30"),
        ("expenditure.function", "2010303", "机关服务", "29"),
        ("expenditure.function", "2010303", "机关服务", "96.67"),
        ("expenditure.function", "2012604", "档案馆", "19"),
    ]


SIGNED: list[tuple[str, str, Expected]] = [
    (
        "a minus behind a word of change",
        "一、收入决算\n本年收入80万元，较上年变动-4万元。",
        [("income.current_year", "amount", "80", "万元"), ("income.current_year", "change", "-4", "万元")],
    ),
    (
        "a minus behind a word for a balance",
        "一、支出决算\n本年支出80万元，年末结转和结余-2.5万元。",
        [
            ("expenditure.current_year", "amount", "80", "万元"),
            ("expenditure.carry_forward", "amount", "-2.5", "万元"),
        ],
    ),
    (
        "a change that tells no direction",
        "一、收入决算\n本年收入80万元，较上年变动4万元。",
        [("income.current_year", "amount", "80", "万元")],
    ),
    (
        "points of a share",
        "一、收入决算\n事业收入80万元，占20%，占比同比上升2.5个百分点。",
        [("income.business", "amount", "80", "万元"), ("income.business", "share", "20", "%")],
    ),
    (
        "more than was budgeted",
        "一、一般公共预算支出决算\n培训支出年初预算5万元，决算6万元，超出预算1万元。",
        [
            ("expenditure.function", "amount", "5", "万元"),
            ("expenditure.function", "amount", "6", "万元"),
            ("expenditure.function", "change", "1", "万元"),
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in SIGNED], ids=[row[0] for row in SIGNED])
def test_changes_that_only_a_sign_or_the_budget_directs(text: str, expected: Expected) -> None:
    """A sign is the direction where the words name none; points are no percentage."""
    assert brief(read("某县档案馆2024年度部门决算\n" + text)) == expected


def test_a_heading_of_two_funds_leaves_the_fund_to_the_sentence() -> None:
    """Under a heading of two funds each sentence names its own."""
    facts = read(
        "某县档案馆2024年度部门决算\n一、政府性基金预算和国有资本经营预算财政拨款收支情况\n"
        "政府性基金预算财政拨款年初结转1万元，本年收入8万元，本年支出9万元。国有资本经营预算财政拨款支出2万元。"
    )
    assert [(f.concept, f.scope) for f in facts] == [
        ("income.carryover", "government_fund"),
        ("income.current_year", "government_fund"),
        ("expenditure.current_year", "government_fund"),
        ("expenditure.total", "state_capital"),
    ]


def test_a_sentence_that_opens_with_another_fund_leaves_the_statement() -> None:
    """Behind a full stop the spending of a fund is that fund's, whatever the paragraph began with."""
    facts = read(
        "某县档案馆2024年度部门决算\n一、财政拨款支出决算\n财政拨款基本支出70万元，其中人员经费50万元。政府性基金支出8万元，用于馆舍修缮。"
    )
    assert [f.scope for f in facts] == ["fiscal", "fiscal", "government_fund"]


def test_units_of_the_second_level_are_subordinates() -> None:
    """What the accounts take in as second-level units are the subordinates."""
    (fact,) = read(BUDGET + "一、机构设置\n纳入2024年部门预算编报范围的二级单位共2个。")
    assert fact.concept == "organisation.subordinates"
