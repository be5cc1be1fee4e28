"""Asks the gate (`dropbox courier gate`) over its Unix socket: HTTP/1.1 (RFC 9112) with ranges (RFC 9110, 14).

Rule: it holds no key, opens no store, and every wait has an end. It asks nobody but the owner of the socket's folder.
"""

import contextlib
import http.client
import socket as sockets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from dropbox.courier.gate.messages import (
    ANSWER_MAX_BYTES,
    Export,
    Taken,
    error_of,
    export_of,
    state_of,
    taken_of,
)
from dropbox.courier.state import Desk, State
from dropbox.errors import GateError, MalformedError, NotFoundError, TooLargeError
from dropbox.limits import PIECE_BYTES, RETURN_BUNDLE_MAX_BYTES

__all__ = ["Desk", "Export", "Gate", "GateError", "State", "Taken"]

_ASK_SECONDS: Final = 120  # for an answer; the store may be busy for some seconds
_WORK_SECONDS: Final = 2 * 3600  # for an export of hundreds of gigabytes; a gate that ends is noticed at once


class Gate:
    """The gate at a socket. Thread-safe: each request has a connection of its own."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def state(self) -> State:
        """Return what waits and what the desks owe, read anew.

        Raises:
            GateError: the gate does not answer.
            DropboxError: the store cannot be read.
        """
        with self._ask("GET", "/state") as answer:
            return state_of(_whole(answer))

    def prepare(self) -> Export:
        """Have a new export written, which replaces an older one; returns when it is whole.

        Raises:
            GateError: the gate does not answer, or an export is being written or read.
            ConfigurationError: the server has no certificate.
            RefusedError: an import or another export interfered.
            StorageFullError: the spool folder's disk has no room for it.
        """
        with self._ask("POST", "/export", seconds=_WORK_SECONDS, body=()) as answer:
            return export_of(_whole(answer))

    def export(self) -> Export | None:
        """Return the export that can be read now, or None; raises GateError if the gate does not answer."""
        try:
            with self._ask("GET", "/export") as answer:
                return export_of(_whole(answer))
        except NotFoundError:
            return None

    def read(self, number: int, start: int) -> Iterator[bytes]:
        """Yield the bytes of an export from an offset to its end.

        Args:
            number: of the export.
            start: offset in bytes; at its length nothing is left.

        Raises:
            NotFoundError: this export is gone, or the offset is behind its end.
            GateError: the connection ended early; read on from the number of bytes that came.
        """
        with self._ask("GET", f"/export/{number}", headers={"Range": f"bytes={start}-"}) as answer:
            left = int(answer.headers.get("Content-Length", "0"))
            while left:
                piece = _piece(answer, min(PIECE_BYTES, left))
                left -= len(piece)
                yield piece

    def take(self, file: BinaryIO, length: int) -> Taken:
        """Hand in a return, a list of revocations or the server's certificate; the gate verifies it from the root.

        Args:
            file: is read from where it is.
            length: number of bytes to read.

        Raises:
            TooLargeError: more than RETURN_BUNDLE_MAX_BYTES; nothing was sent.
            MalformedError, UntrustedError, RefusedError: as `importing.import_bundle`; nothing was changed.
            GateError: the gate does not answer. If that was at the end it may have imported the file: a repetition
                changes nothing.
        """
        if length > RETURN_BUNDLE_MAX_BYTES:
            raise TooLargeError("return.too-large-server")
        headers = {"Content-Length": str(length)}
        with self._ask("POST", "/return", seconds=_WORK_SECONDS, body=_pieces(file, length), headers=headers) as answer:
            return taken_of(_whole(answer))

    @contextlib.contextmanager
    def _ask(
        self,
        method: str,
        path: str,
        *,
        seconds: int = _ASK_SECONDS,
        body: Iterable[bytes] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Iterator[http.client.HTTPResponse]:
        connection = _Connection(self._socket, seconds)
        try:
            try:
                connection.connect()
            except OSError:
                raise GateError("gate.closed") from None
            if not connection.is_owner():
                raise GateError("gate.stranger")
            try:
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may have refused before the end
                    connection.request(method, path, body=body, headers=headers or {"Content-Length": "0"})
                answer = connection.getresponse()
                if answer.status >= http.client.BAD_REQUEST:
                    raise error_of(answer.read(ANSWER_MAX_BYTES))
            except (OSError, http.client.HTTPException):
                raise GateError("gate.ended") from None
            yield answer
        finally:
            connection.close()


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: Path, seconds: int) -> None:
        super().__init__("gate", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        if not hasattr(sockets, "AF_UNIX"):
            raise OSError  # Windows: there is no gate
        self.sock = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))

    def is_owner(self) -> bool:
        """Return whether the owner of the socket's folder answers: no other user can make or replace the socket."""
        from dropbox.courier.gate.peer import peer_user  # noqa: PLC0415  Windows has no such sockets

        try:
            return peer_user(self.sock) == self._path.parent.stat().st_uid
        except OSError:
            return False


def _whole(answer: http.client.HTTPResponse) -> bytes:
    try:
        return answer.read(ANSWER_MAX_BYTES)
    except (OSError, http.client.HTTPException):
        raise GateError("gate.ended") from None


def _piece(answer: http.client.HTTPResponse, most: int) -> bytes:
    try:
        piece = answer.read(most)
    except (OSError, http.client.HTTPException):
        piece = b""
    if not piece:
        raise GateError("gate.ended")
    return piece


def _pieces(file: BinaryIO, length: int) -> Iterator[bytes]:
    left = length
    while left:
        piece = file.read(min(PIECE_BYTES, left))
        if not piece:
            raise MalformedError("return.cut", what="return")
        left -= len(piece)
        yield piece
