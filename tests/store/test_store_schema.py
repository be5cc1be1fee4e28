"""The schema and its migrations: nothing that tells the time, nothing half-done."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from store_samples import only_sqlite, put, python

from dropbox.errors import ConfigurationError, StorageBusyError
from dropbox.store import connections, migrate, schema
from dropbox.store.database import Store, open_engine
from dropbox.store.faults import translate

IMPORTS = """
import sys
import dropbox.store.database, dropbox.store.rewrite
store = dropbox.store.database.Store.open(sys.argv[1])
store.blobs.remaining()
store.close()
print(*(name for name in ("sqlalchemy.orm", "alembic") if name in sys.modules))
"""


def file_of(url: str) -> Path:
    """The SQLite file of a URL."""
    return Path(sa.make_url(url).database)


def stamp(url: str, version: str) -> None:
    """Say that the database is at this version."""
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.update(schema.version).values(version_num=version))
    engine.dispose()


def test_upgrade(empty_url: str) -> None:
    """An upgrade makes the tables, and a second one changes nothing."""
    assert migrate.current(empty_url) is None
    for _ in range(2):
        migrate.upgrade(empty_url)
        assert migrate.current(empty_url) == schema.HEAD
    store = Store.open(empty_url)
    put(store)
    store.close()


def test_migrations_make_the_schema(store: Store) -> None:
    """The migrations lead to exactly the tables that the code uses."""
    with store.connections.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
        found = set(sa.inspect(connection).get_table_names())
    assert found == {*schema.metadata.tables, "alembic_version"}


def test_no_column_holds_a_time(store: Store) -> None:
    """No column of any table has a type of time, or a default."""
    times = (sa.DateTime, sa.Date, sa.Time, sa.Interval)
    with store.connections.read() as connection:
        inspector = sa.inspect(connection)
        for table in inspector.get_table_names():
            for column in inspector.get_columns(table):
                assert not isinstance(column["type"], times)
                assert column["default"] is None
                assert column.get("autoincrement", False) in (False, "auto")


def test_no_table_has_a_row_id(store: Store, kind: str) -> None:
    """No table counts its rows as they come."""
    row_id: sa.ColumnClause[int] = sa.column("rowid" if kind == "sqlite" else "oid")
    for table in (*schema.metadata.tables.values(), schema.version):
        with store.connections.read() as connection, pytest.raises(sa.exc.DBAPIError):
            connection.execute(sa.select(row_id).select_from(table))


@pytest.mark.parametrize("found", ["0000", "9999"])
def test_another_schema_is_not_opened(url: str, found: str) -> None:
    """A store of another version is not opened, and the message says what to do."""
    stamp(url, found)
    with pytest.raises(ConfigurationError, match=r"run `dropbox store upgrade`" if found < schema.HEAD else "install"):
        Store.open(url)


def test_newer_schema_is_not_upgraded(url: str) -> None:
    """A store of a newer version is left alone."""
    stamp(url, "9999")
    with pytest.raises(ConfigurationError, match="newer"):
        migrate.upgrade(url)
    assert migrate.current(url) == "9999"


def test_no_database_is_not_opened(empty_url: str, kind: str) -> None:
    """Without a database nothing is opened and nothing is created."""
    with pytest.raises(ConfigurationError, match="upgrade"):
        Store.open(empty_url)
    if kind == "sqlite":
        assert not file_of(empty_url).exists()


@pytest.mark.parametrize("wrong", ["sqlite://", "sqlite:///:memory:", "mysql://host/db", "postgresql://host/db"])
def test_other_databases_are_refused(wrong: str) -> None:
    """Only a SQLite file and PostgreSQL by psycopg will do."""
    with pytest.raises(ConfigurationError):
        open_engine(wrong)


def test_server_loads_no_orm(url: str) -> None:
    """Opening and using a store loads neither SQLAlchemy's ORM nor Alembic: memory that nobody needs."""
    process = python(IMPORTS, url)
    output, _ = process.communicate(timeout=240)
    assert (process.returncode, output) == (0, "\n")


def test_durability(store: Store, kind: str) -> None:
    """A commit is on the disk before it is acknowledged, and deleted bytes are overwritten."""
    with store.connections.read() as connection:

        def value(sql: str) -> Any:
            return connection.exec_driver_sql(sql).scalar()

        if kind == "postgresql":
            assert value("SHOW synchronous_commit") == "on"
            assert value("SHOW transaction_isolation") == "read committed"
            return
        assert value("PRAGMA journal_mode") == "wal"
        assert value("PRAGMA synchronous") == 2
        assert value("PRAGMA secure_delete") == 2
        assert value("PRAGMA foreign_keys") == 1
        assert value("PRAGMA temp_store") == 2


@only_sqlite
def test_files_are_private(store: Store, url: str) -> None:
    """Only the owner reads the file, its journal and its index; a file that others may read is closed to them."""
    put(store)
    files = list(file_of(url).parent.iterdir())
    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    file_of(url).chmod(0o644)
    Store.open(url).close()
    assert file_of(url).stat().st_mode & 0o777 == 0o600


@only_sqlite
def test_nested_transactions_fail(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction inside a transaction ends in an error instead of waiting for ever (SQLite)."""
    monkeypatch.setattr(connections, "SQLITE_BUSY_MS", 50)
    with store.transaction() as tx, pytest.raises(StorageBusyError):
        store.published.put(tx, "board", "itjen", 1, b"one")
        store.state.put("a", b"1")
    assert store.published.get("board", "itjen") is not None


def test_reading_goes_on_while_somebody_writes(store: Store, url: str) -> None:
    """A reader neither waits for a writer nor sees what is not committed."""
    other = Store.open(url)
    with store.transaction() as tx:
        store.published.put(tx, "board", "itjen", 1, b"one")
        assert store.published.get("board", "itjen") is None
        assert other.published.get("board", "itjen") is None
    assert other.published.get("board", "itjen") is not None
    other.close()


@only_sqlite
def test_foreign_writer_is_waited_for_and_no_longer(store: Store, url: str) -> None:
    """Another process that holds the file makes a writer wait, and in the end fail loudly (SQLite)."""
    impatient = sa.create_engine(url, connect_args={"timeout": 0.05, "isolation_level": None})
    sa.event.listen(impatient, "handle_error", translate)
    sa.event.listen(impatient, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with store.transaction(), pytest.raises(StorageBusyError):
        Store(impatient).state.put("a", b"1")
    impatient.dispose()
