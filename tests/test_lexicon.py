"""The lexicon: wordings as data, a user's own before the package's, every mistake named with its place."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from budget_llm import Document, Lexicon, LexiconError, aextract, extract
from budget_llm.cli import main
from budget_llm.concepts import CONCEPTS
from budget_llm.facts import Fact
from budget_llm.lexicon import of_lexicon, topics, using, wordings, words
from budget_llm.lexicon.layers import FILES, standard_layer

RECEPTION = "某县水利局2024年部门预算\n一、“三公”经费情况\n2024年待客开支12.5万元，较上年攀升2.5万元。\n"


def read(text: str, lexicon: Any = None) -> list[tuple[str, str, str, str | None]]:
    """Read a text by rules alone with a lexicon."""
    return [brief(f) for f in extract(Document.from_text(text), "none", lexicon=lexicon).facts]


def brief(fact: Fact) -> tuple[str, str, str, str | None]:
    """What a wording decides of a fact."""
    return fact.concept, fact.measure, str(fact.value), fact.unit


ADDITION = {
    "concepts": {"three_public": {"three_public.reception": ["待客开支"]}},
    "words": {"up": ["攀升"]},
}


def test_a_users_wordings_are_read_beside_the_packages() -> None:
    """Without the addition the numbers are left unread, with it they are facts."""
    assert read(RECEPTION) == []
    assert read(RECEPTION, ADDITION) == [
        ("three_public.reception", "amount", "12.5", "万元"),
        ("three_public.reception", "change", "2.5", "万元"),
    ]
    assert read(RECEPTION) == []


def test_a_users_wording_has_precedence() -> None:
    """A wording that the package gives to one concept can be given to another; the newest addition wins."""
    text = RECEPTION.replace("待客开支", "公务接待费")
    first = {"concepts": {"three_public": {"three_public.abroad": ["公务接待费"]}}}
    second = {"concepts": {"three_public": {"other": ["公务接待费"]}}}
    assert read(text)[0][0] == "three_public.reception"
    assert read(text, first)[0][0] == "three_public.abroad"
    assert read(text, Lexicon(first, second))[0][0] == "other"


@pytest.mark.parametrize(
    ("name", "text", "addition", "expected"),
    [
        (
            "a heading tells the topic",
            "某县水利局2024年部门预算\n一、接待开销\n2024年预算3万元。\n",
            {"topics": {"three_public": {"titles": ["接待开销"]}}, "concepts": {"three_public": {"three_public.reception": ["接待开销"]}}},
            [("three_public.reception", "amount", "3", "万元")],
        ),
        (
            "a thing is counted in a unit of its own",
            "某县渔业局2024年部门决算\n一、国有资产占用情况\n共有船只3艘。\n",
            {"units": {"count": ["艘"]}, "concepts": {"assets": {"assets.vehicles": ["船只"]}}},
            [("assets.vehicles", "count", "3", "艘")],
        ),
        (
            "a column is of the final stage",
            "某县水利局2024年部门决算\n支出情况表\n单位：万元\n科目编码\t科目名称\t实拨\n201\t一般公共服务支出\t7.00\n213\t农林水支出\t9.00\n",
            {"tables": {"header": ["实拨"], "stages": {"final": ["实拨"]}}},
            [("expenditure.function", "amount", "7.00", "万元"), ("expenditure.function", "amount", "9.00", "万元")],
        ),
    ],
)  # fmt: skip
def test_every_part_of_the_lexicon_takes_additions(name: str, text: str, addition: Any, expected: Any) -> None:
    """Topics, concepts, units and table words."""
    assert read(text, addition) == expected, name


def test_a_file_in_toml_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same additions from a file, in Python and on the command line."""
    own = tmp_path / "own.toml"
    own.write_text(
        '[concepts.three_public]\n"three_public.reception" = ["待客[开支|费用]"]\n[words]\nup = ["攀升"]\n', "utf-8"
    )
    assert len(read(RECEPTION, own)) == len(read(RECEPTION, str(own))) == 2
    source = tmp_path / "预算.txt"
    source.write_text(RECEPTION, "utf-8")
    assert main(["extract", str(source), "--model", "none", "--lexicon", str(own)]) == 0
    assert "12.5" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[concepts.three_public\n", r"own\.toml: .*line 1.*correct the file"),
        ('[concepts.three_public]\n"three_public.dinner" = ["宴请"]\n', r"own\.toml \[concepts\] \[three_public\]: 'three_public\.dinner' is no concept"),
        ("[concepts.dinners]\n", r"own\.toml \[concepts\]: 'dinners' is not one of .*three_public"),
        ('[words]\nupwards = ["攀升"]\n', r"\[words\]: 'upwards' is not one of up, down"),
        ('[words]\nup = "攀升"\n', r"\[words\] \[up\]: expected a list of wordings"),
        ('[words]\nup = [""]\n', r"\[words\] \[up\]: expected a list of wordings"),
        ('[topics.income]\nscope = "fiscal"\n', r"\[topics\] \[income\] \[scope\]: is fixed"),
        ("words = 3\n", r"\[words\]: expected a table with keys, found int"),
        ('[concepts.three_public]\n"other" = ["待客[开支"]\n', r"unbalanced bracket in the wording '待客\[开支'"),
    ],
)  # fmt: skip
def test_malformed_additions_are_refused_with_their_place(tmp_path: Path, content: str, message: str) -> None:
    """File, part, key and what was expected."""
    own = tmp_path / "own.toml"
    own.write_text(content, "utf-8")
    with pytest.raises(LexiconError, match=message):
        Lexicon(own)


def test_a_missing_or_undecodable_file_is_refused(tmp_path: Path) -> None:
    """With its name and what to do."""
    with pytest.raises(LexiconError, match="takes a TOML file"):
        Lexicon(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes("[words]\nup = ['攀升']\n".encode("gbk"))
    with pytest.raises(LexiconError, match="save the file as UTF-8"):
        Lexicon(tmp_path / "gbk.toml")


def test_two_lexicons_at_once_do_not_mix() -> None:
    """Readings that run side by side keep their own wordings."""
    document = Document.from_text(RECEPTION)

    async def both() -> list[int]:
        done = await asyncio.gather(*(aextract(document, "none", lexicon=k) for k in (ADDITION, None, ADDITION, None)))
        return [len(disclosure.facts) for disclosure in done]

    assert asyncio.run(both()) == [2, 0, 2, 0]


def test_what_is_built_of_wordings_is_built_once_per_lexicon() -> None:
    """A pattern is kept as long as its lexicon."""
    built = []

    @of_lexicon
    def pattern() -> re.Pattern[str]:
        built.append(words().up)
        return re.compile("|".join(words().up))

    own = Lexicon(ADDITION)
    for _ in range(2):
        pattern()
        with using(own):
            pattern()
    assert len(built) == 2
    assert "攀升" in built[1]


def test_the_packages_own_wordings_are_well_formed() -> None:
    """Every part is there, every concept is of the vocabulary, every topic draws on groups that exist."""
    layer = standard_layer()
    assert set(layer) == set(FILES)
    assert {concept for group in layer["concepts"].values() for concept in group} <= set(CONCEPTS)
    for topic in topics().values():
        assert wordings(*topic.groups).longest >= 0
