"""PRIVATE. Derives officers' personal public keys (X25519), to which identities are sealed.

Rule: this module stores nothing; only the officer's file (vault.officer) holds the seed.
"""

import nacl.bindings


def public_of(seed: bytes) -> bytes:
    """Return the X25519 public key (32 bytes) of a personal seed (32 bytes)."""
    return nacl.bindings.crypto_scalarmult_base(seed)
