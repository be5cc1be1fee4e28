"""Parses and builds the certificate of the key that signs exports, and its request (FORMAT "Server certificate").

Rule: magic, label and grammar differ from a desk's, so that no reader confuses the two. Verifies nothing.
"""

import re
from dataclasses import dataclass
from typing import Final

from dropbox.errors import MalformedError
from dropbox.limits import SERIAL_MAX
from dropbox.wire.calendar import Day
from dropbox.wire.fields import INSTANCE_BYTES, Reader, lp, u8, u32
from dropbox.wire.keyring import PRIVATE_FILE_LINE
from dropbox.wire.signed import PUBLIC_KEY_BYTES, SIGNATURE_BYTES

SERVER_MAGIC: Final = b"DBXW"
_BODY_BYTES: Final = 4 + 1 + INSTANCE_BYTES + PUBLIC_KEY_BYTES + 4 + 4 + 4 + 1
SERVER_CERTIFICATE_BYTES: Final = 4 + _BODY_BYTES + SIGNATURE_BYTES

_REQUEST_LINE: Final = b"dropbox server request"
_REQUEST: Final = re.compile(
    rb"dropbox server request v1\ninstance: ([0-9a-f]{32})\nserver: ([0-9a-f]{64})\n\Z",
)


@dataclass(frozen=True)
class ServerCertificate:
    """The key (Ed25519, 32 bytes) that signs the exports of an instance, from day `first` to `last`, both included."""

    instance: bytes
    server: bytes
    first: Day
    last: Day
    serial: int
    demo: bool

    def encode(self) -> bytes:
        """Return the body that the root signs."""
        days = u32(self.first) + u32(self.last) + u32(self.serial)
        return SERVER_MAGIC + u8(1) + self.instance + self.server + days + u8(int(self.demo))


def parse_server_certificate(untrusted: bytes) -> tuple[ServerCertificate, bytes, bytes]:
    """Return (certificate, body, signature) of lp(body) ‖ signature; raises MalformedError. Verifies nothing."""
    outer = Reader(untrusted, "server certificate")
    body = outer.lp()
    signature = outer.take(SIGNATURE_BYTES)
    outer.end()
    reader = Reader(body, "server certificate")
    reader.expect(SERVER_MAGIC + u8(1))
    instance, server = reader.take(INSTANCE_BYTES), reader.take(PUBLIC_KEY_BYTES)
    first, last, serial, flags = reader.uint(4), reader.uint(4), reader.uint(4), reader.uint(1)
    reader.end()
    if flags > 1:
        reader.fail("format.flags")
    if not 1 <= serial <= SERIAL_MAX:
        reader.fail("format.serial")
    return ServerCertificate(instance, server, Day(first), Day(last), serial, bool(flags)), body, signature


def encode_server_certificate(body: bytes, signature: bytes) -> bytes:
    """Return the bytes of a server certificate, as in its file and in the head of each export."""
    return lp(body) + signature


def is_server_certificate(untrusted: bytes) -> bool:
    """Return whether bytes begin like a server certificate."""
    return untrusted[4 : 4 + len(SERVER_MAGIC)] == SERVER_MAGIC


@dataclass(frozen=True)
class ServerRequest:
    """A server's request to the root: instance (16 bytes) and Ed25519 public key (32 bytes)."""

    instance: bytes
    server: bytes

    def encode(self) -> bytes:
        """Return the bytes of its file: public text with exactly one encoding."""
        return (f"dropbox server request v1\ninstance: {self.instance.hex()}\nserver: {self.server.hex()}\n").encode(
            "ascii"
        )


def is_server_request(untrusted: bytes) -> bool:
    """Return whether bytes begin like a server's request of any version."""
    return untrusted.startswith(_REQUEST_LINE)


def parse_server_request(untrusted: bytes) -> ServerRequest:
    """Parse a server's request file; raises MalformedError."""
    if untrusted.startswith(PRIVATE_FILE_LINE):
        raise MalformedError("private-file.as-server-request")
    match = _REQUEST.match(untrusted)
    if not match:
        raise MalformedError("request-file.server")
    instance, server = (bytes.fromhex(group.decode("ascii")) for group in match.groups())
    return ServerRequest(instance, server)
