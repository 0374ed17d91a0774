"""`python -m budget_llm` is the command line."""

from budget_llm.cli import main

raise SystemExit(main())
