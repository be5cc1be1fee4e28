"""FORMAT "Conventions" and "Record": the grammar of integers, texts, names and records.

Rule: a reader takes exactly one encoding of every value and raises MalformedError for all else.
"""

import re
from collections.abc import Mapping
from typing import Final, NoReturn

from dropbox.errors import MalformedError

LABEL_ROOT: Final = b"dropbox/v1/"
INSTANCE_BYTES: Final = 16
HASH_BYTES: Final = 32
NAME_MAX: Final = 32  # characters of a name in a record

_DESK = re.compile(r"[a-z][a-z0-9-]{0,15}\Z")
_NAME = re.compile(rb"[a-z0-9-]{1,%d}\Z" % NAME_MAX)

Record = Mapping[str, bytes]


def u8(value: int) -> bytes:
    """One byte."""
    return value.to_bytes(1, "big")


def u16(value: int) -> bytes:
    """Two bytes, big-endian."""
    return value.to_bytes(2, "big")


def u32(value: int) -> bytes:
    """Four bytes, big-endian."""
    return value.to_bytes(4, "big")


def u64(value: int) -> bytes:
    """Eight bytes, big-endian."""
    return value.to_bytes(8, "big")


def lp(value: bytes) -> bytes:
    """The value behind its length as u32."""
    return len(value).to_bytes(4, "big") + value


def text(value: bytes) -> str:
    """Strict UTF-8; raises MalformedError."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedError("a text is not UTF-8") from None


def check_desk(name: str) -> str:
    """The name itself if it is a desk name; raises MalformedError."""
    if not _DESK.match(name):
        raise MalformedError("a desk name has 1 to 16 characters of a-z, 0-9 and -, first a letter")
    return name


def desk_name(name: str) -> bytes:
    """u8(len) ‖ name."""
    return u8(len(check_desk(name))) + name.encode("ascii")


class Reader:
    """Takes fields off the front of untrusted bytes; every short read is a MalformedError."""

    def __init__(self, untrusted: bytes, what: str) -> None:
        self._bytes = untrusted
        self._at = 0
        self._what = what

    def fail(self, why: str) -> NoReturn:
        """Raise MalformedError naming what was being read."""
        raise MalformedError(f"{self._what}: {why}")

    @property
    def left(self) -> int:
        """Bytes not yet taken."""
        return len(self._bytes) - self._at

    def take(self, count: int) -> bytes:
        """Exactly count bytes."""
        if count > self.left:
            self.fail("too short")
        start = self._at
        self._at += count
        return self._bytes[start : self._at]

    def expect(self, constant: bytes) -> None:
        """Take a constant."""
        if self.take(len(constant)) != constant:
            self.fail("not of this kind or version")

    def uint(self, size: int) -> int:
        """A big-endian integer of size bytes."""
        return int.from_bytes(self.take(size), "big")

    def lp(self, most: int | None = None) -> bytes:
        """A length-prefixed value of at most `most` bytes."""
        length = self.uint(4)
        if most is not None and length > most:
            self.fail("a field is too long")
        return self.take(length)

    def desk(self) -> str:
        """u8(len) ‖ desk name."""
        raw = self.take(self.uint(1))
        try:
            return check_desk(raw.decode("ascii"))
        except UnicodeDecodeError:
            self.fail("a desk name is not ASCII")

    def end(self) -> None:
        """Nothing may be left."""
        if self.left:
            self.fail("bytes after the end")


def encode_record(values: Record) -> bytes:
    """The one encoding of named values (bytes by name)."""
    names = sorted(name.encode("ascii") for name in values)
    parts = [u16(len(names))]
    for name in names:
        if not _NAME.match(name):
            raise MalformedError("a record name has 1 to 32 characters of a-z, 0-9 and -")
        parts += [u8(len(name)), name, lp(values[name.decode("ascii")])]
    return b"".join(parts)


def decode_record(untrusted: bytes) -> dict[str, bytes]:
    """Named values of a record; raises MalformedError unless it is the one encoding."""
    reader = Reader(untrusted, "record")
    values: dict[str, bytes] = {}
    previous = b""
    for _ in range(reader.uint(2)):
        name = reader.take(reader.uint(1))
        if not _NAME.match(name) or name <= previous:
            reader.fail("names are not ascending or hold a foreign symbol")
        previous = name
        values[name.decode("ascii")] = reader.lp()
    reader.end()
    return values


def required(values: Record, *names: str) -> None:
    """Raise MalformedError unless every name is there."""
    for name in names:
        if name not in values:
            raise MalformedError(f"record: {name} is missing")


def value_of_size(values: Record, name: str, size: int) -> bytes:
    """The value of that name, exactly size bytes long."""
    value = values.get(name)
    if value is None or len(value) != size:
        raise MalformedError(f"record: {name} is missing or has the wrong length")
    return value


def uint_of(values: Record, name: str, size: int = 4) -> int:
    """The value of that name as a big-endian integer of size bytes."""
    return int.from_bytes(value_of_size(values, name, size), "big")
