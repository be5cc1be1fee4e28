"""Opens the database, and gives out connections for writing and reading.

Rule: every write is one transaction that is on the disk when it returns, and writers form one queue.

SQLite: write-ahead log, synced at each commit; `BEGIN IMMEDIATE`, because a transaction that
reads first and then finds another writer could not wait, only fail; within one process writers
queue at a lock, because SQLite's own waiting is a sleep with growing pauses that starves some
of 24 threads (two processes still meet there, and wait up to SQLITE_BUSY_MS).
Reads are single statements: they open no transaction and block nobody.
"""

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from dropbox.errors import ConfigurationError, StorageBusyError
from dropbox.limits import SQLITE_BUSY_MS, THREADS
from dropbox.store import schema
from dropbox.store.faults import translate
from dropbox.store.filetimes import FileTimes
from dropbox.store.statements import Prepared

_POOL_KEPT: Final = 4  # connections that stay open: one writer (SQLite takes no more), a few readers
_POOL: Final[Mapping[str, Any]] = {"pool_size": _POOL_KEPT, "max_overflow": THREADS - _POOL_KEPT}
_NO_TRANSACTION: Final = "dropbox_no_transaction"  # execution option, for SQLite

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # Not ON: that would write all deleted bytes to the journal, and a nearly full disk could not be freed by receipts.
    # What is deleted is ciphertext, and the next rewrite removes it.
    "PRAGMA secure_delete=FAST",
    "PRAGMA temp_store=MEMORY",
)
NO_HURRY: Final = "SET LOCAL idle_in_transaction_session_timeout = 0"  # while a slow disk takes what was read
# A connection that was lost is replaced; the pool would write how it found out, with its whole stack, into the log.
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
_REVISION: Final = select(schema.version.c.version_num)


def open_engine(url: str, *, is_look: bool = False) -> Engine:
    """Return an engine for `url`; on SQLite the file is created, empty and readable by its owner only.

    Args:
        url: ``sqlite:///path`` or ``postgresql+psycopg://…``.
        is_look: whether only to read: nothing is written, no file is made, no mode is changed.

    Raises:
        ConfigurationError: another kind of database, or SQLite without a file.
    """
    place = parse_url(url)
    if place.drivername == "postgresql+psycopg":
        from dropbox.store import postgresql  # noqa: PLC0415  its driver is not where SQLite is used

        engine = postgresql.open_engine(place, _POOL, is_look=is_look)
    elif place.get_backend_name() == "sqlite" and is_look:
        path = sqlite_path(url)
        engine = create_engine(place, hide_parameters=True, creator=lambda: _look_into(path))
    elif place.get_backend_name() == "sqlite":
        own_file(sqlite_path(url))
        engine = create_engine(
            place,
            hide_parameters=True,
            **_POOL,
            # No isolation level: the driver begins no transaction of its own accord.
            connect_args={"timeout": SQLITE_BUSY_MS / 1000, "isolation_level": None},
        )
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        raise ConfigurationError("store.address")
    event.listen(engine, "handle_error", translate)
    return engine


def revision(url: str, *, is_look: bool = False) -> str | None:
    """Return the number of the database's migration, or None without database or tables. Creates nothing.

    Args:
        url: see `open_engine`.
        is_look: see `open_engine`.

    Raises:
        ConfigurationError: another kind of database, or SQLite without a file.
    """
    if parse_url(url).get_backend_name() == "sqlite" and not sqlite_path(url).exists():
        return None
    engine = open_engine(url, is_look=is_look)
    try:
        with engine.execution_options(**{_NO_TRANSACTION: True}).connect() as connection:
            return revision_of(connection)
    finally:
        engine.dispose()


def revision_of(connection: Connection) -> str | None:
    """Return the number of the migration of an open database, or None without tables."""
    if not inspect(connection).has_table(schema.version.name):
        return None
    return connection.execute(_REVISION).scalar()


def tables_in(connection: Connection) -> list[str]:
    """Return the names of all tables of an open database."""
    return inspect(connection).get_table_names()


class Connections:
    """Connections to a database: `write`, `read` and, for upkeep, `alone`."""

    def __init__(self, engine: Engine) -> None:
        self.engine: Final = engine
        self._reader = engine.execution_options(**{_NO_TRANSACTION: True})
        self.path: Final = sqlite_path(str(engine.url)) if engine.dialect.name == "sqlite" else None
        self._turn = threading.Lock() if self.path else None
        self._times = FileTimes(self.path) if self.path else None

    @contextmanager
    def write(self, *, is_patient: bool = False) -> Iterator[Connection]:
        """Open one durable transaction: committed when the block ends, rolled back when it raises.

        With PostgreSQL's synchronous standbys it is on their disks too when the block has ended, with all that was
        committed before, also if it wrote nothing. Must not be nested: on SQLite the inner one waits for the outer
        one, and fails.

        Args:
            is_patient: wait for a standby without the limit of STANDBY_SECONDS.

        Raises:
            StorageFullError: the disk is full; nothing was written.
            StorageBusyError: others used the store for SQLITE_BUSY_MS.
            StorageLostError: the database was lost, or a standby; whether it was written is unknown.
        """
        try:
            with self._in_line(), self.engine.begin() as connection:
                if self.path is None:
                    from dropbox.store import postgresql  # noqa: PLC0415  see open_engine

                    postgresql.await_standbys(connection, is_patient=is_patient)
                yield connection
        finally:
            self.blur()

    def confirm(self) -> None:
        """Wait until the disks of PostgreSQL's standbys have all that was read until now; raises as `write`.

        A restart or a wait that was given up shows what the primary alone has.
        """
        if self.path is None:
            with self.write():
                pass

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection for single SELECT statements."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a view of the whole database at one moment, for many SELECT statements; others read and write on.

        On SQLite the journal cannot be emptied meanwhile; on PostgreSQL a tidying waits.

        Raises:
            StorageBusyError: a tidying went on for SQLITE_BUSY_MS.
        """
        with self._reader.connect() as connection:
            if self.path is None:
                names = sorted({schema.version.name, *schema.metadata.tables} & set(tables_in(connection)))
                connection.rollback()
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                connection.exec_driver_sql(NO_HURRY)
                # Before the first SELECT, at which the view begins: TRUNCATE empties tables for older views too.
                if names:
                    connection.exec_driver_sql(f"LOCK TABLE {', '.join(names)} IN ACCESS SHARE MODE")
            else:
                connection.exec_driver_sql("BEGIN")
            yield connection

    def rows(self, statement: Prepared, row: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        """Return what one SELECT finds for the values of `row`, straight from the driver; raises as `read` does."""
        try:
            connection = self.engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute(*statement.bound(self.engine.dialect, row))
                return cursor.fetchall()
            finally:
                connection.close()
        except self.engine.dialect.loaded_dbapi.Error:
            with self.read() as slow:  # once more through SQLAlchemy, which translates the driver's errors
                return statement.run(slow, row).all()

    @contextmanager
    def alone(self, wait_ms: int = SQLITE_BUSY_MS) -> Iterator[Connection]:
        """Open a connection without transaction on SQLite, for upkeep; this process's writers wait meanwhile.

        Args:
            wait_ms: milliseconds to wait for other processes; writers wait as long.

        Raises:
            StorageBusyError: others used the store for too long.
        """
        try:
            with self._in_line(), self._reader.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={wait_ms}")
                try:
                    yield connection
                finally:
                    connection.exec_driver_sql(f"PRAGMA busy_timeout={SQLITE_BUSY_MS}")
        finally:
            self.blur()

    def blur(self) -> None:
        """Set the times of SQLite's files to whole hours; does nothing on PostgreSQL."""
        if self._times:
            self._times.blur()

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=SQLITE_BUSY_MS / 1000):
            raise StorageBusyError("store.busy")
        try:
            yield
        finally:
            self._turn.release()


def parse_url(url: str) -> URL:
    """Return the parts of an address; raises ConfigurationError if it is none of a database."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigurationError("store.address") from None


def sqlite_path(url: str) -> Path:
    """Return the file of a SQLite address; raises ConfigurationError for one without a plain file."""
    name = parse_url(url).database
    if not name or name == ":memory:" or name.startswith("file:") or Path(name).is_dir():
        raise ConfigurationError("store.sqlite-path")
    return Path(name)


def own_file(path: Path) -> None:
    """Create the file before SQLite does, with mode 0600; journal and index inherit the mode."""
    try:
        # Only a new file: closing a descriptor of one that this process has open in
        # SQLite would drop SQLite's locks on it (POSIX).
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        path.chmod(0o600)
        return
    # Only a new file can get the map that lets `reshuffle` return free pages a few at a time.
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA auto_vacuum=INCREMENTAL; VACUUM").close()
    connection.close()


def _look_into(path: Path) -> sqlite3.Connection:
    """Return a connection that only reads (sqlite.org/uri.html).

    Without a journal nobody has the file open, and reading through a new journal would leave one behind (`immutable`).
    """
    mode = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "mode=ro&immutable=1"
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=SQLITE_BUSY_MS / 1000,
        isolation_level=None,
        check_same_thread=False,  # the pool hands it from thread to thread, one at a time
    )


def _set_up_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma).close()


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get(_NO_TRANSACTION):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
