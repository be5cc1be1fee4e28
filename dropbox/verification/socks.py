"""Opens a connection through a SOCKS5 proxy such as Tor, which looks up the host itself (RFC 1928, RFC 1929).

Rule: the name of the host goes to the proxy and to no other resolver. Each `circuit` is a user name: Tor gives every
name a path of its own (IsolateSOCKSAuth), so that one visitor does not look like the next.
"""

import socket
from typing import Final

from dropbox.errors import RefusedError

_VERSION: Final = b"\x05"
_USER_PASSWORD: Final = b"\x02"
_CONNECT_BY_NAME: Final = b"\x05\x01\x00\x03"
_ADDRESS_BYTES: Final = {1: 4, 4: 16}  # of IPv4 and IPv6, in the proxy's answer
_NAME_MAX: Final = 255


def connect(line: socket.socket, host: str, port: int, circuit: str) -> None:
    """Have the proxy at the other end of a socket connect to a host.

    Args:
        line: connected to the proxy, with a timeout.
        host: a name or an address, at most 255 bytes.
        port: of the host.
        circuit: 1 to 255 ASCII characters.

    Raises:
        RefusedError: the proxy speaks another protocol, or cannot reach the host.
        OSError: the connection ended.
    """
    name, user = host.encode("idna"), circuit.encode("ascii")
    if not 1 <= len(name) <= _NAME_MAX:
        raise RefusedError("verify.url")
    line.sendall(_VERSION + b"\x01" + _USER_PASSWORD)
    if _take(line, 2) != _VERSION + _USER_PASSWORD:
        raise RefusedError("verify.proxy-refuses")
    line.sendall(b"\x01" + bytes([len(user)]) + user + b"\x01x")
    if _take(line, 2)[1:] != b"\x00":
        raise RefusedError("verify.proxy-refuses")
    line.sendall(_CONNECT_BY_NAME + bytes([len(name)]) + name + port.to_bytes(2, "big"))
    version, code, _, kind = _take(line, 4)
    if version != _VERSION[0] or code:
        raise RefusedError("verify.proxy-unreachable")
    length = _take(line, 1)[0] if kind == 3 else _ADDRESS_BYTES.get(kind, 0)
    _take(line, length + 2)


def _take(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = line.recv(count - len(data))
        if not piece:
            raise ConnectionError
        data += piece
    return data
