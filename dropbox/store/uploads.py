"""Stores unfinished uploads.

Rule: an unfinished upload is not a blob, is not acknowledged, and is deleted within 12 hours. Its address is random and
becomes invalid with its row in `upload`. Every change starts with that row: this serializes parallel calls for one
upload, and protects the bytes of a blob that was completed from it against a late call.
"""

import math
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from dropbox.errors import NotFoundError, RefusedError
from dropbox.limits import STAGING_HOURS, STORE_FILES_BYTES
from dropbox.store import chunks
from dropbox.store.connections import Connections
from dropbox.store.room import Room
from dropbox.store.schema import upload

_ADDRESS_BYTES: Final = 16  # 128 random bits: nobody guesses somebody else's upload

_HERE: Final = upload.c.id == bindparam("address")
_BEGIN: Final = insert(upload)
_LENGTH: Final = select(upload.c.length).where(_HERE)
_GROW: Final = update(upload).where(_HERE).values(length=upload.c.length + bindparam("more")).returning(upload.c.length)
_GROW_AT: Final = _GROW.where(upload.c.length == bindparam("at"))
_STAGED: Final = select(upload.c.blob, upload.c.digest, upload.c.wanted, upload.c.length, upload.c.bucket).where(_HERE)
_EXPIRED: Final = select(upload.c.id).where(upload.c.bucket <= bindparam("now_bucket"))
_SMALL: Final = select(upload.c.id, upload.c.length).where(upload.c.length < STORE_FILES_BYTES)
_END: Final = delete(upload).where(_HERE).returning(upload.c.length)


@dataclass(frozen=True)
class Promise:
    """The blob that an upload will become, as its sender declares before the first byte.

    Attributes:
        blob_id: 32 bytes.
        digest: 32 bytes, see BlobInfo.
        length: bytes of the whole blob.
    """

    blob_id: bytes
    digest: bytes
    length: int


@dataclass(frozen=True)
class Staged:
    """An open upload.

    Attributes:
        promise: None for an upload that this server seals itself.
        received: number of bytes on the disk.
        expires: seconds since 1970, a multiple of STAGING_HOURS.
    """

    promise: Promise | None
    received: int
    expires: int


class Uploads:
    """The unfinished uploads."""

    def __init__(self, connections: Connections, room: Room) -> None:
        self._connections = connections
        self._room = room

    def begin(self, now: float, promise: Promise | None = None) -> bytes:
        """Open an upload.

        Args:
            now: seconds since 1970. The upload lives for STAGING_HOURS at least and for twice that at most.
            promise: stored with the upload, for the request that completes it.

        Returns:
            Its address: 16 random bytes that only the uploader knows.

        Raises:
            FilesClosedError: files have no room for it.
        """
        address = new_address()
        with self._connections.write() as tx:
            self._room.begin(tx, max(promise.length if promise else 0, STORE_FILES_BYTES))
            row = {"id": address, "bucket": _bucket(now) + 2, "length": 0}
            if promise:
                row |= {"wanted": promise.length, "blob": promise.blob_id, "digest": promise.digest}
            tx.execute(_BEGIN, row)
        return address

    def append(self, upload: bytes, data: bytes, at: int | None = None) -> int:
        """Add bytes at the end of an upload; they are on the disk when this returns.

        STORE_CHUNK_BYTES at a time are cheapest; a piece that ends elsewhere is written again
        together with the next one.

        Args:
            upload: address of the upload, 16 bytes.
            data: the next bytes.
            at: number of bytes that must be there already; detects two senders of one upload.

        Returns:
            Bytes received so far.

        Raises:
            NotFoundError: no such upload is open.
            RefusedError: the upload has another length than `at`; nothing of `data` was kept.
            FilesClosedError: uploads have used up their room; nothing of `data` was kept.
            StorageFullError: the disk is full; nothing of `data` was kept.
        """
        if not data:
            return self.length(upload)
        with self._connections.write() as tx:
            self._room.take(tx, len(data), is_file=True)
            grow, values = (_GROW, {}) if at is None else (_GROW_AT, {"at": at})
            total: int | None = tx.execute(grow, {"address": upload, "more": len(data), **values}).scalar()
            if total is None:
                if tx.execute(_LENGTH, {"address": upload}).first() is None:
                    raise _unknown()
                raise RefusedError("store.upload-offset")
            chunks.extend(tx, upload, total - len(data), data)
        return total

    def upload_state(self, upload: bytes) -> Staged:
        """Return the state of an open upload.

        Raises:
            NotFoundError: no such upload is open.
        """
        with self._connections.read() as connection:
            row = connection.execute(_STAGED, {"address": upload}).first()
        if row is None:
            raise _unknown()
        promise = None if row.blob is None else Promise(row.blob, row.digest, row.wanted)
        return Staged(promise, row.length, row.bucket * STAGING_HOURS * 3600)

    def length(self, upload: bytes) -> int:
        """Return the number of bytes of an open upload.

        Raises:
            NotFoundError: no such upload is open.
        """
        with self._connections.read() as connection:
            length: int | None = connection.execute(_LENGTH, {"address": upload}).scalar()
        if length is None:
            raise _unknown()
        return length

    def read_upload(self, upload: bytes) -> Iterator[bytes]:
        """Read the bytes of an open upload in pieces, to hash them before `complete`.

        Raises:
            NotFoundError: no such upload is open.
        """
        return chunks.stream(self._connections, upload, self.length(upload))

    def abort(self, upload: bytes) -> None:
        """Delete an upload; does nothing when it is unknown or already a blob."""
        self._discard(upload)

    def sweep(self, now: float) -> int:
        """Delete the uploads that have expired at `now` (seconds since 1970); returns their number.

        Each has its own transaction, so that the journal never holds all of them.
        """
        with self._connections.read() as connection:
            expired = connection.execute(_EXPIRED, {"now_bucket": _bucket(now)}).scalars().all()
        return sum(self._discard(address) for address in expired)

    def small_uploads(self) -> dict[bytes, int]:
        """Return the length of each open upload with fewer than STORE_FILES_BYTES, by address."""
        with self._connections.read() as connection:
            return {address: length for address, length in connection.execute(_SMALL)}  # noqa: C416 (mypy: rows are no pairs)

    def drop_stalled(self, uploads: Mapping[bytes, int]) -> int:
        """Delete the uploads that have not grown since; returns their number.

        Args:
            uploads: an earlier result of `small_uploads`.
        """
        now = self.small_uploads()
        return sum(self._discard(address) for address, length in uploads.items() if now.get(address) == length)

    def _discard(self, address: bytes) -> bool:
        with self._connections.write() as tx:
            try:
                end(tx, address)
            except NotFoundError:
                return False  # the address may belong to a blob now: its chunks stay
            chunks.drop(tx, address)
        return True


def new_address() -> bytes:
    """Return a random address (16 bytes) for the bytes of a blob."""
    return secrets.token_bytes(_ADDRESS_BYTES)


def end(tx: Connection, address: bytes) -> int:
    """Delete the row of an upload and leave its chunks to the caller; returns its number of bytes.

    Raises:
        NotFoundError: no such upload is open.
    """
    length: int | None = tx.execute(_END, {"address": address}).scalar()
    if length is None:
        raise _unknown()
    return length


def _bucket(now: float) -> int:
    return math.floor(now / (STAGING_HOURS * 3600))


def _unknown() -> NotFoundError:
    return NotFoundError("store.no-upload")
