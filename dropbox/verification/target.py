"""Reads where a site is, from what was typed on a command line.

Rule: names stay names: what is typed is neither looked up nor guessed.
"""

import urllib.parse
from dataclasses import dataclass
from typing import Final

from dropbox.errors import RefusedError

_NAME_MAX_BYTES: Final = 253  # of a host (RFC 1035, 2.3.4)
_PROXIES: Final = ("socks5h",)  # socks5 would look up the host's name here, and tell the network


@dataclass(frozen=True)
class Target:
    """Where a site is: `https` or `http`, its host as browsers write it, name and port, and a proxy (or None).

    Names are in ASCII (A-labels).
    """

    secure: bool
    host: str
    name: str
    port: int
    proxy: tuple[str, int] | None


def target_of(url: str, proxy: str = "") -> Target:
    """Return where a site is.

    Args:
        url: scheme and host, without a path.
        proxy: `socks5h://host:port`, or empty.

    Raises:
        RefusedError: one of them is of another form.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        name, port = _ascii(parts.hostname or ""), parts.port
        is_plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username is not None)
    except ValueError:
        raise RefusedError("verify.url") from None
    if parts.scheme not in ("http", "https") or not name or not is_plain or port == 0:
        raise RefusedError("verify.url")
    usual = 443 if parts.scheme == "https" else 80
    shown = f"[{name}]" if ":" in name else name
    host = shown if port in (None, usual) else f"{shown}:{port}"
    return Target(parts.scheme == "https", host, name, port or usual, _proxy(proxy))


def _ascii(name: str) -> str:
    """The name of a host as it is looked up (RFC 3490, ToASCII)."""
    looked_up = name.encode("idna").decode("ascii")  # raises UnicodeError, a ValueError
    if len(looked_up) > _NAME_MAX_BYTES:
        raise ValueError
    return looked_up


def _proxy(proxy: str) -> tuple[str, int] | None:
    if not proxy:
        return None
    try:
        parts = urllib.parse.urlsplit(proxy)
        name, port = _ascii(parts.hostname or ""), parts.port
    except ValueError:
        name, port = "", None
    if not name or not port or parts.scheme not in _PROXIES:
        raise RefusedError("verify.proxy")
    return name, port
