"""SQLite: rows change places a few at a time, in an order that is drawn and forgotten, while writers go on.

Rule: whatever stood where a row stands now, it was another one, drawn at random; so places tell nothing about the order
of arrival. Each step is a short transaction, and needs room for itself alone: no second copy, no temporary file.
"""

import os
import secrets
import time
from collections.abc import Iterator, Sequence
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final, cast

from sqlalchemy import Connection, Table, and_, bindparam, delete, func, insert, or_, select

from dropbox.limits import RESHUFFLE_BYTES, RESHUFFLE_ROWS, UPKEEP_WAIT_MS
from dropbox.store import schema
from dropbox.store.connections import Connections
from dropbox.store.statements import Prepared

_FREE_PAGES: Final = 1000  # given back at a time: 4 MB
_SMALL_ROWS: Final = 500  # of tables without bytes of reports
_PAUSE_SECONDS_MAX: Final = 1.0
_SMALL_TABLES: Final[tuple[Table, ...]] = (schema.upload, schema.blob, schema.receipt, schema.published, schema.state)


def reshuffle(connections: Connections) -> None:
    """Let every row change its place, and give free pages back to the disk.

    Raises:
        StorageFullError: no room for one step; nothing is lost.
        StorageBusyError: others held the store for too long; nothing is lost.
    """
    _give_back(connections)
    for table in _SMALL_TABLES:
        for keys in _keys_in_order(connections, table):
            _step(connections, table, keys)
    with connections.read() as connection:
        places: list[Sequence[Any]] = [
            *connection.execute(select(*schema.chunk.primary_key, func.length(schema.chunk.c.data)))
        ]
    secrets.SystemRandom().shuffle(places)
    while places:
        _step(connections, schema.chunk, _take(places, _step_bytes(connections)))
    _give_back(connections)


def empty_journal(connection: Connection) -> bool:
    """Write the journal back into the file and cut it to nothing; False while somebody reads from it."""
    busy: int = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
    return not busy


def _keys_in_order(connections: Connections, table: Table) -> Iterator[list[Sequence[Any]]]:
    """The keys of a table, some hundred at a time; they are random, so neighbours did not come together."""
    key = list(table.primary_key)
    ordered = select(*key).order_by(*key).limit(_SMALL_ROWS)
    after: Sequence[Any] | None = None
    while True:
        beyond = ordered if after is None else ordered.where(_is_beyond(table, after))
        with connections.read() as connection:
            keys: list[Sequence[Any]] = [*connection.execute(beyond)]
        if not keys:
            return
        yield keys
        after = keys[-1]


def _is_beyond(table: Table, after: Sequence[Any]) -> Any:  # noqa: ANN401  # an SQL condition
    """Written out, because SQLite's index is not used for a comparison of pairs with parameters of all kinds."""
    first, *rest = table.primary_key
    if not rest:
        return first > after[0]
    return or_(first > after[0], and_(first == after[0], rest[0] > after[1]))


def _step_bytes(connections: Connections) -> int:
    """What may change places at once: less than the disk has room for."""
    assert connections.path  # noqa: S101
    disk = os.statvfs(connections.path.parent)
    return min(RESHUFFLE_BYTES, disk.f_bavail * disk.f_frsize // 2)


def _take(places: list[Sequence[Any]], most_bytes: int) -> list[Sequence[Any]]:
    """The next places; two at least, because one alone would stay where it is. The last of a place is its bytes."""
    taken: list[Sequence[Any]] = []
    size = 0
    while places and (len(taken) < 2 or (len(taken) < RESHUFFLE_ROWS and size + places[-1][-1] <= most_bytes)):
        *key, length = places.pop()
        taken.append(key)
        size += length
    return taken


def _step(connections: Connections, table: Table, keys: list[Sequence[Any]]) -> None:
    """Take rows out, and put them back so that each comes where another was; then leave others as much time."""
    begun = time.monotonic()
    # One by one: SQLite goes through the whole table for a list of pairs.
    here = and_(*(part == bindparam(f"at_{part.name}") for part in table.primary_key))
    wanted = [{f"at_{part.name}": value for part, value in zip(table.primary_key, one, strict=True)} for one in keys]
    with connections.write() as tx:
        read = Prepared(select(table).where(here))
        found = [row._asdict() for at in wanted for row in read.run(tx, at)]  # some have gone meanwhile
        if not found:
            return
        if table is not schema.chunk:
            secrets.SystemRandom().shuffle(found)
        tx.execute(delete(table).where(here), wanted)
        tx.execute(insert(table), found[1:] + found[:1])
    with connections.alone(UPKEEP_WAIT_MS) as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").all()
    time.sleep(min(time.monotonic() - begun, _PAUSE_SECONDS_MAX))


def _give_back(connections: Connections) -> None:
    """Cut free pages off the file, some at a time."""
    while True:
        with connections.alone() as connection:
            before: int = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
            if before == 0:
                return
            # The driver steps a statement without columns once, and each step frees one page: a script is run whole.
            driver = cast("SqliteConnection", connection.connection.driver_connection)
            driver.executescript(f"PRAGMA incremental_vacuum({_FREE_PAGES})").close()
            after: int = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").all()
        if after >= before:
            return
