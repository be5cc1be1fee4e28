"""gunicorn's threaded worker and its log, made fit for people who must not be noted.

Rule: what gunicorn refuses by itself bears our headers and repeats nothing; its log names types and places, no
address and no input; who dawdles holds a thread for HEAD_SECONDS at most, and never the one thread that accepts.
"""

import contextlib
import socket
import sys
from typing import Any, Final

from gunicorn.glogging import Logger
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

from dropbox.limits import HEAD_SECONDS
from dropbox.web.body import leave
from dropbox.web.deadlines import deadline, lift
from dropbox.web.headers import HEADERS
from dropbox.web.log import HOUR_FORMAT, place_of
from dropbox.web.messages import message

_FIRST_BYTE_SECONDS: Final = 0.2  # a silent connection then waits without a thread
_SEND_SECONDS: Final = 10.0


class QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's log without stack traces, because an error's text may quote what was sent, and by the hour."""

    datefmt = HOUR_FORMAT

    def exception(self, *_: object, **__: object) -> None:
        """Type and place alone."""
        kind, _error, trace = sys.exc_info()
        self.error_log.error("server error: %s at %s", kind.__name__ if kind else "?", place_of(trace))


class Worker(ThreadWorker):  # type: ignore[misc]
    """One worker process of the site."""

    def handle(self, conn: TConn) -> Any:  # noqa: ANN401  # gunicorn's mark for "later", or whether to keep it open
        """One request, whose head must be whole within HEAD_SECONDS."""
        if not conn.initialized and not conn.wait_for_data(_FIRST_BYTE_SECONDS):
            return _DEFER
        with deadline(conn.sock, HEAD_SECONDS):
            kept = super().handle(conn)
        if not kept:
            leave(conn.sock)  # gunicorn would wait for the other side in the thread that accepts
        return kept

    def handle_request(self, req: object, conn: TConn) -> Any:  # noqa: ANN401  # as gunicorn has it
        """The head is whole: what follows has deadlines of its own."""
        lift(conn.sock)
        return super().handle_request(req, conn)

    def handle_error(self, _req: object, client: socket.socket, _addr: object, exc: BaseException) -> None:
        """Refuse what is no HTTP, or admit a fault that Flask could not catch."""
        if isinstance(exc, ParseException):
            self.log.warning("request refused: %s", type(exc).__name__)
        else:
            self.log.exception()  # noqa: LOG004  # gunicorn calls us while it handles exc
        with contextlib.suppress(OSError):
            client.settimeout(_SEND_SECONDS)
            client.sendall(_refusal(exc))


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
