"""Verify what the root signs: anchor, certificates, revocations, files (FORMAT.md, "Keys of the inspectorate").

Steps run in the text's order, and the first that fails names the stage.
"""

import re
from dataclasses import dataclass, replace

from .grammar import DESK, Cursor, ascending, need
from .primitives import hash_, sha256, signature_holds

_ANCHOR = re.compile(
    rb"dropbox root key v1\ninstance: ([0-9a-f]{32})\nkey: ([0-9a-f]{64})\n"
    rb"use: (real|demo)\nnot after: (0|[1-9][0-9]{0,6})\n"
)
_INSTANCE = rb"instance: ([0-9a-f]{32})\n"
_STATION_REQUEST = re.compile(
    rb"dropbox station request v1\ndesk: ([a-z][a-z0-9-]{0,15})\n" + _INSTANCE + rb"station: ([0-9a-f]{64})\n"
)
_SERVER_REQUEST = re.compile(rb"dropbox server request v1\n" + _INSTANCE + rb"server: ([0-9a-f]{64})\n")
CERTIFICATE_MAX = 512
OLD_LIST_DAYS = 100


@dataclass(frozen=True)
class Anchor:
    """The pinned root.pub."""

    instance: bytes
    key: bytes
    use: str
    last: int
    fingerprint: bytes


@dataclass(frozen=True)
class Trust:
    """Against what a reader verifies: its anchor, the station keys that it knows as revoked, its day (days since 1970).

    `ahead` is how many days a *made* may lie in the future: 1, or 2 for a reader with a person's own clock.
    """

    anchor: Anchor
    today: int
    revoked: frozenset[bytes] = frozenset()
    ahead: int = 1

    def on(self, day: int) -> "Trust":
        return replace(self, today=day)


@dataclass(frozen=True)
class Certificate:
    """A station's certificate, verified but perhaps for its days."""

    desk: str
    station: bytes
    first: int
    last: int
    serial: int
    successor: bool

    def holds(self, day: int) -> bool:
        return self.first <= day <= self.last

    def numbers(self, number: int) -> bool:
        """Tell whether a number is one of those that this certificate can give out."""
        return 65536 * (self.serial - 1) < number <= 65536 * self.serial


@dataclass(frozen=True)
class Revocations:
    """A list of revocations: the day of each revoked station key."""

    number: int
    made: int
    keys: dict[bytes, int]

    def check_age(self, trust: Trust) -> None:
        """Stop at `list` when the list is old or of a day to come."""
        need(trust.today - OLD_LIST_DAYS <= self.made <= trust.today + trust.ahead, "list")


@dataclass(frozen=True)
class ServerCertificate:
    """The certificate of the key that signs exports."""

    server: bytes
    first: int
    last: int
    serial: int


def read_anchor(data: bytes) -> Anchor:
    """Read root.pub. Raises Stop(malformed)."""
    match = _ANCHOR.fullmatch(data)
    need(match is not None, "malformed")
    assert match is not None
    instance, key, use, last = match.groups()
    return Anchor(
        bytes.fromhex(instance.decode()),
        bytes.fromhex(key.decode()),
        use.decode(),
        int(last),
        hash_("root fingerprint", data),
    )


def _split(data: bytes, magic: bytes = b"") -> tuple[bytes, bytes]:
    cursor = Cursor(data)
    cursor.expect(magic)
    body, signature = cursor.lp(), cursor.take(64)
    cursor.end()
    return body, signature


def verify_certificate(data: bytes, trust: Trust, *, dated: bool = True) -> Certificate:
    """Verify a station's certificate in eight steps; `dated=False` leaves out the last alone. Raises Stop."""
    body, signature = _split(data)
    need(len(body) <= CERTIFICATE_MAX, "malformed")
    anchor = trust.anchor
    need(signature_holds(anchor.key, "certificate", anchor.instance, body, signature), "signature")
    cursor = Cursor(body)
    cursor.expect(b"DBXC\1")
    instance, desk, station = cursor.take(16), cursor.ascii(DESK), cursor.take(32)
    first, last, serial, flags = cursor.u32(), cursor.u32(), cursor.u32(), cursor.u8()
    cursor.end()
    need(1 <= serial <= 65535 and flags < 4, "malformed")
    need(instance == anchor.instance, "instance")
    need((flags & 1 == 1) == (anchor.use == "demo"), "use")
    need(0 <= last - first <= 100, "days")
    need(station not in trust.revoked, "revoked")
    need(trust.today <= anchor.last, "root-expired")
    certificate = Certificate(desk, station, first, last, serial, flags & 2 == 2)
    need(not dated or certificate.holds(trust.today), "date")
    return certificate


def verify_revocations(data: bytes, anchor: Anchor) -> Revocations:
    """Verify a list of revocations, whatever its age. Raises Stop: malformed, signature, instance."""
    body, signature = _split(data, b"DBXV")
    cursor = Cursor(body)
    cursor.expect(b"DBXV\1")
    instance, number, made = cursor.take(16), cursor.u32(), cursor.u32()
    rows = [(cursor.take(32), cursor.u32()) for _ in range(cursor.u16())]
    cursor.end()
    need(1 <= number <= 65535, "malformed")
    need(ascending([key for key, _ in rows]), "malformed")
    need(all(day <= made for _, day in rows), "malformed")
    need(signature_holds(anchor.key, "revocations", anchor.instance, body, signature), "signature")
    need(instance == anchor.instance, "instance")
    return Revocations(number, made, dict(rows))


def verify_server_certificate(data: bytes, anchor: Anchor) -> ServerCertificate:
    """Verify a server certificate in five steps; its days are judged with the export's. Raises Stop."""
    body, signature = _split(data)
    cursor = Cursor(body)
    cursor.expect(b"DBXW\1")
    instance, server = cursor.take(16), cursor.take(32)
    first, last, serial, flags = cursor.u32(), cursor.u32(), cursor.u32(), cursor.u8()
    cursor.end()
    need(1 <= serial <= 65535 and flags < 2, "malformed")
    need(signature_holds(anchor.key, "server certificate", anchor.instance, body, signature), "signature")
    need(instance == anchor.instance, "instance")
    need((flags & 1 == 1) == (anchor.use == "demo"), "use")
    need(0 <= last - first <= 400, "days")
    return ServerCertificate(server, first, last, serial)


def split_certificate_file(data: bytes) -> tuple[bytes, bytes]:
    """Take apart what the ceremony gives out: certificate and list. Raises Stop(malformed)."""
    cursor = Cursor(data)
    certificate, listed = cursor.lp(), cursor.lp()
    cursor.end()
    need(len(certificate) <= CERTIFICATE_MAX, "malformed")
    return certificate, listed


def read_certificate_file(data: bytes, trust: Trust) -> tuple[Certificate, Revocations]:
    """Verify what the ceremony gives out: the list, its day, and the certificate with that list. Raises Stop."""
    certificate, listed = split_certificate_file(data)
    revocations = verify_revocations(listed, trust.anchor)
    revocations.check_age(trust)
    known = replace(trust, revoked=trust.revoked | revocations.keys.keys())
    return verify_certificate(certificate, known), revocations


def read_station_request(data: bytes) -> tuple[str, bytes, bytes]:
    """What a workstation carries to the ceremony: desk, instance, public key. Raises Stop(malformed)."""
    match = _STATION_REQUEST.fullmatch(data)
    need(match is not None, "malformed")
    assert match is not None
    desk, instance, key = (group.decode() for group in match.groups())
    return desk, bytes.fromhex(instance), bytes.fromhex(key)


def read_server_request(data: bytes) -> tuple[bytes, bytes]:
    """What the server carries to the ceremony: instance, public key. Raises Stop(malformed)."""
    match = _SERVER_REQUEST.fullmatch(data)
    need(match is not None, "malformed")
    assert match is not None
    instance, key = (group.decode() for group in match.groups())
    return bytes.fromhex(instance), bytes.fromhex(key)


def verify_file(data: bytes, signature: bytes, anchor: Anchor) -> None:
    """Verify the root's word about a file. Raises Stop: malformed, instance, file, signature."""
    cursor = Cursor(signature)
    cursor.expect(b"DBXF\1")
    instance, digest, word = cursor.take(16), cursor.take(32), cursor.take(64)
    cursor.end()
    need(instance == anchor.instance, "instance")
    need(digest == sha256(data), "file")
    need(signature_holds(anchor.key, "file", anchor.instance, data, word), "signature")
