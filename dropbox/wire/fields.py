"""Encodes and decodes integers, texts, names and records (FORMAT "Conventions", "Record").

Rule: every value has exactly one encoding; a reader raises MalformedError for any other.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final, NoReturn

from dropbox.errors import MalformedError

LABEL_ROOT: Final = b"dropbox/v1/"
INSTANCE_BYTES: Final = 16
HASH_BYTES: Final = 32
NAME_MAX: Final = 32  # characters of a name in a record

_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DESK = re.compile(r"[a-z][a-z0-9-]{0,15}\Z")
_NAME = re.compile(rb"[a-z0-9-]{1,%d}\Z" % NAME_MAX)

CRITICAL: Final = "must-"  # prefix of names that a reader must know; version 1 has none
Record = Mapping[str, bytes]


def u8(value: int) -> bytes:
    """Return the value as one byte; raises OverflowError if it does not fit, as u16, u32 and u64 do."""
    return value.to_bytes(1, "big")


def u16(value: int) -> bytes:
    """Return the value as two bytes, big-endian."""
    return value.to_bytes(2, "big")


def u32(value: int) -> bytes:
    """Return the value as four bytes, big-endian."""
    return value.to_bytes(4, "big")


def u64(value: int) -> bytes:
    """Return the value as eight bytes, big-endian."""
    return value.to_bytes(8, "big")


def lp(value: bytes) -> bytes:
    """Return the value with its length as u32 in front."""
    return len(value).to_bytes(4, "big") + value


def text(value: bytes) -> str:
    """Decode strict UTF-8; raises MalformedError."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedError("format.text") from None


def is_blank(value: str) -> bool:
    """Return whether a text has nothing but ASCII white space (FORMAT "Conventions"): languages differ in the rest."""
    return not value.strip(" \t\n\v\f\r")


def is_printable(value: str) -> bool:
    """Return whether a text is one line of printable characters (FORMAT "Conventions")."""
    return not any(unicodedata.category(sign) in _UNPRINTABLE for sign in value)


def check_desk(name: str) -> str:
    """Return the name if it is a valid desk name; raises MalformedError."""
    if not _DESK.match(name):
        raise MalformedError("format.desk-name")
    return name


def desk_name(name: str) -> bytes:
    """Return u8(len) ‖ name; raises MalformedError for an invalid desk name."""
    return u8(len(check_desk(name))) + name.encode("ascii")


class Reader:
    """Reads fields from the front of untrusted bytes; every method raises MalformedError when too few are left."""

    def __init__(self, untrusted: bytes, what: str) -> None:
        self._bytes = untrusted
        self._at = 0
        self._what = what

    def fail(self, code: str) -> NoReturn:
        """Raise MalformedError with a code of `format`, naming what was being read."""
        raise MalformedError(code, what=self._what)

    @property
    def left(self) -> int:
        """Number of bytes not yet read."""
        return len(self._bytes) - self._at

    def take(self, count: int) -> bytes:
        """Read exactly `count` bytes."""
        if count > self.left:
            self.fail("format.too-short")
        start = self._at
        self._at += count
        return self._bytes[start : self._at]

    def expect(self, constant: bytes) -> None:
        """Read a constant; raises MalformedError if other bytes are there."""
        if self.take(len(constant)) != constant:
            self.fail("format.version")

    def uint(self, size: int) -> int:
        """Read a big-endian integer of `size` bytes."""
        return int.from_bytes(self.take(size), "big")

    def lp(self, most: int | None = None) -> bytes:
        """Read a length-prefixed value of at most `most` bytes (None: no bound)."""
        length = self.uint(4)
        if most is not None and length > most:
            self.fail("format.field-long")
        return self.take(length)

    def desk(self) -> str:
        """Read u8(len) ‖ desk name."""
        raw = self.take(self.uint(1))
        try:
            return check_desk(raw.decode("ascii"))
        except UnicodeDecodeError:
            self.fail("format.desk-ascii")

    def end(self) -> None:
        """Raise MalformedError if bytes are left."""
        if self.left:
            self.fail("format.trailing")


def encode_record(values: Record) -> bytes:
    """Encode named values (bytes by name); raises MalformedError for an invalid name."""
    names = sorted(name.encode("ascii") for name in values)
    parts = [u16(len(names))]
    for name in names:
        if not _NAME.match(name):
            raise MalformedError("format.record-name")
        parts += [u8(len(name)), name, lp(values[name.decode("ascii")])]
    return b"".join(parts)


def decode_record(untrusted: bytes) -> dict[str, bytes]:
    """Decode a record into bytes by name; raises MalformedError unless it is the one encoding."""
    reader = Reader(untrusted, "record")
    values: dict[str, bytes] = {}
    previous = b""
    for _ in range(reader.uint(2)):
        name = reader.take(reader.uint(1))
        if not _NAME.match(name) or name <= previous:
            reader.fail("format.name-order")
        if name.startswith(CRITICAL.encode("ascii")):
            reader.fail("format.critical")
        previous = name
        values[name.decode("ascii")] = reader.lp()
    reader.end()
    return values


def required(values: Record, *names: str) -> None:
    """Raise MalformedError unless every name is present."""
    for name in names:
        if name not in values:
            raise MalformedError("format.record-missing", name=name)


def value_of_size(values: Record, name: str, size: int) -> bytes:
    """Return the value of that name; raises MalformedError unless it has exactly `size` bytes."""
    value = values.get(name)
    if value is None or len(value) != size:
        raise MalformedError("format.record-size", name=name)
    return value


def uint_of(values: Record, name: str, size: int = 4) -> int:
    """Return the value of that name as a big-endian integer of `size` bytes; raises MalformedError."""
    return int.from_bytes(value_of_size(values, name, size), "big")
