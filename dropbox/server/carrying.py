"""Looks at what couriers work with: the gate at its Unix socket, and the courier's page at its port.

Rule: the kernel says as whom a process answers or listens. Where no gate was ever started there is neither a spool, nor
the folder in which the spool would be, nor one for the socket; a part of that is a gate which lacks the rest.
"""

import contextlib
import os
import pwd
import socket
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.courier.gate.peer import peer_user
from dropbox.limits import HEALTH_SECONDS
from dropbox.sentences.catalogue import Sentence
from dropbox.settings.installation import Settings
from dropbox.web.checks import sockets

_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IRWXO  # of the socket's folder: the group may enter it
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO  # of the spool


@dataclass(frozen=True)
class Gate:
    """The gate.

    Attributes:
        user: number of the user who answers; None if nobody does, or not in time.
        open_folders: folders that others may enter or change.
        free: bytes that are free on the disk of the spool; None if there is no spool.
    """

    user: int | None
    open_folders: tuple[Path, ...]
    free: int | None


@dataclass(frozen=True)
class Carrying:
    """What couriers work with.

    Attributes:
        gate: the gate; a sentence if it was not seen; None if there is no gate here.
        page: sockets at the page's port; a sentence if they were not seen; None if no page is expected.
        couriers: numbers of the users who may run the page, because the settings name them for the gate.
    """

    gate: Gate | Sentence | None
    page: tuple[sockets.Listener, ...] | Sentence | None
    couriers: frozenset[int] = frozenset()


def look(settings: Settings, server: int) -> Carrying:
    """Look at gate and page.

    Args:
        settings: of the site.
        server: number of the user as whom the server runs, who owns the gate's folders.
    """
    courier = settings.courier
    if courier.socket is None:
        return Carrying(None, None)
    page = _page(courier.page_port)
    gate: Gate | Sentence | None = None
    try:
        if any(path.exists() for path in (courier.spool, courier.spool.parent, courier.socket.parent)):
            free = _free(courier.spool)
            gate = Gate(_answering(courier.socket), _open(courier.socket.parent, courier.spool, server), free)
    except PermissionError:
        gate = Sentence("unseen.other-user")
    if gate is None and not page:  # without a gate nobody is expected at the port; a listener is judged all the same
        page = None
    return Carrying(gate, page, frozenset(_numbers(courier.users)))


def _numbers(names: Iterable[str]) -> Iterator[int]:
    for name in names:
        with contextlib.suppress(KeyError):  # a name that this system does not know runs nothing here
            yield pwd.getpwnam(name).pw_uid


def _answering(path: Path) -> int | None:
    """Return who answers: a gate closes the connection of a user who is not named, and so says that it works."""
    with socket.socket(socket.AF_UNIX) as asked:
        asked.settimeout(HEALTH_SECONDS)
        try:
            asked.connect(os.fspath(path))
            user = peer_user(asked)
            asked.sendall(b"GET / HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n")
            asked.recv(1)
        except PermissionError:
            raise
        except (BrokenPipeError, ConnectionResetError):  # closed before it was asked, or before it had read all
            return user
        except OSError:
            return None
        return user


def _open(folder: Path, spool: Path, server: int) -> tuple[Path, ...]:
    found = []
    for path, forbidden in ((folder, _OTHERS_WRITE), (spool, _OTHERS)):
        try:
            status = path.stat()
        except FileNotFoundError:  # made at each start: without a gate there is none
            continue
        if status.st_mode & forbidden or status.st_uid not in {0, server}:
            found.append(path)
    return tuple(found)


def _free(folder: Path) -> int | None:
    try:
        disk = os.statvfs(folder)
    except FileNotFoundError:
        return None
    return disk.f_bavail * disk.f_frsize


def _page(port: int) -> tuple[sockets.Listener, ...] | Sentence | None:
    if not port:
        return None
    try:
        return tuple(one for one in sockets.listeners() if one.port == port)
    except OSError:
        return Sentence("unseen.sockets")
