"""Makes and parses a reporter's receipt code and passphrase, and derives keys from both (FORMAT "Reporter's secret").

    mk = PRF(u16(w0) ‖ … ‖ u16(w7), "master", instance, desk, x0 … x14)

Rule: repr and errors show no secret, and the code alone opens nothing. There is no password hash: 158 random bits need
none, and a phone in Tor Browser's level "Safer" would need a minute for one (DECISIONS.md, 3).
"""

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
# By the code of an ASCII character, as `bytes.translate` takes them: much faster than a regular expression.
_AS_SYMBOLS: Final = bytes(range(256)).upper().translate(bytes.maketrans(b"OIL", b"011"))
_NO_SYMBOLS: Final = bytes(code for code in range(256) if not chr(code).isalnum() or code > 127)
_AS_LETTERS: Final = bytes(code if chr(code).isalpha() and code < 128 else 32 for code in bytes(range(256)).lower())
# A text with this many consecutive words of the passphrase contains it on purpose: four of 2048 do not meet by chance.
REVEALING_WORDS: Final = 4


def _check_value(values: list[int]) -> int:
    """Return x15 = a¹·x0 + … + a¹⁵·x14 in GF(32), by Horner's rule from the last symbol."""
    total = 0
    for value in reversed(values):
        total = (total ^ value) << 1
        if total & 32:
            total ^= _GF32_POLYNOMIAL
    return total


@dataclass(frozen=True)
class ReporterSecret:
    """A receipt code and a passphrase that belong together."""

    _symbols: str = field(repr=False)  # 15 symbols
    _indices: tuple[int, ...] = field(repr=False)

    @property
    def code(self) -> str:
        """The receipt code as `XXXX-XXXX-XXXX-XXXX`."""
        full = self._symbols + SYMBOLS[_check_value([_VALUE[symbol] for symbol in self._symbols])]
        return "-".join(full[at : at + 4] for at in range(0, CODE_SYMBOLS, 4))

    @property
    def words(self) -> str:
        """The passphrase: eight words with spaces between them."""
        return " ".join(word_list()[index] for index in self._indices)

    @property
    def confirm_number(self) -> int:
        """Number (1 to 8) of the word that the reporter repeats before sending: (x0 + … + x14) mod 8 + 1."""
        return sum(_VALUE[symbol] for symbol in self._symbols) % WORDS + 1

    def is_confirmed_by(self, typed: str) -> bool:
        """Return whether that word was typed: in any case, its first four letters are enough."""
        words = _letters_of(typed)
        try:
            return [index_of(word, 1) for word in words] == [self._indices[self.confirm_number - 1]]
        except WrongWordsError:
            return False

    def keys(self, instance: bytes, desk: str) -> ThreadKeys:
        """Derive the thread's keys at an instance (16 bytes) and desk; keys of different desks are independent."""
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
        """Return the claim key's signature of a body, 64 bytes (FORMAT "Signatures").

        Args:
            instance: 16 bytes.
            desk: name of the desk whose thread's claim key signs.
            label: domain of the signature.
            body: the signed bytes.
        """
        _, private = nacl.bindings.crypto_sign_seed_keypair(prf(self._master(instance, desk), "claim key"))
        return nacl.bindings.crypto_sign(signed_message(label, instance, body), private)[:SIGNATURE_BYTES]

    def _master(self, instance: bytes, desk: str) -> bytes:
        words = b"".join(map(u16, self._indices))
        return prf(words, "master", instance, desk.encode("ascii"), self._symbols.encode("ascii"))

    def is_revealed_by(self, text: str) -> bool:
        """Return whether a text contains the code, or four consecutive words (first four letters) of the passphrase."""
        if self.code.replace("-", "") in _symbols_of(text):
            return True
        own = [word[:KEY_LETTERS] for word in self.words.split()]
        typed = f" {' '.join(word[:KEY_LETTERS] for word in _letters_of(text))} "
        return any(
            f" {' '.join(own[at : at + REVEALING_WORDS])} " in typed for at in range(WORDS - REVEALING_WORDS + 1)
        )


def _symbols_of(typed: str) -> str:
    """Return the ASCII letters and digits in upper case, with O as 0, and I and L as 1; the rest is dropped."""
    return typed.encode("ascii", "ignore").translate(_AS_SYMBOLS, _NO_SYMBOLS).decode("ascii")


def _letters_of(typed: str) -> list[str]:
    """Return the words of ASCII letters in lower case."""
    return typed.encode("ascii", "replace").translate(_AS_LETTERS).decode("ascii").split()


def _word_bits(indices: tuple[int, ...]) -> int:
    bits = 0
    for index in indices:
        bits = bits << WORD_BITS | index
    return bits


def _checksum(symbols: str, bits: int) -> int:
    body = (bits >> CHECKSUM_BITS << CHECKSUM_BITS).to_bytes(WORDS * WORD_BITS // 8, "big")
    return labelled_hash("words checksum", symbols.encode("ascii"), body)[0] >> 8 - CHECKSUM_BITS


def secret_from(symbols: str, random_bits: int) -> ReporterSecret:
    """Return the secret of 15 symbols and 83 bits. For test vectors; production calls `new_secret`."""
    bits = random_bits << CHECKSUM_BITS
    bits |= _checksum(symbols, bits)
    shifts = range((WORDS - 1) * WORD_BITS, -1, -WORD_BITS)
    return ReporterSecret(symbols, tuple(bits >> shift & 2047 for shift in shifts))


def new_secret() -> ReporterSecret:
    """Return a new secret of 158 bits from the system's random generator."""
    symbols = "".join(SYMBOLS[secrets.randbits(5)] for _ in range(CODE_SYMBOLS - 1))
    return secret_from(symbols, secrets.randbits(WORDS * WORD_BITS - CHECKSUM_BITS))


def parse_code(typed: str) -> str:
    """Return the 15 symbols of a typed receipt code, without its check symbol; raises WrongCodeError."""
    symbols = _symbols_of(typed)
    if len(symbols) != CODE_SYMBOLS:
        raise WrongCodeError("receipt-code.length", reason="length")
    if any(symbol not in _VALUE for symbol in symbols):
        raise WrongCodeError("receipt-code.symbol", reason="symbol")
    if _check_value([_VALUE[symbol] for symbol in symbols[:-1]]) != _VALUE[symbols[-1]]:
        raise WrongCodeError("receipt-code.check", reason="check")
    return symbols[:-1]


def parse_secret(typed_code: str, typed_words: str) -> ReporterSecret:
    """Parse a typed code and passphrase; raises WrongCodeError or WrongWordsError."""
    symbols = parse_code(typed_code)
    typed = _letters_of(typed_words)
    if len(typed) != WORDS:
        raise WrongWordsError("words.count", reason="count")
    indices = tuple(index_of(word, position) for position, word in enumerate(typed, 1))
    bits = _word_bits(indices)
    if _checksum(symbols, bits) != bits & (1 << CHECKSUM_BITS) - 1:
        raise WrongWordsError("words.mismatch", reason="mismatch")
    return ReporterSecret(symbols, indices)


def form_nonce(form: bytes, index: int, attempt: int = 0) -> bytes:
    """Return form (12 bytes) ‖ u16(index) ‖ u16(attempt) (FORMAT "Ids and digests").

    Raises:
        ValueError: `form` has another length.
    """
    nonce = form + u16(index) + u16(attempt)
    if len(nonce) != NONCE_BYTES:
        raise ValueError("a form nonce has 12 bytes")
    return nonce


FIRST_FORM: Final = bytes(12)
