"""Knows archives, programs and other binary files by their headers.

Rule: a short or printable sign counts only together with a second field of its header.
"""

import re
import struct
from typing import Final

from dropbox.triage.evidence.inside.identity.peek import Peek

_SIGNS: Final = (
    (re.compile(rb"Rar!\x1a\x07(?:\0|\x01\0)"), "rar"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c\0"), "7z"),
    (re.compile(rb"\x1f\x8b\x08[\0-\x1f]", re.DOTALL), "gzip"),
    (re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"), "bzip2"),
    (re.compile(rb"\xfd7zXZ\0"), "xz"),
    (re.compile(rb"\x28\xb5\x2f\xfd"), "zstd"),
    (re.compile(rb"MSCF\0{4}.{4}\0{4}", re.DOTALL), "cab"),
    (re.compile(rb"[\x16-\xff].-l[hz][\dsd]-.{13}[\0-\3]", re.DOTALL), "lzh"),
    (re.compile(rb"\x78\x9f\x3e\x22"), "tnef"),
    (re.compile(rb"SQLite format 3\0"), "sqlite"),
    (re.compile(rb"\0\x01\0\0Standard (?:Jet|ACE) DB"), "access"),
    (re.compile(rb"\xffWPC.{4}\x01[\x0a\x09]", re.DOTALL), "wpd"),
    (re.compile(rb"AT&TFORM.{4}DJV[UM]", re.DOTALL), "djvu"),
    (re.compile(rb"\xc5\xd0\xd3\xc6"), "postscript"),
    (re.compile(rb"!<arch>\ndebian-binary"), "program"),
    (re.compile(rb"L\0\0\0\x01\x14\x02\0{5}\xc0\0{6}F"), "program"),  # a shortcut of Windows (MS-SHLLINK, 2.1)
    (re.compile(rb"\x7fELF[\1\2][\1\2]\x01"), "program"),
    (re.compile(rb"dex\n\d{3}\0"), "program"),
    (re.compile(rb"\0asm\x01\0\0\0"), "program"),
    (re.compile(rb"\xca\xfe\xba\xbe\0.\0[\x2d-\x50]", re.DOTALL), "program"),  # a class of Java
    (re.compile(rb"\xca\xfe\xba\xbe\0\0\0[\1-\x10]"), "program"),  # Mach-O, here and below
    (re.compile(rb"(?:\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe)[\0\1\7\x0c\x12]", re.DOTALL), "program"),
)
_BLOCK: Final = 512
_ISO_PLACES: Final = (0x8001, 0x8801, 0x9001)
_DBASE: Final = frozenset({0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x83, 0x8B, 0xF5, 0xFB})
_FIELD_TYPES: Final = b"CNFLDMGTYIBPOV0@+WQ"


def archive(file: Peek) -> str:
    """Return the code of the kind of an archive, a program or another binary file; empty if it is none of these."""
    found = next((code for sign, code in _SIGNS if sign.match(file.head)), "")
    if found:
        return found
    return next((code for code, is_one in _TESTS.items() if is_one(file)), "")


def _dos_program(file: Peek) -> bool:
    head = file.head[:64]
    if head[:2] not in (b"MZ", b"ZM") or len(head) < 28:
        return False
    new = int.from_bytes(head[60:64], "little") if len(head) == 64 else 0
    if file.at(new, 4)[:2] in (b"PE", b"NE", b"LE", b"LX") and new >= 28:
        return True
    last, pages, _, paragraphs = struct.unpack("<4H", head[2:10])
    return bool(last < _BLOCK and pages > 0 and paragraphs >= 2 and 16 * paragraphs <= min(file.size, _BLOCK * pages))


def _tar(file: Peek) -> bool:
    # IEEE Std 1003.1, pax: the sum of the header's bytes, the field of the sum itself counted as blanks.
    block = file.head[:_BLOCK]
    field = block[148:156].strip(b"\0 ")
    if len(block) < _BLOCK or not re.fullmatch(rb"[0-7]{1,7}", field):
        return False
    return block[0] != 0 and sum(block[:148]) + 8 * 32 + sum(block[156:]) == int(field, 8)


def _iso(file: Peek) -> bool:
    return any(file.at(place, 5) in (b"CD001", b"BEA01", b"NSR02", b"NSR03") for place in _ISO_PLACES)


def _dbf(file: Peek) -> bool:
    # dBase and FoxPro: the length of the header, of a record, and a 13 behind the last field.
    head = file.head[:32]
    if len(head) < 32 or head[0] not in _DBASE:
        return False
    length, record = struct.unpack("<HH", head[8:12])
    fields = file.at(32, min(length, 8192))
    end = fields.find(b"\r")
    return (
        1 <= head[2] <= 12
        and 1 <= head[3] <= 31
        and record >= 2
        and end > 0
        and end % 32 == 0
        and end + 33 <= length
        and all(fields[at] in _FIELD_TYPES for at in range(11, end, 32))
    )


_TESTS: Final = {"program": _dos_program, "tar": _tar, "iso": _iso, "dbf": _dbf}
