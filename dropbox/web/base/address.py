"""Says under which addresses people reach the site.

Rule: with `[site] address` in the settings no answer depends on the request. Without it an onion or a loopback address
that the visitor used is shown, and no other: whether people reach another host by https is not known here, and a page
must lead nobody to http. Such pages are kept by the host, or not at all (pages.shared.host_of).
"""

import re
from typing import Final

from flask import request

from dropbox.settings.installation import Settings
from dropbox.web.base.current import site

HOST: Final = re.compile(r"[a-z0-9.-]{1,100}(?::\d{1,5})?")
_LOOPBACK: Final = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3})(?::\d{1,5})?")


def public_address() -> str:
    """Return scheme and host under which people reach the site; empty where neither settings nor request say it."""
    settings, host = site().settings, request.host.lower()
    if settings.address:
        return settings.address
    if is_onion(host):
        return f"http://{settings.onion or host}"
    return f"http://{host}" if is_loopback(host) else ""


def is_onion(host: str) -> bool:
    """Return whether a host in lower case, which may have a port, is an onion address."""
    return bool(HOST.fullmatch(host)) and host.partition(":")[0].endswith(".onion")


def is_loopback(host: str) -> bool:
    """Return whether a host in lower case, which may have a port, is the machine itself."""
    return bool(_LOOPBACK.fullmatch(host))


def addresses() -> list[str]:
    """Return the addresses to write down, the onion one last; empty where none is known."""
    return _both(public_address(), site().settings)


def settled_addresses(settings: Settings) -> list[str]:
    """Return those that the settings name, for a file that is the same for everybody."""
    return _both(settings.address, settings)


def _both(address: str, settings: Settings) -> list[str]:
    onion = f"http://{settings.onion}" if settings.onion else ""
    return list(dict.fromkeys(filter(None, (address, onion))))
