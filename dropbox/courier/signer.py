"""The server's key and its certificate, with which every export is signed.

Rule: both lie in the store's state and nowhere else, so that SQLite and PostgreSQL, a backup and its restore are one
thing. The key never leaves it; what goes to the ceremony is its public half.
"""

from dataclasses import dataclass, field
from typing import Final

from dropbox.crypto.exports import check_holds, open_server_certificate
from dropbox.crypto.private.server_key import ServerKey
from dropbox.crypto.signing import Trust
from dropbox.errors import ConfigurationError, RefusedError, UntrustedError
from dropbox.limits import CERTIFICATE_WARN_DAYS
from dropbox.store.database import Store
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.server import ServerCertificate, ServerRequest
from dropbox.wire.signed import numbers_of

_KEY: Final = "server key"
_CERTIFICATE: Final = "server certificate"
_COUNTER: Final = "export"
_HOW: Final = (
    "run `dropbox courier request FILE`, have the root certify it, then `dropbox courier import` the certificate"
)


@dataclass(frozen=True)
class Signer:
    """What an export is signed with."""

    key: ServerKey = field(repr=False)
    raw: bytes = field(repr=False)  # of the certificate
    certificate: ServerCertificate


def request(store: Store, trust: Trust) -> ServerRequest:
    """What this server asks the root for; its key is made at first use, and anew when it has been revoked."""
    held = store.state.get(_KEY)
    if held is not None and ServerKey(held).public in trust.revoked:
        held = store.state.swap(_KEY, held, ServerKey.generate().seed)
    seed = held if held is not None else store.state.setdefault(_KEY, ServerKey.generate().seed)
    return ServerRequest(trust.anchor.instance, ServerKey(seed).public)


def install(store: Store, trust: Trust, untrusted: bytes) -> tuple[ServerCertificate, bool]:
    """Take a certificate for this server's key; the second value is False when it was here already.

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: it does not lead to the root, does not hold today, or its key has been revoked.
        RefusedError: it is of another server's key, or older than the one that is here. Nothing was changed.
    """
    certificate = open_server_certificate(trust.anchor, untrusted)
    if certificate.server in trust.revoked:
        raise UntrustedError("the server's key has been revoked; make a new request: `dropbox courier request FILE`")
    if not certificate.first <= trust.today <= certificate.last:
        raise UntrustedError("the server's certificate does not hold today; renew it, or set the clock right")
    seed, held = store.state.get(_KEY), store.state.get(_CERTIFICATE)
    if seed is None or ServerKey(seed).public != certificate.server:
        raise RefusedError("the certificate is of another server's key; make a request here: `dropbox courier request`")
    if held == untrusted:
        return certificate, False
    if held is not None and open_server_certificate(trust.anchor, held).serial >= certificate.serial:
        raise RefusedError("a certificate with this serial or a later one is here already; nothing was changed")
    store.state.put(_CERTIFICATE, untrusted)
    return certificate, True


def signer(store: Store, anchor: RootAnchor) -> Signer:
    """What exports are signed with, whether its days are over or not.

    Raises:
        ConfigurationError: this server has no certificate for its key yet.
    """
    seed, raw = store.state.get(_KEY), store.state.get(_CERTIFICATE)
    if seed is None or raw is None:
        raise ConfigurationError(f"this server has no certificate to sign exports with: {_HOW}")
    key = ServerKey(seed)
    try:
        certificate = open_server_certificate(anchor, raw)
    except UntrustedError as error:
        raise ConfigurationError(f"{error}: {_HOW}") from None
    if certificate.server != key.public:
        raise ConfigurationError(f"the server's key is a new one, and its certificate is of the old: {_HOW}")
    return Signer(key, raw, certificate)


def next_number(store: Store, certificate: ServerCertificate) -> int:
    """The number of the next export, within those of the certificate; raises RefusedError when they are used up."""
    numbers = numbers_of(certificate.serial)
    number = store.state.next_number(_COUNTER, above=numbers.start - 1)
    if number not in numbers:
        raise RefusedError(f"the numbers of the server's certificate are used up: {_HOW}")
    return number


def advice(signer: Signer, trust: Trust) -> tuple[str, bool]:
    """What the courier must be told about the certificate, "" for nothing; True when it is for today."""
    try:
        check_holds(trust, signer.certificate, trust.today)
    except UntrustedError as error:
        return (
            f"WARNING: {error}. Workstations take in the reports of this export, but destroy no key of past weeks:"
            f" {_HOW}"
        ), True
    left = min(signer.certificate.last, trust.anchor.last) - trust.today
    if left < CERTIFICATE_WARN_DAYS:
        return f"the server's certificate holds for {left} more days: {_HOW}", False
    return "", False
