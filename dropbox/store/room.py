"""Divides the store's room, so that texts always fit: files and unfinished uploads get a share, upkeep a reserve.

    room = what the store may hold: the budget of the settings; on SQLite at most its size plus the disk's free space
    used ≤ room − reserve                                        for texts
    used ≤ room − reserve − STORE_TEXT_PERCENT                   for files and unfinished uploads
    blobs of STORE_FILES_BYTES and more + unfinished ≤ files_percent;   unfinished ≤ unfinished_percent

Rule: a writer asks inside its own transaction. Near a limit every transaction counts, so that processes cannot pass it
together on SQLite, where writers queue; far from a limit a count is valid for USAGE_SECONDS.
"""

import math
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select, text

from dropbox.errors import FilesClosedError, StorageFullError
from dropbox.limits import (
    STORE_FILES_BYTES,
    STORE_RESERVE_BYTES,
    STORE_RESERVE_MIN_BYTES,
    STORE_TEXT_PERCENT,
    UPLOADS_OPEN_MAX,
    USAGE_NEAR_BYTES,
    USAGE_SECONDS,
)
from dropbox.store.connections import Connections
from dropbox.store.schema import LARGE, blob, upload

_LARGE: Final = select(func.coalesce(func.sum(blob.c.length), 0)).where(LARGE)
_UNFINISHED: Final = select(func.coalesce(func.sum(upload.c.length), 0), func.count()).select_from(upload)
_POSTGRESQL_USED: Final = text("SELECT pg_database_size(current_database())")


@dataclass(frozen=True)
class Shares:
    """The bounds that the settings give.

    Attributes:
        budget: bytes of the whole store; 0 for the disk's capacity (PostgreSQL: no bound).
        files_percent: percentage of the room for stored files and unfinished uploads together.
        unfinished_percent: percentage of the room for unfinished uploads.
    """

    budget: int = 0
    files_percent: int = 50
    unfinished_percent: int = 20


@dataclass(frozen=True)
class Usage:
    """Used and available bytes; infinite where there is no bound.

    Attributes:
        used: bytes of everything in the store.
        files: bytes of stored blobs of STORE_FILES_BYTES and more.
        unfinished: bytes of unfinished uploads.
        uploads: number of unfinished uploads.
        room: bytes that the store may hold.
    """

    used: float
    files: float
    unfinished: float
    uploads: int
    room: float

    @property
    def for_texts(self) -> float:
        """Bytes that texts may still use."""
        reserve = max(STORE_RESERVE_MIN_BYTES, min(STORE_RESERVE_BYTES, self.room / 16))
        return self.room - reserve - self.used

    def for_files(self, shares: Shares) -> float:
        """Return the bytes that files and uploads may still use together."""
        if self.room == math.inf:
            return math.inf
        return min(
            self.for_texts - self.room * STORE_TEXT_PERCENT / 100,
            self.room * shares.files_percent / 100 - self.files - self.unfinished,
            # A file counts here as an unfinished upload before it counts above as a stored file.
            self.room * shares.unfinished_percent / 100 - self.unfinished,
        )


class Room:
    """The store's room, shared by the threads of this process."""

    def __init__(self, connections: Connections, shares: Shares) -> None:
        self.shares: Final = shares
        self._connections = connections
        self._lock = threading.Lock()
        self._usage: Usage | None = None
        self._counted = 0.0
        self._since = 0.0  # bytes that this process has used since the last count

    def take(self, tx: Connection, size: int, *, is_file: bool, is_entered: bool = False) -> None:
        """Reserve room for bytes, inside the transaction that writes them.

        Args:
            tx: this transaction.
            size: number of bytes.
            is_file: True for a file or an upload, False for a text.
            is_entered: whether the transaction has already inserted the file as a blob, so that a count includes it.

        Raises:
            FilesClosedError: files and uploads have used up their room.
            StorageFullError: there is no room even for texts.
        """
        self._ask(tx, size, size, is_file=is_file, is_entered=is_entered)

    def begin(self, tx: Connection, length: int) -> None:
        """Check that one more upload may begin, before hours of sending.

        Args:
            tx: the transaction that inserts it.
            length: bytes that it will have; they are not reserved yet.

        Raises:
            FilesClosedError: too many are open, or there is no room for this one.
        """
        self._ask(tx, length, 0, is_file=True)
        uploads: int = tx.execute(select(func.count()).select_from(upload)).scalar_one()
        if uploads >= UPLOADS_OPEN_MAX:
            raise FilesClosedError("store.uploads-open")

    def _ask(self, tx: Connection, size: int, taken: int, *, is_file: bool, is_entered: bool = False) -> None:
        with self._lock:
            left = self._left(self._known(), is_file=is_file) - self._since
            if left < size + USAGE_NEAR_BYTES:
                self._keep(self._count(tx))
                left = self._left(self._known(), is_file=is_file)
                if is_entered and is_file:
                    size = taken = 0
            if left >= size:
                self._since += taken
                return
        if is_file:
            raise FilesClosedError("store.room-files")
        raise StorageFullError("store.room")

    def takes_files(self) -> bool:
        """Return whether an upload of at least STORE_FILES_BYTES may begin now."""
        usage = self.usage()
        left = usage.for_files(self.shares) - self._since
        return left >= STORE_FILES_BYTES and usage.uploads < UPLOADS_OPEN_MAX

    def usage(self) -> Usage:
        """Return a count that is at most USAGE_SECONDS old."""
        with self._lock:
            if self._usage is None or time.monotonic() - self._counted > USAGE_SECONDS:
                with self._connections.read() as connection:
                    self._keep(self._count(connection))
            return self._known()

    def _left(self, usage: Usage, *, is_file: bool) -> float:
        return usage.for_files(self.shares) if is_file else usage.for_texts

    def _known(self) -> Usage:
        if self._usage is None or time.monotonic() - self._counted > USAGE_SECONDS:
            return Usage(0, 0, 0, 0, 0)  # no room: forces a count
        return self._usage

    def _keep(self, usage: Usage) -> None:
        self._usage, self._counted, self._since = usage, time.monotonic(), 0.0

    def _count(self, connection: Connection) -> Usage:
        path, budget = self._connections.path, self.shares.budget or math.inf
        files = connection.execute(_LARGE).scalar_one()
        unfinished, uploads = connection.execute(_UNFINISHED).one()
        if path is None:
            used = float(connection.execute(_POSTGRESQL_USED).scalar_one())
            return Usage(used, float(files), float(unfinished), uploads, budget)
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        free = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
        return Usage(
            used=size * (pages - free),
            files=files,
            unfinished=unfinished,
            uploads=uploads,
            room=min(budget, _disk_room(path)),
        )


def _disk_room(path: Path) -> int:
    """Return the disk's free bytes plus the size of the store's file; the journal is not included."""
    return shutil.disk_usage(path.parent).free + path.stat().st_size
