"""The specification of budget_llm, as tests."""
