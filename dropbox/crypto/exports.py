"""FORMAT "Server certificate" and "Export": what the pinned root stands for when a server signs an export.

Rule: a function here returns a verified value or raises; no boolean that could be ignored.
"""

from typing import Final, Literal

from dropbox.crypto.signing import Trust, verify, verify_hashed
from dropbox.errors import UntrustedError
from dropbox.limits import NUMBERS_PER_SERIAL, SERVER_CERTIFICATE_DAYS
from dropbox.wire.bundle import ExportHead, ExportTrailer
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.server import ServerCertificate, parse_server_certificate

SERVER_CERTIFICATE: Final = "server certificate"
EXPORT: Final = "export"


def open_server_certificate(anchor: RootAnchor, untrusted: bytes) -> ServerCertificate:
    """The certificate, if the pinned root signed it; its days and its revocation are the caller's next question.

    Raises:
        MalformedError: it breaks the grammar.
        UntrustedError: it does not lead to the root.
    """
    certificate, body, signature = parse_server_certificate(untrusted)
    verify(anchor.key, SERVER_CERTIFICATE, anchor.instance, body, signature)
    if certificate.instance != anchor.instance:
        raise UntrustedError("the server's certificate is of another instance")
    if certificate.demo != anchor.demo:
        raise UntrustedError("the server's certificate is a demo and the root is not, or the reverse")
    if not 0 <= certificate.last - certificate.first <= SERVER_CERTIFICATE_DAYS:
        raise UntrustedError("the server's certificate is made for too many days")
    return certificate


def verify_export(
    trust: Trust, certificate: ServerCertificate, head: ExportHead, trailer: ExportTrailer
) -> Literal[True]:
    """True, or UntrustedError in words: the server signed this very export, with a certificate that held on its day.

    Args:
        trust: anchor, day and revocations; an export of tomorrow is let pass, because clocks differ.
        certificate: verified, of the head.
        head: of a whole export.
        trailer: its end.
    """
    if certificate.server in trust.revoked:
        raise UntrustedError("the server's key has been revoked")
    if head.day > trust.today + 1:
        raise UntrustedError("it is dated in the future: compare the clocks of the server and of this machine")
    if not certificate.first <= head.day <= min(certificate.last, trust.anchor.last):
        raise UntrustedError("the server's certificate did not hold on its day: the server needs a new one")
    base = NUMBERS_PER_SERIAL * (certificate.serial - 1)
    if not base < head.number <= base + NUMBERS_PER_SERIAL:
        raise UntrustedError("its number is not one of the server's certificate")
    verify_hashed(certificate.server, EXPORT, head.instance, trailer.sha256, trailer.signature)
    return True
