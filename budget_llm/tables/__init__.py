"""Tables: what a grid of cells becomes once its title, unit, header rows and continuations are known."""

from budget_llm.tables.build import tables_of
from budget_llm.tables.captions import around, unit_in
from budget_llm.tables.fields import field_words
from budget_llm.tables.model import Cell, Grid, Table, outside

__all__ = ["Cell", "Grid", "Table", "around", "field_words", "outside", "tables_of", "unit_in"]
