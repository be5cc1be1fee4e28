"""Looks at the ways by which reporters reach the site: the proxy's port, its certificate, and Tor.

Rule: nothing is sent to the site, and only this machine is asked. The kernel says who listens and who is connected; it
does not say whether Tor has published the onion service, and what runs on another machine is not seen.
"""

import contextlib
import datetime
import ipaddress
import pwd
import shutil
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
_PROGRAMS: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # where its program is installed
_HTTPS: Final = 443


@dataclass(frozen=True)
class Refused:
    """A certificate that browsers refuse; the reason in OpenSSL's words."""

    reason: str


@dataclass(frozen=True, order=True)
class Valid:
    """A certificate that browsers take: the day (UTC) on which it ends, and for how many days it was issued."""

    end: datetime.date
    days: int


@dataclass(frozen=True)
class Entrances:
    """The ways to the site; None for one that it does not have, a sentence for what was not seen.

    Attributes:
        proxy: whether somebody listens at the port of the public address.
        certificate: of all that listen there, the one that is refused or ends first.
        tor: whether Tor is connected to another machine.
        silent: addresses at which no certificate came, though it came at another one.
    """

    proxy: bool | Sentence | None
    certificate: Valid | Refused | Sentence | None
    tor: bool | Sentence | None
    silent: tuple[str, ...] = ()


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
    if parts.scheme != "https":
        return Entrances(bool(here), None, tor)
    certificate, silent = _certificate(here, parts.hostname)
    return Entrances(bool(here), certificate, tor, silent)


def _certificate(here: list[sockets.Listener], host: str) -> tuple[Valid | Refused | Sentence, tuple[str, ...]]:
    """Return the certificate for a host, as browsers that come here get it, and the addresses that gave none."""
    if not here:
        return Sentence("unseen.no-listener"), ()
    if not _knows_authorities():
        return Sentence("unseen.authorities"), ()
    addresses = sorted({ipaddress.ip_address(one.address) for one in here}, key=str)
    public = [one for one in addresses if not one.is_loopback] or addresses  # behind a forwarder there is no other
    seen = {str(address): _ask(address, here[0].port, host) for address in public}
    refused = [one for one in seen.values() if isinstance(one, Refused)]
    valid = [one for one in seen.values() if isinstance(one, Valid)]
    if not refused and not valid:
        return Sentence("unseen.no-connection"), ()
    return refused[0] if refused else min(valid), tuple(address for address, one in seen.items() if one is None)


def _ask(address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int, host: str) -> Valid | Refused | None:
    """Return the certificate that one listener gives; None if no certificate came, whatever else did."""
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == 4 else "::1")
    try:
        with (
            socket.create_connection((str(address), port), HEALTH_SECONDS) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secured,
        ):
            held = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        return Refused(error.verify_message)
    except OSError:  # also other errors of TLS: a proxy that reloads, one that expects the PROXY protocol
        return None
    start, end = (ssl.cert_time_to_seconds(str(held[name])) for name in ("notBefore", "notAfter"))
    return Valid(datetime.datetime.fromtimestamp(end, datetime.UTC).date(), datetime.timedelta(0, end - start).days)


def _knows_authorities() -> bool:
    """Return whether this machine has the certificates of authorities (Debian: ca-certificates)."""
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile) or bool(paths.capath and any(Path(paths.capath).iterdir()))


def _tor() -> bool | Sentence:
    users = set(_numbers())
    if not users:
        return Sentence("unseen.no-tor")
    try:
        peers = [one for one in sockets.peers() if one.user in users]
        has_listener = any(one.user in users for one in sockets.listeners())
        datagrams = [one for one in sockets.datagrams() if one.user in users]
    except OSError:
        return Sentence("unseen.sockets")
    if any(_is_outside(one) for one in peers):
        return True
    if any(_is_outside(one) for one in datagrams):
        return Sentence("unseen.tor-udp")
    if not (peers or has_listener or _has_program()):  # packages leave their user behind
        return Sentence("unseen.no-tor")
    return False


def _is_outside(one: sockets.Peer | sockets.Datagram) -> bool:
    return not ipaddress.ip_address(one.address).is_loopback


def _has_program() -> bool:
    """Return whether Tor is installed, also if it does not run."""
    return shutil.which("tor", path=_PROGRAMS) is not None


def _numbers() -> Iterator[int]:
    for name in _TOR:
        with contextlib.suppress(KeyError):  # not a user of this system
            yield pwd.getpwnam(name).pw_uid
