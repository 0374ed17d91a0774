"""Data files of the domain's wordings, for a domain person to extend; `budget_llm.concepts` reads them."""
