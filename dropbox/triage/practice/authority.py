"""Stands for the ceremony and the server of a practice vault: a root that exists only while the vault is made.

Rule: the root is marked as a demo's, and its private key and the server's are never written. A real server and a real
desk pin another root: they refuse each return and each export of a practice vault, because nothing in it leads to
their root (crypto.signing.Trust, crypto.exports.open_server_certificate).
"""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from dropbox.crypto.exports import SERVER_CERTIFICATE
from dropbox.crypto.private.desk_keys import RootKey
from dropbox.crypto.private.server_key import ServerKey
from dropbox.crypto.signing import CERTIFICATE, REVOCATIONS
from dropbox.limits import CERTIFICATE_DAYS, ROOT_DAYS, SERVER_CERTIFICATE_DAYS
from dropbox.triage.practice.reporter import Sent
from dropbox.triage.vault.vault import Vault
from dropbox.wire.bundle import ExportHead, ExportWriter
from dropbox.wire.calendar import Day, epoch_of
from dropbox.wire.fields import INSTANCE_BYTES, lp
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.server import ServerCertificate, encode_server_certificate
from dropbox.wire.signed import Certificate, Revocations, encode_certificate_file, encode_revocations


@dataclass
class Authority:
    """A root and a server, made anew for one practice vault; `first` is the day number on which both begin."""

    first: Day
    _root: RootKey = field(default_factory=RootKey.generate, repr=False)
    _server: ServerKey = field(default_factory=ServerKey.generate, repr=False)
    _instance: bytes = field(default_factory=lambda: os.urandom(INSTANCE_BYTES))
    _serial: int = 0
    _exports: int = 0

    @property
    def anchor(self) -> RootAnchor:
        """Return the public half of the root, marked as a demo's."""
        return RootAnchor(self._instance, self._root.public, demo=True, last=Day(self.first + ROOT_DAYS))

    def certify(self, vault: Vault, today: Day) -> None:
        """Install a certificate of CERTIFICATE_DAYS from a day (day number) on, as the ceremony gives it."""
        self._serial += 1
        last = Day(today + CERTIFICATE_DAYS)
        body = Certificate(
            self._instance, vault.desk, vault.station_public, today, last, self._serial, demo=True
        ).encode()
        signed = lp(body) + self._root.sign(CERTIFICATE, self._instance, body)
        listed = Revocations(self._instance, self._serial, today, {}).encode()
        revoked = encode_revocations(listed, self._root.sign(REVOCATIONS, self._instance, listed))
        vault.install_certificate(encode_certificate_file(signed, revoked), today)

    def export(self, carried: Sequence[Sent], today: Day) -> bytes:
        """Return an export (FORMAT "Export") as the courier's machine writes it on a day (day number)."""
        self._exports += 1
        last = Day(self.first + SERVER_CERTIFICATE_DAYS)
        body = ServerCertificate(self._instance, self._server.public, self.first, last, 1, demo=True).encode()
        certificate = encode_server_certificate(body, self._root.sign(SERVER_CERTIFICATE, self._instance, body))
        writer = ExportWriter()
        pieces = [writer.head(ExportHead(self._instance, self._exports, today, certificate))]
        for one in carried:
            pieces += writer.blob(one.listed, [one.blob])
        held: Counter[int] = Counter(epoch_of(one.day) for one in carried)
        pieces.append(writer.trailer(dict(held), lambda sha256: self._server.sign_export(self._instance, sha256)))
        return b"".join(pieces)
