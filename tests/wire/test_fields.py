"""Integers, names and records: one encoding each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_samples import RECORD

from dropbox.errors import MalformedError
from dropbox.wire.blob import parse_message
from dropbox.wire.fields import (
    Reader,
    check_desk,
    decode_record,
    desk_name,
    encode_record,
    lp,
    required,
    text,
    u8,
    u16,
    u32,
    u64,
    uint_of,
    value_of_size,
)

NAMES = st.text("abcxyz0189-", min_size=1, max_size=32)
RECORDS = st.dictionaries(NAMES, st.binary(max_size=40), max_size=8)


@given(RECORDS)
def test_record_round_trip(values: dict[str, bytes]) -> None:
    """A record decodes to its values."""
    assert decode_record(encode_record(values)) == values


@given(RECORDS, st.data())
def test_a_record_has_one_encoding(values: dict[str, bytes], data: st.DataObject) -> None:
    """Whatever changed bytes decode is encoded back to exactly those bytes."""
    raw = bytearray(encode_record(values))
    for _ in range(data.draw(st.integers(min_value=1, max_value=4))):
        raw[data.draw(st.integers(min_value=0, max_value=len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        decoded = decode_record(bytes(raw))
    except MalformedError:
        return
    assert encode_record(decoded) == bytes(raw)


@given(st.binary(max_size=60))
def test_any_bytes_that_decode_are_the_encoding(raw: bytes) -> None:
    """The same for arbitrary bytes."""
    try:
        decoded = decode_record(raw)
    except MalformedError:
        return
    assert encode_record(decoded) == raw


@given(st.dictionaries(NAMES, st.binary(max_size=5), min_size=2, max_size=6), st.randoms())
def test_any_other_order_is_refused(values: dict[str, bytes], source: object) -> None:
    """Names stand in one order."""
    pairs = sorted(values.items())
    source.shuffle(pairs)  # type: ignore[attr-defined]
    raw = u16(len(pairs)) + b"".join(u8(len(name)) + name.encode() + lp(value) for name, value in pairs)
    if pairs == sorted(pairs):
        assert decode_record(raw) == values
    else:
        with pytest.raises(MalformedError):
            decode_record(raw)


@pytest.mark.parametrize("name", ["", "A", "a_b", "a b", "é", "a" * 33, "a\n", "a\x00"])
def test_record_names(name: str) -> None:
    """A name has 1 to 32 small letters, digits and hyphens, when it is read."""
    raw = name.encode("latin-1")
    with pytest.raises(MalformedError):
        decode_record(u16(1) + u8(len(raw)) + raw + lp(b""))


@pytest.mark.parametrize("name", ["", "A", "a_b", "a" * 33, "a\n"])
def test_record_names_are_checked_when_written(name: str) -> None:
    """A wrong name is not written either."""
    with pytest.raises(MalformedError):
        encode_record({name: b""})


@pytest.mark.parametrize("name", ["a", "itjen", "a-1", "z" * 16])
def test_desk_names(name: str) -> None:
    """A desk name is read as it is written."""
    assert check_desk(name) == name
    assert Reader(desk_name(name), "test").desk() == name


@pytest.mark.parametrize("name", ["", "1a", "-a", "A", "a" * 17, "a_b", "a\n", "é", "ａ"])
def test_wrong_desk_names(name: str) -> None:
    """Anything else is no desk, in a text and in bytes."""
    with pytest.raises(MalformedError):
        check_desk(name)
    raw = name.encode()
    with pytest.raises(MalformedError):
        Reader(u8(len(raw)) + raw, "test").desk()


@given(st.integers(0, 2**8 - 1), st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1))
def test_integers(one: int, two: int, four: int, eight: int) -> None:
    """Integers are big-endian and read back."""
    reader = Reader(u8(one) + u16(two) + u32(four) + u64(eight), "test")
    assert [reader.uint(size) for size in (1, 2, 4, 8)] == [one, two, four, eight]
    reader.end()


def test_reader_limits() -> None:
    """A field longer than its limit or than its bytes is refused, as is anything left over."""
    assert Reader(lp(b"abc"), "test").lp(3) == b"abc"
    for bad, limit in ((lp(b"abc"), 2), (b"\x00\x00\x00\x04abc", None), (b"\xff\xff\xff\xff", None), (b"\x00", None)):
        with pytest.raises(MalformedError):
            Reader(bad, "test").lp(limit)
    with pytest.raises(MalformedError):
        Reader(b"x", "test").end()
    with pytest.raises(MalformedError):
        Reader(b"DBXB", "test").expect(b"DBXC")


@pytest.mark.parametrize("raw", [b"\xff", b"\xc3(", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"a\xe2\x82"])
def test_ill_formed_utf8(raw: bytes) -> None:
    """Overlong forms, surrogates, values beyond Unicode and cut characters are malformed."""
    with pytest.raises(MalformedError):
        text(raw)


def test_a_byte_order_mark_is_a_character() -> None:
    """U+FEFF stays where it is."""
    assert text(b"\xef\xbb\xbfa") == "\ufeffa"


def test_values_by_size() -> None:
    """A value has the size that its name asks for."""
    values = {"sent": u32(7), "key": b"k" * 32}
    assert (uint_of(values, "sent"), value_of_size(values, "key", 32)) == (7, b"k" * 32)
    required(values, "sent", "key")
    for ask in (
        lambda: value_of_size(values, "key", 31),
        lambda: uint_of(values, "key"),
        lambda: value_of_size(values, "none", 0),
    ):
        with pytest.raises(MalformedError):
            ask()
    with pytest.raises(MalformedError):
        required(values, "sent", "none")


@pytest.mark.parametrize("name", [name for name in RECORD if name != "member"] + ["member"])
def test_a_report_needs_all_these_names(name: str) -> None:
    """A report's record lacks none of its required names."""
    assert parse_message(RECORD).fields["what"] == "apa — é"
    with pytest.raises(MalformedError):
        parse_message({key: value for key, value in RECORD.items() if key != name})


@pytest.mark.parametrize(
    ("kind", "needs"),
    [
        (b"addition", {"what"}),
        (b"file", {"name", "type"}),
        (b"report", {"channel", "category", "what", "who", "where"}),
    ],
)
def test_each_kind_needs_its_own_names(kind: bytes, needs: set[str]) -> None:
    """What a kind does not need may be missing, what it needs may not."""
    full = RECORD | {"kind": kind, "name": b"a.jpg", "type": b"image/jpeg"}
    optional = {"channel", "category", "what", "who", "where", "name", "type"}
    for name in optional:
        bare = {key: value for key, value in full.items() if key != name}
        if name in needs:
            with pytest.raises(MalformedError):
                parse_message(bare)
        else:
            assert parse_message(bare).kind == kind.decode()


def test_unknown_names_are_ignored_and_unknown_kinds_are_not() -> None:
    """A later version may add names; a kind that we do not know is refused."""
    assert parse_message(RECORD | {"later": b"x"}) == parse_message(RECORD)
    with pytest.raises(MalformedError):
        parse_message(RECORD | {"kind": b"memo"})
