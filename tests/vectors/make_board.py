"""Vectors of FORMAT "Answer board": boards, and the timeline that one secret finds on them."""

from collections.abc import Iterable, Iterator
from typing import Final

import nacl.bindings as sodium
from construction import (
    INSTANCE,
    LABEL,
    NUMBER,
    STATIONS,
    TODAY,
    Vector,
    certificate,
    certificate_body,
    fixed,
    flipped,
    head,
    lp,
    make_secret,
    prf,
    record,
    signed,
    u8,
    u16,
    u32,
)
from make_signed import given, object_failures

SECRET: Final = make_secret("first", INSTANCE)
STRANGER: Final = make_secret("second", INSTANCE)
CELL: Final = 2104
DATA: Final = 2044
Entry = dict[str, bytes]

RECEIVED: Final[Entry] = {"day": u32(TODAY - 3), "kind": b"received", "texts": u32(1), "files": u32(2)}
STATUS: Final[Entry] = {"day": u32(TODAY - 2), "kind": b"status", "status": b"TELAAH", "next": u32(TODAY + 14)}
ANSWER: Final[Entry] = {
    "day": u32(TODAY),
    "kind": b"message",
    "text": "\ufeffTerima kasih — laporan Anda kami telaah. 🙏\nKapan kejadiannya?".encode(),
}
LONG: Final[Entry] = {"day": u32(TODAY), "kind": b"message", "text": "Jawaban panjang é. ".encode() * 150}


def timeline(entries: list[Entry]) -> bytes:
    """u16(n) ‖ n × lp(record)."""
    return u16(len(entries)) + b"".join(lp(record(sorted(entry.items()))) for entry in entries)


def parts_of(data: bytes) -> list[bytes]:
    """Plaintexts of 2048 bytes."""
    pieces = [data[at : at + DATA] for at in range(0, len(data), DATA)]
    return [
        (u8(at) + u8(len(pieces)) + u16(len(piece)) + piece).ljust(2048, b"\x00") for at, piece in enumerate(pieces)
    ]


def tag(part: int, desk: str = "itjen", number: int = NUMBER) -> bytes:
    """16 bytes."""
    return prf(SECRET.key("tag key"), "tag", desk.encode(), u32(number), u8(part))[:16]


def cell(part: int, plaintext: bytes, ad_part: int | None = None, number: int = NUMBER) -> bytes:
    """Tag ‖ nonce ‖ sealed."""
    nonce = fixed(f"cell nonce {part} {plaintext[:4].hex()}", 24)
    fields = (LABEL + b"cell", INSTANCE, b"itjen", u32(number), u8(part if ad_part is None else ad_part))
    key = prf(SECRET.key("answer key"), "cell")
    sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, b"".join(map(lp, fields)), nonce, key)
    return tag(part) + nonce + sealed


def cells_of(plaintexts: Iterable[bytes]) -> list[bytes]:
    """One cell for each part."""
    return [cell(part, plaintext) for part, plaintext in enumerate(plaintexts)]


def dummies(count: int) -> list[bytes]:
    """Cells that are nobody's."""
    return [fixed(f"dummy {at}", CELL) for at in range(count)]


def body_of(
    cells: Iterable[bytes], shard: int = 0, shards: int = 1, count: int | None = None, made: int = TODAY
) -> bytes:
    """A board in the order of its tags."""
    ordered = sorted(cells)
    return (
        head(made=made) + u16(shard) + u16(shards) + u32(len(ordered) if count is None else count) + b"".join(ordered)
    )


def _raw(cells: list[bytes], shard: int = 0, shards: int = 1, count: int | None = None) -> bytes:
    """A board in the order given."""
    return head() + u16(shard) + u16(shards) + u32(len(cells) if count is None else count) + b"".join(cells)


def _inputs() -> dict[str, str]:
    return given() | {
        "label": "board",
        "instance": INSTANCE.hex(),
        "desk": "itjen",
        "tag-key": SECRET.key("tag key").hex(),
        "answer-key": SECRET.key("answer key").hex(),
    }


def _entries(entries: list[Entry]) -> dict[str, str]:
    lines = {"number": str(NUMBER), "made": str(TODAY), "timeline": timeline(entries).hex()}
    for at, entry in enumerate(entries):
        lines |= {f"entry.{at}.{name}": value.hex() for name, value in sorted(entry.items())}
    return lines


def _good() -> Iterator[Vector]:
    def vector(name: str, comment: str, entries: list[Entry], body: bytes) -> Vector:
        return Vector("board", f"ok-{name}", "ok", comment, _inputs() | _entries(entries), signed("board", body))

    short = [RECEIVED, STATUS, ANSWER]
    yield vector("one-part", "64 cells, one is ours", short, body_of(cells_of(parts_of(timeline(short))) + dummies(63)))
    long = [RECEIVED, LONG]
    yield vector("two-parts", "64 cells, two are ours", long, body_of(cells_of(parts_of(timeline(long))) + dummies(62)))
    yield vector("no-entry", "an empty timeline", [], body_of(cells_of(parts_of(timeline([]))) + dummies(3)))
    room = DATA - len(timeline([{**STATUS, "text": b""}]))
    exact = [{**STATUS, "text": b"x" * room}]
    yield vector("full-part", "one part, full", exact, body_of(cells_of(parts_of(timeline(exact))) + dummies(3)))
    later: Entry = {**STATUS, "zukunft": b"x"}
    yield vector("unknown-name", "a name of a later version", [later], body_of(cells_of(parts_of(timeline([later])))))
    ours = cells_of(parts_of(timeline(short)))
    inputs = _inputs() | _entries(short) | {"shard": "2", "shards": "4"}
    sharded = signed("board", body_of(ours + dummies(3), 2, 4))
    yield Vector("board", "ok-shard", "ok", "shard 2 of four", inputs, sharded)


def _broken_boards() -> Iterator[tuple[str, str, bytes]]:
    cells = sorted(cells_of(parts_of(timeline([STATUS]))) + dummies(2))
    alike = cells[1][:16] + cells[2][16:]
    yield "cells-unordered", "two cells exchanged", _raw([cells[1], cells[0], cells[2]])
    yield "tag-twice", "two cells of one tag", _raw([cells[0], *sorted((cells[1], alike))])
    yield "cell-count-high", "one cell too few", _raw(cells, count=4)
    yield "cell-count-low", "one cell too many", _raw(cells, count=2)
    yield "cell-count-huge", "2^32 - 1 cells", _raw(cells, count=2**32 - 1)
    yield "cell-short", "a cell of 2103 bytes", _raw([cells[0], cells[1], cells[2][:-1]])
    yield "shards-0", "no shard", _raw(cells, 0, 0)
    yield "shards-256", "more shards than a board of 16384 cells has", _raw(cells, 0, 256)
    many = sorted(dummies(129))
    yield "cells-129", "more cells than a shard has", _raw(many)
    yield "shards-3", "no power of two", _raw(cells, 0, 3)
    yield "shard-too-high", "shard 1 of 1", _raw(cells, 1, 1)


def _broken_cells() -> Iterator[tuple[str, str, str, list[bytes]]]:
    plain = parts_of(timeline([STATUS]))[0]
    good = cell(0, plain)
    data = timeline([STATUS])
    long = parts_of(timeline([LONG]))
    yield "cell-flipped", "cell", "a bit of the sealed part", [flipped(good, 100)]
    yield "cell-nonce-flipped", "cell", "a bit of the nonce", [flipped(good, 16)]
    yield "cell-of-other-board", "cell", "sealed for the board before", [cell(0, plain, number=NUMBER - 1)]
    yield "cell-of-other-part", "cell", "sealed as part 1, shown as part 0", [cell(0, plain, ad_part=1)]
    yield "part-missing", "part", "part 1 of two is not there", [cell(0, long[0])]
    # The third cell is there: who takes the last word on the number of parts would read on without a complaint.
    third = cell(2, (u8(2) + u8(3)).ljust(2048, b"\x00"))
    disagree = [cell(0, long[0]), cell(1, u8(1) + u8(3) + long[1][2:]), third]
    yield "parts-disagree", "part", "part 1 says three parts", disagree
    yield (
        "part-number-beyond",
        "timeline",
        "the only part says that it is part 1 of 1",
        [cell(0, u8(1) + u8(1) + plain[2:])],
    )
    second = parts_of(timeline([LONG]))[1]
    beyond = [cell(0, long[0]), cell(1, u8(1) + u8(1) + second[2:])]
    yield "part-beyond", "timeline", "part 1 says that there is one part", beyond
    yield "part-number", "timeline", "part 0 says that it is part 1", [cell(0, u8(1) + u8(2) + plain[2:])]
    yield "parts-0", "timeline", "no part", [cell(0, u8(0) + u8(0) + plain[2:])]
    yield "parts-65", "timeline", "65 parts", [cell(0, u8(0) + u8(65) + plain[2:])]
    yield "part-length", "timeline", "2045 bytes of data", [cell(0, plain[:2] + u16(2045) + plain[4:])]
    yield "part-padding", "timeline", "a last byte that is not zero", [cell(0, plain[:-1] + b"\x01")]
    bent = (
        ("timeline-trailing", "a byte behind the last entry", data + b"\x00"),
        ("timeline-count", "one entry more is announced", u16(2) + data[2:]),
        ("timeline-empty", "no bytes", None),
        ("timeline-no-day", "an entry without a day", timeline([{"kind": b"message", "text": b"x"}])),
        ("timeline-no-kind", "an entry without a kind", timeline([{"day": u32(TODAY)}])),
        ("timeline-short-day", "a day of three bytes", timeline([{**STATUS, "day": bytes(3)}])),
        ("timeline-short-next", "a next day of three bytes", timeline([{**STATUS, "next": bytes(3)}])),
        ("timeline-other-kind", "an entry of an unknown kind", timeline([{**STATUS, "kind": b"note"}])),
        ("timeline-critical", "a name that a later version demands", timeline([{**STATUS, "must-know": b"x"}])),
        ("timeline-foreign-name", "a name with a capital letter", timeline([{**STATUS, "Next": b""}])),
        ("timeline-unordered", "names of an entry out of order", u16(1) + lp(record(sorted(STATUS.items())[::-1]))),
        ("timeline-kind-not-utf8", "a kind that is not UTF-8", timeline([{**STATUS, "kind": b"\xff"}])),
        ("timeline-status-not-utf8", "a status that is not UTF-8", timeline([{**STATUS, "status": b"\xff"}])),
        ("timeline-long-texts", "a count of five bytes", timeline([{**RECEIVED, "texts": bytes(5)}])),
        ("timeline-short-files", "a count of three bytes", timeline([{**RECEIVED, "files": bytes(3)}])),
        ("timeline-not-utf8", "a text that is not UTF-8", timeline([{**STATUS, "text": b"\xff"}])),
    )
    for name, comment, broken in bent:
        plaintexts = [(u8(0) + u8(1)).ljust(2048, b"\x00")] if broken is None else parts_of(broken)
        yield name, "timeline", comment, cells_of(plaintexts)


def _shard(
    cells: list[bytes], shard: int = 0, shards: int = 1, desk: str = "itjen", number: int = NUMBER, made: int = TODAY
) -> bytes:
    body = head(desk, number, made) + u16(shard) + u16(shards) + u32(len(cells)) + b"".join(cells)
    return signed("board", body, desk)


def _file(*desks: list[bytes] | bytes) -> bytes:
    """A boards file; a desk is its shards, or bytes as they are."""
    packed = [one if isinstance(one, bytes) else u16(len(one)) + b"".join(map(lp, one)) for one in desks]
    return u16(len(packed)) + b"".join(map(lp, packed))


def _boards() -> Iterator[Vector]:
    """Family boards/."""

    def vector(name: str, expect: str, comment: str, body: bytes, desks: str = "", **more: str) -> Vector:
        shown = {"desks": desks} if expect == "ok" else {}
        return Vector("boards", name, expect, comment, given() | shown | more, body)

    of_irjen = [_shard(sorted(dummies(2)), desk="irjen")]
    cells = sorted(dummies(4))
    low, high = _shard(cells[:2], 0, 2), _shard(cells[2:], 1, 2)
    both = "irjen:1 itjen:2"
    good = _file(of_irjen, [low, high])
    yield vector("ok", "ok", "two desks, one board of two shards", good, both)
    yield vector("ok-none", "ok", "no desk has a board yet", _file(), "")
    yield vector("ok-empty-shard", "ok", "a shard without cells", _file([low, _shard([], 1, 2)]), "itjen:2")
    over = certificate(certificate_body(last=TODAY - 1))
    old = signed("board", head(made=TODAY - 1) + u16(0) + u16(1) + u32(0), "itjen", over)
    yield vector("ok-old", "ok", "under a certificate that is over", _file([old]), "itjen:1")
    revoked = {"revoked": STATIONS["irjen"].public.hex()}
    yield vector("ok-revoked", "ok", "a desk with a revoked key is left out", good, "itjen:2", **revoked)
    many = [*of_irjen, *[b""] * 1023]
    yield vector("ok-revoked-1024", "ok", "left out, with 1024 shards", _file(many, [low, high]), "itjen:2", **revoked)
    more = _file([*many, b""], [low, high])
    yield vector("revoked-1025", "malformed", "a desk with a revoked key, and 1025 shards", more, **revoked)
    twice = {"revoked": " ".join(STATIONS[desk].public.hex() for desk in ("itjen", "irjen"))}
    yield vector("ok-all-revoked", "ok", "all desks are left out", good, "", **twice)
    ahead = _file([_shard([], made=TODAY + 2)])
    yield vector("ok-ahead", "ok", "made in two days: a reader has a person's own clock", ahead, "itjen:1")
    other_number = _shard(cells[2:], 1, 2, number=NUMBER + 1)
    other_day = _shard(cells[2:], 1, 2, made=TODAY - 1)
    mixed = [low, _shard(cells[2:], 1, 2, desk="irjen", number=NUMBER)]
    four = [low, _shard(cells[2:], 1, 4)]
    bad = (
        ("trailing-byte", "malformed", "a byte after the last desk", good + b"\x00"),
        ("truncated", "malformed", "a byte less", good[:-1]),
        ("desk-trailing-byte", "malformed", "a byte after a desk's shards", _file(u16(1) + lp(of_irjen[0]) + b"x")),
        ("count-1025", "malformed", "1025 desks", u16(1025) + lp(u16(0)) * 1025),
        ("shards-none", "malformed", "a desk without a shard", _file([])),
        ("shard-missing", "malformed", "one shard of two", _file([low])),
        ("shard-twice", "malformed", "the first shard twice", _file([low, low])),
        ("shards-exchanged", "malformed", "the second shard first", _file([high, low])),
        (
            "shard-first-twice",
            "malformed",
            "two shards say that they are the first",
            _file([low, _shard(cells[2:], 0, 2)]),
        ),
        ("shard-more", "malformed", "a shard after the last", _file([low, high, high])),
        ("shards-differ", "malformed", "the second says four shards", _file(four)),
        ("numbers-differ", "malformed", "shards of two boards", _file([low, other_number])),
        ("days-differ", "malformed", "shards of two days", _file([low, other_day])),
        ("desks-mixed", "malformed", "a shard of another desk", _file(mixed)),
        (
            "not-ascending",
            "malformed",
            "the second shard begins before the first ends",
            _file([_shard(cells[2:], 0, 2), _shard(cells[:2], 1, 2)]),
        ),
        (
            "tag-twice",
            "malformed",
            "the second shard begins with the first's last tag",
            _file([low, _shard([cells[1], *cells[2:]], 1, 2)]),
        ),
        ("unordered", "malformed", "desks descend", _file([low, high], of_irjen)),
        ("desk-twice", "malformed", "a desk twice", _file(of_irjen, of_irjen)),
        (
            "unordered-and-forged",
            "signature",
            "desks descend, and the last is forged",
            _file([low, high], of_irjen, [flipped(low, -1), high]),
        ),
        ("cells-unordered", "malformed", "cells of a shard descend", _file([_shard(cells[::-1])])),
        ("forged", "signature", "a bit of a shard's signature", _file([flipped(_shard(cells), -1)])),
        ("receipts", "label", "receipts among the shards", _file([signed("receipts", head() + u32(0))])),
        ("ahead", "made", "made in three days", _file([_shard([], made=TODAY + 3)])),
    )
    for name, expect, comment, body in bad:
        yield vector(name, expect, comment, body)


def vectors() -> Iterator[Vector]:
    """Families board/ and boards/."""
    yield from _boards()
    yield from _good()
    entries = [STATUS]
    few = cells_of(parts_of(timeline(entries))) + dummies(2)
    strange = _inputs() | {"tag-key": STRANGER.key("tag key").hex(), "answer-key": STRANGER.key("answer key").hex()}
    yield Vector("board", "none", "none", "no cell is ours", strange, signed("board", body_of(few)))
    mixed = _inputs() | {"answer-key": STRANGER.key("answer key").hex()}
    yield Vector(
        "board", "other-answer-key", "cell", "found, and opened with another key", mixed, signed("board", body_of(few))
    )
    yield Vector("board", "no-cells", "none", "a board without a cell", _inputs(), signed("board", body_of([])))
    yield from object_failures("board", "board", body_of(few[:1]), "keys")
    yesterday = {"made": str(TODAY - 1)}
    over = signed("board", body_of(few, made=TODAY - 1), "itjen", certificate(certificate_body(last=TODAY - 1)))
    yield Vector(
        "board",
        "ok-undated",
        "ok",
        "a board whose certificate is over, read as old",
        _inputs() | _entries(entries) | yesterday | {"dated": "no"},
        over,
    )
    for name, comment, body in _broken_boards():
        yield Vector("board", name, "malformed", comment, _inputs(), signed("board", body))
    for name, expect, comment, cells in _broken_cells():
        yield Vector("board", name, expect, comment, _inputs(), signed("board", body_of(cells)))
