"""Every test of the store runs on a real SQLite file and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dropbox.store import migrate
from dropbox.store.database import Store
from tests.support.postgresql import Server, shared_server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server that has a database `migrated` to copy."""
    with shared_server() as server:
        yield server


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
