"""Reads a receipt code and a passphrase as people type and paste them.

Rule: only what has a right check symbol and a right checksum is taken for a secret; otherwise the error is the one of
the first reading. browser/src/crypto/typed-secret.js reads the same.
"""

import contextlib
import re
from typing import Final

from dropbox.crypto.secret import WORDS, ReporterSecret, parse_secret
from dropbox.errors import WrongCodeError, WrongWordsError

# A code within other text; the lookahead finds those that begin within an earlier match.
_CODE: Final = re.compile(r"(?<![0-9A-Za-z])(?=([0-9A-Za-z]{4}(?:[-\s]?[0-9A-Za-z]{4}){3})(?![0-9A-Za-z]))")
INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # what phones and pages put into words
_TYPED_MAX: Final = 1000  # characters that are searched


def read_typed(typed_code: str, typed_words: str) -> ReporterSecret:
    """Return the secret, also if both are in one field, each is in the other's, or their labels come with them.

    Raises:
        WrongCodeError, WrongWordsError: what is wrong with each in its own field.
    """
    typed_code, typed_words = (INVISIBLE.sub("", typed) for typed in (typed_code, typed_words))
    try:
        return parse_secret(typed_code, typed_words)
    except (WrongCodeError, WrongWordsError):
        found = _found_in(f"{typed_code}\n{typed_words}"[:_TYPED_MAX])
        if found is None:
            raise
        return found


def _found_in(typed: str) -> ReporterSecret | None:
    for match in _CODE.finditer(typed):
        rest = typed[: match.start()] + "\n" + typed[match.end(1) :]
        words = _words(rest)
        # First what is alone behind its label; then eight words in a row, from the end, because labels come before.
        alone = [one for one in map(_words, re.split("[\n:]", rest)) if len(one) == WORDS]
        for eight in (*alone, *(words[at : at + WORDS] for at in range(len(words) - WORDS, -1, -1))):
            with contextlib.suppress(WrongCodeError, WrongWordsError):
                return parse_secret(match[1], " ".join(eight))
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z]+", text)
