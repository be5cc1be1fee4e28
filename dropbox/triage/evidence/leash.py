"""Ends all sandboxes of whoever holds a leash: those that run, and those that would begin.

Rule: after `cut` no job goes on and none begins; cutting waits for nothing.
"""

import contextlib
import contextvars
import signal
import threading
from collections.abc import Iterator
from typing import Final

from dropbox.triage.evidence.reasons import UnreadableError


class Leash:
    """The running jobs of one holder, by the descriptors of their processes."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._running: set[int] = set()
        self._is_cut = False

    def cut(self) -> None:
        """End every job; those that begin later end at once."""
        with self._guard:
            self._is_cut = True
            for process in self._running:
                end(process)

    def check(self) -> None:
        """Pass while it holds; raises UnreadableError after it was cut."""
        if self._is_cut:
            raise UnreadableError("stopped")

    @contextlib.contextmanager
    def holding(self, process: int) -> Iterator[None]:
        """Hold a job, by a pidfd that outlasts the block."""
        with self._guard:
            self._running.add(process)
            if self._is_cut:
                end(process)
        try:
            yield
        finally:
            with self._guard:
                self._running.discard(process)


def end(process: int) -> None:
    """Kill a process by its pidfd, if it has not ended by itself; what it started ends with it."""
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(process, signal.SIGKILL)


_held: Final[contextvars.ContextVar[Leash]] = contextvars.ContextVar("leash", default=Leash())  # noqa: B039  never cut


def take(leash: Leash) -> None:
    """Hold what this thread runs from now on by a leash."""
    _held.set(leash)


def drop() -> None:
    """End what `take` began: nobody cuts what this thread runs from now on."""
    _held.set(Leash())


def held() -> Leash:
    """The leash by which this thread's jobs are held; one that nobody cuts, if none was taken."""
    return _held.get()
