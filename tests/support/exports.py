"""A server with a certified key, and the exports that it would sign; what an attacker changes is an argument."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from dropbox.crypto.private.desk_keys import RootKey
from dropbox.crypto.private.server_key import ServerKey
from dropbox.wire.bundle import ExportedBlob, ExportHead, ExportWriter
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.server import ServerCertificate, encode_server_certificate


@dataclass
class Server:
    """Certified by its root for a year around each export, unless told otherwise."""

    root: RootKey
    anchor: RootAnchor
    key: ServerKey = field(default_factory=ServerKey.generate)
    serial: int = 1

    def certificate(self, first: int, last: int, *, server: bytes | None = None) -> bytes:
        body = ServerCertificate(
            self.anchor.instance, server or self.key.public, first, last, self.serial, self.anchor.demo
        ).encode()
        return encode_server_certificate(body, self.root.sign("server certificate", self.anchor.instance, body))

    def head(self, number: int, day: int, certificate: bytes | None = None) -> ExportHead:
        certificate = certificate or self.certificate(max(day - 100, 0), min(day + 200, 2**32 - 1))
        return ExportHead(self.anchor.instance, number, day, certificate)

    def pieces(
        self,
        head: ExportHead,
        blobs: Iterable[tuple[ExportedBlob, bytes]],
        held: dict[int, int],
        sign: Callable[[bytes], bytes] | None = None,
        returns: dict[str, int] | None = None,
    ) -> Iterator[bytes]:
        """An export, piece by piece; `sign` stands for the server's key, `returns` for what it took of each desk."""
        writer = ExportWriter()
        yield writer.head(head)
        for blob, data in blobs:
            yield from writer.blob(blob, [data])
        yield writer.trailer(held, sign or (lambda sha256: self.key.sign_export(head.instance, sha256)), returns)
