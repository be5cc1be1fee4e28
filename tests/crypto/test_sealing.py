"""What is sealed opens to the same bytes, its length tells a size class alone, and no bit of it can be changed."""

import hashlib
import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sealing_samples import INSTANCE, KEY, address, decoys, file_in, opened, record, seal, thread_keys

from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.crypto.private.opening import check, epoch_of_blob, file_pieces, read_exactly
from dropbox.crypto.sealing import Address, Sealer, seal_text
from dropbox.errors import DamagedError, MalformedError, NotForThisKeyError, RefusedError, TooLargeError
from dropbox.limits import CHUNK_BYTES, FORM_MAX_BYTES, RECORD_MAX_BYTES
from dropbox.wire.blob import Header, blob_length
from dropbox.wire.padding import BUCKETS

REFUSED = (MalformedError, NotForThisKeyError, DamagedError)


def room(bucket: int) -> int:
    """File bytes that fill a bucket to its last byte."""
    low, high = 0, bucket
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(seal([bytes(middle)])) <= blob_length(2, bucket) else (low, middle - 1)
    return low


SMALL = room(BUCKETS[0])
# Sizes where something could go wrong by one, as distances from the ends of chunks and buckets.
EDGES = sorted(
    {
        size
        for bucket in (BUCKETS[0], BUCKETS[1], CHUNK_BYTES, 2 * CHUNK_BYTES, 4 * CHUNK_BYTES)
        for size in range(SMALL - BUCKETS[0] + bucket - 2, SMALL - BUCKETS[0] + bucket + 3)
    }
)


def split(content: bytes, cuts: list[int]) -> list[bytes]:
    ends = sorted({cut % (len(content) + 1) for cut in cuts})
    return [content[a:b] for a, b in zip([0, *ends], [*ends, len(content)], strict=True)]


CONTENTS = st.one_of(
    st.binary(max_size=300),
    st.builds(
        lambda unit, count: unit * count,
        st.sampled_from((b"\x00", b"\x80", b"\x80\x00", b"ab")),
        st.sampled_from(EDGES),
    ),
)


@given(CONTENTS, st.lists(st.integers(min_value=0, max_value=10**6), max_size=6))
@settings(max_examples=60)
def test_what_is_sealed_opens_to_the_same(content: bytes, cuts: list[int]) -> None:
    """Any content, fed in any pieces, comes out whole, of its thread, with its hash."""
    blob = seal(split(content, cuts))
    result = opened(blob)
    assert file_in(blob) == content
    assert (result.file_bytes, result.file_sha256) == (len(content), hashlib.sha256(content).digest())
    assert result.is_member
    assert result.message.keys == {name: value for name, value in thread_keys().shared().items() if name != "thread"}


@pytest.mark.parametrize("size", EDGES)
def test_the_length_tells_the_bucket_alone(size: int) -> None:
    """A blob's length is that of the smallest bucket that fits."""
    bucket = next(bucket for bucket in BUCKETS if size - SMALL <= bucket - BUCKETS[0])
    assert len(seal([bytes(size)])) == blob_length(2, bucket)
    assert len(seal([b"\xff" * size])) == blob_length(2, bucket)


@given(st.text(st.characters(codec="utf-8"), max_size=2000))
@settings(max_examples=30)
def test_a_text_comes_out_as_typed(text: str) -> None:
    """A text of any characters is sealed in one cell and read back."""
    values = record(b"addition", what=text.encode())
    blob = seal_text(address(), decoys(), thread_keys().auth_key, values)
    assert len(blob) == blob_length(2, BUCKETS[0])
    assert opened(blob).message.fields["what"] == text


def test_a_text_longer_than_a_chunk() -> None:
    """A record may pass over the ends of chunks when nothing follows it."""
    values = record(b"report", what=b"x" * 100_000, who=b"y" * 100_000)
    blob = seal_text(address(), decoys(), thread_keys().auth_key, values)
    assert opened(blob).message.fields["what"] == "x" * 100_000
    assert len(blob) == blob_length(2, 256 * 1024)


@pytest.mark.parametrize(("slots", "slot"), [(1, 0), (2, 1), (8, 0), (8, 7)])
def test_every_slot_opens(slots: int, slot: int) -> None:
    """The addressed desk finds its stanza in whatever slot."""
    assert file_in(seal([b"x"], address(slots, slot))) == b"x"


@pytest.mark.parametrize(("slots", "slot"), [(2, 2), (2, -1), (0, 0), (9, 0)])
def test_a_slot_that_is_none_is_a_mistake(slots: int, slot: int) -> None:
    """A blob that nobody could open is never made."""
    with pytest.raises(ValueError, match="slot"):
        Address(INSTANCE, 1, slots, slot, KEY.public)


def sampled_positions(length: int) -> list[int]:
    """All bytes of the header, and some of every other region."""
    source = random.Random(1)  # noqa: S311  a fixed choice
    stanzas = 26 + 2 * 1168
    regions = ((26, 26 + 1120), (26 + 1120, 26 + 1168), (26 + 1168, stanzas - 48), (stanzas - 48, stanzas))
    rest = ((stanzas, stanzas + 32), (stanzas + 32, stanzas + 56), (stanzas + 56, length - 17), (length - 17, length))
    some = [at for start, end in (*regions, *rest) for at in [start, end - 1, *source.sample(range(start, end), 12)]]
    return [*range(26), *some]


def test_no_bit_can_be_changed() -> None:
    """A blob with any one bit turned over is refused as malformed, not for this key, or damaged."""
    blob, source = seal([b"bukti " * 500]), random.Random(2)  # noqa: S311  a fixed choice
    for at in sampled_positions(len(blob)):
        changed = bytearray(blob)
        changed[at] ^= 1 << source.randrange(8)
        with pytest.raises(REFUSED):
            opened(bytes(changed))


@given(st.data())
@settings(max_examples=100)
def test_no_byte_can_be_changed(data: st.DataObject) -> None:
    """A blob with a changed, inserted, removed or repeated stretch is refused."""
    blob = BLOB
    start = data.draw(st.integers(min_value=0, max_value=len(blob) - 1))
    end = data.draw(st.integers(min_value=start, max_value=min(len(blob), start + 2000)))
    other = data.draw(st.binary(max_size=20)) * data.draw(st.sampled_from((1, 50)))
    changed = blob[:start] + other + blob[end:]
    if changed != blob:
        with pytest.raises(REFUSED):
            opened(changed)


BLOB = seal([b"foto"])


@given(st.one_of(st.binary(max_size=100), st.builds(lambda rest: BLOB[:26] + rest, st.binary(max_size=100))))
def test_any_bytes_are_refused(junk: bytes) -> None:
    """Arbitrary bytes are malformed, with our header or without."""
    with pytest.raises(MalformedError):
        opened(junk)


def test_another_key_another_desk_another_instance() -> None:
    """Another key is told that it is not for it; another desk and instance are refused."""
    with pytest.raises(NotForThisKeyError):
        opened(BLOB, key=EpochSecretKey.generate())
    with pytest.raises(DamagedError):
        opened(BLOB, desk="irjen")
    with pytest.raises(MalformedError):
        check(io.BytesIO(BLOB).read, len(BLOB), bytes(16), "itjen", KEY)


def test_two_blobs_of_one_content_share_nothing_but_the_header() -> None:
    """Sealed twice, the same message looks different everywhere."""
    one, other = seal([b"x"]), seal([b"x"])
    assert one[:26] == other[:26]
    assert sum(a == b for a, b in zip(one[26:], other[26:], strict=True)) < len(one) // 100


def test_a_blob_that_ends_early_or_late_is_refused() -> None:
    """The said length does not help when the bytes are others."""
    for bent in (BLOB[:-1], BLOB[:3000]):
        with pytest.raises(REFUSED):
            check(io.BytesIO(bent).read, len(BLOB), INSTANCE, "itjen", KEY)
    with pytest.raises(REFUSED):
        check(io.BytesIO(BLOB + b"\x00").read, len(BLOB), INSTANCE, "itjen", KEY)


def test_what_rots_after_the_check_is_noticed() -> None:
    """File bytes come out only as authentic chunks, also the second time."""
    key = opened(BLOB).file_key
    rotten = BLOB[:-1] + bytes([BLOB[-1] ^ 1])
    with pytest.raises(DamagedError):
        list(file_pieces(io.BytesIO(rotten).read, len(rotten), INSTANCE, key))
    with pytest.raises(DamagedError):
        list(file_pieces(io.BytesIO(seal([b"foto"])).read, len(BLOB), INSTANCE, key))


def test_a_record_too_long_for_a_file_is_refused_by_the_sealer() -> None:
    """The record of a file stays within one chunk."""
    values = record(name=b"n" * RECORD_MAX_BYTES)
    sealer = Sealer(address(), decoys(), thread_keys().auth_key, values)
    with pytest.raises(RefusedError):
        sealer.update(b"x")


def test_a_record_longer_than_a_form_is_refused_by_the_desk() -> None:
    """No sender can make the workstation hold more than a form in memory."""
    values = record(b"addition", what=b"x" * FORM_MAX_BYTES)
    with pytest.raises(DamagedError):
        opened(seal_text(address(), decoys(), thread_keys().auth_key, values))


def test_file_bytes_behind_a_text_are_refused() -> None:
    """A report or addition carries no file."""
    with pytest.raises(DamagedError):
        opened(seal([b"x"], values=record(b"report")))


def test_more_than_the_largest_bucket_is_refused_before_it_is_sealed() -> None:
    """The sealer stops as soon as the announced bytes cannot fit any more."""

    class Endless(bytes):
        def __len__(self) -> int:
            return BUCKETS[-1]

    sealer = Sealer(address(), decoys(), thread_keys().auth_key, record())
    with pytest.raises(TooLargeError):
        sealer.update(Endless(b"x"))


def test_a_stranger_is_no_member() -> None:
    """Who has the thread's public parts and not its secret makes a case of their own."""
    sealer = Sealer(address(), decoys(), b"wrong" * 6, record())
    blob = b"".join((sealer.start(), *sealer.finish()))
    assert not opened(blob).is_member


def test_reading_takes_short_reads() -> None:
    """A source that gives one byte at a time is as good as any."""
    source = io.BytesIO(BLOB)
    assert check(lambda _: source.read(1), len(BLOB), INSTANCE, "itjen", KEY) == opened(BLOB)
    with pytest.raises(MalformedError):
        read_exactly(io.BytesIO(b"ab").read, 3)


def test_the_epoch_is_readable_without_a_key() -> None:
    """The server learns slots and epoch of a blob, and its size class."""
    assert epoch_of_blob(BLOB[:26], INSTANCE) == 2968
    assert Header(2, 2968, INSTANCE).bucket_of(len(BLOB)) == BUCKETS[0]
