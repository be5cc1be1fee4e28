"""Opens a database that nobody else has open, as one transaction that nobody else can begin beside.

Rule: a database that is served is refused: what reporters sent meanwhile would be in the one copy or in the other.
"""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from dropbox.errors import NotFoundError, RefusedError, StorageBusyError
from dropbox.limits import UPKEEP_WAIT_MS
from dropbox.store import schema
from dropbox.store.connections import NO_HURRY, open_engine, own_file, parse_url, sqlite_path
from dropbox.store.copies.rows import tables_of
from dropbox.store.faults import translate
from dropbox.store.filetimes import FileTimes

# In write-ahead mode every process that has the file open holds a lock on it, and the mode cannot be left meanwhile.
# Then one transaction of any size needs no second copy: a rollback journal holds only the pages that were there before.
_ALONE: Final = (
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=EXTRA",
    "PRAGMA secure_delete=FAST",
    "PRAGMA temp_store=MEMORY",
    "BEGIN EXCLUSIVE",
)
_OTHERS: Final = text(  # autovacuum and the like belong to no user
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
)
_GOING_SECONDS: Final = 3.0  # a session that was closed is still listed for a moment
_PAUSE_SECONDS: Final = 0.1


@contextlib.contextmanager
def unserved(url: str) -> Iterator[Connection]:
    """Open one durable transaction that has the whole database to itself: committed at the end, or rolled back.

    A missing SQLite file is created; after an error it is gone again.

    Raises:
        RefusedError: another process has the database open.
        StorageBusyError: the database was lost meanwhile; nothing was changed.
        NotFoundError: the folder of a SQLite file does not exist.
        ConfigurationError: another kind of database, or one with tables of something else.
    """
    if parse_url(url).get_backend_name() == "sqlite":
        with _unserved_file(sqlite_path(url)) as connection:
            yield connection
        return
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            _refuse_others(connection)
            connection.exec_driver_sql(NO_HURRY)
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {UPKEEP_WAIT_MS}")
            # The number first: a server that starts meanwhile reads it, waits, and then finds the new one.
            known = [schema.version] if inspect(connection).has_table(schema.version.name) else []
            for table in (*known, *tables_of(connection)):
                connection.exec_driver_sql(f"LOCK TABLE {table.name} IN ACCESS EXCLUSIVE MODE")
            _refuse_others(connection)  # who read the number before it was locked; from now on a new session waits
            yield connection
    except DBAPIError:
        raise StorageBusyError("store.copy-broken") from None
    finally:
        engine.dispose()


def _refuse_others(connection: Connection) -> None:
    until = time.monotonic() + _GOING_SECONDS
    while connection.execute(_OTHERS).scalar_one():
        connection.exec_driver_sql("SELECT pg_stat_clear_snapshot()")  # else one transaction always sees the same
        if time.monotonic() > until:
            raise RefusedError("store.served")
        time.sleep(_PAUSE_SECONDS)


@contextlib.contextmanager
def _unserved_file(path: Path) -> Iterator[Connection]:
    is_new = not path.exists()
    try:
        own_file(path)
    except FileNotFoundError:
        raise NotFoundError("store.folder-missing") from None
    engine = file_engine(path)
    try:
        with engine.connect() as connection:
            try:
                for statement in _ALONE:
                    connection.exec_driver_sql(statement)
            except StorageBusyError:
                raise RefusedError("store.served") from None
            yield connection
            connection.commit()
    except BaseException as error:
        if is_new:
            path.unlink(missing_ok=True)
        if isinstance(error, DBAPIError):
            raise StorageBusyError("store.copy-broken") from None
        raise
    finally:
        engine.dispose()
        FileTimes(path).blur()


def file_engine(path: Path) -> Engine:
    """Return an engine for a SQLite file, without any setting and without transactions of its own."""
    place = make_url("sqlite://").set(database=str(path))
    options = {"timeout": UPKEEP_WAIT_MS / 1000, "isolation_level": None}
    engine = create_engine(place, hide_parameters=True, poolclass=NullPool, connect_args=options)
    event.listen(engine, "handle_error", translate)
    return engine
