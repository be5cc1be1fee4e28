"""Ends all sandboxes that belong to one leash: the running ones, and any that would start later.

Rule: after `cut`, no job continues and no job starts; `cut` does not wait for anything.
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
    """A launcher's process, leader of its own process group: a pidfd that stays valid after its end, and its pid."""

    handle: int
    number: int


class Leash:
    """The running jobs of one holder, by their processes; cutting `outer` ends them, too."""

    def __init__(self, outer: "Leash | None" = None) -> None:
        self._outer = outer
        self._guard = threading.Lock()
        self._running: set[Process] = set()
        self._is_cut = False

    def cut(self) -> None:
        """End every job; jobs that start later end at once."""
        with self._guard:
            self._is_cut = True
            for process in self._running:
                end(process)

    def check(self) -> None:
        """Pass until the leash is cut; raises UnreadableError (`stopped`) afterwards."""
        if self._is_cut:
            raise UnreadableError("stopped")
        if self._outer is not None:
            self._outer.check()

    @contextlib.contextmanager
    def holding(self, process: Process) -> Iterator[None]:
        """Hold a job during the block; its process is waited for afterwards."""
        with self._guard:
            self._running.add(process)
            if self._is_cut:
                end(process)
        try:
            with self._outer.holding(process) if self._outer is not None else contextlib.nullcontext():
                yield
        finally:
            with self._guard:
                self._running.discard(process)


def end(process: Process) -> None:
    """Kill a process that was not waited for yet, and its group: early on, its child may not die with it."""
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(process.handle, signal.SIGKILL)
        os.killpg(process.number, signal.SIGKILL)


_held: Final[contextvars.ContextVar[Leash]] = contextvars.ContextVar("leash", default=Leash())  # noqa: B039  never cut


def take(leash: Leash) -> None:
    """Put the jobs that this thread runs from now on under a leash."""
    _held.set(leash)


def drop() -> None:
    """Undo `take`: the jobs that this thread runs from now on are under no leash."""
    _held.set(Leash())


def held() -> Leash:
    """Return the leash of this thread's jobs; if `take` was not called, one that is never cut."""
    return _held.get()
