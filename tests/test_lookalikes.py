"""What looks like an identity and is none: no finding, because a false alarm costs the reader's trust."""

from __future__ import annotations

import pytest

from tests.composed import BUDGET, FINAL, budget, final, findings, tabbed

ECONOMIC = "\n\n一般公共预算基本支出表\n单位：万元\n科目编码 科目名称 金额\n302 商品和服务支出 9.00\n30201 办公费 5.00\n30217 公务接待费 4.00\n合计 _ 9.00\n"
TARGETS = (
    "\n\n项目绩效目标表\n单位：万元\n项目名称 当年财政拨款预算金额 指标名称 指标性质 指标值 计量单位 指标权重（%） 是否核心\n"
    "河道整治 20.00 整治河道长度 ≥ 36 公里 25 是\n水质监测 12.00 监测断面 ≥ 12 个 25 是\n"
)
ACCOUNTS = """收入支出决算总表
单位：万元
收入 _ 支出 _
项目 金额 项目 金额
一、一般公共预算财政拨款收入 60.00 一、社会保障和就业支出 20.00
二、事业收入 30.00 二、农林水支出 65.00
本年收入合计 90.00 本年支出合计 85.00
使用非财政拨款结余 4.00 结余分配 2.00
年初结转和结余 10.00 年末结转和结余 17.00
总计 104.00 总计 104.00
"""
SPENT = "科目编码 科目名称 合计 基本支出 项目支出\n"

TABLES: list[tuple[str, str]] = [
    ("this year's income differs from its expenditure by what is carried and distributed", final(ACCOUNTS)),
    ("the table of one fund has totals of its own", budget(
        f"财政拨款支出表\n单位：万元\n{SPENT}213 农林水支出 60.00 40.00 20.00\n212 城乡社区支出 30.00 _ 30.00\n合计 _ 90.00 40.00 50.00\n",
        f"政府性基金预算支出表\n单位：万元\n{SPENT}212 城乡社区支出 30.00 _ 30.00\n合计 _ 30.00 _ 30.00\n")),
    ("财政拨款收入 stands beside its funds, nothing marks them as parts", budget(
        "部门收入总表\n单位：万元\n项目 预算数\n财政拨款收入 60.00\n一般公共预算拨款收入 40.00\n政府性基金预算拨款收入 20.00\n事业收入 30.00\n收入合计 90.00\n")),
    ("sub-units below their department", budget(
        "部门支出总表\n单位：万元\n单位名称 合计 基本支出 项目支出\n某县水利局 100.00 60.00 40.00\n某县水利局本级 70.00 40.00 30.00\n某县水文站 30.00 20.00 10.00\n")),
    ("sub-units, each with the classes of its own", budget(
        "部门支出总表\n单位：万元\n科目编码 单位名称（科目名称） 合计 基本支出 项目支出\n_ 合计 100.00 60.00 40.00\n_ 某县水利局本级 70.00 40.00 30.00\n"
        "213 农林水支出 70.00 40.00 30.00\n21303 水利 70.00 40.00 30.00\n_ 某县水文站 30.00 20.00 10.00\n213 农林水支出 30.00 20.00 10.00\n21303 水利 30.00 20.00 10.00\n")),
    ("其他支出 of two classifications, with codes", budget(
        "一般公共预算支出表\n单位：万元\n科目编码 科目名称 合计\n213 农林水支出 60.00\n229 其他支出 30.00\n22999 其他支出 30.00\n合计 _ 90.00\n",
        "一般公共预算基本支出表\n单位：万元\n科目编码 科目名称 合计\n302 商品和服务支出 40.00\n30201 办公费 40.00\n399 其他支出 5.00\n39999 其他支出 5.00\n合计 _ 45.00\n")),
    ("其他支出 of two classifications, without codes", budget(
        "部门支出总表（按功能）\n单位：万元\n项目 预算数\n一、农林水支出 60.00\n二、其他支出 30.00\n合计 90.00\n",
        "部门支出总表（按经济分类）\n单位：万元\n项目 预算数\n一、商品和服务支出 85.00\n二、其他支出 5.00\n合计 90.00\n")),
    ("a list with a number that nobody understood is not summed", budget(
        "部门收入总表\n单位：万元\n项目 预算数\n一、一般公共预算拨款 40.00\n二、霞光款 20.00\n三、事业收入 30.00\n收入合计 95.00\n")),
    ("a column 其中 beside the total is no part of a sum", budget(
        "部门支出总表\n单位：万元\n科目编码 科目名称 合计 其中：财政拨款\n208 社会保障和就业支出 30.00 20.00\n213 农林水支出 60.00 45.00\n合计 _ 90.00 65.00\n")),
    ("a column 其中 behind the parts of the total", budget(
        "部门支出总表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出 其中：政府采购\n213 农林水支出 60.00 40.00 20.00 5.00\n221 住房保障支出 10.00 8.00 2.00 1.00\n合计 _ 70.00 48.00 22.00 6.00\n")),
    ("budget, adjusted budget and final account are three columns of one thing", final(
        "支出决算表\n单位：万元\n科目编码 科目名称 年初预算数 调整预算数 决算数\n208 社会保障和就业支出 30.00 33.00 31.00\n213 农林水支出 60.00 66.00 64.00\n合计 _ 90.00 99.00 95.00\n")),
    ("a fund's carry-over, income and expenditure side by side", final(
        "政府性基金预算财政拨款收入支出决算表\n单位：万元\n科目编码 科目名称 年初结转和结余 本年收入 本年支出 _ _ 年末结转和结余\n_ _ _ _ 小计 基本支出 项目支出 _\n"
        "合计 _ 5.00 30.00 32.00 _ 32.00 3.00\n212 城乡社区支出 5.00 30.00 32.00 _ 32.00 3.00\n")),
    ("an empty table", budget(f"政府性基金预算支出表\n单位：万元\n{SPENT}_ _ 0.00 0.00 0.00\n注：本部门没有政府性基金预算支出，故本表为空。\n")),
    ("weights that leave 10 to the execution of the budget", tabbed(
        "某县水利局2023年度部门整体支出绩效自评报告\n一、绩效自评情况\n三级指标 年度指标值 实际完成值 分值 得分\n巡查次数 ≥300次 326次 40 40\n修复堤防 ≥12处 12处 30 30\n群众满意度 ≥90% 92% 20 20\n")),
]  # fmt: skip

RATED = (
    "某县水利局2023年度部门整体支出绩效自评报告\n一、绩效自评情况\n绩效自评得分95.5分。\n三级指标 完成率 分值 得分\n"
)
PROSE: list[tuple[str, str]] = [
    ("a total against its budget, its parts against last year", FINAL + "一、“三公”经费情况\n2023年度“三公”经费支出预算为20.00万元，支出决算为15.60万元，比年初预算减少4.40万元。"
     "其中：因公出国（境）费支出决算为0万元，与上年持平；公务用车购置及运行费支出决算为12.40万元，比上年增加0.90万元；公务接待费支出决算为3.20万元，比上年减少0.30万元。"),
    ("小于调整预算数 beside a smaller 年初预算", FINAL + "一、支出\n公务接待费年初预算为1.00万元，调整预算为1.20万元，支出决算为1.15万元，决算数小于调整预算数，主要原因是结转。"),
    ("基本持平", FINAL + "一、支出\n公务接待费年初预算为5.00万元，支出决算为4.98万元，决算数与年初预算数基本持平。"),
    ("a table's 总分 without the execution rate", tabbed(RATED + "修复渠道 100% 60 60\n受益人口 87% 30 26\n总分 _ 90 86\n")),
    ("scores by steps", tabbed(RATED.replace("绩效自评得分95.5分。\n", "") + "修复渠道 100% 70 70\n合格率 85% 30 24\n")),
    ("two scopes: the whole system and the body itself", BUDGET + "一、支出预算\n全系统支出预算300万元。局本级支出预算100万元，其中：基本支出60万元，项目支出40万元。"),
    ("two comparison bases in one sentence", BUDGET + "一、收入预算\n收入预算110.00万元，比上年预算增加10.00万元，增长10.00%；比上年决算减少5.00万元，下降4.35%。"),
    ("changes of the parts against another base than that of the total", FINAL + "一、“三公”经费情况\n“三公”经费支出决算6.00万元，比年初预算减少2.00万元，比上年决算减少1.00万元。"
     "其中：因公出国（境）费0.00万元，与上年持平；公务用车购置及运行费4.00万元，比上年决算减少1.00万元；公务接待费2.00万元，比上年决算增加0.00万元。"),
    ("what is chiefly spent", BUDGET + "一、支出预算\n支出预算30万元，主要用于教育支出10万元、农林水支出15万元等。"),
    ("what is given priority", BUDGET + "一、支出预算\n支出预算30万元，重点保障教育支出10万元，农林水支出15万元。"),
    ("the chief items of operating cost", BUDGET + "一、机关运行经费\n机关运行经费20.00万元，主要包括办公费5.00万元、水费1.00万元、电费3.00万元等。"),
    ("a reason that names a part of the change", BUDGET + "一、支出预算\n支出预算30.00万元，比上年增加5.00万元，主要原因是农林水支出增加4.00万元。"),
    ("this year's income and expenditure of final accounts", FINAL + "一、收入决算\n本年收入合计100.00万元。\n二、支出决算\n本年支出合计95.00万元，其中：基本支出60.00万元，项目支出35.00万元。"),
    ("财政拨款收入 and its funds in one list", BUDGET + "一、收入预算\n收入预算90万元，其中：财政拨款收入60万元，一般公共预算拨款40万元，政府性基金预算拨款20万元，事业收入30万元。"),
    ("an amount that nobody understood in the list", BUDGET + "一、收入预算\n收入预算95万元，其中：一般公共预算拨款40万元，霞光款20万元，事业收入30万元。"),
    ("kinds of staff that overlap", BUDGET + "一、机构设置\n某县水利局现有在职人员41人，其中：中共党员30人、女职工20人。"),
    ("the chief kinds of staff", BUDGET + "一、机构设置\n某县水利局现有在职人员41人，主要是行政人员15人、事业人员20人。"),
    ("one number for two kinds of vehicles", BUDGET + "一、国有资产占用情况\n截至2023年末，共有车辆4辆，其中：机要通信用车、其他用车各1辆，执法执勤用车2辆。"),
    ("growth from nothing, told as 100%", BUDGET + "一、“三公”经费情况\n公务接待费2.00万元，比上年增加2.00万元，增长100%。"),
    ("percentage points", FINAL + "一、支出决算\n支出决算110.00万元，比上年增加10.00万元，增长10.00%，增幅比上年提高2.00个百分点。"),
    ("last year's total before this year's parts", BUDGET + "一、“三公”经费情况\n2023年“三公”经费预算8.00万元。2024年“三公”经费预算6.00万元，其中：因公出国（境）费1.00万元，公务用车购置及运行费3.00万元，公务接待费2.00万元。"),
    ("the budget before the parts of the final account", FINAL + "一、支出决算\n支出年初预算100.00万元，支出决算90.00万元，其中：基本支出50.00万元，项目支出40.00万元。"),
    ("公务接待费 of last year bounds no item of this year", tabbed(BUDGET + "一、“三公”经费情况\n2024年一般公共预算安排的公务接待费预算6.00万元，2023年公务接待费预算3.00万元。" + ECONOMIC)),
    ("only some projects are under performance management", tabbed(BUDGET + "一、绩效目标情况\n2024年部分项目实行绩效管理，涉及一般公共预算拨款30万元。" + TARGETS)),
    ("more projects than those whose targets are published", tabbed(BUDGET + "一、绩效目标情况\n2024年实行绩效管理的项目5个，涉及一般公共预算拨款300万元。" + TARGETS)),
]  # fmt: skip


@pytest.mark.parametrize(("case", "text"), [*TABLES, *PROSE], ids=[case for case, _ in (*TABLES, *PROSE)])
def test_what_only_looks_like_an_identity_is_not_asserted(case: str, text: str) -> None:
    """Numbers that differ for a good reason raise no finding of any rule."""
    assert [f.message for f in findings(text)] == []
