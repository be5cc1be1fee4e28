"""gunicorn's threaded worker and log, for people who must not be noted.

Rule: what gunicorn refuses by itself bears our headers and repeats nothing; its log names types and places, no
address and no input; half a request head holds a thread for HEAD_SECONDS and no longer.
"""

import select
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import Any, Final

from gunicorn.glogging import Logger
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker, TConn

from dropbox.limits import HEAD_SECONDS, KIB
from dropbox.web.headers import HEADERS
from dropbox.web.messages import message

_HEAD_MOST_BYTES: Final = 64 * KIB  # of a head that is still looked at; gunicorn's own limits do the rest
_SEND_SECONDS: Final = 10.0


class QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's log without stack traces: their last line may quote what was sent."""

    def exception(self, _msg: str, *_args: object, **_kwargs: object) -> None:
        """Type and place alone; gunicorn's own sentence holds the address of the page that was asked for."""
        kind, _, trace = sys.exc_info()
        place = traceback.extract_tb(trace)[-1] if trace else None
        where = f"{Path(place.filename).name}:{place.lineno}" if place else "?"
        self.error_log.error("server error: %s at %s", kind.__name__ if kind else "?", where)


class Worker(ThreadWorker):  # type: ignore[misc]
    """One worker process of the site."""

    def handle(self, conn: TConn) -> Any:  # noqa: ANN401  # gunicorn's own mark for "later", or a truth value
        """A request, once its head is whole; one that dawdles is dropped without an answer."""
        has_bytes = conn.initialized or conn.wait_for_data(HEAD_SECONDS)
        if has_bytes and not _is_read_ahead(conn) and not _head_arrives(conn.sock):
            return False
        return super().handle(conn)

    def handle_error(self, _req: object, client: socket.socket, _addr: object, exc: BaseException) -> None:
        """Refuse what is no HTTP, or admit a fault that not even Flask could catch."""
        status, key = _refusal(exc)
        if status.startswith("5"):
            self.log.exception("")
        else:
            self.log.warning("request refused: %s", type(exc).__name__)
        try:
            client.settimeout(_SEND_SECONDS)
            client.sendall(_answer(status, key))
        except OSError:
            self.log.debug("the sender of a bad request has gone")


def _is_read_ahead(conn: TConn) -> bool:
    """Whether gunicorn already holds the beginning of the next request."""
    return conn.parser is not None and bool(conn.parser.unreader.buf.getvalue())


def _head_arrives(connection: socket.socket) -> bool:
    """Wait for the end of the head without taking a byte; False when it does not come in HEAD_SECONDS."""
    until = time.monotonic() + HEAD_SECONDS
    seen = 0
    try:
        while seen < _HEAD_MOST_BYTES:
            head = connection.recv(_HEAD_MOST_BYTES, socket.MSG_PEEK | socket.MSG_DONTWAIT) if seen or _ready(
                connection, until
            ) else b""
            if b"\r\n\r\n" in head or len(head) == seen:  # whole, or the sender has ended
                return bool(head) or seen == 0
            seen = len(head)
            # The socket counts as readable again when there is more than we have seen.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, seen + 1)
            if not _ready(connection, until):
                return False
    except OSError:
        return True  # gunicorn finds the same fault and knows what it means
    finally:
        if seen:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
    return True
