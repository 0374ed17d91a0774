"""What a reader of the page keeps in mind between numbers: the last thing named, the base, the stage, the fund."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from budget_llm.lexicon import topic_wordings, wordings, words
from budget_llm.normal_form import normalise
from budget_llm.rules.clauses import Mention
from budget_llm.rules.labels import Subject, resolve
from budget_llm.rules.leads import Lead, is_generic, opens_comparison, read_lead, strip_label
from budget_llm.sections import Section

_FUNCTION_TOPICS = frozenset({"income", "expenditure", "fiscal_appropriation", "other", "performance"})
# Where a section's own wordings know a label not: what the other topics call their money.
# A short wording of another topic (会议费) may be part of any name.
_LONG_ENOUGH = 4
# Sections in which 年初预算数 by itself is that of the whole body.
_OF_THE_WHOLE = frozenset({"performance", "expenditure"})
_A_LIST = 3
_RESPECTIVELY = re.compile(r"(?:依次|分别)(?:为|是)?$")
_ELSEWHERE = ("three_public", "operating", "procurement", "assets", "performance", "income", "expenditure")
_INVOLVED = re.compile(
    r"涉及[^;]{0,12}[0-9]{1,6}[个项][、,][^;]{0,6}$|[0-9]{1,6}[个项][^;。]{0,20},涉及(?:一般公共预算|财政)[^;,]{0,8}$"
)
_OF_INVOLVED = re.compile("(?:涉及)?(?:一般公共预算|财政)?(?:项目)?(?:资金|金额)")
# 主要项级科目安排：某某馆138万元、…
_ITEMS_LISTED = re.compile(r"[项款]级(?:支出|功能)?科目(?:支出)?(?:安排|包括|如下|情况|为|有)?:[^;]{0,240}$")
_ITEM_NAME = re.compile(r"(?!其中|合计|小计|其他$)[\u4e00-\u9fff、()]{2,24}")
_SCORED_PROJECT = re.compile(r"([\u4e00-\u9fff]{4,30}项目)(?:绩效)?自评")
_PROJECT_NAME = re.compile(r"[\u4e00-\u9fff()0-9A-Za-z-]{5,40}")
_CALLED_PROJECT = re.compile(r"[\u4e00-\u9fff]{4}项目(?:资金|经费)?$")
_NO_PROJECT = re.compile(
    r"采购|支出|预算|决算|上述|以上|其他|其余|部分|所有|全部|各项|[该等个类本]项目|重点项目|一般项目"
)
_PURPOSE = re.compile("主要用于|用于")
# 涉及3个项目：…, 主要项目包括：…
_PROJECTS_LISTED = re.compile(
    r"(?:[0-9]{1,6}个(?:重点|预算|专项)?项目|项目(?:有|包括|如下|分别(?:为|是)))[:,][^;]{0,240}$"
)
_COUNTED = ("assets.vehicles", "assets.equipment", "staff.", "organisation.", "three_public.tr", "performance.projects")


@dataclass(slots=True)
class Memory:
    """The state of reading one section, mention by mention.

    `last` and `main` are the last and the first subject of the sentence that stated money, `counted` the
    last one counted, `in_aside` one named inside a reason; `base` is the comparison announced, `stage` the
    stage of the last amount, `scopes` the fund spoken of by kind of money, `queue` the subjects of a list that
    names all before all numbers (货物、工程、服务依次为…), `unit` the unit of the last amount. `unknown` tells that the
    last amount was of something that no wording names, `outer` is what a bracket with parts belongs to, `opener` the first subject of the sentence, `unchanged` counts
    the amounts since the last change, `year`
    another year than the document's that the sentence opened with.
    """

    section: Section
    is_budget: bool = True
    paragraph: int = -1
    sentence: int = -1
    last: Subject | None = None
    main: Subject | None = None
    counted: Subject | None = None
    in_aside: Subject | None = None
    base: str | None = None
    stage: str | None = None
    scopes: dict[str, str] = field(default_factory=dict)
    queue: list[Subject] = field(default_factory=list)
    unit: str | None = None
    unknown: bool = False
    outer: Subject | None = None
    unchanged: int = 0
    opener: Subject | None = None
    year: int | None = None

    def enter(self, mention: Mention) -> None:
        """Forget what a new paragraph or sentence leaves behind; take up a comparison that a clause announces."""
        if mention.paragraph != self.paragraph:
            self.paragraph, self.sentence, self.unknown = mention.paragraph, mention.number, False
            self.last = self.main = self.counted = self.in_aside = self.base = self.stage = None
            self.outer = self.year = self.opener = None
            self.unchanged = 0
        elif mention.number != self.sentence:
            self.sentence, self.base, self.stage, self.in_aside = mention.number, None, None, None
            self.last = self.opener if self.opener and _continues(mention) else self.main
            self.queue, self.outer, self.year, self.opener = [], None, None, None
        if mention.opens:
            self.outer = self.last
        elif mention.closes and self.outer:
            self.last, self.outer, self.unchanged, self.unknown = self.outer, None, 0, False
        for clause in mention.earlier:
            base = opens_comparison(clause)
            if base is not None:
                self.base = base

    def forget(self) -> None:
        """Let go of what was named: an amount of something unknown was read past, and what follows may be said of it."""
        self.last = self.main = self.counted = self.in_aside = None
        self.unknown = True

    def remember(self, subject: Subject, lead: Lead, *, aside: bool = False) -> None:
        """Keep what a number was said of."""
        self.unknown = False
        if lead.kind != "amount":
            self.unchanged = 0
        elif subject != self.last:  # the budget and the final amount of one item are one
            self.unchanged += 1
        if aside:
            self.in_aside = subject
            return
        if subject.concept.startswith(_COUNTED):
            self.counted = subject
            return
        if self.main is None or (lead.kind == "amount" and self.last is None):
            self.main = subject
        self.opener = self.opener or subject
        self.last = subject

    def resolve(self, label: str, *, whole: bool = True) -> Subject | None:
        """Return the subject that a label names in this section, by its topic's wordings, then by all others'."""
        topic = self.section.topic
        functions = topic in _FUNCTION_TOPICS
        found = resolve(label, topic_wordings(topic), functions=False, whole=whole)
        if found is None and self.main is not None and self.main.concept.startswith("procurement."):
            found = resolve(
                label, wordings("procurement"), functions=False, whole=whole
            )  # 采购预算9万元，其中货物3万元
        other = None if found else resolve(label, wordings(*_ELSEWHERE), functions=False, whole=False)
        if other and len(other.label) < _LONG_ENOUGH:
            other = None
        if functions:
            item = resolve(label, topic_wordings(topic), functions=True, whole=whole)
            if item and (other is None or item.concept != "expenditure.function" or item.code or _is_path(item.label)):
                return item
        return found or other

    def subject(self, mention: Mention, lead: Lead) -> tuple[Subject | None, bool]:
        """Return what a number of money is said of, and whether its own label says so."""
        listed = self._listed(mention, lead)
        if listed:
            return listed, True
        if lead.kind == "amount" and _OF_INVOLVED.fullmatch(lead.label) and _INVOLVED.search(mention.before):
            return Subject("performance.covered_amount", lead.label), True
        named = lead.label and (not is_generic(lead.label) or self._is_total(lead))
        if named and not self._is_spent(lead):
            found = _as_project(self.resolve(_own_label(mention, lead)), mention) or _listed_item(mention, lead)
            if found or lead.label not in words().adverbs:
                return found, True
        if mention.aside and not _is_back(mention, lead):
            return self.in_aside, False
        return _of_project(self.carried(mention, lead), mention, lead), False

    def _listed(self, mention: Mention, lead: Lead) -> Subject | None:
        """Return the subject of a number in a list that names everything first: the queue is filled and emptied in order."""
        shared = _RESPECTIVELY.search(mention.lead)
        names = mention.lead[: shared.start()].split("、") if shared else []
        if len(names) > 1:
            found = [self.resolve(name) for name in names]
            self.queue = [subject for subject in found if subject] if all(found) else []
        elif mention.lead or lead.kind != "amount":
            return None
        return self.queue.pop(0) if self.queue else None

    def _is_total(self, lead: Lead) -> bool:
        """Whether 支出预算 or 收入预算 names a total: in a budget it does, in final accounts it is one column of an item."""
        return self.is_budget and re.match(r"收入|支出", lead.label) is not None and self._of_words(lead) is not None

    def _is_spent(self, lead: Lead) -> bool:
        """Whether a bare 支出 is what was spent on the item just named, not the total of all spending."""
        kind = self.last.concept.split(".")[0] if self.last else ""
        return lead.label in ("支出", "实际支出") and kind in ("three_public", "operating", "procurement")

    def carried(self, mention: Mention, lead: Lead) -> Subject | None:
        """Return the subject named before: in a clause without numbers, the last one, the opening, the heading."""
        for clause in reversed(mention.earlier):
            if _says_none(clause, mention) or opens_comparison(clause) is not None or _PURPOSE.match(clause):
                continue
            found = self.resolve(read_lead(clause, is_phrase=True).label)
            if found and not is_generic(strip_label(clause)):
                return found
        own = self._of_words(lead)
        if self.unknown or (own and self.last and _other_side(own, self.last)):
            return own
        if self.last:
            return None if self._is_shared_out(mention, lead) else self.last
        if mention.is_phrase and self.counted:
            return self.counted
        opening = self.resolve(mention.opening) if mention.opening else None
        return opening or self._of_heading(lead)

    def _is_shared_out(self, mention: Mention, lead: Lead) -> bool:
        """Whether a change behind a list without changes may be of the list's total as well as of its last item."""
        return lead.kind in ("change", "rate") and self.unchanged >= _A_LIST and "其中" in mention.before

    def _of_heading(self, lead: Lead) -> Subject | None:
        """Return the total that the heading names ("（一）收入预算：年初预算数…"), else what the label alone stands for."""
        own = self._of_words(lead)
        if own and re.match(r"收入|支出", lead.label):
            return own
        heading = self.resolve(normalise(self.section.title)) if self.section.title else None
        if heading and heading.concept.endswith(".total"):
            return heading
        return own or heading

    def _of_words(self, lead: Lead) -> Subject | None:
        """Return what a general label stands for by itself in this topic (年初预算数: the whole budget)."""
        if not re.search(r"收入|支出", lead.label) and self.section.topic not in _OF_THE_WHOLE:
            return None
        exact = topic_wordings(self.section.topic).equal(strip_label(lead.label)) if lead.label else None
        return Subject(exact.concept, exact.label) if exact else None


def _is_back(mention: Mention, lead: Lead) -> bool:
    """Whether a sentence that told what an item is for is back at its amounts: …（项），主要用于…支出，年初预算为40万元."""
    told = mention.before.rpartition("主要用于")[2]
    return lead.stage is not None and is_generic(lead.label) and told != mention.before and "原因" not in told


def _own_label(mention: Mention, lead: Lead) -> str:
    """The label with what `strip_label` would take from its start, where a code may stand."""
    at = mention.lead.find(lead.label)
    return mention.lead[: at + len(lead.label)] if at > 0 and lead.base is None else lead.label


def _other_side(own: Subject, last: Subject) -> bool:
    """Whether a label speaks of spending after income, or of income after spending."""
    sides = {own.concept.split(".")[0], last.concept.split(".")[0]}
    return sides == {"income", "expenditure"}


def _as_project(subject: Subject | None, mention: Mention) -> Subject | None:
    """An item that no classification knows, listed under 项目支出, is a project with its money."""
    if subject is None or subject.concept != "expenditure.function" or subject.code or _is_path(subject.label):
        return subject
    under_project = re.search(r"项目支出[^;]{0,80}其中", mention.context[-120:] + mention.before)
    known = wordings("function").find(subject.label)
    if not under_project or (known and known.end - known.start == len(subject.label)):
        return subject
    return Subject("performance.project_budget", subject.label)


def _continues(mention: Mention) -> bool:
    """Whether a sentence behind a semicolon goes on about the one before it (…万元；较上年减少…)."""
    return mention.context[: len(mention.context) - len(mention.before)].endswith(";") and bool(
        re.match(r"(?:比|较|同比|与上年)", mention.before)
    )


def _of_project(carried: Subject | None, mention: Mention, lead: Lead) -> Subject | None:
    """Return what a budget or its execution is of: not of what goals cover, but of the project that the sentence scores."""
    if not re.search(r"预算|执行", lead.label):
        return carried
    scored = _SCORED_PROJECT.search(mention.before)
    if scored and not _NO_PROJECT.search(scored.group(1)):
        return Subject("performance.project_budget", scored.group(1))
    return None if carried and carried.concept == "performance.covered_amount" else carried


def _listed_item(mention: Mention, lead: Lead) -> Subject | None:
    """Return the item or project that a list names without calling each one so."""
    if lead.kind == "amount" and _ITEMS_LISTED.search(mention.before) and _ITEM_NAME.fullmatch(lead.label):
        return Subject("expenditure.function", lead.label, split="project" if "项目支出" in mention.before else None)
    return named_project(mention, lead)


def named_project(mention: Mention, lead: Lead) -> Subject | None:
    """Return the project that a label names as one (某某改造项目), or names in a list of projects (涉及2个项目：…工程)."""
    label = lead.label
    if lead.kind not in ("amount", "change") or not _PROJECT_NAME.fullmatch(label) or _NO_PROJECT.search(label):
        return None
    listed = _PROJECTS_LISTED.search(mention.before)
    if _CALLED_PROJECT.search(label) or (listed and lead.kind == "amount" and not mention.aside):
        return Subject("performance.project_budget", label)
    return None


def _is_path(label: str) -> bool:
    return "(类)" in label or "-" in label


def _says_none(clause: str, mention: Mention) -> bool:
    """Whether a clause names something that the number is not said of: what is absent, what it all consists of."""
    absent = re.search(r"^[^费款]{0,6}(?:无|未|没有|零)", clause) is not None and not mention.is_phrase
    return absent or re.match(r"(?:全部|均|全)为", clause) is not None
