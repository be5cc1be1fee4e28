"""Reads the bytes of one connection in order.

Rule: reading waits for the sender only if `may_wait` is set, and never longer than PIECE_SECONDS for PIECE_BYTES. A
time-out of the socket is not enough: a single byte now and then would satisfy it for ever.
"""

import socket
import time
from typing import Final

from gunicorn.http.unreader import Unreader

from dropbox.limits import PIECE_BYTES, PIECE_SECONDS

_READ_BYTES: Final = 8 * 1024
_LEAST_SECONDS: Final = 0.001


class Source(Unreader):  # type: ignore[misc]
    """The input of gunicorn's parser: first the bytes that the worker has fed, then possibly the socket.

    Attributes:
        may_wait: whether a read may wait for the sender.
        is_ended: whether the input has ended.
    """

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        self.may_wait = False
        self.is_ended = False
        self._held = bytearray()
        self._connection = connection
        self._waited = 0.0  # seconds waited for the current piece
        self._came = 0  # bytes of it that have arrived
        self._waits_since: float | None = None

    @property
    def buffered(self) -> int:
        """Number of bytes that have arrived and are not read."""
        return len(self._held)

    def peek(self, start: int = 0) -> bytes:
        """Return the unread bytes from an offset on, without reading them."""
        return bytes(memoryview(self._held)[start:])

    def feed(self, data: bytes) -> None:
        """Add bytes that have arrived."""
        self._held += data

    def _take(self, most: int) -> bytes:
        data = bytes(memoryview(self._held)[:most])
        del self._held[:most]
        return data

    def take_buffered(self) -> bytes:
        """Read and return all bytes that have arrived."""
        return self._take(self.buffered)

    def unread(self, data: bytes) -> None:
        """Put back bytes that were read too far."""
        self._held[:0] = data

    def read(self, size: int | None = None, read_ahead: int | None = None) -> bytes:
        """Read `size` bytes, or fewer at the end; without a size any number, as gunicorn's readers expect.

        Never returns everything: gunicorn's reader of chunks copies what it got once for each chunk.
        """
        if size is None:
            return self._take(_READ_BYTES) or self.chunk(read_ahead)
        while self.buffered < size and (data := self.chunk(max(size, read_ahead or 0) - self.buffered)):
            self.feed(data)
        return self._take(size)

    def seconds_waiting(self) -> float:
        """Return the seconds of waiting for the current piece, or 0 if no thread waits now."""
        since = self._waits_since
        return 0.0 if since is None else self._waited + time.monotonic() - since

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Read more from the socket; returns b"" at the end, and when the sender was too slow."""
        if not self.may_wait or self.is_ended:
            return b""
        self._waits_since = time.monotonic()
        try:
            self._connection.settimeout(max(PIECE_SECONDS - self._waited, _LEAST_SECONDS))
            data = self._connection.recv(min(size_hint or _READ_BYTES, PIECE_BYTES))
        except OSError:
            data = b""
        self._waited = self.seconds_waiting()
        self._waits_since = None
        self._came += len(data)
        if self._came >= PIECE_BYTES:
            self._came, self._waited = 0, 0.0
        self.is_ended = not data
        return data
