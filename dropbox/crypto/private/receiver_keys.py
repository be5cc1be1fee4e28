"""PRIVATE. Holds a receiver's keys, opens dossiers and seals answers (FORMAT "Dossier", the receiver's half).

    1 parse · 2 key · 3 commitment · 4 stream · 5 signature · 6 parts

Rule: `check` reads a whole dossier before any part of it is returned. The class of an error names its stage: Malformed
(1), NotForThisKey (2), Damaged (3, 4 and 6), Untrusted (5).
"""

import hashlib
import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import nacl.bindings
import nacl.exceptions

from dropbox.crypto.dossiers import LABEL, commitment_of, stream_key, wrap_key
from dropbox.crypto.private.desk_keys import SEED_BYTES, EpochSecretKey, StationKey
from dropbox.crypto.private.opening import Read, read_exactly
from dropbox.crypto.receivers import ANSWER_LABEL, CARD_LABEL, ONCE, answer_key, seal_answer
from dropbox.crypto.sealing import WRAP_NONCE, Stream
from dropbox.crypto.signing import Trust, VerifiedBody, open_object
from dropbox.errors import DamagedError, MalformedError, NotForThisKeyError, UntrustedError
from dropbox.limits import CHUNK_BYTES
from dropbox.wire.blob import CHUNK_OVERHEAD_BYTES, COMMITMENT_BYTES, KEM_CIPHERTEXT_BYTES, STREAM_HEADER_BYTES
from dropbox.wire.calendar import Day
from dropbox.wire.dossier import (
    HEADER_BYTES,
    OBJECT_MAX_BYTES,
    PREFIX_BYTES,
    Answer,
    Contents,
    Part,
    check_answer,
    check_header,
    parse_contents,
    parse_sealed_answer,
)
from dropbox.wire.receiver import ReceiverCard, encode_card

RECEIVER_SECRET_BYTES: Final = 2 * SEED_BYTES
_pull = nacl.bindings.crypto_secretstream_xchacha20poly1305_pull
_MESSAGE: Final = nacl.bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL: Final = nacl.bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


@dataclass(frozen=True)
class ReceiverKey:
    """Both private keys of a receiver, from their seeds (32 bytes each)."""

    seal: EpochSecretKey = field(repr=False)
    sign: StationKey = field(repr=False)

    @classmethod
    def generate(cls) -> "ReceiverKey":
        """Return new random keys."""
        return cls.from_secret(os.urandom(RECEIVER_SECRET_BYTES))

    @classmethod
    def from_secret(cls, secret: bytes) -> "ReceiverKey":
        """Return the keys of seal seed ‖ sign seed (64 bytes); raises MalformedError."""
        if len(secret) != RECEIVER_SECRET_BYTES:
            raise MalformedError("receiver.not-keys")
        return cls(EpochSecretKey(secret[:SEED_BYTES]), StationKey(secret[SEED_BYTES:]))

    @property
    def secret(self) -> bytes:
        """Seal seed ‖ sign seed (64 bytes), for a private file."""
        return self.seal.seed + self.sign.seed

    def card(self, label: str, purpose: str, first: int, last: int) -> bytes:
        """Return the bytes of a card for these keys.

        Args:
            label: name of the receiver, 1 to 80 printable characters.
            purpose: one of wire.receiver.PURPOSES.
            first: first day number on which the card is valid.
            last: last day number on which the card is valid.

        Raises:
            MalformedError: the label is invalid.
        """
        card = ReceiverCard(label, purpose, Day(first), Day(last), self.sign.public, self.seal.public.raw)
        return encode_card(card, self.sign.sign(CARD_LABEL, b"", card.encode()))

    def answer(self, reply_key: bytes, answer: Answer) -> bytes:
        """Sign and seal an answer; returns the bytes of its file.

        Raises:
            MalformedError: the answer is empty or too long, or the reply key (1216 bytes) is invalid.
        """
        check_answer(answer)
        body = answer.encode()
        signed = body + self.sign.sign(ANSWER_LABEL, answer.instance, body)
        return seal_answer(answer.dossier, reply_key, signed)


@dataclass(frozen=True)
class Dossier:
    """A dossier that was read to its end and verified: its contents, and the key of its stream (32 bytes)."""

    contents: Contents
    object: VerifiedBody
    file_key: bytes = field(repr=False)


class _Plaintext:
    """The content of a dossier's stream, read in pieces of at most a chunk; raises DamagedError or MalformedError."""

    def __init__(self, read: Read, key: bytes) -> None:
        self._read = read
        self._state = Stream()
        header = read_exactly(read, STREAM_HEADER_BYTES)
        nacl.bindings.crypto_secretstream_xchacha20poly1305_init_pull(self._state, header, key)
        self._next = self._sealed()
        self._held = b""
        if not self._next:
            raise MalformedError("dossier.truncated")

    def _sealed(self) -> bytes:
        """Return a whole sealed chunk, or what is left."""
        parts, want = [], CHUNK_BYTES + CHUNK_OVERHEAD_BYTES
        while want:
            piece = self._read(want)
            if not piece:
                break
            parts.append(piece)
            want -= len(piece)
        return b"".join(parts)

    def _chunk(self) -> bytes:
        sealed, self._next = self._next, self._sealed()
        if not sealed:
            raise DamagedError("dossier.ends-early")
        try:
            plaintext, tag = _pull(self._state, sealed, None)
        except (nacl.exceptions.CryptoError, ValueError):
            raise DamagedError("dossier.chunk") from None
        if tag != (_MESSAGE if self._next else _FINAL):
            raise DamagedError("dossier.wrong-end")
        return plaintext

    def pieces(self, count: int) -> Iterator[bytes]:
        """Yield exactly `count` bytes, in pieces; raises DamagedError."""
        while count:
            if not self._held:
                self._held = self._chunk()
            piece, self._held = self._held[:count], self._held[count:]
            count -= len(piece)
            yield piece

    def take(self, count: int) -> bytes:
        """Return exactly `count` bytes; raises DamagedError."""
        return b"".join(self.pieces(count))

    def end(self) -> None:
        """Raise DamagedError if bytes are left."""
        if self._held or self._next:
            raise DamagedError("dossier.unsigned")


def check(read: Read, key: ReceiverKey, card: ReceiverCard, card_sha256: bytes, trust: Trust) -> Dossier:
    """Run all six stages over a whole dossier in bounded memory.

    Args:
        read: `read(n)` from the first byte on.
        key: the receiver's keys.
        card: the card that the inspectorate has.
        card_sha256: SHA-256 of the card's file.
        trust: the inspectorate's pinned root, today, and its revoked keys.

    Raises:
        MalformedError: not a dossier, or of another inspectorate, or cut before its stream.
        NotForThisKeyError: sealed to another receiver.
        DamagedError: altered or cut.
        UntrustedError: no station of the root signed it, it is addressed to another card, or it was made on a day on
            which the station's certificate or the receiver's key was not valid.
    """
    prefix = read_exactly(read, PREFIX_BYTES)
    check_header(prefix[:HEADER_BYTES], trust.anchor.instance)
    file_key = _unwrap(prefix, trust.anchor.instance, key)
    plaintext = _Plaintext(read, stream_key(file_key))
    object_, contents = _signed(plaintext, card, card_sha256, trust)
    for part in contents.parts:
        digest = hashlib.sha256()
        for piece in plaintext.pieces(part.length):
            digest.update(piece)
        if digest.digest() != part.sha256:
            raise DamagedError("dossier.part-differs")
    plaintext.end()
    return Dossier(contents, object_, file_key)


def parts(read: Read, dossier: Dossier) -> Iterator[tuple[Part, Iterator[bytes]]]:
    """Yield (part, its bytes in pieces) of a dossier that passed `check`; read each part whole before the next.

    Raises:
        DamagedError, MalformedError: the dossier has changed since.
    """
    prefix = read_exactly(read, PREFIX_BYTES)
    _check_commitment(prefix, dossier.file_key)
    plaintext = _Plaintext(read, stream_key(dossier.file_key))
    plaintext.take(int.from_bytes(plaintext.take(4), "big"))
    for part in dossier.contents.parts:
        yield part, plaintext.pieces(part.length)
    plaintext.end()


def open_answer(untrusted: bytes, reply: EpochSecretKey) -> bytes:
    """Open an answer's file for the desk, with the private key made for its dossier; returns the signed answer.

    Raises:
        MalformedError: not an answer.
        DamagedError: made for another dossier's key, or altered.
    """
    parsed = parse_sealed_answer(untrusted)
    try:
        secret = reply.decapsulate(parsed.ciphertext)
        key = answer_key(secret, parsed.header, reply.public.raw, parsed.ciphertext)
        opened: bytes = nacl.bindings.crypto_aead_chacha20poly1305_ietf_decrypt(parsed.sealed, None, ONCE, key)
    except (nacl.exceptions.CryptoError, NotForThisKeyError, ValueError):
        raise DamagedError("dossier.answer-closed") from None
    return opened


def _unwrap(prefix: bytes, instance: bytes, key: ReceiverKey) -> bytes:
    stanza = prefix[HEADER_BYTES:-COMMITMENT_BYTES]
    ciphertext, wrapped = stanza[:KEM_CIPHERTEXT_BYTES], stanza[KEM_CIPHERTEXT_BYTES:]
    try:
        wrapping = wrap_key(key.seal.decapsulate(ciphertext), instance, key.seal.public.raw, ciphertext)
        file_key: bytes = nacl.bindings.crypto_aead_chacha20poly1305_ietf_decrypt(wrapped, None, WRAP_NONCE, wrapping)
    except (nacl.exceptions.CryptoError, NotForThisKeyError):
        raise NotForThisKeyError("dossier.other-receiver") from None
    _check_commitment(prefix, file_key)
    return file_key


def _check_commitment(prefix: bytes, file_key: bytes) -> None:
    before, commitment = prefix[:-COMMITMENT_BYTES], prefix[-COMMITMENT_BYTES:]
    if not hmac.compare_digest(commitment, commitment_of(file_key, before)):
        raise DamagedError("dossier.commitment")


def _signed(
    plaintext: _Plaintext, card: ReceiverCard, card_sha256: bytes, trust: Trust
) -> tuple[VerifiedBody, Contents]:
    length = int.from_bytes(plaintext.take(4), "big")
    if length > OBJECT_MAX_BYTES:
        raise DamagedError("dossier.list-long")
    # A certificate lasts 100 days, a dossier is read for years: it must have held when the dossier was made.
    opened = open_object(trust, plaintext.take(length), LABEL, dated=False)
    contents = parse_contents(opened.body)
    if contents.head.number:
        raise UntrustedError("signature.number")
    made = contents.head.made
    if not opened.certificate.first <= made <= opened.certificate.last or made > trust.today + 1:
        raise UntrustedError("dossier.station-day")
    if contents.receiver != card_sha256:
        raise UntrustedError("dossier.other-card")
    if not card.first <= made <= card.last:
        raise UntrustedError("dossier.key-day")
    return opened, contents
