"""A parser takes right bytes, and raises nothing but MalformedError for all others."""

import io
import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire_samples import (
    BLOB,
    CELLS,
    CERTIFICATE,
    ENCODERS,
    HEAD,
    INSTANCE,
    OBJECT,
    SAMPLES,
    container,
    export,
    read_container,
    read_export,
)

from dropbox.errors import MalformedError
from dropbox.wire.board import Board, check_whole, find_in, parse_board
from dropbox.wire.bundle import ExportReader, ReturnBundle, parse_return
from dropbox.wire.container import CONTAINER_HEAD_BYTES, ContainerReader, container_head
from dropbox.wire.keyring import RootAnchor, parse_anchor, parse_key_bundle
from dropbox.wire.receipt import Receipts, parse_receipts
from dropbox.wire.signed import (
    SIGNATURE_BYTES,
    encode_object,
    encode_revocations,
    parse_certificate,
    parse_object,
    parse_revocations,
)

EACH = pytest.mark.parametrize("kind", SAMPLES)


def take(kind: str, untrusted: bytes) -> object:
    """What the parser gives, or None when it says that the bytes are malformed."""
    parser, _ = SAMPLES[kind]
    try:
        return parser(untrusted)
    except MalformedError:
        return None


@EACH
def test_right_bytes_are_taken(kind: str) -> None:
    """The sample of every kind parses."""
    assert take(kind, SAMPLES[kind][1]) is not None


@EACH
@given(junk=st.binary(max_size=400))
@settings(max_examples=60)
def test_any_bytes(kind: str, junk: bytes) -> None:
    """Arbitrary bytes are taken or malformed, never another error."""
    take(kind, junk)


@EACH
@given(data=st.data())
@settings(max_examples=150)
def test_mutated_bytes(kind: str, data: st.DataObject) -> None:
    """Right bytes with a stretch replaced, removed, repeated or put in are taken or malformed, never another error."""
    sample = SAMPLES[kind][1]
    for _ in range(data.draw(st.integers(min_value=1, max_value=3))):
        start = data.draw(st.integers(min_value=0, max_value=min(len(sample), 300)))
        end = data.draw(st.integers(min_value=start, max_value=min(len(sample), start + 40)))
        other = data.draw(st.one_of(st.binary(max_size=8), st.just(sample[start:end] * 2), st.just(b"\xff" * 8)))
        sample = sample[:start] + other + sample[end:]
    take(kind, sample)


@EACH
def test_truncated_bytes(kind: str) -> None:
    """No beginning of right bytes is taken for the whole."""
    sample = SAMPLES[kind][1]
    ends = range(len(sample)) if len(sample) < 3000 else [*range(300), *range(300, len(sample), 97), len(sample) - 1]
    if kind == "part":  # of a fixed length, which the seal around it assures
        ends = range(4)
    assert [end for end in ends if take(kind, sample[:end]) is not None] == []


@EACH
def test_trailing_byte(kind: str) -> None:
    """A byte behind right bytes is refused."""
    if kind in ("header", "part"):  # what follows a header is the blob; a part is of a fixed length
        return
    for byte in (b"\x00", b"\x01", b"\n", b"\xff"):
        assert take(kind, SAMPLES[kind][1] + byte) is None


@pytest.mark.parametrize("kind", ENCODERS)
def test_one_encoding(kind: str) -> None:
    """Whatever one changed bit leaves acceptable is encoded back to exactly those bytes."""
    sample = SAMPLES[kind][1]
    for at in range(0, len(sample), 1 if len(sample) < 1000 else 7):
        for bit in range(8):
            changed = sample[:at] + bytes([sample[at] ^ 1 << bit]) + sample[at + 1 :]
            taken = take(kind, changed)
            assert taken is None or ENCODERS[kind](taken) == changed


def test_certificate_flags() -> None:
    """The flags for a demo and for a successor are read, any other is refused."""
    body = CERTIFICATE.encode()
    for flags, expected in enumerate(itertools.product((False, True), repeat=2)):
        read = parse_certificate(body[:-1] + bytes([flags]))
        assert (read.successor, read.demo) == expected
    for flags in (4, 7, 128, 255):
        with pytest.raises(MalformedError):
            parse_certificate(body[:-1] + bytes([flags]))


def test_a_private_file_is_called_one() -> None:
    """Somebody who puts a private file where root.pub belongs is told so."""
    with pytest.raises(MalformedError, match="private file"):
        parse_anchor(b"dropbox private file v1\nkind: root\n")


@pytest.mark.parametrize("last", [0, 1, 20781, 9_999_999])
def test_anchor_days(last: int) -> None:
    """A day is decimal without leading zeros."""
    anchor = RootAnchor(INSTANCE, b"k" * 32, demo=True, last=last)
    assert parse_anchor(anchor.encode()) == anchor


def test_kinds_are_not_taken_for_each_other() -> None:
    """The bytes of one kind are malformed to the parsers of the others."""
    related = {("record", "message"), ("message", "record"), ("blob length", "header")}
    for kind in (
        "header",
        "blob length",
        "record",
        "certificate",
        "revocations",
        "object",
        "anchor",
        "export",
        "container",
    ):
        for other in SAMPLES:
            if other != kind and (kind, other) not in related:
                assert take(other, SAMPLES[kind][1]) is None, (kind, other)


@pytest.mark.parametrize(("count", "fits"), [(1, True), (64, True), (65, False), (0, False)])
def test_key_bundle_counts(count: int, fits: bool) -> None:  # noqa: FBT001
    """A key bundle has 1 to 64 epochs."""
    entries = b"".join(epoch.to_bytes(4, "big") + bytes(32) for epoch in range(count))
    body = HEAD.encode() + bytes(32) + bytes([count]) + entries
    if fits:
        assert len(parse_key_bundle(body).epochs) == count
    else:
        with pytest.raises(MalformedError):
            parse_key_bundle(body)


@pytest.mark.parametrize(("shard", "shards"), [(0, 0), (0, 3), (1, 1), (2, 2), (0, 65535)])
def test_board_shards(shard: int, shards: int) -> None:
    """Shards are a power of two, and counted from zero."""
    with pytest.raises(MalformedError):
        parse_board(Board(HEAD, shard, shards, ()).encode())


def test_board_cells_in_order() -> None:
    """Cells stand by tag, each tag once."""
    bad = (Board(HEAD, 0, 1, CELLS[::-1]), Board(HEAD, 0, 1, (CELLS[0], CELLS[0])))
    for board in bad:
        with pytest.raises(MalformedError):
            parse_board(board.encode())
    assert parse_board(Board(HEAD, 1, 2, CELLS[2:]).encode()).cells == CELLS[2:]


def test_a_whole_board() -> None:
    """All shards of one head, each once, ascending from one to the next, also around empty ones."""
    other = replace(HEAD, number=HEAD.number + 1)
    one, two = Board(HEAD, 0, 2, CELLS[:2]), Board(HEAD, 1, 2, CELLS[2:])
    check_whole([one, two])
    check_whole([replace(one, shards=4), Board(HEAD, 1, 4, ()), Board(HEAD, 2, 4, ()), Board(HEAD, 3, 4, CELLS[2:])])
    assert all(find_in([one, two], cell[:16]) == cell[16:] for cell in CELLS)
    assert find_in([one, two], b"\xff" * 16) is None
    for bad in (
        [],
        [one],
        [two, one],
        [one, one],
        [one, replace(two, head=other)],
        [replace(one, cells=CELLS[2:]), replace(two, cells=CELLS[:2])],
        [replace(one, cells=CELLS), two],
    ):
        with pytest.raises(MalformedError):
            check_whole(bad)


def test_receipts_in_order() -> None:
    """Hashes ascend, each once."""
    for blobs in ((b"b" * 32, b"a" * 32), (b"a" * 32, b"a" * 32)):
        with pytest.raises(MalformedError):
            parse_receipts(Receipts(HEAD, blobs).encode())
    assert parse_receipts(Receipts(HEAD, ()).encode()).blobs == ()


def test_revocations_in_order() -> None:
    """Keys ascend, each once."""
    for keys in ((b"b", b"a"), (b"a", b"a")):
        listed = b"".join(key * 32 + bytes(4) for key in keys)
        body = b"DBXV\x01" + INSTANCE + b"\x00\x00\x00\x03" + bytes(4) + b"\x00\x02" + listed
        with pytest.raises(MalformedError):
            parse_revocations(encode_revocations(body, bytes(64)))


def test_a_return_has_at_most_1024_objects() -> None:
    """More are refused before they are read."""
    assert len(parse_return(ReturnBundle(HEAD, (b"",) * 1024).encode()).objects) == 1024
    with pytest.raises(MalformedError):
        parse_return(ReturnBundle(HEAD, (b"",) * 1025).encode())


def test_export_in_any_reads() -> None:
    """An export reads the same from a source that gives little at a time."""
    for size in (1, 2, 7, 1000):
        rest = bytearray(export())

        def read(count: int, rest: bytearray = rest, size: int = size) -> bytes:
            taken = bytes(rest[: min(count, size)])
            del rest[: len(taken)]
            return taken

        reader = ExportReader(read, INSTANCE)
        assert [b"".join(reader.pieces()) for _ in reader.blobs()] == [b"one", b"second blob"]
        assert reader.trailer.held == {2968: 1, 2**32 - 1: 4}


def test_export_blobs_may_be_passed_over() -> None:
    """Who does not ask for a blob's bytes reaches the next one and the trailer all the same."""
    reader = ExportReader(io.BytesIO(export()).read, INSTANCE)
    assert [blob.length for blob in reader.blobs()] == [3, 11]
    assert reader.trailer.blobs == 2


def test_no_trailer_before_the_end() -> None:
    """Before the end is read nothing is said about what the server holds."""
    reader = ExportReader(io.BytesIO(export()).read, INSTANCE)
    next(reader.blobs())
    with pytest.raises(MalformedError):
        _ = reader.trailer


def test_every_bit_of_an_export_counts() -> None:
    """With one bit turned over before its signature an export is refused at the latest at its end."""
    whole = export()
    for at in range(len(whole) - SIGNATURE_BYTES):
        changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        with pytest.raises(MalformedError):
            read_export(changed)


def test_objects_of_all_labels() -> None:
    """Each magic has its label, and no other magic is an object."""
    for label in ("keys", "board", "receipts", "return", "statistics", "dossier", "log statement"):
        assert parse_object(encode_object(label, b"c", b"b", bytes(64))).label == label
    with pytest.raises(MalformedError):
        parse_object(b"DBXB" + OBJECT[4:])


def test_a_container_in_any_reads() -> None:
    """A container reads the same from a source that gives little at a time, and blobs may be passed over."""
    for size in (1, 7, 40_000):
        rest = bytearray(container(BLOB, BLOB))

        def read(count: int, rest: bytearray = rest, size: int = size) -> bytes:
            taken = bytes(rest[: min(count, size)])
            del rest[: len(taken)]
            return taken

        reader = ContainerReader(read, INSTANCE)
        assert [b"".join(reader.pieces()) for _ in reader.entries()] == [BLOB, BLOB]
    whole = container(BLOB, BLOB, BLOB)
    reader = ContainerReader(io.BytesIO(whole).read, INSTANCE)
    assert [entry.id[0] for entry in reader.entries()] == [0, 1, 2]


def test_blobs_before_a_damaged_place_of_a_container_are_good() -> None:
    """They have been given out whole before the damage is met."""
    whole = container(BLOB, BLOB)
    for damaged in (whole[:-1], whole + b"x", whole[: CONTAINER_HEAD_BYTES + 72 + len(BLOB) + 64] + bytes(9)):
        reader = ContainerReader(io.BytesIO(damaged).read, INSTANCE)
        found: list[bytes] = []
        with pytest.raises(MalformedError):
            found.extend(b"".join(reader.pieces()) for _ in reader.entries())
        assert found[0] == BLOB


@pytest.mark.parametrize(
    "bad",
    [
        b"DBXB" + container(BLOB)[4:],
        b"DBXQ\x02" + container(BLOB)[5:],
        b"DBXQ\x01" + bytes(16) + container(BLOB)[21:],
        container(BLOB)[:21] + b"\x00\x00",
        container(BLOB)[:21] + b"\x00\x16" + container(BLOB)[23:] * 22,
        container(BLOB[:-1]),
        container(b""),
        container(BLOB)[:23] + bytes(64) + b"\xff" * 8,
    ],
    ids=["magic", "version", "instance", "none", "22", "length", "empty", "huge"],
)
def test_a_container_of_another_kind(bad: bytes) -> None:
    """Wrong magic, version, instance, number or length is malformed."""
    with pytest.raises(MalformedError):
        read_container(bad)


@pytest.mark.parametrize("blobs", [0, 22, 70_000])
def test_a_container_is_not_made_with_another_number(blobs: int) -> None:
    """What nobody could read is not written."""
    with pytest.raises(MalformedError):
        container_head(INSTANCE, blobs)
