"""Timelines, their parts, and the numbers of a board."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_samples import CELLS, HEAD

from dropbox.errors import MalformedError, TooLargeError
from dropbox.limits import CELL_BYTES, CELL_PARTS_MAX
from dropbox.wire.board import (
    DATA_BYTES,
    Board,
    Entry,
    encode_timeline,
    padded_count,
    parse_part,
    parse_timeline,
    split_timeline,
)

U32 = st.integers(min_value=0, max_value=2**32 - 1)
TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
ENTRIES = st.lists(
    st.builds(Entry, U32, st.sampled_from(("status", "received", "message")), TEXT, TEXT, U32, U32, U32), max_size=6
)


@given(ENTRIES)
def test_timeline_round_trip(entries: list[Entry]) -> None:
    """A timeline reads back as its entries."""
    assert parse_timeline(encode_timeline(entries)) == entries


@given(st.binary(max_size=3 * DATA_BYTES))
def test_parts_join_to_the_data(data: bytes) -> None:
    """Parts are of one size, know their number, and join to the data."""
    plaintexts = split_timeline(data)
    assert {len(plaintext) for plaintext in plaintexts} == {CELL_BYTES}
    opened = [parse_part(plaintext, part) for part, plaintext in enumerate(plaintexts)]
    assert {parts for parts, _ in opened} == {len(plaintexts)}
    assert b"".join(piece for _, piece in opened) == data


def test_the_longest_timeline() -> None:
    """A timeline has at most 64 parts."""
    assert len(split_timeline(bytes(CELL_PARTS_MAX * DATA_BYTES))) == CELL_PARTS_MAX
    with pytest.raises(TooLargeError):
        split_timeline(bytes(CELL_PARTS_MAX * DATA_BYTES + 1))


@pytest.mark.parametrize(
    "start",
    [b"\x01\x02\x00\x00", b"\x00\x00\x00\x00", b"\x00\x41\x00\x00", b"\x00\x01\x07\xfd", b"\x00\x01\x00\x00\x01"],
)
def test_wrong_parts(start: bytes) -> None:
    """Another part, no part, a 65th, too much data and a byte in the padding are malformed."""
    with pytest.raises(MalformedError):
        parse_part(start.ljust(CELL_BYTES, b"\x00"), 0)


def test_a_part_beyond_its_number_is_malformed() -> None:
    """Part 2 of two does not exist."""
    with pytest.raises(MalformedError):
        parse_part(b"\x02\x02\x00\x00".ljust(CELL_BYTES, b"\x00"), 2)


@pytest.mark.parametrize(
    ("cells", "shown"), [(0, 64), (1, 64), (64, 64), (65, 128), (128, 128), (129, 256), (1000, 1024)]
)
def test_boards_show_rounded_numbers(cells: int, shown: int) -> None:
    """A board tells how many cells are live only as a power of two."""
    assert padded_count(cells) == shown


def test_find() -> None:
    """A cell is found by its whole tag alone."""
    board = Board(HEAD, 0, 1, CELLS)
    for cell in CELLS:
        assert board.find(cell[:16]) == cell[16:]
    for tag in (b"\x00" * 16, b"\x01" * 15 + b"\x02", b"\xff" * 16):
        assert board.find(tag) is None
    assert Board(HEAD, 0, 1, ()).find(b"\x01" * 16) is None
