"""Reads the settings of the courier's gate: its socket, who may ask, and where an export waits for its download.

Rule: without a socket there is no gate; whoever is not named is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dropbox.errors import ConfigurationError


@dataclass(frozen=True)
class Courier:
    """The gate's settings.

    Attributes:
        socket: path of its Unix socket; None: there is no gate.
        users: names of the system's users who may ask.
        spool: folder in which an export waits for its download.
    """

    socket: Path | None
    users: tuple[str, ...]
    spool: Path


def courier_of(table: Mapping[str, Any], folder: Path) -> Courier:
    """Build them from the settings' table `courier`; relative paths start at the folder. Raises ConfigurationError."""
    users = tuple(table["users"])
    if not all(isinstance(user, str) and user for user in users) or not table["spool"]:
        raise ConfigurationError("settings.courier")
    socket = (folder / table["socket"]).resolve() if table["socket"] else None
    return Courier(socket, users, (folder / table["spool"]).resolve())
