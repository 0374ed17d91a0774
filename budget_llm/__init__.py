"""Checked facts from Chinese departmental disclosures (部门预算, 部门决算, 绩效自评).

    import budget_llm
    disclosure = budget_llm.extract("部门预算.txt", model="none")

Names are loaded when they are first used: importing the package loads neither openai, instructor nor pydantic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from budget_llm.batch import aextract_many, extract_many
    from budget_llm.cassettes import cassette
    from budget_llm.comparison import compare
    from budget_llm.disclosure import Disclosure
    from budget_llm.document import Document
    from budget_llm.errors import BudgetLLMError, InputError, LexiconError, ModelError
    from budget_llm.estimates import estimate
    from budget_llm.extraction import aextract, extract
    from budget_llm.facts import Fact, Finding
    from budget_llm.formats.limits import Limits
    from budget_llm.lexicon import Lexicon
    from budget_llm.model import Model
    from budget_llm.spending import Budget
    from budget_llm.usage import Prices

_HOMES = {
    "Budget": "spending",
    "BudgetLLMError": "errors",
    "Disclosure": "disclosure",
    "Document": "document",
    "Fact": "facts",
    "Finding": "facts",
    "InputError": "errors",
    "Lexicon": "lexicon",
    "LexiconError": "errors",
    "Limits": "formats.limits",
    "Model": "model",
    "ModelError": "errors",
    "Prices": "usage",
    "aextract": "extraction",
    "aextract_many": "batch",
    "cassette": "cassettes",
    "compare": "comparison",
    "estimate": "estimates",
    "extract": "extraction",
    "extract_many": "batch",
}

__all__ = [
    "Budget", "BudgetLLMError", "Disclosure", "Document", "Fact", "Finding", "InputError", "Lexicon", "LexiconError", "Limits", "Model", "ModelError", "Prices",
    "aextract", "aextract_many", "cassette", "compare", "estimate", "extract", "extract_many",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'budget_llm' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"budget_llm.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
