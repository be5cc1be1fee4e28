"""HTTP through a SOCKS 5 proxy that finds the host by itself (RFC 1928): the name never meets the system's resolver."""

import http.client
import socket
from typing import Any

from tests.support.client import TIMEOUT_SECONDS, Page, page_of

_NO_LOG_IN = b"\x05\x01\x00"
_TO_NAME = b"\x05\x01\x00\x03"  # connect, to a name


class _Through(http.client.HTTPConnection):
    """A connection whose way leads through the proxy at a port of this machine."""

    def __init__(self, socks_port: int, host: str) -> None:
        super().__init__(host, 80, timeout=TIMEOUT_SECONDS)
        self._socks_port = socks_port

    def connect(self) -> None:
        self.sock = socket.create_connection(("127.0.0.1", self._socks_port), timeout=TIMEOUT_SECONDS)
        self.sock.sendall(_NO_LOG_IN)
        self._expect(2)
        name = self.host.encode("ascii")
        self.sock.sendall(_TO_NAME + bytes([len(name)]) + name + self.port.to_bytes(2, "big"))
        self._expect(10)  # Tor answers with an IPv4 address of zeros

    def _expect(self, length: int) -> None:
        answer = b""
        while len(answer) < length:
            more = self.sock.recv(length - len(answer))
            if not more:
                raise ConnectionError("the proxy hung up")
            answer += more
        if answer[1]:
            raise ConnectionError(f"the proxy says {answer[1]}")


def request(
    socks_port: int, host: str, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> Page:
    """An answer of an onion service; raises OSError where there is no way to it."""
    connection = _Through(socks_port, host)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        return page_of(connection.getresponse())
    finally:
        connection.close()


def get(socks_port: int, host: str, path: str, headers: dict[str, str] | None = None) -> Page:
    """A page of an onion service."""
    return request(socks_port, host, "GET", path, headers=headers)
