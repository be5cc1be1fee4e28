"""Helps an officer to choose among many cases, and to do one act on several."""
