"""Runs work on reporters' files in a thread of its own, one job after the other, under leashes that end it at once.

    ask     -> job, by rank: a lower rank ends a running job of a higher one, which begins anew later
    drop    -> jobs that nobody waits for any more end
    close   -> all end, and no other begins

Rule: no method waits for a job. A job takes the vault's turn only for its own short steps.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from dropbox.triage.evidence import leash
from dropbox.triage.evidence.leash import Leash


@dataclass
class _Job:
    """What is to be done for a key; `begun` in monotonic seconds, of its last beginning."""

    key: Hashable
    rank: int
    order: int
    work: Callable[[], None] = field(repr=False)
    leash: Leash = field(default_factory=Leash, repr=False)
    begun: float = 0.0
    is_to_begin_anew: bool = False


class Bench:
    """One thread with its jobs; the thread starts with the first."""

    def __init__(self, name: str, *, is_newest_first: bool = False) -> None:
        """Name the thread; jobs of one rank are done in the order of asking, or the newest first."""
        self._name, self._step = name, -1 if is_newest_first else 1
        self._changed = threading.Condition()
        self._waiting: dict[Hashable, _Job] = {}
        self._running: _Job | None = None
        self._thread: threading.Thread | None = None
        self._count = 0
        self._is_closed = False

    def ask(self, key: Hashable, work: Callable[[], None], rank: int = 0) -> None:
        """Do the work, unless a job with the key runs; one that waits gets the better of the two ranks.

        Args:
            key: of the job.
            work: is called in the bench's thread; what it raises is its own affair.
            rank: 0 is done first.
        """
        with self._changed:
            running = self._running
            if self._is_closed or (running is not None and running.key == key and not running.is_to_begin_anew):
                return
            self._count += self._step
            known = self._waiting.get(key)
            self._waiting[key] = _Job(key, min(rank, known.rank) if known else rank, self._count, work)
            if running is not None and rank < running.rank:
                running.is_to_begin_anew = True
                running.leash.cut()
            self._begin()
            self._changed.notify_all()

    def drop(self, is_wanted: Callable[[Hashable], bool]) -> None:
        """End and forget the jobs whose keys are not wanted."""
        with self._changed:
            for key in [key for key in self._waiting if not is_wanted(key)]:
                del self._waiting[key]
            if self._running is not None and not is_wanted(self._running.key):
                self._running.is_to_begin_anew = False
                self._running.leash.cut()

    def seconds(self, key: Hashable) -> float | None:
        """Return for how long a job has run, 0 while it waits; None if there is no such job."""
        with self._changed:
            if self._running is not None and self._running.key == key:
                return time.monotonic() - self._running.begun
            return 0.0 if key in self._waiting else None

    def close(self) -> None:
        """End every job for good."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
            if self._running is not None:
                self._running.is_to_begin_anew = False
                self._running.leash.cut()
            self._changed.notify_all()

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            leash.take(job.leash)
            try:
                with contextlib.suppress(Exception):  # the job keeps its own errors; the next one must begin
                    job.work()
            finally:
                leash.drop()
                self._end(job)
            del job  # its work may hold a secret, and the next one may come hours later

    def _next(self) -> _Job | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            if self._is_closed:
                return None
            job = min(self._waiting.values(), key=lambda one: (one.rank, one.order))
            del self._waiting[job.key]
            job.begun, self._running = time.monotonic(), job
            return job

    def _end(self, job: _Job) -> None:
        with self._changed:
            self._running = None
            if job.is_to_begin_anew and not self._is_closed:
                again = _Job(job.key, job.rank, job.order, job.work)
                self._waiting.setdefault(job.key, again)
