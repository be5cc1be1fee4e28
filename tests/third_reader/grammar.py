"""Take bytes apart (FORMAT.md, "Conventions" and "Record"): what does not fit stops the reader and names a stage."""

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise

DESK = re.compile(r"[a-z][a-z0-9-]{0,15}", re.ASCII)
NAME = re.compile(r"[a-z0-9-]{1,32}", re.ASCII)
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_CRITICAL = "must-"  # how the names begin that a later version may add and that no reader may ignore


class Stop(Exception):  # noqa: N818 - a reader stops; that is no error of the reader
    """Says at which stage a reader stopped, by the names of tests/vectors/README.md."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self.stage = stage


def need(condition: bool, stage: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Stop at `stage` unless the condition holds. Raises Stop."""
    if not condition:
        raise Stop(stage)


@dataclass
class Cursor:
    """Reads fields from the front of `data`. Every method raises Stop(stage) when the bytes do not suffice."""

    data: bytes
    stage: str = "malformed"
    at: int = field(default=0)

    def take(self, count: int) -> bytes:
        need(count <= len(self.data) - self.at, self.stage)
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def u8(self) -> int:
        return self.number(1)

    def u16(self) -> int:
        return self.number(2)

    def u32(self) -> int:
        return self.number(4)

    def u64(self) -> int:
        return self.number(8)

    def lp(self) -> bytes:
        return self.take(self.u32())

    def text(self) -> str:
        return text(self.lp(), self.stage)

    def ascii(self, pattern: re.Pattern[str]) -> str:
        """A name with its length in one byte before it, of the letters that the pattern allows."""
        name = self.take(self.u8()).decode("latin-1")
        need(pattern.fullmatch(name) is not None, self.stage)
        return name

    def expect(self, value: bytes) -> None:
        need(self.take(len(value)) == value, self.stage)

    def end(self) -> None:
        need(self.at == len(self.data), self.stage)


def text(data: bytes, stage: str = "malformed") -> str:
    """Decode UTF-8, U+FEFF as a character like others. Raises Stop."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Stop(stage) from None


def blank(value: str) -> bool:
    """Tell whether a text is empty or ASCII white space alone."""
    return not value.strip("\t\n\v\f\r ")


def printable(value: str) -> bool:
    """Tell whether no character is of the categories that the format calls unprintable."""
    return all(unicodedata.category(sign) not in _UNPRINTABLE for sign in value)


def lp(data: bytes) -> bytes:
    return u32(len(data)) + data


def u8(value: int) -> bytes:
    return value.to_bytes(1, "big")


def u16(value: int) -> bytes:
    return value.to_bytes(2, "big")


def u32(value: int) -> bytes:
    return value.to_bytes(4, "big")


def ascending(values: list[bytes]) -> bool:
    """Tell whether each value is greater than the one before."""
    return all(earlier < later for earlier, later in pairwise(values))


def parse_record(data: bytes, stage: str) -> dict[str, bytes]:
    """Read a record's values by their names. Raises Stop."""
    cursor = Cursor(data, stage)
    values: dict[str, bytes] = {}
    last = ""
    for _ in range(cursor.u16()):
        name = cursor.ascii(NAME)
        need(last < name and not name.startswith(_CRITICAL), stage)
        values[name] = cursor.lp()
        last = name
    cursor.end()
    return values


def write_record(values: dict[str, bytes]) -> bytes:
    """Write a record, its names ascending."""
    ordered = sorted((name.encode("ascii"), value) for name, value in values.items())
    return u16(len(ordered)) + b"".join(u8(len(name)) + name + lp(value) for name, value in ordered)
