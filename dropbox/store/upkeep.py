"""Runs the store's upkeep: deletes expired uploads, and removes traces of arrival from journal, order and file times.

Rule: one process at a time (`turn`). A failure is stored with its day, so that the courier can report it.
"""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.limits import REWRITE_SMALL_BYTES, REWRITE_WAIT_SECONDS
from dropbox.store.database import Store
from dropbox.store.rewrite import clear_journal, image, is_small, patiently, rewrite
from dropbox.store.turn import turn

_REWRITTEN: Final = "rewritten"  # state: the night of the last rewrite
_FAILING: Final = "tidy-failing"  # state: the night since which tidying fails
UPKEEP_DAYS: Final = (_REWRITTEN, _FAILING)
_DAY_BYTES: Final = 8


@dataclass(frozen=True)
class UpkeepDays:
    """The state of the upkeep; days since 1970.

    Attributes:
        rewritten: day of the last rewrite, None before the first.
        failing: day since which upkeep fails, None while it works.
    """

    rewritten: int | None
    failing: int | None


class Upkeep:
    """The upkeep of a store by this process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: Mapping[bytes, int] = {}  # length of small uploads at the last upkeep, by address
        self._small_bytes = REWRITE_SMALL_BYTES
        self._night = -1
        # Whether the journal may be empty although rows are in the order of arrival: a process that ends empties it,
        # and so does an upkeep that failed, or during which something arrived.
        self._owes = True
        self._image: int | None = None  # of PostgreSQL's files, after this process's last look

    def tidy(self, now: float, night: int, *, is_forced: bool = False) -> bool:
        """Run the upkeep once; returns False when another process is running it.

        Args:
            now: seconds since 1970.
            night: day number, where days begin at the hour for long work; a large store is rewritten once a night.
            is_forced: rewrite even if it was done before.

        Raises:
            StorageBusyError: the store was in use all the time.
            StorageFullError: the disk is full.
            ConfigurationError: PostgreSQL is configured to keep the times of arrival.
        """
        with turn(self._store.connections) as is_mine:
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
        # A small upload without new bytes loses little; a flood of them would otherwise stay for hours.
        store.blobs.drop_stalled(self._seen)
        self._seen = store.blobs.small_uploads()
        if self._night != night:
            self._night, self._small_bytes = night, REWRITE_SMALL_BYTES
        has_news = self._has_news()
        days = days_of(store)
        is_nightly = days.rewritten != night
        if self._was_rewritten() and not (is_forced or is_nightly):
            self._owes = True  # another process of this or another machine had its turn just now
            return
        if is_forced or is_nightly or (is_small(store, self._small_bytes) and (has_news or self._owes)):
            begun = time.monotonic()
            rewrite(store)
            self._image = image(store)
            if time.monotonic() - begun > REWRITE_WAIT_SECONDS:
                self._small_bytes //= 2  # until tomorrow: the disk is slow, or the machine is busy
        if is_nightly or is_forced:
            store.state.put(_REWRITTEN, _number(night))
        if days.failing is not None:
            store.state.delete(_FAILING)
        patiently(lambda: clear_journal(store))
        self._owes = has_news

    def _was_rewritten(self) -> bool:
        """Return whether another process has rewritten a PostgreSQL since this one last looked.

        Each rewrite makes new files. So the processes of all machines need no entry in the database to do it once.
        """
        before, self._image = self._image, image(self._store)
        return before not in (None, self._image)

    def _has_news(self) -> bool:
        """Return whether anything was written since the journal was emptied; always True on PostgreSQL."""
        path = self._store.connections.path
        if path is None:
            return True
        journal = path.with_name(path.name + "-wal")
        return journal.exists() and journal.stat().st_size > 0

    def _note_failure(self, night: int) -> None:
        with contextlib.suppress(Exception):  # the same cause may fail here too; the first error is in the log
            self._store.state.setdefault(_FAILING, _number(night))


def days_of(store: Store) -> UpkeepDays:
    """Return the state of a store's upkeep."""
    rewritten, failing = (store.state.get(name) for name in (_REWRITTEN, _FAILING))
    return UpkeepDays(
        None if rewritten is None else int.from_bytes(rewritten), None if failing is None else int.from_bytes(failing)
    )


def _number(day: int) -> bytes:
    return day.to_bytes(_DAY_BYTES)
