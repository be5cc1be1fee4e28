"""Counts characters as people do.

Rule: a limit whose sentence names letters counts letters, the same ones on every road (browser/src/form/lengths.js): an
emoji of one code point is one, and so is the end of a line, which a plain form sends as two bytes.
"""

from dropbox.limits import FIELD_MAX_CHARACTERS


def characters(text: str) -> int:
    """Return the number of code points of a text, the end of a line counted once."""
    return len(text) - text.count("\r\n")


def is_too_long(text: str) -> bool:
    """Return whether a typed text has more than FIELD_MAX_CHARACTERS."""
    return characters(text) > FIELD_MAX_CHARACTERS
