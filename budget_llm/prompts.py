"""The prompts: files of `prompts/`, one per schema, versioned; the stable part first, the section last."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from budget_llm.errors import BudgetLLMError

_VERSION = re.compile(r"\A<!-- version: ([0-9]+) -->\n")


@dataclass(frozen=True, slots=True)
class Prompt:
    """The standing instructions for one schema, with the version that recordings refer to."""

    name: str
    version: int
    text: str


@cache
def load_prompt(name: str, *, common: bool = True) -> Prompt:
    """Return the prompt of a schema from the installed package or, when run from a checkout, from its root.

    `common` adds what holds for the reading of every section (common.md).
    """
    for folder in (Path(__file__).parent / "prompts", Path(__file__).parent.parent / "prompts"):
        path = folder / f"{name}.md"
        if path.is_file():
            raw = path.read_text(encoding="utf-8")
            found = _VERSION.match(raw)
            if not found:
                raise BudgetLLMError(f"{path.name}: expected '<!-- version: N -->' in the first line; add it")
            body = raw[found.end() :].strip()
            if common:
                body += "\n\n" + _VERSION.sub("", (folder / "common.md").read_text(encoding="utf-8")).strip()
            return Prompt(name, int(found.group(1)), body)
    raise BudgetLLMError(f"no prompt named {name!r} is installed; reinstall budget-llm")


def user_message(*, kind: str | None, year: int | None, path: str, text: str) -> str:
    """Return the message that carries a section: what the document is, where the section stands, its text as data."""
    names = {"budget": "部门预算", "final_accounts": "部门决算", "performance_self_evaluation": "绩效自评"}
    about = f"{year or '年度不详'} {names.get(kind or '', '种类不详')}"
    fenced = text.strip("\n").replace("</原文>", "＜/原文＞")
    return f"文件：{about}\n位置：{path or '文首'}\n<原文>\n{fenced}\n</原文>"
