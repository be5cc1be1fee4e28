"""Opens a connection through a SOCKS5 proxy such as Tor, which looks up the host itself (RFC 1928, RFC 1929).

Rule: the name of the host goes to the proxy and to no other resolver. Each `circuit` is a user name: Tor gives every
name a path of its own (IsolateSOCKSAuth), so that one visitor does not look like the next.
"""

import socket
from collections.abc import Callable
from typing import Final

_VERSION: Final = b"\x05"
_USER_PASSWORD: Final = b"\x02"
_CONNECT_BY_NAME: Final = b"\x05\x01\x00\x03"
_NAME: Final = 3  # kind of address, with its length in front
_ADDRESS_BYTES: Final = {1: 4, 4: 16}  # of IPv4 and IPv6, in the proxy's answer


class ProxyError(Exception):
    """The proxy does not do its work; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def connect(line: socket.socket, host: str, port: int, circuit: str, left: Callable[[], float]) -> None:
    """Have the proxy at the other end of a socket connect to a host.

    Args:
        line: connected to the proxy.
        host: a name or an address, at most 255 bytes.
        port: of the host.
        circuit: 1 to 255 ASCII characters.
        left: returns the seconds that are left; raises TimeoutError when none are.

    Raises:
        ProxyError: the proxy speaks another protocol, or cannot reach the host.
        OSError: the connection ended, or the time was over.
    """
    name, user = host.encode("idna"), circuit.encode("ascii")
    line.settimeout(left())
    line.sendall(_VERSION + b"\x01" + _USER_PASSWORD)
    if _take(line, 2, left) != _VERSION + _USER_PASSWORD:
        raise ProxyError("proxy-refuses")
    line.sendall(b"\x01" + bytes([len(user)]) + user + b"\x01x")
    if _take(line, 2, left)[1:] != b"\x00":
        raise ProxyError("proxy-refuses")
    line.sendall(_CONNECT_BY_NAME + bytes([len(name)]) + name + port.to_bytes(2, "big"))
    version, code, _, kind = _take(line, 4, left)
    if version != _VERSION[0]:
        raise ProxyError("proxy-refuses")
    if code:
        raise ProxyError("proxy-unreachable")
    if kind != _NAME and kind not in _ADDRESS_BYTES:
        raise ProxyError("proxy-refuses")  # where its answer ends and the site's begins is not known
    length = _take(line, 1, left)[0] if kind == _NAME else _ADDRESS_BYTES[kind]
    _take(line, length + 2, left)


def _take(line: socket.socket, count: int, left: Callable[[], float]) -> bytes:
    data = b""
    while len(data) < count:
        line.settimeout(left())
        piece = line.recv(count - len(data))
        if not piece:
            raise ConnectionError
        data += piece
    return data
