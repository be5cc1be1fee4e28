"""Implements FORMAT.md's cryptography on bytes: no I/O, no clock, no store. Private keys are in `private/` only."""
