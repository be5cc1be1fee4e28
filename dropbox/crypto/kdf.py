"""Derives keys and hashes under labels (FORMAT "Conventions").

    PRF(key, label, f1, …, fn) = BLAKE2b-256(key = key, lp("dropbox/v1/" ‖ label) ‖ lp(f1) ‖ … ‖ lp(fn))

Rule: every use of a key has a label of its own, and every derivation of the project goes through this module.
"""

import hashlib

from dropbox.wire.fields import HASH_BYTES, LABEL_ROOT, lp


def prf(key: bytes, label: str, *fields: bytes) -> bytes:
    """Return 32 bytes that are indistinguishable from random without the key (16 to 64 bytes)."""
    message = lp(LABEL_ROOT + label.encode("ascii")) + b"".join(map(lp, fields))
    return hashlib.blake2b(message, key=key, digest_size=HASH_BYTES).digest()


def labelled_hash(label: str, *fields: bytes) -> bytes:
    """Return a collision-resistant hash of 32 bytes, without a key."""
    return prf(b"", label, *fields)
