"""Writes archives of formats for which no tool is installed: RAR 4 and 5, CAB, LZH, all without compression."""

import struct
import zlib
from typing import Final

_DOS_TIME: Final = (2025 - 1980) << 25 | 3 << 21 | 3 << 16 | 9 << 11  # 2025-03-03 09:00
Members = dict[str, bytes]


def rar4(members: Members, *, flags: int = 0, locked: bool = False) -> bytes:
    """Return a RAR archive of version 4; `flags` of its header: 1: one of several, 0x80: locked list."""
    made = b"Rar!\x1a\x07\0" + _block4(0x73, flags, bytes(6))
    for name, data in members.items():
        raw = name.encode("latin-1")
        body = struct.pack("<IIBII", len(data), len(data), 2, zlib.crc32(data), _DOS_TIME)
        body += struct.pack("<BBHI", 20, 0x30, len(raw), 0x20)
        made += _block4(0x74, 0x8000 | (4 if locked else 0), body + raw) + data
    return made + _block4(0x7B, 0x4000, b"")


def _block4(kind: int, flags: int, body: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def rar5(members: Members, *, flags: int = 0, locked: bool = False, locked_list: bool = False) -> bytes:
    """Return a RAR archive of version 5; `flags` are those of the archive (1: one of several)."""
    made = b"Rar!\x1a\x07\1\0"
    if locked_list:
        return made + _block5(4, 0, b"\0\0\x0f" + bytes(16)) + bytes(64)
    made += _block5(1, 0, _number(flags))
    lock = b"\x30\1\0\0\x0f" + bytes(range(32)) if locked else b""
    lock = _number(len(lock) - 1) + lock[1:] if lock else b""
    for name, data in members.items():
        raw = name.encode()
        extra = _number(len(lock)) if lock else b""
        body = extra + _number(len(data)) + _number(0x0006) + _number(len(data)) + _number(0x20)
        body += struct.pack("<II", 1_740_992_400, zlib.crc32(data)) + _number(0) + _number(1)
        made += _block5(2, 3 if lock else 2, body + _number(len(raw)) + raw + lock) + data
    return made + _block5(5, 0, b"\0")


def _block5(kind: int, flags: int, body: bytes) -> bytes:
    head = _number(kind) + _number(flags) + body
    head = _number(len(head)) + head
    return struct.pack("<I", zlib.crc32(head)) + head


def _number(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def cab(members: Members) -> bytes:
    """Return a cabinet of one folder (MS-CAB)."""
    files, data = b"", b"".join(members.values())
    at = 0
    for name, content in members.items():
        files += struct.pack("<IIHHHH", len(content), at, 0, _DOS_TIME >> 16, _DOS_TIME & 0xFFFF, 0xA0)  # 0x80: UTF-8
        files += name.encode() + b"\0"
        at += len(content)
    begin = 36 + 8 + len(files)
    block = struct.pack("<IHH", 0, len(data), len(data)) + data
    head = struct.pack("<4sIIIIIBBHHHHH", b"MSCF", 0, begin + len(block), 0, 44, 0, 3, 1, 1, len(members), 0, 0, 0)
    return head + struct.pack("<IHH", begin, 1, 0) + files + block


def lzh(members: Members) -> bytes:
    """Return an LHA archive of level 0."""
    made = b""
    for name, data in members.items():
        raw = name.encode("latin-1")
        head = b"-lh0-" + struct.pack("<IIIBB", len(data), len(data), _DOS_TIME, 0x20, 0)
        head += bytes([len(raw)]) + raw + struct.pack("<H", _crc16(data))
        made += bytes([len(head), sum(head) & 0xFF]) + head + data
    return made + b"\0"


def _crc16(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def seven_zip_locked() -> bytes:
    """Return a 7z archive whose list is encrypted: an encoded header of one AES stream (7zFormat.txt)."""
    packed = bytes(range(64))
    coder = b"\x01\x24\x06\xf1\x07\x01\x0a\x53\x07" + bytes(8)
    header = b"\x17\x06\x00\x01\x09\x40\x00\x07\x0b\x01\x00" + coder + b"\x0c\x40\x00\x00"
    place = struct.pack("<QQI", len(packed), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(place)) + place + packed + header
