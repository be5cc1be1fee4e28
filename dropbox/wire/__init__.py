"""Bytes to dataclasses and back, as FORMAT.md says. No keys, no I/O, no clock."""
