"""Rewrites the database so that nothing reveals the order of arrival: no pages, no free space, no journals.

Rule: a rewrite that fails loses nothing. A small SQLite file is rewritten at once, in the order of its random keys
(VACUUM); a larger one, or one on a nearly full disk, row by row (`reshuffle`). PostgreSQL's tables are copied out and
back.
"""

import shutil
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, Table, column, insert, select, table, text

from dropbox.errors import ConfigurationError, StorageBusyError
from dropbox.limits import REWRITE_SMALL_BYTES, UPKEEP_WAIT_MS
from dropbox.store import arrival_settings, schema
from dropbox.store.connections import Connections
from dropbox.store.database import Store
from dropbox.store.reshuffle import empty_journal, reshuffle

_LOCK_WAIT: Final = "500ms"  # less than PostgreSQL's deadlock_timeout: a writer is never the victim
_LOCK_TRIES: Final = 30
_LOCK_PAUSE_SECONDS: Final = 1

_MAY_CLEAR_JOURNAL: Final = text(
    "SELECT current_setting('wal_recycle') = 'off' AND pg_has_role('pg_checkpoint', 'USAGE')"
    " AND has_function_privilege('pg_switch_wal()', 'EXECUTE')"
)
_IMAGE: Final = text("SELECT pg_relation_filenode('chunk')")
_DATABASE_BYTES: Final = text("SELECT pg_database_size(current_database())")


def check(store: Store) -> None:
    """Raise ConfigurationError if PostgreSQL is configured to keep the times of arrival."""
    connections = store.connections
    if connections.path:
        return
    with connections.read() as connection:
        if not connection.execute(_MAY_CLEAR_JOURNAL).scalar():
            raise ConfigurationError("store.journal-times")
        if wrong := arrival_settings.to_set(connection):
            raise ConfigurationError("store.other-times", settings=", ".join(wrong))


def is_small(store: Store, most: int = REWRITE_SMALL_BYTES) -> bool:
    """Return whether the database has at most `most` bytes, so that every upkeep can rewrite it at once."""
    connections = store.connections
    if connections.path:
        return connections.path.stat().st_size <= most
    with connections.read() as connection:
        return int(connection.execute(_DATABASE_BYTES).scalar_one()) <= most


def image(store: Store) -> int | None:
    """Return the number of the file that PostgreSQL's last rewrite made; None on SQLite."""
    if store.connections.path:
        return None
    with store.connections.read() as connection:
        return int(connection.execute(_IMAGE).scalar_one())


def rewrite(store: Store) -> None:
    """Rewrite all tables, so that nothing reveals the order in which rows arrived.

    SQLite: writers wait for a small file (at most REWRITE_SMALL_BYTES), and for a batch of rows of a larger one.
    PostgreSQL: writers wait for the whole rewrite.

    Raises:
        StorageFullError: no room for a batch (PostgreSQL: for a second copy); nothing is lost.
        ConfigurationError: PostgreSQL is configured to keep the times of arrival.
        StorageBusyError: the store was in use all the time; run it again.
    """
    connections = store.connections
    if connections.path is None:
        check(store)
        _copy_postgresql(connections)
    elif is_small(store) and _has_room_for_copy(connections):
        patiently(lambda: _vacuum(connections))
    else:
        patiently(lambda: clear_journal(store))
        reshuffle(connections)
    patiently(lambda: clear_journal(store))


def clear_journal(store: Store) -> None:
    """Empty the database's journal.

    Raises:
        StorageBusyError: it is in use.
    """
    connections = store.connections
    if connections.path:
        with connections.alone(UPKEEP_WAIT_MS) as connection:
            if not empty_journal(connection):
                raise StorageBusyError("store.journal-busy")
        return
    with connections.read() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("SELECT pg_switch_wal()")
        connection.exec_driver_sql("CHECKPOINT")


def patiently(work: Callable[[], None]) -> None:
    """Run a short piece of upkeep, with up to 30 tries and pauses for other writers between them.

    Raises:
        StorageBusyError: every try failed.
    """
    for _ in range(_LOCK_TRIES - 1):
        try:
            work()
        except StorageBusyError:
            time.sleep(_LOCK_PAUSE_SECONDS)
        else:
            return
    work()


def _vacuum(connections: Connections) -> None:
    with connections.alone(UPKEEP_WAIT_MS) as connection:
        # First, so that a nearly full disk has the room. The temporary copy is in memory: the file is small.
        if not empty_journal(connection):
            raise StorageBusyError("store.journal-busy")
        connection.exec_driver_sql("VACUUM")


def _has_room_for_copy(connections: Connections) -> bool:
    """Return whether the disk has room for the whole file in the journal."""
    assert connections.path  # noqa: S101
    return shutil.disk_usage(connections.path.parent).free > 2 * connections.path.stat().st_size


def _copy_postgresql(connections: Connections) -> None:
    # PostgreSQL's journal holds every row with the time of its commit, and used segments are
    # renamed for later use with all that is in them, unless wal_recycle is off.
    def copy() -> None:
        with connections.write(is_patient=True) as tx:
            _copy_all(tx)

    connections.confirm()  # without its standby the end of the rewrite would keep every table locked
    patiently(copy)


def _copy_all(tx: Connection) -> None:
    """Copy each table out and back in one transaction: a new file, row by row in the order of the key."""
    tx.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_WAIT}'")
    names = ", ".join(each.name for each in _TABLES)
    tx.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
    for each in _TABLES:
        copy = table(f"copy_of_{each.name}", *(column(part.name) for part in each.columns))
        tx.exec_driver_sql(f"CREATE TEMPORARY TABLE {copy.name} ON COMMIT DROP AS TABLE {each.name}")
        tx.exec_driver_sql(f"TRUNCATE {each.name}")
        key = [copy.columns[part.name] for part in each.primary_key]
        tx.execute(insert(each).from_select(each.columns.keys(), select(copy).order_by(*key)))


# `upload` first: see blobs._REMAINING.
_TABLES: Final[tuple[Table, ...]] = (
    schema.upload,
    schema.blob,
    schema.chunk,
    schema.receipt,
    schema.published,
    schema.state,
)
