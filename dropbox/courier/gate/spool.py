"""Keeps the one export that can be downloaded, in a file without a name: it ends with the process, however that ends.

Rule: one export at a time. It is written anew or read, never both, and nobody reads it after SPOOL_SECONDS. Nobody has
more than EXPORTS_A_DAY written: each uses a number of the server's certificate, and many would show when reports came.
"""

import contextlib
import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from dropbox.courier.gate.messages import Export
from dropbox.disk.private import private_folder
from dropbox.errors import GateError, NotFoundError, StorageFullError
from dropbox.limits import MIB, PIECE_BYTES, STORE_RESERVE_BYTES

SPOOL_SECONDS: Final = 24 * 3600  # a courier who was cut off comes back on the same day
EXPORTS_A_DAY: Final = 6  # a round, and what goes wrong in it
# The store's own reserve, and as much for texts that arrive while the export is here: both may be on one disk.
_LEFT_FREE_BYTES: Final = 2 * STORE_RESERVE_BYTES
_SHOWN_BYTES: Final = 256 * MIB  # the needed room is said in such steps
_BLOCK_BYTES: Final = 512  # unit of st_blocks (Linux, stat(2))


@dataclass
class _Held:
    export: Export
    file: BinaryIO
    made: float
    readers: int = 0
    is_dropped: bool = False


@dataclass
class Spool:
    """A folder with mode 0700 and at most one export. Thread-safe.

    Attributes:
        folder: is created if needed.
        clock: seconds that never go back.
    """

    folder: Path
    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _held: _Held | None = field(default=None, repr=False)
    _is_writing: bool = field(default=False, repr=False)
    _begun: list[float] = field(default_factory=list, repr=False)  # of the exports of the last day

    def __post_init__(self) -> None:
        """Make the folder; raises ConfigurationError if others may enter it."""
        private_folder(self.folder)

    def export(self) -> Export | None:
        """Return the export that can be read, or None."""
        with self._lock:
            self._expire()
            return self._held.export if self._held else None

    def expire(self) -> None:
        """Remove an export that is older than SPOOL_SECONDS."""
        with self._lock:
            self._expire()

    def close(self) -> None:
        """Remove the export."""
        with self._lock:
            self._drop()

    def write(self, needed: int, write: Callable[[BinaryIO, Callable[[], tuple[int, str]]], Export]) -> Export:
        """Write an export, which replaces an older one.

        Args:
            needed: bytes that it will have, about.
            write: writes to a file and describes it with the function that it is given, which returns (length, SHA-256
                in hexadecimal) of what is in the file, read from the disk. If it raises, there is no export.

        Raises:
            GateError: one is being written or read, or there were EXPORTS_A_DAY within a day; the older one stays.
            StorageFullError: the disk has no room for it, and the older one stays; or the disk failed.
        """
        with self._lock:
            if self._is_writing or (self._held and self._held.readers):
                raise GateError("gate.busy")
            self._begun = [one for one in self._begun if self.clock() - one < SPOOL_SECONDS]
            if len(self._begun) >= EXPORTS_A_DAY:
                raise GateError("gate.too-many", most=EXPORTS_A_DAY)
            file = self._new_file(needed)
            self._begun.append(self.clock())  # from here on a number may be used
            self._is_writing = True
            self._drop()
        try:
            export = write(file, lambda: _measured(file))
            with self._lock:
                self._held = _Held(export, file, self.clock())
        except OSError as error:
            file.close()
            raise StorageFullError("export.unwritable", system=error.errno) from None
        except BaseException:
            file.close()
            raise
        finally:
            self._is_writing = False
        return export

    def _new_file(self, needed: int) -> BinaryIO:
        """Open a file without a name, if there will be room when the older export is gone; raises StorageFullError."""
        try:
            disk = os.statvfs(self.folder)
            freed = os.fstat(self._held.file.fileno()).st_blocks * _BLOCK_BYTES if self._held else 0
            if not has_room(disk.f_bavail * disk.f_frsize + freed, needed):
                # In coarse steps: this refusal can be had again and again, and must not show when a report came.
                steps = -(-(needed + _LEFT_FREE_BYTES) // _SHOWN_BYTES)
                raise StorageFullError("gate.no-room", needed=steps * _SHOWN_BYTES // MIB)
            return tempfile.TemporaryFile(dir=self.folder)
        except OSError as error:
            raise StorageFullError("export.unwritable", system=error.errno) from None

    @contextlib.contextmanager
    def reading(self, number: int, start: int) -> Iterator[tuple[int, Iterator[bytes]]]:
        """Yield (number of bytes, these bytes) of an export from an offset to its end.

        The pieces end early if the export is removed meanwhile.

        Raises:
            NotFoundError: this export is not here, or the offset is behind its end.
        """
        with self._lock:
            self._expire()
            held = self._held
            if held is None or held.export.number != number or start > held.export.length:
                raise NotFoundError("gate.export-gone")
            held.readers += 1
        try:
            yield held.export.length - start, _pieces(held, start)
        finally:
            with self._lock:
                held.readers -= 1
                if held.is_dropped and not held.readers:
                    held.file.close()

    def _expire(self) -> None:
        if self._held and self.clock() - self._held.made >= SPOOL_SECONDS:
            self._drop()

    def _drop(self) -> None:
        held, self._held = self._held, None
        if held:
            held.is_dropped = True
            if not held.readers:
                held.file.close()


def has_room(free: int, needed: int) -> bool:
    """Return whether an export of about so many bytes is written to a disk that has so many free."""
    return free >= needed + _LEFT_FREE_BYTES


def _measured(file: BinaryIO) -> tuple[int, str]:
    file.flush()
    length = file.tell()
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(MIB):
        digest.update(piece)
    return length, digest.hexdigest()


def _pieces(held: _Held, start: int) -> Iterator[bytes]:
    at = start
    while at < held.export.length and not held.is_dropped:
        piece = os.pread(held.file.fileno(), min(PIECE_BYTES, held.export.length - at), at)
        if not piece:
            return
        at += len(piece)
        yield piece
