"""What the words before a number say: its label, whether it is an amount, a change, a share or a rate."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from budget_llm.lexicon import of_lexicon, words

Kind = Literal["amount", "change", "share", "rate"]

_ANCHOR = re.compile(
    r"(?:比|较|与|同|和)(?=(?:上|去|前)一?年(?!度?结[转余])|20[0-9]{2}年|年初(?!结转)|同期|全年|调整预算|当年预算|预算|决算)|同比|环比"
)
_SHARE = re.compile(r"占(?P<whole>[^占]{0,40}?)(?:的)?(?:比例|比重|比)?(?:为|是|达|约)?$")
_RATE = re.compile(
    r"(?P<words>(?:完成|为|占|是|达到?)(?:了)?(?:年初|全年|调整|当年)?(?:部门|收入|支出)?预算(?:数)?的?(?:比例)?(?:为)?|预算?完成率(?:为|是|达到?)?|执行率(?:为|是|达到?)?|完成(?:比例|率)为?|控制率(?:为|是|达到?)?|(?:^|,)完成了?)$"
)
# 占收入预算的95%: the share of one source, no completion.
_OF_ONE_SIDE = re.compile(r"占(?:部门)?(?:收入|支出)预算")
# 压减办公费5万元: the direction before its label.
_TURNED = re.compile(
    r"^(?:主要是|其中:?|,|一是|二是|三是|同时|并|年中)*(?P<word>压减|压缩|减少|核减|调减|缩减|削减|增加|调增|追加)(?!\()(?=[\u4e00-\u9fff])"
)
# 比上年决算少4.30万元: only behind a comparison, because 至少 and 不少于 turn nothing.
_LESS_OR_MORE = re.compile(r"(?<![至不最])(?P<word>少|多)(?:了|支出|支|安排)?$")
_PRIOR = re.compile(r"^(?:,|其中:?)*由?(?:上年|去年|上一年)度?(?=(?:预算|决算|执行|支出|收入|的$))")
_FROM_PRIOR = re.compile(r"[由从](?:上年|去年|上一年)?度?的?$")
_BRACKETED = re.compile(r"[0-9.,][百千万亿]{0,3}元\($")
# 完成年初预算12.00万元的82.17%: the percentage behind the number that it is taken of.
_COMPARED = re.compile(r"相比|对比|相较|比较")
_PART_OF = re.compile(r"(完成|占)([^,]{0,24}?)[0-9.,]{1,30}[百千万亿]{0,3}元的$")
_YEAR = re.compile(r"(20[0-9]{2})年度?")
# The name of a fund before what is of it: 政府性基金预算年初结转, 国有资本经营预算本年收入.
_FUND = re.compile(r"(?:一般公共|政府性基金|国有资本经营)预算(?=年初|年末|上年|本年|当年|项目资金)")
_TAIL = r"(?:了|额|数|率|幅度|比例|金额|支出|经费)*(?:为|约|近|达到?|:|共计|各)*$"
# 年中核减其他资金后全年预算数: what was done to the budget names nothing.
_CHANGED_INTO = re.compile(r"^.{2,24}后的?(?=(?:全年|调整后?)预算数?(?:为|是)?$)")
# 与2023年执行数300万元相比减少5万元: what the number before it was stated for.
_BEHIND_BASE = re.compile(r"^(?:相比|对比|相较),?(?=[\u4e00-\u9fff])")
_GENERIC = re.compile(
    r"的?(?:完成|占|为)?(?:年初|全年|调整后?|当年|本年|年度|年中|实际)*(?:\(调整\))?(?:收入|支出)?"
    r"(?:(?:预算|决算|执行|安排|调整|批复|实际支出|资金|经费)+(?:数|额|总额|金额|支出|总数|数额|数合计|的)?|总数|其中|金额|总价|数额|总额)"
)


@dataclass(frozen=True, slots=True)
class Lead:
    """The reading of a lead: the label, what kind of number follows, its sign, and what it compares with.

    `base` is the wording of the comparison ("" where only 同比 is said, None without any), `whole` what a
    share is taken of, `year` the last year named in the label, `stage` a stage that the label names.
    `is_base` tells that the number is what is compared with, `prior` that it is the year before's (上年预算),
    `unclear` that the template's 增加（减少） was left standing, `signed` that the number's own sign is its direction.
    """

    label: str
    kind: Kind
    sign: int
    base: str | None
    whole: str | None
    year: int | None
    stage: str | None
    is_base: bool = False
    unclear: bool = False
    prior: bool = False
    signed: bool = False


@of_lexicon
def _direction() -> re.Pattern[str]:
    up, down = "|".join(words().up), "|".join(words().down)
    return re.compile(
        rf"(?:(?P<both>(?:{up})[(/]?(?:{down})[)]?|(?:{down})[(/]?(?:{up})[)]?)|(?P<up>{up})|(?P<down>{down})){_TAIL}"
    )


# 超出预算12万元: more than what was budgeted.
_BEYOND = re.compile(r"(?<!不)(?P<word>超出|超过|超|高于|低于|少于)(?P<base>(?:年初|全年|调整后?)?预算)数?$")
# 较上年变动-34.84万元: only the sign of the number tells the direction.
_SIGNED = re.compile(r"^(?P<head>.*?)[(]?(?:变动|变化|增减)(?:额|率|幅度|情况)?(?:为|:)?$")


@of_lexicon
def _edges() -> tuple[re.Pattern[str], re.Pattern[str]]:
    lead_ins = "|".join(re.escape(w) for w in words().lead_ins)
    verbs = "|".join(re.escape(w) for w in words().amount_verbs)
    start = re.compile(
        rf"^(?:{lead_ins}|[0-9]{{1,2}}[.、]|\([一二三四五六七八九十0-9]{{1,2}}\)|[一二三四五六七八九十]{{1,2}}、|[-—、。:*)]|20[0-9]{{2}}年度?(?:末|底|初)?)+"
    )
    return start, re.compile(rf"(?:{verbs}|20[0-9]{{2}}年度?|[:(])+$")


def strip_label(label: str) -> str:
    """Return a label without list marks, lead-ins, years and verbs at its edges."""
    start, end = _edges()
    plain = end.sub("", start.sub("", label))
    return plain[1:] if plain.startswith("(") and ")" not in plain else plain


def is_generic(label: str) -> bool:
    """Whether a label names no item but only "the budget figure", "the amount"."""
    return not label or _GENERIC.fullmatch(label) is not None


def stage_of(words_: str) -> str | None:
    """Return the stage that words name: adjusted budget, final (决算, 执行数) or budget; None without any."""
    words_ = _FUND.sub("", words_)
    if re.search(r"调整预算|全年预算|全年\(?调整|调整数|调整后|\(调整\)预算", words_):
        return "adjusted_budget"
    if re.search(r"采购计划|计划采购", words_):
        return "budget"
    if re.search(r"决算|执行数|实际执行|实际支出|实际完成|实际发生|实际采购|全年执行", words_):
        return "final"
    if re.search(r"预算(?!财政|拨款|收入$|支出$|安排|单位|管理|执行)", words_) or re.search(
        r"(?:年初|年|支出|收入)预算(?!执行|单位)", words_
    ):
        return "budget"
    return None


def read_lead(lead: str, is_percent: bool = False, is_phrase: bool = False, before: str = "") -> Lead:
    """Read the normalised words before a number; `before` is the sentence up to it."""
    lead = _BEHIND_BASE.sub("", _CHANGED_INTO.sub("", lead))
    anchor = _ANCHOR.search(lead)
    if is_phrase:
        return _lead(lead[: anchor.start()] if anchor else lead, "change", 0, lead, anchor, None)
    if is_percent and lead.startswith("的") and (part := _PART_OF.search(before)):
        done = part.group(1) == "完成"
        base = "年初预算" if "年初" in part.group(2) else "预算"
        return Lead("", "rate" if done else "share", 1, base if done else None, part.group(2), None, None)
    if is_percent and lead == "(" and _BRACKETED.search(before):  # 基本支出60万元（60%）
        return Lead("", "share", 1, None, None, None, None)
    return _read_rate(lead, is_percent) or _read_change(lead, anchor, is_percent) or _read_amount(lead, anchor)


def _read_rate(lead: str, is_percent: bool) -> Lead | None:
    """Read the words before a share or a completion rate."""
    if not is_percent:
        return None
    share, rate = _SHARE.search(lead), _RATE.search(lead)
    if share and (not rate or _OF_ONE_SIDE.match(rate.group("words"))):
        return _lead(lead[: share.start()], "share", 1, lead, None, share.group("whole"))
    if rate:
        done = _lead(lead[: rate.start()], "rate", 1, lead, None, None)
        return replace(
            done, base=_rate_base(rate.group("words")), whole=None if "控制" in rate.group("words") else "预算"
        )
    return None


def _rate_base(words_: str) -> str:
    """Return what a completion is of: the initial or the adjusted budget; 执行率 stays as it is."""
    if "率" in words_ and "完成" not in words_:
        return words_
    return "全年预算" if re.search("调整|全年", words_) else "年初预算" if "年初" in words_ else "预算"


def _read_change(lead: str, anchor: re.Match[str] | None, is_percent: bool) -> Lead | None:
    """Read the words before a number that a direction makes a change or a growth rate."""
    direction = _direction().search(lead)
    if direction and (anchor is None or anchor.start() <= direction.start()):
        head = lead[: min(direction.start(), anchor.start() if anchor else len(lead))]
        if anchor and not head and (named := _COMPARED.search(lead, anchor.end(), direction.start())):
            head = lead[named.end() : direction.start()]  # 与上年相比财政拨款支出增加
        sign = -1 if direction.group("down") else 1
        read = _lead(head, "rate" if is_percent else "change", sign, lead[: direction.start()], anchor, None)
        return replace(read, unclear=direction.group("both") is not None)
    beyond = None if is_percent else _BEYOND.search(lead)
    if beyond:
        sign = -1 if beyond.group("word") in ("低于", "少于") else 1
        read = _lead(lead[: beyond.start()], "change", sign, lead, None, None)
        return replace(read, base=beyond.group("base"))
    signed = None if direction else _SIGNED.search(lead)
    if signed:
        head = lead[: anchor.start()] if anchor else signed.group("head")
        return replace(_lead(head, "rate" if is_percent else "change", 1, lead, anchor, None), signed=True)
    before_label = _TURNED.match(lead) if not is_percent and anchor is None and direction is None else None
    if before_label:
        sign = 1 if before_label.group("word") in ("增加", "调增", "追加") else -1
        return _lead(lead[before_label.end() :], "change", sign, lead, None, None)
    turned = _LESS_OR_MORE.search(lead) if anchor else None
    if anchor and turned:
        sign = -1 if turned.group("word") == "少" else 1
        return _lead(lead[: anchor.start()], "rate" if is_percent else "change", sign, lead, anchor, None)
    return None


def _read_amount(lead: str, anchor: re.Match[str] | None) -> Lead:
    """Read the words before an amount: what it is of, or what is compared with it."""
    if anchor:
        read = _lead(lead[: anchor.start()], "amount", 1, lead, anchor, None)
        year = _YEAR.search(lead, anchor.start())
        stage = stage_of(lead[anchor.start() :])
        is_prior = year is None and re.match(r"(?:上|去)一?年", lead[anchor.end() :]) is not None
        return replace(read, year=int(year.group(1)) if year else None, stage=stage, is_base=True, prior=is_prior)
    from_prior = _FROM_PRIOR.search(lead)
    if from_prior:  # 支出由上年的180万元增至200万元
        return replace(_lead(lead[: from_prior.start()], "amount", 1, lead, None, None), prior=True, is_base=True)
    prior = _PRIOR.match(lead)
    if prior:
        return replace(_lead(lead[prior.end() :], "amount", 1, lead, None, None), prior=True, is_base=True)
    return _lead(lead, "amount", 1, lead, None, None)


def _lead(head: str, kind: Kind, sign: int, lead: str, anchor: re.Match[str] | None, whole: str | None) -> Lead:
    years = _YEAR.findall(head)
    base = None
    if anchor:
        anchors = list(_ANCHOR.finditer(lead))
        base = lead[anchors[-1].end() :] if anchors else ""
    return Lead(strip_label(head), kind, sign, base, whole, int(years[-1]) if years else None, stage_of(head))


def opens_comparison(clause: str) -> str | None:
    """Return the base where a numberless clause announces a comparison ("与2022年度相比"), else None."""
    anchor = _ANCHOR.match(clause)
    if anchor and re.search(r"(?:相比|对比|比较|相较|比)$|^(?:比|较)[^增减升降]*$", clause):
        return clause[anchor.end() :]
    return None


def basis_of(base: str | None) -> str | None:
    """Return the basis that the words of a comparison name: prior_budget, prior_final, initial_budget, or None."""
    if base is None or "率" in base:  # 执行率 and 控制率 name no year that they compare with
        return None
    if re.search(r"年初预算|当年预算|全年预算", base) and not re.search(r"上年|20[0-9]{2}年", base):
        return "adjusted_budget" if "全年" in base else "initial_budget"
    if re.search(r"决算|执行", base):
        return "prior_final"
    if re.fullmatch(r"(?:支出|收入)?预算(?:数|相比|的|比)*", base):
        return "initial_budget"
    return "prior_budget" if "预算" in base else None
