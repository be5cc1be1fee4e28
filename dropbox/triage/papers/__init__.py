"""Makes papers (PDF): what a paper has, what its fonts can print, and the one compiler that draws it."""
