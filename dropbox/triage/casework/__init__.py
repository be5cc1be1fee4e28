"""What officers do with a case: transitions, refusals, protection, merging, letters, search, retention."""
