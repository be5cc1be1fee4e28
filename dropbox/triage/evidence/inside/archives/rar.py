"""Reads what libarchive 3.6 leaves out of RAR: whether the archive is one of several, which files are locked.

    RAR 4: sign ‖ blocks = u16 CRC ‖ u8 type ‖ u16 flags ‖ u16 size ‖ …
    RAR 5: sign ‖ blocks = u32 CRC ‖ size ‖ type ‖ flags ‖ [size of extra area] ‖ [size of data] ‖ …
           a number has seven bits in each byte, the lowest first; the last byte is less than 128

Rule: a broken header ends the reading; what was read before counts.
"""

import os
from dataclasses import dataclass, field
from typing import Final

_SIGN4, _SIGN5 = b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\1\0"
_HEADER_MAX: Final = 2 << 20  # bytes of a block's header, by the format
_MAIN, _FILE = 1, 2
_HAS_EXTRA, _HAS_DATA = 1, 2
_VOLUME: Final = 1
_CRYPT: Final = 1  # type of the record in the extra area of an encrypted file
_BLOCKS_MAX: Final = 200_000


@dataclass
class Headers:
    """Whether it is one of several volumes, and for each file of RAR 5 whether it is encrypted."""

    is_volume: bool = False
    locked: list[bool] = field(default_factory=list)


def headers(descriptor: int) -> Headers:
    """Return what the headers of an open file say; an empty answer for any other file."""
    found = Headers()
    start = os.pread(descriptor, 32, 0)
    if start.startswith(_SIGN4):
        found.is_volume = bool(start[10:11] and start[10] & _VOLUME)
    if not start.startswith(_SIGN5):
        return found
    at, end = len(_SIGN5), os.fstat(descriptor).st_size
    for _ in range(_BLOCKS_MAX):
        if at >= end:
            break
        block = _Block(os.pread(descriptor, 4 + 3, at)[4:])
        size = block.number()
        head = 4 + block.at + size
        if not size or size > _HEADER_MAX:
            break
        block = _Block(os.pread(descriptor, size, at + head - size))
        kind, flags = block.number(), block.number()
        extra = block.number() if flags & _HAS_EXTRA else 0
        data = block.number() if flags & _HAS_DATA else 0
        if kind == _MAIN:
            found.is_volume = bool(block.number() & _VOLUME)
        elif kind == _FILE:
            found.locked.append(_is_locked(_Block(block.raw[max(0, size - extra) :])))
        at += head + data
    return found


def _is_locked(extra: "_Block") -> bool:
    while extra.at < len(extra.raw):
        size = extra.number()
        after = extra.at + size
        if extra.number() == _CRYPT:
            return True
        extra.at = max(after, extra.at)
    return False


@dataclass
class _Block:
    raw: bytes
    at: int = 0

    def number(self) -> int:
        """Return the next number; 0 at the end."""
        number = shift = 0
        while self.at < len(self.raw) and shift < 64:
            byte = self.raw[self.at]
            self.at += 1
            number |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
            shift += 7
        return number
