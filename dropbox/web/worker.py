"""gunicorn's threaded worker and its log, made fit for people who must not be noted.

Rule: what gunicorn refuses by itself bears our headers and repeats nothing; its log names types and places, no
address and no input; who dawdles holds a thread for HEAD_SECONDS at most, and never the one thread that accepts.
"""

import contextlib
import select
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import Any, Final

from gunicorn.glogging import Logger
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

from dropbox.limits import HEAD_SECONDS, KIB
from dropbox.web.body import leave
from dropbox.web.headers import HEADERS
from dropbox.web.messages import message

_FIRST_BYTE_SECONDS: Final = 0.2  # a silent connection then waits without a thread
_HEAD_MOST_BYTES: Final = 64 * KIB  # of a head that is waited for; gunicorn's own limits do the rest
_SEND_SECONDS: Final = 10.0


class QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's log without stack traces, because an error's text may quote what was sent."""

    def exception(self, *_: object, **__: object) -> None:
        """Type and place alone."""
        kind, _error, trace = sys.exc_info()
        place = traceback.extract_tb(trace)[-1] if trace else None
        where = f"{Path(place.filename).name}:{place.lineno}" if place else "?"
        self.error_log.error("server error: %s at %s", kind.__name__ if kind else "?", where)


class Worker(ThreadWorker):  # type: ignore[misc]
    """One worker process of the site."""

    def handle(self, conn: TConn) -> Any:  # noqa: ANN401  # gunicorn's mark for "later", or whether to keep it open
        """One request, once its head is whole."""
        if not conn.initialized and not conn.wait_for_data(_FIRST_BYTE_SECONDS):
            return _DEFER
        kept = (_is_read_ahead(conn) or _head_arrives(conn.sock)) and super().handle(conn)
        if not kept:
            leave(conn.sock)  # gunicorn would wait for the other side in the thread that accepts
        return kept

    def handle_error(self, _req: object, client: socket.socket, _addr: object, exc: BaseException) -> None:
        """Refuse what is no HTTP, or admit a fault that Flask could not catch."""
        if isinstance(exc, ParseException):
            self.log.warning("request refused: %s", type(exc).__name__)
        else:
            self.log.exception()  # noqa: LOG004  # gunicorn calls us while it handles exc
        with contextlib.suppress(OSError):
            client.settimeout(_SEND_SECONDS)
            client.sendall(_refusal(exc))


def _is_read_ahead(conn: TConn) -> bool:
    """Whether gunicorn already holds the beginning of the next request."""
    return conn.parser is not None and bool(conn.parser.unreader.buf.getvalue())


def _head_arrives(connection: socket.socket) -> bool:
    """Wait for the end of a head without taking a byte; False when it does not come within HEAD_SECONDS."""
    until = time.monotonic() + HEAD_SECONDS
    seen = 0
    try:
        while _is_readable(connection, until):
            head = connection.recv(_HEAD_MOST_BYTES, socket.MSG_PEEK)
            if b"\r\n\r\n" in head or len(head) in (seen, _HEAD_MOST_BYTES):  # whole; or ended, or endless
                return True
            seen = len(head)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, seen + 1)  # readable when there is more
    except OSError:
        return True  # gunicorn will find the same fault and knows what it means
    else:
        return False
    finally:
        if seen:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)


def _is_readable(connection: socket.socket, until: float) -> bool:
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(max(0.0, until - time.monotonic()) * 1000))


def _refusal(exc: BaseException) -> bytes:
    """A whole answer that says what is wrong without repeating it."""
    status, key = "400 Bad Request", "bad-request"
    if isinstance(exc, LimitRequestLine):
        status = "414 URI Too Long"
    elif isinstance(exc, LimitRequestHeaders):
        status = "431 Request Header Fields Too Large"
    elif not isinstance(exc, ParseException):
        status, key = "500 Internal Server Error", "server-error"
    text = message(key)
    page = (
        f'<!doctype html><html lang="id"><meta charset="utf-8"><title>{message("title-error")}</title>'
        f'<p role="alert" data-error="{key}">{text}</p></html>'
    ).encode()
    headers = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(page))),
        ("Connection", "close"),
        *HEADERS,
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("ascii") + page
