"""Vectors of FORMAT "Server certificate" and "Export". What is carried is opaque here: short bytes stand for blobs."""

import hashlib
from collections.abc import Iterator
from typing import Final

from construction import (
    EPOCH,
    INSTANCE,
    OTHER_INSTANCE,
    OTHER_ROOT,
    SERVER,
    STATIONS,
    TODAY,
    Signer,
    Vector,
    anchor,
    certificate,
    certificate_body,
    fixed,
    flipped,
    server_body,
    server_certificate,
    u8,
    u16,
    u32,
    u64,
)

BLOBS: Final = tuple(fixed(f"exported {at}", size) for at, size in enumerate((200, 300, 1)))
HELD: Final = ((EPOCH, 2), (EPOCH + 1, 1), (2**32 - 1, 4))
RETURNS: Final = ((b"irjen", 65_537), (b"itjen", 3))
HEAD_BYTES: Final = 33 + 4 + 66 + 64
NUMBER: Final = 2 * 65536 + 12  # of a certificate with serial 3
FRAME_BYTES: Final = 73


def _head(
    instance: bytes = INSTANCE,
    version: int = 1,
    number: int = NUMBER,
    day: int = TODAY,
    certificate: bytes | None = None,
) -> bytes:
    signed = server_certificate(server_body()) if certificate is None else certificate
    return b"DBXE" + u8(version) + instance + u64(number) + u32(day) + signed


def _blob(at: int, *, length: int | None = None) -> bytes:
    blob = BLOBS[at]
    size = len(blob) if length is None else length
    return b"\x01" + fixed(f"id {at}", 32) + u64(size) + hashlib.sha256(blob).digest() + blob


def _trailer(
    before: bytes,
    blobs: int,
    held: tuple[tuple[int, int], ...] = HELD,
    signer: Signer = SERVER,
    label: str = "export",
    instance: bytes = INSTANCE,
    returns: tuple[tuple[bytes, int], ...] = RETURNS,
) -> bytes:
    counts = b"".join(u32(epoch) + u32(count) for epoch, count in held)
    taken = b"".join(u8(len(desk)) + desk + u32(number) for desk, number in returns)
    body = before + b"\x02" + u16(len(held)) + counts + u8(len(returns)) + taken + u32(blobs)
    return body + hashlib.sha256(body).digest() + signer.sign(label, instance, body)


def certificates() -> Iterator[Vector]:
    """Family server-certificate/."""

    def vector(name: str, expect: str, comment: str, body: bytes, inputs: dict[str, str] | None = None) -> Vector:
        return Vector("server-certificate", name, expect, comment, inputs or {"anchor": anchor().hex()}, body)

    body = server_body()
    good = server_certificate(body)
    numbers = {"first": str(TODAY - 10), "last": str(TODAY + 390), "serial": "3"}
    usual = {"anchor": anchor().hex(), "server": SERVER.public.hex(), **numbers}
    yield vector("ok", "ok", "400 days", good, usual)
    demo = usual | {"anchor": anchor(use="demo").hex()}
    yield vector("ok-demo", "ok", "a demo of a demo's root", server_certificate(server_body(flags=1)), demo)
    station = certificate_body()
    bad = (
        ("empty", "malformed", "no bytes", b""),
        ("truncated", "malformed", "a byte of its signature is missing", good[:-1]),
        ("trailing-byte", "malformed", "a byte behind it", good + b"\x00"),
        ("version", "malformed", "version 2", server_certificate(server_body(version=2))),
        ("flags", "malformed", "an unknown flag", server_certificate(server_body(flags=2))),
        ("serial-zero", "malformed", "serial 0", server_certificate(server_body(serial=0))),
        ("serial-beyond", "malformed", "serial 65536", server_certificate(server_body(serial=65536))),
        ("station", "malformed", "a station's certificate", certificate(station)),
        ("body-trailing-byte", "malformed", "a byte behind the flags, signed", server_certificate(body + b"\x00")),
        ("signature-flipped", "signature", "a bit of its signature", flipped(good, -1)),
        ("other-root", "signature", "another root", server_certificate(body, OTHER_ROOT)),
        ("label", "signature", "signed under a station's label", server_certificate(body, label="certificate")),
        ("instance", "instance", "of another instance", server_certificate(server_body(instance=OTHER_INSTANCE))),
        ("use", "use", "a demo of a real root", server_certificate(server_body(flags=1))),
        ("days", "days", "401 days", server_certificate(server_body(TODAY - 10, TODAY + 391))),
        ("days-negative", "days", "ends before it begins", server_certificate(server_body(TODAY, TODAY - 1))),
    )
    for name, expect, comment, made in bad:
        yield vector(name, expect, comment, made)


def _unbelieved() -> Iterator[tuple[str, str, str, bytes, dict[str, str]]]:
    """(name, stage, comment, export, inputs) of whole exports whose word does not count."""
    outer, ended = server_certificate(server_body(serial=2)), server_certificate(server_body(TODAY - 20, TODAY - 1))
    yield "number-beyond", "number", "of the next serial", _trailer(_head(number=3 * 65536 + 1), 0), {}
    yield "number-before", "number", "of the serial before", _trailer(_head(number=2 * 65536), 0), {}
    yield "number-serial", "number", "its certificate has serial 2", _trailer(_head(certificate=outer), 0), {}
    yield "number-huge", "number", "2^64 - 1", _trailer(_head(number=2**64 - 1), 0), {}
    yield "signature-flipped", "signature", "a bit of its signature", flipped(_trailer(_head(), 0), -1), {}
    yield "signature-zero", "signature", "unsigned", _trailer(_head(), 0)[:-64] + bytes(64), {}
    yield "signature-station", "signature", "by a station", _trailer(_head(), 0, signer=STATIONS["itjen"]), {}
    yield "signature-label", "signature", "under the label return", _trailer(_head(), 0, label="return"), {}
    other = _trailer(_head(), 0, instance=OTHER_INSTANCE)
    yield "signature-instance", "signature", "for another instance", other, {}
    yield "revoked", "revoked", "the server's key", _trailer(_head(), 0), {"revoked": SERVER.public.hex()}
    yield "after-the-certificate", "date", "it was over", _trailer(_head(certificate=ended), 0), {}
    yield "before-the-certificate", "date", "before its first day", _trailer(_head(day=TODAY - 11), 0), {}
    yield "future", "future", "the day after tomorrow", _trailer(_head(), 0), {"today": str(TODAY - 2)}


def vectors() -> Iterator[Vector]:
    """Families server-certificate/ and export/."""
    yield from certificates()
    instance = {"instance": INSTANCE.hex(), "anchor": anchor().hex(), "today": str(TODAY), "revoked": ""}
    numbers = instance | {"number": str(NUMBER), "day": str(TODAY)}
    held = {"held": " ".join(f"{epoch}={count}" for epoch, count in HELD)}
    held["returns"] = " ".join(f"{desk.decode()}={number}" for desk, number in RETURNS)
    listed = {
        f"blob.{at}": f"{fixed(f'id {at}', 32).hex()} {len(blob)} {hashlib.sha256(blob).hexdigest()}"
        for at, blob in enumerate(BLOBS)
    }
    before = _head() + b"".join(_blob(at) for at in range(len(BLOBS)))
    good = _trailer(before, len(BLOBS))
    yield Vector("export", "ok", "ok", "three blobs", numbers | held | listed | {"good-blobs": "3"}, good)
    nothing = numbers | {"held": "", "returns": "", "good-blobs": "0"}
    empty = _trailer(_head(), 0, (), returns=())
    yield Vector("export", "ok-empty", "ok", "no blob, and no return was taken", nothing, empty)
    yield Vector("export", "ok-tomorrow", "ok", "dated tomorrow", nothing | {"today": str(TODAY - 1)}, empty)
    late = nothing | {"today": str(TODAY + 500)}
    yield Vector("export", "ok-late", "ok", "read when its certificate is over", late, empty)
    second = HEAD_BYTES + FRAME_BYTES + len(BLOBS[0])
    end = len(before)
    descending, repeated = HELD[::-1], (HELD[0], HELD[0])
    bad = (
        ("empty", "malformed", "no bytes", 0, b""),
        ("head-truncated", "malformed", "within the head", 0, good[: HEAD_BYTES - 1]),
        ("version", "malformed", "version 2", 0, _trailer(_head(version=2), 0)),
        ("magic", "malformed", "wrong magic", 0, b"DBXF" + good[4:]),
        ("other-instance", "malformed", "made by another instance", 0, _trailer(_head(OTHER_INSTANCE), 0)),
        ("no-trailer", "malformed", "ends behind the last blob", 3, before),
        ("truncated-frame", "malformed", "ends within the second blob's frame", 1, good[: second + 40]),
        ("truncated-blob", "malformed", "ends within the second blob", 1, good[: second + FRAME_BYTES + 299]),
        ("truncated-trailer", "malformed", "ends within the trailer", 3, good[: end + 10]),
        ("truncated-signature", "malformed", "a byte of its signature is missing", 3, good[:-1]),
        ("no-signature", "malformed", "it ends behind its hash", 3, good[:-64]),
        ("mark", "malformed", "an unknown mark for the second blob", 1, flipped(good, second, 2)),
        ("length-huge", "malformed", "a length of 2^64 - 1", 0, _head() + _blob(0, length=2**64 - 1)),
        ("length-short", "blob", "a length one too small", 0, _trailer(_head() + _blob(0, length=199), 1)),
        ("blob-flipped", "blob", "a bit of the second blob", 1, flipped(good, second + FRAME_BYTES + 5)),
        ("hash-flipped", "blob", "a bit of the second blob's hash", 1, flipped(good, second + 41)),
        ("trailer-flipped", "malformed", "a bit of a count", 3, flipped(good, end + 8)),
        ("trailer-hash-flipped", "malformed", "a bit of the last hash", 3, flipped(good, -65)),
        ("trailer-count", "malformed", "two blobs said, three there", 3, _trailer(before, 2)),
        ("trailer-unordered", "malformed", "epochs descend", 3, _trailer(before, 3, descending)),
        ("trailer-epoch-twice", "malformed", "an epoch twice", 3, _trailer(before, 3, repeated)),
        ("trailer-desks", "malformed", "desks descend", 3, _trailer(before, 3, returns=RETURNS[::-1])),
        ("trailer-desk-twice", "malformed", "a desk twice", 3, _trailer(before, 3, returns=(RETURNS[0], RETURNS[0]))),
        ("trailer-desk-name", "malformed", "no name of a desk", 3, _trailer(before, 3, returns=((b"Itjen", 1),))),
        ("trailing-byte", "malformed", "a byte behind the trailer", 3, good + b"\x00"),
        ("frame-id-flipped", "malformed", "a bit of an id: seen at the end alone", 3, flipped(good, second + 1)),
    )
    for name, expect, comment, intact, body in bad:
        yield Vector("export", name, expect, comment, instance | {"good-blobs": str(intact)}, body)
    for name, expect, comment, body, more in _unbelieved():
        yield Vector("export", name, expect, comment, instance | {"good-blobs": "0"} | more, body)
