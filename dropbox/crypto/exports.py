"""Verifies server certificates and exports from the pinned root (FORMAT "Server certificate", "Export").

Rule: each function returns a verified value or raises; none returns a boolean that a caller could ignore.
"""

from typing import Final, Literal

from dropbox.crypto.kdf import labelled_hash
from dropbox.crypto.signing import Trust, verify, verify_hashed
from dropbox.errors import UnbelievedExportError, UntrustedError
from dropbox.limits import SERVER_CERTIFICATE_DAYS
from dropbox.wire.bundle import ExportHead, ExportTrailer
from dropbox.wire.calendar import Day
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.server import ServerCertificate, parse_server_certificate
from dropbox.wire.signed import numbers_of

SERVER_CERTIFICATE: Final = "server certificate"
EXPORT: Final = "export"


def server_fingerprint(server: bytes) -> bytes:
    """Return HASH("server fingerprint", server public key), 32 bytes."""
    return labelled_hash("server fingerprint", server)


def open_server_certificate(anchor: RootAnchor, untrusted: bytes) -> ServerCertificate:
    """Verify that the pinned root signed a server certificate. Its days and its revocation are not checked here.

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: it does not lead to the root, or its validity is longer than SERVER_CERTIFICATE_DAYS.
    """
    certificate, body, signature = parse_server_certificate(untrusted)
    verify(anchor.key, SERVER_CERTIFICATE, anchor.instance, body, signature)
    if certificate.instance != anchor.instance:
        raise UntrustedError("server-certificate.other-instance")
    if certificate.demo != anchor.demo:
        raise UntrustedError("server-certificate.demo")
    if not 0 <= certificate.last - certificate.first <= SERVER_CERTIFICATE_DAYS:
        raise UntrustedError("server-certificate.too-many-days")
    return certificate


def check_holds(trust: Trust, certificate: ServerCertificate, day: Day) -> Literal[True]:
    """Return True if the key is not revoked and the certificate is valid on that day number.

    Raises:
        UnbelievedExportError: otherwise.
    """
    if certificate.server in trust.revoked:
        raise UnbelievedExportError("server-certificate.revoked", reason="revoked")
    if not certificate.first <= day <= min(certificate.last, trust.anchor.last):
        raise UnbelievedExportError("server-certificate.day", reason="certificate")
    return True


def verify_export(
    trust: Trust, certificate: ServerCertificate, head: ExportHead, trailer: ExportTrailer
) -> Literal[True]:
    """Return True if the server signed this export with a certificate that was valid on the export's day.

    Args:
        trust: anchor, day, revocations, and how far ahead the export's day may be, because clocks differ.
        certificate: the verified certificate of the head.
        head: head of the export.
        trailer: end of the export, after all of it was read.

    Raises:
        UnbelievedExportError: otherwise.
    """
    if head.number not in numbers_of(certificate.serial):
        raise UnbelievedExportError("export.number", reason="signature")
    try:
        verify_hashed(certificate.server, EXPORT, head.instance, trailer.sha256, trailer.signature)
    except UntrustedError as error:
        raise UnbelievedExportError(error.code, reason="signature", **error.values) from None
    check_holds(trust, certificate, head.day)
    if head.day > trust.today + trust.ahead:
        raise UnbelievedExportError("export.future", reason="future")
    return True
