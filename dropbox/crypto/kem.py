r"""Encapsulates secrets with X-Wing (draft-connolly-cfrg-xwing-kem, sections 5.2 to 5.4), the sender's half.

    ss = SHA3-256(ss_M ‖ ss_X ‖ ct_X ‖ pk_X ‖ "\.//^\")

Rule: every error of the libraries becomes MalformedError. X25519 comes from libsodium (PyNaCl), ML-KEM-768 from OpenSSL
(cryptography), because PyNaCl has no KEM.
"""

import functools
import hashlib
import os
from dataclasses import dataclass
from typing import Final

import nacl.bindings
import nacl.exceptions
from cryptography.hazmat.primitives.asymmetric import mlkem

from dropbox.errors import MalformedError
from dropbox.wire.keyring import EPOCH_KEY_BYTES

ML_KEM_KEY_BYTES: Final = 1184
ML_KEM_CIPHERTEXT_BYTES: Final = 1088
X25519_BYTES: Final = 32
_LABEL: Final = rb"\.//^" + b"\\"


def combine(ss_m: bytes, ss_x: bytes, ct_x: bytes, pk_x: bytes) -> bytes:
    """Return X-Wing's shared secret, 32 bytes (section 5.3).

    Args:
        ss_m: ML-KEM-768 shared secret, 32 bytes.
        ss_x: X25519 shared secret, 32 bytes.
        ct_x: ephemeral X25519 public key, 32 bytes.
        pk_x: recipient's X25519 public key, 32 bytes.
    """
    return hashlib.sha3_256(ss_m + ss_x + ct_x + pk_x + _LABEL).digest()


@dataclass(frozen=True)
class EpochPublicKey:
    """A desk's public key of one epoch (X-Wing, 1216 bytes); raises MalformedError for another length."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != EPOCH_KEY_BYTES:
            raise MalformedError("key.epoch-size")


@functools.lru_cache(maxsize=32)  # expanding a public key costs as much as using it; a site uses few of them
def _ml_kem(pk_m: bytes) -> mlkem.MLKEM768PublicKey:
    return mlkem.MLKEM768PublicKey.from_public_bytes(pk_m)


def encapsulate(key: EpochPublicKey) -> tuple[bytes, bytes]:
    """Return (ciphertext of 1120 bytes, shared secret of 32 bytes); raises MalformedError for an invalid key."""
    pk_m, pk_x = key.raw[:ML_KEM_KEY_BYTES], key.raw[ML_KEM_KEY_BYTES:]
    try:
        ss_m, ct_m = _ml_kem(pk_m).encapsulate()
        ephemeral = os.urandom(X25519_BYTES)
        ct_x = nacl.bindings.crypto_scalarmult_base(ephemeral)
        ss_x = nacl.bindings.crypto_scalarmult(ephemeral, pk_x)
    except (ValueError, nacl.exceptions.CryptoError):
        raise MalformedError("key.epoch-invalid") from None
    return ct_m + ct_x, combine(ss_m, ss_x, ct_x, pk_x)


def ephemeral_public_key() -> EpochPublicKey:
    """Return a valid public key; its private half is discarded."""
    pk_m = mlkem.MLKEM768PrivateKey.generate().public_key().public_bytes_raw()
    return EpochPublicKey(pk_m + nacl.bindings.crypto_scalarmult_base(os.urandom(X25519_BYTES)))
