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
from pathlib import Path
from typing import Final

from dropbox.triage.evidence.reasons import UnreadableError


@dataclass(frozen=True)
class Process:
    """A launcher and the first process behind its walls.

    Attributes:
        launcher: process id.
        handles: pidfds of the first process (if there is one) and the launcher; they stay valid after the ends.
    """

    launcher: int
    handles: tuple[int, ...]

    @classmethod
    def of(cls, launcher: int, first: int) -> "Process":
        """Return the process of two process ids; `first` is 0, or of a child that its parent did not wait for yet."""
        handles = [os.pidfd_open(launcher)]
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            if first:
                handles.insert(0, os.pidfd_open(first))
                status = Path(f"/proc/{first}/stat").read_text("utf-8")
                if int(status.rpartition(")")[2].split()[1]) != launcher:  # it ended, and its number is another's
                    os.close(handles.pop(0))
        return cls(launcher, tuple(handles))

    def close(self) -> None:
        """Close the handles."""
        for handle in self.handles:
            os.close(handle)


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

    @property
    def is_cut(self) -> bool:
        """Return whether no job may go on."""
        return self._is_cut or (self._outer is not None and self._outer.is_cut)

    def check(self) -> None:
        """Pass until the leash is cut; raises UnreadableError (`stopped`) afterwards."""
        if self.is_cut:
            raise UnreadableError("stopped")

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
    """Kill what is left of a process: the first one behind the walls takes all others there with it."""
    for handle in process.handles:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)


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
