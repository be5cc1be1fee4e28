"""Reads and writes what a courier carries: exports and reply bundles (FORMAT "Export", "Return"). Verifies nothing.

Rule: the caller learns a blob's length and hash before its bytes. After damage, everything before it is still good.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from dropbox.errors import MalformedError
from dropbox.limits import RETURN_ITEMS_MAX
from dropbox.wire.calendar import Day
from dropbox.wire.fields import HASH_BYTES, INSTANCE_BYTES, Reader, desk_name, lp, u8, u16, u32, u64
from dropbox.wire.keyring import encode_keys, take_keys
from dropbox.wire.server import SERVER_CERTIFICATE_BYTES
from dropbox.wire.signed import SIGNATURE_BYTES, Head, read_head

EXPORT_MAGIC: Final = b"DBXE"
_BLOB: Final = b"\x01"
_TRAILER: Final = b"\x02"
UPLOADS_EPOCH: Final = 2**32 - 1
_PIECE: Final = 1 << 20


@dataclass(frozen=True)
class ExportHead:
    """Which export this is."""

    instance: bytes
    number: int
    day: Day
    certificate: bytes  # of the server, untrusted

    def encode(self) -> bytes:
        """Return the first bytes of an export."""
        return EXPORT_MAGIC + u8(1) + self.instance + u64(self.number) + u32(self.day) + self.certificate


EXPORT_HEAD_BYTES: Final = 4 + 1 + INSTANCE_BYTES + 8 + 4 + SERVER_CERTIFICATE_BYTES


def parse_export_head(untrusted: bytes) -> ExportHead:
    """Parse the first EXPORT_HEAD_BYTES bytes of an export; raises MalformedError."""
    reader = Reader(untrusted, "export")
    reader.expect(EXPORT_MAGIC + u8(1))
    instance, number, day = reader.take(INSTANCE_BYTES), reader.uint(8), reader.uint(4)
    head = ExportHead(instance, number, Day(day), reader.take(SERVER_CERTIFICATE_BYTES))
    reader.end()
    return head


@dataclass(frozen=True)
class ExportedBlob:
    """The head of one blob: its id (32 bytes), length in bytes and SHA-256."""

    id: bytes
    length: int
    sha256: bytes

    def encode(self) -> bytes:
        """Return the bytes that precede the blob's own."""
        return _BLOB + self.id + u64(self.length) + self.sha256


@dataclass(frozen=True)
class ExportTrailer:
    """The end of an export: the server's count of blobs, and its signature (not verified here).

    Attributes:
        held: number of blobs by epoch that the server stores.
        returns: number of the newest return that the server took, by desk.
        blobs: number of blobs in the export.
        sha256: hash of everything before it.
        signature: the server's signature of that hash.
    """

    held: dict[int, int]
    returns: dict[str, int]
    blobs: int
    sha256: bytes
    signature: bytes


class ExportWriter:
    """Frames blobs into an export; the caller writes what it returns."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._blobs = 0

    def _pass(self, data: bytes) -> bytes:
        self._hash.update(data)
        return data

    def head(self, head: ExportHead) -> bytes:
        """Return the bytes of the head; called first."""
        return self._pass(head.encode())

    def blob(self, blob: ExportedBlob, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Return the bytes of one blob, piece by piece; called once for each."""
        yield self._pass(blob.encode())
        for piece in pieces:
            yield self._pass(piece)
        self._blobs += 1

    def trailer(
        self, held: dict[int, int], sign: Callable[[bytes], bytes], returns: Mapping[str, int] | None = None
    ) -> bytes:
        """Return the bytes of the trailer; called last. `sign` returns the server's signature of a SHA-256."""
        counts = b"".join(u32(epoch) + u32(count) for epoch, count in sorted(held.items()))
        taken = sorted((returns or {}).items())
        numbers = u8(len(taken)) + b"".join(desk_name(desk) + u32(number) for desk, number in taken)
        trailer = self._pass(_TRAILER + u16(len(held)) + counts + numbers + u32(self._blobs))
        sha256 = self._hash.digest()
        return trailer + sha256 + sign(sha256)


class ExportReader:
    """Reads an untrusted export from a `read(n)` function, one blob after the other, in bounded memory.

    Use: `head`, then `for blob in reader.blobs(): for piece in reader.pieces(): …` (all pieces, or none of
    them), then `trailer`. Raises MalformedError, also on creation; nothing after that position can be used.
    """

    def __init__(self, untrusted_read: Callable[[int], bytes], instance: bytes) -> None:
        self._read = untrusted_read
        self._hash = hashlib.sha256()
        self._blobs = 0
        self._pending = 0
        self._trailer: ExportTrailer | None = None
        self.head = parse_export_head(self._take(EXPORT_HEAD_BYTES))
        if self.head.instance != instance:
            raise MalformedError("export.other-instance")

    def _take(self, count: int) -> bytes:
        parts = []
        while count:
            piece = self._read(count)
            if not piece:
                raise MalformedError("export.truncated")
            parts.append(piece)
            count -= len(piece)
        data = b"".join(parts)
        self._hash.update(data)
        return data

    def blobs(self) -> Iterator[ExportedBlob]:
        """Yield the head of each blob, and end after a correct trailer; raises MalformedError."""
        while True:
            for _ in self._rest():
                pass
            mark = self._take(1)
            if mark == _TRAILER:
                self._read_trailer()
                return
            if mark != _BLOB:
                raise MalformedError("export.damaged")
            reader = Reader(self._take(HASH_BYTES + 8 + HASH_BYTES), "export")
            blob = ExportedBlob(reader.take(HASH_BYTES), reader.uint(8), reader.take(HASH_BYTES))
            self._pending = blob.length
            self._blobs += 1
            yield blob

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of the current blob, in pieces of at most 1 MiB; raises MalformedError."""
        return self._rest()

    def _rest(self) -> Iterator[bytes]:
        while self._pending:
            piece = self._take(min(self._pending, _PIECE))
            self._pending -= len(piece)
            yield piece

    def _read_trailer(self) -> None:
        count = int.from_bytes(self._take(2), "big")
        pairs = [(int.from_bytes(self._take(4), "big"), int.from_bytes(self._take(4), "big")) for _ in range(count)]
        taken = [self._read_return() for _ in range(self._take(1)[0])]
        blobs = int.from_bytes(self._take(4), "big")
        sha256 = self._hash.digest()
        is_correct = self._take(HASH_BYTES) == sha256
        signature = self._take(SIGNATURE_BYTES)
        if not is_correct or blobs != self._blobs or self._read(1):
            raise MalformedError("export.damaged-end")
        if [epoch for epoch, _ in pairs] != sorted({epoch for epoch, _ in pairs}):
            raise MalformedError("export.counts")
        if [desk for desk, _ in taken] != sorted({desk for desk, _ in taken}):
            raise MalformedError("export.returns")
        self._trailer = ExportTrailer(dict(pairs), dict(taken), blobs, sha256, signature)

    def _read_return(self) -> tuple[str, int]:
        length = self._take(1)
        reader = Reader(length + self._take(length[0]) + self._take(4), "export")
        return reader.desk(), reader.uint(4)

    @property
    def trailer(self) -> ExportTrailer:
        """The trailer; raises MalformedError until `blobs()` has ended."""
        if self._trailer is None:
            raise MalformedError("export.not-finished")
        return self._trailer


@dataclass(frozen=True)
class ReturnBundle:
    """A reply bundle: signed objects, the keys of the newest key bundle, the newest list of revocations."""

    head: Head
    objects: tuple[bytes, ...]
    keys: dict[int, bytes] = field(default_factory=dict)  # X-Wing public key by epoch
    revocations: bytes = b""  # signed by the root

    def encode(self) -> bytes:
        """Return the body that the station signs."""
        return self.head.encode() + pack_objects(self.objects) + encode_keys(self.keys) + lp(self.revocations)


def parse_return(untrusted_body: bytes) -> ReturnBundle:
    """Parse the body of a reply bundle; raises MalformedError."""
    reader = Reader(untrusted_body, "return bundle")
    head = read_head(reader)
    bundle = ReturnBundle(head, take_objects(reader), take_keys(reader), reader.lp())
    reader.end()
    return bundle


def pack_objects(objects: Iterable[bytes]) -> bytes:
    """Return u16(n) ‖ n × lp(object): the objects of a reply bundle, or a board's shards in the store."""
    packed = tuple(map(lp, objects))
    return u16(len(packed)) + b"".join(packed)


def unpack_objects(untrusted: bytes) -> tuple[bytes, ...]:
    """Parse exactly the bytes of `pack_objects`; raises MalformedError. Verifies nothing."""
    reader = Reader(untrusted, "objects")
    objects = take_objects(reader)
    reader.end()
    return objects


def take_objects(reader: Reader) -> tuple[bytes, ...]:
    """Read the bytes of `pack_objects` from the front; raises MalformedError."""
    count = reader.uint(2)
    if count > RETURN_ITEMS_MAX:
        reader.fail("format.object-count")
    return tuple(reader.lp() for _ in range(count))
