"""The work on a case: clocks, moves, answers, refusals, search, duplicates, letters, retention."""
