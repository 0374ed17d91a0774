"""Counts of things and people: vehicles, equipment, trips, posts, staff, departments, projects."""

from __future__ import annotations

import re

from budget_llm.lexicon import Match, Wordings
from budget_llm.quantities import Quantity
from budget_llm.rules.clauses import Mention
from budget_llm.rules.labels import Subject, count_table
from budget_llm.rules.leads import Lead, strip_label

_VEHICLE_UNITS = frozenset({"辆", "輛", "台"})
_UNIT_OF_CONCEPT = {
    "assets.vehicles": {"辆", "輛", "台", "艘"},
    "assets.equipment": {"台（套）", "台(套)", "台/套", "台", "套", "件"},
    "organisation.departments": {"个", "個", "家"},
    "organisation.subordinates": {"个", "個", "家"},
    "staff.establishment": {"名", "人", "个", "個"},
    "staff.actual": {"名", "人", "个"},
    "performance.projects": {"个", "個", "项", "項"},
    "evaluation.score": {"分"},
    "other": {"个", "個", "家"},
}
_TO_REACH = re.compile(r"(?:不少于|不低于|不超过|达到|大于等于|[≥≤>＞]|目标(?:值)?(?:为)?)$")
# 内设处室)某某局(包含…: what stood in a bracket before; 内设机构包括甲室和10个委员会: of what it consists.
_CLOSED = re.compile(r"^[^()]{0,40}\)")
_LISTS = re.compile(r"(?:主要)?(?:包括|包含|含|有)[\u4e00-\u9fff、]{2,40}[和及与、]$")
_AT_ONCE = 6
# 核定编制24名(行政6名、事业18名): the parts of what stands before a bracket that is still open.
_IN_BRACKET = re.compile(r"\([^()]{0,60}$")
_KINDS_OF_POSTS = frozenset({"行政", "事业", "工勤", "参公"})
_THING = re.compile(r"[\u4e00-\u9fff]{2,8}")
_AROUND = (
    (
        re.compile(r"(?:内设|下设)$"),
        re.compile(r"(?:职能|内设)?(?:机构|科室|处室|股室|部室|业务部门|部门)"),
        "organisation.departments",
    ),
    (
        re.compile(r"(?:下属|所属|直属|下辖)$"),
        re.compile(r"(?:二级|基层)?(?:预算|事业)?单位"),
        "organisation.subordinates",
    ),
)
_BOUGHT = re.compile(r"购置|更新|新增|购买|采购")
_STOCK = re.compile(r"保有|共有|现有|实有|截[至止]|存量|用于")
_AS_OF = re.compile(
    r"截[至止](?:到)?(?P<a>20[0-9]{2})年(?:(?P<b>1[0-2]|0?[1-9])月|[末底])?|(?P<c>20[0-9]{2})年(?:(?P<d>1[0-2]|0?[1-9])月(?:[0-9]{1,2}日|底|末))"
)


def count_subject(
    mention: Mention, lead: Lead, topic: str, last: Subject | None, stage: str
) -> tuple[Subject, str | None] | None:
    """Return what is counted and its stage, or None where the words do not tell."""
    if lead.kind in ("share", "rate"):
        return None
    quantity = mention.quantity
    if topic == "three_public" or re.search(r"出国|接待|团组|团次", mention.before[-40:] + mention.trail):
        travel = _travel(mention, lead, stage, last)
        if travel:
            return travel
    if quantity.unit in _VEHICLE_UNITS:
        vehicle = _vehicle(mention, lead, stage)
        if vehicle:
            return vehicle
    counted = _counted(mention, lead, topic, quantity, last, stage)
    return (counted[0], "budget") if counted and is_planned(mention, counted[0]) else counted


def _travel(mention: Mention, lead: Lead, stage: str, last: Subject | None) -> tuple[Subject, str | None] | None:
    """Trips abroad, travellers, batches and guests received."""
    unit, near = mention.quantity.unit, mention.before[-24:] + "|" + mention.trail
    abroad = re.search(r"出国|出境|团组", near)
    received = _is_received(mention.before[-40:])
    if received and (
        unit in ("批次", "批", "人次", "人", "名", "次") or (unit == "个" and mention.before.endswith("团组"))
    ):
        return Subject("other", strip_label(lead.label) or "公务接待"), stage
    if unit in ("个", "个（次）", "团组", "次", "批") and re.search(r"团组|团次", near):
        return Subject("three_public.trips", "因公出国（境）团组"), stage
    if unit in ("人次", "人", "名") and (
        abroad or (last and last.concept in ("three_public.trips", "three_public.travellers"))
    ):
        return Subject("three_public.travellers", "因公出国（境）人次"), stage
    return None


def _is_received(before: str) -> bool:
    """Whether the words speak of guests received (接待来访团组12个), not of journeys abroad."""
    received, abroad = before.rfind("接待"), max(map(before.rfind, ("出国", "出境", "出访")))
    return received > abroad and ("团组" not in before[-14:] or "接待" in before[-16:])


def _vehicle(mention: Mention, lead: Lead, stage: str) -> tuple[Subject, str | None] | None:
    """Vehicles in stock, planned to be bought, bought or disposed of."""
    clause = mention.sentence if "购置" in mention.lead else mention.before
    label = strip_label(lead.label)
    found = count_table().find(label) or count_table().find(mention.trail[:12])
    own = found.label if found and found.concept == "assets.vehicles" else None
    last_bought = max((m.end() for m in _BOUGHT.finditer(mention.before)), default=-1)
    last_stock = max((m.end() for m in _STOCK.finditer(mention.before)), default=-1)
    if re.search(r"处置|报废|减少", mention.lead):
        return Subject("other", "处置" + (own or "车辆")), stage
    if last_bought > last_stock and not re.search(
        r"购置及运行|购置和运行", clause[max(0, last_bought - 4) : last_bought + 4]
    ):
        if stage == "budget":
            return Subject("assets.vehicles_planned", own or "购置车辆"), "budget"
        return Subject("other", "购置" + (own or "公务用车")), stage
    if own is None and "车" not in mention.before + mention.trail[:8]:
        return None
    return Subject("assets.vehicles", own or "车辆"), None


def _counted(
    mention: Mention, lead: Lead, topic: str, quantity: Quantity, last: Subject | None, stage: str
) -> tuple[Subject, str | None] | None:
    """What a wording before or behind the number names, where its measure word fits."""
    if lead.kind == "change" and not lead.label and last is not None and last.concept.startswith("staff."):
        return last, None
    if (
        quantity.unit in ("人", "名")
        and lead.label == ""
        and mention.lead in ("实有", "现有", "实际")
        and last is not None
    ):
        return (Subject("staff.actual", mention.lead), None) if last.concept.startswith("staff.") else None
    around = _around(mention) if quantity.unit in ("个", "個", "家") else None
    if around:
        return around, None
    own = strip_label(lead.label)
    if last and last.concept == "staff.establishment" and own in _KINDS_OF_POSTS and _IN_BRACKET.search(mention.before):
        return Subject(last.concept, own), None
    table = count_table()
    before = _named_before(own, table)
    behind = table.first(mention.trail[:16]) if mention.trail else None
    at_once = behind is not None and behind.start <= _AT_ONCE
    order = [behind, before] if at_once and topic in ("organisation", "duties", "performance") else [before, behind]
    for match in order:
        if match is behind and not at_once:
            continue
        if match and quantity.unit in _UNIT_OF_CONCEPT.get(match.concept, ()):
            if match.concept == "performance.projects" and topic != "performance" and "绩效" not in mention.sentence:
                continue
            return Subject(match.concept, match.label), "budget" if match.concept == "performance.projects" else None
    if topic == "performance" and stage == "final" and lead.kind == "amount":
        return _achieved(mention, lead)
    if not mention.aside and not own and quantity.unit in ("台（套）", "台(套)", "台/套"):
        return (last, None) if last and last.concept == "assets.equipment" else None
    return None


def _named_before(label: str, table: Wordings) -> Match | None:
    """Return the wording that a label ends in; not one of a bracket that closed, nor one that lists what the number is of."""
    own = _CLOSED.sub("", label)
    found = (table.equal(own) or table.find(own)) if own else None
    return None if found and _LISTS.match(own, found.end) else found


def _achieved(mention: Mention, lead: Lead) -> tuple[Subject, str | None] | None:
    """What a self-evaluation tells to have been done: 城市书房4处, 67家会员单位; named by what stands next to the number."""
    if mention.quantity.unit == "分" or not mention.quantity.text[0].isdigit() or _TO_REACH.search(mention.lead):
        return None
    behind = _THING.match(mention.trail)
    label = behind.group() if behind else strip_label(lead.label)
    return (Subject("other", label[-16:]), None) if len(label) >= 2 else None


def _around(mention: Mention) -> Subject | None:
    """What stands on both sides of a number: 内设4个机构, 下属3家预算单位."""
    for before, behind, concept in _AROUND:
        opened, closed = before.search(mention.lead), behind.match(mention.trail)
        if opened and closed:
            return Subject(concept, opened.group() + closed.group())
    return None


def stock_period(mention: Mention, subject: Subject, year: int | None) -> int | str | None:
    """Return "YYYY-MM" for a stock as of a month or the end of a year, else the fiscal year."""
    if not subject.concept.startswith(
        ("assets.vehicles", "assets.equipment", "assets.fixed", "staff.", "organisation.")
    ):
        return year
    if subject.concept == "assets.vehicles_planned" or is_planned(mention, subject):
        return year
    dates = list(_AS_OF.finditer(mention.context))
    if not dates:
        return year
    named = dates[-1].groupdict()
    return f"{named['a'] or named['c']}-{int(named['b'] or named['d'] or 12):02d}"


def is_planned(mention: Mention, subject: Subject) -> bool:
    """Whether equipment is to be bought (安排购置车辆0辆，购置单价100万元以上设备1台), not in stock."""
    return subject.concept == "assets.equipment" and "购置" in mention.lead and "安排购置" in mention.before
