"""Prevention: what comes up again, and what was recommended against it."""
