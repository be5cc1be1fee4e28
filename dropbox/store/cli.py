"""Runs `dropbox store`: upkeep of the database, backup, restore and move.

Rule: it opens no blob and needs no key. Before anything is changed, the way back is written, or refused aloud.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dropbox.disk.terminal import say
from dropbox.errors import ConfigurationError, StorageBusyError
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.sentences.parser import Parser
from dropbox.settings import installation

_SQLITE: Final = "sqlite:///"


def run(argv: list[str]) -> int:
    """Run `dropbox store …`; returns the exit code, raises DropboxError."""
    parser = Parser(prog="dropbox store", description=words_of("help.store-about"))
    commands = parser.commands("command")
    upgrade = commands.add_parser("upgrade", help=words_of("help.store-upgrade"))
    before = upgrade.add_mutually_exclusive_group()
    before.add_argument("--backup", type=Path, metavar="FILE", help=words_of("help.store-upgrade-backup"))
    before.add_argument("--without-backup", action="store_true", help=words_of("help.store-without-backup"))
    schema = commands.add_parser("schema", help=words_of("help.store-schema"))
    sweep = commands.add_parser("sweep", help=words_of("help.store-sweep"))
    sweep.add_argument("--nightly", action="store_true", help=words_of("help.store-nightly"))
    sweep.add_argument("--backups", type=Path, metavar="DIR", help=words_of("help.store-backups"))
    backup = commands.add_parser("backup", help=words_of("help.store-backup"))
    backup.add_argument("file", type=Path, metavar="FILE", help=words_of("help.store-backup-file"))
    restore = commands.add_parser("restore", help=words_of("help.store-restore"))
    restore.add_argument("file", type=Path, metavar="FILE", help=words_of("help.store-restore-file"))
    restore.add_argument("--aside", type=Path, metavar="FILE", help=words_of("help.store-aside"))
    move = commands.add_parser("move", help=words_of("help.store-move"))
    other = move.add_mutually_exclusive_group(required=True)
    other.add_argument("--to", metavar="URL", help=words_of("help.store-move-to"))
    other.add_argument("--from", dest="origin", metavar="URL", help=words_of("help.store-move-from"))
    other.add_argument("--cancel", action="store_true", help=words_of("help.store-move-cancel"))
    works: dict[str, Callable[[argparse.Namespace, installation.Settings], int]] = {
        "upgrade": _upgrade,
        "schema": _schema,
        "sweep": _sweep,
        "backup": _backup,
        "restore": _restore,
        "move": _move,
    }
    for command in (upgrade, schema, sweep, backup, restore, move):
        command.add_argument("--config", type=Path, metavar="FILE", help=words_of("help.config"))
    options = parser.parse_args(argv)
    return works[options.command](options, installation.load(options.config))


def _upgrade(options: argparse.Namespace, chosen: installation.Settings) -> int:
    from dropbox.store.copies.restore import upgrade

    path = None if options.without_backup else options.backup or _beside(chosen.database)
    try:
        made = upgrade(chosen.database, path)
    except FileNotFoundError:
        raise ConfigurationError("store.folder-missing") from None
    if made and path:
        say(Sentence("command.store-way-back", name=path.name))
    elif options.backup:
        say(Sentence("command.store-no-backup"))
    say(Sentence("command.database-current"))
    return 0


def _beside(url: str) -> Path | None:
    """Return the file for the backup before an upgrade, next to a SQLite file; None when no upgrade would change it.

    Raises:
        ConfigurationError: a PostgreSQL database would be upgraded, and has no place next to it.
    """
    from dropbox.store import schema
    from dropbox.store.connections import revision

    found = revision(url)
    if found in (None, schema.HEAD):
        return None
    if not url.startswith(_SQLITE):
        raise ConfigurationError("store.name-backup")
    path = Path(url.removeprefix(_SQLITE))
    return path.with_name(f"{path.name}.{found}.backup")


def _schema(_: argparse.Namespace, chosen: installation.Settings) -> int:
    """Print the number also where this program does not know it: a package compares it with its own."""
    from dropbox.store.connections import revision
    from dropbox.store.migrate import check_known

    found = revision(chosen.database)
    if found is None:
        raise ConfigurationError("store.missing")
    print(found)
    check_known(found)
    return 0


def _sweep(options: argparse.Namespace, chosen: installation.Settings) -> int:
    from dropbox.store.database import Store
    from dropbox.store.rewrite import check
    from dropbox.store.upkeep import Upkeep

    # First: what a kill has left may be what fills the disk, and then each tidying fails until it is gone. What stays
    # ends no tidying: it is an exit code at the end, and the service is started again only as often as its unit allows.
    is_clean = not options.backups or _remove_left_overs(options.backups)
    store = Store.open(chosen.database)
    try:
        check(store)
        if not Upkeep(store).tidy(time.time(), chosen.night(), is_forced=not options.nightly):
            raise StorageBusyError("store.tidying")
    finally:
        store.close()
    say(Sentence("command.database-swept"))
    return 0 if is_clean else 1


def _remove_left_overs(folder: Path) -> bool:
    """Remove what a kill has left of backups, and say what stays; returns whether nothing does."""
    from dropbox.store.copies.backup import remove_left_overs

    try:
        stay = remove_left_overs(folder)
    except OSError as error:
        say(Sentence("command.store-backups-unread", name=folder.absolute().name, system=error.errno))
        return False
    for name, number in stay:
        say(Sentence("command.store-left-over", name=name, system=number))
    return not stay


def _backup(options: argparse.Namespace, chosen: installation.Settings) -> int:
    from dropbox.store.copies.backup import back_up

    made = back_up(chosen.database, options.file)
    blobs, uploads = made.contents.rows("blob"), made.contents.rows("upload")
    say(Sentence("command.store-backed-up", name=options.file.name, blobs=blobs, uploads=uploads))
    _remove_left_overs(options.file.absolute().parent)  # no failure: the backup is there
    return _warn(made.contents.damaged)


def _restore(options: argparse.Namespace, chosen: installation.Settings) -> int:
    from dropbox.store import schema
    from dropbox.store.copies.restore import restore

    made = restore(options.file, chosen.database, options.aside)
    say(Sentence("command.store-restored", blobs=made.contents.rows("blob"), uploads=made.contents.rows("upload")))
    say(Sentence("command.store-after-restore"))
    if made.number < schema.HEAD:
        say(Sentence("command.store-restored-older"))
    return _warn(made.contents.damaged)


def _move(options: argparse.Namespace, chosen: installation.Settings) -> int:
    from dropbox.store.copies.move import cancel, move

    if options.cancel:
        is_back = cancel(chosen.database)
        say(Sentence("command.store-move-back" if is_back else "command.store-move-none"))
        return 0
    origin, target = (options.origin, chosen.database) if options.origin else (chosen.database, options.to)
    found = move(origin, target)
    say(Sentence("command.store-moved", blobs=found.rows("blob"), uploads=found.rows("upload")))
    # In both directions: the settings of this command need not be those with which the site starts.
    say(Sentence("command.store-moved-settings"))
    return _warn(found.damaged)


def _warn(damaged: int) -> int:
    if damaged:
        say(Sentence("command.store-damaged", count=damaged))
    return 1 if damaged else 0
