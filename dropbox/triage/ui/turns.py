"""Lets one request at a time work on the vault; the others wait, but never so many that no thread is left to lock it.

    take, give      around a request; `take` is refused when too many wait
    aside           within a request: the turn is given away while a sandbox works, one sandbox at a time

Rule: locking waits for the turn at most the given time, and no request keeps it while a reporter's file is parsed.
"""

import contextlib
import threading
from collections.abc import Iterator


class Turns:
    """The turn on the vault, and the places in which requests wait for it."""

    def __init__(self, room: int) -> None:
        """Set `room`, the requests that may wait or work: fewer than the server has threads."""
        self._turn = threading.Lock()
        self._bench = threading.Lock()
        self._room = threading.BoundedSemaphore(room)
        self._owner = 0

    def take(self) -> bool:
        """Wait for the turn and return True; return False at once if all places are taken."""
        if not self._room.acquire(blocking=False):
            return False
        self.take_again()
        return True

    def take_again(self) -> None:
        """Wait for the turn again, with a place already taken."""
        self._turn.acquire()
        self._owner = threading.get_ident()

    def take_within(self, seconds: float) -> bool:
        """Return whether the turn was obtained in so many seconds; for locking and unlocking, which need no place."""
        if not self._turn.acquire(timeout=seconds):
            return False
        self._owner = threading.get_ident()
        return True

    @property
    def is_mine(self) -> bool:
        """Return whether this thread has the turn."""
        return self._owner == threading.get_ident()

    def let_go(self) -> None:
        """Give the turn away, and keep the place."""
        self._owner = 0
        self._turn.release()

    def give(self) -> None:
        """Give the turn and the place back, after `take`."""
        self.let_go()
        self._room.release()

    @contextlib.contextmanager
    def at_the_bench(self) -> Iterator[None]:
        """Hold the right to run a sandbox: one thread at a time."""
        with self._bench:
            yield
