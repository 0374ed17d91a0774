"""What the number of a table's cell is of: the row names an item, the column says what is told of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from budget_llm.lexicon import Match, Wordings, wordings
from budget_llm.normal_form import normalise
from budget_llm.rules.columns import Column
from budget_llm.rules.forms import Form
from budget_llm.rules.rows import Row
from budget_llm.scopes import named_fund

_OF_SPLIT = {
    "basic": "expenditure.basic",
    "project": "expenditure.project",
    "personnel": "expenditure.personnel",
    "public": "expenditure.public",
    "reserve": "other",
}
_LEFT_OUT_COLUMNS = re.compile(r"上缴上级|经营支出|附属单位补助")
CARRIED_IN = re.compile(r"年初.{0,6}结转|上年.{0,6}结转|年初结余")
_CARRIED_ON = re.compile(r"年末.{0,6}结转|结转下年|年末结余")
_CATEGORIES = {"货物": "procurement.goods", "工程": "procurement.works", "服务": "procurement.services"}
_CATEGORY = re.compile(r"(?:货物|工程|服务)(?=类?[A-Ca-c]?(?:小计|合计|采购)?$)")
_SUM = re.compile(r"(?:合计|小计|总计)$")
# A row of the department itself or of a unit below it.
_BODY = re.compile(
    r"(?:局|委员会|委|厅|院|校|中心|站|所|队|馆|社|办公室|办事处|机关|中学|小学|幼儿园|医院|处|[林农牧渔]场|公园|公司|协会|学会|联合会|乡|镇|街道|电视台|剧团)(?:\([^()]{1,12}\))?(?:本级|机关|本部)?$"
)
# The number of a body, and what sums it up: 311002 某某林场 小计.
_BESIDE_BODY = re.compile(r"^[0-9]{3,9}|(?:小计|合计)$")
# What a form calls the whole of its money, by its stage too.
_WHOLE = re.compile(
    r"资金总额|总额$|整体支出|^(?:年度|部门|单位|项目|总)?(?:预算|资金)(?:资金|金额)?$|^(?:年初|全年|调整)(?:预算|执行)数?$|^执行数$"
)
# 五、国有资本经营预算支出: the funds are three, so long only the list of classes is.
_BEYOND_FUNDS = re.compile("[四五六七八九十]")
_LOOKS_LIKE_A_CLASS = re.compile(r"支出$|-|[（(][类款项][)）]")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a group of columns in its place: the side of the statement it is of, whether it stands below the
    carry-over of last year, the kind of procurement whose items it lists, and the project the table is about."""

    row: Row
    side: str | None
    below_carried: bool
    category: str | None
    project: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a number is of: concept, label as written, code, and the split and scope of the number."""

    concept: str
    label: str
    code: str | None = None
    split: str | None = None
    scope: str | None = None


def subject_of(line: Line, column: Column, form: Form) -> Subject | None:
    """Return what the number of a cell is of, by its line and column; None where they leave that open."""
    row = line.row
    if form.kind == "three_public":
        return _three_public(row, column, form)
    if form.kind == "procurement":
        return _procurement(row, column, form, line.category)
    if form.kind == "funds":
        return _funds(line, column, form)
    if form.kind == "projects":
        return _project(row, column, form)
    if form.kind == "services":
        return Subject("other", row.label, scope=column.scope or form.scope) if row.label else None
    if "采购" in row.words and (bought := wordings("procurement").equal(row.words)):
        return Subject(bought.concept, row.label, scope=column.scope or form.scope)
    side = _of_column(column) or line.side or _of_split(column)
    if side == "income" or CARRIED_IN.search(column.words):
        return _income(row, column, form, line.below_carried)
    if side == "expenditure" or _CARRIED_ON.search(column.words):
        return _expenditure(row, column, form)
    return None


def _three_public(row: Row, column: Column, form: Form) -> Subject | None:
    known = wordings("three_public", "operating")
    label = _written(column)
    for words, wording in ((normalise(label), label), (row.words, row.label)):
        match = words and (known.equal(words) or known.find(words))
        if match:
            return Subject(match.concept, wording, scope=form.scope)
    if row.is_total or (column.generic and column.leaf is None):
        label = column.path[-1] if column.path and not row.is_total else row.label
        return Subject("other" if form.is_wider else "three_public.total", label, scope=form.scope)
    return None


def _written(column: Column) -> str:
    """Return the lowest header of a column that is no mere sum, as written."""
    return next((head for head in reversed(column.path) if normalise(head) == column.leaf), "")


def category_of(row: Row) -> str | None:
    """Return the kind of procurement that a row opens (一、货物A, 工程类), whose items stand in the rows below."""
    match = _CATEGORY.match(row.words)
    return _CATEGORIES[match[0]] if match else None


def _procurement(row: Row, column: Column, form: Form, category: str | None) -> Subject | None:
    known = wordings("procurement")
    scope = column.scope or form.scope
    for words, label in ((column.leaf or "", _written(column)), (row.words, row.label)):
        match = words and (known.equal(words) or known.equal(_SUM.sub("", words)))
        if match:
            return Subject(match.concept, label, scope=scope)
    if row.is_total:
        return Subject("procurement.total", row.label, scope=scope)
    if not row.label:
        return None
    # what kind of thing an item is, its name alone does not tell
    return Subject(category or ("procurement.total" if _is_body(row) else "other"), row.label, scope=scope)


def _funds(line: Line, column: Column, form: Form) -> Subject | None:
    """Return what a number of the funds of a self-evaluation is of: money by source, its execution, its score."""
    row = line.row
    if column.measure in ("weight", "score"):
        return Subject(f"indicator.{column.measure}", "预算执行率")
    if column.measure == "rate":
        return Subject("evaluation.execution_rate", row.label or "预算执行率")
    if column.measure != "amount" or not row.label:
        return None
    money = money_of(row, line.project, column.scope or form.scope)
    return money or Subject("performance.project_budget", row.label, scope=column.scope or form.scope)


def money_of(row: Row, project: str | None, scope: str) -> Subject | None:
    """Return what an amount is of that a form states for a label: the whole of a project or department, or a source.

    `project` is whom the form is about, None for a department; `scope` is whose money it tells unless the label does.
    """
    is_whole = row.is_total or _WHOLE.search(row.words) is not None
    if project:
        own = None if is_whole else named_fund(row.words)
        return Subject("performance.project_budget", project if is_whole else row.label, scope=own or scope)
    if is_whole:
        return Subject("expenditure.total", row.label, scope=scope)
    income = wordings("income")
    known = wordings("expenditure").equal(row.words) or income.equal(row.words) or income.find(row.words)
    return Subject(known.concept, row.label, scope=scope) if known else None


def _project(row: Row, column: Column, form: Form) -> Subject | None:
    scope = column.scope or form.scope
    if row.is_total:
        return Subject("expenditure.project", row.label, scope=scope)
    return Subject("performance.project_budget", row.label, scope=scope) if row.label else None


def _income(row: Row, column: Column, form: Form, below_carried: bool) -> Subject | None:
    known = wordings("income")
    named = _named(column, known)
    of_column = "income.carryover" if CARRIED_IN.search(column.words) else named.concept if named else None
    year = "本年收入" in column.words
    whole = "income.current_year" if "本年" in row.words or (year and "总计" not in row.words) else "income.total"
    if of_column in (None, "income.total", "income.current_year"):
        of_column = whole
    if row.code or row.is_total or not row.words:
        return Subject(of_column, row.label or _written(column), row.code, scope=form.scope)
    match = known.equal(row.words) or known.find(row.words)
    if match is None:
        return Subject(of_column, row.label, scope=form.scope) if _is_body(row) else None
    concept = "income.carryover" if below_carried and match.concept != "income.carryover" else match.concept
    return Subject(concept, row.label, scope=form.scope)


def _named(column: Column, known: Wordings) -> Match | None:
    """Return the wording that a column's header is: its lowest part, or all of it where words were wrapped over rows."""
    leaf = column.leaf if column.leaf and len(column.leaf) > 2 else ""
    return known.equal(leaf) or known.find(leaf) or (known.find(column.words) if not column.generic else None)


def _expenditure(row: Row, column: Column, form: Form) -> Subject | None:
    scope = column.scope or form.scope
    split = column.split or ("basic" if form.is_basic else "project" if form.is_project else None)
    if _CARRIED_ON.search(column.words):
        return Subject("expenditure.carry_forward", row.label, row.code, scope=scope)
    if _LEFT_OUT_COLUMNS.search(column.words) and not column.split:
        return Subject("other", row.label, row.code, scope=scope)
    if form.is_operating and (row.is_total or not row.words):
        return Subject("operating.total", row.label or _written(column), scope=scope)
    if row.is_total or (not row.words and not row.code):
        concept = _OF_SPLIT.get(split or "") or _total(row, column)
        return Subject(concept, row.label or _written(column), scope=scope)
    if row.code:
        concept = "expenditure.function" if row.code.startswith("2") else "expenditure.economic"
        return Subject(concept, row.label, row.code, split, scope)
    known = wordings("expenditure").equal(row.words) or wordings("expenditure").equal(_SUM.sub("", row.words))
    if known and known.concept == "expenditure.total" and _BEYOND_FUNDS.search(row.ordinal):
        return Subject("expenditure.function", row.label, None, split, scope)
    if known:
        split = column.split if known.concept == "expenditure.total" else None
        return Subject(known.concept, row.label, None, split, scope)
    if _is_body(row):
        return Subject(_OF_SPLIT.get(split or "") or _total(row, column), row.label, scope=scope)
    if _CARRIED_ON.search(row.words):
        return Subject("expenditure.carry_forward", row.label, scope=scope)
    economic = wordings("economic").equal(row.words)
    function = wordings("function").equal(row.words)
    if economic and (form.is_economic or not function):
        return Subject("expenditure.economic", row.label, None, split, scope)
    if form.is_economic:
        return Subject("expenditure.economic", row.label, None, split, scope)
    if function or _LOOKS_LIKE_A_CLASS.search(row.words):
        return Subject("expenditure.function", row.label, None, split, scope)
    return None


def _is_body(row: Row) -> bool:
    """Whether a row is of a body, so that the column alone tells what is stated of it."""
    return row.code is None and _BODY.search(_BESIDE_BODY.sub("", row.words)) is not None


def _total(row: Row, column: Column) -> str:
    """Return which total a 合计 row without a split is: a final account's 本年支出合计 is the current year's."""
    is_year = "本年" in row.words or ("本年支出" in column.words and "总计" not in row.words)
    return "expenditure.current_year" if is_year else "expenditure.total"


def _of_column(column: Column) -> str | None:
    """Return the side that a column names by itself, as the columns of a fund's table do (本年收入, 本年支出)."""
    if "本年收入" in column.words and "支出" not in column.words:
        return "income"
    return "expenditure" if "本年支出" in column.words and "收入" not in column.words else None


def _of_split(column: Column) -> str | None:
    """Return that a column of 基本支出 or 项目支出 is of the expenditure, where nothing else tells the side."""
    return "expenditure" if column.split and "收入" not in column.words else None
