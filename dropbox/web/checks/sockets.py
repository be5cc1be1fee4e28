"""Reads the kernel's tables of sockets (proc(5)): who listens where, who is connected, and who has UDP.

Rule: only what this process's network namespace holds is seen; an unreadable table is an error, never an empty one.
"""

import ipaddress
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_CONNECTED, _LISTENS = "01", "0A"  # states of a socket in /proc/net/tcp
OWN: Final = Path("/proc/self")


@dataclass(frozen=True)
class Listener:
    """A socket that accepts connections.

    Attributes:
        address: on which it accepts them.
        port: its port.
        user: number of the user who made it.
        inode: its number in /proc/PID/fd.
    """

    address: str
    port: int
    user: int
    inode: str


@dataclass(frozen=True)
class Peer:
    """The other end of a connection: its address, and the number of the user whose socket is this end."""

    address: str
    user: int


@dataclass(frozen=True)
class Datagram:
    """A UDP socket: the address of this machine to which it is bound, and the number of its user."""

    address: str
    user: int


def listeners(own: Path = OWN) -> list[Listener]:
    """Return every listening TCP socket, IPv4 and IPv6; raises OSError."""
    return [one for table in _tables(own) for one in parse(table)]


def peers(own: Path = OWN) -> list[Peer]:
    """Return the other end of every TCP connection, IPv4 and IPv6; raises OSError."""
    return [
        Peer(_address(fields[2])[0], int(fields[7])) for table in _tables(own) for fields in _rows(table, _CONNECTED)
    ]


def datagrams(own: Path = OWN) -> list[Datagram]:
    """Return every UDP socket, IPv4 and IPv6; raises OSError."""
    rows = (line.split() for table in _tables(own, "udp") for line in table.splitlines()[1:])
    return [Datagram(_address(fields[1])[0], int(fields[7])) for fields in rows]


def parse(table: str) -> Iterator[Listener]:
    """Yield the listening sockets of a table of the kernel."""
    for fields in _rows(table, _LISTENS):
        yield Listener(*_address(fields[1]), int(fields[7]), fields[9])


def _tables(own: Path, kind: str = "tcp") -> list[str]:
    tables = [(own / f"net/{kind}").read_text("ascii")]
    if (six := own / f"net/{kind}6").exists():  # a kernel without IPv6 has no such table
        tables.append(six.read_text("ascii"))
    return tables


def _rows(table: str, state: str) -> Iterator[list[str]]:
    return (fields for line in table.splitlines()[1:] if (fields := line.split())[3] == state)


def _address(field: str) -> tuple[str, int]:
    """Return address and port."""
    packed, _, port = field.partition(":")
    words = bytes.fromhex(packed)  # of 4 bytes, in this machine's order
    step = -1 if sys.byteorder == "little" else 1
    address = ipaddress.ip_address(b"".join(words[at : at + 4][::step] for at in range(0, len(words), 4)))
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address), int(port, 16)
