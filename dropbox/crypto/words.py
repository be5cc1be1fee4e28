"""Maps the project's 2048 Indonesian words to numbers: 11 bits each, unique by their first four letters.

Rule: a typed word matches at most one word of the list.
"""

import functools
import importlib.resources
import secrets
from typing import Final

from dropbox.errors import WrongWordsError

WORD_BITS: Final = 11
KEY_LETTERS: Final = 4
FINGERPRINT_WORDS: Final = 12


@functools.cache
def word_list() -> tuple[str, ...]:
    """Return the words in order: index 0 to 2047."""
    return tuple((importlib.resources.files("dropbox.crypto") / "words.txt").read_text("ascii").split())


@functools.cache
def _index_by_key() -> dict[str, int]:
    by_key = {word[:KEY_LETTERS]: index for index, word in enumerate(word_list())}
    return by_key | {word: index for index, word in enumerate(word_list())}


def index_of(typed: str, position: int) -> int:
    """Return the index of a typed lower-case word; its first four letters are enough.

    Args:
        typed: letters a to z.
        position: its 1-based position, for the error.

    Raises:
        WrongWordsError: the list has no such word.
    """
    known = _index_by_key()
    index = known.get(typed, known.get(typed[:KEY_LETTERS]))
    if index is None:
        raise WrongWordsError("words.unknown", reason="unknown", position=position)
    return index


def fingerprint_words(digest: bytes) -> str:
    """Return the first 132 bits of a hash as 12 words to read aloud (FORMAT "Root anchor")."""
    bits = int.from_bytes(digest[:17], "big") >> (17 * 8 - FINGERPRINT_WORDS * WORD_BITS)
    shifts = range((FINGERPRINT_WORDS - 1) * WORD_BITS, -1, -WORD_BITS)
    return " ".join(word_list()[bits >> shift & 2047] for shift in shifts)


def random_words(count: int) -> str:
    """Return `count` random words of the list, 11 bits each, with spaces between them: an officer's passphrase."""
    return " ".join(secrets.choice(word_list()) for _ in range(count))
