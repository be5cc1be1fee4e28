"""Opens ZIP archives and unpacks their members.

Rule: no member is unpacked beyond a bound.
"""

import sys
import zipfile
from collections.abc import Iterator
from typing import Final

from dropbox.triage.evidence.inside.reply import CannotError

_MEMBERS_MAX: Final = 10_000
_UNPACKED_MAX: Final = 64 << 20  # bytes of one document; the text of a thesis takes about 5 MiB
_RATIO_MAX: Final = 100  # text compresses about 10:1, rarely 30:1
_PIECE: Final = 1 << 16


def open_archive() -> zipfile.ZipFile:
    """Return the archive on standard input, not unpacked.

    Raises:
        CannotError: `damaged`: not a ZIP archive; `bomb`: too many members, or their sizes are out of proportion.
    """
    try:
        archive = zipfile.ZipFile(sys.stdin.buffer)
    except zipfile.BadZipFile:
        raise CannotError("damaged") from None
    members = archive.infolist()
    packed, claimed = sum(member.compress_size for member in members), sum(member.file_size for member in members)
    if len(members) > _MEMBERS_MAX or (claimed > _UNPACKED_MAX and claimed > _RATIO_MAX * packed):
        raise CannotError("bomb")
    return archive


def unpack(archive: zipfile.ZipFile, name: str, budget: list[int]) -> Iterator[bytes]:
    """Yield a member's bytes in pieces.

    Args:
        archive: see open_archive.
        name: of the member.
        budget: one number: bytes that may still be unpacked from the archive; it is reduced here.

    Raises:
        CannotError: `bomb`: the budget is used up.
    """
    with archive.open(name) as member:
        while piece := member.read(_PIECE):
            budget[0] -= len(piece)
            if budget[0] < 0:
                raise CannotError("bomb")
            yield piece
