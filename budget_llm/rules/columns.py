"""What the columns of a table hold: codes, labels or amounts, and what a header says of an amount."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from budget_llm.facts import Measure
from budget_llm.lexicon import of_lexicon, table_words
from budget_llm.normal_form import normalise
from budget_llm.quantities import parse_number
from budget_llm.scopes import named_fund
from budget_llm.tables import Cell, Table

_CODE = re.compile(r"^(?:类|款|项)$|(?:编码|代码|编号)$")
_OWN_CODE = re.compile(r"^(?!.*科目).*(?:单位|项目|部门|专项)")
_SKIPPED = re.compile(
    r"^(?:采购)?(?:组织形式|方式|方法|类型)$|^(?:序号|行次|栏次|备注|说明|单位编码|单位代码|电话|联系.*)$"
)
_LABEL = re.compile(
    r"(?:名称|科目|项目|内容|用途|品目|类别|单位|部门|年度|年份|目录|大类|方式|来源|依据|理由|原因|措施)$"
)
_CODES = re.compile(r"[2-5][0-9]{2}(?:[0-9]{2}){0,2}")
_DASH = re.compile(r"[-—–－/\\]{1,4}")
# The names of funds hold the word 预算 and say nothing of a stage.
_FUNDS = re.compile(r"(?:一般公共|公共财政|政府性基金|国有资本经营)预算")
_YEAR = re.compile(r"(20[0-9]{2})[ \u3000]?年?")
_LAST_YEAR = re.compile(r"(?:上年|上一年|去年)(?!.{0,6}(?:结转|结余))")
# 2024年预算数比2023年执行数: what is told is of the first.
_COMPARED = re.compile(r"比(?!例|重|率)|较")

_TOTAL = re.compile(r"(?:合|总|小|共)计")
_UNIT = re.compile(r"^(?:计量单位|数量单位|单位)$")
_COUNTED = re.compile(r"^(?:采购|购置)?数量$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its role (code, label, amount, unit, skip), its header as written and normalised, and what that says.

    `leaf` is the lowest header that is no mere 合计 or 小计 (None where all are), `generic` whether the column
    holds the whole of what stands above it.
    """

    number: int
    role: str
    path: tuple[str, ...]
    words: str
    generic: bool
    leaf: str | None
    measure: Measure = "amount"
    year: int | None = None
    stage: str | None = None
    scope: str | None = None
    split: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that belong together from left to right: codes, labels, then the amounts that they name.

    `unit` is the number of the column that tells in what things are counted, None where there is none.
    """

    codes: tuple[Column, ...]
    labels: tuple[Column, ...]
    amounts: tuple[Column, ...]
    unit: int | None = None

    @property
    def words(self) -> str:
        """The headers of the group, normalised."""
        return "".join(column.words for column in (*self.codes, *self.labels, *self.amounts))


def columns_of(table: Table, body: Sequence[Sequence[Cell]], year: int | None) -> list[Column]:
    """Return the columns of a table whose body rows are given."""
    texts: list[list[str]] = [[] for _ in range(table.width)]
    paths: list[tuple[str, ...]] = [()] * table.width
    for row in body:
        for cell in row:
            texts[cell.column].append(cell.text)
            paths[cell.column] = paths[cell.column] or cell.header
    for number, path in enumerate(paths):
        if not path and not texts[number] and any(paths[k] == table.columns[k] != () for k in range(table.width)):
            paths[number] = table.columns[number]
    return [_column(number, paths[number], texts[number], year) for number in range(table.width)]


def _column(number: int, path: tuple[str, ...], texts: Sequence[str], year: int | None) -> Column:
    heads = [normalise(head) for head in path]
    words, leaf = "".join(heads), heads[-1] if heads else ""
    role = _role(leaf, texts)
    specific = [head for head in heads if not is_sum(head)]
    written = _YEAR.search(words)
    stated = int(written[1]) if written else year - 1 if year and _LAST_YEAR.search(words) else None
    return Column(
        number, role, path, words, not heads or is_sum(leaf), specific[-1] if specific else None,
        measure=_measure(leaf), year=stated, stage=stage_in(_COMPARED.split(words)[0] or words),
        scope=next((scope for head in reversed(heads) if (scope := named_fund(head))), None), split=_split(heads),
    )  # fmt: skip


def stage_in(words: str) -> str | None:
    """Return the stage that the normalised words of a header name, None where they name none."""
    plain = _FUNDS.sub("", words)
    return next((stage for stage, pattern in table_words("stages").items() if pattern.search(plain)), None)


@of_lexicon
def _sum_pattern() -> re.Pattern[str]:
    return re.compile(f"(?:{table_words('sums')['words'].pattern}|20[0-9]{{2}}年?度?)+")


def is_sum(head: str) -> bool:
    """Whether a normalised header only says that the whole amount stands below it (合计, 预算数, 金额(万元))."""
    return _sum_pattern().fullmatch(_plain(head)) is not None


def _plain(head: str) -> str:
    """Return a header without its brackets: 金额(万元) is 金额."""
    return re.sub(r"\([^()]{0,20}\)", "", head)


def _split(heads: Sequence[str]) -> str | None:
    """Return what part of an item a header names: the lowest one that names any (人员经费 below 基本支出)."""
    for head in reversed(heads):
        for split, pattern in table_words("splits").items():
            if pattern.search(head):
                return split
    return None


def _measure(leaf: str) -> Measure:
    if _COUNTED.match(leaf):
        return "count"
    if re.search(r"^(?:分值|权重|标准分)", leaf):
        return "weight"
    if re.search(r"得分$|自评分$", leaf):
        return "score"
    if re.search(r"占.{0,10}(?:比|%)|比重|比例\(?%?\)?$|构成", leaf) and "增" not in leaf:
        return "share"
    if re.search(r"%|百分|增长率|增幅|幅度|比率|执行率|完成率|增减比例|变动率", leaf):
        return "rate"
    return "change" if re.search(r"增减|增加|变动|变化|差额|增\(\+\)", leaf) else "amount"


def _role(leaf: str, texts: Sequence[str]) -> str:
    if _SKIPPED.match(leaf):  # a column that only sorts the rows holds the label of the row that sums them up
        return "label" if any(_TOTAL.fullmatch(normalise(text)) for text in texts) else "skip"
    if _UNIT.match(leaf):
        return "unit"
    texts = [text for text in texts if not _DASH.fullmatch(text)]
    numbers = sum(parse_number(text.rstrip("%％")) is not None for text in texts)
    codes = sum(_CODES.fullmatch(text) is not None for text in texts)
    if _CODE.search(_plain(leaf)):
        return "skip" if _OWN_CODE.search(leaf) else "code"
    if texts and codes == len(texts) > 2 and not leaf:
        return "code"
    if numbers * 2 > len(texts) and not (_LABEL.search(leaf) and numbers < len(texts)):
        return "amount"
    return "label" if texts or _LABEL.search(leaf) else "amount"


def groups_of(columns: Sequence[Column]) -> list[Group]:
    """Return the groups of a table's columns: a label or code behind amounts opens the next one."""
    groups: list[Group] = []
    unit = next((column.number for column in columns if column.role == "unit"), None)
    codes: list[Column] = []
    labels: list[Column] = []
    amounts: list[Column] = []
    for column in columns:
        if column.role in ("code", "label") and amounts:
            groups.append(Group(tuple(codes), tuple(labels), tuple(amounts), unit))
            codes, labels, amounts = [], [], []
        kind = {"code": codes, "label": labels, "amount": amounts}.get(column.role)
        if kind is not None:
            kind.append(column)
    if amounts:
        groups.append(Group(tuple(codes), tuple(labels), tuple(amounts), unit))
    return groups
