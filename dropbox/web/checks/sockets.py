"""Reads the kernel's tables of TCP sockets (proc(5)): who listens where.

Rule: only what this process's network namespace holds is seen; an unreadable table is an error, never an empty one.
"""

import ipaddress
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LISTENS: Final = "0A"  # state of a socket in /proc/net/tcp
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


def listeners(own: Path = OWN) -> list[Listener]:
    """Return every listening TCP socket, IPv4 and IPv6; raises OSError."""
    tables = [(own / "net/tcp").read_text("ascii")]
    if (six := own / "net/tcp6").exists():  # a kernel without IPv6 has no such table
        tables.append(six.read_text("ascii"))
    return [one for table in tables for one in parse(table)]


def parse(table: str) -> Iterator[Listener]:
    """Yield the listening sockets of a table of the kernel."""
    for line in table.splitlines()[1:]:
        fields = line.split()
        if fields[3] == _LISTENS:
            packed, _, port = fields[1].partition(":")
            words = bytes.fromhex(packed)  # of 4 bytes, in this machine's order
            step = -1 if sys.byteorder == "little" else 1
            address = ipaddress.ip_address(b"".join(words[at : at + 4][::step] for at in range(0, len(words), 4)))
            mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
            yield Listener(str(mapped or address), int(port, 16), int(fields[7]), fields[9])
