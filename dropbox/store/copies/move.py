"""Moves a store to another database in four steps, each one transaction.

    1  the old database   NUMBER    → moving     nobody opens it any more
    2  the new database   (empty)   → arriving   the whole copy, compared
    3  the old database   moving    → moved      it will never be opened again
    4  the new database   arriving  → NUMBER     it takes what is sent

Rule: whatever ends the move, at most one of the two is open to what is sent, and each row is in one that the same
command goes on with. An error before step 3 puts the old database back as it was; a kill is continued by the same
command, or taken back by `cancel`, which step 3 forbids.
"""

from sqlalchemy import Connection, update

from dropbox.errors import ConfigurationError, RefusedError
from dropbox.store import migrate, schema
from dropbox.store.connections import parse_url, revision, revision_of, sqlite_path
from dropbox.store.copies.exclusive import unserved
from dropbox.store.copies.replace import replace
from dropbox.store.copies.rows import Contents, count_rows, read_all
from dropbox.store.marks import Mark, Phase, parse


def move(source_url: str, target_url: str) -> Contents:
    """Move a store that is not served to an empty database, or continue; afterwards the old one is never opened again.

    Args:
        source_url: of the store's database.
        target_url: of the new one; a missing SQLite file is created, a PostgreSQL database must exist.

    Returns:
        What the new one holds.

    Raises:
        RefusedError: one of them is served, the new one is not empty, or both are the same.
        NotFoundError: the folder of the new SQLite file does not exist.
        ConfigurationError: there is no store, it was moved before, or it is of a newer program; the new database holds
            tables of something else, or the copy of another move.
        DamagedError: what was written differs from what was read. Nothing was changed.
        StorageFullError: the disk is full. Nothing was changed, or the same command continues (`store.moving`).
    """
    if _same(source_url, target_url):
        raise RefusedError("store.same-database")
    found = revision(source_url)
    before = parse(found)
    if before and before.phase is Phase.MOVED:
        return _open_new(target_url, before)
    if found is None:
        raise ConfigurationError("store.missing")
    attempt = _begin(source_url, before)
    try:
        _copy(source_url, target_url, attempt, before)
    except BaseException:
        _change(source_url, attempt, attempt.number)
        raise
    if not _change(source_url, attempt, str(attempt.at(Phase.MOVED))):
        raise RefusedError("store.served")  # another command has begun or taken back the move
    return _open_new(target_url, attempt.at(Phase.MOVED))


def cancel(url: str) -> bool:
    """Take back a move that was ended before its third step; the old database is opened again.

    Args:
        url: of the old database.

    Returns:
        Whether there was one.

    Raises:
        RefusedError: the database is served, by a move that goes on too.
        ConfigurationError: it has been moved, or is the new database of a move that did not end.
    """
    mark = parse(revision(url))
    if mark is None:
        return False
    if mark.phase is not Phase.MOVING:
        migrate.check_known(str(mark))
    if not _change(url, mark, mark.number):
        raise RefusedError("store.served")
    return True


def _begin(url: str, before: Mark | None) -> Mark:
    """Step 1; an attempt that was ended is replaced by this one."""
    with unserved(url) as source:
        found = revision_of(source)
        if found is None:
            raise ConfigurationError("store.missing")
        if parse(found) != before:
            raise RefusedError("store.served")
        number = before.number if before else found
        migrate.check_known(number)
        attempt = Mark.begin(number)
        source.execute(update(schema.version).values(version_num=str(attempt)))
    return attempt


def _copy(source_url: str, target_url: str, attempt: Mark, before: Mark | None) -> None:
    """Step 2; what an attempt that was ended has left in the target is replaced, because nobody has opened it."""
    with unserved(source_url) as source:
        if parse(revision_of(source)) != attempt:
            raise RefusedError("store.served")
        with unserved(target_url) as target:
            left = parse(revision_of(target))
            if left and (before is None or left != before.at(Phase.ARRIVING)):
                migrate.check_known(str(left))
            if count_rows(target) and not left:
                raise RefusedError("store.not-empty")
            replace(source, target, attempt.number)
            _set(target, str(attempt.at(Phase.ARRIVING)))


def _open_new(url: str, moved: Mark) -> Contents:
    """Step 4."""
    arriving = moved.at(Phase.ARRIVING)
    if parse(revision(url)) != arriving:  # it was opened before, or is another database
        raise ConfigurationError("store.moved")
    with unserved(url) as target:
        if parse(revision_of(target)) != arriving:
            raise RefusedError("store.served")
        found = read_all(target)
        _set(target, moved.number)
    return found


def _change(url: str, mark: Mark, new: str) -> bool:
    """Replace a mark; returns False if the database has another one by now."""
    with unserved(url) as connection:
        if parse(revision_of(connection)) != mark:
            return False
        _set(connection, new)
    return True


def _set(connection: Connection, number: str) -> None:
    connection.execute(update(schema.version).values(version_num=number))


def _same(one: str, other: str) -> bool:
    places = [parse_url(url) for url in (one, other)]
    if all(place.get_backend_name() == "sqlite" for place in places):
        return sqlite_path(one).resolve() == sqlite_path(other).resolve()
    return places[0] == places[1]
