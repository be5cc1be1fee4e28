"""Padding: sixteen sizes, and content that comes out as it went in, in whatever pieces."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropbox.errors import MalformedError, TooLargeError
from dropbox.limits import CHUNK_BYTES, FILE_MAX_BYTES, RECORD_MAX_BYTES
from dropbox.wire.blob import Header, blob_length
from dropbox.wire.padding import BUCKETS, Unpadder, bucket_for, check_minimal


def reference(padded: bytes) -> bytes | None:
    """The content of padded bytes in one go, or None without a mark."""
    stripped = padded.rstrip(b"\x00")
    return stripped[:-1] if stripped.endswith(b"\x80") else None


def unpadded(pieces: list[bytes]) -> bytes | None:
    unpadder, out = Unpadder(), []
    for piece in pieces:
        out += unpadder.update(piece)
    assert unpadder.length == sum(map(len, out))
    try:
        unpadder.finish()
    except MalformedError:
        return None
    return b"".join(out)


# Pieces that are mostly marks and zeros: where a mistake would hide.
PIECES = st.lists(
    st.one_of(
        st.text("\x00\x80a", max_size=6).map(lambda text: text.encode("latin-1")),
        st.integers(min_value=0, max_value=2 * CHUNK_BYTES + 1).map(bytes),
        st.binary(max_size=5),
    ),
    max_size=8,
)


@given(PIECES)
@settings(max_examples=300)
def test_pieces_give_what_the_whole_gives(pieces: list[bytes]) -> None:
    """The streaming reader agrees with the plain one, for content of marks and zeros too."""
    assert unpadded(pieces) == reference(b"".join(pieces))


@given(PIECES)
def test_given_out_early_is_content(pieces: list[bytes]) -> None:
    """What is given out before the end is always a beginning of the bytes, whatever follows."""
    unpadder, out = Unpadder(), b""
    for piece in pieces:
        out += b"".join(unpadder.update(piece))
    assert b"".join(pieces).startswith(out)


def test_held_zeros_come_out_in_bounded_pieces() -> None:
    """Many zeros that prove to be content come out chunk by chunk."""
    unpadder = Unpadder()
    for _ in range(20):
        assert unpadder.update(bytes(CHUNK_BYTES)) == []
    out = unpadder.update(b"\x01")
    assert max(map(len, out)) <= CHUNK_BYTES
    assert b"".join(out) == bytes(20 * CHUNK_BYTES) + b"\x01"


def test_sixteen_buckets() -> None:
    """Each is twice the one before, from 16 KiB on, and the last has a chunk more."""
    assert len(BUCKETS) == 16
    assert list(BUCKETS[:-1]) == [16384 << at for at in range(15)]
    assert BUCKETS[-1] == (512 << 20) + 65536


@pytest.mark.parametrize("bucket", BUCKETS)
def test_smallest_bucket(bucket: int) -> None:
    """A content that leaves room for the mark takes the bucket, one byte more takes the next."""
    assert bucket_for(bucket - 1) == bucket
    check_minimal(bucket - 1, bucket)
    if bucket == BUCKETS[-1]:
        with pytest.raises(TooLargeError):
            bucket_for(bucket)
    else:
        following = BUCKETS[BUCKETS.index(bucket) + 1]
        assert bucket_for(bucket) == following
        with pytest.raises(MalformedError):
            check_minimal(bucket - 1, following)


def test_the_largest_file_fits_with_its_record() -> None:
    """512 MiB, the longest record of a file, its length and the mark fit the last bucket."""
    assert bucket_for(FILE_MAX_BYTES + RECORD_MAX_BYTES + 4) == BUCKETS[-1]


@pytest.mark.parametrize("slots", range(1, 9))
def test_a_length_says_bucket_and_nothing_else(slots: int) -> None:
    """Of each number of slots exactly sixteen lengths are legal."""
    header = Header(slots, 1, bytes(16))
    lengths = [blob_length(slots, bucket) for bucket in BUCKETS]
    assert [header.bucket_of(length) for length in lengths] == list(BUCKETS)
    for length in lengths:
        for other in (length - 1, length + 1, length + 17, length + 1168):
            with pytest.raises(MalformedError):
                header.bucket_of(other)
