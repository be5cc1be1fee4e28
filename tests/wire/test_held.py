"""The held list: one encoding, padded, ascending, of one instance."""

import contextlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox.errors import MalformedError
from dropbox.wire.held import HeldList, padded_length, parse_held

INSTANCE = bytes(range(16))
IDS = tuple(sorted(os.urandom(32) for _ in range(64)))
GOOD = HeldList(INSTANCE, 20_780, IDS).encode()


def test_bytes_of_the_list() -> None:
    """The encoding is the one that FORMAT describes."""
    assert b"DBXH\x01" + INSTANCE + b"\x00\x00\x51\x2c" + b"\x00\x00\x00\x40" + b"".join(IDS) == GOOD


def test_what_is_encoded_is_read() -> None:
    """A parsed list is the list, and knows its ids."""
    held = parse_held(GOOD, INSTANCE)
    assert held == HeldList(INSTANCE, 20_780, IDS)
    assert all(held.has(blob_id) for blob_id in IDS)
    assert not held.has(bytes(32))
    assert not held.has(b"\xff" * 32)


@pytest.mark.parametrize(("ids", "shown"), [(0, 64), (1, 64), (64, 64), (65, 128), (128, 128), (129, 256)])
def test_padding(ids: int, shown: int) -> None:
    """A list shows a power of two of ids, 64 at least."""
    assert padded_length(ids) == shown


def _with_ids(*ids: bytes) -> bytes:
    return HeldList(INSTANCE, 20_780, ids).encode()


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        GOOD[:-1],
        GOOD + b"\x00",
        b"DBXE" + GOOD[4:],
        GOOD[:4] + b"\x02" + GOOD[5:],
        _with_ids(),
        _with_ids(*IDS[:63]),
        _with_ids(*IDS, b"\xff" * 32),
        _with_ids(IDS[1], IDS[0], *IDS[2:]),
        _with_ids(IDS[0], IDS[0], *IDS[2:]),
        GOOD[:25] + b"\xff\xff\xff\xff" + GOOD[29:],
    ],
)
def test_malformed_lists(bad: bytes) -> None:
    """Cut, longer, of another kind or version, unpadded, unordered or repeated: refused."""
    with pytest.raises(MalformedError):
        parse_held(bad, INSTANCE)


def test_another_instance() -> None:
    """A list of another installation is refused."""
    with pytest.raises(MalformedError, match="instance"):
        parse_held(GOOD, bytes(16))


@given(st.binary(max_size=3000))
def test_any_bytes(data: bytes) -> None:
    """Whatever comes is a list with one encoding, or malformed."""
    with contextlib.suppress(MalformedError):
        assert parse_held(data, INSTANCE).encode() == data
