"""Numbers that state no fact: years, dates, codes, clause and document numbers, phones, thresholds.

Each is set aside with its reason, so that what remains is either explained by a fact or listed as not
understood. The reasons follow the fact model's list of what is not a fact.
"""

from __future__ import annotations

import re

from budget_llm.quantities import Quantity

_LINE_START = re.compile(r"(?:^|[\n\f])(?:\[bookmark:[^\]\n]{0,80}\]|[ \t\u00a0\u3000\ufeff#*>（(-]){0,12}$")
_PHONE_BEFORE = re.compile(r"(?:电话|热线|联系方式|传真|邮编|手机)[^\n。；，元]{0,20}$")
_AFTER = (
    (re.compile(r"\s{0,2}(?:年|學年)(?!以上|内|来)"), "year"),
    (re.compile(r"\s{0,2}[-—~～至到][-—]?\s{0,2}(?:19|20)[0-9]{2}\s{0,2}年"), "year"),
    (re.compile(r"\s{0,2}月(?!均)"), "date"),
    (re.compile(r"\s{0,2}(?:日|时|号(?![码楼]))"), "date or document number"),
)
_THRESHOLD = re.compile(r"\s{0,2}(?:[（(]含[^)）]{0,10}[)）])?\s{0,2}(?:及|含)?\s{0,2}(?:以上|以下|以内|以外|之内)")
_LONGEST_NUMBER = 18
# 1.2024年部门预算表: the number of a heading and a year.
_NUMBERED_YEAR = re.compile(r"[0-9]{1,2}[.．](?:19|20)[0-9]{2}")
_DATE_BEFORE = re.compile(r"20[0-9]{2}[-/.](?:(?:1[0-2]|0?[1-9])[-/.])?$")
# A page number on a line of its own, between dashes.
_DASH_BEFORE = re.compile(r"(?:^|[\n\f])[ \u3000]{0,24}[-—–]{1,2} ?$| {20}[-—–]{1,2} ?$")
_DASH_BEHIND = re.compile(r" ?[-—–]{1,2}[ \u3000]{0,9}(?:[\n\r\f]|$)")
_ALONE_BEFORE, _PAGE_BEHIND = re.compile(r"\n[ \u3000]{0,20}$"), re.compile(r"[ \u3000]{0,20}\n?\f")
# The dots that lead to a page number in a list of contents.
_LEADERS = re.compile(r"(?:…{2}|[.]{4}|·{4})[ .…·]{0,20}$")


def reason_aside(text: str, quantity: Quantity) -> str | None:
    """Return why the number states no fact, or None where it may be one; looks only at its surroundings."""
    before = text[max(0, quantity.start - 24) : quantity.start]
    after = text[quantity.end : quantity.end + 24]
    digits = len(quantity.text)
    whole = quantity.text.isdigit()
    if whole and digits > _LONGEST_NUMBER:
        return "identifier"
    if _NUMBERED_YEAR.fullmatch(quantity.text) and re.match(r"\s?年", after):
        return "clause number"
    if whole and (_DATE_BEFORE.search(before) or re.match(r"[-/.](?:1[0-2]|0?[1-9])[-/.][0-9]{1,2}(?![0-9])", after)):
        return "date or document number"
    if whole and (re.match(r"[】〕‟’]", after) or (re.search(r"[】〕‟’]$", before) and re.match(r"\s?号", after))):
        return "date or document number"
    if whole:
        reason = _numbering(before, after, quantity, digits)
        if reason:
            return reason
    if (
        (whole and digits >= 3 and quantity.unit is None and _PHONE_BEFORE.search(before))
        or re.match(r"-[0-9]{7,8}", after)
        or (digits >= 7 and re.search(r"[0-9]-$", before))
    ):
        return "phone"
    if _THRESHOLD.match(text[quantity.unit_end : quantity.unit_end + 16]) and re.search(
        r"(?:单价|单位价值|价值|单台|超过|低于|标准|规模|[，。；、（(\s“])$", before
    ):
        return "threshold"
    if (
        whole
        and digits <= 3
        and (
            _LEADERS.search(before)
            or (_DASH_BEFORE.search(before) and _DASH_BEHIND.match(after))
            or (_ALONE_BEFORE.search(before) and _PAGE_BEHIND.match(after))
        )
    ):
        return "page number"
    if re.search(r"[A-Za-z]$", before) or re.match(r"[A-Za-z]", after):
        return "identifier"
    return None


def _numbering(before: str, after: str, quantity: Quantity, digits: int) -> str | None:
    """Return the reason why a whole number only numbers something: a year, a clause, a code, a document."""
    value = int(quantity.value)
    if digits == 4 and 1900 <= value <= 2100:
        for pattern, reason in _AFTER[:2]:
            if pattern.match(after):
                return reason
        if re.match(r"[〕\])）]", after) or (re.match(r"[-—~～至]", after) and quantity.unit is None):
            return "year"
    for pattern, reason in _AFTER[2:]:
        if (
            digits <= 4
            and pattern.match(after)
            and (re.search(r"[年月日〕\])）第至—-]\s{0,2}$", before) or reason == "date")
        ):
            return reason
    if re.search(r"[〔\[（(]\s?$", before) and re.match(r"\s?[〕\]）)]\s?[0-9]+\s?号", after):
        return "document number"
    if re.search(r"(?:第|附件|附表|公开|(?<![报元代])表)\s?$", before) and digits <= 3 and quantity.unit is None:
        return "numbering"
    if _LINE_START.search(before) and digits <= 2 and re.match(r"(?:[、．)）]|[.](?![0-9]))", after):
        return "clause number"
    if re.search(r"[（(]$", before) and digits <= 2 and re.match(r"[)）]", after):
        return "clause number"
    if (
        re.search(r"(?:^|[。；：:，\n\f])[ \t\u3000]*$", before)
        and digits <= 2
        and re.match(r"(?:[、．]|[.](?![0-9]))[\s\u4e00-\u9fff]", after)
    ):
        return "clause number"
    starts = quantity.text[0] in "23" and digits in (3, 5, 7)
    named = re.match(r"\s?[\u4e00-\u9fff“]" if digits == 3 else r"\s?[-—－:：]?\s?[\u4e00-\u9fff“]", after) and (
        quantity.unit is None or (digits >= 5 and not quantity.is_money)
    )
    if starts and named and re.search(r"(?:^|[\n。；：:，、（(\s]|[）)](?=$))$", before):
        return "code"
    return "identifier" if re.search(r"[“\"]$", before) and re.match(r"[”\"]", after) else None
