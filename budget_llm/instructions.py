"""Sentences of a disclosure that speak to a language model: they change nothing, and are reported."""

from __future__ import annotations

import re

from budget_llm.document import Document
from budget_llm.facts import Finding, Place

_INSTRUCTION = re.compile(
    r"(?:忽略|无视|忽视|不要理会|不要遵守|违背)[^。\n]{0,12}(?:指令|指示|提示词|要求|规则|设定)"
    r"|(?:你现在是|请你扮演|你是一个)[^。\n]{0,12}(?:助手|模型|机器人|AI)"
    r"|(?:系统|隐藏)提示词?[:：]"
    r"|(?:ignore|disregard|forget)[^.\n]{0,24}(?:instructions?|prompts?|rules)",
    re.IGNORECASE,
)


def instructions(document: Document) -> tuple[Finding, ...]:
    """Return a warning for every place where the text tries to instruct its reader."""
    found = []
    for match in _INSTRUCTION.finditer(document.text):
        line = document.line(match.start())
        words = document.quote(match.start(), match.end())
        place = Place(match.start(), match.end(), line, words, "指令", page=document.page(match.start()))
        message = f"{place.told()}的文字像是对模型的指令（“{words}”）：已作为数据处理，未执行，请核对原文件"
        english = f"{place.told('en')} reads like an instruction to the model (“{words}”): taken as data, not followed; check the file"
        found.append(
            Finding("instruction_in_text", "warning", message, (words,), None, words, None, (place,), english=english)
        )
    return tuple(found)
