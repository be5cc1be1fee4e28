"""The schema changes by numbered migrations, forward only, each whole or not at all.

This module and the migrations are the only ones that load Alembic: the server, which only
checks the number, does without.
"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from dropbox.errors import ConfigurationError
from dropbox.store import schema
from dropbox.store.connections import open_engine, revision

_MIGRATIONS: Final = Path(__file__).with_name("migrations")


def current(url: str) -> str | None:
    """The migration at which the database stands; None without database or tables. Creates nothing."""
    return revision(url)


def upgrade(url: str) -> None:
    """Bring a database to the schema of this program, in one transaction.

    A SQLite file is created where there is none; a PostgreSQL database must exist (createdb).

    Raises:
        ConfigurationError: its schema is newer than this program.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    found = current(url)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise ConfigurationError("The store is of a newer version than this program: install the newer version.")
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            schema.version.create(connection, checkfirst=True)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
