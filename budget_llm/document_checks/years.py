"""Whether a disclosure is of one year: in titles, headings, table titles and the sentences that state its numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from budget_llm.document_checks.bodies import body_of
from budget_llm.document_checks.material import ZH, Material, Opening, finding
from budget_llm.facts import Finding

# What a title of the document's own speaks of, by kind of document.
_STAGE = {
    "budget": re.compile("预算|收支|三公|(?:部门|单位)(?:收入|支出)|(?:收入|支出)(?:情况|总表)"),
    "final_accounts": re.compile("决算"),
    "performance_self_evaluation": re.compile("绩效自评"),
}
# What titles speak of that are of another year with good reason.
_OF_ANOTHER = {
    "budget": re.compile("决算|执行|完成|对比|比较|变化|上年|结转|评价|自评|总结|回顾|工作|规划|调整|追加|批复"),
    "final_accounts": re.compile("执行|对比|比较|变化|上年|结转|评价|自评|总结|回顾|工作|规划|年初预算|绩效|批复"),
    "performance_self_evaluation": re.compile("申报|结转|整改|上年|预算编制|评价结果应用|工作方案"),
}
_OF_OTHERS = re.compile("通知|意见|办法|审计|印发|[〔［]|20[0-9]{2}")
# How such a title ends. A bare 预算 may be the head of a column in which prior years stand beside this one.
_ENDING = re.compile(
    r"(?:(?:部门|单位)(?:预算|决算)|说明|情况|表|公开|报告|自评|信息|结果|明细)(?:[（(][^（）()]{0,20}[)）])?$"
)
_SELF = re.compile(rf"(?:[{ZH}]{{0,8}}(?:部门|单位|本级)|[我本]\w|区科协|)[ \u3000，]{{0,2}}")
# What a sentence states about the document's own year behind the year, by kind of document.
_AMOUNT = r"[\u4e00-\u9fff]{0,6}[ \u3000]?[0-9][0-9,.]{0,20}[ \u3000]?[万亿]?元"
_STATED = {
    "budget": re.compile(rf"[，,]?[{ZH}“”\"、]{{0,18}}?预算{_AMOUNT}"),
    "final_accounts": re.compile(rf"[，,]?[{ZH}“”\"、]{{0,18}}?(?:决算|总计|合计){_AMOUNT}"),
}
# 现将某局2022年度部门决算公开如下.
_ANNOUNCED = re.compile(rf"(?:部门|单位)(?:预算|决算)[{ZH}]{{0,10}}(?:公开|公布|公示|说明)如下")
_NOT_STATED = re.compile("执行|调整|上年|决算数|完成|批复|下达|追加|结转")
_RETROSPECT = re.compile("上年|执行|回顾|完成|总结|评价|自评|结转")
_SENTENCE_END = re.compile("[。；\n]")


def year_agrees(material: Material) -> Iterator[Finding]:
    """Title, headings, table titles and the sentences that state this year's numbers name one and the same year."""
    kind = material.record.kind
    if material.record.year is None or kind is None:
        return
    titles = [o for o in material.openings if o.is_title and _titles_the_year(o, kind)]
    sentences = [o for o in material.openings if not o.is_title and _states_numbers(o, kind)]
    counts = Counter(opening.year for opening in (*titles, *sentences))
    if len(counts) < 2:
        return
    of_titles = Counter(opening.year for opening in titles) or counts
    own = max(of_titles, key=lambda year: (of_titles[year], counts[year], year == material.record.year))
    right = next(o for o in (*titles, *sentences) if o.year == own)
    for year in sorted(counts.keys() - {own}):
        wrong = [o for o in titles if o.year == year and material.heads_something(o, titles)]
        wrong += [o for o in sentences if o.year == year and _stands_for_own(material, o, own)]
        # Two years named as often are two disclosures in one file.
        if wrong and len(wrong) <= max(1, counts[own] // 2):
            yield _finding(material, wrong, right, counts[own])


def year_compared_is_earlier(material: Material) -> Iterator[Finding]:
    """A budget is compared with an earlier year, not with the budget of its own year."""
    own = material.record.year
    if own is None or material.record.kind != "budget":
        return
    written = re.compile(
        rf"[比较与](?<!对比){own}年度?(?:年初|部门|当年)?(?:预算|执行数|决算)数?(?!批复|草案|编制|安排)(?P<alike>(?:基本)?持平|相比)?"
    )
    for match in written.finditer(material.text):
        first = max(material.line(match.start())[0], match.start() - 60)
        before = _SENTENCE_END.split(material.text[first : match.start()])[-1]
        is_joined = match[0].startswith("与") and not match["alike"]
        if is_joined or re.search("20[0-9]{2}", before) or "相比" in before:
            continue
        place = material.place(match.start(), match.end(), "比较的年度")
        message = f"{place.told()}的“{place.text}”把{own}年预算与本年相比：比较对象应为上年，请核对并改正年度"
        english = f"{place.told('en')}: “{place.text}” compares the budget of {own} with its own year; name the earlier year that is meant"
        yield finding(
            "year_compared_is_earlier", "warning", message, english, [place], numbers=(str(own),),
            expected=str(own - 1), found=str(own), suspects=[place],
        )  # fmt: skip


def _finding(material: Material, wrong: list[Opening], right: Opening, count: int) -> Finding:
    places = [material.place(o.start, o.end, "年度") for o in sorted(wrong, key=lambda o: o.start)]
    other = material.place(right.start, right.end, "年度")
    told = dict.fromkeys((place.told(), place.told("en")) for place in places)
    found, expected = str(wrong[0].year), str(right.year)
    message = (
        f"{'、'.join(zh for zh, _ in told)}的年度写的是{found}年，{other.told()}等{count}处是{expected}年：同一份公开材料的年度不一致，"
        "可能沿用了其他年度的文本，请核对年度和该处的数字"
    )
    english = (
        f"{', '.join(en for _, en in told)} says {found}, {count} other place(s) (the first in {other.told('en')}) say {expected}: one "
        "disclosure names two years; text of another year may have been kept, check the year and the numbers there"
    )
    suspects = places if count > len(wrong) else []
    return finding(
        "year_agrees", "error", message, english, [*places, other], numbers=(found, expected), expected=expected,
        found=found, suspects=suspects,
    )  # fmt: skip


def _is_own(before: str) -> bool:
    """Whether the words before a year are none, or name the body itself."""
    plain = before.strip(' \t\u3000《“"，').removeprefix("现将")
    return _SELF.fullmatch(plain) is not None or body_of(re.sub("[（(].*", "", plain)) is not None


def _titles_the_year(opening: Opening, kind: str) -> bool:
    """Whether a title is one of the document's own tables, parts or statements."""
    after = opening.after.rstrip(" \u3000：:》”")
    if not _STAGE[kind].search(after) or _OF_ANOTHER[kind].search(after) or _OF_OTHERS.search(after):
        return False
    return _ENDING.search(after) is not None and _is_own(opening.before)


def _states_numbers(opening: Opening, kind: str) -> bool:
    """Whether a sentence opens with a year and an amount of the document's stage, or with what is published."""
    pattern = _STATED.get(kind)
    stated = (_ANNOUNCED.match(opening.after) or pattern.match(opening.after)) if pattern else None
    return stated is not None and not _NOT_STATED.search(stated[0]) and _is_own(opening.before)


def _stands_for_own(material: Material, opening: Opening, own: int) -> bool:
    """Whether a sentence about another year speaks as of this year: it compares with the year before, and this year is not named near it."""
    text = material.text
    first, last = material.line(opening.start)
    if f"{own}年" in text[first:last] or f"{own} 年" in text[first:last]:
        return False
    section = material.section(opening.start)
    if _RETROSPECT.search("".join(section.path)):
        return False
    if _ANNOUNCED.match(opening.after):
        return True
    if re.search(rf"(?:比|较|与|同)[ ]?(?:上年|去年|上一年|{opening.year - 1}[ ]?年)", text[opening.end : last]):
        return True
    body = text[section.body : section.end]
    opens = not text[section.body : min(opening.start, opening.before_start)].strip(" \t\n\u3000。：")
    return opens and not re.search(rf"{own}[ ]?年|本年|今年|当年", body)
