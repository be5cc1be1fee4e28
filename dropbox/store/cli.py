"""Runs `dropbox store`: upkeep of the database.

Rule: it reads no blob and needs no key.
"""

import argparse
import sys
import time
from pathlib import Path

from dropbox.errors import ConfigurationError, StorageBusyError
from dropbox.settings import installation


def run(argv: list[str]) -> int:
    """Run `dropbox store …`; returns the exit code, raises DropboxError."""
    parser = argparse.ArgumentParser(prog="dropbox store", description="Look after the database.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    upgrade = commands.add_parser("upgrade", help="make the database, or bring it to this version")
    sweep = commands.add_parser(
        "sweep", help="at once: delete expired uploads, and every trace of the order of arrival"
    )
    for command in (upgrade, sweep):
        command.add_argument("--config", type=Path, metavar="FILE", help="settings (default: DROPBOX_CONFIG)")
    options = parser.parse_args(argv)
    chosen = installation.load(options.config)
    return _upgrade(chosen.database) if options.command == "upgrade" else _sweep(chosen)


def _upgrade(url: str) -> int:
    from dropbox.store.migrate import upgrade

    try:
        upgrade(url)
    except FileNotFoundError:
        raise ConfigurationError("store.folder-missing") from None
    print("the database is up to date", file=sys.stderr)
    return 0


def _sweep(chosen: installation.Settings) -> int:
    from dropbox.store.database import Store
    from dropbox.store.rewrite import check
    from dropbox.store.upkeep import Upkeep

    store = Store.open(chosen.database)
    try:
        check(store)
        if not Upkeep(store).tidy(time.time(), chosen.night(), is_forced=True):
            raise StorageBusyError("store.tidying")
    finally:
        store.close()
    print("expired uploads are forgotten; the database is rewritten", file=sys.stderr)
    return 0
