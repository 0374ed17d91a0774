"""Whether the amounts of a sentence have their unit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from budget_llm.document_checks.material import ZH, Material, finding
from budget_llm.facts import Finding

_NUMBER = r"[0-9]{1,12}(?:,[0-9]{3}){0,4}"
# 年初预算支出13.2万，: what is counted is money, and 元 is left out.
_CUT_SHORT = re.compile(
    rf"(?:预算数?|支出|收入|经费|费用?|拨款|资金|金额|总额)(?:为|共计?|合计|约)?[ \u3000]?(?P<number>{_NUMBER}(?:\.[0-9]{{1,6}})?[ \u3000]?万)(?=[，。；、,;）)])"
)
# 电费2.1万元、物业管理费14.72、差旅费0.74万元: one bare number between amounts of a list.
_BARE = re.compile(
    rf"(?<=万元)[、，；][{ZH}（）()“”]{{2,20}}?(?P<number>{_NUMBER}\.[0-9]{{1,6}})(?=[、，；][{ZH}（）()“”]{{2,20}}{_NUMBER}(?:\.[0-9]{{1,6}})?万元)"
)
_NO_MONEY = re.compile("得分|评分|分值|系数|指数|倍|率|比|增长|下降|增幅|降幅")


def number_unit_missing(material: Material) -> Iterator[Finding]:
    """An amount has its whole unit: no 13.2万 for 13.2万元, no bare number between amounts in 万元."""
    for pattern in (_CUT_SHORT, _BARE):
        for match in pattern.finditer(material.text):
            label = match[0][: match.start("number") - match.start()]
            if _NO_MONEY.search(label) or material.in_table(match.start()):
                continue
            place = material.place(*match.span("number"), label.strip("、，；"))
            is_cut = pattern is _CUT_SHORT
            expected = f"{place.text}元" if is_cut else f"{place.text}万元"
            message = f"{place.told()}“{place.label}”后的“{place.text}”缺少计量单位：按上下文似应为“{expected}”，请核对并补全单位"
            english = f"{place.told('en')}: “{place.text}” behind “{place.label}” has no {'whole ' if is_cut else ''}unit; by its neighbours it seems to be {expected}, check and complete it"
            yield finding(
                "number_unit_missing", "warning", message, english, [place], numbers=(place.text,), expected=expected,
                found=place.text, suspects=[place],
            )  # fmt: skip
