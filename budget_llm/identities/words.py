"""Every identity in the words of a budget officer, in Chinese and in English: what a finding's message opens with."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "income_equals_expenditure": ("收入总计 = 支出总计", "total income = total expenditure"),
    "income_parts": ("收入合计 = 各项收入之和", "total income = sum of its kinds"),
    "fiscal_appropriation_parts": ("财政拨款收入 = 各类拨款之和", "fiscal appropriation = sum of the funds"),
    "function_parts": ("支出总额 = 各功能科目之和", "total expenditure = sum of its functional items"),
    "expenditure_parts": (
        "支出总计 = 本年支出 + 结余分配 + 年末结转和结余",
        "total expenditure = this year's + what is carried forward",
    ),
    "basic_and_project": ("支出总额 = 基本支出 + 项目支出", "total expenditure = basic + project expenditure"),
    "personnel_and_public": ("基本支出 = 人员经费 + 公用经费", "basic expenditure = personnel + public funds"),
    "three_public_parts": (
        "“三公”经费 = 出国（境）费 + 公务用车费 + 公务接待费",
        "three public expenses = travel abroad + vehicles + reception",
    ),
    "vehicle_parts": ("公务用车费 = 购置费 + 运行维护费", "vehicle expenses = purchase + operation"),
    "operating_items": ("机关运行经费 = 各项之和", "operating cost = sum of its items"),
    "procurement_parts": ("政府采购 = 货物 + 工程 + 服务", "procurement = goods + works + services"),
    "vehicles_by_kind": ("车辆总数 = 各类车辆之和", "vehicles = sum of their kinds"),
    "shares": ("占比 = 部分 ÷ 总额", "share = part ÷ whole"),
    "share_totals": ("各项占比之和 = 100%", "the shares of a whole add up to 100 %"),
    "growth_rates": ("增长率 = 增减额 ÷ 上年数", "growth = change ÷ the year before"),
    "completion_rates": ("完成率 = 决算数 ÷ 预算数", "completion = final ÷ budgeted amount"),
    "execution_rates": ("执行率 = 执行数 ÷ 预算数", "execution = amount spent ÷ budget"),
    "change_parts": ("总额的增减 = 各项增减之和", "change of a total = sum of the changes of its parts"),
    "three_public_changes": (
        "“三公”经费的增减 = 各项增减之和",
        "change of the three public expenses = sum of the changes of their parts",
    ),
    "prior_year_change": ("增减额 = 本年数 − 上年数", "change = this year − the year before"),
    "rates_of_nothing": ("上年数为 0 时没有增长率", "a year before of 0 admits no growth rate"),
    "prior_year_rates": ("增长率 = 本年数比上年数的增减 ÷ 上年数", "growth = this year's difference ÷ the year before"),
    "direction_words": ("文字与数字一致", "the words agree with the numbers"),
    "indicator_scores": ("得分 = 权重 × 得分率", "score = weight × rate"),
    "indicator_weights": ("各指标权重之和 = 100", "the weights of the indicators add up to 100"),
    "evaluation_total": ("自评总得分 = 各指标得分之和", "total score = sum of the indicators' scores"),
    "code_hierarchy": ("上级科目 = 所属科目之和", "a class = sum of the items under it"),
    "table_totals": ("表内合计 = 各行之和", "the table's total = sum of its rows"),
    "table_sublists": ("表内上级行 = 所属各行之和", "a row = sum of the rows numbered under it"),
    "parts_within": ("“其中”不超过其所属的数", "a part (其中) does not exceed its whole"),
    "row_totals": ("表内一行的合计 = 该行各栏之和", "a row's total = sum of its columns"),
    "row_splits": ("科目支出 = 基本支出 + 项目支出", "an item = its basic + its project expenditure"),
    "row_changes": ("表内增减额 = 本年数 − 上年数", "the table's change = this year − the year before"),
    "row_rates": ("表内百分比与该行金额一致", "the table's percentage agrees with its row"),
    "row_scores": ("得分不超过分值", "a score does not exceed its weight"),
    "staff_classes": (
        "人员经费 = 301 + 303，公用经费 = 其余各类",
        "personnel = 301 + 303, public funds = the other classes",
    ),
    "function_classes": ("支出合计 = 各类功能科目之和", "total expenditure = sum of the functional classes"),
    "three_public_items": (
        "基本支出中的明细不超过“三公”经费同项",
        "an item of basic expenditure does not exceed the same of the three public expenses",
    ),
    "project_budgets": (
        "实行绩效管理的金额 = 公开目标的各项目之和",
        "money under performance management = sum of the projects",
    ),
    "projects_covered": (
        "实行绩效管理的项目支出 = 项目支出",
        "project expenditure under performance management = project expenditure",
    ),
    "changes_between_years": (
        "文字所述增减额 = 表内本年数 − 上年数",
        "the change told = the table's this year − its year before",
    ),
    "items_of_classes": ("类级科目 = 所列各项之和", "a class = sum of the items listed under it"),
    "staff_by_kind": ("人数 = 各类人员之和", "staff = sum of its kinds"),
    "small_firms": (
        "小微企业合同金额 ≤ 中小企业合同金额 ≤ 采购总额",
        "small and micro firms <= small and medium firms <= procurement",
    ),
    "same_fact": ("同一数字前后一致", "one fact, one number throughout the document"),
}
