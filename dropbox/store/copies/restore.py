"""Puts a backup into a database, and upgrades a store after a backup.

Rule: each is one transaction in the target, compared with its source before it is committed: afterwards the target is
whole, or as before. Nothing that a database holds is overwritten, unless a verified backup of it was just written.
"""

from pathlib import Path

from dropbox.errors import DamagedError, RefusedError
from dropbox.store import migrate, schema
from dropbox.store.connections import revision
from dropbox.store.copies.backup import Backup, check_place, opened, read, write
from dropbox.store.copies.exclusive import unserved
from dropbox.store.copies.replace import replace
from dropbox.store.copies.rows import count_rows


def restore(path: Path, url: str, aside: Path | None = None) -> Backup:
    """Put a backup into a database that is not served; returns what it holds.

    Args:
        path: the backup.
        url: of the database; a missing SQLite file is created, a PostgreSQL database must exist.
        aside: a new file into which the present store is backed up first; without it, the database must be empty.

    Raises:
        RefusedError: the database is served, or holds something and `aside` is None; or `aside` exists.
        NotFoundError: the backup, or a folder, does not exist.
        ConfigurationError: others may read the backup or the folder of `aside`; the backup is of a newer program; the
            database holds tables of something else.
        DamagedError: the backup is damaged. Nothing was changed.
        StorageFullError: the disk is full. Nothing was changed.
    """
    if aside:
        check_place(aside)
    found = read(path)
    with unserved(url) as target:
        if count_rows(target):
            if aside is None:
                raise RefusedError("store.not-empty")
            write(target, aside)
        with opened(path) as source:
            if replace(source, target, found.number).sums != found.contents.sums:  # another file by now
                raise DamagedError("store.copy-differs")
    return found


def upgrade(url: str, backup: Path | None) -> Backup | None:
    """Bring a store to this program's schema; before a change of an existing one, write a backup for the way back.

    Args:
        url: of its database; without a store, an empty one is made.
        backup: a new file; None for no backup.

    Returns:
        What the backup holds; None if none was written.

    Raises:
        RefusedError: the store is served, or the file exists.
        NotFoundError: a folder does not exist.
        ConfigurationError: the store is of a newer program, or has been moved; others may read the file's folder.
        StorageFullError: the disk is full. Nothing was changed.
    """
    found = revision(url)
    if found in (None, schema.HEAD):
        migrate.upgrade(url)
        return None
    migrate.check_known(found)
    if backup:
        check_place(backup)
    with unserved(url) as connection:
        made = write(connection, backup) if backup else None
        migrate.bring(connection)
    return made
