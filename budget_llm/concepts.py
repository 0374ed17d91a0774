"""The vocabulary of concepts and the wordings by which disclosures name them.

The wordings live in `lexicon/*.toml`. Labels are compared in a normalised form (width of characters,
white space and quotes ignored); the longest wording wins, and of several side by side the last one,
because Chinese puts the head of a noun phrase at its end. No wording: no concept, never a guess.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from budget_llm.errors import LexiconError

CONCEPTS: tuple[str, ...] = (
    "income.total", "income.current_year", "income.fiscal_appropriation", "income.general_public_budget",
    "income.government_fund", "income.state_capital", "income.special_account", "income.business",
    "income.business_operating", "income.superior_subsidy", "income.affiliate_remittance", "income.other", "income.carryover",
    "expenditure.total", "expenditure.current_year", "expenditure.basic", "expenditure.project", "expenditure.personnel",
    "expenditure.public", "expenditure.function", "expenditure.economic", "expenditure.carry_forward",
    "three_public.total", "three_public.abroad", "three_public.vehicle", "three_public.vehicle_purchase",
    "three_public.vehicle_operation", "three_public.reception", "three_public.trips", "three_public.travellers",
    "operating.total", "operating.item",
    "procurement.total", "procurement.goods", "procurement.works", "procurement.services",
    "assets.vehicles", "assets.vehicles_planned", "assets.equipment", "assets.fixed_total",
    "organisation.departments", "organisation.subordinates",
    "staff.establishment", "staff.actual", "staff.change",
    "performance.projects", "performance.covered_amount", "performance.project_budget",
    "indicator.target", "indicator.weight", "indicator.score", "indicator.rate", "indicator.actual",
    "evaluation.score", "evaluation.execution_rate",
    "other",
)  # fmt: skip

_TRADITIONAL = str.maketrans(
    "預決經費額撥財購務運車輛國資營業單數計長減總結轉構設機關職責組織編輯實際處級績標評價門開會訓團項類與較無變動維護貨員離養險醫療補貼獎勵學佔為採餘屬個劃號據衛農環鄉區縣廳應執幹備臺辦電郵產達壓漲淨節隊兩係於從綜體專領導場館調億萬術勞現絡聯齡課題證記錄書發協約點選歲間後來對時過進還這樣種話說讀寫見觀認識視規詳誤該諮詢請論譯貧買賣賓貸",
    "预决经费额拨财购务运车辆国资营业单数计长减总结转构设机关职责组织编辑实际处级绩标评价门开会训团项类与较无变动维护货员离养险医疗补贴奖励学占为采余属个划号据卫农环乡区县厅应执干备台办电邮产达压涨净节队两系于从综体专领导场馆调亿万术劳现络联龄课题证记录书发协约点选岁间后来对时过进还这样种话说读写见观认识视规详误该咨询请论译贫买卖宾贷",
)


# The rest of the script of tables and headings: codes, columns, places, things.
_TRADITIONAL |= str.maketrans(
    "碼欄註網線鐵舊縮寬圖園複隻橋礦藥廣寧衝儲齊藝聲飛魚鳥糧優禮儀擴檔繳稅償債擔損壞撫舉顧築樓層燈訊號漁獸獎臨條雜誌購併啟鑑館處員詢購給週歷曆",
    "码栏注网线铁旧缩宽图园复只桥矿药广宁冲储齐艺声飞鱼鸟粮优礼仪扩档缴税偿债担损坏抚举顾筑楼层灯讯号渔兽奖临条杂志购并启鉴馆处员询购给周历历",
)

_PLAIN = {**_TRADITIONAL, **dict.fromkeys(map(ord, "“”\"'‘’「」『』 \t\r\n\u3000\ufeff"))}


# Superscript digits are marks of notes: 基本支出² is 基本支出.
_NOTE_MARKS = dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def simplify(text: str) -> str:
    """Return a text with the traditional characters of the genre in simplified form; every offset stays."""
    return text.translate(_TRADITIONAL)


def normalise(label: str) -> str:
    """Return the form in which labels are compared: half-width, without white space and quotes, simplified."""
    return unicodedata.normalize("NFKC", label.translate(_NOTE_MARKS)).translate(_PLAIN)


_normal_character = cache(normalise)


def squeeze(text: str, start: int, end: int) -> tuple[str, list[int]]:
    """Return `text[start:end]` normalised, with the offset in `text` of each of its characters."""
    plain: list[str] = []
    offsets: list[int] = []
    for offset in range(start, end):
        for char in _normal_character(text[offset]):
            plain.append(char)
            offsets.append(offset)
    return "".join(plain), offsets


@dataclass(frozen=True, slots=True)
class Match:
    """A wording found in a label: the concept it names and its place in the normalised label."""

    concept: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Wordings:
    """The wordings of the groups that a topic draws on: `anywhere` in a label, or only as the `whole` of it."""

    anywhere: Mapping[str, str]
    whole: Mapping[str, str]
    longest: int

    def find(self, label: str) -> Match | None:
        """Return the last, longest wording in a normalised label, or None."""
        found, position = None, 0
        while position < len(label):
            for length in range(min(self.longest, len(label) - position), 0, -1):
                concept = self.anywhere.get(label[position : position + length])
                if concept is not None:
                    found = Match(concept, label[position : position + length], position, position + length)
                    position += length - 1
                    break
            position += 1
        return found

    def first(self, label: str) -> Match | None:
        """Return the first wording in a normalised label, at its longest, or None."""
        for position in range(len(label)):
            for length in range(min(self.longest, len(label) - position), 0, -1):
                concept = self.anywhere.get(label[position : position + length])
                if concept is not None:
                    return Match(concept, label[position : position + length], position, position + length)
        return None

    def equal(self, label: str) -> Match | None:
        """Return the match of a label that is, as a whole, one wording."""
        concept = self.whole.get(label) or self.anywhere.get(label)
        return None if concept is None else Match(concept, label, 0, len(label))


@dataclass(frozen=True, slots=True)
class Topic:
    """What a section is about: heading words, the groups of wordings, the scope its money has by default."""

    name: str
    titles: tuple[str, ...]
    groups: tuple[str, ...]
    scope: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """Words around numbers: directions of change, sameness, verbs, lead-ins, openers of asides, adverbs."""

    up: tuple[str, ...]
    down: tuple[str, ...]
    same: tuple[str, ...]
    amount_verbs: tuple[str, ...]
    lead_ins: tuple[str, ...]
    asides: tuple[str, ...]
    adverbs: tuple[str, ...]


def _read(name: str) -> dict[str, dict[str, object]]:
    try:
        return tomllib.loads((files("budget_llm") / "lexicon" / name).read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"lexicon/{name}: {error}; correct the file at that line") from error


def _expand(pattern: str) -> Iterator[str]:
    """Yield every wording that a pattern with `[optional|other]` and `{a|b}` stands for."""
    opened = re.search(r"[\[{]", pattern)
    if not opened:
        yield pattern
        return
    depth, end = 0, opened.start()
    for end in range(opened.start(), len(pattern)):
        depth += (pattern[end] in "[{") - (pattern[end] in "]}")
        if depth == 0:
            break
    else:
        raise LexiconError(f"lexicon: unbalanced bracket in the wording {pattern!r}")
    inside = _split(pattern[opened.start() + 1 : end])
    for choice in ["", *inside] if opened.group() == "[" else inside:
        yield from _expand(pattern[: opened.start()] + choice + pattern[end + 1 :])


def _split(alternatives: str) -> list[str]:
    parts, depth, current = [], 0, ""
    for char in alternatives:
        depth += (char in "[{") - (char in "]}")
        if char == "|" and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]


@cache
def _groups() -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """Return, per group, the wordings found anywhere and those that must be the whole label."""
    groups = {}
    for group, concepts in _read("concepts.toml").items():
        anywhere: dict[str, str] = {}
        whole: dict[str, str] = {}
        for concept, patterns in concepts.items():
            if concept not in CONCEPTS:
                raise LexiconError(f"lexicon/concepts.toml [{group}]: {concept!r} is no concept of the vocabulary")
            if not isinstance(patterns, list):
                raise LexiconError(f"lexicon/concepts.toml [{group}] {concept}: expected a list of wordings")
            for pattern in patterns:
                target = whole if pattern.startswith("=") else anywhere
                for wording in _expand(pattern.removeprefix("=")):
                    target.setdefault(normalise(wording), concept)
        groups[group] = (anywhere, whole)
    return groups


@cache
def topics() -> dict[str, Topic]:
    """Return the topics by name, as lexicon/topics.toml gives them."""
    return {
        name: Topic(
            name,
            tuple(normalise(title) for title in entry["titles"]),  # type: ignore[attr-defined]
            tuple(entry["groups"]),  # type: ignore[arg-type]
            entry.get("scope"),  # type: ignore[arg-type]
        )
        for name, entry in _read("topics.toml").items()
    }


@cache
def wordings(*groups: str) -> Wordings:
    """Return the wordings of several groups as one; where two groups claim a wording, the first has it."""
    anywhere: dict[str, str] = {}
    whole: dict[str, str] = {}
    for group in groups:
        found, exact = _groups()[group]
        anywhere = found | anywhere
        whole = exact | whole
    return Wordings(anywhere, whole, max((len(w) for w in anywhere), default=0))


def topic_wordings(topic: str) -> Wordings:
    """Return the wordings in which the labels of a topic are looked up."""
    return wordings(*topics()[topic].groups)


@cache
def words() -> Words:
    """Return the words around numbers, as lexicon/words.toml gives them, longest first."""
    raw: Mapping[str, object] = _read("words.toml")
    return Words(**{name: tuple(sorted(raw[name], key=len, reverse=True)) for name in Words.__slots__})  # type: ignore[call-overload]


@cache
def header_words() -> frozenset[str]:
    """Return the words that stand in the header rows of tables, normalised, as lexicon/tables.toml gives them."""
    words_of_headers = _read("tables.toml")["header"]
    return frozenset(normalise(word) for word in words_of_headers)


# Words in a label that name no item: stages, sums, verbs, directions.
_EMPTY_WORDS = re.compile(
    r"20[0-9]{2}年度?|[0-9.,%()（）:：、—≥≤<>=-]+|年初|年末|全年|本年|当年|上年|调整后?|预算|决算|执行|实际|完成|安排|支出|收入|经费|资金|金额"
    r"|总额|合计|总计|其中|包括|截至|同比|达到|指标|权重|得分率?|分析|根据|标准|数|额|目标|年度|不?[高低少]于|超过|不?[超]过|该|得|按|中|有|等|的|为|是|共|计|约|占|比|较|与|和|了|率|本|各|项"
)


def share_words(one: str, other: str) -> bool:
    """Whether two labels may name the same item: a third of the telling characters of the shorter is in the longer."""
    a, b = (set(_EMPTY_WORDS.sub("", normalise(label))) for label in (one, other))
    return not a or not b or 3 * len(a & b) >= min(len(a), len(b))


@cache
def _same_phrase() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(phrase) for phrase in words().same))


def unchanged_phrases(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the phrases in `text[start:end]` that say "no change" (与上年持平)."""
    for match in _same_phrase().finditer(simplify(text[start:end])):
        yield start + match.start(), start + match.end()
