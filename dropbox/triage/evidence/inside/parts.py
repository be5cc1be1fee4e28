"""Lists the parts of a container (attachments, members), and takes out one of them.

Rule: a part is only bytes here. Nothing is unpacked to a path, and a part's name is never used as one.
"""

import struct
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import DONE, FAILURES, CannotError, facts_block, write

PARTS_MAX: Final = 500  # further ones are counted only
_PIECE_MAX: Final = 1 << 20  # bytes: the receiver holds one piece
_UNKNOWN: Final = 1 << 48  # as the size of a part
_END: Final = bytes(4)  # a piece of no bytes
_TEXT_MAX: Final = 1000  # bytes of a name or type


class Part(NamedTuple):
    """A part as its container describes it: its maker's name and media type, and its size in bytes (-1: unknown)."""

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
    packed = (_text(part.name) + _text(part.type) + struct.pack(">Q", _size(part.size)) for part in found)
    write(DONE + facts_block(reading.facts) + b"".join(packed))


def part(reading: Reading, index: int) -> None:
    """Write the bytes of a part (0-based) as the reply; if it breaks off, its last byte says why.

    Raises:
        CannotError: `no-page`: there is no such part; else see its reader.
    """
    if reading.family not in OPENERS:
        raise CannotError("no-page")
    pieces = OPENERS[reading.family](reading, index)
    first = next(pieces, b"")  # a failure before the first byte is the whole reply
    write(DONE + _sized(first))
    end = DONE
    try:
        for piece in pieces:
            write(_sized(piece))
    except CannotError as error:
        end = error.letter
    if end == DONE and reading.facts:
        end = FAILURES["damaged"]
    write(_END + end)


def _sized(piece: bytes) -> bytes:
    cut = (piece[at : at + _PIECE_MAX] for at in range(0, len(piece), _PIECE_MAX))
    return b"".join(len(one).to_bytes(4, "big") + one for one in cut)


def _size(size: int) -> int:
    return size if 0 <= size < _UNKNOWN else _UNKNOWN


def _no_parts(_reading: Reading) -> Iterator[Part]:
    return iter(())


def _text(value: str) -> bytes:
    raw = value.encode("utf-8", "replace")[:_TEXT_MAX].decode("utf-8", "ignore").encode()
    return struct.pack(">H", len(raw)) + raw


def _members(reading: Reading) -> Iterator[Part]:
    from dropbox.triage.evidence.inside.archives import listing

    return (Part(member.name, "", member.size) for member in listing.files(reading))


def _member(reading: Reading, index: int) -> Iterator[bytes]:
    from dropbox.triage.evidence.inside.archives import listing

    return listing.data(reading, index)


def _attachments(reading: Reading) -> Iterator[Part]:
    from dropbox.triage.evidence.inside.mail import reading as mail

    return (Part(one.name, one.type, len(one.read())) for one in mail.attachments(reading))


def _attachment(reading: Reading, index: int) -> Iterator[bytes]:
    from dropbox.triage.evidence.inside.mail import reading as mail

    found = mail.attachments(reading)
    if not 0 <= index < len(found):
        raise CannotError("no-page")
    reading.facts.clear()  # what was noted of the others
    yield found[index].read()


def _embedded(reading: Reading) -> Iterator[Part]:
    from dropbox.triage.evidence.inside.documents import reader

    return (Part(*one) for one in reader.members(reading))


def _embedded_one(reading: Reading, index: int) -> Iterator[bytes]:
    from dropbox.triage.evidence.inside.documents import reader

    return reader.member(reading, index)


def _in_pdf(_reading: Reading) -> Iterator[Part]:
    from dropbox.triage.evidence.inside.pdfs import attached

    return (Part(one.name, one.type, one.size) for one in attached.files())


def _in_pdf_one(reading: Reading, index: int) -> Iterator[bytes]:
    from dropbox.triage.evidence.inside.pdfs import attached

    return attached.data(reading, index)


def _behind(_reading: Reading) -> Iterator[Part]:
    from dropbox.triage.evidence.inside.photos import behind

    return (Part(*one) for one in behind.listed())


def _behind_one(reading: Reading, index: int) -> Iterator[bytes]:
    from dropbox.triage.evidence.inside.photos import behind

    return behind.data(reading, index)


LISTERS: dict[str, Callable[[Reading], Iterator[Part]]] = {
    "zip": _members,
    "mail": _attachments,
    "office": _embedded,
    "pdf": _in_pdf,
    "picture": _behind,
}
OPENERS: dict[str, Callable[[Reading, int], Iterator[bytes]]] = {
    "zip": _member,
    "mail": _attachment,
    "office": _embedded_one,
    "pdf": _in_pdf_one,
    "picture": _behind_one,
}
