"""Lists the members of an archive as text and as parts, and opens one; the format is told by its own signature.

Rule: the list is shown however large the members claim to be; a member is a bomb only if it unpacks to more than
_RATIO_MAX times the whole archive.
"""

import os
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from dropbox.triage.evidence.inside.archives import rar, zips
from dropbox.triage.evidence.inside.archives.member import Member
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import CannotError

_RATIO_MAX: Final = 200  # text packs 30:1, tables that repeat themselves 100:1
_SMALL: Final = 64 << 20  # bytes: so many are never a bomb
_MEMBERS_MAX: Final = 100_000
# (place, bytes, format of libarchive.FORMATS)
_SIGNS: Final = (
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
    (0, b"LZIP", "lzip"),
    (0, b"\x1f\x9d", "compress"),
    (0, b"\x5d\0\0", "lzma"),
    (0, b"MSCF", "cab"),
    (0, b"!<arch>\n", "ar"),
    (0, b"0707", "cpio"),
    (2, b"-lh", "lzh"),
    (2, b"-lz", "lzh"),
    (257, b"ustar", "tar"),
    (0x8001, b"CD001", "iso"),
)
_HEAD: Final = 0x8010


def text(reading: Reading) -> Iterator[str]:
    """Yield a line for each member: size, date, name, and where a link points.

    Raises:
        CannotError: `locked`: the list itself is encrypted; `damaged`: there is none.
    """
    for member in _members(reading):
        size = str(member.size) if member.size >= 0 and member.is_file else ""
        target = f" -> {_line(member.target)}" if member.target else ""
        yield f"{size:>14}  {member.date:16}  {_line(member.name)}{target}\n"


def facts(reading: Reading) -> dict[str, int]:
    """Return `members`, how many it has, and what was noted; raises CannotError as `text` does."""
    return {"members": sum(1 for _ in _members(reading))}


def files(reading: Reading) -> Iterator[Member]:
    """Yield the members that have bytes of their own; `read` of one is valid until the next is taken.

    Raises:
        CannotError: see text.
    """
    return (member for member in _members(reading) if member.is_file)


def data(reading: Reading, index: int) -> Iterator[bytes]:
    """Yield the bytes of a file, by its 0-based index among `files`.

    Raises:
        CannotError: `no-page`: there is no such file; `too-large`; `locked`; `damaged`: it breaks off; `unsupported`:
            its compression is not known; `bomb`: it unpacks out of proportion.
    """
    most = max(_SMALL, _RATIO_MAX * os.fstat(0).st_size)
    for number, member in enumerate(files(reading)):
        if number < index:
            continue
        if member.is_locked:
            raise CannotError("locked")
        if member.size > reading.most:
            raise CannotError("bomb" if member.size > most else "too-large")
        for piece in member.read():
            most -= len(piece)
            if most < 0:
                raise CannotError("bomb")
            yield piece
        return
    raise CannotError("no-page")


def _members(reading: Reading) -> Iterator[Member]:
    """Yield the members; what is missing, encrypted or beyond the limit is noted."""
    count = 0
    try:
        for member in _read():
            if count == _MEMBERS_MAX:
                reading.note("parts-cut")
                return
            count += 1
            if member.is_locked:
                reading.note("locked-parts")
            yield member
    except CannotError as error:
        if not count:
            raise
        reading.note("locked-parts" if error.failure == "locked" else "incomplete")
    if rar.headers(0).is_volume:
        reading.note("incomplete")


def _read() -> Iterator[Member]:
    head = os.pread(0, _HEAD, 0)
    code = next((code for place, sign, code in _SIGNS if head.startswith(sign, place)), "")
    if code:
        yield from _others(code)
        return
    try:
        yield from zips.members(sys.stdin.buffer)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        yield from _others("zip")  # without its directory: what is left of it, from its beginning
        raise CannotError("damaged") from None


def _others(code: str) -> Iterator[Member]:
    try:
        from dropbox.triage.evidence.inside.archives import libarchive  # a ZIP file does not need it
    except (ImportError, OSError, AttributeError):  # the library, or a function of it, is not on this machine
        raise CannotError("no-archive") from None
    locked = iter(rar.headers(0).locked)
    for member in libarchive.members(0, code):
        yield replace(member, is_locked=member.is_locked or next(locked, False))


def _line(name: str) -> str:
    return " ".join(name.split("\n"))
