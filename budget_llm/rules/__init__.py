"""The deterministic reading: a grammar of clauses, and what its mentions mean by kind of number."""
