"""Handles reporters' files, which no program outside a sandbox may open: identified, rendered and cleaned."""
