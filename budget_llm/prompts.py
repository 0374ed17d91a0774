"""The prompts: files of `prompts/`, one per kind of reply, versioned; the stable part first, the source last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from budget_llm.errors import BudgetLLMError

_VERSION = re.compile(r"\A<!-- version: ([0-9]+) -->\n")


@dataclass(frozen=True, slots=True)
class Prompt:
    """The standing instructions for one kind of reply, with the version that recordings refer to."""

    name: str
    version: int
    text: str


@cache
def load_prompt(name: str) -> Prompt:
    """Return a prompt from the installed package or, when run from a checkout, from its root."""
    for folder in (Path(__file__).parent / "prompts", Path(__file__).parent.parent / "prompts"):
        path = folder / f"{name}.md"
        if path.is_file():
            raw = path.read_text(encoding="utf-8")
            found = _VERSION.match(raw)
            if not found:
                raise BudgetLLMError(f"{path.name}: expected '<!-- version: N -->' in the first line; add it")
            common = (folder / "common.md").read_text(encoding="utf-8")
            body = raw[found.end() :].strip() + "\n\n" + _VERSION.sub("", common).strip()
            return Prompt(name, int(found.group(1)), body)
    raise BudgetLLMError(f"no prompt named {name!r} is installed; reinstall budget-llm")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the source: the headings above it, what of a table's header it needs, its text."""

    path: tuple[str, ...]
    lead: str
    text: str


def user_message(*, kind: str | None, year: int | None, passages: Sequence[Passage], question: str = "") -> str:
    """Return the message that carries the source as data: what the document is, each passage under its headings.

    `question` stands behind the fence: what is asked of the passages beyond the standing instructions.
    """
    names = {"budget": "部门预算", "final_accounts": "部门决算", "performance_self_evaluation": "绩效自评"}
    about = f"{year or '年度不详'}{names.get(kind or '', '文件，种类不详')}"
    parts: list[str] = []
    for passage in passages:
        if passage.path:
            parts.append(f"〔{' > '.join(passage.path)}〕")
        elif parts:
            parts.append("……")
        parts += [part for part in (passage.lead, passage.text.strip("\n")) if part]
    fenced = "\n".join(parts).replace("</原文>", "＜/原文＞")
    return f"{about}\n<原文>\n{fenced}\n</原文>" + (f"\n{question}" if question else "")
