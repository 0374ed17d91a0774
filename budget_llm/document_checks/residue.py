"""What a template leaves behind: placeholders, directions that nobody chose, numbers that nobody filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from budget_llm.document_checks.material import ZH, Material, finding
from budget_llm.facts import Finding, Severity

_BODY = "局|委|办|厅|院|校|馆|站|所|中心|部门|单位|科|处|县|市|区|镇|乡|街道|村|公司|项目|工程"
# A sign that stands for words or digits to be filled in. Letters, digits and hyphens around it make it a code.
_SIGN = re.compile(
    r"(?<![A-Za-z0-9.×_/-])(?<![一二三四五六七八九十百千])(?:[XＸ](?:[ \u3000]?[XＸ]){1,7}|[xｘ]{2,8}|×{2,8}|[○〇]{2,8}(?![一二三四五六七八九十○〇年]))(?![A-Za-z0-9×_/-])"
)
_SIGNS = ("X X", *(2 * sign for sign in "XＸxｘ×○〇"))
_OF_NUMBER = re.compile(r"[ \u3000]?(?:[万亿]?元|%|％|个|辆|台|人|名|次|批|项|年|月|日)")
_SOMEONE = re.compile(rf"某某(?=(?:{_BODY}|年|元|万元))")
_UP, _DOWN = "增加|增长|上升|提高", "减少|下降|降低"
# 增加（减少）0万元, 增加/减少 %: a number whose direction nobody chose.
_DIRECTION = re.compile(
    rf"(?:(?:{_UP})[额数]?[（(/／](?:{_DOWN})[)）]?|(?:{_DOWN})[额数]?[（(/／](?:{_UP})[)）]?)[ \u3000_]{{0,8}}(?P<number>[0-9][0-9,.]{{0,20}}|(?=[万亿]?元|[%％]))(?:[万亿]?元|[%％])"
)
_COMPARISON = re.compile(
    r"大[（(/／]小[)）]?于|小[（(/／]大[)）]?于|大于[（(/／]小于[)）]?|小于[（(/／]大于[)）]?|大小于"
)
# A unit inside a sentence, and what before it shows that its number is missing: 预算  万元， 增加万元， ____元， 占 %。
_UNIT = re.compile("[元%％](?<![0-9０-９][元%％])(?=[，。；、,;）)])")
_BLANK = re.compile(
    rf"(?:[{ZH}]{{1,6}}[ \u3000_＿]{{1,20}}|增加|减少|安排|支出|收入|合计|总计|预算|决算|经费|费)[万亿]?元$"
    rf"|(?:[元，,；;、]约?占[{ZH}“”]{{0,14}}|增长|下降|完成(?:年初)?预算的|[较比](?:上年|去年|年初预算)[{ZH}]{{0,6}}|[_＿]{{2}})[ \u3000_＿]{{0,20}}[%％]$"
)
_OF_UNIT = re.compile(
    "单位|以[ \u3000]{0,20}[万亿]?元$|美元|欧元|日元|港元|[百千一二三四五六七八九十几数多][ \u3000]?[万亿]?元$"
)
_REACH = 40
# 某科目（款）（项）：441.72万元: the name of the item is missing.
_ITEM = re.compile(
    rf"(?<=[{ZH}])(?:[（(]类[)）][ \u3000]?[（(]款[)）]|[（(]款[)）][ \u3000]?[（(]项[)）])(?=[:：，]?(?:20[0-9]{{2}}年)?[{ZH}]{{0,8}}[0-9][0-9.,]{{0,20}}[ \u3000]?[万亿]?元)"
)
_UNNAMED = re.compile(
    r"[（(](?:单位|部门|单位或部门)(?:名称|全称)[)）](?=[ \u3000]?(?:20[0-9]{2}|(?:部门|单位)?(?:预算|决算|概况)|是|的主要))"
)
# An instruction to the one who fills in the template: （按功能科目类款项写）. Titles of tables say by what they are ordered.
_INSTRUCTION = re.compile(
    r"[（(](?<!表[（(])(?:请|按照?|根据|参照|此处|此段|若无|如无|如没有|若没有|没有)[^（）()\n]{1,60}?(?:填写|填列|类写|项写|如实写|请写|删除|删去|不写)[^（）()\n]{0,8}[)）]"
)
# What is left in words: harmless to the numbers, with what to do about it.
_WORDS = (
    (_SOMEONE, "应填写具体名称", "write the name that is meant"),
    (_UNNAMED, "应填写具体名称", "write the name that is meant"),
    (_ITEM, "应填写科目名称", "write the name of the item"),
    (_COMPARISON, "应选定大于或小于", "choose larger or smaller"),
    (_INSTRUCTION, "填写说明应删除", "delete the instruction to the writer"),
)


def template_residue(material: Material) -> Iterator[Finding]:
    """Nothing of the template is left: no XX局, no 增加（减少）, no 大小于, no blank before 万元 or %, no instruction to the writer."""
    yield from _signs(material)
    yield from _directions(material)
    yield from _blanks(material)
    for pattern, what, english in _WORDS:
        for match in pattern.finditer(material.text):
            if not material.in_table(match.start()):
                yield _left(material, match.start(), match.end(), "warning", what, english)


def _signs(material: Material) -> Iterator[Finding]:
    if not any(sign in material.text for sign in _SIGNS):
        return
    for match in _SIGN.finditer(material.text):
        unit = _OF_NUMBER.match(material.text, match.end())
        # A year or a name in place of which a sign stands is harmless beside an amount.
        if unit and not unit[0].strip().startswith(("年", "月", "日")):
            yield _left(
                material, match.start(), unit.end(), "error", "此处应填写数字", "write the number that is missing"
            )
        else:
            yield _left(
                material, match.start(), match.end(), "warning", "应填写具体内容", "write what the sign stands for"
            )


def _directions(material: Material) -> Iterator[Finding]:
    for match in _DIRECTION.finditer(material.text):
        if material.in_table(match.start()):
            continue
        number = match["number"]
        if number and not number.strip("0.,"):
            what, english, severity = "数额为0，应写持平", "the number is 0: say that nothing changed", "warning"
        elif number:
            what, english, severity = "应选定增加或减少", "choose increase or decrease: the sign is not told", "error"
        else:
            what, english, severity = "此处应填写数字", "write the number that is missing", "error"
        yield _left(material, match.start(), match.end(), severity, what, english)  # type: ignore[arg-type]


def _blanks(material: Material) -> Iterator[Finding]:
    text = material.text
    for unit in _UNIT.finditer(text):
        first = max(material.line(unit.start())[0], unit.start() - _REACH)
        blank = _BLANK.search(text, first, unit.end())
        if (
            blank
            and not _OF_UNIT.search(text, max(first, blank.start() - 8), unit.end())
            and not material.in_table(blank.start())
        ):
            yield _left(
                material, blank.start(), unit.end(), "error", "此处应填写数字", "write the number that is missing"
            )


def _left(material: Material, start: int, end: int, severity: Severity, what: str, english: str) -> Finding:
    place = material.place(start, end, "模板残留")
    shown = " ".join(place.text.split())
    message = f"{place.told()}的“{shown}”是模板中未处理的内容：{what}"
    told = f"{place.told('en')}: “{shown}” is left of the template; {english}"
    return finding(
        "template_residue", severity, message, told, [place], numbers=(shown,), found=shown, suspects=[place]
    )
