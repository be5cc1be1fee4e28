"""PRIVATE. Seals a reporter's identity for pairs of officers: one officer alone, or the vault key, cannot open it.

    sealed = nonce ‖ XChaCha20-Poly1305-IETF(key, nonce, plaintext, ad)
    share  = SealedBox(first's public key, SealedBox(second's public key, key))      (libsodium crypto_box_seal)

Rule: this module does not decide which officers may open an identity; triage.access.identity does.
"""

import os
from typing import Final

import nacl.bindings
import nacl.exceptions

from dropbox.errors import DamagedError

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES


def seal(plaintext: bytes, ad: bytes) -> tuple[bytes, bytes]:
    """Seal a plaintext under a new key; returns (key of 32 bytes, sealed). `ad` binds it to what it belongs to."""
    key, nonce = os.urandom(KEY_BYTES), os.urandom(_NONCE_BYTES)
    return key, nonce + nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, ad, nonce, key)


def unseal(sealed: bytes, ad: bytes, key: bytes) -> bytes:
    """Return the plaintext that `seal` sealed with this `ad` and key (32 bytes); raises DamagedError."""
    try:
        return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed[_NONCE_BYTES:], ad, sealed[:_NONCE_BYTES], key
        )
    except (nacl.exceptions.CryptoError, ValueError):
        raise DamagedError("identity.altered") from None


def share(key: bytes, first_public: bytes, second_public: bytes) -> bytes:
    """Seal the key for two officers together (X25519 public keys, 32 bytes each)."""
    return nacl.bindings.crypto_box_seal(nacl.bindings.crypto_box_seal(key, second_public), first_public)


def open_share(sealed_share: bytes, first_seed: bytes, second_seed: bytes) -> bytes:
    """Return the key (32 bytes), from both officers' seeds in the order of `share`; raises DamagedError."""
    try:
        return _open(_open(sealed_share, first_seed), second_seed)
    except (nacl.exceptions.CryptoError, ValueError, TypeError):
        raise DamagedError("identity.share") from None


def _open(box: bytes, seed: bytes) -> bytes:
    return nacl.bindings.crypto_box_seal_open(box, nacl.bindings.crypto_scalarmult_base(seed), seed)
