"""Is it right: structure, code lists, identifiers and rules. What is wrong comes back as findings."""
