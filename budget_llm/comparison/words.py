"""Every rule between two disclosures in the words of a budget officer, in Chinese and in English."""

from __future__ import annotations

from budget_llm.comparison.bases import Doubt

WORDS: dict[str, tuple[str, str]] = {
    "published_twice": ("两处公布的同一数字一致", "one fact, one number in both publications"),
    "published_prior": ("所列上年数 = 上年公布数", "the prior year's number = the number published that year"),
    "published_change": ("增减额 = 本年数 − 上年公布数", "change = this year − the number published the year before"),
    "published_growth": (
        "增长率 = 本年数比上年公布数的增减 ÷ 上年公布数",
        "growth = this year's difference from the number published the year before ÷ that number",
    ),
    "carried_over": (
        "年初结转和结余 = 上年年末结转和结余",
        "carried over = carried forward at the end of the year before",
    ),
    "published_budget": (
        "所列年初预算数 = 预算公布数",
        "the stated initial budget = the number published in the budget",
    ),
    "published_budget_change": (
        "比年初预算的增减额 = 决算数 − 预算公布数",
        "change from the budget = final amount − the number published in the budget",
    ),
    "published_completion": (
        "完成率 = 决算数 ÷ 预算公布数",
        "completion = final amount ÷ the number published in the budget",
    ),
    "published_final": (
        "所列执行数 = 决算公布数",
        "the stated final amount = the number published in the final accounts",
    ),
}

DOUBTS: dict[Doubt, tuple[str, str]] = {
    "base": (
        "原文未写明与上年的预算数还是决算数相比",
        "the text does not name the base of the comparison: last year's budget or final accounts",
    ),
    "stage": ("原文未写明是预算数还是决算数", "the text does not say whether this is a budgeted or a final amount"),
    "initial": (
        "原文未写明是年初预算数，可能是调整后的预算数",
        "the text does not call this the initial budget; it may be the adjusted one",
    ),
    "estimate": (
        "编制预算时上年决算尚未完成，所用可能是预计执行数",
        "the accounts were not closed when the budget was drawn up; the number may be an estimate",
    ),
    "restated": (
        "年初数可能经调整（如收回结余、会计差错更正）",
        "the opening balance may have been adjusted, as when balances are taken back or errors corrected",
    ),
}
"""What is said with a miss that may be none."""

MEASURES: dict[str, tuple[str, str]] = {
    "published_change": ("的增减额", "change of "),
    "published_budget_change": ("的增减额", "change of "),
    "published_growth": ("的增长率", "growth of "),
    "published_completion": ("的完成率", "completion of "),
}
"""What a rule's number is, where it is no amount."""
