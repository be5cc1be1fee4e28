"""Writes a backup: a SQLite file of all rows of a store at one moment, whichever database the store is in.

Rule: the file appears whole and verified or not at all, for its owner only. It is a copy of the server: it holds the
server's key too, and no trace of the order of arrival. The sums in it show damage; they are no seal against somebody
who may write the file.
"""

import contextlib
import errno
import fcntl
import os
import secrets
import sqlite3
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, NullPool, create_engine, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from dropbox.disk.durable import sync_file, sync_folder
from dropbox.disk.private import check_private, private_folder
from dropbox.errors import (
    ConfigurationError,
    DamagedError,
    NotFoundError,
    RefusedError,
    StorageBusyError,
    StorageFullError,
)
from dropbox.store.connections import Connections, open_engine, own_file, revision, revision_of
from dropbox.store.copies.exclusive import file_engine
from dropbox.store.copies.rows import SUMS, Contents, Sum, copy, read_all
from dropbox.store.filetimes import FileTimes
from dropbox.store.migrate import bring, check_known
from dropbox.store.rewrite import patiently
from dropbox.store.turn import turn

_PARTIAL: Final = ".dropbox-backup-{}.partial"


@dataclass(frozen=True)
class Backup:
    """What a verified backup holds.

    Attributes:
        number: of the migration at which the store was.
        contents: of the file, as it was read again.
    """

    number: str
    contents: Contents


def back_up(url: str, path: Path) -> Backup:
    """Write a backup of a store, which may be in use.

    Args:
        url: of the store's database.
        path: a new file in a folder that only its owner may enter.

    Raises:
        RefusedError: the file exists.
        NotFoundError: its folder does not exist.
        ConfigurationError: others may read the folder; there is no store, it has been moved, or is of a newer program.
        StorageBusyError: a tidying or another copy went on all the time, or the database was lost meanwhile.
        StorageFullError: the disk is full, or cannot be written.
        DamagedError: what was written differs from what was read; the file is gone.
    """
    check_place(path)
    if revision(url) is None:
        raise ConfigurationError("store.missing")
    connections = Connections(open_engine(url))
    made: list[Backup] = []

    def once() -> None:
        with _partial(path) as partial:
            with turn(connections) as is_mine:
                if not is_mine:
                    raise StorageBusyError("store.tidying")
                with connections.snapshot() as source:
                    found = _copy_into(partial, source)
            _keep(partial, path)  # the lock was held to the end
        made.append(found)

    try:
        patiently(once)
    finally:
        connections.engine.dispose()
    return made[0]


def check_place(path: Path) -> None:
    """Check where a backup shall be written, before anything is read.

    Raises:
        RefusedError: the file exists.
        NotFoundError: its folder does not exist.
        ConfigurationError: others may read the folder.
        StorageFullError: this user may not enter it.
    """
    folder = path.absolute().parent
    try:
        if not folder.is_dir():  # never made: a disk that is not mounted would be replaced by a folder
            raise NotFoundError("store.backup-folder", name=folder.name)
        private_folder(folder)
        path.lstat()
    except FileNotFoundError:
        return
    except OSError as error:  # another user's folder
        raise StorageFullError("file.name-unwritable", name=path.name, system=error.errno) from None
    raise RefusedError("file.exists", name=path.name)


def write(source: Connection, path: Path) -> Backup:
    """Write a backup of an open database, whose state must not change meanwhile; for the errors see `back_up`."""
    with _partial(path) as partial:
        found = _copy_into(partial, source)
        _keep(partial, path)
    return found


@contextlib.contextmanager
def _partial(path: Path) -> Iterator[Path]:
    """Yield a new, locked file next to a backup's, which is gone at the end; removes those that a kill has left."""
    try:
        with contextlib.suppress(OSError):  # a folder that cannot be listed can take a backup; the command says it
            remove_left_overs(path.parent)
        partial = path.with_name(_PARTIAL.format(secrets.token_hex(8)))
        own_file(partial)
        descriptor = os.open(partial, os.O_RDONLY)  # closed after SQLite's, whose locks on the file would go
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if not os.fstat(descriptor).st_nlink:  # another backup took it for a left-over one
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            yield partial
        finally:
            partial.unlink(missing_ok=True)
            os.close(descriptor)
    except FileExistsError:
        raise RefusedError("file.exists", name=path.name) from None
    except StorageFullError:
        raise StorageFullError("file.name-unwritable", name=path.name, system=errno.ENOSPC) from None
    except OSError as error:
        raise StorageFullError("file.name-unwritable", name=path.name, system=error.errno) from None
    except DBAPIError:
        raise StorageBusyError("store.copy-broken") from None
    finally:
        FileTimes(path).blur()


def remove_left_overs(folder: Path) -> list[tuple[str, int | None]]:
    """Remove the parts of backups that a kill or a power cut has left in a folder.

    Returns:
        (name, errno) of each part that cannot be removed, for example another user's.

    Raises:
        OSError: the folder is missing, or cannot be listed.
    """
    stay = []
    for left_over in [path for path in folder.iterdir() if path.match(_PARTIAL.format("*"))]:  # glob hides its errors
        try:
            _remove_unlocked(left_over)
        except OSError as error:
            stay.append((left_over.name, error.errno))
    return stay


def _remove_unlocked(left_over: Path) -> None:
    """Remove the part of a backup that nobody writes any more."""
    with contextlib.suppress(FileNotFoundError):
        descriptor = os.open(left_over, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left_over.unlink()
        except BlockingIOError:
            pass
        finally:
            os.close(descriptor)


def _copy_into(partial: Path, source: Connection) -> Backup:
    number = revision_of(source)
    if number is None:
        raise ConfigurationError("store.missing")
    check_known(number)
    sums = _fill(source, partial, number)
    sync_file(partial)
    found = read(partial)
    if found.contents.sums != sums:
        raise DamagedError("store.backup-differs")
    return found


def _keep(partial: Path, path: Path) -> None:
    """Give a verified file the backup's name; raises OSError, and then it has not got it."""
    os.link(partial, path)  # a rename would replace a file that appeared meanwhile
    try:
        sync_folder(path.parent)
    except OSError:
        path.unlink()
        raise


def read(path: Path) -> Backup:
    """Read a whole backup, as the disk has it, and compare it with the sums in it.

    Raises:
        NotFoundError: it does not exist.
        ConfigurationError: others may read it, or it is of a newer program.
        DamagedError: it is damaged, or no backup.
    """
    check_private(path)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)  # else memory would be read, not the disk
    finally:
        os.close(descriptor)
    try:
        with opened(path) as connection:
            if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok":
                raise DamagedError("store.backup-damaged", name=path.name)
            number = revision_of(connection)
            if number is None or not inspect(connection).has_table(SUMS.name):
                raise DamagedError("store.no-backup", name=path.name)
            check_known(number)
            expected = {Sum(*row) for row in connection.execute(select(SUMS.c.name, SUMS.c.rows, SUMS.c.sha256))}
            contents = read_all(connection)
    except (DBAPIError, sqlite3.Error):
        raise DamagedError("store.backup-damaged", name=path.name) from None
    if expected != set(contents.sums):
        raise DamagedError("store.backup-damaged", name=path.name)
    return Backup(number, contents)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """Open a backup for reading only: without locks, and without files beside it."""
    place = f"file:{urllib.parse.quote(str(path.resolve()))}?mode=ro&immutable=1"
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(place, uri=True, isolation_level=None),
        hide_parameters=True,
        poolclass=NullPool,
    )
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _fill(source: Connection, partial: Path, number: str) -> tuple[Sum, ...]:
    engine = file_engine(partial)
    try:
        with engine.connect() as target:
            # Nobody reads the file before it is whole, and a part of it is deleted: it needs no journal.
            for statement in ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "BEGIN EXCLUSIVE"):
                target.exec_driver_sql(statement)
            bring(target, number)
            sums = copy(source, target)
            SUMS.create(target)
            target.execute(insert(SUMS), [{"name": one.name, "rows": one.rows, "sha256": one.sha256} for one in sums])
            target.commit()
    finally:
        engine.dispose()
    return sums
