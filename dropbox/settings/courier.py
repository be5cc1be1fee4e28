"""Reads the settings of the courier's gate (its socket, who may ask, where an export waits) and of the daily notice.

Rule: without a socket there is no gate, without a key no notice; whoever is not named is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dropbox.errors import ConfigurationError

_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")  # RFC 5321, without quotes


@dataclass(frozen=True)
class Courier:
    """The gate's settings.

    Attributes:
        socket: path of its Unix socket; None: there is no gate.
        users: names of the system's users who may ask.
        spool: folder in which an export waits for its download.
        page_port: at which the courier's page listens; 0: no page is expected here.
        notice_key: file of the courier's public key; None: there is no daily notice.
        notice_from: sender of its mail, or empty.
        notice_to: recipient of its mail, or empty.
    """

    socket: Path | None
    users: tuple[str, ...]
    spool: Path
    page_port: int
    notice_key: Path | None
    notice_from: str
    notice_to: str


def courier_of(table: Mapping[str, Any], folder: Path) -> Courier:
    """Build them from the settings' table `courier`; relative paths start at the folder. Raises ConfigurationError."""
    users = tuple(table["users"])
    if not all(isinstance(user, str) and user for user in users) or not table["spool"]:
        raise ConfigurationError("settings.courier")
    port = table["page_port"]
    if not isinstance(port, int) or not 0 <= port < 1 << 16:
        raise ConfigurationError("settings.courier-port")
    socket = (folder / table["socket"]).resolve() if table["socket"] else None
    key = (folder / table["notice_key"]).resolve() if table["notice_key"] else None
    if key and not all(_ADDRESS.fullmatch(table[name]) for name in ("notice_from", "notice_to")):
        raise ConfigurationError("settings.courier-notice")
    spool = (folder / table["spool"]).resolve()
    return Courier(socket, users, spool, port, key, table["notice_from"], table["notice_to"])
