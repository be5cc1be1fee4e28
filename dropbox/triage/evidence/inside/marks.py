"""Removes from a text the signs that are not letters: marks of direction, of line breaking, of printers and screens.

Rule: what is removed is counted. Signs that could hide words (overrides of direction, other escape sequences) stay, and
become visible outside (disk.visible).
"""

import re
from typing import Final

# Invisible in every common viewer; zero-width signs may also mark a copy to find out who passed it on.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202c\u2060-\u2064\u2066-\u2069\ufeff\U000e0001-\U000e007f]"
)
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]{0,32}[mK]")  # ECMA-48, 8.3.117 and 8.3.41
_PRINTER: Final = re.compile(r"\x1b(?:[@EFGHMPg45]|[Wx\-k!3A][\x00-\x1f0-9])")  # ESC/P: reset, weight, width, spacing
_STRUCK_TWICE: Final = re.compile(r"_\x08|(.)\x08(?=\1)")  # how printers underline and embolden
_LINE_END: Final = re.compile(r"\r(?!\n)|[\f\v]")
_ANY: Final = re.compile(
    "[\x08\x0b\x0c\x0d\x1b\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202c\u2060-\u2069\ufeff\U000e0001-\U000e007f]"
)


def readable(text: str) -> tuple[str, int]:
    """Return (the text without those signs, how many were removed); a lone CR and a form feed end a line."""
    if not _ANY.search(text):
        return text, 0
    removed = 0
    for pattern in (_INVISIBLE, _COLOURS, _PRINTER, _STRUCK_TWICE):
        text, count = pattern.subn("", text)
        removed += count
    return _LINE_END.sub("\n", text), removed
