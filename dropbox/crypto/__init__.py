"""Bytes in, bytes out: no I/O, no clock, no store. Modules marked private are importable from triage alone."""
