"""Parses and builds certificates, revocations and signed objects (FORMAT sections of these names). Verifies nothing.

Rule: everything parsed here is still untrusted; only crypto.signing verifies it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.limits import NUMBERS_PER_SERIAL, REVOCATION_LISTS_MAX, SERIAL_MAX
from dropbox.wire.calendar import Day
from dropbox.wire.fields import HASH_BYTES, INSTANCE_BYTES, Reader, desk_name, lp, u8, u16, u32

SIGNATURE_BYTES: Final = 64
PUBLIC_KEY_BYTES: Final = 32
CERTIFICATE_MAX_BYTES: Final = 512

LABELS: Final = {
    b"DBXK": "keys",
    b"DBXA": "board",
    b"DBXP": "receipts",
    b"DBXR": "return",
    b"DBXS": "statistics",
    b"DBXI": "dossier",
    b"DBXL": "log statement",
}
MAGICS: Final = {label: magic for magic, label in LABELS.items()}
# Labels whose numbers lie in the range of their certificate's serial; with other labels a number means something else.
COUNTED: Final = frozenset({"keys", "board", "receipts", "return", "statistics"})
_DEMO: Final = 1
_SUCCESSOR: Final = 2


@dataclass(frozen=True)
class Certificate:
    """The key (Ed25519, 32 bytes) that signs for a desk, from day `first` to `last`, both included.

    `successor` means that the root had certified another key for this desk before.
    """

    instance: bytes
    desk: str
    station: bytes
    first: Day
    last: Day
    serial: int
    demo: bool
    successor: bool = False

    def encode(self) -> bytes:
        """Return the body that the root signs; raises MalformedError for an invalid desk name."""
        return (
            b"DBXC"
            + u8(1)
            + self.instance
            + desk_name(self.desk)
            + self.station
            + u32(self.first)
            + u32(self.last)
            + u32(self.serial)
            + u8(_DEMO * self.demo | _SUCCESSOR * self.successor)
        )


def parse_certificate(untrusted_body: bytes) -> Certificate:
    """Parse the body of a certificate; raises MalformedError."""
    reader = Reader(untrusted_body, "certificate")
    reader.expect(b"DBXC" + u8(1))
    instance = reader.take(INSTANCE_BYTES)
    desk = reader.desk()
    station = reader.take(PUBLIC_KEY_BYTES)
    first, last, serial, flags = reader.uint(4), reader.uint(4), reader.uint(4), reader.uint(1)
    reader.end()
    if flags & ~(_DEMO | _SUCCESSOR):
        reader.fail("format.flags")
    if not 1 <= serial <= SERIAL_MAX:
        reader.fail("format.serial")
    return Certificate(
        instance, desk, station, Day(first), Day(last), serial, bool(flags & _DEMO), bool(flags & _SUCCESSOR)
    )


def shown_number(number: int) -> str:
    """Return a number as people read it: serial of its certificate and number under it, as 2-0001; it never jumps."""
    serial, below = divmod(number - 1, NUMBERS_PER_SERIAL)
    return f"{serial + 1}-{below + 1:04d}"


def numbers_of(serial: int) -> range:
    """Return the numbers that a station may use under the certificate with that serial."""
    return range((serial - 1) * NUMBERS_PER_SERIAL + 1, serial * NUMBERS_PER_SERIAL + 1)


def split_certificate(untrusted: bytes) -> tuple[bytes, bytes]:
    """Return (body, signature) of a certificate; raises MalformedError."""
    reader = Reader(untrusted, "certificate")
    body = reader.lp(CERTIFICATE_MAX_BYTES)
    signature = reader.take(SIGNATURE_BYTES)
    reader.end()
    return body, signature


def read_certificate(untrusted: bytes) -> Certificate:
    """Parse a certificate without verifying it; raises MalformedError."""
    return parse_certificate(split_certificate(untrusted)[0])


@dataclass(frozen=True)
class UntrustedObject:
    """A signed object that was parsed and not verified."""

    label: str
    certificate: bytes
    body: bytes
    signature: bytes


def parse_object(untrusted: bytes) -> UntrustedObject:
    """Parse a signed object; raises MalformedError."""
    reader = Reader(untrusted, "signed object")
    label = LABELS.get(reader.take(4))
    if label is None:
        reader.fail("format.not-signed-by-station")
    certificate = reader.lp(CERTIFICATE_MAX_BYTES)
    body = reader.lp()
    signature = reader.take(SIGNATURE_BYTES)
    reader.end()
    return UntrustedObject(label, certificate, body, signature)


def encode_object(label: str, certificate: bytes, body: bytes, signature: bytes) -> bytes:
    """Return the bytes of a signed object.

    Args:
        label: one of the values of LABELS.
        certificate: lp(body) ‖ signature of the station's certificate.
        body: the signed body.
        signature: 64 bytes.
    """
    return MAGICS[label] + lp(certificate) + lp(body) + signature


@dataclass(frozen=True)
class Head:
    """The first fields of every body that a station signs."""

    instance: bytes
    desk: str
    number: int
    made: int  # day

    def encode(self) -> bytes:
        """Return the first bytes of a body."""
        return self.instance + desk_name(self.desk) + u32(self.number) + u32(self.made)


def read_head(reader: Reader) -> Head:
    """Read the head from the front of a body; raises MalformedError."""
    return Head(reader.take(INSTANCE_BYTES), reader.desk(), reader.uint(4), reader.uint(4))


REVOCATION_MAGIC: Final = b"DBXV"


def encode_certificate_file(certificate: bytes, revocations: bytes) -> bytes:
    """Return the ceremony's file for a station: its certificate, and the list of revocations of the same day."""
    return lp(certificate) + lp(revocations)


def split_certificate_file(untrusted: bytes) -> tuple[bytes, bytes]:
    """Return (certificate, list of revocations) of a ceremony's file; raises MalformedError. Verifies nothing."""
    reader = Reader(untrusted, "certificate file")
    certificate, revocations = reader.lp(CERTIFICATE_MAX_BYTES), reader.lp()
    reader.end()
    return certificate, revocations


@dataclass(frozen=True)
class Revocations:
    """Keys that are no longer trusted under any certificate.

    Attributes:
        instance: 16 bytes.
        number: number of the list.
        made: day number on which the root signed the list.
        keys: day number of revocation by public key (32 bytes).
    """

    instance: bytes
    number: int
    made: int
    keys: Mapping[bytes, int]

    def encode(self) -> bytes:
        """Return the body that the root signs."""
        head = REVOCATION_MAGIC + u8(1) + self.instance + u32(self.number) + u32(self.made)
        return head + u16(len(self.keys)) + b"".join(key + u32(day) for key, day in sorted(self.keys.items()))

    def fits(self, other: "Revocations") -> bool:
        """Return whether one root can have signed both: the later one names every key of the other, on its day."""
        older, newer = sorted((self, other), key=lambda listed: listed.number)
        if older.number == newer.number:
            return older == newer
        return older.keys.items() <= newer.keys.items() and older.made <= newer.made


def parse_revocations(untrusted: bytes) -> tuple[Revocations, bytes, bytes]:
    """Return (list, body, signature); raises MalformedError. The signature is not verified here."""
    outer = Reader(untrusted, "revocations")
    outer.expect(REVOCATION_MAGIC)
    body = outer.lp()
    signature = outer.take(SIGNATURE_BYTES)
    outer.end()
    reader = Reader(body, "revocations")
    reader.expect(REVOCATION_MAGIC + u8(1))
    instance, number, made = reader.take(INSTANCE_BYTES), reader.uint(4), reader.uint(4)
    pairs = [(reader.take(PUBLIC_KEY_BYTES), reader.uint(4)) for _ in range(reader.uint(2))]
    reader.end()
    keys = dict(pairs)
    if [key for key, _ in pairs] != sorted(keys):
        reader.fail("format.key-order")
    if not 1 <= number <= REVOCATION_LISTS_MAX:
        reader.fail("format.number")
    if any(day > made for day in keys.values()):
        reader.fail("format.revoked-later")
    return Revocations(instance, number, made, keys), body, signature


def encode_revocations(body: bytes, signature: bytes) -> bytes:
    """Return the bytes of a signed revocation list."""
    return REVOCATION_MAGIC + lp(body) + signature


FILE_SIGNATURE_MAGIC: Final = b"DBXF"


@dataclass(frozen=True)
class FileSignature:
    """The root's signature (64 bytes) of one file, given by its SHA-256."""

    instance: bytes
    sha256: bytes
    signature: bytes

    def encode(self) -> bytes:
        """Return the bytes of a `.sig` file."""
        return FILE_SIGNATURE_MAGIC + u8(1) + self.instance + self.sha256 + self.signature


def parse_file_signature(untrusted: bytes) -> FileSignature:
    """Parse a `.sig` file; raises MalformedError. The signature is not verified here."""
    reader = Reader(untrusted, "file signature")
    reader.expect(FILE_SIGNATURE_MAGIC + u8(1))
    parts = FileSignature(reader.take(INSTANCE_BYTES), reader.take(HASH_BYTES), reader.take(SIGNATURE_BYTES))
    reader.end()
    return parts
