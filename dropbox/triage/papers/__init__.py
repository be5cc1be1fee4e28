"""Sheets of paper (PDF): the one writer that letters, papers and statistics share."""
