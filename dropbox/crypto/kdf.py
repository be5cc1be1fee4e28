"""FORMAT "Conventions": the one place where a key meets a label.

PRF(key, label, f1, …, fn) = BLAKE2b-256(key = key, lp("dropbox/v1/" ‖ label) ‖ lp(f1) ‖ … ‖ lp(fn))
"""

import hashlib

from dropbox.wire.fields import HASH_BYTES, LABEL_ROOT, lp


def prf(key: bytes, label: str, *fields: bytes) -> bytes:
    """32 bytes that nobody without the key (16 to 64 bytes) can tell from random."""
    message = lp(LABEL_ROOT + label.encode("ascii")) + b"".join(map(lp, fields))
    return hashlib.blake2b(message, key=key, digest_size=HASH_BYTES).digest()


def labelled_hash(label: str, *fields: bytes) -> bytes:
    """32 bytes, collision-resistant, without a key."""
    return prf(b"", label, *fields)
