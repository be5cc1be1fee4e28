"""`dropbox store`: upkeep of the database. Opens no blob and needs no key."""

import argparse
import sys
import time
from pathlib import Path

from dropbox import settings
from dropbox.errors import ConfigurationError


def run(argv: list[str]) -> int:
    """Run `dropbox store …`; returns the exit code, raises DropboxError."""
    parser = argparse.ArgumentParser(prog="dropbox store", description="Look after the database.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    upgrade = commands.add_parser("upgrade", help="make the database, or bring it to this version")
    sweep = commands.add_parser("sweep", help="daily: forget expired uploads, and in which order blobs came")
    for command in (upgrade, sweep):
        command.add_argument("--config", type=Path, metavar="FILE", help="settings (default: DROPBOX_CONFIG)")
    options = parser.parse_args(argv)
    url = settings.load(options.config).database
    return _upgrade(url) if options.command == "upgrade" else _sweep(url)


def _upgrade(url: str) -> int:
    from dropbox.store.migrate import upgrade

    try:
        upgrade(url)
    except FileNotFoundError:
        raise ConfigurationError("the folder of the database does not exist: make it first (chmod 700)") from None
    print("the database is up to date", file=sys.stderr)
    return 0


def _sweep(url: str) -> int:
    from dropbox.store.database import Store
    from dropbox.store.rewrite import rewrite

    store = Store.open(url)
    try:
        swept = store.blobs.sweep(time.time())
        rewrite(store)
    finally:
        store.close()
    print(f"{swept} expired uploads forgotten; the database is rewritten", file=sys.stderr)
    return 0
