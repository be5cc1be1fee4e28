"""Makes the copy of an opened file: pictures of its pages, its text, or a recording encoded anew.

Rule: a copy consists of what the sandbox made, and names what it leaves out. It is written whole or not at all.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from dropbox.disk.durable import sync_folder
from dropbox.disk.pieces import write_verified
from dropbox.errors import RefusedError, StorageFullError
from dropbox.limits import CLEAN_PAGE_SIDE, CLEAN_PAGES_MAX, CLEAN_PICTURE_SIDE, COPY_TEXT_MAX_BYTES
from dropbox.triage.evidence import findings, jobs, kinds, pixels, sandbox
from dropbox.triage.evidence.cover import NOTHING, Cover
from dropbox.triage.evidence.findings import Note
from dropbox.triage.evidence.preview import Viewer
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import Picture

_TEXT_ENDING: Final = "txt"
_CUT: Final = "cut"
_PIECE: Final = 1 << 20


@dataclass(frozen=True)
class Cleaned:
    """A cleaned copy in sealed memory, closed as a context manager.

    Attributes:
        descriptor: of the memory.
        length: bytes of the copy.
        sha256: of the copy.
        ending: png, pdf, txt or webm.
        kind: code of evidence.kinds, of the original.
        original: SHA-256 of the original.
        notes: what the copy leaves out (evidence.findings).
    """

    descriptor: int
    length: int
    sha256: bytes
    ending: str
    kind: str
    original: bytes
    notes: tuple[Note, ...]

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes, from the first."""
        at = 0
        while piece := os.pread(self.descriptor, _PIECE, at):
            at += len(piece)
            yield piece

    def close(self) -> None:
        """Free the memory."""
        os.close(self.descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class Exported:
    """An exported copy: its name in the folder, its pages (0: none), and what it leaves out."""

    name: str
    pages: int
    notes: tuple[Note, ...] = ()


def write_copy(folder: Path, name: str, pieces: Iterable[bytes]) -> None:
    """Write a copy into a folder, whole or not at all; nothing is overwritten.

    Raises:
        RefusedError: the name is taken.
        StorageFullError: the disk is full.
    """
    if os.path.lexists(folder / name):
        raise RefusedError("evidence.copy-exists")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_verified(folder / name, pieces, None)
        sync_folder(folder)
    except FileExistsError:
        raise RefusedError("evidence.name-used") from None
    except OSError as error:
        raise StorageFullError("evidence.copy-unwritable", system=error.errno) from None


class Copy:
    """Makes the cleaned copy of an opened file."""

    def __init__(self, viewer: Viewer, left_out: list[Note], cover: Cover = NOTHING) -> None:
        self._viewer = viewer
        self._cover = cover
        self._pages = 0
        # A text is not cut in its copy, or says so itself.
        self._notes = {name: number for name, number in left_out if name != _CUT}

    def write(self, folder: Path, stem: str) -> Exported:
        """Write the copy into a folder; raises as `in_memory` and `write_copy`."""
        ending, pieces = self._made()
        name = f"{stem}.{ending}"
        write_copy(folder, name, pieces)
        return Exported(name, self._pages, tuple(self._notes.items()))

    def in_memory(self) -> Cleaned:
        """Return the copy in sealed memory; raises ConfigurationError, UnreadableError, and what the cover raises."""
        ending, pieces = self._made()
        descriptor = sandbox.sealed_memory(pieces)
        kind, original, length = self._viewer.source.kind.code, self._viewer.source.sha256, os.fstat(descriptor).st_size
        made = Cleaned(descriptor, length, b"", ending, kind, original, tuple(self._notes.items()))
        digest = hashlib.sha256()
        for piece in made.pieces():
            digest.update(piece)
        return replace(made, sha256=digest.digest())

    def _made(self) -> tuple[str, Iterator[bytes]]:
        """Return (ending of its name, its bytes)."""
        source = self._viewer.source
        if source.kind.family == kinds.MEDIA:
            return "webm", self._recording()
        if source.kind.family in (kinds.TEXT, kinds.MAIL, kinds.ARCHIVE):
            return _TEXT_ENDING, self._text()
        if source.kind.family not in (kinds.PICTURE, kinds.PDF, kinds.OFFICE, kinds.OLD_OFFICE):
            raise UnreadableError(kinds.UNREAD.get(source.kind.family, "unsupported"))
        descriptor, kind = self._viewer.drawable()
        side = CLEAN_PICTURE_SIDE if kind.family == kinds.PICTURE else CLEAN_PAGE_SIDE
        first = self._cover.picture(1, jobs.picture(descriptor, kind, 1, side))
        self._pages = min(first.pages, CLEAN_PAGES_MAX)
        if first.pages > CLEAN_PAGES_MAX:
            self._notes["pages-cut"] = CLEAN_PAGES_MAX
        if kind.family == kinds.PICTURE and first.pages == 1:
            return "png", pixels.png(first)

        def draw(page: int) -> Picture:
            return self._cover.picture(page, jobs.picture(descriptor, kind, page, CLEAN_PAGE_SIDE))

        return "pdf", pixels.pdf(self._all(first, draw))

    def _text(self) -> Iterator[bytes]:
        source = self._viewer.source
        read = jobs.text(source.descriptor, source.kind, COPY_TEXT_MAX_BYTES)
        self._notes |= {name: number for name, number in read.facts.items() if name in findings.NOTES}
        yield self._cover.text(read.text).encode()

    def _recording(self) -> Iterator[bytes]:
        source = self._viewer.source
        facts = jobs.facts(source.descriptor, source.kind)
        sides = sorted((facts.get("width", 0), facts.get("height", 0)), reverse=True)
        if any(side > most for side, most in zip(sides, jobs.copy_sides(facts), strict=True)):
            self._notes["film-smaller"] = jobs.copy_sides(facts)[1]
        noted, pieces = jobs.recording(source.descriptor, facts, self._cover.silenced, is_black=self._cover.is_black)
        self._notes |= {name: number for name, number in noted.items() if name in findings.NOTES}
        return pieces

    def _all(self, first: Picture, draw: Callable[[int], Picture]) -> Iterator[Picture]:
        yield first
        for page in range(2, self._pages + 1):
            yield draw(page)
