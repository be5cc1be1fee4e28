"""Ends all sandboxes of whoever holds a leash: those that run, and those that would begin.

Rule: after `cut` no job goes on and none begins; cutting waits for nothing.
"""

import contextlib
import contextvars
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dropbox.triage.evidence.reasons import UnreadableError


@dataclass(frozen=True)
class Process:
    """A launcher's process, the first of a group of its own: a pidfd that outlasts its end, and its number."""

    handle: int
    number: int


class Leash:
    """The running jobs of one holder, by their processes."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._running: set[Process] = set()
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
    def holding(self, process: Process) -> Iterator[None]:
        """Hold a job that is waited for after the block."""
        with self._guard:
            self._running.add(process)
            if self._is_cut:
                end(process)
        try:
            yield
        finally:
            with self._guard:
                self._running.discard(process)


def end(process: Process) -> None:
    """Kill a process that was not waited for yet, and its group: its child may not be bound to it so early."""
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(process.handle, signal.SIGKILL)
        os.killpg(process.number, signal.SIGKILL)


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
