"""Manages the server's key and certificate, which sign every export.

Rule: both are stored in the store's state only, so that a backup and its restore include them on SQLite and PostgreSQL.
The private key never leaves it; the ceremony gets the public key.
"""

from dataclasses import dataclass, field
from typing import Final

from dropbox.crypto.exports import check_holds, open_server_certificate
from dropbox.crypto.private.server_key import ServerKey
from dropbox.crypto.signing import Trust
from dropbox.errors import ConfigurationError, RefusedError, UntrustedError
from dropbox.limits import CERTIFICATE_WARN_DAYS
from dropbox.sentences.catalogue import Sentence
from dropbox.store.database import Store
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.server import ServerCertificate, ServerRequest
from dropbox.wire.signed import numbers_of

_KEY: Final = "server key"
_CERTIFICATE: Final = "server certificate"
_COUNTER: Final = "export"


@dataclass(frozen=True)
class Signer:
    """The key and the certificate that sign an export."""

    key: ServerKey = field(repr=False)
    raw: bytes = field(repr=False)  # of the certificate
    certificate: ServerCertificate


def request(store: Store, trust: Trust) -> ServerRequest:
    """Return this server's request to the root; makes the key at first use, and a new one after a revocation.

    Raises:
        StorageLostError: PostgreSQL's standby may lack the key, which must not be certified then; a retry is safe.
    """
    seed = store.state.setdefault(_KEY, ServerKey.generate().seed)
    if ServerKey(seed).public in trust.revoked:
        seed = store.state.swap(_KEY, seed, ServerKey.generate().seed)
    return ServerRequest(trust.anchor.instance, ServerKey(seed).public)


def install(store: Store, trust: Trust, untrusted: bytes) -> tuple[ServerCertificate, bool]:
    """Store a certificate for this server's key; returns (certificate, whether it is new).

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: it does not lead to the root, is not valid today, or its key has been revoked.
        RefusedError: it is for another server's key, or older than the stored one. Nothing was changed.
        StorageLostError: PostgreSQL's standby may lack it; a retry is safe.
    """
    certificate = open_server_certificate(trust.anchor, untrusted)
    if certificate.server in trust.revoked:
        raise UntrustedError("server-certificate.renew-revoked")
    if not certificate.first <= trust.today <= certificate.last:
        raise UntrustedError("server-certificate.renew")
    seed, held = store.state.get(_KEY), store.state.get(_CERTIFICATE)
    if seed is None or ServerKey(seed).public != certificate.server:
        raise RefusedError("server-certificate.other-key")
    if held == untrusted:
        store.connections.confirm()  # "nothing new" is an acknowledgement too
        return certificate, False
    if held is not None and open_server_certificate(trust.anchor, held).serial >= certificate.serial:
        raise RefusedError("server-certificate.not-newer")
    store.state.put(_CERTIFICATE, untrusted, is_patient=True)
    return certificate, True


def signer(store: Store, anchor: RootAnchor) -> Signer:
    """Return the key and certificate that sign exports, also after the certificate expired.

    Raises:
        ConfigurationError: this server has no certificate for its key yet.
    """
    seed, raw = store.state.get(_KEY), store.state.get(_CERTIFICATE)
    if seed is None or raw is None:
        raise ConfigurationError("server-certificate.missing")
    key = ServerKey(seed)
    try:
        certificate = open_server_certificate(anchor, raw)
    except UntrustedError as error:
        raise ConfigurationError("server-certificate.invalid", error=error) from None
    if certificate.server != key.public:
        raise ConfigurationError("server-certificate.old-key")
    return Signer(key, raw, certificate)


def next_number(store: Store, certificate: ServerCertificate) -> int:
    """Return the number of the next export, in the certificate's range; raises RefusedError when it is used up."""
    numbers = numbers_of(certificate.serial)
    number = store.state.next_number(_COUNTER, above=numbers.start - 1)
    if number not in numbers:
        raise RefusedError("server-certificate.numbers-used-up")
    return number


def advice(signer: Signer, trust: Trust) -> tuple[Sentence | None, bool]:
    """Return (a sentence about the certificate or None, whether it is urgent)."""
    try:
        check_holds(trust, signer.certificate, trust.today)
    except UntrustedError as error:
        return Sentence("server-certificate.warning", error=error), True
    left = min(signer.certificate.last, trust.anchor.last) - trust.today
    if left < CERTIFICATE_WARN_DAYS:
        return Sentence("server-certificate.days-left", left=left), False
    return None, False
