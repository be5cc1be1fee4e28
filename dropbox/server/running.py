"""Looks at the running server: its answer to its monitor, its user, its limits, and the addresses on which it listens.

Rule: the kernel says which process made the socket, so that no other process is taken for the server; of the
process's environment one name is looked for, and no value is kept.
"""

import contextlib
import ipaddress
import re
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.limits import HEALTH_SECONDS
from dropbox.sentences.catalogue import Sentence

_REQUEST: Final = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
_ANSWER: Final = re.compile(rb"HTTP/1\.1 \d{3} .*\r\n\r\n([a-z]{1,20})\n\Z", re.DOTALL)
_ANSWER_MAX_BYTES: Final = 4096
_CREDENTIALS: Final = struct.Struct("3i")  # struct ucred: process, user, group (unix(7))
_CORE: Final = re.compile(r"^Max core file size +(\w+) +(\w+)", re.MULTILINE)
_LISTENS: Final = "0A"  # state of a socket in /proc/net/tcp
_DEBUG: Final = b"DROPBOX_DEBUG=1"


@dataclass(frozen=True)
class Running:
    """The running server; None for what this user may not see of it.

    Attributes:
        answer: the word at its monitor's socket; empty for none that is understood.
        user: number of the user as whom it runs.
        dumps_core: whether a crash may write its memory to a disk.
        is_debugged: whether it prints tracebacks, which may hold input.
        addresses: on which it accepts connections.
    """

    answer: str
    user: int
    dumps_core: bool | None
    is_debugged: bool | None
    addresses: tuple[str, ...] | None


def look(path: Path | None) -> Running | Sentence | None:
    """Ask the running server.

    Args:
        path: the monitor's socket of the settings.

    Returns:
        What it says; None if nothing accepts a connection there; a sentence if it could not be asked.
    """
    if path is None:
        return Sentence("unseen.no-socket")
    with socket.socket(socket.AF_UNIX) as asked:
        asked.settimeout(HEALTH_SECONDS)
        try:
            asked.connect(str(path))
        except PermissionError:
            return Sentence("unseen.other-user")
        except OSError:
            return None
        process, user, _ = _CREDENTIALS.unpack(
            asked.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        )
        return Running(_answer(asked), user, _dumps_core(process), _is_debugged(process), _addresses(process))


def _answer(asked: socket.socket) -> str:
    answer = b""
    try:
        asked.sendall(_REQUEST)
        while len(answer) < _ANSWER_MAX_BYTES and (piece := asked.recv(_ANSWER_MAX_BYTES)):
            answer += piece
    except OSError:  # also when it takes too long
        return ""
    match = _ANSWER.match(answer)
    return match[1].decode("ascii") if match else ""


def _read(process: int, name: str) -> bytes | None:
    try:
        return Path(f"/proc/{process}/{name}").read_bytes()
    except OSError:
        return None


def _dumps_core(process: int) -> bool | None:
    limits = _CORE.search((_read(process, "limits") or b"").decode("ascii", "replace"))
    # See dropbox.process: a limit of 1 byte stops the kernel and a program that core_pattern names.
    return None if limits is None else any(bound not in {"0", "1"} for bound in limits.groups())


def _is_debugged(process: int) -> bool | None:
    environment = _read(process, "environ")
    return None if environment is None else _DEBUG in environment.split(b"\0")


def _addresses(process: int) -> tuple[str, ...] | None:
    """Return the addresses of the TCP sockets on which a process listens, None if they cannot be seen."""
    own = set()
    try:
        for entry in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                own.add(str(entry.readlink()))
    except OSError:
        return None
    tables = [_read(process, name) for name in ("net/tcp", "net/tcp6")]
    if tables[0] is None:
        return None
    return tuple(sorted({address for table in tables for address, inode in _listening(table) if inode in own}))


def _listening(table: bytes | None) -> Iterator[tuple[str, str]]:
    """Yield (address, `socket:[inode]`) of each listening socket of a table of the kernel (proc(5))."""
    for line in (table or b"").decode("ascii").splitlines()[1:]:
        fields = line.split()
        if fields[3] == _LISTENS:
            words = bytes.fromhex(fields[1].partition(":")[0])  # of 4 bytes, in this machine's order
            step = -1 if sys.byteorder == "little" else 1
            address = ipaddress.ip_address(b"".join(words[at : at + 4][::step] for at in range(0, len(words), 4)))
            mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
            yield str(mapped or address), f"socket:[{fields[9]}]"
