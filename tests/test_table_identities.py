"""The identities of tables, layout by layout: silent on right numbers, exact about a wrong one."""

from __future__ import annotations

import pytest

from tests.composed import Case, budget, differences, final, findings, tabbed

BY_ITEM = """一般公共预算支出表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
208 社会保障和就业支出 12.00 12.00 _
20805 行政事业单位养老支出 12.00 12.00 _
2080505 机关事业单位基本养老保险缴费支出 8.00 8.00 _
2080506 机关事业单位职业年金缴费支出 4.00 4.00 _
213 农林水支出 88.00 50.00 38.00
21303 水利 88.00 50.00 38.00
2130301 行政运行 50.00 50.00 _
2130305 水利工程建设 38.00 _ 38.00
合计 _ 100.00 62.00 38.00
"""
CODE_COLUMNS = """一般公共预算支出表
单位：元
功能分类科目编码 _ _ 科目名称 2024年预算数
类 款 项 _ 合计
"""
SIDE_BY_SIDE = """一般公共预算基本支出表
单位：万元
人员经费 _ _ 公用经费 _ _
科目编码 科目名称 金额 科目编码 科目名称 金额
301 工资福利支出 30.00 302 商品和服务支出 9.00
30101 基本工资 20.00 30201 办公费 5.00
30102 津贴补贴 10.00 30202 印刷费 4.00
人员经费合计 _ 30.00 公用经费合计 _ 9.00
"""
THREE_BLOCKS = """一般公共预算财政拨款基本支出决算明细表
单位：万元
人员经费 _ _ 公用经费 _ _ _ _ _
科目编码 科目名称 金额 科目编码 科目名称 金额 科目编码 科目名称 金额
301 工资福利支出 30.00 302 商品和服务支出 20.00 30215 会议费 3.00
30101 基本工资 20.00 30201 办公费 5.00 30216 培训费 2.00
30102 津贴补贴 10.00 30202 印刷费 4.00 30217 公务接待费 6.00
人员经费合计 _ 30.00 公用经费合计 _ _ _ _ 20.00
"""
ACCOUNTS = """收入支出决算总表
单位：万元
收入 _ 支出 _
项目 金额 项目 金额
一、一般公共预算财政拨款收入 60.00 一、社会保障和就业支出 20.00
二、事业收入 30.00 二、农林水支出 65.00
本年收入合计 90.00 本年支出合计 85.00
年初结转和结余 10.00 年末结转和结余 15.00
总计 100.00 总计 100.00
"""
APPROPRIATION = """财政拨款收支总表
单位：万元
收入 _ 支出 _
项目 预算数 项目 预算数
一、本年收入 90.00 一、本年支出 100.00
（一）一般公共预算拨款 60.00 （一）社会保障和就业支出 25.00
（二）政府性基金预算拨款 30.00 （二）农林水支出 75.00
二、上年结转 10.00 二、结转下年 _
收入总计 100.00 支出总计 100.00
"""
CARRIED_BY_FUND = """财政拨款收入支出决算总表
单位：万元
收入 _ 支出 _
项目 金额 项目 金额
一、一般公共预算财政拨款 60.00 一、社会保障和就业支出 20.00
二、政府性基金预算财政拨款 30.00 二、农林水支出 65.00
本年收入合计 90.00 本年支出合计 85.00
年初财政拨款结转和结余 10.00 年末财政拨款结转和结余 15.00
一般公共预算财政拨款 7.00 _ _
政府性基金预算财政拨款 3.00 _ _
总计 100.00 总计 100.00
"""
CONTINUED = """一般公共预算支出表
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
208 社会保障和就业支出 12.00 12.00 _
20805 行政事业单位养老支出 12.00 12.00 _
213 农林水支出 88.00 50.00 38.00

一般公共预算支出表（续）
单位：万元
科目编码 科目名称 合计 基本支出 项目支出
21303 水利 88.00 50.00 38.00
2130301 行政运行 50.00 50.00 _
2130305 水利工程建设 38.00 _ 38.00
合计 _ 100.00 62.00 38.00
"""
THREE_STATEMENTS = """部门收支总表
单位：万元
收入 _ 支出 _ _ _
项目 预算数 功能分类 预算数 支出用途 预算数
一、一般公共预算资金 80.00 一、社会保障和就业支出 20.00 一、基本支出 60.00
二、其他资金 20.00 二、农林水支出 80.00 二、项目支出 40.00
_ _ _ _ 三、单位预留机动经费 _
当年收入小计 100.00 当年支出小计 100.00 _ _
上年结转资金 10.00 结转下年资金 10.00 四、结转下年资金 10.00
收入合计 110.00 支出合计 110.00 支出合计 110.00
"""

DOWN: list[Case] = [
    ("codes in one column", "code_hierarchy", budget(BY_ITEM), ("费支出 8.00 8.00", "费支出 8.00 9.00"), "-1.00"),
    ("a code that is written out in three columns", "code_hierarchy",
     budget(CODE_COLUMNS + "213 _ _ 农林水支出 90000\n213 03 _ 水利 90000\n213 03 01 行政运行 60000\n213 03 05 水利工程建设 30000\n_ _ _ 合计 90000\n"),
     ("建设 30000", "建设 31000"), "-1000"),
    ("a code of which each row states its own level", "code_hierarchy",
     budget(CODE_COLUMNS + "213 _ _ 农林水支出 90000\n_ 03 _ 水利 90000\n_ _ 01 行政运行 60000\n_ _ 05 水利工程建设 30000\n_ _ _ 合计 90000\n"),
     ("建设 30000", "建设 31000"), "-1000"),
    ("no codes, but the classes before the name", "code_hierarchy",
     budget("一般公共预算支出表\n单位：万元\n项目 预算数\n农林水支出 9.00\n农林水支出-水利 9.00\n农林水支出-水利-行政运行 6.00\n农林水支出-水利-水利工程建设 3.00\n合计 9.00\n"),
     ("建设 3.00", "建设 4.00"), "-1.00"),
    ("economic classes without codes", "code_hierarchy",
     budget("一般公共预算基本支出表\n单位：万元\n经济分类科目名称 预算数\n工资福利支出 30.00\n基本工资 20.00\n津贴补贴 10.00\n商品和服务支出 9.00\n办公费 5.00\n印刷费 4.00\n合计 39.00\n"),
     ("补贴 10.00", "补贴 13.00"), "-3.00"),
    ("two blocks side by side", "code_hierarchy", budget(SIDE_BY_SIDE), ("印刷费 4.00", "印刷费 6.00"), "-2.00"),
    ("a class that goes on in a third block", "code_hierarchy", final(THREE_BLOCKS), ("培训费 2.00", "培训费 2.50"), "-0.50"),
    ("a form row 1 2 3 under the header is no item", "code_hierarchy",
     final("支出决算表\n单位：万元\n科目编码 科目名称 本年支出合计 基本支出 项目支出\n栏次 _ 1 2 3\n合计 _ 88.00 50.00 38.00\n213 农林水支出 88.00 50.00 38.00\n"
           "21303 水利 88.00 50.00 38.00\n2130301 行政运行 50.00 50.00 _\n2130305 水利工程建设 38.00 _ 38.00\n"),
     ("建设 38.00 _ 38.00", "建设 38.00 _ 36.00"), "2.00"),
    ("a class at the end of a page, its items on the next", "code_hierarchy", budget(CONTINUED), ("38.00 _ 38.00", "38.00 _ 36.00"), "2.00"),
    ("合计 below the classes", "table_totals", budget(BY_ITEM), ("合计 _ 100.00 62.00", "合计 _ 100.00 63.00"), "1.00"),
    ("合计 above the classes, in 元", "table_totals",
     budget("部门支出总表\n单位：元\n科目编码 科目名称 合计\n_ 合计 350,001.00\n208 社会保障和就业支出 100,000.50\n213 农林水支出 200,000.25\n221 住房保障支出 50,000.25\n"),
     ("合计 350,001.00", "合计 350,010.00"), "9.00"),
    ("a blank cell adds nothing", "table_totals",
     budget("部门支出总表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n208 社会保障和就业支出 12.00 12.00 _\n213 农林水支出 88.00 50.00 38.00\n221 住房保障支出 6.00 6.00 _\n合计 _ 106.00 68.00 38.00\n"),
     ("12.00 12.00", "12.00 _"), "12.00"),
    ("本年收入合计 + 年初结转 = 总计", "table_totals", final(ACCOUNTS), ("年初结转和结余 10.00", "年初结转和结余 13.00"), "-3.00"),
    ("本年收入 + 上年结转 = 收入总计", "table_totals", budget(APPROPRIATION), ("上年结转 10.00", "上年结转 12.00"), "-2.00"),
    ("本年收入 = the funds below it", "table_totals", budget(APPROPRIATION), ("基金预算拨款 30.00", "基金预算拨款 33.00"), "-3.00"),
    ("a column of changes, falls among them", "table_totals",
     budget("一般公共预算支出增减表\n单位：万元\n科目编码 科目名称 2023年预算数 2024年预算数 增减额\n208 社会保障和就业支出 20.00 15.00 -5.00\n213 农林水支出 60.00 40.00 -20.00\n"
            "221 住房保障支出 10.00 13.00 3.00\n合计 _ 90.00 68.00 -22.00\n"),
     ("68.00 -22.00", "68.00 22.00"), "44.00"),
    ("a row = the rows that are numbered under it", "table_sublists",
     budget("部门收入总表\n单位：万元\n项目 预算数\n一、财政拨款收入 60.00\n（一）一般公共预算拨款 40.00\n（二）政府性基金预算拨款 20.00\n二、单位资金收入 30.00\n（一）事业收入 24.00\n（二）其他收入 6.00\n收入合计 90.00\n"),
     ("其他收入 6.00", "其他收入 7.00"), "-1.00"),
    ("其中 is no more than what it is a part of", "parts_within",
     budget("部门收入总表\n单位：万元\n项目 预算数\n一、财政拨款收入 60.00\n其中：一般公共预算拨款 40.00\n二、财政专户管理资金收入 30.00\n其中：教育收费收入 10.00\n三、上年结转 10.00\n其中：财政拨款结转 4.00\n收入合计 100.00\n"),
     ("教育收费收入 10.00", "教育收费收入 31.00"), "1.00"),
    ("公用经费合计 = 302 in one block and 310 in another", "staff_classes",
     budget("一般公共预算基本支出表\n单位：万元\n人员经费 _ _ 公用经费 _ _ _ _ _\n科目编码 科目名称 金额 科目编码 科目名称 金额 科目编码 科目名称 金额\n"
            "301 工资福利支出 30.00 302 商品和服务支出 9.00 310 资本性支出 2.00\n30101 基本工资 30.00 30201 办公费 9.00 31002 办公设备购置 2.00\n人员经费合计 _ 30.00 公用经费合计 _ _ _ _ 11.00\n"),
     ("_ _ _ 11.00", "_ _ _ 12.00"), "1.00"),
]  # fmt: skip

YEARS = """一般公共预算支出表
单位：万元
科目编码 科目名称 2023年预算数 2024年预算数 增减额 增减%
213 农林水支出 80.00 88.00 8.00 10.00%
21303 水利 80.00 88.00 8.00 10.00%
2130301 行政运行 50.00 40.00 -10.00 -20.00%
2130305 水利工程建设 30.00 48.00 18.00 60.00%
"""
GROUPED_COLUMNS = """收入预算表
单位：万元
单位名称 合计 本年收入 _ _ 上年结转结余 _ _
_ _ 小计 一般公共预算 政府性基金预算 小计 一般公共预算 政府性基金预算
某县水利局 50.00 40.00 30.00 10.00 10.00 6.00 4.00
某县水文站 25.00 20.00 15.00 5.00 5.00 3.00 2.00
合计 75.00 60.00 45.00 15.00 15.00 9.00 6.00
"""
THREE_PUBLIC = """“三公”经费支出表
单位：万元
合计 因公出国（境）费 公务用车购置及运行费 _ _ 公务接待费
_ _ 小计 公务用车购置费 公务用车运行费 _
9.00 1.00 6.00 2.00 4.00 2.00
"""
EVALUATION = "某县水利局2023年度部门整体支出绩效自评报告\n一、绩效自评情况\n"
RATED = tabbed(
    EVALUATION + "三级指标 年度指标值 实际完成值 分值 得分率 得分\n"
    "巡查次数 ≥300次 326次 40 100% 40.00\n修复堤防 ≥12处 12处 30 90% 27.00\n群众满意度 ≥90% 72% 30 80% 24.00\n"
)
SCORED = tabbed(
    EVALUATION + "部门名称 某县水利局\n自评得分 95\n三级指标 年度指标值 实际完成值 分值 得分\n"
    "巡查次数 ≥300次 326次 40 40\n修复堤防 ≥12处 12处 30 30\n群众满意度 ≥90% 85% 30 25\n"
)

ACROSS: list[Case] = [
    ("a score within its weight", "row_scores", RATED, ("100% 40.00", "100% 48.50"), "8.50"),
    ("基本 + 项目 + 经营 + 对附属单位补助", "row_totals",
     final("支出决算表\n单位：万元\n科目编码 科目名称 本年支出合计 基本支出 项目支出 上缴上级支出 经营支出 对附属单位补助支出\n"
           "合计 _ 100.00 50.00 38.00 _ 8.00 4.00\n208 社会保障和就业支出 12.00 12.00 _ _ _ _\n213 农林水支出 88.00 38.00 38.00 _ 8.00 4.00\n"),
     ("38.00 38.00 _ 8.00", "38.00 38.00 _ 9.00"), "-1.00"),
    ("each group of columns under its own 小计", "row_totals", budget(GROUPED_COLUMNS),
     ("20.00 15.00 5.00 5.00", "20.00 15.00 6.00 5.00"), "-1.00"),
    ("the funds of each project", "row_totals",
     budget("项目支出表\n单位：万元\n项目名称 合计 一般公共预算 政府性基金预算\n堤防养护 10.00 10.00 _\n河道清淤 20.00 15.00 5.00\n水质监测 5.00 _ 5.00\n合计 35.00 25.00 10.00\n"),
     ("20.00 15.00 5.00", "20.00 15.00 6.00"), "-1.00"),
    ("基本 + 项目 + 单位预留机动经费, in the only row", "row_splits",
     budget("部门支出总表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出 单位预留机动经费\n213 农林水支出 88.00 50.00 30.00 8.00\n"),
     ("30.00 8.00", "30.00 9.00"), "-1.00"),
    ("人员经费 + 公用经费, in the only row", "row_splits",
     budget("一般公共预算基本支出表\n单位：万元\n科目编码 科目名称 合计 人员经费 公用经费\n302 商品和服务支出 9.00 2.00 7.00\n"),
     ("2.00 7.00", "2.00 6.00"), "1.00"),
    ("增减额 = this year - last year", "row_changes", budget(YEARS), ("48.00 18.00", "48.00 19.00"), "1.00"),
    ("a fall is negative", "row_changes", budget(YEARS), ("40.00 -10.00", "40.00 10.00"), "20.00"),
    ("增减% = 增减额 / last year", "row_rates", budget(YEARS), ("-20.00%", "-25.00%"), "-5.00"),
    ("增减% by two years, where no change is stated", "row_rates",
     budget("一般公共预算支出表\n单位：万元\n科目编码 科目名称 2023年预算数 2024年预算数 增减%\n213 农林水支出 80.00 88.00 10.00%\n221 住房保障支出 50.00 40.00 -20.00%\n"),
     ("-20.00%", "-25.00%"), "-5.00"),
    ("执行率 = 执行数 / 全年预算数", "row_rates",
     final("资金情况表\n单位：万元\n项目名称 年初预算数 全年预算数 全年执行数 执行率\n堤防养护 40.00 50.00 45.00 90.00%\n河道清淤 20.00 20.00 16.00 80.00%\n"),
     ("80.00%", "85.00%"), "5.00"),
    ("完成% = 决算数 / 年初预算数", "row_rates",
     final("一般公共预算财政拨款支出决算表\n单位：万元\n科目编码 科目名称 年初预算数 决算数 完成%\n213 农林水支出 50.00 45.00 90.00%\n221 住房保障支出 20.00 16.00 80.00%\n"),
     ("80.00%", "85.00%"), "5.00"),
    ("the three public expenses in a table of one row", "three_public_parts", budget(THREE_PUBLIC), ("4.00 2.00", "4.00 3.00"), "-1.00"),
    ("purchase and operation in a table of one row", "vehicle_parts", budget(THREE_PUBLIC), ("6.00 2.00 4.00", "6.00 2.00 3.00"), "1.00"),
    ("the three public expenses, budget and final account in one row", "three_public_parts",
     final("“三公”经费支出决算表\n单位：万元\n预算数 _ _ _ _ _ 决算数 _ _ _ _ _\n"
           "合计 因公出国（境）费 公务用车购置及运行费 _ _ 公务接待费 合计 因公出国（境）费 公务用车购置及运行费 _ _ 公务接待费\n"
           "_ _ 小计 公务用车购置费 公务用车运行费 _ _ _ 小计 公务用车购置费 公务用车运行费 _\n"
           "1 2 3 4 5 6 7 8 9 10 11 12\n9.00 1.00 6.00 2.00 4.00 2.00 7.50 0.00 6.00 2.00 4.00 1.50\n"),
     ("4.00 1.50", "4.00 1.80"), "-0.30"),
    ("procurement by its kinds", "procurement_parts",
     budget("政府采购预算表\n单位：万元\n采购品目 金额\n货物 10.00\n工程 20.00\n服务 5.00\n合计 35.00\n"), ("服务 5.00", "服务 6.00"), "-1.00"),
    ("income and expenditure of one table", "income_equals_expenditure",
     budget("部门收支总表\n单位：万元\n收入 _ 支出 _\n项目 预算数 项目 预算数\n一、一般公共预算拨款收入 60.00 一、社会保障和就业支出 20.00\n二、事业收入 40.00 二、农林水支出 80.00\n收入总计 100.00 支出总计 100.00\n"),
     ("收入总计 100.00", "收入总计 101.00"), "-1.00"),
    ("a score = weight x rate", "indicator_scores", RATED, ("90% 27.00", "90% 30.00"), "3.00"),
    ("the weights of the indicators add up to 100", "indicator_weights", RATED, ("72% 30 80% 24.00", "72% 25 80% 20.00"), "-5"),
    ("the total score = the scores of the indicators", "evaluation_total", SCORED, ("自评得分 95", "自评得分 90"), "-5"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "rule", "text", "wrong", "difference"), [*DOWN, *ACROSS], ids=[case[0] for case in (*DOWN, *ACROSS)]
)
def test_a_table_adds_up_and_a_wrong_number_is_found(
    case: str, rule: str, text: str, wrong: tuple[str, str], difference: str
) -> None:
    """No finding on the right table; with one number wrong an error of the rule with the exact difference, once."""
    assert findings(text) == ()
    assert differences(rule, text, wrong) == [("error", difference)]


BESIDE = budget(
    "部门收支总表\n单位：万元\n收入 _ 支出 _ _ _\n项目 预算数 功能分类 预算数 支出用途 预算数\n"
    "一、一般公共预算资金 80.00 一、社会保障和就业支出 20.00 基本支出 60.00\n二、其他资金 20.00 二、农林水支出 80.00 项目支出 40.00\n"
    "收入合计 100.00 _ _ 本年支出合计 100.00\n"
)
ROUNDED: list[Case] = [
    ("支出合计 in another column than the classes", "function_classes", BESIDE, ("农林水支出 80.00", "农林水支出 80.01"), "-0.01")
]  # fmt: skip


@pytest.mark.parametrize(("case", "rule", "text", "wrong", "difference"), ROUNDED, ids=[case[0] for case in ROUNDED])
def test_a_table_adds_up_but_for_the_last_digit(
    case: str, rule: str, text: str, wrong: tuple[str, str], difference: str
) -> None:
    """A miss within half a unit of each term is noted as rounding."""
    assert findings(text) == ()
    assert differences(rule, text, wrong) == [("rounding", difference)]


def test_tables_that_the_same_row_adds_up_in_are_counted_by_operands() -> None:
    """One sum that the codes and the form of the table both tell is one finding, not two."""
    text = budget(BY_ITEM).replace("2130305\t水利工程建设\t38.00\t\t38.00", "2130305\t水利工程建设\t39.00\t\t39.00")
    found = [tuple(sorted(place.start for place in finding.places)) for finding in findings(text)]
    assert len(found) == len(set(found)) > 0
