"""Copies all rows of a store from one open database to another, and sums them up so that both can be compared.

    sum of a table = number of rows, SHA-256 over them in the order of their keys

Rule: rows are read and written in the order of their keys, which are random, so a copy has nothing of the order of
arrival. Both databases give the same sums for the same rows. A table that is not the store's is refused, never skipped.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Row,
    Select,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
)

from dropbox.errors import ConfigurationError
from dropbox.store import schema
from dropbox.store.upkeep import UPKEEP_DAYS

SUMS: Final = Table(  # of a backup file only
    "backup_sum",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("rows", BigInteger, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
_OURS: Final = frozenset(schema.metadata.tables)
_ROWS: Final = 16  # read at a time: at most 16 MiB of chunks


@dataclass(frozen=True)
class Sum:
    """A table's name, number of rows, and SHA-256 over them in the order of their keys."""

    name: str
    rows: int
    sha256: bytes


@dataclass(frozen=True)
class Contents:
    """All that a database holds.

    Attributes:
        sums: of each table, by name.
        damaged: number of blobs whose bytes differ from the acknowledged ones.
    """

    sums: tuple[Sum, ...]
    damaged: int

    def rows(self, name: str) -> int:
        """Return the number of rows of a table."""
        return sum(one.rows for one in self.sums if one.name == name)


def tables_of(connection: Connection) -> list[Table]:
    """Return the store's tables as a database has them, at whatever migration, sorted by name.

    Raises:
        ConfigurationError: the database holds tables of something else.
    """
    names = set(inspect(connection).get_table_names()) - {schema.version.name, SUMS.name}
    if names - _OURS:
        raise ConfigurationError("store.foreign-tables")
    found = MetaData()
    found.reflect(connection, only=sorted(names))
    return [found.tables[name] for name in sorted(names)]


def copy(source: Connection, target: Connection) -> tuple[Sum, ...]:
    """Copy all rows into the empty tables of another database at the same migration; returns what was read.

    Raises:
        ConfigurationError: one of them holds tables of something else.
        KeyError: the target lacks a table; both are made by the same migrations.
    """
    targets = {table.name: table for table in tables_of(target)}
    sums = []
    for table in tables_of(source):
        adding = _Adding(table.name)
        for rows in _parts(source, table):
            target.execute(insert(targets[table.name]), [row._asdict() for row in rows])
            adding.add(rows)
        sums.append(adding.sum())
    return tuple(sums)


def read_all(connection: Connection) -> Contents:
    """Read all rows of a database, and compare each blob with the hash under which it was acknowledged."""
    sums, whole = [], 0
    for table in tables_of(connection):
        adding = _Adding(table.name)
        blobs = _Blobs(connection)
        for rows in _parts(connection, table):
            adding.add(rows)
            if table.name == schema.chunk.name:
                blobs.add(rows)
        sums.append(adding.sum())
        whole += blobs.whole()
    blobs_held = sum(one.rows for one in sums if one.name == schema.blob.name)
    return Contents(tuple(sums), blobs_held - whole)


def count_rows(connection: Connection) -> int:
    """Return the number of rows of all tables together, without the days that the upkeep notes about itself."""
    return sum(connection.execute(_counted(table)).scalar_one() for table in tables_of(connection))


def _counted(table: Table) -> Select[int]:
    counted = select(func.count()).select_from(table)
    return counted.where(table.c.name.not_in(UPKEEP_DAYS)) if table.name == schema.state.name else counted


class _Adding:
    """The sum of a table, row by row."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rows = 0
        self._hash = hashlib.sha256()

    def add(self, rows: Sequence[Row[Any]]) -> None:
        self._rows += len(rows)
        for row in rows:
            for value in row:
                self._hash.update(_packed(value))

    def sum(self) -> Sum:
        return Sum(self._name, self._rows, self._hash.digest())


class _Blobs:
    """Counts the blobs whose chunks, which come in the order of the uploads, have the blob's length and hash."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._upload: bytes | None = None
        self._length = self._whole = self._next = 0
        self._hash = hashlib.sha256()

    def add(self, rows: Sequence[Row[Any]]) -> None:
        for row in rows:
            if row.upload != self._upload:
                self._end()
                self._upload, self._length, self._next, self._hash = row.upload, 0, 0, hashlib.sha256()
            # A number that is missing would make bytes of another place count.
            self._length += len(row.data) if row.seq == self._next else 0
            self._next += 1
            self._hash.update(row.data)

    def whole(self) -> int:
        self._end()
        return self._whole

    def _end(self) -> None:
        if self._upload is not None:
            at_upload = select(schema.blob.c.length, schema.blob.c.sha256).where(schema.blob.c.upload == self._upload)
            held = self._connection.execute(at_upload).first()
            self._whole += held is not None and tuple(held) == (self._length, self._hash.digest())
            self._upload = None


def _parts(connection: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    """Yield all rows in the order of their keys, some at a time; both databases compare bytes of text and keys."""
    is_postgresql = connection.dialect.name == "postgresql"
    order = [
        key.collate("C") if is_postgresql and key.type.python_type is str else key for key in table.primary_key.columns
    ]
    columns = sorted(table.columns, key=lambda column: column.name)
    wanted = select(*columns).order_by(*order).execution_options(yield_per=_ROWS)
    with connection.execute(wanted) as found:
        yield from found.partitions()


def _packed(value: object) -> bytes:
    """Return a value of a row as bytes that no other value has."""
    if value is None:
        return b"-"
    data = value if isinstance(value, bytes) else str(value).encode()
    return type(value).__name__[:1].encode() + len(data).to_bytes(8) + data
