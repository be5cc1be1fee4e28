"""Shortens what a page repeats of a form that was sent.

Rule: it is bounded in bytes of HTML, so that the pages of all threads keep one length
(dropbox.limits.ANSWER_BUCKET_BYTES).
"""

from collections.abc import Sequence
from typing import Final

from markupsafe import escape

_WORDS_BYTES: Final = 600  # of a text; the whole of it is with the desk
_NAME_BYTES: Final = 120  # of a file's name
_NAMES: Final = 3


def shortened(words: str, most: int = _WORDS_BYTES) -> str:
    """Return the longest beginning of at most `most` bytes as HTML, and an ellipsis if it is not the whole."""
    size = 0
    for place, character in enumerate(words):
        size += len(escape(character).encode())
        if size > most:
            return f"{words[:place]} …"
    return words


def first_names(names: Sequence[str]) -> list[str]:
    """Return the first names of files, each shortened."""
    return [shortened(name, _NAME_BYTES) for name in names[:_NAMES]]
