"""Reads the settings of the courier's page: the folder of its accounts, the gate, its onion address.

Rule: a relative path starts at the folder of the settings' file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dropbox.errors import ConfigurationError


@dataclass(frozen=True)
class CourierPage:
    """What an administrator sets for the courier's page.

    Attributes:
        folder: of the accounts, which the page's user alone may enter.
        gate: Unix socket of the gate.
        onion: host of the page's own onion service, or empty.
    """

    folder: Path
    gate: Path
    onion: str


def courier_page_of(table: Mapping[str, Any], folder: Path) -> CourierPage:
    """Build the settings of the page from the table `courier_page`; raises ConfigurationError."""
    onion = str(table["onion"])
    if onion and not re.fullmatch(r"[a-z2-7]{56}\.onion", onion):
        raise ConfigurationError("settings.courier-onion")
    return CourierPage((folder / table["folder"]).resolve(), folder / table["gate"], onion)
