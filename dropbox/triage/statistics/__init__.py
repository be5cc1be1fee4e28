"""Registers, statistics, reports, small-cell hiding, and recommendations against recurring problems."""
