"""Says of the running server what only it may see of itself: debugging, core dumps, the addresses on which it listens.

Rule: it says yes, no or addresses of sockets; of the environment one name is looked at.
"""

import contextlib
import ipaddress
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LISTENS: Final = "0A"  # state of a socket in /proc/net/tcp
_OWN: Final = Path("/proc/self")


def describe() -> str:
    """Return one line: whether it is debugged, whether a crash writes its memory, and its addresses (`?`: unknown)."""
    debug = "yes" if os.environ.get("DROPBOX_DEBUG") == "1" else "no"
    # See dropbox.process: a limit of 1 byte stops the kernel and a program that core_pattern names.
    core = "yes" if any(bound not in {0, 1} for bound in resource.getrlimit(resource.RLIMIT_CORE)) else "no"
    seen = addresses()
    return f"debug={debug} core={core} listens={'?' if seen is None else ','.join(seen)}"


def addresses() -> list[str] | None:
    """Return the addresses of the TCP sockets on which this process listens.

    Returns:
        The addresses; None if none is seen: a site always listens, so the kernel's table was not seen whole.
    """
    try:
        own = set()
        for entry in (_OWN / "fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # that of this very look
                own.add(str(entry.readlink()))
        tables = [(_OWN / "net/tcp").read_text("ascii")]
        if (six := _OWN / "net/tcp6").exists():  # a kernel without IPv6 has no such table
            tables.append(six.read_text("ascii"))
    except OSError:
        return None
    return sorted({address for table in tables for address, inode in _listening(table) if inode in own}) or None


def _listening(table: str) -> Iterator[tuple[str, str]]:
    """Yield (address, `socket:[inode]`) of each listening socket of a table of the kernel (proc(5))."""
    for line in table.splitlines()[1:]:
        fields = line.split()
        if fields[3] == _LISTENS:
            words = bytes.fromhex(fields[1].partition(":")[0])  # of 4 bytes, in this machine's order
            step = -1 if sys.byteorder == "little" else 1
            address = ipaddress.ip_address(b"".join(words[at : at + 4][::step] for at in range(0, len(words), 4)))
            mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
            yield str(mapped or address), f"socket:[{fields[9]}]"
