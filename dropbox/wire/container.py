"""Reads and writes containers: one file of sealed blobs that a reporter made off-line (FORMAT "Container"). No keys.

Rule: memory does not grow with the file. After damage, every whole blob before it is still good.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from dropbox.errors import MalformedError
from dropbox.limits import CONTAINER_BLOBS_MAX, DESKS_MAX
from dropbox.wire.blob import blob_length
from dropbox.wire.fields import HASH_BYTES, INSTANCE_BYTES, Reader, u8, u16, u64
from dropbox.wire.padding import BUCKETS

CONTAINER_MAGIC: Final = b"DBXQ"
CONTAINER_HEAD_BYTES: Final = len(CONTAINER_MAGIC) + 1 + INSTANCE_BYTES + 2
ENTRY_HEAD_BYTES: Final = HASH_BYTES + HASH_BYTES + 8
_PIECE: Final = 1 << 20
_LENGTHS: Final = frozenset(blob_length(slots, bucket) for slots in range(1, DESKS_MAX + 1) for bucket in BUCKETS)


@dataclass(frozen=True)
class SealedEntry:
    """The head of one blob: the id and digest (32 bytes each) to store it under, and its length in bytes."""

    id: bytes
    digest: bytes
    length: int

    def encode(self) -> bytes:
        """Return the entry's 72 bytes."""
        return self.id + self.digest + u64(self.length)


def container_head(instance: bytes, blobs: int) -> bytes:
    """Return the first bytes of a container with that number of blobs; raises MalformedError if it is out of range."""
    if not 1 <= blobs <= CONTAINER_BLOBS_MAX:
        raise MalformedError("container.blobs", most=CONTAINER_BLOBS_MAX)
    return CONTAINER_MAGIC + u8(1) + instance + u16(blobs)


class ContainerReader:
    """Reads an untrusted container from a `read(n)` function, one blob after the other, in bounded memory.

    Use: `for entry in reader.entries(): for piece in reader.pieces(): …` (all pieces, or none of them).
    Raises MalformedError, also on creation; nothing after that position can be used.

    Attributes:
        count: number of blobs that the container claims to hold.
    """

    def __init__(self, untrusted_read: Callable[[int], bytes], instance: bytes) -> None:
        self._read = untrusted_read
        self._pending = 0
        reader = Reader(self._take(CONTAINER_HEAD_BYTES), "container")
        reader.expect(CONTAINER_MAGIC + u8(1))
        if reader.take(INSTANCE_BYTES) != instance:
            reader.fail("format.other-instance")
        self.count = reader.uint(2)
        if not 1 <= self.count <= CONTAINER_BLOBS_MAX:
            reader.fail("format.blob-count")

    def _take(self, count: int) -> bytes:
        parts = []
        while count:
            piece = self._read(count)
            if not piece:
                raise MalformedError("container.truncated")
            parts.append(piece)
            count -= len(piece)
        return b"".join(parts)

    def entries(self) -> Iterator[SealedEntry]:
        """Yield the entry of each blob, and end at the end of the file; raises MalformedError."""
        for _ in range(self.count):
            for _ in self.pieces():  # of a blob that the caller skipped
                pass
            reader = Reader(self._take(ENTRY_HEAD_BYTES), "container")
            entry = SealedEntry(reader.take(HASH_BYTES), reader.take(HASH_BYTES), reader.uint(8))
            if entry.length not in _LENGTHS:
                reader.fail("format.blob-length")
            self._pending = entry.length
            yield entry
        for _ in self.pieces():
            pass
        if self._read(1):
            raise MalformedError("container.trailing")

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of the current blob, in pieces of at most 1 MiB; raises MalformedError."""
        while self._pending:
            piece = self._take(min(self._pending, _PIECE))
            self._pending -= len(piece)
            yield piece
