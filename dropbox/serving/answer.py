"""Builds an answer as bytes, for a worker that writes it as the client reads.

Rule: nothing is written here, and no answer contains the program's name or its clock.
"""

import socket
from collections import deque
from collections.abc import Callable
from typing import Final

from gunicorn.config import Config
from gunicorn.http.message import Request
from gunicorn.http.wsgi import Response

from dropbox.limits import KIB

_OMITTED: Final = ("Server:", "Date:")  # they identify the program and the clock of an onion service
_VECTOR: Final = 16  # pieces per system call
_SPILL_BYTES: Final = 256 * KIB  # of a body that its thread sends: gathered before they are written


class Answer(Response):  # type: ignore[misc]
    """An application's answer, framed by gunicorn and gathered in `pieces`."""

    def __init__(self, request: Request, connection: socket.socket, config: Config) -> None:
        super().__init__(request, connection, config)
        self.pieces: list[bytes] = []
        self.headers_sent: bool = False
        self.spill: Callable[[list[bytes]], None] | None = None  # writes pieces before the answer is whole
        self._gathered = 0

    def default_headers(self) -> list[str]:
        """Return the header lines for status, connection and framing."""
        return [line for line in super().default_headers() if not line.startswith(_OMITTED)]

    def send_headers(self) -> None:
        """Add the head before the body, once."""
        if not self.headers_sent:
            lines = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
            self.pieces.append("".join(lines).encode("latin-1"))
            self.headers_sent = True

    def _emit_body(self, data: bytes) -> None:
        self.pieces += [b"%X\r\n" % len(data), data, b"\r\n"] if self.chunked else [data]
        self._gathered += len(data)
        if self.spill and self._gathered >= _SPILL_BYTES:
            self.spill(self.pieces)
            self.pieces, self._gathered = [], 0

    def can_sendfile(self) -> bool:
        """Return False: a file's descriptor would have to stay open until the client has read everything."""
        return False

    def close(self) -> None:
        """End the body."""
        self.send_headers()
        if self.chunked:
            self.pieces.append(b"0\r\n\r\n")


class Outbox:
    """Bytes that wait to be written; pieces are not copied, because many answers share them."""

    def __init__(self) -> None:
        self._pieces: deque[memoryview] = deque()
        self.size = 0

    def put(self, pieces: list[bytes]) -> None:
        """Add pieces to write."""
        self._pieces.extend(memoryview(piece) for piece in pieces if piece)
        self.size += sum(map(len, pieces))

    def send(self, connection: socket.socket) -> int:
        """Write what a non-blocking socket takes; returns the number of bytes. Raises OSError for a closed one."""
        total = 0
        while self._pieces:
            try:
                total += self.send_once(connection)
            except BlockingIOError:
                break
        return total

    def send_once(self, connection: socket.socket) -> int:
        """Write once what the socket takes; returns the number of bytes. Raises OSError, also when its time is over."""
        sent = total = connection.sendmsg([self._pieces[n] for n in range(min(_VECTOR, len(self._pieces)))])
        self.size -= total
        while self._pieces and sent >= len(self._pieces[0]):
            sent -= len(self._pieces.popleft())
        if sent:
            self._pieces[0] = self._pieces[0][sent:]
        return total
