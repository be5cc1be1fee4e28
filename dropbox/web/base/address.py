"""Says under which addresses people reach the site.

Rule: with `[site] address` in the settings no answer depends on the request. Without it the address is the one that the
visitor used: whoever keeps a page keeps it by the host too (pages.shared.host_of), or one visitor chooses for others.
"""

import re
from typing import Final

from flask import request

from dropbox.settings.installation import Settings
from dropbox.web.base.current import site

HOST: Final = re.compile(r"[a-z0-9.-]{1,100}(?::\d{1,5})?")


def public_address() -> str:
    """Return scheme and host under which people reach the site: as the settings say, else as this request came."""
    host = request.host.lower()
    return site().settings.address or (f"{request.scheme}://{host}" if HOST.fullmatch(host) else "")


def addresses() -> list[str]:
    """Return the addresses to write down, the onion one last; empty where none is known."""
    return _both(public_address(), site().settings)


def settled_addresses(settings: Settings) -> list[str]:
    """Return those that the settings name, for a file that is the same for everybody."""
    return _both(settings.address, settings)


def _both(address: str, settings: Settings) -> list[str]:
    onion = f"http://{settings.onion}" if settings.onion else ""
    return list(dict.fromkeys(filter(None, (address, onion))))
