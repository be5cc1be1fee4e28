"""Handles what an officer does from the inbox: saved filters, acts on several cases, quick sorting."""
