"""Seals signed contents and their parts to one receiver, in bounded memory (FORMAT "Dossier", the sender's half).

    wrap key   = PRF(ss, "dossier wrap", instance, u8(1), SHA-256(receiver's seal key), ct)
    commitment = PRF(file key, "dossier commitment", header ‖ ct ‖ wrapped)
    stream     = secretstream_xchacha20poly1305(PRF(file key, "dossier stream"), content, 64 KiB chunks)

Rule: this module cannot open what it sealed.
"""

import hashlib
import itertools
import os
from collections.abc import Iterable, Iterator
from typing import Final

import nacl.bindings

from dropbox.crypto.kdf import prf
from dropbox.crypto.kem import EpochPublicKey
from dropbox.crypto.sealing import WRAP_NONCE, SystemRandomness
from dropbox.limits import CHUNK_BYTES
from dropbox.wire.dossier import VERSION, dossier_header
from dropbox.wire.fields import lp, u8

LABEL: Final = "dossier"

_push = nacl.bindings.crypto_secretstream_xchacha20poly1305_push
_MESSAGE: Final = nacl.bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL: Final = nacl.bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


def wrap_key(secret: bytes, instance: bytes, seal_key: bytes, ciphertext: bytes) -> bytes:
    """Derive the key (32 bytes) that wraps the file key for one receiver.

    Args:
        secret: shared secret of the encapsulation, 32 bytes.
        instance: 16 bytes.
        seal_key: the receiver's X-Wing public key, 1216 bytes.
        ciphertext: of the encapsulation, 1120 bytes.
    """
    return prf(secret, "dossier wrap", instance, u8(VERSION), hashlib.sha256(seal_key).digest(), ciphertext)


def commitment_of(file_key: bytes, before: bytes) -> bytes:
    """Return the commitment (32 bytes) that binds the file key to header and stanza."""
    return prf(file_key, "dossier commitment", before)


def stream_key(file_key: bytes) -> bytes:
    """Derive the secretstream's key (32 bytes)."""
    return prf(file_key, "dossier stream")


def new_id() -> bytes:
    """Return 16 random bytes as the id of a dossier."""
    return os.urandom(16)


def seal_dossier(
    instance: bytes,
    seal_key: bytes,
    signed: bytes,
    parts: Iterable[bytes],
    randomness: SystemRandomness | None = None,
) -> Iterator[bytes]:
    """Yield the bytes of a dossier, piece by piece.

    Args:
        instance: 16 bytes.
        seal_key: the receiver's X-Wing public key, 1216 bytes.
        signed: the signed object with the contents.
        parts: the bytes of all parts in order, in pieces of any size.
        randomness: replaced only by test vectors.

    Raises:
        MalformedError: the receiver's key is invalid.
    """
    randomness = randomness or SystemRandomness()
    file_key = randomness.file_key()
    ciphertext, secret = randomness.encapsulate(EpochPublicKey(seal_key))
    wrapping = wrap_key(secret, instance, seal_key, ciphertext)
    wrapped = nacl.bindings.crypto_aead_chacha20poly1305_ietf_encrypt(file_key, None, WRAP_NONCE, wrapping)
    before = dossier_header(instance) + ciphertext + wrapped
    stream_header, state = randomness.stream(stream_key(file_key))
    yield before + commitment_of(file_key, before) + stream_header
    pending = b""
    for piece in itertools.chain([lp(signed)], parts):
        data = pending + piece
        view, at = memoryview(data), 0
        while len(data) - at > CHUNK_BYTES:  # the last chunk is pushed when it is known to be the last
            yield _push(state, bytes(view[at : at + CHUNK_BYTES]), tag=_MESSAGE)
            at += CHUNK_BYTES
        pending = bytes(view[at:])
    yield _push(state, pending, tag=_FINAL)
