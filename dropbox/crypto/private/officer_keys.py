"""PRIVATE. Officers' personal keys (X25519), to which identities are sealed.

Rule: bytes in, bytes out; the seed lies in the officer's file alone (vault.officer).
"""

import nacl.bindings


def public_of(seed: bytes) -> bytes:
    """The X25519 public key (32 bytes) of a personal seed (32 bytes)."""
    return nacl.bindings.crypto_scalarmult_base(seed)
