"""Sentences of errors and notes by code, in both languages."""
