"""Registers, statistics and reports, small-cell hiding, and recommendations against what recurs."""
