"""Runs the jobs of the sandbox, each with its limits.

    kind · picture · text · facts · parts · part · document (to PDF) · recording (without metadata)

Rule: only evidence.kinds chooses the job; a file's name chooses nothing.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Final

from dropbox.limits import (
    DOCUMENT_MAX_BYTES,
    EXAMINE_SECONDS,
    FILE_MAX_BYTES,
    KIB,
    MIB,
    PICTURE_MEMORY_BYTES,
    SANDBOX_MEMORY_BYTES,
    SANDBOX_PROCESSES,
    SANDBOX_SCRATCH_BYTES,
    SANDBOX_SECONDS,
    TEXT_MAX_BYTES,
)
from dropbox.triage.evidence import kinds, replies, sandbox
from dropbox.triage.evidence.kinds import KINDS, Kind
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import Identity, Listed, Picture, Pieces, Reply, Text
from dropbox.triage.evidence.sandbox import Limits

_NO_DIRECTORY: Final = "doc"  # an Office document whose directory is damaged: LibreOffice looks at its bytes
_HEAD: Final = 64  # bytes around a reply's body


def picture(source: int, kind: Kind, page: int, side: int) -> Picture:
    """Return a page of a picture or PDF.

    Args:
        source: descriptor of sealed memory.
        kind: of the file.
        page: 1-based.
        side: longest side of the result, in pixels.

    Raises:
        ConfigurationError: there is no sandbox.
        UnreadableError: see reasons; also while the picture's rows are read.
    """
    if kind.family not in (kinds.PICTURE, kinds.PDF):
        raise UnreadableError("unsupported")
    job = ["picture", kind.family, str(page), str(side)]
    return replies.picture(Reply(sandbox.run(job, source, _limits(3 * side * side, memory=_memory(kind)))), side)


def identity(source: int) -> Identity:
    """Return what a file is, by its bytes; raises ConfigurationError, UnreadableError as `picture` does."""
    found = replies.identity(Reply(sandbox.run(["kind"], source, _limits(KIB, EXAMINE_SECONDS))))
    if found.code not in KINDS or found.start > os.fstat(source).st_size:
        raise UnreadableError("stopped")
    return found


def text(source: int, kind: Kind, most: int = TEXT_MAX_BYTES) -> Text:
    """Return at most so many bytes of a file's text; raises ConfigurationError, UnreadableError as `picture` does."""
    job = ["text", kind.family, kind.code, str(most)]
    return replies.text(Reply(sandbox.run(job, source, _limits(most + 4 * KIB, EXAMINE_SECONDS))))


def facts(source: int, kind: Kind) -> dict[str, int]:
    """Return numbers by the names of replies.FACTS; raises ConfigurationError, UnreadableError as `picture` does."""
    processes = SANDBOX_PROCESSES if kind.family == kinds.MEDIA else 0
    limits = _limits(4 * KIB, EXAMINE_SECONDS, processes=processes, memory=_memory(kind))
    return replies.facts(Reply(sandbox.run(["facts", kind.family, kind.code], source, limits)))


def parts(source: int, kind: Kind) -> tuple[dict[str, int], list[Listed]]:
    """Return (what was noted, the parts of a container); raises ConfigurationError, UnreadableError as `picture`."""
    job = ["parts", kind.family, kind.code]
    return replies.parts(Reply(sandbox.run(job, source, _limits(2 * MIB, EXAMINE_SECONDS))))


def part(source: int, kind: Kind, index: int) -> Pieces:
    """Return the untrusted bytes of a part (0-based); raises ConfigurationError, UnreadableError as `picture` does."""
    job = ["part", kind.family, kind.code, str(index), str(FILE_MAX_BYTES)]
    return Pieces(Reply(sandbox.run(job, source, _limits(FILE_MAX_BYTES + MIB))))


@contextlib.contextmanager
def document(source: int, kind: Kind) -> Iterator[int]:
    """Convert an office document to a PDF: a descriptor of sealed memory within the block; its bytes stay untrusted.

    Raises:
        ConfigurationError: there is no sandbox.
        UnreadableError: see reasons; the PDF may also be too large.
    """
    with _converted("office", source, kind) as made:
        yield made


@contextlib.contextmanager
def _converted(job: str, source: int, kind: Kind) -> Iterator[int]:
    if os.fstat(source).st_size > DOCUMENT_MAX_BYTES:
        raise UnreadableError("too-large")
    # LibreOffice takes commands over a local socket.
    limits = _limits(DOCUMENT_MAX_BYTES, processes=SANDBOX_PROCESSES, scratch=3 * DOCUMENT_MAX_BYTES, has_sockets=True)
    arguments = [job, _NO_DIRECTORY if kind.code == "ole" else kind.code, str(DOCUMENT_MAX_BYTES)]
    made = sandbox.sealed_memory(Reply(sandbox.run(arguments, source, limits)).rest())
    try:
        yield made
    finally:
        os.close(made)


@contextlib.contextmanager
def newer(source: int, kind: Kind) -> Iterator[int]:
    """Convert a document of an older format to its OOXML format; as `document`."""
    with _converted("newer", source, kind) as made:
        yield made


def recording(source: int) -> Iterator[bytes]:
    """Yield a new Matroska file with the unchanged audio and video streams, without metadata.

    Raises:
        ConfigurationError: there is no sandbox.
        UnreadableError: see reasons.
    """
    most = FILE_MAX_BYTES + 16 * MIB  # the new container may take more bytes for its frames
    limits = _limits(most, 2 * SANDBOX_SECONDS, processes=SANDBOX_PROCESSES, scratch=most)
    return Reply(sandbox.run(["media", str(most)], source, limits)).rest()


def _limits(
    output: int,
    seconds: int = SANDBOX_SECONDS,
    *,
    processes: int = 0,
    scratch: int = SANDBOX_SCRATCH_BYTES,
    memory: int = SANDBOX_MEMORY_BYTES,
    has_sockets: bool = False,
) -> Limits:
    return Limits(seconds, memory, scratch, output + _HEAD, processes, has_sockets)


def _memory(kind: Kind) -> int:
    return PICTURE_MEMORY_BYTES if kind.family == kinds.PICTURE else SANDBOX_MEMORY_BYTES
