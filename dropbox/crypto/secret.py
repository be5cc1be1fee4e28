"""FORMAT "Reporter's secret": the receipt code, the passphrase, and the keys that both together give.

    mk = PRF(u16(w0) ‖ … ‖ u16(w7), "master", instance, desk, x0 … x14)

Rule: nothing here is ever shown by repr or in an error; the code alone opens nothing. No password hash: 158 random
bits need none, and a phone at Tor Browser's "Safer" would take a minute for it (SECURITY.md).
"""

import re
import secrets
from dataclasses import dataclass, field
from typing import Final

import nacl.bindings

from dropbox.crypto.kdf import labelled_hash, prf
from dropbox.crypto.signing import signed_message
from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.crypto.words import KEY_LETTERS, WORD_BITS, index_of, word_list
from dropbox.errors import WrongCodeError, WrongWordsError
from dropbox.wire.blob import NONCE_BYTES
from dropbox.wire.fields import u16
from dropbox.wire.signed import SIGNATURE_BYTES

SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_SYMBOLS: Final = 16
WORDS: Final = 8
CHECKSUM_BITS: Final = 5
_VALUE: Final = {symbol: value for value, symbol in enumerate(SYMBOLS)} | {"O": 0, "I": 1, "L": 1}
_GF32_POLYNOMIAL: Final = 0b100101  # a^5 + a^2 + 1
# The longest run of words of the passphrase that a text may hold by chance: four of 2048 never are one.
REVEALING_WORDS: Final = 4


def _check_value(values: list[int]) -> int:
    """x15 = a¹·x0 + … + a¹⁵·x14 in GF(32), by Horner's rule from the last symbol."""
    total = 0
    for value in reversed(values):
        total = (total ^ value) << 1
        if total & 32:
            total ^= _GF32_POLYNOMIAL
    return total


@dataclass(frozen=True)
class ReporterSecret:
    """Receipt code and passphrase that fit together."""

    _symbols: str = field(repr=False)  # 15 symbols
    _indices: tuple[int, ...] = field(repr=False)

    @property
    def code(self) -> str:
        """`XXXX-XXXX-XXXX-XXXX`."""
        full = self._symbols + SYMBOLS[_check_value([_VALUE[symbol] for symbol in self._symbols])]
        return "-".join(full[at : at + 4] for at in range(0, CODE_SYMBOLS, 4))

    @property
    def words(self) -> str:
        """Eight words with spaces between them."""
        return " ".join(word_list()[index] for index in self._indices)

    @property
    def confirm_number(self) -> int:
        """Which word (1 to 8) its reporter writes once more before sending: (x0 + … + x14) mod 8 + 1."""
        return sum(_VALUE[symbol] for symbol in self._symbols) % WORDS + 1

    def is_confirmed_by(self, typed: str) -> bool:
        """Whether that word was typed, read as in a passphrase: in any case, from its first four letters on."""
        words = _letters_of(typed)
        try:
            return [index_of(word, 1) for word in words] == [self._indices[self.confirm_number - 1]]
        except WrongWordsError:
            return False

    def keys(self, instance: bytes, desk: str) -> ThreadKeys:
        """The keys of the thread at that instance (16 bytes) and desk; those of one desk tell nothing of another's."""
        mk = self._master(instance, desk)
        claim_public, _ = nacl.bindings.crypto_sign_seed_keypair(prf(mk, "claim key"))
        return ThreadKeys(
            thread=prf(mk, "thread id"),
            claim=claim_public,
            tag_key=prf(mk, "tag key"),
            answer_key=prf(mk, "answer key"),
            auth_key=prf(mk, "auth key"),
            id_key=prf(mk, "blob id key"),
            digest_key=prf(mk, "digest key"),
        )

    def sign_claim(self, instance: bytes, desk: str, label: str, body: bytes) -> bytes:
        """The claim key's signature (64 bytes, FORMAT "Signatures") under a label."""
        _, private = nacl.bindings.crypto_sign_seed_keypair(prf(self._master(instance, desk), "claim key"))
        return nacl.bindings.crypto_sign(signed_message(label, instance, body), private)[:SIGNATURE_BYTES]

    def _master(self, instance: bytes, desk: str) -> bytes:
        words = b"".join(map(u16, self._indices))
        return prf(words, "master", instance, desk.encode("ascii"), self._symbols.encode("ascii"))

    def is_revealed_by(self, text: str) -> bool:
        """Whether a text holds the code, or four consecutive words of the passphrase, be it by their first letters."""
        if self.code.replace("-", "") in _symbols_of(text):
            return True
        own = [word[:KEY_LETTERS] for word in self.words.split()]
        typed = f" {' '.join(word[:KEY_LETTERS] for word in _letters_of(text))} "
        return any(
            f" {' '.join(own[at : at + REVEALING_WORDS])} " in typed for at in range(WORDS - REVEALING_WORDS + 1)
        )


def _symbols_of(typed: str) -> str:
    """ASCII letters and digits, upper case, O as 0, I and L as 1; all else is a separator."""
    return re.sub(r"[^0-9A-Za-z]", "", typed).upper().translate(str.maketrans("OIL", "011"))


def _letters_of(typed: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Za-z]+", typed)]


def _word_bits(indices: tuple[int, ...]) -> int:
    bits = 0
    for index in indices:
        bits = bits << WORD_BITS | index
    return bits


def _checksum(symbols: str, bits: int) -> int:
    body = (bits >> CHECKSUM_BITS << CHECKSUM_BITS).to_bytes(WORDS * WORD_BITS // 8, "big")
    return labelled_hash("words checksum", symbols.encode("ascii"), body)[0] >> 8 - CHECKSUM_BITS


def secret_from(symbols: str, random_bits: int) -> ReporterSecret:
    """The secret of 15 symbols and 83 bits; for vectors. Callers in production use `new_secret`."""
    bits = random_bits << CHECKSUM_BITS
    bits |= _checksum(symbols, bits)
    shifts = range((WORDS - 1) * WORD_BITS, -1, -WORD_BITS)
    return ReporterSecret(symbols, tuple(bits >> shift & 2047 for shift in shifts))


def new_secret() -> ReporterSecret:
    """158 fresh bits from the system's generator."""
    symbols = "".join(SYMBOLS[secrets.randbits(5)] for _ in range(CODE_SYMBOLS - 1))
    return secret_from(symbols, secrets.randbits(WORDS * WORD_BITS - CHECKSUM_BITS))


def parse_code(typed: str) -> str:
    """The 15 symbols of a typed receipt code; raises WrongCodeError."""
    symbols = _symbols_of(typed)
    if len(symbols) != CODE_SYMBOLS:
        raise WrongCodeError("a receipt code has 16 letters and digits", "length")
    if any(symbol not in _VALUE for symbol in symbols):
        raise WrongCodeError("a receipt code has no letter U", "symbol")
    if _check_value([_VALUE[symbol] for symbol in symbols[:-1]]) != _VALUE[symbols[-1]]:
        raise WrongCodeError("a symbol of the receipt code is wrong", "check")
    return symbols[:-1]


def parse_secret(typed_code: str, typed_words: str) -> ReporterSecret:
    """The secret that was typed; raises WrongCodeError or WrongWordsError."""
    symbols = parse_code(typed_code)
    typed = _letters_of(typed_words)
    if len(typed) != WORDS:
        raise WrongWordsError("a passphrase has eight words", "count")
    indices = tuple(index_of(word, position) for position, word in enumerate(typed, 1))
    bits = _word_bits(indices)
    if _checksum(symbols, bits) != bits & (1 << CHECKSUM_BITS) - 1:
        raise WrongWordsError("the passphrase does not fit the receipt code", "mismatch")
    return ReporterSecret(symbols, indices)


def form_nonce(form: bytes, index: int, attempt: int = 0) -> bytes:
    """Nonce = form (12 bytes) ‖ u16(index) ‖ u16(attempt) (FORMAT "Ids and digests")."""
    nonce = form + u16(index) + u16(attempt)
    if len(nonce) != NONCE_BYTES:
        raise ValueError("a form nonce has 12 bytes")
    return nonce


FIRST_FORM: Final = bytes(12)
