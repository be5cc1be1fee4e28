"""After the daily rewrite the files hold what the tables hold, in the order of their keys.

Keys are random, so nothing is left of the order of arrival: not in pages, free space or
journals. A rewrite that fails has changed nothing.
"""

import time
from typing import Final

from sqlalchemy import Connection, Table, column, insert, select, table, text

from dropbox.errors import ConfigurationError, StorageBusyError
from dropbox.store import schema
from dropbox.store.connections import Connections
from dropbox.store.database import Store

_LOCK_WAIT: Final = "500ms"  # less than PostgreSQL's deadlock_timeout: a writer is never the victim
_LOCK_TRIES: Final = 30
_LOCK_PAUSE_SECONDS: Final = 1

_MAY_CLEAR_JOURNAL: Final = text(
    "SELECT current_setting('wal_recycle') = 'off' AND pg_has_role('pg_checkpoint', 'USAGE')"
    " AND has_function_privilege('pg_switch_wal()', 'EXECUTE')"
)


def rewrite(store: Store) -> None:
    """Write all tables anew, in the order of their primary keys. Writers wait meanwhile.

    Raises:
        StorageFullError: no room for a second copy (SQLite: beside the file, and in the
            directory for temporary files); nothing has changed.
        ConfigurationError: PostgreSQL is not set up so that its journal can be cleared.
        StorageBusyError: no quiet moment was found; run it again.
    """
    if store.connections.engine.dialect.name == "sqlite":
        _rewrite_sqlite(store.connections)
    else:
        _rewrite_postgresql(store.connections)


def _rewrite_sqlite(connections: Connections) -> None:
    with connections.alone() as connection:
        # First, because a disk that VACUUM has filled would have no room to empty it any more.
        emptied = _empty_journal(connection)
        if emptied:
            # VACUUM makes a temporary copy of everything, which is not to be in memory.
            connection.exec_driver_sql("PRAGMA temp_store=FILE")
            try:
                connection.exec_driver_sql("VACUUM")
            finally:
                connection.exec_driver_sql("PRAGMA temp_store=MEMORY")
                emptied = _empty_journal(connection)
    if not emptied:
        raise StorageBusyError("The store is being read, so that its journal could not be emptied: run it again.")


def _empty_journal(connection: Connection) -> bool:
    """Write the journal back into the file and cut it to nothing; False while somebody reads from it."""
    busy: int = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
    return not busy


def _rewrite_postgresql(connections: Connections) -> None:
    # PostgreSQL's journal holds every row with the time of its commit, and used segments are
    # renamed for later use with all that is in them, unless wal_recycle is off.
    with connections.read() as connection:
        if not connection.execute(_MAY_CLEAR_JOURNAL).scalar():
            raise ConfigurationError(
                "PostgreSQL would keep the times of arrival in its journal. As superuser: ALTER SYSTEM SET"
                " wal_recycle = off; GRANT pg_checkpoint TO the store's role; GRANT EXECUTE ON FUNCTION"
                " pg_switch_wal() TO the store's role."
            )
    for attempt in range(1, _LOCK_TRIES + 1):
        try:
            with connections.write() as tx:
                _copy_all(tx)
            break
        except StorageBusyError:
            if attempt == _LOCK_TRIES:
                raise
            time.sleep(_LOCK_PAUSE_SECONDS)
    with connections.read() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("SELECT pg_switch_wal()")
        connection.exec_driver_sql("CHECKPOINT")


def _copy_all(tx: Connection) -> None:
    """Out to a temporary table and back: a new file, row by row in the order of the key, by one transaction."""
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
