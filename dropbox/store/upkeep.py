"""At each tidying the store forgets when things came: expired uploads, the journal, the order, the files' times.

Rule: one process at a time, without a note in the database: a note at regular times would be a clock between reports.
What fails is remembered by the day, so that the courier can say it.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.limits import REWRITE_SMALL_BYTES, REWRITE_WAIT_SECONDS
from dropbox.store.database import Store
from dropbox.store.rewrite import clear_journal, is_small, patiently, rewrite

_REWRITTEN: Final = "rewritten"  # state: the night of the last rewrite
_FAILING: Final = "tidy-failing"  # state: the night since which tidying fails
_DAY_BYTES: Final = 8
_POSTGRESQL_LOCK: Final = 0x64626F78  # any number that nobody else in this database uses


@dataclass(frozen=True)
class UpkeepDays:
    """How the upkeep stands; days since 1970.

    Attributes:
        rewritten: of the last rewrite, None before the first.
        failing: since when tidying has failed, None while it does not.
    """

    rewritten: int | None
    failing: int | None


class Upkeep:
    """The upkeep of a store by this process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: Mapping[bytes, int] = {}  # small uploads at the last tidying, and how long they were
        self._small_bytes = REWRITE_SMALL_BYTES
        self._night = -1
        # Whether the journal may be empty although rows stand where they came: a process that ends empties it, and so
        # does a tidying that failed, or during which something came.
        self._owes = True

    def tidy(self, now: float, night: int, *, is_forced: bool = False) -> bool:
        """One tidying; False when another process is at it.

        Args:
            now: seconds since 1970.
            night: number of the day, which begins at the hour for long work: a large store is rewritten once in each.
            is_forced: rewrite whatever was done before.

        Raises:
            StorageBusyError: no quiet moment was found.
            StorageFullError: the disk is full.
            ConfigurationError: PostgreSQL is set up to keep the times of arrival.
        """
        with self._alone() as is_mine:
            if not is_mine:
                self._owes = True
                return False
            try:
                self._tidy(now, night, is_forced=is_forced)
            except Exception:
                self._owes = True
                self._note_failure(night)
                raise
            finally:
                self._store.connections.blur()
        return True

    def _tidy(self, now: float, night: int, *, is_forced: bool) -> None:
        store = self._store
        store.blobs.sweep(now)
        # Who sent nothing more since the last tidying loses little; a flood of beginnings would last for hours.
        store.blobs.drop_stalled(self._seen)
        self._seen = store.blobs.small_uploads()
        if self._night != night:
            self._night, self._small_bytes = night, REWRITE_SMALL_BYTES
        has_news = self._has_news()
        days = days_of(store)
        is_nightly = days.rewritten != night
        if is_forced or is_nightly or (is_small(store, self._small_bytes) and (has_news or self._owes)):
            begun = time.monotonic()
            rewrite(store)
            if time.monotonic() - begun > REWRITE_WAIT_SECONDS:
                self._small_bytes //= 2  # for today: a slow disk, or a busy machine
        if is_nightly or is_forced:
            store.state.put(_REWRITTEN, _number(night))
        if days.failing is not None:
            store.state.delete(_FAILING)
        patiently(lambda: clear_journal(store))
        self._owes = has_news

    def _has_news(self) -> bool:
        """Whether anything was written since the journal was emptied; PostgreSQL is not asked."""
        path = self._store.connections.path
        if path is None:
            return True
        journal = path.with_name(path.name + "-wal")
        return journal.exists() and journal.stat().st_size > 0

    def _note_failure(self, night: int) -> None:
        with contextlib.suppress(Exception):  # what failed before may fail here too; the log has it
            self._store.state.setdefault(_FAILING, _number(night))

    @contextlib.contextmanager
    def _alone(self) -> Iterator[bool]:
        """Whether no other process is at it; what is held ends with the process."""
        connections = self._store.connections
        if connections.path is None:
            with connections.read() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                taken = bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_POSTGRESQL_LOCK})").scalar())
                try:
                    yield taken
                finally:
                    if taken:
                        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_POSTGRESQL_LOCK})")
            return
        with _locked(connections.path.parent) as taken:
            yield taken


def days_of(store: Store) -> UpkeepDays:
    """How the upkeep of a store stands."""
    rewritten, failing = (store.state.get(name) for name in (_REWRITTEN, _FAILING))
    return UpkeepDays(
        None if rewritten is None else int.from_bytes(rewritten), None if failing is None else int.from_bytes(failing)
    )


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """The folder itself is the lock: there is no further file, and SQLite's own locks are on its file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _number(day: int) -> bytes:
    return day.to_bytes(_DAY_BYTES)
