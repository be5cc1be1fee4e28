"""Vectors of FORMAT "Export". What is carried is opaque here: short bytes stand for blobs."""

import hashlib
from collections.abc import Iterator
from typing import Final

from construction import EPOCH, INSTANCE, OTHER_INSTANCE, TODAY, Vector, fixed, flipped, u8, u16, u32, u64

BLOBS: Final = tuple(fixed(f"exported {at}", size) for at, size in enumerate((200, 300, 1)))
HELD: Final = ((EPOCH, 2), (EPOCH + 1, 1), (2**32 - 1, 4))
HEAD_BYTES: Final = 33
FRAME_BYTES: Final = 73


def _head(instance: bytes = INSTANCE, version: int = 1) -> bytes:
    return b"DBXE" + u8(version) + instance + u64(12) + u32(TODAY)


def _blob(at: int, *, length: int | None = None) -> bytes:
    blob = BLOBS[at]
    size = len(blob) if length is None else length
    return b"\x01" + fixed(f"id {at}", 32) + u64(size) + hashlib.sha256(blob).digest() + blob


def _trailer(before: bytes, blobs: int, held: tuple[tuple[int, int], ...] = HELD) -> bytes:
    counts = b"".join(u32(epoch) + u32(count) for epoch, count in held)
    rest = b"\x02" + u16(len(held)) + counts + u32(blobs)
    return before + rest + hashlib.sha256(before + rest).digest()


def vectors() -> Iterator[Vector]:
    """Family export/."""
    instance = {"instance": INSTANCE.hex()}
    numbers = instance | {"number": "12", "day": str(TODAY)}
    held = {"held": " ".join(f"{epoch}={count}" for epoch, count in HELD)}
    listed = {
        f"blob.{at}": f"{fixed(f'id {at}', 32).hex()} {len(blob)} {hashlib.sha256(blob).hexdigest()}"
        for at, blob in enumerate(BLOBS)
    }
    before = _head() + b"".join(_blob(at) for at in range(len(BLOBS)))
    good = _trailer(before, len(BLOBS))
    yield Vector("export", "ok", "ok", "three blobs", numbers | held | listed | {"good-blobs": "3"}, good)
    nothing = numbers | {"held": "", "good-blobs": "0"}
    yield Vector("export", "ok-empty", "ok", "no blob", nothing, _trailer(_head(), 0, ()))
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
        ("truncated-hash", "malformed", "a byte of its hash is missing", 3, good[:-1]),
        ("mark", "malformed", "an unknown mark for the second blob", 1, flipped(good, second, 2)),
        ("length-huge", "malformed", "a length of 2^64 - 1", 0, _head() + _blob(0, length=2**64 - 1)),
        ("length-short", "blob", "a length one too small", 0, _trailer(_head() + _blob(0, length=199), 1)),
        ("blob-flipped", "blob", "a bit of the second blob", 1, flipped(good, second + FRAME_BYTES + 5)),
        ("hash-flipped", "blob", "a bit of the second blob's hash", 1, flipped(good, second + 41)),
        ("trailer-flipped", "malformed", "a bit of a count", 3, flipped(good, end + 8)),
        ("trailer-hash-flipped", "malformed", "a bit of the last hash", 3, flipped(good, -1)),
        ("trailer-count", "malformed", "two blobs said, three there", 3, _trailer(before, 2)),
        ("trailer-unordered", "malformed", "epochs descend", 3, _trailer(before, 3, descending)),
        ("trailer-epoch-twice", "malformed", "an epoch twice", 3, _trailer(before, 3, repeated)),
        ("trailing-byte", "malformed", "a byte behind the trailer", 3, good + b"\x00"),
        ("frame-id-flipped", "malformed", "a bit of an id: seen at the end alone", 3, flipped(good, second + 1)),
    )
    for name, expect, comment, intact, body in bad:
        yield Vector("export", name, expect, comment, instance | {"good-blobs": str(intact)}, body)
