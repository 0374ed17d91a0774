"""Mistakes that language models make, each as a change of one number, item or field of a flawless reply.

A plan takes a case, a spot and a source of chance, and returns the rows with the fault in them, or None where the spot
offers no such fault. Nothing is planted that leaves the reply right.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from budget_llm.diagnosis import diagnose
from budget_llm.lexicon import words
from budget_llm.quantities import YUAN, find_quantities
from budget_llm.wire import MONEY
from tests.benchmarks.flawless import FUND_WORDS, Case, Row, Rows, Spot

_NUMBER = re.compile(r"[0-9０-９][0-9０-９,，.．]*")
_LABELS = ("装备维护专项购置费", "外聘专家劳务补助", "数据治理服务外包费", "跨区域协作专项资金", "应急值守补贴")
_BESIDE = {
    "基本支出": "项目支出", "项目支出": "基本支出", "收入总计": "支出总计", "支出总计": "收入总计", "人员经费": "公用经费", "公用经费": "人员经费",
    "公车购置": "公车运行", "公车运行": "公车购置", "货物": "工程", "工程": "服务", "服务": "货物", "接待": "出国", "出国": "接待",
    "事业收入": "经营收入", "经营收入": "事业收入", "上年结转": "结转下年", "结转下年": "上年结转", "政府性基金收入": "国有资本经营收入",
    "一般公共预算收入": "政府性基金收入", "国有资本经营收入": "一般公共预算收入",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """A reply with one fault: which chunk, its rows, what a diagnosis may call it, what may be trusted in spite of it.

    `kinds` is empty where there is nothing to diagnose (an omission).
    """

    spot: Spot
    rows: Rows
    kinds: tuple[str, ...]


Plan = Callable[[Case, Spot, Random], Fault | None]


def _row(case: Case, spot: Spot) -> Row:
    row: Row = case.rows[spot.chunk][spot.part][spot.row]
    return row


def _changed(case: Case, spot: Spot, change: Row, *kinds: str) -> Fault:
    rows = copy.deepcopy(case.rows[spot.chunk])
    row = rows[spot.part][spot.row]
    for key, value in change.items():
        if value is None:
            row.pop(key, None)
        else:
            row[key] = value
    return Fault(spot, rows, kinds)


def _number(case: Case, spot: Spot) -> str | None:
    """Return the digits of a spot's quote, None for words and Chinese numerals."""
    found = _NUMBER.search(_row(case, spot)[spot.key])
    return found.group() if found else None


def _replaced(case: Case, spot: Spot, written: str | None, *kinds: str) -> Fault | None:
    """Return the fault that another number is written, where it is another one."""
    number = _number(case, spot)
    if number is None or written is None or not re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", written):
        return None
    if Decimal(written) == _plain(number):
        return None
    quote = _row(case, spot)[spot.key]
    return _changed(case, spot, {spot.key: quote.replace(number, written, 1)}, *kinds)


def _plain(number: str) -> Decimal:
    return Decimal(_digits(number))


def _digits(number: str) -> str:
    wide = str.maketrans("０１２３４５６７８９．", "0123456789.")
    return number.translate(wide).replace(",", "").replace("，", "")


def _scaled(exponent: int) -> Plan:
    def plan(case: Case, spot: Spot, rng: Random) -> Fault | None:
        number = _number(case, spot)
        if number is None:
            return None
        return _replaced(case, spot, f"{_plain(number).scaleb(exponent):f}", "decimal shift")

    return plan


def unit(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Write another unit of money behind the same number."""
    quote = _row(case, spot)[spot.key]
    found = re.search(r"(?<=[0-9０-９])(亿元|万元|元|萬元|万)", quote)
    if not found or spot.gold["unit"] not in YUAN or not Decimal(spot.gold["value"]) or re.search("元/", quote):
        return None
    other = rng.choice([name for name in ("元", "万元", "亿元") if name not in found.group()])
    if other == found.group().replace("萬", "万"):
        return None
    return _changed(case, spot, {spot.key: quote[: found.start()] + other + quote[found.end() :]}, "unit")


def sign(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Turn the direction of a change."""
    quote, number = _row(case, spot)[spot.key], _number(case, spot)
    if spot.gold["measure"] not in ("change", "rate") or number is None or not _plain(number):
        return None
    head = quote.partition(number)[0]
    if head in ("-", "−", "－"):
        return _changed(case, spot, {spot.key: quote.removeprefix(head)}, "sign")
    if any(word in head for word in words().down):
        return _changed(case, spot, {spot.key: "增加" + quote.removeprefix(head)}, "sign")
    if any(word in head for word in words().up):
        return _changed(case, spot, {spot.key: "减少" + quote.removeprefix(head)}, "sign")
    return None


def transposed(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Exchange two digits that stand beside each other."""
    digits = _digits(_number(case, spot) or "")
    places = [
        i for i in range(len(digits) - 1) if digits[i] != digits[i + 1] and (digits[i] + digits[i + 1]).isdecimal()
    ]
    places = [i for i in places if not (i == 0 and digits[1] == "0") and "0" not in digits[i : i + 2]]
    if not places:
        return None
    i = rng.choice(places)
    return _replaced(case, spot, digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :], "transposed digits")


def dropped(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Leave out one digit, not the last of the decimals (that is a truncation) and no zero (that is a shift)."""
    digits = _digits(_number(case, spot) or "")
    places = [i for i, digit in enumerate(digits) if digit in "123456789" and (i < len(digits) - 1)]
    places = [i for i in places if len(digits.partition(".")[0]) > 1 or i > 0]
    places = [i for i in places if digits[:i] + digits[i + 1 :] and not (digits[:i] + digits[i + 1 :]).startswith(".")]
    if len(digits) < 3 or not places:
        return None
    i = rng.choice(places)
    return _replaced(case, spot, digits[:i] + digits[i + 1 :], "dropped digit", "decimal shift", "truncated")


def digit(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Write another digit in one place."""
    digits = _digits(_number(case, spot) or "")
    places = [i for i, char in enumerate(digits) if char.isdecimal()]
    if not places:
        return None
    i = rng.choice(places)
    other = rng.choice([char for char in "123456789" if char != digits[i]])
    return _replaced(case, spot, digits[:i] + other + digits[i + 1 :], "changed digit", "value", "transposed digits")


def truncated(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Cut decimals off."""
    whole, point, decimals = _digits(_number(case, spot) or "").partition(".")
    if not point or not decimals.strip("0"):
        return None
    kept = rng.choice(range(len(decimals)))
    return _replaced(case, spot, f"{whole}.{decimals[:kept]}" if kept else whole, "truncated")


def neighbour(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Write the number of the row before or behind, where it stands in the text beside its own."""
    number = _number(case, spot)
    beside = [
        other
        for other in case.spots
        if (other.chunk, other.part, other.key) == (spot.chunk, spot.part, spot.key)
        and abs(other.row - spot.row) == 1
        and abs(other.span[0] - spot.span[0]) <= _BESIDE_IN_TEXT
    ]
    others = [found for other in beside if (found := _number(case, other))]
    others = [found for found in others if number is not None and _plain(found) != _plain(number)]
    if not others or number is None:
        return None
    written = _digits(rng.choice(others))
    kinds = ["neighbouring row", "neighbouring column"]
    if (kind := diagnose(_plain(number), None, Decimal(written), None)) != "value":
        kinds.append(kind)  # 4 for 2 is a changed digit as well
    return _replaced(case, spot, written, *kinds)


_BESIDE_IN_TEXT = 150


def swapped(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Call an item by its counterpart's kind: 基本支出 a 项目支出."""
    kind = _row(case, spot).get("kind")
    if spot.part != "items" or kind not in _BESIDE or re.search("收入?[、和及]?支", _row(case, spot)["label"]):
        return None
    other = MONEY[_BESIDE[kind]]
    if other in (*spot.gold.get("also", ()), *spot.gold.get("or", {}).get("concept", ())):
        return None
    return _changed(case, spot, {"kind": _BESIDE[kind]}, "wrong item")


def exchanged(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Exchange the numbers of two rows."""
    rows = copy.deepcopy(case.rows[spot.chunk])
    own = rows[spot.part][spot.row]
    for place in (spot.row + 1, spot.row - 1):
        if not 0 <= place < len(rows[spot.part]):
            continue
        other = rows[spot.part][place]
        theirs = other.get(spot.key)
        if theirs and theirs != own[spot.key] and _value(theirs) != _value(own[spot.key]):
            own[spot.key], other[spot.key] = theirs, own[spot.key]
            return Fault(spot, rows, ("neighbouring row", "neighbouring column", "wrong item", "sign", "unit"))
    return None


def _value(quote: str) -> Decimal | None:
    found = find_quantities(quote)
    return found[0].value if found else None


def year(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Give an amount or a stock another year."""
    about = case.about.year
    if about is None:
        return None
    if spot.part == "items" and spot.key == "amount":
        given = _row(case, spot).get("year")
        other = about + rng.choice((-3, -1, 1)) if given is None else int(given) - 2
        return _changed(case, spot, {"year": other}, "wrong year")
    if spot.part == "counts":
        given = _row(case, spot).get("as_of")
        return _changed(case, spot, {"as_of": f"{int((given or str(about))[:4]) - 3}-12"}, "wrong year")
    return None


def year_left_out(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Say nothing of the other year that an amount is of."""
    if spot.part == "items" and spot.key == "amount" and "year" in _row(case, spot):
        return _changed(case, spot, {"year": None})  # what is not said cannot be named where the rules tell it
    return None


def scope(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Name another fund."""
    ours = spot.gold["scope"]
    if spot.part != "items" or ours is None:
        return None
    allowed = {ours, *spot.gold.get("or", {}).get("scope", ())}
    others = [word for name, word in FUND_WORDS.items() if name not in allowed]
    return _changed(case, spot, {"fund": rng.choice(others)}, "wrong scope")


def stage(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Exchange budget and final account."""
    row = _row(case, spot)
    if spot.part != "items" or spot.key not in ("amount", "budget", "adjusted") or "year" in row:
        return None
    if case.about.stage != "final" or spot.gold["stage"] is None:
        return None
    other = "budget" if spot.key == "amount" else "amount"
    stages = {"amount": "final", "budget": "budget"}
    if stages[other] in spot.gold.get("or", {}).get("stage", ()) or _value(row.get(other) or "") == _value(
        row[spot.key]
    ):
        return None
    return _changed(case, spot, {spot.key: row.get(other), other: row[spot.key]}, "wrong stage", "neighbouring column")


def invented_item(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Add an item that the text does not hold, with a number that it does not hold."""
    return _added(case, spot, rng.choice(_LABELS), _absent(case, rng), "invented")


def invented_number(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Add a number that the text does not hold to the name of an item that it holds."""
    return _added(case, spot, None, _absent(case, rng), "invented")


def invented_label(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Say a number of the text of an item that it does not hold."""
    number = _number(case, spot)
    return _added(case, spot, rng.choice(_LABELS), _digits(number) if number else None, "wrong item")


def _added(case: Case, spot: Spot, label: str | None, written: str | None, kind: str) -> Fault | None:
    number, row = _number(case, spot), _row(case, spot)
    if number is None or written is None or spot.part == "whole":
        return None
    named = "name" if spot.part == "indicators" else "label"
    new = {
        key: value for key, value in row.items() if key in (named, "kind", "as_of", "year", "fund", "base", "project")
    }
    new[spot.key] = row[spot.key].replace(number, written, 1)
    if label:
        new[named] = label
        new.pop("year", None)
    rows = copy.deepcopy(case.rows[spot.chunk])
    rows[spot.part].insert(spot.row + 1, new)
    return Fault(spot, rows, (kind,))


def _absent(case: Case, rng: Random) -> str:
    """Return a number that does not stand in the document."""
    while True:
        written = f"{rng.randrange(100, 99_999)}.{rng.randrange(11, 99)}"
        if written not in case.document.text.replace(",", ""):
            return written


def omitted(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Leave a number out."""
    return _changed(case, spot, {spot.key: None}) if spot.part not in ("whole", "counts") else _without(case, spot)


def _without(case: Case, spot: Spot) -> Fault:
    rows = copy.deepcopy(case.rows[spot.chunk])
    if spot.part == "whole":
        rows["whole"][spot.row].pop(spot.key)
    else:
        del rows[spot.part][spot.row]
    return Fault(spot, rows, ())


def duplicated(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Write a row twice."""
    if spot.part == "whole":
        return None
    rows = copy.deepcopy(case.rows[spot.chunk])
    own = rows[spot.part][spot.row]
    kept = {
        k: v
        for k, v in own.items()
        if k in ("label", "kind", "name", "project", "code", "fund", "year", "base", "as_of")
    }
    rows[spot.part].insert(spot.row + 1, {**kept, spot.key: own[spot.key]})
    return Fault(spot, rows, ())


def paraphrased(case: Case, spot: Spot, rng: Random) -> Fault | None:
    """Name an item in other words."""
    named = "name" if spot.part == "indicators" else "label"
    if spot.part == "whole":
        return None
    label = _row(case, spot)[named]
    choices = [f"本年度{label}情况", f"{label}（合计数）", "安排的" + label]
    for ours, theirs in (("经费", "费用"), ("支出", "开支"), ("收入", "所得"), ("数量", "总数"), ("率", "比例")):
        if ours in label:
            choices.append(label.replace(ours, theirs))
    return _changed(case, spot, {named: rng.choice(choices)})


NUMBERS: dict[str, Plan] = {
    "×10": _scaled(1), "÷10": _scaled(-1), "unit": unit, "sign": sign, "digits transposed": transposed, "digit dropped": dropped,
    "digit changed": digit, "decimals truncated": truncated, "neighbour's number": neighbour, "numbers exchanged": exchanged,
    "other kind": swapped, "other year": year, "year left out": year_left_out, "other scope": scope, "other stage": stage,
    "invented item": invented_item, "invented number": invented_number, "invented label": invented_label,
}  # fmt: skip
"""Faults after which a wrong number, or a number of something else, could be trusted."""

OTHERS: dict[str, Plan] = {"item omitted": omitted, "item duplicated": duplicated, "label paraphrased": paraphrased}
"""Faults after which a number could be missing, double or under another name."""


def plan_faults(cases: Sequence[Case], count: int, seed: int) -> list[tuple[str, Case, Fault]]:
    """Return so many faults, spread evenly over kinds and over the spots that offer them; the same for the same seed."""
    rng = Random(seed)
    spots = [(case, spot) for case in cases for spot in case.spots]
    plans = NUMBERS | OTHERS
    found: list[tuple[str, Case, Fault]] = []
    waiting = {kind: rng.sample(spots, len(spots)) for kind in plans}
    while len(found) < count and any(waiting.values()):
        for kind, left in waiting.items():
            while left:
                case, spot = left.pop()
                fault = plans[kind](case, spot, rng)
                if fault is not None:
                    found.append((kind, case, fault))
                    break
    return found[:count]
