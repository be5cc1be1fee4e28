"""Lets one process at a time do long work on a whole store: a tidying, or a copy.

Rule: the lock ends with the process that holds it, and leaves no entry in the database: an entry at regular times would
be a clock between reports. A copy also locks the tables it reads on PostgreSQL (`Connections.snapshot`): a session, and
this lock with it, may end before the process does.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dropbox.errors import StorageLostError
from dropbox.store.connections import Connections

_POSTGRESQL_LOCK: Final = 0x64626F78  # any number that nobody else in this database uses


@contextlib.contextmanager
def turn(connections: Connections) -> Iterator[bool]:
    """Yield whether this process has the store's lock for long work, until the end of the block; never waits.

    Raises:
        StorageLostError: at the end, the lock was lost meanwhile.
    """
    if connections.path is None:
        with connections.read() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            taken = bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_POSTGRESQL_LOCK})").scalar())
            try:
                yield taken
            finally:
                released = f"SELECT pg_advisory_unlock({_POSTGRESQL_LOCK})"
                if taken and not connection.exec_driver_sql(released).scalar():
                    raise StorageLostError("store.lost")
        return
    with _locked(connections.path.parent) as taken:
        yield taken


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Lock the folder itself: this needs no further file, and SQLite's own locks are on its file."""
    import fcntl  # noqa: PLC0415  of POSIX: the courier's commands load this module on Windows, but never lock

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
