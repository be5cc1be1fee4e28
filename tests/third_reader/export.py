"""Read exports and containers: blobs before a damaged place are good, only a whole export counts (FORMAT.md)."""

from dataclasses import dataclass, field

from .blob import BUCKETS, blob_length
from .grammar import DESK, Cursor, Stop, ascending, need, u32
from .primitives import sha256, signature_holds
from .root import ServerCertificate, Trust, verify_server_certificate

CERTIFICATE = 134
BLOB_LENGTHS = {blob_length(slots, bucket) for slots in range(1, 9) for bucket in BUCKETS}


@dataclass
class Export:
    """What a reader got of an export. `stage` is None when it counts, else where it stopped."""

    number: int = 0
    day: int = 0
    blobs: list[tuple[bytes, bytes]] = field(default_factory=list)
    held: list[tuple[int, int]] = field(default_factory=list)
    returns: list[tuple[str, int]] = field(default_factory=list)
    stage: str | None = None


def read_export(data: bytes, trust: Trust, newest: tuple[int, int] = (-1, -1)) -> Export:
    """Read an export; `newest` is day and number of the newest one that counted. Never raises: see `Export.stage`."""
    export = Export()
    try:
        _read(data, trust, newest, export)
    except Stop as stop:
        export.stage = stop.stage
    return export


def _read(data: bytes, trust: Trust, newest: tuple[int, int], export: Export) -> None:
    cursor = Cursor(data)
    cursor.expect(b"DBXE\1")
    cursor.expect(trust.anchor.instance)
    export.number, export.day = cursor.u64(), cursor.u32()
    certificate = verify_server_certificate(cursor.take(CERTIFICATE), trust.anchor)
    while (mark := cursor.u8()) == 1:
        blob_id, length, digest = cursor.take(32), cursor.u64(), cursor.take(32)
        blob = cursor.take(length)
        need(sha256(blob) == digest, "blob")
        export.blobs.append((blob_id, blob))
    need(mark == 2, "malformed")
    export.held = [(cursor.u32(), cursor.u32()) for _ in range(cursor.u16())]
    need(ascending([u32(epoch) for epoch, _ in export.held]), "malformed")
    export.returns = [(cursor.ascii(DESK), cursor.u32()) for _ in range(cursor.u8())]
    need(ascending([desk.encode() for desk, _ in export.returns]), "malformed")
    need(cursor.u32() == len(export.blobs), "malformed")
    before = data[: cursor.at]
    need(cursor.take(32) == sha256(before), "malformed")
    signature = cursor.take(64)
    cursor.end()
    _judge(export, certificate, trust, before, signature)
    need((export.day, export.number) > newest, "newer")


def _judge(export: Export, certificate: ServerCertificate, trust: Trust, body: bytes, signature: bytes) -> None:
    """Steps 2 to 6. Raises Stop."""
    need(65536 * (certificate.serial - 1) < export.number <= 65536 * certificate.serial, "number")
    need(signature_holds(certificate.server, "export", trust.anchor.instance, body, signature), "signature")
    need(certificate.server not in trust.revoked, "revoked")
    need(certificate.first <= export.day <= certificate.last and export.day <= trust.anchor.last, "date")
    need(export.day <= trust.today + 1, "future")


@dataclass
class Container:
    """Id, digest and bytes of each blob that came whole. `stage` is None for a whole container."""

    blobs: list[tuple[bytes, bytes, bytes]] = field(default_factory=list)
    stage: str | None = None


def read_container(data: bytes, instance: bytes) -> Container:
    """Read laporan.dbx, the text first. Never raises: see `Container.stage`."""
    container = Container()
    try:
        _read_container(data, instance, container)
    except Stop as stop:
        container.stage = stop.stage
    return container


def _read_container(data: bytes, instance: bytes, container: Container) -> None:
    cursor = Cursor(data)
    cursor.expect(b"DBXQ\1")
    cursor.expect(instance)
    count = cursor.u16()
    need(1 <= count <= 21, "malformed")
    for _ in range(count):
        blob_id, digest, length = cursor.take(32), cursor.take(32), cursor.u64()
        need(length in BLOB_LENGTHS, "malformed")
        container.blobs.append((blob_id, digest, cursor.take(length)))
    cursor.end()
