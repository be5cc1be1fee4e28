"""Upgrades the schema by numbered migrations.

Rule: migrations go forward only, each whole or not at all. Only this module and the migrations load Alembic: the
server checks the number without it.
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
    """Return the number of the database's migration, or None without database or tables. Creates nothing."""
    return revision(url)


def upgrade(url: str) -> None:
    """Upgrade a database to this program's schema, in one transaction.

    A missing SQLite file is created; a PostgreSQL database must exist (createdb).

    Raises:
        ConfigurationError: its schema is newer than this program's.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    found = current(url)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise ConfigurationError("store.newer")
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            schema.version.create(connection, checkfirst=True)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
