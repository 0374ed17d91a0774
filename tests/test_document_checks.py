"""What is wrong with a disclosure apart from its sums: each check on texts that it finds fault with, and on many that are right."""

from __future__ import annotations

import inspect
import time

import pytest

from budget_llm import document_checks
from budget_llm.document import Document
from budget_llm.document_checks import DOCUMENT_CHECKS, bodies, contents, organisation, residue, tables, units, years
from budget_llm.document_checks.bodies import body_of
from budget_llm.extraction import extract
from budget_llm.facts import Finding
from budget_llm.records import DocumentRecord
from budget_llm.sections import Section
from tests.conftest import EXAMPLES, ROOT

RULES = {check.__name__ for check in DOCUMENT_CHECKS}
BUDGET = "汐澜县水利局2024年部门预算\n\n第一部分 汐澜县水利局概况\n一、主要职责\n负责全县水资源管理。\n"
FINAL = "汐澜县水利局2023年度部门决算\n\n第一部分 部门概况\n一、主要职责\n负责全县水资源管理。\n"


def table(title: str, *rows: str, above: str = "单位：万元") -> str:
    """A table of three columns in tabs."""
    return "\n".join(["", title, above, "项目\t预算数\t基本支出", *rows, ""])


FILLED = ("一、财政拨款\t10.00\t10.00", "二、事业资金\t2.00\t2.00", "三、其他资金\t1.00\t1.00", "合计\t13.00\t13.00")
EMPTY = ("一、城乡社区支出\t\t", "二、农林水支出\t\t", "合计\t\t")


def findings(text: str) -> list[Finding]:
    """What the checks of this package find in a text read by rules alone."""
    return [f for f in extract(Document.from_text(text), "none").findings if f.rule in RULES]


def rules(text: str) -> list[tuple[str, str]]:
    """The rule and the severity of each finding."""
    return [(f.rule, f.severity) for f in findings(text)]


def test_every_check_is_registered() -> None:
    """No check is written and left out, and each says its rule in words."""
    written = {
        name
        for module in (contents, organisation, residue, tables, units, years)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert written == RULES
    assert len(RULES) == len(DOCUMENT_CHECKS)
    assert all(check.__doc__ for check in DOCUMENT_CHECKS)
    assert document_checks.check_document.__doc__


ORGANISATION = [
    # a heading, a table's title, a table's field, a sentence and a cover that name another body
    (BUDGET + "第二部分 汐澜县文化馆管理局2024年部门预算情况说明\n一、收入预算\n收入预算1万元。", ["汐澜县文化馆管理局"]),
    (BUDGET + table("汐澜县民政局2024年收支总表", *FILLED), ["汐澜县民政局"]),
    (BUDGET + table("收支总表", *FILLED, above="编制部门：汐澜县民政局 单位：万元"), ["汐澜县民政局"]),
    (BUDGET + "二、收入\n汐澜县水利局2024年收入预算1万元。\n汐澜县民政局2024年支出预算1万元。", ["汐澜县民政局"]),
    ("汐澜县民政局2024年部门预算\n" + BUDGET.split("\n", 1)[1] + table("汐澜县水利局2024年收支总表", *FILLED), ["汐澜县民政局"]),
    ("2024年汐澜县民政局部门预算\n" + BUDGET.split("\n", 1)[1] + table("汐澜县水利局2024年收支总表", *FILLED), ["汐澜县民政局"]),
    (BUDGET + "第二部分 云屿县水利局2024年部门预算情况说明\n收入预算1万元。", ["云屿县水利局"]),
    ("汐澜县白石镇人民政府2024年部门预算\n\n第一部分 汐澜县青田镇人民政府概况\n一、主要职责\n管理本镇事务。", ["汐澜县青田镇人民政府"]),
    ("汐澜县水利局2024年部门预算\n\n一、主要职责\n汐澜县民政局是县政府工作部门，负责社会救助。\n", ["汐澜县民政局"]),
    # one body in its long and short forms, with its subordinates, its superiors and its other sign
    (BUDGET + "第二部分 县水利局2024年部门预算情况说明\n县水利局2024年收入预算1万元。", []),
    (BUDGET.replace("水利局", "文化和旅游局") + "第二部分 汐澜县文旅局2024年部门预算情况说明\n收入预算1万元。", []),
    (BUDGET.replace("水利局", "发展和改革委员会") + "第二部分 汐澜县发改委2024年部门预算情况说明\n收入预算1万元。", []),
    (BUDGET + "第二部分 汐澜县水利局（本级）2024年部门预算情况说明\n收入预算1万元。", []),
    (BUDGET + table("汐澜县河道管理站2024年收支总表", *FILLED), []),
    (BUDGET + "二、机构设置\n下属单位包括汐澜县渔政局。\n" + table("汐澜县渔政局2024年收支总表", *FILLED), []),
    (BUDGET + "汐澜县水利局（汐澜县移民局）主管全县水利。\n" + table("汐澜县移民局2024年收支总表", *FILLED), []),
    (BUDGET + "二、机构设置\n2023年机构改革，汐澜县渔政局划入本局。\n" + table("汐澜县渔政局2024年收支总表", *FILLED), []),
    (BUDGET + table("云屿市水利局2024年收支总表", *FILLED), []),
    (BUDGET + "根据汐澜县财政局2024年部门预算批复，收入预算1万元。\n汐澜县财政局2024年收入预算另行公布。", []),
    (BUDGET + "第二部分 2024年部门预算情况说明\n本部门2024年收入预算1万元。我局2024年支出预算1万元。", []),
    (BUDGET + table("支出表", *FILLED, above="主管部门：汐澜县农业局 单位：万元"), []),
    # links of a page, the page of another body, two disclosures in one file
    (BUDGET + "上一篇：汐澜县民政局2024年部门预算\n汐澜县教育局2024年部门预算\n", []),
    ("汐澜县发展和改革局\n当前位置：首页\n" + BUDGET, []),
    (BUDGET + table("汐澜县水利局2024年收支总表", *FILLED) + BUDGET.replace("水利局", "民政局") + table("汐澜县民政局2024年收支总表", *FILLED), []),
    ("某县水利局2024年部门预算\n一、收入预算\n收入预算1万元。", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "named"), ORGANISATION)
def test_another_body_is_found_where_a_disclosure_names_it_as_its_own(text: str, named: list[str]) -> None:
    """In a heading, a table, a sentence about money or on the cover; one's own in whatever form is right."""
    found = [f for f in findings(text) if f.rule == "organisation_agrees"]
    assert [f.found for f in found] == named
    assert all(f.severity == "error" and f.expected and f.expected != f.found for f in found)


NAMES = [
    ("汐澜县水利局", "县水利局", False),
    ("汐澜县水利局", "汐澜县文化局", True),
    ("汐澜县水务局", "汐澜县水利局", True),
    ("汐澜县水利局", "汐澜县水利管理站", False),
    ("汐澜县人力资源和社会保障局", "汐澜县人社局", False),
    ("汐澜县城市管理局", "汐澜县市场监督管理局", True),
    ("汐澜县国土资源局", "汐澜县自然资源局", False),
    ("汐澜县水利局", "云屿县水利局", True),
    ("汐澜县水利局", "云屿市水利局", False),
    ("汐澜市云屿区水利局", "汐澜市水利局", False),
    ("汐澜市市政园林局", "汐澜市园林局", False),
    ("汐澜县第一中学", "汐澜县第二中学", True),
    ("汐澜县白石镇人民政府", "汐澜县白石镇", False),
    ("汐澜县纪律检查委员会", "汐澜县监察委员会", False),
]


@pytest.mark.parametrize(("one", "other", "differ"), NAMES)
def test_names_are_compared_by_area_and_kind(one: str, other: str, differ: bool) -> None:
    """Different only where both have their area, end alike and share no word; short and old forms are the same."""
    first, second = body_of(one), body_of(other)
    assert bool(first and second and first.is_another_than(second)) is differ


def test_a_name_that_is_no_bodys_has_no_parts() -> None:
    """Words that do not end as bodies do, too short or too long ones."""
    assert [body_of(name) for name in ("财政拨款", "局", "县局", "汐" * 40 + "局")] == [None] * 4
    assert body_of("汐澜市城市管理局") == bodies.Body("汐澜市", "城市管理", "局")


YEARS = [
    # a heading, a table's title, an announcement, sentences that compare with their own prior year, a cover
    (BUDGET + "第二部分 2023年部门预算情况说明\n本部门2024年收入预算1万元。", ["2023"]),
    (BUDGET + table("2023年部门收支预算总表", *FILLED) + table("2024年部门支出预算总表", *FILLED), ["2023"]),
    (BUDGET + "二、收入\n本部门2023年收入预算10万元，比2022年增加1万元。\n三、支出\n2024年支出预算10万元。", ["2023"]),
    (BUDGET + "二、收入\n2025年收入预算10万元，比上年增加1万元。\n三、支出\n2024年支出预算10万元。", ["2025"]),
    (BUDGET + "二、收入\n（一）收入预算：2023年收入预算10万元，比上年增加1万元。\n三、支出\n2024年支出预算10万元。", ["2023"]),
    (BUDGET + "二、收入预算情况\n2023年收入预算10万元，其中：事业收入1万元。\n三、支出\n2024年支出预算10万元。", ["2023"]),
    (FINAL + "二、说明\n现将汐澜县水利局2022年度部门决算情况公开如下。\n三、收入\n2023年度收入总计1万元。", ["2022"]),
    (FINAL + "第二部分 2022年度部门决算情况说明\n一、收入\n2023年度收入总计1万元。", ["2022"]),
    ("汐澜县水利局2023年部门预算\n" + BUDGET.split("\n", 1)[1] + "第二部分 2024年部门预算情况说明\n2024年收入预算1万元。", ["2023"]),
    # years that are another's with good reason
    (BUDGET + "二、收入\n2024年收入预算10万元，比2023年预算9万元增加1万元。", []),
    (BUDGET + "二、收入\n2023年收入预算9万元，2024年收入预算10万元，增加1万元。", []),
    (BUDGET + "第二部分 2023年预算执行情况\n2023年收入预算9万元，比上年增加1万元。\n2024年收入预算10万元。", []),
    (BUDGET + "二、2023年部门决算情况说明\n2023年收入决算数9万元。\n三、收入\n2024年收入预算10万元。", []),
    (BUDGET + "二、2023年重点工作完成情况\n完成工程3处。\n2024年收入预算10万元。", []),
    (BUDGET + "二、资产\n截至2023年12月31日，共有车辆2辆。\n2024年收入预算10万元。", []),
    (BUDGET + "二、项目\n1.水利：2023年当年预算执行数为6万元，2024年预算安排7万元。", []),
    (BUDGET + "二、绩效\n2023年预算绩效自评情况\n完成自评3个。\n2024年收入预算10万元。", []),
    (BUDGET + "根据关于编制2023年部门预算的通知，2024年收入预算10万元。", []),
    (BUDGET + table("收支总表", "项目\t2023年预算数\t2024年预算数", "收入\t1.00\t2.00", "支出\t1.00\t2.00"), []),
    (FINAL + "二、收入\n2023年度收入总计10万元，与2022年度相比增加1万元。2022年度收入总计9万元。", []),
    (FINAL + "二、支出\n2023年度支出决算10万元。\n发布时间：2024年9月12日\n2024年部门预算另行公开。", []),
    (FINAL + "三、支出\n2023年度支出决算10万元。\n上一篇：汐澜县水利局2022年度部门决算\n", []),
    ("汐澜县水利局2023年度部门整体支出绩效自评报告\n根据2024年绩效自评工作通知开展自评。\n附件：2023年度绩效自评表\n2022年预算10万元。", []),
    ("2024年部门预算编制说明\n2024年收入预算10万元。\n2024年部门预算公开表\n2023年部门收支预算表\n2024年收入", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "named"), YEARS)
def test_another_year_is_found_where_it_stands_for_this_one(text: str, named: list[str]) -> None:
    """In a title or where a sentence states this year's number; comparisons, dates and reports on the past are right."""
    found = [f for f in findings(text) if f.rule == "year_agrees"]
    assert [f.found for f in found] == named
    assert all(f.severity == "error" and f.expected in ("2023", "2024") for f in found)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (BUDGET + "二、“三公”经费\n公务接待费较2024年预算减少1万元。", 1),
        (BUDGET + "二、“三公”经费\n因公出国（境）费与2024年预算持平。", 1),
        (BUDGET + "二、“三公”经费\n公务接待费较2023年预算减少1万元。", 0),
        (BUDGET + "二、“三公”经费\n公务接待费2024年预算较2023年预算减少1万元。", 0),
        (BUDGET + "二、说明\n本表数据与2024年预算批复一致，与2024年预算草案相同。", 0),
        (BUDGET + "二、规划\n2025年支出预计比2024年预算增加1万元。", 0),
        (FINAL + "二、“三公”经费\n公务接待费决算数比2023年预算数减少1万元。", 0),
    ],
)
def test_a_budget_is_not_compared_with_itself(text: str, count: int) -> None:
    """较2024年预算 in the budget of 2024 names the wrong year; final accounts are compared with their own budget."""
    found = [f for f in findings(text) if f.rule == "year_compared_is_earlier"]
    assert [(f.severity, f.expected, f.found) for f in found] == [("warning", "2023", "2024")] * count


RESIDUE = [
    ("XX局负责全县水资源管理。", [("warning", "XX")]),
    ("汐澜县XXX中心为下属单位。", [("warning", "XXX")]),
    ("汐澜县××局负责水资源管理。", [("warning", "××")]),
    ("汐澜县某某局负责水资源管理。", [("warning", "某某")]),
    ("X X单位负责水资源管理。", [("warning", "X X")]),
    ("收入预算XX万元，支出预算1万元。", [("error", "XX万元")]),
    ("公务接待费比上年增加（减少）0万元。", [("warning", "增加（减少）0万元")]),
    ("公务接待费比上年增加/减少1.2万元。", [("error", "增加/减少1.2万元")]),
    ("公务接待费比上年减少（增加）  万元。", [("error", "减少（增加） 万元")]),
    ("决算数大小于预算数。", [("warning", "大小于")]),
    ("决算数大（小）于预算数。", [("warning", "大（小）于")]),
    ("决算数大于（小于）预算数的主要原因是压减开支。", [("warning", "大于（小于）")]),
    ("基本支出1万元，占 %；项目支出2万元。", [("error", "，占 %")]),
    ("基本支出1万元，较上年增长 %，主要原因是调资。", [("error", "较上年增长 %")]),
    ("收入预算 万元，支出预算1万元。", [("error", "收入预算 万元")]),
    ("比上年增加万元，主要原因是调资。", [("error", "增加万元")]),
    ("收入预算____万元。", [("error", "收入预算____万元")]),
    ("（单位名称）2024年收入预算1万元。", [("warning", "（单位名称）")]),
    ("农林水支出（类）水利（款）（项）：支出预算为1.2万元。", [("warning", "（款）（项）")]),
    ("（一）结构情况（按功能科目类款项写）", [("warning", "（按功能科目类款项写）")]),
    ("二、机构设置（如无下属单位请删除本段）", [("warning", "（如无下属单位请删除本段）")]),
    # what looks like it and is none
    ("购置X光机1台，型号XX-200，产地为A×B×C，办公楼面积12×30米。", []),
    ("发票号XX2024，车牌为渝AXX0，网址为www.example.cn/XX。", []),
    ("本表按功能分类科目（类）（款）（项）列示。", []),
    ("某县水利局负责某项工作。", []),
    ("二○○八年建成，二〇〇九年启用。", []),
    ("以万元为单位，金额单位：万元。下列表格单位为万元，保留两位小数。", []),
    ("单价50万元以上设备，几百万元，三 十 万元，美元、欧元、日元，。", []),
    ("增加（减少）原因：人员变动。增减变化情况说明。", []),
    ("大于或等于90分为优，指标值大于、等于、小于目标值。", []),
    ("完成率100%，占50%；增长 3.5%，占比 20 %。", []),
    ("填表人：________ 联系电话：________", []),
    ("一般公共预算基本支出表（按经济分类科目填列）", []),
    ("项目支出10 万元，公用经费 2 万元，人员经费３万元。", []),
]


@pytest.mark.parametrize(("text", "left"), RESIDUE)
def test_what_a_template_left_behind_is_found(text: str, left: list[tuple[str, str]]) -> None:
    """A warning where the words are at fault, an error where a number or its direction is missing; codes and forms are right."""
    found = [f for f in findings(BUDGET + "二、说明\n" + text + "\n") if f.rule == "template_residue"]
    assert [(f.severity, f.found) for f in found] == left


def test_the_header_of_a_table_is_no_residue() -> None:
    """增加/减少 % heads a column."""
    rows = (
        "项目\t预算数\t增加（减少）万元\t占 %",
        "收入\t10.00\t1.00\t50.00",
        "支出\t10.00\t1.00\t50.00",
        "合计\t20.00\t2.00\t100.00",
    )
    assert rules(BUDGET + "\n收支总表\n单位：万元\n" + "\n".join(rows) + "\n") == []


CONTENTS = "目  录\n第一部分 汐澜县水利局概况\n第二部分 2024年部门预算表\n一、部门收支总表……1\n二、部门收入总表……2\n三、部门支出总表……3\n四、一般公共预算支出表……4\n第三部分 名词解释\n\n"
TABLES = [
    table("部门收支总表", *FILLED),
    table("部门收入总表", *FILLED),
    table("2024年部门支出总表", *FILLED),
    table("一般公共预算财政拨款支出表", *FILLED),
]
REST = "\n第三部分 名词解释\n基本支出：保障运转的支出。\n"


def listed(contents_list: str, *named: str, rest: str = REST) -> str:
    """A budget with a list of contents and tables."""
    head, body = BUDGET.split("\n\n", 1)
    return head + "\n\n" + contents_list + body + "第二部分 2024年部门预算表\n" + "".join(named) + rest


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (listed(CONTENTS, TABLES[0], TABLES[1], TABLES[3]), [("contents_against_tables", "部门支出总表")]),
        (listed(CONTENTS, *TABLES, rest=""), [("contents_heading_missing", "第三部分 名词解释")]),
        (listed(CONTENTS, *TABLES), []),
        # a flattened table has its title; an empty one may be left out where the text says so
        (listed(CONTENTS, *TABLES[:3], "\n一般公共预算支出表\n本表另行公开。\n"), []),
        (listed(CONTENTS.replace("一般公共预算", "政府性基金预算"), *TABLES[:3], "本部门政府性基金预算支出表为空表。\n"), []),
        # without any table, with most of them elsewhere, attached in files of their own
        (listed(CONTENTS), []),
        (listed(CONTENTS, TABLES[0]), []),
        (listed(CONTENTS.replace("预算表\n", "预算表（见附件）\n", 1), *TABLES[:3]), []),
        # a table without a title may be the one that is missing
        (listed(CONTENTS, *TABLES[:3], "\n下面是一段文字，说明收支的来源。\n项目\t数额\t备注\n收入\t10.00\t1.00\n支出\t10.00\t1.00\n合计\t20.00\t2.00\n"), []),
        (listed(CONTENTS, *TABLES, rest="\n名词解释\n基本支出：保障运转的支出。\n"), []),
        (listed("", *TABLES[:2]), []),
    ],
)  # fmt: skip
def test_what_the_contents_name_is_there(text: str, missing: list[tuple[str, str]]) -> None:
    """A table or a part that is listed and not published is told, unless the tables are published elsewhere."""
    found = [f for f in findings(text) if f.rule.startswith("contents_")]
    assert [(f.rule, f.expected) for f in found] == missing
    assert all(f.severity == "warning" for f in found)


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        (["表一", "表二", "表四", "表五"], ["表三"]),
        (["表1", "表2", "表3", "表5"], ["表4"]),
        (["公开01表", "公开03表", "公开04表", "公开05表"], ["公开02表"]),
        (["附表8", "附表9", "附表10", "附表12"], []),
        (["表九", "表十", "表十二", "表一", "表二", "表三", "表四", "表五", "表六", "表七", "表八"], ["表十一"]),
        (["表一", "表二", "表三", "表四"], []),
        (["表一", "表三"], []),
        (["表1", "表2", "表4", "表5", "（表3见附件）"], []),
        (["表1", "表5", "表9", "表12"], []),
    ],
)
def test_the_numbers_of_tables_run_on(numbers: list[str], missing: list[str]) -> None:
    """One or two numbers left out of a row of at least four are told; a number that the text names anywhere is not."""
    text = BUDGET + "".join(table(f"{number}\n支出预算表之{place}", *FILLED) for place, number in enumerate(numbers))
    found = [f for f in findings(text) if f.rule == "table_numbers_run_on"]
    assert [f.expected for f in found] == missing
    assert all(f.severity == "warning" for f in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BUDGET + table("政府性基金预算支出表", *EMPTY), ["empty_table_says_why"]),
        (BUDGET + table("政府性基金预算支出表", *EMPTY) + "注：本部门无政府性基金预算安排的支出。\n", []),
        (BUDGET + table("政府性基金预算支出表", *EMPTY) + "此表为空。\n", []),
        (BUDGET + "本部门没有政府性基金预算拨款。\n" + table("政府性基金预算支出表", *EMPTY), []),
        (BUDGET + "二、政府性基金\n2024年政府性基金预算支出0万元。\n" + table("政府性基金预算支出表", *EMPTY), []),
        (BUDGET + table("政府性基金预算支出表", *FILLED), []),
        (BUDGET + table("政府性基金预算支出表", *FILLED) + "注：本部门无政府性基金预算，故本表为空表。\n", ["filled_table_is_not_called_empty"]),
        (BUDGET + table("收支总表", *FILLED) + "注：政府性基金预算支出表为空表，见下。\n", []),
        (BUDGET + table("收支总表", *FILLED) + table("政府性基金预算支出表", *EMPTY) + "注：本表为空表。\n", []),
        (BUDGET + "\n部门基本情况表\n项目\t内容\n名称\t水利局\n性质\t行政\n地址\t汐澜路\n", []),
    ],
)  # fmt: skip
def test_an_empty_table_says_why_and_a_filled_one_is_not_called_empty(text: str, expected: list[str]) -> None:
    """A note beneath the table or a sentence about its fund explains it; such a note under amounts contradicts them."""
    assert [rule for rule, _ in rules(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年初预算支出12.5万，实际支出12万元。", ["12.5万元"]),
        ("其中：电费2.1万元、水费3.42、邮电费0.6万元。", ["3.42万元"]),
        ("服务群众3.2万人次，资金3.2万元。", []),
        ("受益人口3.2万，覆盖5个乡镇。", []),
        ("办公费1.2、水费3.4、电费5.6万元。", []),
        ("预算2.1万元，增长3.42，合计2.5万元。", []),
        ("自评得分2万元、得分98.5、项目2万元。", []),
    ],
)
def test_an_amount_has_its_unit(text: str, expected: list[str]) -> None:
    """万 cut short and a bare number between amounts are told with the unit of their neighbours."""
    found = [f for f in findings(BUDGET + "二、说明\n" + text + "\n") if f.rule == "number_unit_missing"]
    assert [f.expected for f in found] == expected


FAULTY = [
    *[text for text, named in (*ORGANISATION, *YEARS) if named],
    *[BUDGET + "二、说明\n" + text + "\n" for text, left in RESIDUE if left],
    listed(CONTENTS, TABLES[0], TABLES[1], TABLES[3]),
    BUDGET + table("政府性基金预算支出表", *EMPTY),
    BUDGET + table("政府性基金预算支出表", *FILLED) + "注：故本表为空表。\n",
]


@pytest.mark.parametrize("text", FAULTY)
def test_a_finding_tells_its_place_in_both_languages(text: str) -> None:
    """Every place is the words of the document at its offsets and line; both messages name a line."""
    found = findings(text)
    assert found
    for finding in found:
        assert finding.places
        assert f"第{min(p.line for p in finding.places)}行" in finding.message or "、" in finding.message
        assert "line " in finding.english
        for place in (*finding.places, *finding.suspects):
            assert text[place.start : place.end] == place.text
            assert text[: place.start].count("\n") + 1 == place.line


def test_errors_come_first() -> None:
    """A number that is missing before words that are left over."""
    assert [severity for _, severity in rules(BUDGET + "二、说明\n某某局，收入预算 万元，。\n")] == ["error", "warning"]


def test_traditional_script_is_checked_in_its_own_words() -> None:
    """The places quote the document as it is written."""
    text = "汐瀾縣水利局2024年部門預算\n\n一、概況\n二、說明\n預算 萬元，較上年增加（減少）0萬元。\n"
    assert [f.found for f in findings(text)] == ["預算 萬元", "增加（減少）0萬元"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_have_no_other_fault_than_their_units(name: str) -> None:
    """Two of them leave a unit out, as real ones do."""
    text = (ROOT / "examples" / f"{name}.txt").read_text("utf-8")
    assert {rule for rule, _ in rules(text)} <= {"number_unit_missing"}


@pytest.mark.parametrize(
    "unit", ["XX局", "增加（减少）", "占 %", "预算 万元，", "20", "2024年", "目录\n", "表一\n", "电费1.1、", "局2024年"]
)
def test_the_checks_are_linear(unit: str) -> None:
    """A run of any of the words that they look for takes twice the time at twice the length, not four times."""

    def seconds(length: int) -> float:
        text = "汐澜县水利局2024年部门预算\n" + unit * (length // len(unit))
        document = Document.from_text(text)
        record = DocumentRecord("budget", 2024, "汐澜县水利局")
        section = Section(0, "", 0, 0, len(text), 0, "other", ())
        begin = time.process_time()
        document_checks.check_document(document, [section], record, [])
        return time.process_time() - begin

    assert min(seconds(16_000) for _ in range(3)) < 3.5 * max(min(seconds(8_000) for _ in range(3)), 0.005)
