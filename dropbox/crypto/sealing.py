"""Seals a message to one desk while it is being received (FORMAT "Blob", the sender's half).

    commitment = PRF(file key, "commitment", header ‖ stanzas)
    stream     = secretstream_xchacha20poly1305(PRF(file key, "stream"), content, 64 KiB chunks)

Rule: memory does not grow with the message, and this module cannot open what it sealed.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import nacl.bindings

from dropbox.crypto.kdf import prf
from dropbox.crypto.kem import EpochPublicKey, encapsulate, ephemeral_public_key
from dropbox.errors import RefusedError, TooLargeError
from dropbox.limits import CHUNK_BYTES, DESKS_MAX, RECORD_MAX_BYTES
from dropbox.wire.blob import VERSION, WRAPPED_BYTES, Header
from dropbox.wire.calendar import Epoch
from dropbox.wire.fields import Record, encode_record, lp, u8
from dropbox.wire.padding import BUCKETS, MARK, bucket_for

FILE_KEY_BYTES: Final = 32
WRAP_NONCE: Final = bytes(12)  # a wrap key is used once

_push = nacl.bindings.crypto_secretstream_xchacha20poly1305_push
_MESSAGE: Final = nacl.bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL: Final = nacl.bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL

Stream = nacl.bindings.crypto_secretstream_xchacha20poly1305_state


@dataclass(frozen=True)
class Address:
    """The recipient of a blob: the number of slots, the addressed slot (from 0) and its epoch key.

    Raises ValueError on creation if the slot does not exist: nobody could open such a blob.
    """

    instance: bytes
    epoch: Epoch
    slots: int
    slot: int
    key: EpochPublicKey

    def __post_init__(self) -> None:
        if not 0 <= self.slot < self.slots <= DESKS_MAX:
            raise ValueError("the addressed slot is not among the slots")


def wrap_key(secret: bytes, header: Header, slot: int, key_hash: bytes, ciphertext: bytes) -> bytes:
    """Return PRF(ss, "stanza", instance, u8(1), u8(slot), SHA-256(epoch key), ct), 32 bytes.

    Args:
        secret: shared secret of the encapsulation, 32 bytes.
        header: the blob's header.
        slot: the addressed slot, from 0.
        key_hash: SHA-256 of the epoch public key.
        ciphertext: of the encapsulation, 1120 bytes.
    """
    return prf(secret, "stanza", header.instance, u8(VERSION), u8(slot), key_hash, ciphertext)


def commitment_of(file_key: bytes, header: bytes, stanzas: bytes) -> bytes:
    """Return the commitment (32 bytes) of the file key to header and stanzas: two desks cannot open two messages."""
    return prf(file_key, "commitment", header + stanzas)


def stream_key(file_key: bytes) -> bytes:
    """Derive the secretstream's key (32 bytes)."""
    return prf(file_key, "stream")


def member_of(auth_key: bytes, commitment: bytes, record: Record) -> bytes:
    """Return the proof (32 bytes) that the sender has the thread's secret; `record` lacks `member`."""
    return prf(auth_key, "member", commitment, encode_record(record))


class Decoys:
    """Fills the slots of desks that are not addressed.

    One ephemeral key serves a whole process: encapsulations to it are as unlinkable as encapsulations to
    any key, and its private half no longer exists.
    """

    def __init__(self) -> None:
        self._key = ephemeral_public_key()

    def stanza(self) -> bytes:
        """Return a real encapsulation followed by 48 random bytes."""
        ciphertext, _ = encapsulate(self._key)
        return ciphertext + os.urandom(WRAPPED_BYTES)


class SystemRandomness:
    """The source of a sealer's randomness; only test vectors replace it."""

    def file_key(self) -> bytes:
        """Return 32 random bytes."""
        return os.urandom(FILE_KEY_BYTES)

    def encapsulate(self, key: EpochPublicKey) -> tuple[bytes, bytes]:
        """Return (ciphertext of 1120 bytes, shared secret of 32 bytes); raises MalformedError for an invalid key."""
        return encapsulate(key)

    def stream(self, key: bytes) -> tuple[bytes, Stream]:
        """Return (secretstream header of 24 bytes, state)."""
        state = Stream()
        return nacl.bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key), state


class Sealer:
    """Seals one message piece by piece: `start`, then `update`…, then `finish`; join what they return.

    Args:
        address: the recipient.
        decoys: fills the other slots.
        auth_key: the thread's authentication key, 32 bytes.
        record: the message's record without `member`.
        randomness: replaced only by test vectors.

    Raises:
        MalformedError: on creation, if the address's key is invalid.
    """

    def __init__(
        self,
        address: Address,
        decoys: Decoys,
        auth_key: bytes,
        record: Record,
        randomness: SystemRandomness | None = None,
    ) -> None:
        randomness = randomness or SystemRandomness()
        file_key = randomness.file_key()
        header = Header(address.slots, address.epoch, address.instance)
        stanzas = b"".join(
            self._stanza(address, header, file_key, randomness) if slot == address.slot else decoys.stanza()
            for slot in range(address.slots)
        )
        commitment = commitment_of(file_key, header.encode(), stanzas)
        complete = dict(record) | {"member": member_of(auth_key, commitment, record)}
        self._content = lp(encode_record(complete))
        stream_header, self._stream = randomness.stream(stream_key(file_key))
        self._prefix = header.encode() + stanzas + commitment + stream_header
        self._buffer = bytearray(self._content)
        self._length = len(self._content)

    @staticmethod
    def _stanza(address: Address, header: Header, file_key: bytes, randomness: SystemRandomness) -> bytes:
        ciphertext, secret = randomness.encapsulate(address.key)
        key = wrap_key(secret, header, address.slot, hashlib.sha256(address.key.raw).digest(), ciphertext)
        wrapped = nacl.bindings.crypto_aead_chacha20poly1305_ietf_encrypt(file_key, None, WRAP_NONCE, key)
        return ciphertext + wrapped

    def start(self) -> bytes:
        """Return the bytes before the first chunk."""
        return self._prefix

    def update(self, data: bytes) -> list[bytes]:
        """Add file bytes; returns the sealed chunks that they complete, possibly none.

        Raises:
            TooLargeError: the message exceeds the largest bucket; everything returned before is useless.
            RefusedError: the record is too long for a message with file bytes.
        """
        if len(self._content) - 4 > RECORD_MAX_BYTES:
            raise RefusedError("blob.file-record-long")
        self._length += len(data)
        if self._length + len(MARK) > BUCKETS[-1]:
            raise TooLargeError("blob.too-large")
        # A full chunk is held back until more data arrives: it may be the final one.
        out: list[bytes] = []
        at = 0
        if self._buffer:
            at = CHUNK_BYTES - len(self._buffer)
            self._buffer += data[:at]
            if len(data) <= at:
                return out
            out.append(self._chunk(bytes(self._buffer)))
            self._buffer.clear()
        # Chunks are returned one by one: joining them would copy each once more, into newly allocated memory.
        while len(data) - at > CHUNK_BYTES:
            out.append(self._chunk(data[at : at + CHUNK_BYTES]))
            at += CHUNK_BYTES
        self._buffer += data[at:]
        return out

    def _chunk(self, plaintext: bytes, tag: int = _MESSAGE) -> bytes:
        return _push(self._stream, plaintext, None, tag)

    def finish(self) -> Iterator[bytes]:
        """Yield the last chunks: mark, zeros, tag FINAL; in pieces, because padding may be 256 MiB.

        Raises:
            TooLargeError: the record alone exceeds the largest bucket.
        """
        bucket = bucket_for(self._length)
        tail = bytes(self._buffer) + MARK
        left = bucket - self._length - len(MARK)
        while left or tail:
            fill = min(left, CHUNK_BYTES - len(tail)) if len(tail) < CHUNK_BYTES else 0
            plaintext, tail = (tail + bytes(fill))[:CHUNK_BYTES], tail[CHUNK_BYTES:]
            left -= fill
            yield self._chunk(plaintext, _MESSAGE if left or tail else _FINAL)


def seal_text(address: Address, decoys: Decoys, auth_key: bytes, record: Record) -> bytes:
    """Return a whole blob without file bytes.

    Args:
        address: the recipient.
        decoys: fills the other slots.
        auth_key: the thread's authentication key, 32 bytes.
        record: the message's record without `member`, of any length up to the largest bucket.

    Raises:
        MalformedError: the address's key is invalid.
        TooLargeError: the record exceeds the largest bucket.
    """
    sealer = Sealer(address, decoys, auth_key, record)
    return b"".join((sealer.start(), *sealer.finish()))
