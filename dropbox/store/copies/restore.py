"""Puts a backup into a database, moves a store to another database, and upgrades a store after a backup.

Rule: each is one transaction in the target, compared with its source before it is committed: afterwards the target is
whole, or as before. Nothing that a database holds is overwritten, unless a verified backup of it was just written.
"""

from pathlib import Path

from sqlalchemy import Connection, make_url, update

from dropbox.errors import ConfigurationError, DamagedError, RefusedError
from dropbox.store import migrate, schema
from dropbox.store.connections import revision, revision_of, sqlite_path
from dropbox.store.copies.backup import Backup, check_place, opened, read, write
from dropbox.store.copies.exclusive import unserved
from dropbox.store.copies.rows import Contents, copy, count_rows, read_all, tables_of


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
            if _replace(source, target, found.number).sums != found.contents.sums:  # another file by now
                raise DamagedError("store.copy-differs")
    return found


def move(source_url: str, target_url: str) -> Contents:
    """Move a store that is not served to an empty database; afterwards the old one refuses to be opened.

    Args:
        source_url: of the store's database.
        target_url: of the new one; a missing SQLite file is created, a PostgreSQL database must exist.

    Returns:
        What the new one holds.

    Raises:
        RefusedError: one of them is served, the new one is not empty, or both are the same.
        NotFoundError: the folder of the new SQLite file does not exist.
        ConfigurationError: there is no store, it was moved before, or it is of a newer program; the new database holds
            tables of something else.
        DamagedError: what was written differs from what was read. Nothing was changed.
        StorageFullError: the disk is full. Nothing was changed.
    """
    if _same(source_url, target_url):
        raise RefusedError("store.same-database")
    if revision(source_url) is None:
        raise ConfigurationError("store.missing")
    with unserved(source_url) as source:
        number = revision_of(source)
        if number is None:
            raise ConfigurationError("store.missing")
        migrate.check_known(number)
        with unserved(target_url) as target:
            if count_rows(target):
                raise RefusedError("store.not-empty")
            found = _replace(source, target, number)
        source.execute(update(schema.version).values(version_num=schema.MOVED))
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


def _replace(source: Connection, target: Connection, number: str) -> Contents:
    """Put all rows of the source into the target, in place of all that it holds, and compare."""
    for table in tables_of(target):
        table.drop(target)
    schema.version.drop(target, checkfirst=True)
    migrate.bring(target, number)
    sums = copy(source, target)
    found = read_all(target)
    if found.sums != sums:
        raise DamagedError("store.copy-differs")
    return found


def _same(one: str, other: str) -> bool:
    places = [make_url(url) for url in (one, other)]
    if all(place.get_backend_name() == "sqlite" for place in places):
        return sqlite_path(one).resolve() == sqlite_path(other).resolve()
    return places[0] == places[1]
