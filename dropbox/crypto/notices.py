"""Seals the courier's daily notice (FORMAT "Courier's notice").

    (ct, ss) = X-Wing.Encapsulate(key)
    sealed   = ct ‖ ChaCha20-Poly1305-IETF(PRF(ss, "courier notice", SHA-256(key), ct), nonce = 12 zero bytes, body)

Rule: X-Wing and not X25519 alone, because recorded mails would show later in which days something waited.
"""

import hashlib
from typing import Final

import nacl.bindings

from dropbox.crypto.kdf import prf
from dropbox.crypto.kem import EpochPublicKey, encapsulate
from dropbox.wire.notice import Notice

ONCE: Final = bytes(12)  # every key here is used once


def notice_key(secret: bytes, key: bytes, ciphertext: bytes) -> bytes:
    """Derive the key (32 bytes) of one notice.

    Args:
        secret: shared secret of the encapsulation, 32 bytes.
        key: the courier's public key (X-Wing, 1216 bytes).
        ciphertext: of the encapsulation, 1120 bytes.
    """
    return prf(secret, "courier notice", hashlib.sha256(key).digest(), ciphertext)


def seal_notice(key: bytes, notice: Notice) -> bytes:
    """Seal a notice to the courier's public key (X-Wing, 1216 bytes); raises MalformedError for an invalid key."""
    ciphertext, secret = encapsulate(EpochPublicKey(key))
    sealing_key = notice_key(secret, key, ciphertext)
    return ciphertext + nacl.bindings.crypto_aead_chacha20poly1305_ietf_encrypt(
        notice.encode(), None, ONCE, sealing_key
    )
