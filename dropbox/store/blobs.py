"""Stores blobs whole and durably, or not at all.

Rule: an answer never depends on what else is stored. Another content under a stored id is stored as well, so that
sending again does not reveal what is stored or when it was deleted. A small blob comes by `put`, a large one by
`begin`, `append`… and `complete`; each call is one durable transaction. Only receipts of all desks delete a blob.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from sqlalchemy import Connection, bindparam, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert as insert_or_skip  # SQLite's compiler takes its ON CONFLICT too

from dropbox.errors import MalformedError, NotFoundError
from dropbox.limits import DESKS_MAX, STORE_FILES_BYTES
from dropbox.store import chunks, uploads
from dropbox.store.schema import blob, upload
from dropbox.store.statements import Prepared

STAGED: Final = -1  # the key of `remaining` under which unfinished uploads are counted
_IDS_PER_QUERY: Final = 500  # well under the number of parameters that either database takes


class Outcome(Enum):
    """The result of storing a blob."""

    STORED = "stored"
    ALREADY_HELD = "already held"  # the same content, or the same bytes: the same acknowledgement again


@dataclass(frozen=True)
class BlobInfo:
    """All that the store knows about a blob.

    Attributes:
        id: 32 bytes, chosen by the reporter's side; derived from id and digest for another content with the same id.
        digest: 32 bytes, keyed digest of the content; distinguishes a repetition from a collision.
        epoch: number of the epoch to which the blob is sealed.
        length: in bytes.
        sha256: 32 bytes, hash of the stored blob.
    """

    id: bytes
    digest: bytes
    epoch: int
    length: int
    sha256: bytes


_DIGEST: Final = select(blob.c.digest).where(blob.c.id == bindparam("blob_id"))
_HELD_ONE: Final = Prepared(select(blob.c.id).where(blob.c.id == bindparam("blob_id")))
_HELD: Final = select(blob.c.id).where(blob.c.id.in_(bindparam("ids", expanding=True)))
_PLACE: Final = select(blob.c.upload, blob.c.length).where(blob.c.id == bindparam("blob_id"))
_SNAPSHOT: Final = select(blob.c.id, blob.c.digest, blob.c.epoch, blob.c.length, blob.c.sha256)
_SAME: Final = Prepared(
    select(blob.c.id).where(
        or_(blob.c.id == bindparam("blob_id"), blob.c.id == bindparam("alternative")),
        blob.c.digest == bindparam("digest"),
    )
)
_CLAIM: Final = Prepared(insert_or_skip(blob).on_conflict_do_nothing().returning(blob.c.id))
# One statement, so that an upload completed meanwhile is counted on one side or the other. On
# PostgreSQL `upload` comes first because `rewrite` locks it first: no deadlock.
_REMAINING: Final = (
    select(literal(STAGED), func.count())
    .select_from(upload)
    .union_all(select(blob.c.epoch, func.count()).group_by(blob.c.epoch))
)


class Blobs(uploads.Uploads):
    """The blobs of a store, and the uploads that may become blobs."""

    def put(self, info: BlobInfo, data: bytes) -> Outcome:
        """Store a blob that is in memory.

        Raises:
            MalformedError: `data` does not match `info`.
            FilesClosedError: files have used up their room; nothing was stored.
            StorageFullError: the disk is full; nothing was stored.
        """
        if len(data) != info.length or hashlib.sha256(data).digest() != info.sha256:
            raise MalformedError("store.not-as-described")
        address = uploads.new_address()
        with self._connections.write() as tx:
            outcome = _claim(tx, address, info)
            if outcome is Outcome.STORED:
                self._room.take(tx, len(data), is_file=len(data) >= STORE_FILES_BYTES, is_entered=True)
                chunks.extend(tx, address, 0, data)
        return outcome

    def digest_of(self, blob_id: bytes) -> bytes | None:
        """Return the digest (32 bytes) of the blob with that id, or None."""
        with self._connections.read() as connection:
            return connection.execute(_DIGEST, {"blob_id": blob_id}).scalar()

    def stored_ids(self, blob_ids: Iterable[bytes]) -> set[bytes]:
        """Return the ids of `blob_ids` that are stored. This answer is an acknowledgement too.

        Raises:
            StorageLostError: PostgreSQL's standby is away.
        """
        wanted = list(blob_ids)
        if len(wanted) <= DESKS_MAX:  # a look-up
            found = {one for one in wanted if self._connections.rows(_HELD_ONE, {"blob_id": one})}
        else:
            found = set()
            with self._connections.read() as connection:
                for start in range(0, len(wanted), _IDS_PER_QUERY):
                    ids = wanted[start : start + _IDS_PER_QUERY]
                    found.update(connection.execute(_HELD, {"ids": ids}).scalars())
        self._connections.confirm()  # whatever was found: a look-up's time and traces do not differ by that
        return found

    def read(self, blob_id: bytes) -> Iterator[bytes]:
        """Read a blob in pieces of at most STORE_CHUNK_BYTES, with a short query for each.

        Raises:
            NotFoundError: not stored, or deleted while it was read.
            DamagedError: the pieces do not add up to the blob's length.
        """
        with self._connections.read() as connection:
            place = connection.execute(_PLACE, {"blob_id": blob_id}).first()
        if place is None:
            raise NotFoundError("store.no-blob")
        return chunks.stream(self._connections, place.upload, place.length)

    def snapshot(self) -> list[BlobInfo]:
        """Return all stored blobs, in random order."""
        with self._connections.read() as connection:
            found = [BlobInfo(*row) for row in connection.execute(_SNAPSHOT)]
        secrets.SystemRandom().shuffle(found)
        return found

    def remaining(self) -> dict[int, int]:
        """Return the number of blobs by epoch, and under STAGED (-1, always present) that of unfinished uploads."""
        with self._connections.read() as connection:
            return {epoch: count for epoch, count in connection.execute(_REMAINING)}  # noqa: C416 (mypy: rows are no pairs)

    def complete(self, upload: bytes, info: BlobInfo, last: bytes = b"") -> Outcome:
        """Turn an upload into a blob, without moving a byte.

        The caller has hashed the uploaded bytes and `last`; this method checks the length only.
        Called again after a lost answer, it returns ALREADY_HELD and deletes the uploaded bytes.

        Args:
            upload: address of the upload, 16 bytes.
            info: the blob to make.
            last: the last bytes, if they are in memory: then no upload is complete and still not a blob.

        Raises:
            NotFoundError: no such upload is open.
            MalformedError: the number of bytes differs from `info`; the upload stays open.
            FilesClosedError: files have used up their room; the upload stays open.
        """
        with self._connections.write() as tx:
            try:
                length = uploads.end(tx, upload)
            except NotFoundError:
                if _is_held(tx, info):
                    return Outcome.ALREADY_HELD
                raise
            if length + len(last) != info.length:
                raise MalformedError("store.upload-length")
            outcome = _claim(tx, upload, info)
            if outcome is not Outcome.STORED:
                chunks.drop(tx, upload)
            elif last:
                self._room.take(tx, len(last), is_file=info.length >= STORE_FILES_BYTES, is_entered=True)
                chunks.extend(tx, upload, length, last)
        return outcome


def _claim(tx: Connection, address: bytes, info: BlobInfo) -> Outcome:
    """Insert the blob unless it is stored; of racing transactions the second waits for the first."""
    if _is_held(tx, info):
        return Outcome.ALREADY_HELD
    row = {"upload": address, "digest": info.digest, "epoch": info.epoch, "length": info.length, "sha256": info.sha256}
    for blob_id in (info.id, _alternative_id(info)):
        if _CLAIM.rows(tx, row | {"id": blob_id}):
            return Outcome.STORED
        if _is_held(tx, info):  # it was stored meanwhile
            break
    return Outcome.ALREADY_HELD  # or the same bytes are stored under another id


def _is_held(tx: Connection, info: BlobInfo) -> bool:
    same = {"blob_id": info.id, "alternative": _alternative_id(info), "digest": info.digest}
    return bool(_SAME.rows(tx, same))


def _alternative_id(info: BlobInfo) -> bytes:
    """Return the id for a content whose own id is taken by another content."""
    return hashlib.sha256(info.id + info.digest).digest()
