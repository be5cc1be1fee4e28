"""Connections that dawdle in every way that was found, and an honest page view beside them.

Rule: nothing here waits for a time; `PATIENCE_SECONDS` only ends a wait that would have no end.
"""

import base64
import contextlib
import os
import socket
from collections.abc import Callable, Iterator

from tests.support.server import Server

PEERS = 500
PATIENCE_SECONDS = 240.0  # of an honest reader; a busy machine is slow, a shut door never opens


def _idle(peer: socket.socket) -> None:
    """Says nothing."""


def _half_head(peer: socket.socket) -> None:
    peer.sendall(b"GET /status/server HTTP/1.1\r\nHost: x\r\n")


def _form(peer: socket.socket) -> None:
    kind = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000"
    peer.sendall(f"POST /status HTTP/1.1\r\nHost: x\r\n{kind}\r\n\r\nc".encode())


def _chunked_form(peer: socket.socket) -> None:
    kind = "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked"
    peer.sendall(f"POST /status HTTP/1.1\r\nHost: x\r\n{kind}\r\n\r\n7d0\r\nc".encode())


def _multipart(peer: socket.socket) -> None:
    kind = "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 20000"
    peer.sendall(f"POST /lapor HTTP/1.1\r\nHost: x\r\n{kind}\r\n\r\n--b\r\n".encode())


def _creation(length: int) -> Callable[[socket.socket], None]:
    def value() -> str:
        return base64.b64encode(os.urandom(32)).decode()

    def creation(peer: socket.socket) -> None:
        head = f"Tus-Resumable: 1.0.0\r\nUpload-Length: 18819\r\nUpload-Metadata: id {value()},digest {value()}"
        kind = f"Content-Type: application/offset+octet-stream\r\nContent-Length: {length}"
        peer.sendall(f"POST /unggah HTTP/1.1\r\nHost: x\r\n{head}\r\n{kind}\r\n\r\nx".encode())

    return creation


def _never_read(peer: socket.socket) -> None:
    peer.sendall(b"GET /pengunci.html HTTP/1.1\r\nHost: x\r\n\r\n" * 40)


WAYS: dict[str, Callable[[socket.socket], None]] = {
    "idle": _idle,
    "half a head": _half_head,
    "form": _form,
    "chunked form": _chunked_form,
    "multipart": _multipart,
    "whole creation": _creation(18_819),
    "creation in pieces": _creation(18_818),
    "answers unread": _never_read,
}


@contextlib.contextmanager
def dawdling(server: Server, *ways: Callable[[socket.socket], None]) -> Iterator[list[socket.socket]]:
    """PEERS connections at once, in these ways by turns; those that the server ends are not opened again."""
    with contextlib.ExitStack() as stack:
        peers = []
        for number in range(PEERS):
            peer = stack.enter_context(socket.socket())
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            peer.settimeout(PATIENCE_SECONDS)
            peer.connect(("127.0.0.1", server.port))
            with contextlib.suppress(OSError):  # it may have given way to a later one already
                ways[number % len(ways)](peer)
            peers.append(peer)
        yield peers


def dribble(peers: list[socket.socket]) -> None:
    """A byte more from each."""
    for peer in peers:
        peer.settimeout(0)
        with contextlib.suppress(OSError):
            peer.send(b"x")


def page(server: Server, patience: float = PATIENCE_SECONDS) -> int:
    """The status of an honest page view on a connection of its own."""
    with socket.create_connection(("127.0.0.1", server.port), patience) as asked:
        asked.sendall(b"GET /status/server HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return int(asked.recv(12)[9:12] or b"0")
