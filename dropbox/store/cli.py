"""Runs `dropbox store`: upkeep of the database.

Rule: it reads no blob and needs no key.
"""

import time
from pathlib import Path

from dropbox.disk.terminal import say
from dropbox.errors import ConfigurationError, StorageBusyError
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.sentences.parser import Parser
from dropbox.settings import installation


def run(argv: list[str]) -> int:
    """Run `dropbox store …`; returns the exit code, raises DropboxError."""
    parser = Parser(prog="dropbox store", description=words_of("help.store-about"))
    commands = parser.commands("command")
    upgrade = commands.add_parser("upgrade", help=words_of("help.store-upgrade"))
    sweep = commands.add_parser("sweep", help=words_of("help.store-sweep"))
    for command in (upgrade, sweep):
        command.add_argument("--config", type=Path, metavar="FILE", help=words_of("help.config"))
    options = parser.parse_args(argv)
    chosen = installation.load(options.config)
    return _upgrade(chosen.database) if options.command == "upgrade" else _sweep(chosen)


def _upgrade(url: str) -> int:
    from dropbox.store.migrate import upgrade

    try:
        upgrade(url)
    except FileNotFoundError:
        raise ConfigurationError("store.folder-missing") from None
    say(Sentence("command.database-current"))
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
    say(Sentence("command.database-swept"))
    return 0
