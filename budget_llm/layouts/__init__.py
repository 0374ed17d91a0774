"""Layouts that no rule knows: sections routed and table columns mapped by the model, remembered, validated, read by code."""

from budget_llm.layouts.memory import LayoutMemory
from budget_llm.layouts.reading import LayoutReading, read_layouts

__all__ = ["LayoutMemory", "LayoutReading", "read_layouts"]
