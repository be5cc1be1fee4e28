"""Parses and builds receipts: which blobs a desk has examined and stored safely (FORMAT "Receipts").

Rule: hashes are ascending, so that a set of receipts has exactly one encoding. Verifies nothing.
"""

import itertools
from dataclasses import dataclass

from dropbox.wire.fields import HASH_BYTES, Reader, u32
from dropbox.wire.signed import Head, read_head


@dataclass(frozen=True)
class Receipts:
    """SHA-256 hashes (32 bytes) of examined blobs, ascending."""

    head: Head
    blobs: tuple[bytes, ...]

    def encode(self) -> bytes:
        """Return the body that the station signs."""
        return self.head.encode() + u32(len(self.blobs)) + b"".join(self.blobs)


def parse_receipts(untrusted_body: bytes) -> Receipts:
    """Parse the body of receipts; raises MalformedError."""
    reader = Reader(untrusted_body, "receipts")
    head = read_head(reader)
    count = reader.uint(4)
    if count * HASH_BYTES != reader.left:
        reader.fail("format.count")
    blobs = tuple(reader.take(HASH_BYTES) for _ in range(count))
    if any(a >= b for a, b in itertools.pairwise(blobs)):
        reader.fail("format.hash-order")
    return Receipts(head, blobs)
