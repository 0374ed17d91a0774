"""Two readings joined: a verdict for every number, the kind of each difference, nothing repaired."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budget_llm.claims import claims_of
from budget_llm.crosscheck import crosscheck
from budget_llm.document import Document
from budget_llm.extraction import extract
from budget_llm.facts import Fact
from budget_llm.locate import Locator
from budget_llm.model import Answer, Request
from budget_llm.schemas import Base, Change, Count, Expenditure, Income, MoneyItem
from budget_llm.usage import Usage
from budget_llm.wire import BASES, COUNTS, FUNDS, MONEY, CountRow, MoneyReply, MoneyRow

TEXT = (
    "某县水利局2024年部门预算\n一、收入预算\n2024年收入预算100.50万元，其中：一般公共预算拨款90.25万元，事业收入10.25万元。"
    "收入较2023年减少3.5万元。\n"
)


class Scripted:
    """A model that answers every request with one filled schema."""

    name = "scripted"

    def __init__(self, answer: Income | Expenditure) -> None:
        self.answer = reply(answer)
        self.asked = 0

    async def ask(self, request: Request) -> Answer:
        """Return the scripted answer where the schema fits and it was not given yet, else an empty one."""
        if isinstance(self.answer, request.schema):
            self.asked += 1
            answer = self.answer if self.asked == 1 else request.schema()
            return Answer(answer, None, Usage(calls=1, prompt_tokens=10, completion_tokens=5))
        return Answer(request.schema(), None, Usage(calls=1))


def reply(filled: Income | Expenditure) -> MoneyReply:
    """Return the reply that fills a schema so."""
    words = {concept: word for word, concept in (*MONEY.items(), *COUNTS.items())}
    funds = {scope: word for word, scope in FUNDS.items()}
    bases = {base: word for word, base in BASES.items()}
    rows: list[MoneyRow] = []
    for item in filled.items:
        first, *more = item.changes or (Change(),)
        about = {"n": item.label, "k": words[item.concept]}
        row = about | {
            "c": item.code, "a": item.amount, "b": item.budget, "j": item.adjusted, "s": item.share, "p": item.completion,
            "y": item.year, "f": item.scope and funds[item.scope], **_change(first, bases),
        }  # fmt: skip
        rows += [MoneyRow.model_validate(row), *(MoneyRow.model_validate(about | _change(c, bases)) for c in more)]
    counts = [
        CountRow.model_validate({"n": c.label, "k": words[c.concept], "q": c.count, "t": c.as_of})
        for c in filled.counts
    ]
    return MoneyReply(i=tuple(rows), q=tuple(counts))


def _change(change: Change, bases: dict[Base, str]) -> dict[str, str | None]:
    return {"d": change.amount, "r": change.rate, "v": change.base and bases[change.base]}


def item(label: str, concept: str, amount: str, *changes: Change, **more: object) -> MoneyItem:
    """One item as a model fills it."""
    return MoneyItem.model_validate({"label": label, "concept": concept, "amount": amount, "changes": changes, **more})


TOTAL = item("收入预算", "income.total", "100.50万元", Change(amount="减少3.5万元"))
FUND = item("一般公共预算拨款", "income.general_public_budget", "90.25万元")
BUSINESS = item("事业收入", "income.business", "10.25万元")


def read(*items: MoneyItem, text: str = TEXT) -> tuple[Fact, ...]:
    """The facts of a text whose income the model fills with `items`."""
    return extract(Document.from_text(text), Scripted(Income(items=items))).facts


def verdicts(facts: tuple[Fact, ...]) -> list[tuple[str, str, str | None]]:
    """Value, verdict and kind of difference of each fact."""
    return [(str(f.value), f.verdict, f.conflict) for f in facts]


@pytest.mark.parametrize(
    ("quote", "value"),
    [
        ("与2022年度持平", "0"),
        ("比2023年少1.2万元", "-1.2"),
        ("多了3万元", "3"),
        ("减少2023年结转5万元", "-5"),
        ("至少3万元", "3"),
    ],
)
def test_a_change_is_what_its_words_say(quote: str, value: str) -> None:
    """A year in the words is no amount; 少 and 多 turn where they stand by themselves."""
    (claim,) = claims_of(Income(items=(item("收入预算", "income.total", "", Change(amount=quote)),)))
    assert (claim.measure, str(claim.value)) == ("change", value)


def test_what_both_read_alike_is_confirmed() -> None:
    """Same place, same number, same concept."""
    assert verdicts(read(TOTAL, FUND, BUSINESS)) == [
        ("100.50", "confirmed", None),
        ("90.25", "confirmed", None),
        ("10.25", "confirmed", None),
        ("-3.5", "confirmed", None),
    ]


def test_what_the_model_left_out_is_rule_only() -> None:
    """The rules' reading stands, and says that it stands alone."""
    facts = read(TOTAL, FUND)
    assert [f.verdict for f in facts if f.text == "10.25"] == ["rule_only"]


def test_what_the_rules_do_not_know_is_model_only_where_number_and_label_meet() -> None:
    """A wording outside the lexicon is read by the model and located at its label."""
    text = TEXT + "另有捐赠款物折价2.75万元。\n"
    facts = read(TOTAL, FUND, BUSINESS, item("捐赠款物折价", "income.other", "2.75万元"), text=text)
    (found,) = [f for f in facts if f.text == "2.75"]
    assert (found.verdict, text[found.start : found.end]) == ("model_only", "2.75")


WRONG_NUMBERS = [
    ("1005.0万元", "decimal shift"),
    ("10.05万元", "decimal shift"),
    ("105.00万元", "transposed digits"),
    ("105.00元", "transposed digits"),
    ("155.05万元", "invented"),
    ("100.50亿元", "unit"),
    ("1005000元", "unit"),
    ("10.50万元", "dropped digit"),
    ("123.45万元", "invented"),
    ("107.50万元", "changed digit"),
    ("100万元", "truncated"),
    ("90.25万元", "neighbouring row"),
]


@pytest.mark.parametrize(("written", "kind"), WRONG_NUMBERS)
def test_a_number_that_is_not_in_the_source_never_passes(written: str, kind: str) -> None:
    """The rules' number stands as a conflict that names the kind of difference and keeps the model's number."""
    facts = read(item("收入预算", "income.total", written), FUND, BUSINESS)
    (total,) = [f for f in facts if f.text == "100.50"]
    assert total.verdict == "conflict"
    assert total.value == Decimal("100.50")
    assert total.other is not None
    assert total.other.text in written
    assert not total.trusted
    assert total.conflict == kind


def test_an_invented_item_is_unsupported() -> None:
    """No rule read it and the source does not hold it: it has no place and cannot be trusted."""
    facts = read(TOTAL, FUND, BUSINESS, item("其他收入", "income.other", "77.77万元"))
    (invented,) = [f for f in facts if f.text == "77.77"]
    assert (invented.verdict, invented.conflict, invented.start, invented.trusted) == (
        "unsupported",
        "invented",
        None,
        False,
    )


def test_a_true_number_at_another_label_is_no_support() -> None:
    """90.25 stands in the source, but not at 捐赠收入."""
    facts = read(TOTAL, BUSINESS, item("捐赠收入款", "income.other", "90.25万元"))
    (fund,) = [f for f in facts if f.text == "90.25" and f.start is not None]
    assert fund.verdict in ("conflict", "rule_only")
    assert fund.concept == "income.general_public_budget"
    assert [(f.verdict, f.conflict) for f in facts if f.label == "捐赠收入款"] == [("unsupported", "wrong item")]


def test_a_settled_number_lends_no_support_to_a_second_claim() -> None:
    """An invented item that borrows a confirmed number is listed as unsupported, and the number stays confirmed."""
    facts = read(TOTAL, FUND, BUSINESS, item("捐赠收入", "income.other", "90.25万元"))
    assert [f.verdict for f in facts if f.concept == "income.general_public_budget"] == ["confirmed"]
    assert [(f.verdict, f.conflict) for f in facts if f.label == "捐赠收入"] == [("unsupported", "wrong item")]


def test_a_turned_sign_is_a_conflict() -> None:
    """增加 for 减少: the source's direction word decides."""
    facts = read(item("收入预算", "income.total", "100.50万元", Change(amount="增加3.5万元")), FUND, BUSINESS)
    (change,) = [f for f in facts if f.measure == "change"]
    assert (change.verdict, change.conflict, change.value) == ("conflict", "sign", Decimal("-3.5"))


def test_another_concept_for_the_same_number_is_a_conflict() -> None:
    """事业收入 is not 经营收入."""
    facts = read(TOTAL, FUND, item("事业收入", "income.business_operating", "10.25万元"))
    (business,) = [f for f in facts if f.text == "10.25"]
    assert (business.conflict, business.concept) == ("wrong item", "income.business")
    assert business.other is not None
    assert business.other.concept == "income.business_operating"


def test_two_equal_numbers_are_told_apart_by_their_labels() -> None:
    """Zeros and repeated totals go to the place where their own label stands."""
    text = "某县水利局2024年部门预算\n一、收入预算\n收入预算5万元，其中：一般公共预算拨款5万元，事业收入0万元，其他收入0万元。\n"
    items = (
        item("收入预算", "income.total", "5万元"),
        item("一般公共预算拨款", "income.general_public_budget", "5万元"),
        item("其他收入", "income.other", "0万元"),
        item("事业收入", "income.business", "0万元"),
    )
    assert {f.verdict for f in read(*items, text=text)} == {"confirmed"}


def test_an_answer_without_a_number_is_reported_not_read() -> None:
    """A claim that holds no number becomes a warning; no fact is made of it."""
    disclosure = extract(
        Document.from_text(TEXT), Scripted(Income(items=(item("事业收入", "income.business", "若干"),)))
    )
    assert [f.rule for f in disclosure.findings] == ["model_number_unreadable"]
    assert "若干" in disclosure.findings[0].message


def test_counts_are_joined_like_money() -> None:
    """Vehicles read by both are confirmed, a wrong count is not."""
    text = "某县水利局2024年部门预算\n一、国有资产占用情况\n截至2023年末，共有车辆3辆。\n"
    right = Expenditure(counts=(Count(label="车辆", concept="assets.vehicles", count="3辆", as_of="2023-12"),))
    wrong = Expenditure(counts=(Count(label="车辆", concept="assets.vehicles", count="5辆"),))
    assert [f.verdict for f in extract(Document.from_text(text), Scripted(right)).facts] == ["confirmed"]
    assert "confirmed" not in [f.verdict for f in extract(Document.from_text(text), Scripted(wrong)).facts]


def test_no_reading_is_lost_when_joined() -> None:
    """Every fact of the rules comes out once, whatever the model said."""
    rule_facts = extract(Document.from_text(TEXT), "none").facts
    assert [f.start for f in crosscheck(rule_facts, ())] == [f.start for f in rule_facts]
    joined = read(TOTAL, TOTAL, FUND, item("其他收入", "income.other", "77.77万元"))
    assert sorted(f.start for f in joined if f.start is not None) == [f.start for f in rule_facts]


def test_swapped_rows_are_a_conflict() -> None:
    """Two numbers exchanged between two items: each stands in the source, at the other's label."""
    text = "某县水利局2024年部门预算\n一、支出预算\n支出预算100万元，其中：教育支出60万元，卫生健康支出40万元。\n"
    swapped = Expenditure(
        items=(
            item("教育支出", "expenditure.function", "40万元"),
            item("卫生健康支出", "expenditure.function", "60万元"),
        )
    )
    facts = extract(Document.from_text(text), Scripted(swapped)).facts
    assert {f.verdict for f in facts if f.concept == "expenditure.function"} <= {"conflict", "rule_only", "unsupported"}
    assert [(f.text, f.label) for f in facts if f.start is not None and f.concept == "expenditure.function"] == [
        ("60", "教育支出"),
        ("40", "卫生健康支出"),
    ]


def test_a_number_of_another_item_is_no_support_where_the_rules_read_nothing() -> None:
    """Labels outside the lexicon: exchanged numbers are unsupported, not model_only."""
    text = "某县水利局2024年部门预算\n一、收入预算\n收入预算100万元，另有甲乙款物60万元，丙丁票证40万元。\n"
    facts = read(item("甲乙款物", "income.other", "40万元"), item("丙丁票证", "income.other", "60万元"), text=text)
    assert [f.verdict for f in facts if f.concept == "income.other"] == ["unsupported", "unsupported"]


def test_a_turned_sign_is_no_support_where_the_rules_read_nothing() -> None:
    """The direction word of the source contradicts the claim."""
    text = "某县水利局2024年部门预算\n一、收入预算\n收入预算100万元，丙丁票证减少7万元。\n"
    facts = read(item("丙丁票证", "income.other", "", Change(amount="增加7万元")), text=text)
    assert [(f.verdict, f.start) for f in facts if f.concept == "income.other"] == [("unsupported", None)]


def test_budget_and_final_exchanged_is_a_conflict() -> None:
    """The stage that a number has in the source decides."""
    text = "某县水利局2023年部门决算\n一、机关运行经费\n机关运行经费年初预算100万元，支出决算90万元。\n"
    exchanged = Expenditure(items=(item("机关运行经费", "operating.total", "100万元", budget="90万元"),))
    facts = extract(Document.from_text(text), Scripted(exchanged)).facts
    assert [(str(f.value), f.stage, f.verdict, f.conflict) for f in facts] == [
        ("100", "budget", "conflict", "wrong stage"),
        ("90", "final", "conflict", "wrong stage"),
    ]
    assert [f.other and f.other.field for f in facts] == ["final", "budget"]


def test_a_wrong_unit_or_code_is_no_support() -> None:
    """A unit that the source does not give the number, a code that it does not print."""
    text = "某县水利局2024年部门预算\n一、收入预算\n收入预算100万元，丙丁票证40万元，甲乙款物30万元。\n"
    facts = read(
        item("丙丁票证", "income.other", "40亿元"),
        item("甲乙款物", "income.other", "30万元", code="2999999"),
        text=text,
    )
    assert [f.verdict for f in facts if f.concept == "income.other"] == ["unsupported", "unsupported"]


def test_a_model_that_raises_or_answers_nothing_has_failed() -> None:
    """An exception of a foreign model, an empty answer and one of another schema are failures of their section."""

    class Broken(Scripted):
        async def ask(self, request: Request) -> Answer:
            raise ValueError("broken")

    class Silent(Scripted):
        async def ask(self, request: Request) -> Answer:
            return Answer(None, None, Usage(calls=1))

    class Astray(Scripted):
        async def ask(self, request: Request) -> Answer:
            return Answer(Count(label="车", concept="other", count="1辆"), None, Usage(calls=1))

    for model, words in ((Broken, "raised ValueError"), (Silent, "NoneType"), (Astray, "Count")):
        disclosure = extract(Document.from_text(TEXT), model(Income()))
        assert words in disclosure.failed_sections[0].model
        assert {f.verdict for f in disclosure.facts} == {"rule_only"}


def test_of_another_years_amount_no_stage_is_asserted() -> None:
    """2023年预算执行数 in a budget of 2024: the reply tells the year, the words that it was spent; no conflict."""
    text = "某县水利局2024年部门预算\n一、支出预算\n2024年支出预算50万元，2023年支出预算执行数48万元。\n"
    spent = Expenditure(items=(item("支出预算执行数", "expenditure.total", "48万元", year=2023),))
    facts = extract(Document.from_text(text), Scripted(spent)).facts
    assert [(str(f.value), f.stage, f.verdict) for f in facts] == [
        ("50", "budget", "rule_only"),
        ("48", "final", "confirmed"),
    ]


def test_a_number_of_the_form_is_no_number_of_the_document() -> None:
    """What numbers the columns (栏次 1 2) supports no claim, even where nothing else holds the number."""
    text = (
        "某县水利局2023年度部门决算\n支出决算表\n单位：万元\n科目编码\t科目名称\t合计\t基本支出\t项目支出\n栏次\t\t1\t2\t3\n"
        "208\t社会保障和就业支出\t12.50\t12.50\t\n213\t农林水支出\t88.00\t50.00\t38.00\n合计\t\t100.50\t62.50\t38.00\n"
    )
    document = Document.from_text(text)
    claims = list(claims_of(Expenditure(items=(item("基本支出", "expenditure.basic", "2.00万元"),))))
    assert any(cell.kind == "ordinal" for table in document.tables for cell in table.cells)
    (sought,) = Locator(document, [(0, len(text))]).locate(claims)
    assert sought.place is None
