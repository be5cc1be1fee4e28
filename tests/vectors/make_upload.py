"""Vectors of FORMAT "Container", and of EXCHANGE "What a server checks of a blob" and "Ids and digests" with fields."""

from collections.abc import Iterator, Mapping
from typing import Final

from construction import (
    EPOCH,
    INSTANCE,
    OTHER_INSTANCE,
    TODAY,
    Vector,
    fixed,
    lp,
    make_secret,
    record,
    u8,
    u16,
    u32,
    u64,
)

LENGTH: Final = 26 + 1168 + 32 + 24 + 16384 + 17  # of one slot, in the smallest bucket
FIRST_DAY: Final = 4 + 7 * EPOCH


def _entry(at: int, length: int = LENGTH, size: int | None = None) -> bytes:
    blob = fixed(f"contained {at}", LENGTH if size is None else size)
    return fixed(f"contained id {at}", 32) + fixed(f"contained digest {at}", 32) + u64(length) + blob


def _head(count: int, instance: bytes = INSTANCE, version: int = 1) -> bytes:
    return b"DBXQ" + u8(version) + instance + u16(count)


def containers() -> Iterator[Vector]:
    """Family container/. What is carried is opaque here."""

    def vector(name: str, expect: str, comment: str, body: bytes, whole: int) -> Vector:
        inputs = {"instance": INSTANCE.hex(), "good-blobs": str(whole)}
        ids = {f"blob.{at}": f"{_entry(at)[:32].hex()} {_entry(at)[32:64].hex()} {LENGTH}" for at in range(whole)}
        return Vector("container", name, expect, comment, inputs | ids, body)

    good = _head(2) + _entry(0) + _entry(1)
    yield vector("ok", "ok", "two blobs", good, 2)
    yield vector("ok-one", "ok", "a text alone", _head(1) + _entry(0), 1)
    bad = (
        ("empty", "no bytes", b"", 0),
        ("magic", "another magic", b"DBXB" + good[4:], 0),
        ("version", "version 2", _head(2, version=2) + good[23:], 0),
        ("instance", "another instance", _head(2, OTHER_INSTANCE) + good[23:], 0),
        ("none", "no blob", _head(0), 0),
        ("count-22", "22 blobs", _head(22) + _entry(0), 0),
        ("head-short", "its head ends early", good[:22], 0),
        ("length-none", "a length of no blob", _head(1) + _entry(0, 100, 100), 0),
        ("length-more", "a byte more than a blob has", _head(1) + _entry(0, LENGTH + 1, LENGTH + 1), 0),
        ("length-huge", "a length of 2^64 - 1", _head(1) + _entry(0, 2**64 - 1), 0),
        ("frame-short", "ends within the second blob's head", good[: 23 + 72 + LENGTH + 40], 1),
        ("blob-short", "ends within the second blob", good[:-1], 1),
        ("blob-missing", "two are said, one is there", good[: 23 + 72 + LENGTH], 1),
        ("trailing-byte", "a byte behind the last blob", good + b"\x00", 2),
    )
    for name, comment, body, whole in bad:
        yield vector(name, "malformed", comment, body, whole)


def accepted() -> Iterator[Vector]:
    """Family accepted/: the first bytes and the length of a blob, at a server."""

    def vector(
        name: str,
        expect: str,
        comment: str,
        front: bytes,
        *,
        today: int = TODAY,
        slots: str = "2",
        length: int | None = None,
    ) -> Vector:
        said = LENGTH + 1168 if length is None else length
        inputs = {"instance": INSTANCE.hex(), "today": str(today), "slots": slots, "length": str(said)}
        return Vector("accepted", name, expect, comment, inputs, front)

    def front(slots: int = 2, epoch: int = EPOCH, instance: bytes = INSTANCE, version: int = 1) -> bytes:
        return b"DBXB" + u8(version) + u8(slots) + u32(epoch) + instance

    last = FIRST_DAY + 6
    yield vector("ok", "ok", "this week's", front())
    yield vector("ok-eve", "ok", "on the day before its epoch", front(), today=FIRST_DAY - 1)
    yield vector("ok-late", "ok", "seven days after its epoch", front(), today=last + 7)
    more = vector("ok-revoked", "ok", "sealed before a desk was revoked", front(), slots="1 2")
    yield more
    largest = 26 + 1168 * 2 + 32 + 24 + 2**29 + 65536 + 17 * (2**13 + 1)
    yield vector("ok-largest", "ok", "the largest bucket", front(), length=largest)
    bad = (
        ("short", "malformed", "25 bytes", front()[:-1]),
        ("magic", "malformed", "another magic", b"DBXC" + front()[4:]),
        ("version", "malformed", "version 2", front(version=2)),
        ("instance", "malformed", "another instance", front(instance=OTHER_INSTANCE)),
        ("slots-0", "malformed", "no slot", front(slots=0)),
        ("slots-9", "malformed", "nine slots", front(slots=9)),
    )
    for name, expect, comment, body in bad:
        yield vector(name, expect, comment, body)
    yield vector("length", "malformed", "a byte less than any blob has", front(), length=LENGTH + 1167)
    yield vector("length-other-slots", "malformed", "the length of one slot", front(), length=LENGTH)
    yield vector("length-largest-more", "malformed", "longer than any blob", front(), length=largest + 1)
    yield vector("slots", "slots", "two slots where there are three desks", front(), slots="3")
    yield vector("slots-fewer", "slots", "one slot where there are two desks", front(1), length=LENGTH)
    yield vector("early", "early", "two days before its epoch", front(), today=FIRST_DAY - 2)
    yield vector("early-2106", "early", "the last epoch of u32", front(epoch=2**32 - 1))
    yield vector("ended", "ended", "eight days after its epoch", front(), today=last + 8)


def digests() -> Iterator[Vector]:
    """Family digest/: a message's fields or file, its id and its digest."""
    secret = make_secret("first", INSTANCE)

    def vector(name: str, comment: str, kind: str, nonce: bytes, typed: Mapping[str, str], content: bytes) -> Vector:
        blob_id = secret.blob_id(nonce)
        inputs = {
            "code": secret.code,
            "words": secret.words,
            "instance": INSTANCE.hex(),
            "desk": secret.desk,
            "kind": kind,
            "nonce": nonce.hex(),
            **{f"typed.{key}": value.encode().hex() for key, value in typed.items()},
            "content": content.hex(),
            "id": blob_id.hex(),
            "digest": secret.digest(blob_id, content).hex(),
        }
        return Vector("digest", name, "ok", comment, inputs, b"bytes of the file" if kind == "file" else b"")

    def text(name: str, comment: str, kind: str, nonce: bytes, typed: Mapping[str, str]) -> Vector:
        named = {**{key: value.encode() for key, value in typed.items()}, "kind": kind.encode(), "desk": b"itjen"}
        return vector(name, comment, kind, nonce, typed, record(sorted(named.items())))

    report = {
        "channel": "wbs",
        "category": "korupsi",
        "what": "Uang „pelicin“",
        "who": "Kepala",
        "where": "Kanwil",
        "when": "",
        "protection": "legal",
        "identity": "Nama",
        "x-amount": "5 juta",
    }
    yield text(
        "ok-report", "kind, desk and all that the reporter typed, an empty field too", "report", bytes(16), report
    )
    form = fixed("digest form", 12)
    act = {"what": "", "act": "withdraw"}
    yield text("ok-addition", "an addition with an act", "addition", form + u16(0) + u16(1), act)
    file = {"name": "foto “bukti”.jpg", "type": "image/jpeg"}
    content = lp(file["name"].encode()) + lp(file["type"].encode()) + b"bytes of the file"
    yield vector("ok-file", "a file: name, type, bytes", "file", form + u16(3) + u16(0), file, content)


def vectors() -> Iterator[Vector]:
    """Families container/, accepted/ and digest/."""
    yield from containers()
    yield from accepted()
    yield from digests()
