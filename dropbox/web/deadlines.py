"""Ends connections that take too long over something: one watching thread a process, whatever waits for them.

Rule: whoever waits for a sender sets a deadline first. A time-out of the socket is not enough: a byte now and then
meets it for ever, and gunicorn reads on until it has as much as it was asked for.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Final

_LOOK_SECONDS: Final = 1.0


class _Watch:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._due: dict[socket.socket, float] = {}
        self._is_running = False

    def set(self, connection: socket.socket, seconds: float) -> None:
        with self._lock:
            self._due[connection] = time.monotonic() + seconds
            if not self._is_running:  # not at import: a fork would leave the thread behind
                self._is_running = True
                threading.Thread(target=self._run, name="deadlines", daemon=True).start()

    def clear(self, connection: socket.socket) -> None:
        with self._lock:
            self._due.pop(connection, None)

    def _run(self) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            now = time.monotonic()
            with self._lock:  # ended inside, so that nobody clears one and closes it meanwhile
                for connection in [connection for connection, due in self._due.items() if due < now]:
                    del self._due[connection]
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)


_watch: Final = _Watch()


@contextlib.contextmanager
def deadline(connection: object, seconds: float) -> Iterator[None]:
    """End the connection unless the block is done in so many seconds; does nothing for what is no socket."""
    if not isinstance(connection, socket.socket):
        yield
        return
    _watch.set(connection, seconds)
    try:
        yield
    finally:
        _watch.clear(connection)


def lift(connection: socket.socket) -> None:
    """Take a deadline off before its block is done."""
    _watch.clear(connection)
