"""Read code and words as a person types them, and derive the reporter's keys (FORMAT.md, "Reporter's secret")."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .grammar import lp, need, u16, write_record
from .primitives import hash_, poly1305, prf, public_half

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TYPED = {**{symbol: symbol for symbol in SYMBOLS}, "O": "0", "I": "1", "L": "1"}
_WORDS = Path(__file__).parents[2] / "dropbox/crypto/words.txt"


@cache
def words() -> list[str]:
    """The word list, which is a part of the format."""
    return _WORDS.read_text("ascii").split()


def _times_two(value: int) -> int:
    return (value << 1) ^ (0b100101 if value & 16 else 0)


def _check_symbol(values: list[int]) -> int:
    total = 0
    for value in reversed(values):
        total = _times_two(total ^ value)
    return total


def read_code(typed: str) -> str:
    """The 16 symbols of a typed code. Raises Stop: code-length, code-symbol, code-check."""
    letters = [letter.upper() for letter in typed if letter.isascii() and letter.isalnum()]
    need(len(letters) == 16, "code-length")
    need(all(letter in _TYPED for letter in letters), "code-symbol")
    code = "".join(_TYPED[letter] for letter in letters)
    values = [SYMBOLS.index(symbol) for symbol in code]
    need(_check_symbol(values[:15]) == values[15], "code-check")
    return code


def _find_word(typed: str) -> int | None:
    word = typed.lower()
    listed = words()
    if word in listed:
        return listed.index(word)
    return next((at for at, candidate in enumerate(listed) if candidate[:4] == word[:4]), None)


def typed_words(typed: str) -> list[int | None]:
    """The indices of all runs of ASCII letters, None where the list has no such word."""
    return [_find_word(run) for run in re.findall("[A-Za-z]+", typed)]


def read_words(typed: str, code: str) -> list[int]:
    """The 8 indices of typed words that belong to the code. Raises Stop: words-count, words-unknown, words-mismatch."""
    found = typed_words(typed)
    need(len(found) == 8, "words-count")
    indices = [index for index in found if index is not None]
    need(len(indices) == 8, "words-unknown")
    bits = 0
    for index in indices:
        bits = bits << 11 | index
    checksum = hash_("words checksum", code[:15].encode(), (bits & ~31).to_bytes(11, "big"))
    need(checksum[0] >> 3 == bits & 31, "words-mismatch")
    return indices


def confirm_number(code: str) -> int:
    """Which word the reporter writes once more, counted from 1."""
    return sum(SYMBOLS.index(symbol) for symbol in code[:15]) % 8 + 1


def confirmed(typed: str, code: str, indices: list[int]) -> bool:
    """Tell whether the typed text is the one word that is asked for."""
    return typed_words(typed) == [indices[confirm_number(code) - 1]]


def fingerprint_words(fingerprint: bytes) -> str:
    """The 12 words by which a fingerprint is read aloud."""
    bits = int.from_bytes(fingerprint, "big") >> 256 - 132
    return " ".join(words()[bits >> 11 * (11 - at) & 2047] for at in range(12))


@dataclass(frozen=True)
class ThreadKeys:
    """All that code and words give at one desk of one instance."""

    master: bytes
    thread: bytes
    tag_key: bytes
    answer_key: bytes
    id_key: bytes
    digest_key: bytes
    auth_key: bytes
    claim_seed: bytes

    @classmethod
    def derive(cls, code: str, indices: list[int], instance: bytes, desk: str) -> "ThreadKeys":
        key = b"".join(u16(index) for index in indices)
        master = prf(key, "master", instance, desk.encode(), code[:15].encode())
        labels = ("thread id", "tag key", "answer key", "blob id key", "digest key", "auth key", "claim key")
        return cls(master, *(prf(master, label) for label in labels))

    @property
    def claim(self) -> bytes:
        return public_half(self.claim_seed)

    def blob_id(self, nonce: bytes) -> bytes:
        return prf(self.id_key, "blob id", nonce)

    def digest(self, blob_id: bytes, content: bytes) -> bytes:
        return prf(self.digest_key, "digest", blob_id, poly1305(prf(self.digest_key, "poly"), content))


def text_content(kind: str, desk: str, fields: dict[str, bytes]) -> bytes:
    """C of a text: kind, desk and the reporter's fields, also empty ones (FORMAT.md, "Ids and digests")."""
    return write_record({"kind": kind.encode(), "desk": desk.encode(), **fields})


def file_content(name: bytes, media_type: bytes, data: bytes) -> bytes:
    """C of a file, of which the digest is made (FORMAT.md, "Ids and digests")."""
    return lp(name) + lp(media_type) + data


def holds_phrase(text: str, phrases: list[str]) -> bool:
    """Tell whether a text holds a phrase: its words in any case, from a word's beginning on."""
    between = "[^0-9A-Za-z]+"
    for phrase in phrases:
        runs = re.findall("[0-9A-Za-z]+", phrase)
        if runs and re.search("(?<![0-9A-Za-z])" + between.join(runs), text, re.IGNORECASE | re.ASCII):
            return True
    return False
