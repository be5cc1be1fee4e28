"""One connection: what it has sent, what it is owed, and since when it has been at what it does.

Rule: the worker's loop owns a peer, except while a thread works for it; then the thread does.
"""

import enum
import socket
import time
from typing import Final

from gunicorn.http.body import LengthReader
from gunicorn.http.message import Request

from dropbox.limits import LEAVE_BYTES, PIECE_BYTES
from dropbox.serving.answer import Outbox
from dropbox.serving.framing import Framing
from dropbox.serving.source import Source

PEER: Final = "dropbox.peer"  # of the WSGI environment


class Phase(enum.Enum):
    """What a connection is at."""

    IDLE = enum.auto()  # nothing of a request has come
    HEAD = enum.auto()
    BODY = enum.auto()
    WORKING = enum.auto()  # a thread has it, or will
    WRITING = enum.auto()
    LEAVING = enum.auto()  # all is said; what still comes is thrown away, so that the answer can be read


class Peer:
    """A connection.

    Attributes:
        source: what has come.
        outbox: what is to be written.
        request: the one under way, with its framing.
        is_whole: whether all of its body is in memory.
        keeps: whether another request may follow.
        leave_bytes: how much is read and thrown away at the end.
        since: when its phase began, or when it last got on (monotonic seconds).
        due: when its patience ends (monotonic seconds).
        held: bytes that the worker counts for it.
    """

    def __init__(self, connection: socket.socket, address: object, server: object) -> None:
        connection.settimeout(0)
        self.connection = connection
        self.address, self.server = address, server
        self.source, self.outbox = Source(connection), Outbox()
        self.phase = Phase.IDLE
        self.request: Request | None = None
        self.framing: Framing | None = None
        self.is_whole = self.keeps_alive = False
        self.leave_bytes = LEAVE_BYTES
        self.since = self.due = time.monotonic()
        self.events = 0  # that the loop waits for
        self.held = 0
        self._patience = 0.0
        self._moved = 0

    def enter(self, phase: Phase, seconds: float) -> None:
        """Begin a phase; it gets so many seconds, and again as many for each PIECE_BYTES that move."""
        self.phase, self._patience, self._moved = phase, seconds, 0
        self.since = time.monotonic()
        self.due = self.since + seconds

    def count_bytes(self, count: int) -> None:
        """Count bytes that came or went."""
        self._moved += count
        if self._moved >= PIECE_BYTES:
            self.enter(self.phase, self._patience)

    def begin(self, request: Request) -> None:
        """A head has come."""
        self.request, self.framing = request, Framing(request)
        self.is_whole = False

    def weight(self) -> int:
        """Bytes of memory that it takes."""
        return self.source.buffered + self.outbox.size

    def has_read_body(self) -> bool:
        """Whether the request's body is behind us, so that the next request would be found; never waits."""
        body = self.request.body if self.request else None
        if body is None or body.failed:
            return False
        if self.is_whole:
            try:
                while body.read(PIECE_BYTES):
                    pass
            except Exception:  # noqa: BLE001  # gunicorn has many errors for a body that is none
                return False
            return True
        reader = body.reader
        return reader.length == 0 if isinstance(reader, LengthReader) else reader.parser is None

    # --- for the application ------------------------------------------------------------------------------

    def stop_reading(self) -> None:
        """End the wait of the thread that reads from it: to the thread, the sender has stopped."""
        self.source.is_ended = True
        try:
            self.connection.shutdown(socket.SHUT_RD)
        except OSError:
            return

    def swallow(self, most: int) -> None:
        """Let the sender finish: read on without a thread and throw away, up to so many bytes."""
        self.leave_bytes = max(self.leave_bytes, most)
