"""One request at a time works on the vault; the others wait, but never so many that none is left to lock it.

    take, give      around a request; `take` is refused when too many wait
    aside           within a request: the turn is given away while a sandbox works, one sandbox at a time

Rule: whoever locks waits for the turn no longer than they say, and nobody keeps it while a stranger's file is read.
"""

import contextlib
import threading
from collections.abc import Iterator


class Turns:
    """The turn on the vault, and the room in which requests wait for it."""

    def __init__(self, room: int) -> None:
        """`room`: requests that may wait or work, fewer than the server has threads."""
        self._turn = threading.Lock()
        self._bench = threading.Lock()
        self._room = threading.BoundedSemaphore(room)
        self._owner = 0

    def take(self) -> bool:
        """Wait for the turn; False at once when the room is full."""
        if not self._room.acquire(blocking=False):
            return False
        self.take_again()
        return True

    def take_again(self) -> None:
        """Wait for the turn, having a place in the room already."""
        self._turn.acquire()
        self._owner = threading.get_ident()

    def take_within(self, seconds: float) -> bool:
        """Whether the turn could be had in that time; for whoever locks or unlocks, without a place in the room."""
        if not self._turn.acquire(timeout=seconds):
            return False
        self._owner = threading.get_ident()
        return True

    @property
    def is_mine(self) -> bool:
        """Whether this thread has the turn."""
        return self._owner == threading.get_ident()

    def let_go(self) -> None:
        """Let the next one have the turn, and keep the place in the room."""
        self._owner = 0
        self._turn.release()

    def give(self) -> None:
        """End what `take` began."""
        self.let_go()
        self._room.release()

    @contextlib.contextmanager
    def at_the_bench(self) -> Iterator[None]:
        """Be the only one who runs a sandbox."""
        with self._bench:
            yield
