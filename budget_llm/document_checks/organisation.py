"""Whether a disclosure names one body as its own: in titles, headings, tables and the openings of sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from budget_llm.document_checks.bodies import Body, body_of
from budget_llm.document_checks.material import NUMBERING, ZH, Material, Opening, finding
from budget_llm.facts import Finding, Place

_NAME = re.compile(rf"(?P<name>[{ZH}]{{3,30}})(?:[（(][{ZH}]{{2,20}}[)）])?[ \u3000]{{0,4}}")
_NAME_BEHIND = re.compile(rf"(?P<name>[{ZH}]{{4,28}}?)(?:部门|单位)?(?:整体支出)?(?:预算|决算|收支|绩效)")
# What a title of the body's own disclosure says behind the year, and how it ends.
_OWN = re.compile("预算|决算|绩效自评|收支|收入|支出|三公|绩效目标|概况|运行经费|政府采购")
_ENDING = re.compile(r"(?:预算|决算|说明|情况|表|公开|报告|概况|自评|信息|结果|明细)(?:[（(][^（）()]{0,20}[)）])?$")
_OF_OTHERS = re.compile("通知|批复|意见|办法|函|评价|审计|检查|关于印发")
# What a sentence about the body's own money goes on with.
_MONEY = re.compile(
    '(?:部门|单位)?(?:收支|收入|支出|财政拨款|一般公共预算|政府性基金|国有资本经营|[“「"]?三公|机关运行经费|政府采购|年初预算|本年收入|本年支出)'
)
_FIELD = re.compile(
    rf"(?:部门|单位)(?:名称)?(?:[（(][^（）()\n]{{0,8}}[)）])?[ \u3000]?[:：][ \u3000]{{0,4}}(?P<name>[{ZH}]{{4,30}})"
)
# 主管部门 and 实施单位 name others.
_BEFORE_FIELD = re.compile(rf"(?:^|[^{ZH}])(?:编制|填报|公开|预算|申报)?$")
_OVERVIEW = re.compile(rf"(?P<name>[{ZH}]{{4,30}}?)(?:部门|单位)?(?:基本)?(?:概况|情况)")
_PRESENTED = re.compile(
    rf"\n[ \u3000]{{0,8}}(?P<name>[{ZH}]{{4,30}}?)(?:[（(][^（）()\n]{{2,30}}[)）])?(?:是|为|系)[{ZH}]{{0,24}}(?:(?:政府|市委|区委|县委|省委)(?:工作|组成|直属)(?:部门|机构|机关)|主管[全本])"
)
_COVER = re.compile(
    rf"(?:\n|^)[ \t\u3000]{{0,40}}(?P<name>[{ZH}]{{4,30}})[ \t\u3000]{{0,40}}\n\s{{0,20}}(?:20[0-9]{{2}}[ \u3000]?年度?[ \u3000]?)?(?:部门|单位)(?:整体|预算|决算)"
)
# A text that names more is a list of bodies.
_MOST_BODIES = 12
# How a text speaks of bodies that belong to its own, or that it was made from.
_RELATED = re.compile(
    "下属|所属|直属|管理的|挂|牌子|更名|原(?!因)|划[转入归]|组建|合并|撤销|整合|合署|机构改革|二级|下设|预算单位|单位构成|编制范围|编报范围|包括|分别"
)


@dataclass(frozen=True, slots=True)
class _Naming:
    """A place that names a body as the document's own; not surely so where it may be a link to another disclosure."""

    body: Body
    place: Place
    is_sure: bool = True


def organisation_agrees(material: Material) -> Iterator[Finding]:
    """Title, headings, table titles and the sentences about its money name one and the same body."""
    groups: list[list[_Naming]] = []
    for naming in sorted(_namings(material), key=lambda naming: naming.place.start):
        for group in groups:
            if not naming.body.is_another_than(group[0].body) and naming.body.kind == group[0].body.kind:
                group.append(naming)
                break
        else:
            groups.append([naming])
        if len(groups) > _MOST_BODIES:
            return
    own = max(groups, key=len, default=[])
    for group in groups:
        sure = [naming for naming in group if naming.is_sure]
        # Two bodies named as often are two disclosures in one file.
        if group is own or not sure or len(sure) > max(1, len(own) // 2):
            continue
        if not sure[0].body.is_another_than(own[0].body) or sure[0].body.is_supervisor or _is_related(material, group):
            continue
        yield _finding(sure, own)


def _finding(group: list[_Naming], own: list[_Naming]) -> Finding:
    wrong, right = group[0].place, own[0].place
    told = dict.fromkeys((naming.place.told(), naming.place.told("en")) for naming in group)
    message = (
        f"{'、'.join(zh for zh, _ in told)}写的是“{wrong.text}”，{right.told()}等{len(own)}处写的是“{right.text}”：同一份公开材料的单位名称不一致，"
        "可能套用了其他单位的文本，请核对并改正"
    )
    english = (
        f"{', '.join(en for _, en in told)} names {wrong.text}, {len(own)} other place(s) (the first in {right.told('en')}) "
        f"name {right.text}: one disclosure names two bodies; text of another body may have been copied, check and correct it"
    )
    places = [naming.place for naming in group]
    suspects = places if len(own) > len(group) else []
    return finding(
        "organisation_agrees", "error", message, english, [*places, right], numbers=(wrong.text, right.text),
        expected=right.text, found=wrong.text, suspects=suspects,
    )  # fmt: skip


def _namings(material: Material) -> Iterator[_Naming]:
    """Yield every place that names a body as the one whose disclosure this is."""
    titles = [o for o in material.openings if o.is_title and _is_own_title(o.after)]
    for opening in titles:
        yield from _at_year(material, opening, material.heads_something(opening, titles))
    for opening in material.openings:
        if not opening.is_title and _MONEY.match(opening.after):
            yield from _at_year(material, opening, True)
    yield from _presented(material)
    yield from _fields(material)
    yield from _overviews(material)
    yield from _cover(material)


def _is_own_title(after: str) -> bool:
    """Whether the words behind the year are those of a title of the body's own disclosure."""
    return bool(_OWN.search(after) and _ENDING.search(after)) and not _OF_OTHERS.search(after)


def _at_year(material: Material, opening: Opening, is_sure: bool) -> Iterator[_Naming]:
    """Yield the name before the year of a title or sentence, or the one behind it (2024年度某局部门预算)."""
    match = _NAME.fullmatch(opening.before)
    if match:
        yield from _naming(material, match["name"], opening.before_start + match.start("name"), is_sure)
    elif opening.is_title and not opening.before.strip():
        behind = _NAME_BEHIND.match(opening.after)
        if behind:
            yield from _naming(material, behind["name"], opening.after_start + behind.start("name"), is_sure)


def _presented(material: Material) -> Iterator[_Naming]:
    """Yield the name in the sentence that presents the body as one of the government (某局是县政府工作部门)."""
    for match in _PRESENTED.finditer(material.text):
        if material.section(match.start("name")).topic in ("duties", "organisation"):
            yield from _naming(material, match["name"], match.start("name"))
            return


def _fields(material: Material) -> Iterator[_Naming]:
    """Yield the names behind 编制部门： at a table, not those of superiors and of units that carry out projects."""
    for match in _FIELD.finditer(material.text):
        is_own = _BEFORE_FIELD.search(material.text, max(0, match.start() - 3), match.start())
        if is_own and material.is_above_table(match.start()):
            yield from _naming(material, match["name"], match.start("name"))


def _overviews(material: Material) -> Iterator[_Naming]:
    """Yield the names in headings such as 第一部分 某局概况."""
    for section in material.sections[1:]:
        lead = NUMBERING.match(section.title)
        match = _OVERVIEW.fullmatch(section.title, lead.end() if lead else 0)
        if match:
            yield from _naming(material, match["name"], section.start + match.start("name"))


def _cover(material: Material) -> Iterator[_Naming]:
    """Yield the name that stands alone on a line of the cover, above the words of the title; others are links of a page."""
    for match in _COVER.finditer(material.text, 0, material.cover):
        yield from _naming(material, match["name"], match.start("name"))


def _naming(material: Material, name: str, start: int, is_sure: bool = True) -> Iterator[_Naming]:
    body = body_of(name)
    if body is not None:
        yield _Naming(body, material.place(start, start + len(name), "单位名称"), is_sure)


def _is_related(material: Material, group: list[_Naming]) -> bool:
    """Whether the text tells how a body belongs to its own, outside the places that name it."""
    stem = group[0].body.stem
    taken = [(naming.place.start, naming.place.end) for naming in group]
    for match in re.finditer(re.escape(stem), material.text):
        if any(start <= match.start() < end for start, end in taken):
            continue
        first = max(0, match.start() - 60)
        # A second name in brackets behind the first is another sign on one door.
        is_bracketed = re.search("[（(]", material.text[max(0, match.start() - 12) : match.start()])
        if is_bracketed or _RELATED.search(material.text, first, match.end() + 40):
            return True
    return False
