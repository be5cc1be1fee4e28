"""Looks at the ways by which reporters reach the site: the proxy's port, its certificate, and Tor.

Rule: nothing is sent to the site, and only this machine is asked. The kernel says who listens and who is connected; it
does not say whether Tor has published the onion service, and what runs on another machine is not seen.
"""

import contextlib
import datetime
import ipaddress
import pwd
import socket
import ssl
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.limits import HEALTH_SECONDS
from dropbox.sentences.catalogue import Sentence
from dropbox.settings.installation import Settings
from dropbox.web.checks import sockets

_TOR: Final = ("debian-tor", "tor", "_tor")  # the users as whom packages of Tor run it
_HTTPS: Final = 443


@dataclass(frozen=True)
class Refused:
    """A certificate, or what is in its place, that browsers refuse; the reason in OpenSSL's words."""

    reason: str


@dataclass(frozen=True)
class Entrances:
    """The ways to the site; None for one that it does not have, a sentence for what was not seen.

    Attributes:
        proxy: whether somebody listens at the port of the public address.
        certificate: the day (UTC) on which the certificate ends.
        tor: whether Tor is connected to another machine.
    """

    proxy: bool | Sentence | None
    certificate: datetime.date | Refused | Sentence | None
    tor: bool | Sentence | None


def look(settings: Settings) -> Entrances:
    """Look at the ways to the site that the settings name."""
    tor = _tor() if settings.onion else None
    parts = urllib.parse.urlsplit(settings.address)
    if not parts.hostname:
        return Entrances(None, None, tor)
    port = parts.port or (_HTTPS if parts.scheme == "https" else 80)
    try:
        here = [one for one in sockets.listeners() if one.port == port]
    except OSError:
        return Entrances(Sentence("unseen.sockets"), Sentence("unseen.sockets"), tor)
    return Entrances(bool(here), _end(here, parts.hostname) if parts.scheme == "https" else None, tor)


def _end(here: list[sockets.Listener], host: str) -> datetime.date | Refused | Sentence:
    """Return the last day of the certificate for a host, as a browser that comes to this machine gets it."""
    if not here:
        return Sentence("unseen.no-listener")
    if not _knows_authorities():
        return Sentence("unseen.authorities")
    address = ipaddress.ip_address(here[0].address)
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == 4 else "::1")
    try:
        with (
            socket.create_connection((str(address), here[0].port), HEALTH_SECONDS) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secured,
        ):
            held = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        return Refused(error.verify_message)
    except ssl.SSLError as error:
        return Refused(error.reason or "TLS")
    except OSError:
        return Sentence("unseen.no-connection")
    return datetime.datetime.fromtimestamp(ssl.cert_time_to_seconds(str(held["notAfter"])), datetime.UTC).date()


def _knows_authorities() -> bool:
    """Return whether this machine has the certificates of authorities (Debian: ca-certificates)."""
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile) or bool(paths.capath and any(Path(paths.capath).iterdir()))


def _tor() -> bool | Sentence:
    users = set(_numbers())
    if not users:
        return Sentence("unseen.no-tor")
    try:
        theirs = [one for one in sockets.peers() if one.user in users]
    except OSError:
        return Sentence("unseen.sockets")
    return not all(ipaddress.ip_address(one.address).is_loopback for one in theirs)


def _numbers() -> Iterator[int]:
    for name in _TOR:
        with contextlib.suppress(KeyError):  # not a user of this system
            yield pwd.getpwnam(name).pw_uid
