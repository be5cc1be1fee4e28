"""The tables about the protection of reporters: risk, what is asked after closing, notices before an opening."""
