"""Pages from which officers learn: help for each page, and the first day."""
