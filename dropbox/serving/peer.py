"""Represents one connection: what it has sent, what must be written to it, its phase, and the phase's deadline.

Rule: the worker's loop owns a peer, except while a thread works for it; then the thread owns it.
"""

import enum
import socket
import time
from typing import Final

from gunicorn.http.body import LengthReader
from gunicorn.http.message import Request

from dropbox.limits import LEAVE_BYTES, PIECE_BYTES, WRITE_SECONDS
from dropbox.serving.answer import Outbox
from dropbox.serving.connection import PEER
from dropbox.serving.framing import Framing
from dropbox.serving.source import Source

_LEAST_SECONDS: Final = 0.001


class Phase(enum.Enum):
    """The phase of a connection."""

    IDLE = enum.auto()  # no byte of a request has arrived
    HEAD = enum.auto()
    BODY = enum.auto()
    WORKING = enum.auto()  # a thread works for it, or will
    WRITING = enum.auto()
    LEAVING = enum.auto()  # everything is written; further input is discarded, so that the client can read the answer


class Peer:
    """A connection.

    Attributes:
        source: bytes that have arrived.
        outbox: bytes that wait to be written.
        request: the current request, or None.
        is_whole: whether all of its body is in memory.
        keeps: whether another request may follow.
        is_streaming: whether a thread has written a part of the answer already.
        leave_bytes: number of bytes that are read and discarded at the end.
        since: start of its phase, or of its last progress (monotonic seconds).
        due: deadline of its phase (monotonic seconds).
        held: bytes of memory that the worker counts for it.
    """

    KEY: Final = PEER

    def __init__(self, connection: socket.socket, address: object, server: object) -> None:
        connection.settimeout(0)
        self.connection = connection
        self.address, self.server = address, server
        self.source, self.outbox = Source(connection), Outbox()
        self.phase = Phase.IDLE
        self.request: Request | None = None
        self.framing: Framing | None = None
        self.is_whole = self.keeps_alive = self.is_streaming = False
        self.leave_bytes = LEAVE_BYTES
        self.since = self.due = time.monotonic()
        self.events = 0  # events that the loop waits for
        self.held = 0
        self._patience = 0.0
        self._moved = 0

    def enter(self, phase: Phase, seconds: float) -> None:
        """Begin a phase with a deadline in `seconds`, which starts again after each PIECE_BYTES that move."""
        self.phase, self._patience, self._moved = phase, seconds, 0
        self.since = time.monotonic()
        self.due = self.since + seconds

    def count_bytes(self, count: int) -> None:
        """Count bytes that were read or written."""
        self._moved += count
        if self._moved >= PIECE_BYTES:
            self.enter(self.phase, self._patience)

    def begin(self, request: Request) -> None:
        """Begin the body of a request whose head has arrived."""
        self.request, self.framing = request, Framing(request)
        self.is_whole = self.is_streaming = False

    def weight(self) -> int:
        """Return the bytes of memory that the peer holds."""
        return self.source.buffered + self.outbox.size

    def has_read_body(self) -> bool:
        """Return whether the request's body was read to its end, so that a next request can follow; never waits."""
        body = self.request.body if self.request else None
        if body is None or body.failed:
            return False
        if self.is_whole:
            try:
                while body.read(PIECE_BYTES):
                    pass
            except Exception:  # noqa: BLE001  # gunicorn has many errors for an invalid body
                return False
            return True
        reader = body.reader
        return reader.length == 0 if isinstance(reader, LengthReader) else reader.parser is None

    # --- for a thread ---------------------------------------------------------------------------------------

    def send(self, pieces: list[bytes]) -> None:
        """Write pieces of an answer as the client reads them.

        Raises:
            OSError: the client has gone, or takes longer than WRITE_SECONDS for a piece of PIECE_BYTES.
        """
        self.is_streaming = True
        for piece in pieces:
            for start in range(0, len(piece), PIECE_BYTES):
                self.outbox.put([piece[start : start + PIECE_BYTES]])
                until = time.monotonic() + WRITE_SECONDS
                while self.outbox.size:
                    self.connection.settimeout(max(until - time.monotonic(), _LEAST_SECONDS))
                    self.outbox.send_once(self.connection)

    # --- for the application ------------------------------------------------------------------------------

    def stop_reading(self) -> None:
        """End the wait of the thread that reads from the peer: the thread sees the end of the input."""
        self.source.is_ended = True
        try:
            self.connection.shutdown(socket.SHUT_RD)
        except OSError:
            return

    def swallow(self, most: int) -> None:
        """Let the sender finish: read and discard up to `most` bytes, without a thread."""
        self.leave_bytes = max(self.leave_bytes, most)
