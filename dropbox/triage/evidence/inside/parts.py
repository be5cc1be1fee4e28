"""Lists the parts of a container (attachments, members), and takes out one of them.

Rule: a part is only bytes here. Nothing is unpacked to a path, and a part's name is never used as one.
"""

import struct
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from dropbox.triage.evidence.inside import office
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import DONE, CannotError, facts_block, write

PARTS_MAX: Final = 500  # further ones are counted only
_TEXT_MAX: Final = 1000  # bytes of a name or type


class Part(NamedTuple):
    """A part as its container describes it: the name and media type that its maker gave, and its size in bytes."""

    name: str
    type: str
    size: int


def parts(reading: Reading) -> None:
    """Write the list of the parts of the file on standard input as the reply; an empty one for what has no parts.

    Raises:
        CannotError: the container cannot be read; see its reader.
    """
    found: list[Part] = []
    for part in LISTERS.get(reading.family, _no_parts)(reading):
        if len(found) < PARTS_MAX:
            found.append(part)
        else:
            reading.note("parts-cut")
    packed = (_text(part.name) + _text(part.type) + struct.pack(">Q", max(part.size, 0)) for part in found)
    write(DONE + facts_block(reading.facts) + b"".join(packed))


def part(reading: Reading, index: int) -> None:
    """Write the bytes of a part (0-based) as the reply.

    Raises:
        CannotError: `no-page`: there is no such part; else see its reader.
    """
    if reading.family not in OPENERS:
        raise CannotError("no-page")
    pieces = OPENERS[reading.family](reading, index)
    first = next(pieces, b"")  # a failure before the first byte is a letter, not a broken stream
    write(DONE + first)
    for piece in pieces:
        write(piece)


def _no_parts(_reading: Reading) -> Iterator[Part]:
    return iter(())


def _text(value: str) -> bytes:
    raw = value.encode("utf-8", "replace")[:_TEXT_MAX].decode("utf-8", "ignore").encode()
    return struct.pack(">H", len(raw)) + raw


def _members(_reading: Reading) -> Iterator[Part]:
    for member in office.open_archive().infolist():
        if not member.is_dir():
            yield Part(member.filename, "", member.file_size)


def _member(reading: Reading, index: int) -> Iterator[bytes]:
    archive = office.open_archive()
    members = [member for member in archive.infolist() if not member.is_dir()]
    if not 0 <= index < len(members):
        raise CannotError("no-page")
    yield from office.unpack(archive, members[index].filename, [reading.most])


LISTERS: dict[str, Callable[[Reading], Iterator[Part]]] = {"zip": _members}
OPENERS: dict[str, Callable[[Reading, int], Iterator[bytes]]] = {"zip": _member}
