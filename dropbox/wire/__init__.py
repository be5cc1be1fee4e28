"""Converts bytes to dataclasses and back, as FORMAT.md specifies. No keys, no I/O, no clock."""
