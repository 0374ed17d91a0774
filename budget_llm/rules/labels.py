"""Labels to concepts: by code, by the path of a functional item, by the wordings of the topic."""

from __future__ import annotations

import re
from dataclasses import dataclass

from budget_llm.lexicon import Wordings, wordings
from budget_llm.rules.leads import is_generic, strip_label

_CODED = re.compile(
    r"(?:[0-9]{1,2}[.、])?[(（]?(?P<code>(?<![0-9])(?:[23][0-9]{6}|[23][0-9]{4}|[23][0-9]{2})(?!\.?[0-9]))[)）]?[-—:、]?(?P<label>.{0,60})$"
)
# 教育支出(205类): what stands behind the code is its level.
_LEVEL = re.compile(r"^(?:类|款|项)[)）]")
# 农林水支出(类)水利(款)行政运行(项), also without its class: 水利(款)行政运行(项)
_PATH = re.compile(r"(?P<label>(?:[\u4e00-\u9fff、-]{2,40}\((?:类|款|项)\)){1,3}(?:支出)?)")
# 科学技术支出-科学技术普及-机构运行
_DASHED = re.compile(
    r"(?P<label>[\u4e00-\u9fff、]{2,30}(?:支出|服务|事务)(?:[-—–]{1,2}[\u4e00-\u9fff、()]{2,40}){1,3})$"
)
# What ends in 支出 and is a sum, not an item of the classification.
_NO_ITEM = re.compile(r"财政拨款|预算|决算|资金|本年|当年|总|合计|三公|经费支出$|采购|其中|实际|整体|各项|安排的?支出$")
# Words before a total that make it the total of one kind of money.
_ONE_KIND = re.compile(r"(?:资金|(?<!财政)拨款|收入|基金|专户|事业|经营|上缴|补助|结转|结余|其他|贷款|捐赠)$")
# 某某局2024年度财政拨款预算支出: 年度 belongs to the year, not to a wording (年度财政拨款).
_BEHIND_YEAR = re.compile(r"^[^0-9]{1,40}20[0-9]{2}年度(?=[\u4e00-\u9fff])")
_SPENDING = re.compile(r"[\u4e00-\u9fff、()]{2,28}支出$")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a number is said of: a concept, its label in the source, a code where the source prints one."""

    concept: str
    label: str
    code: str | None = None
    split: str | None = None


def resolve(label: str, table: Wordings, *, functions: bool, whole: bool = True) -> Subject | None:
    """Return the subject that a normalised label names, or None.

    `functions` admits items of the functional classification by code, path or the ending 支出; `whole`
    admits the wordings that count only as a whole label.
    """
    if functions:
        item = _functional_item(label)
        if item:
            return item
    plain = strip_label(_BEHIND_YEAR.sub("", label))
    if not plain:
        return None
    exact = table.equal(plain) if whole else None
    if exact:
        return Subject(exact.concept, exact.label)
    found = table.find(plain)
    spending = _SPENDING.search(plain)
    if functions and spending and (found is None or _is_part_of_an_item(plain, found.start, found.end)):
        name = strip_label(spending.group())
        return None if is_generic(plain) or _NO_ITEM.search(name) else Subject("expenditure.function", name)
    if found and found.concept in ("income.total", "expenditure.total") and _ONE_KIND.search(plain[: found.start]):
        found = table.find(plain[: found.start])  # 财政拨款收入预算总计 is the sum of 财政拨款
    return Subject(found.concept, found.label) if found else None


def _is_part_of_an_item(label: str, start: int, end: int) -> bool:
    """Whether the wording found is only a part of an item's name, as 培训 in 其他培训支出."""
    return (
        end < len(label)
        and label.endswith("支出")
        and not re.match(r"(?:财政拨款|预算|决算|安排的?)?支出$", label[end:])
    )


def _functional_item(label: str) -> Subject | None:
    coded = _CODED.search(label)
    if coded:
        code = coded.group("code")
        concept = "expenditure.function" if code.startswith("2") else "expenditure.economic"
        behind = strip_label(_LEVEL.sub("", coded.group("label")))
        name = strip_label(label[: coded.start()]) if behind == "支出" or is_generic(behind) else behind
        name = name or behind
        return Subject(concept, name, code) if name else None
    path = _PATH.search(label)
    if path:
        return Subject("expenditure.function", strip_label(path.group("label")))
    dashed = _DASHED.search(strip_label(label))
    return Subject("expenditure.function", strip_label(dashed.group("label"))) if dashed else None


def count_table() -> Wordings:
    """Return the wordings of things and people that are counted."""
    return wordings("organisation", "staff", "assets", "performance")
