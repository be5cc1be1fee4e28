"""Knows pictures by their headers.

Rule: a short or printable sign counts only together with a second field of its header.
"""

import struct
from typing import Final

from dropbox.triage.evidence.inside.identity.peek import Peek

_DIB_SIZES: Final = frozenset({12, 16, 40, 52, 56, 64, 108, 124})  # of the header after the one of the file
_GIF_BLOCKS: Final = b"\x21\x2c\x3b"  # extension, image, end
_JPEG_MARKERS: Final = frozenset(range(0xC0, 0xFF)) - frozenset(range(0xD0, 0xDA))


def picture(file: Peek) -> str:
    """Return the code of the picture's kind; empty if it is none of these."""
    return next((code for code, is_one in _TESTS.items() if is_one(file)), "")


def _jpeg(file: Peek) -> bool:
    # ITU-T T.81, B.1.1.3: a marker follows the start of the image at once; its segment has a length of 2 or more.
    head = file.head[:6]
    return len(head) == 6 and head[:3] == b"\xff\xd8\xff" and head[3] in _JPEG_MARKERS and head[4:] >= b"\0\2"


def _png(file: Peek) -> bool:
    return file.head.startswith(b"\x89PNG\r\n\x1a\n")


def _webp(file: Peek) -> bool:
    return file.head[:4] == b"RIFF" and file.head[8:12] == b"WEBP" and file.head[12:15] == b"VP8"


def _gif(file: Peek) -> bool:
    # GIF89a, 18: after the screen and its colours comes the first block.
    head = file.head
    if not head.startswith((b"GIF87a", b"GIF89a")) or len(head) < 13:
        return False
    colours = 3 << ((head[10] & 7) + 1) if head[10] & 0x80 else 0
    block = file.at(13 + colours, 1)
    return not block or block in _GIF_BLOCKS


def _tiff(file: Peek) -> bool:
    # TIFF 6.0, 2: byte order, 42, offset of the first directory; BigTIFF has 43 and offsets of 8 bytes.
    head = file.head[:8]
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 8:
        return False
    number, first = struct.unpack(f"{order}HI", head[2:8])
    return bool((number == 42 and first >= 8) or (number == 43 and head[4:8] in (b"\x08\0\0\0", b"\0\x08\0\0")))


def _bmp(file: Peek) -> bool:
    head = file.head[:18]
    if len(head) < 18 or head[:2] != b"BM":
        return False
    pixels, header = struct.unpack("<II", head[10:18])
    return header in _DIB_SIZES and 14 + header <= pixels <= max(file.size, 14 + header)


def _jp2(file: Peek) -> bool:
    return file.head.startswith((b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51\0"))


def _jxl(file: Peek) -> bool:
    return file.head.startswith(b"\0\0\0\x0cJXL \r\n\x87\n")


def _psd(file: Peek) -> bool:
    return file.head[:4] == b"8BPS" and file.head[4:12] in (b"\0\1" + bytes(6), b"\0\2" + bytes(6))


_TESTS: Final = {
    "jpeg": _jpeg,
    "png": _png,
    "webp": _webp,
    "gif": _gif,
    "tiff": _tiff,
    "bmp": _bmp,
    "jp2": _jp2,
    "jxl": _jxl,
    "psd": _psd,
}
