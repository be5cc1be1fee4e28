"""Upgrades the schema by numbered migrations.

Rule: migrations go forward only, each whole or not at all. Only this module and the migrations load Alembic: the
server checks the number without it.
"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from dropbox.errors import ConfigurationError
from dropbox.store import schema
from dropbox.store.connections import open_engine, revision
from dropbox.store.marks import code_of

_MIGRATIONS: Final = Path(__file__).with_name("migrations")
_NEWEST: Final = "head"


def current(url: str) -> str | None:
    """Return the number of the database's migration, or None without database or tables. Creates nothing."""
    return revision(url)


def check_known(found: str) -> None:
    """Check that this program knows the number of a database's migration.

    Raises:
        ConfigurationError: it is of a newer program, or a move's mark (dropbox.store.marks) is in its place.
    """
    if code := code_of(found):
        raise ConfigurationError(code)
    if found not in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}:
        raise ConfigurationError("store.newer")


def bring(connection: Connection, number: str = _NEWEST) -> None:
    """Bring a database to a migration (default: the newest), inside the transaction of `connection`."""
    config = _config()
    schema.version.create(connection, checkfirst=True)
    config.attributes["connection"] = connection
    command.upgrade(config, number)


def upgrade(url: str) -> None:
    """Upgrade a database to this program's schema, in one transaction.

    A missing SQLite file is created; a PostgreSQL database must exist (createdb).

    Raises:
        ConfigurationError: its schema is newer than this program's, or it is or was moved.
    """
    found = current(url)
    if found is not None:
        check_known(found)
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            bring(connection)
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
