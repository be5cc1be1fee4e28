"""Answers five requests over a Unix socket, in HTTP/1.1 (RFC 9112): the standard library's server, with bounds.

    GET /state            what waits and what the desks owe
    POST /export          write a new export
    GET /export           the export that can be read
    GET /export/NUMBER    its bytes; with `Range: bytes=START-` from an offset (RFC 9110, 14)
    POST /return          take a return, a list of revocations or the server's certificate

Rule: a peer that is not one of the named users is closed without an answer and before a byte is read. Nothing changes
but by a file that the root's chain has signed, and nothing about a request is written down.
"""

import contextlib
import http.server
import re
import socketserver
import threading
import time
import traceback
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from socket import SHUT_RDWR, socket
from typing import Any, Final

from dropbox.courier.gate.broker import Broker
from dropbox.courier.gate.messages import encode, refusal
from dropbox.courier.gate.peer import peer_user
from dropbox.disk.terminal import say
from dropbox.errors import DropboxError, GateError, MalformedError, NotFoundError, TooLargeError
from dropbox.limits import PIECE_BYTES, RETURN_BUNDLE_MAX_BYTES
from dropbox.sentences.catalogue import Sentence

_CONNECTIONS: Final = 8  # one page and one courier; more are closed
_IDLE_SECONDS: Final = 60  # without a byte of a request, or of room for an answer
_CONNECTION_SECONDS: Final = 12 * 3600  # hundreds of gigabytes, or a few over Tor
_RETURNS: Final = 2  # at a time, each in memory
_LENGTH: Final = re.compile(r"[0-9]{1,12}")
_EXPORT: Final = re.compile(r"/export/([0-9]{1,10})")
_RANGE: Final = re.compile(r"bytes=([0-9]{1,18})-")


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """The gate at a socket."""

    daemon_threads = True  # an end of the process waits for nobody: an import is whole or not at all
    request_queue_size = _CONNECTIONS

    def __init__(self, path: Path, broker: Broker, users: frozenset[int]) -> None:
        """Listen.

        Args:
            path: of the socket; must not exist.
            broker: does what is asked.
            users: numbers of the system's users who may ask.
        """
        self.broker = broker
        self.returns = threading.BoundedSemaphore(_RETURNS)
        self._users = users
        self._open: dict[socket, float] = {}
        super().__init__(str(path), _Handler)

    def verify_request(self, request: Any, _client_address: object) -> bool:  # noqa: ANN401  as the library has it
        """Return whether the peer is a user who may ask (SO_PEERCRED), and there is room for one more connection."""
        if peer_user(request) not in self._users or len(self._open) >= _CONNECTIONS:
            return False
        self._open[request] = time.monotonic()
        return True

    def service_actions(self) -> None:
        """Remove an old export and end old connections; is called twice a second and after each connection."""
        self.broker.expire()
        since = time.monotonic() - _CONNECTION_SECONDS
        for request in [one for one, begun in self._open.copy().items() if begun < since]:
            with contextlib.suppress(OSError):  # it has just ended
                request.shutdown(SHUT_RDWR)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401
        """Close a connection."""
        self._open.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, _request: object, _client_address: object) -> None:
        """Say nothing: the peer has gone."""


class _GoneError(Exception):
    """The peer ended before its request did."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    server: Server

    def do_GET(self) -> None:
        if self.path == "/state":
            self._answer(self.server.broker.state)
        elif self.path == "/export":
            self._answer(self._export)
        elif found := _EXPORT.fullmatch(self.path):
            self._send_export(int(found[1]))
        else:
            self._say(HTTPStatus.NOT_FOUND, refusal(NotFoundError("gate.unknown-request")))

    def do_POST(self) -> None:
        if self.path == "/export":
            self._answer(self.server.broker.prepare)
        elif self.path == "/return":
            self._answer(self._take)
        else:
            self._say(HTTPStatus.NOT_FOUND, refusal(NotFoundError("gate.unknown-request")))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as the library has it
        """Write nothing: there is no log of requests."""

    def _export(self) -> object:
        export = self.server.broker.spool.export()
        if export is None:
            raise NotFoundError("gate.export-gone")
        return export

    def _take(self) -> object:
        length = self.headers.get("Content-Length", "")
        if not _LENGTH.fullmatch(length):
            raise MalformedError("gate.unknown-request")
        if int(length) > RETURN_BUNDLE_MAX_BYTES:
            raise TooLargeError("return.too-large-server")
        if not self.server.returns.acquire(blocking=False):
            raise GateError("gate.busy-returns")
        try:
            return self.server.broker.take(self._body(int(length)))
        finally:
            self.server.returns.release()

    def _body(self, length: int) -> bytes:
        untrusted = bytearray()
        try:
            while len(untrusted) < length:
                piece = self.rfile.read(min(length - len(untrusted), PIECE_BYTES))
                if not piece:
                    raise _GoneError
                untrusted += piece
        except OSError:  # cut off, or silent for too long
            raise _GoneError from None
        return bytes(untrusted)

    def _send_export(self, number: int) -> None:
        asked = self.headers.get("Range")
        found = _RANGE.fullmatch(asked) if asked else None
        if asked and not found:
            self._say(HTTPStatus.BAD_REQUEST, refusal(MalformedError("gate.unknown-request")))
            return
        start = int(found[1]) if found else 0
        try:
            with self.server.broker.spool.reading(number, start) as (length, pieces):
                if not length:
                    self._say(HTTPStatus.NO_CONTENT, b"")
                    return
                self.send_response(HTTPStatus.PARTIAL_CONTENT if found else HTTPStatus.OK)
                self.send_header("Content-Type", "application/octet-stream")
                if found:
                    total = start + length
                    self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
                self._send_end(length)
                left = length
                for piece in pieces:
                    self.wfile.write(piece)
                    left -= len(piece)
            if not left:
                with contextlib.suppress(DropboxError):  # then the status goes on to say that an export is due
                    self.server.broker.collected(number)
        except NotFoundError as error:
            self._say(HTTPStatus.NOT_FOUND, refusal(error))

    def _answer(self, act: Callable[[], object]) -> None:
        try:
            status, answer = HTTPStatus.OK, encode(act())
        except NotFoundError as error:
            status, answer = HTTPStatus.NOT_FOUND, refusal(error)
        except DropboxError as error:
            status, answer = HTTPStatus.CONFLICT, refusal(error)
        except _GoneError:
            self.close_connection = True
            return
        except Exception as error:  # noqa: BLE001  last resort: a traceback could hold values
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(frame.filename).name}:{frame.lineno}"
            say(Sentence("command.internal-error", name=type(error).__name__, place=place))
            status, answer = HTTPStatus.INTERNAL_SERVER_ERROR, refusal(GateError("gate.failed"))
        self._say(status, answer)

    def _say(self, status: HTTPStatus, answer: bytes) -> None:
        self.send_response(status)
        if answer:
            self.send_header("Content-Type", "application/json")
        self._send_end(len(answer))
        self.wfile.write(answer)

    def _send_end(self, length: int) -> None:
        if length:
            self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        self.end_headers()
