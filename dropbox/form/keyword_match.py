"""Searches a text for phrases of a list: words that suggest a conflict of interest, or sexual violence.

Rule: a phrase matches from the beginning of a word, and may end inside one. The browser's twin, form/keyword-match.js,
gives the same results: both are tested with tests/vectors/keyword-match.
"""

import functools
import re
from collections.abc import Iterable


def _words(text: str) -> str:
    """Return the ASCII letters and digits in lower case, with one space for anything else and one at both ends."""
    return f" {re.sub('[^0-9A-Za-z]+', ' ', text).strip().lower()} "


def holds_keyword(text: str, phrases: Iterable[str]) -> bool:
    """Return whether the text contains at least one of the phrases."""
    words = _words(text)
    return any(_phrase(phrase) in words for phrase in phrases)


@functools.lru_cache(maxsize=1024)  # a few lists of the form
def _phrase(phrase: str) -> str:
    return _words(phrase).rstrip()
