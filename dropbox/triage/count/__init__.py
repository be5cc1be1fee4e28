"""Counting: registers, statistics and reports, and what of them is told to the public."""
