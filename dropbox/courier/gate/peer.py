"""Asks the kernel which user is at the other end of a Unix socket (SO_PEERCRED of unix(7), Linux).

Rule: at a listening socket it is the user whose process began to listen.
"""

import struct
from socket import SO_PEERCRED, SOL_SOCKET, socket
from typing import Final

_CREDENTIALS: Final = struct.Struct("3i")  # ucred: process, user, group


def peer_user(connected: socket) -> int:
    """Return the number of the user at the other end; raises OSError."""
    _, user, _ = _CREDENTIALS.unpack(connected.getsockopt(SOL_SOCKET, SO_PEERCRED, _CREDENTIALS.size))
    return int(user)
