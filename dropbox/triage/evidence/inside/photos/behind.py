"""Finds what follows a picture in its file: the film of a motion photo, further pictures, anything else.

    [ picture ][ JPEG ]…[ film (MP4) ][ rest ]      each but the first is a part (inside.parts)

Rule: the end of the picture is computed from its own structure. Nothing is left out but zeros, and the trailer in which
Samsung's cameras keep names and times.
"""

import re
import sys
from collections.abc import Iterator
from typing import Final, NamedTuple

from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import CannotError

FILM, PICTURE, REST = "film", "pictures", "appended"
_NAMES: Final = {FILM: "film.mp4", PICTURE: "{n}.jpg", REST: "{n}"}
_TYPES: Final = {FILM: "video/mp4", PICTURE: "image/jpeg", REST: ""}
_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_NEXT: Final = re.compile(rb"\xff\xd8\xff[\xc0-\xfe]|\0\0[\0-\x0f][\x08-\xff]ftyp", re.DOTALL)
_SEGMENT_END: Final = re.compile(rb"\xff[^\0\xff\xd0-\xd7]", re.DOTALL)  # not of coded data (ITU-T T.81, B.1.1.5)
_SAMSUNG: Final = b"SEFT"
_SAMSUNG_MAX: Final = 64 << 10
_SMALL: Final = 16  # bytes of padding that cameras and programs leave
_PIECES_MAX: Final = 100
_BOX_HEAD: Final = 8
_MOTION: Final = b"mpvd"  # the film in a HEIC of Google's and Samsung's cameras


class Piece(NamedTuple):
    """What follows a picture: FILM, PICTURE or REST, its first byte, and the byte behind it."""

    kind: str
    start: int
    end: int


def pieces() -> list[Piece]:
    """Return what follows the picture on standard input, in its order; [] for formats without an end of their own."""
    sys.stdin.buffer.seek(0)
    try:
        return list(_pieces(sys.stdin.buffer.read()))
    except IndexError:  # it ends within a header
        return []


def note(reading: Reading) -> None:
    """Note what follows the picture: `film`, `pictures` (how many), `appended` (bytes)."""
    for piece in pieces():
        if piece.kind == FILM:
            reading.facts[FILM] = 1
        else:
            reading.note(piece.kind, 1 if piece.kind == PICTURE else piece.end - piece.start)


def listed() -> Iterator[tuple[str, str, int]]:
    """Yield (name, media type, bytes) of each piece."""
    for number, piece in enumerate(pieces(), 2):
        yield _NAMES[piece.kind].format(n=number), _TYPES[piece.kind], piece.end - piece.start


def data(reading: Reading, index: int) -> Iterator[bytes]:
    """Yield the bytes of a piece (0-based).

    Raises:
        CannotError: `no-page`: there is no such piece.
    """
    found = pieces()
    if not 0 <= index < len(found):
        raise CannotError("no-page")
    piece = found[index]
    sys.stdin.buffer.seek(piece.start)
    yield sys.stdin.buffer.read(min(piece.end - piece.start, reading.most))


def _pieces(data: bytes) -> Iterator[Piece]:
    end = len(data)
    if data[4:8] == b"ftyp":
        yield from _in_boxes(data)
    at = _end_of(data, 0)
    if at is None:
        return
    if data[-len(_SAMSUNG) :] == _SAMSUNG:
        end = max(at, _before_trailer(data, end))
    for _ in range(_PIECES_MAX):
        found = _NEXT.search(data, at, end)
        start = found.start() if found else end
        if start - at > _SMALL and data[at:start].strip(b"\0"):
            yield Piece(REST, at, start)
        if found is None:
            return
        is_film = not found[0].startswith(_JPEG)
        after = _end_of_boxes(data, start, end) if is_film else _end_of(data, start)
        at = min(after or end, end)
        yield Piece(FILM if is_film else PICTURE, start, at)


def _before_trailer(data: bytes, end: int) -> int:
    """Return where Samsung's trailer begins; its end if a film is in it, which is found on its own.

    "SEFH" ‖ u32 version ‖ u32 count ‖ count × (u32 type ‖ u32 distance from SEFH back ‖ u32 size) ‖ u32 length ‖ "SEFT"
    """
    length = int.from_bytes(data[end - 8 : end - 4], "little")
    head = end - 8 - length
    if head < 0 or data[head : head + 4] != b"SEFH":
        return end
    count = min(int.from_bytes(data[head + 8 : head + 12], "little"), _PIECES_MAX)
    entries = [data[head + 12 + 12 * k : head + 24 + 12 * k] for k in range(count)]
    if any(int.from_bytes(entry[8:12], "little") > _SAMSUNG_MAX for entry in entries):
        return end
    return min((head - int.from_bytes(entry[4:8], "little") for entry in entries), default=head)


def _in_boxes(data: bytes) -> Iterator[Piece]:
    """Yield the film in a box of a HEIC."""
    at = 0
    while at + _BOX_HEAD <= len(data):
        length = _box_length(data, at, len(data))
        if length is None:
            return
        if data[at + 4 : at + 8] == _MOTION:
            yield Piece(FILM, at + _BOX_HEAD, at + length)
        at += length


def _end_of(data: bytes, start: int) -> int | None:
    """Return the byte behind the picture that starts there; None if its end is missing or its format has none."""
    if data[start : start + 3] == _JPEG:
        return _end_of_jpeg(data, start)
    if data[start : start + 8] == _PNG:
        at = data.find(b"IEND", start)
        return at + 8 if at >= 0 else None
    if data[:4] == b"RIFF":
        return 8 + int.from_bytes(data[4:8], "little") if len(data) > 8 else None
    if data[4:8] == b"ftyp":
        return _end_of_boxes(data, 0, len(data))
    if data[:3] == b"GIF":
        return _end_of_gif(data)
    return None


def _end_of_jpeg(data: bytes, start: int) -> int | None:
    at = start + 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF:
            at += 1
            continue
        at += 2 if 0xD0 <= marker <= 0xD8 else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            found = _SEGMENT_END.search(data, at)
            if found is None:
                return None
            at = found.start()
    return at + 2 if data[at : at + 2] == b"\xff\xd9" else None


def _end_of_boxes(data: bytes, start: int, end: int) -> int:
    at = start
    while at + _BOX_HEAD <= end and (length := _box_length(data, at, end)) is not None:
        at += length
    return at


def _box_length(data: bytes, at: int, end: int) -> int | None:
    """Return the length of a box (ISO/IEC 14496-12, section 4.2); None for what is no box."""
    length = int.from_bytes(data[at : at + 4], "big")
    if not data[at + 4 : at + 8].isalnum():
        return None
    if length == 1:
        length = int.from_bytes(data[at + 8 : at + 16], "big")
    elif length == 0:
        length = end - at
    return length if _BOX_HEAD <= length <= end - at else None


def _end_of_gif(data: bytes) -> int | None:
    """Return the byte behind the trailer (GIF89a, section 27)."""
    at = 13 + _table(data[10])
    while at < len(data):
        sign = data[at]
        if sign == 0x3B:
            return at + 1
        if sign == 0x2C:
            at += 10 + _table(data[at + 9]) + 1
        elif sign == 0x21:
            at += 2
        else:
            return None
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return None


def _table(flags: int) -> int:
    """Return the bytes of a table of colours."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
