"""Moves SQLite's rows to new places, a few at a time and in a random order, while writers continue.

Rule: every row moves to the place of another row, chosen at random, so that places reveal nothing about the order of
arrival. Each step is a short transaction that needs room for itself only: no second copy, no temporary file.
"""

import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final, cast

from sqlalchemy import Connection, Table, and_, bindparam, delete, func, insert, or_, select

from dropbox.limits import MIB, RESHUFFLE_BYTES, RESHUFFLE_ROWS, STORE_FILES_BYTES, UPKEEP_WAIT_MS
from dropbox.store import schema
from dropbox.store.connections import Connections
from dropbox.store.statements import Prepared

_FREE_PAGES: Final = 1000  # returned to the disk at a time: 4 MB
_SMALL_ROWS: Final = 500  # rows per step, of tables without bytes of reports
_PAUSE_SECONDS_MAX: Final = 1.0
_STEP_SECONDS: Final = 0.2  # after a slower step the next one moves fewer bytes: the disk is slow, or the machine busy
_STEP_PARTS: Final = 2  # the smallest step has this part of RESHUFFLE_BYTES: four rows of a large file
# A pass with steps of n rows leaves about 1/n of the rows' correlation with their arrival: SQLite gives a row the pages
# that became free near its old ones. Passes are repeated until at most 1/8 is left.
_MIXED: Final = 8
_SMALL_TABLES: Final[tuple[Table, ...]] = (schema.upload, schema.blob, schema.receipt, schema.published, schema.state)


def reshuffle(connections: Connections) -> None:
    """Move every row to another place, and return free pages to the disk.

    Raises:
        StorageFullError: no room for one step; nothing is lost.
        StorageBusyError: others used the store for too long; nothing is lost.
    """
    _give_back(connections)
    for table in _SMALL_TABLES:
        for keys in _keys_in_order(connections, table):
            _step(connections, table, keys)
    with connections.read() as connection:
        places: list[Sequence[Any]] = [
            *connection.execute(select(*schema.chunk.primary_key, func.length(schema.chunk.c.data)))
        ]
    texts = [place for place in places if place[-1] < STORE_FILES_BYTES]
    if len(texts) < len(places):  # rows of large files fill a step: texts change places among themselves first
        _pass(connections, texts)
    mixed = 1
    while mixed < _MIXED:
        mixed *= _pass(connections, places)
    _give_back(connections)


def _pass(connections: Connections, places: Iterable[Sequence[Any]]) -> int:
    """Move the rows of keys whose last value is a length; returns the fewest rows that changed places together."""
    left = [*places]
    secrets.SystemRandom().shuffle(left)
    most, fewest = RESHUFFLE_BYTES, RESHUFFLE_ROWS
    while left:
        keys = _take(left, min(most, _free_bytes(connections)))
        slow = _step(connections, schema.chunk, keys) > _STEP_SECONDS
        most = max(most // 2, RESHUFFLE_BYTES // _STEP_PARTS) if slow else min(most + MIB, RESHUFFLE_BYTES)
        if left:  # the last step has what is left
            fewest = min(fewest, len(keys))
    return fewest


def empty_journal(connection: Connection) -> bool:
    """Write the journal back into the file and truncate it; returns False while it is being read."""
    busy: int = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
    return not busy


def _keys_in_order(connections: Connections, table: Table) -> Iterator[list[Sequence[Any]]]:
    """Yield the keys of a table, 500 at a time; they are random, so neighbours did not arrive together."""
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
    """Return the condition "key > after", written out: SQLite does not use its index for a comparison of pairs."""
    first, *rest = table.primary_key
    if not rest:
        return first > after[0]
    return or_(first > after[0], and_(first == after[0], rest[0] > after[1]))


def _free_bytes(connections: Connections) -> int:
    """Return the number of bytes for which the disk has room in a step."""
    assert connections.path  # noqa: S101
    return shutil.disk_usage(connections.path.parent).free // 2


def _take(places: list[Sequence[Any]], most_bytes: int) -> list[Sequence[Any]]:
    """Take the next keys (at least two: one alone would keep its place) off `places`, whose last value is a length."""
    taken: list[Sequence[Any]] = []
    size = 0
    while places and (len(taken) < 2 or (len(taken) < RESHUFFLE_ROWS and size + places[-1][-1] <= most_bytes)):
        *key, length = places.pop()
        taken.append(key)
        size += length
    return taken


def _step(connections: Connections, table: Table, keys: list[Sequence[Any]]) -> float:
    """Delete rows and insert them again, each in the place of another; then pause for as long, for other writers.

    Returns:
        The seconds for which other writers had to wait.
    """
    begun = time.monotonic()
    # One by one: SQLite scans the whole table for a list of pairs.
    here = and_(*(part == bindparam(f"at_{part.name}") for part in table.primary_key))
    wanted = [{f"at_{part.name}": value for part, value in zip(table.primary_key, key, strict=True)} for key in keys]
    with connections.write() as tx:
        read = Prepared(select(table).where(here))
        found = [row._asdict() for at in wanted for row in read.run(tx, at)]  # some were deleted meanwhile
        if not found:
            return 0
        if table is not schema.chunk:
            secrets.SystemRandom().shuffle(found)
        tx.execute(delete(table).where(here), wanted)
        tx.execute(insert(table), found[1:] + found[:1])
    with connections.alone(UPKEEP_WAIT_MS) as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").all()
    took = time.monotonic() - begun
    time.sleep(min(took, _PAUSE_SECONDS_MAX))
    return took


def _give_back(connections: Connections) -> None:
    """Return free pages to the disk, some at a time."""
    while True:
        with connections.alone() as connection:
            before: int = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
            if before == 0:
                return
            # The driver steps a statement without columns only once, and each step frees one page; a script runs whole.
            driver = cast("SqliteConnection", connection.connection.driver_connection)
            driver.executescript(f"PRAGMA incremental_vacuum({_FREE_PAGES})").close()
            after: int = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").all()
        if after >= before:
            return
