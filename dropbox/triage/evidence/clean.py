"""Exports files from the vault: a cleaned copy by default, the original only on purpose.

    picture of one page           -> PNG made of its pixels
    pictures, PDF, office         -> PDF made of pictures of its pages
    text, mail                    -> the text alone, UTF-8
    sound, video                  -> Matroska with the same streams, without metadata
    all else                      -> refused: only the original can be exported

Rule: of a picture or document, only what can be seen leaves this way. A recording's streams are the reporter's own
bytes: its metadata is removed, its content is not disarmed, and the note with the copy says so.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from dropbox.disk.durable import sync_folder
from dropbox.disk.pieces import write_verified
from dropbox.errors import LockedError, RefusedError, StorageFullError
from dropbox.limits import CLEAN_PAGE_SIDE, CLEAN_PAGES_MAX, CLEAN_PICTURE_SIDE, COPY_TEXT_MAX_BYTES
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework.extract import Extracted, extract, outside_the_vault
from dropbox.triage.evidence import findings, jobs, kinds, pixels, sandbox
from dropbox.triage.evidence.findings import Aside, Note
from dropbox.triage.evidence.preview import Viewer
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import Picture
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work

_HASH_SHOWN: Final = 16  # hexadecimal digits of a hash in the log: enough to find the file again
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
        ending: png, pdf, txt or mkv.
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


def export_cleaned(
    work: Work,
    case: casebook.Case,
    number: int,
    to: Path,
    aside: Aside = contextlib.nullcontext,
    place: str = "",
) -> Exported:
    """Write a cleaned copy of a file, or of a part of it, into a folder; nothing is overwritten.

    Args:
        work: the vault, the settings and the day.
        case: that has the file.
        number: of the file in the case, 1-based.
        to: the folder.
        aside: makes the block in which the sandbox works and the vault is not used.
        place: "" for the file itself, or of a part (evidence.source).

    Raises:
        RefusedError: the officer's roles do not allow it, the folder is in the vault, or the name is taken.
        NotFoundError: the officer is excluded from the case, or it has no such file or part.
        DamagedError: the file is not in the vault as it was taken in.
        ConfigurationError: there is no sandbox on this machine.
        UnreadableError: see reasons; nothing was written.
        StorageFullError: the disk is full; nothing was written.
        LockedError: the vault was locked meanwhile; nothing was written.
    """
    permission.permit(work, Permission.FILE_EXPORT, case.number)
    folder = outside_the_vault(work.vault, to)
    left_out = _left_out(work, case, number, place, aside)
    with Viewer(work, case, number, place) as viewer:
        copy = _Copy(viewer, left_out)
        exported = None
        try:
            with aside():
                exported = copy.write(folder, _stem(case, number, place))
        except LockedError:  # a copy that is not in the log must not leave
            if exported is not None:
                (folder / exported.name).unlink(missing_ok=True)
            raise
        digest = viewer.source.sha256.hex()[:_HASH_SHOWN]
        with transaction(work.vault.db):
            audit_log.write(
                work.vault, "file.export", case.number, file=number, kind=viewer.source.kind.code, sha256=digest
            )
    return exported


def _stem(case: casebook.Case, number: int, place: str) -> str:
    return f"{case.name}-{number:02d}" + (f"-{place}" if place else "")


def _left_out(work: Work, case: casebook.Case, number: int, place: str, aside: Aside) -> list[Note]:
    """Return what is known to be left out of every picture or text of a file or part; examine it if it was not yet."""
    found = findings.examine_file(work, case, number, aside)
    if place:
        known = findings.finding(work.vault, casebook.file_of(work.vault, case, number), place)
        return known.notes if known else []
    return found.notes


def cleaned(work: Work, case: casebook.Case, number: int, place: str = "") -> Cleaned:
    """Return a cleaned copy of a file (1-based number), or of a part of it, in memory.

    It is for what is sealed before it reaches a disk.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError, DamagedError, ConfigurationError, UnreadableError: see export_cleaned.
    """
    permission.permit(work, Permission.FILE_EXPORT, case.number)
    left_out = _left_out(work, case, number, place, contextlib.nullcontext)
    with Viewer(work, case, number, place) as viewer:
        ending, descriptor, notes = _Copy(viewer, left_out).in_memory()
        kind, original = viewer.source.kind.code, viewer.source.sha256
    digest, length = hashlib.sha256(), os.fstat(descriptor).st_size
    made = Cleaned(descriptor, length, b"", ending, kind, original, notes)
    try:
        for piece in made.pieces():
            digest.update(piece)
        with transaction(work.vault.db):
            shown = original.hex()[:_HASH_SHOWN]
            audit_log.write(work.vault, "file.export", case.number, file=number, kind=kind, sha256=shown)
    except BaseException:
        made.close()
        raise
    return replace(made, sha256=digest.digest())


def export_original(work: Work, case: casebook.Case, to: Path, number: int | None = None) -> Extracted:
    """Write the originals of a case, or one of them, byte for byte, and `manifest.json`.

    Args:
        work: the vault, the settings and the day.
        case: that has the files.
        to: the folder.
        number: of one file in the case, 1-based; None for all.

    Raises:
        RefusedError: the officer's roles do not allow it, or see extract.
        NotFoundError: the officer is excluded from the case, or it has no such file.
        StorageFullError: see extract.
    """
    permission.permit(work, Permission.FILE_ORIGINAL, case.number)
    if number is not None:
        casebook.file_of(work.vault, case, number)
    chosen = range(1, len(casebook.files(work.vault, case)) + 1) if number is None else [number]
    files = casebook.files(work.vault, case)
    # Logged before the first byte is written, so that the log has it even if the program is killed meanwhile.
    with transaction(work.vault.db):
        for chosen_number in chosen:
            digest = files[chosen_number - 1].sha256.hex()[:_HASH_SHOWN]
            audit_log.write(work.vault, "file.original", case.number, file=chosen_number, sha256=digest)
    return extract(work.vault, case, to, number)


class _Copy:
    """Makes the cleaned copy of an opened file."""

    def __init__(self, viewer: Viewer, left_out: list[Note]) -> None:
        self._viewer = viewer
        self._pages = 0
        # A text is not cut in its copy, or says so itself.
        self._notes = {name: number for name, number in left_out if name != _CUT}

    def write(self, folder: Path, stem: str) -> Exported:
        ending, pieces = self._made()
        path = folder / f"{stem}.{ending}"
        if os.path.lexists(path):
            raise RefusedError("evidence.copy-exists")
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_verified(path, pieces, None)
            sync_folder(folder)
        except FileExistsError:
            raise RefusedError("evidence.name-used") from None
        except OSError as error:
            raise StorageFullError("evidence.copy-unwritable", system=error.errno) from None
        return Exported(path.name, self._pages, tuple(self._notes.items()))

    def in_memory(self) -> tuple[str, int, tuple[Note, ...]]:
        """Return (ending, descriptor of sealed memory, notes)."""
        ending, pieces = self._made()
        return ending, sandbox.sealed_memory(pieces), tuple(self._notes.items())

    def _made(self) -> tuple[str, Iterator[bytes]]:
        """Return (ending of its name, its bytes)."""
        source = self._viewer.source
        if source.kind.family == kinds.MEDIA:
            self._notes["streams"] = 1
            return "mkv", jobs.recording(source.descriptor)
        if source.kind.family in (kinds.TEXT, kinds.MAIL):
            return _TEXT_ENDING, self._text()
        if source.kind.family not in (kinds.PICTURE, kinds.PDF, kinds.OFFICE, kinds.OLD_OFFICE):
            raise UnreadableError(kinds.UNREAD.get(source.kind.family, "unsupported"))
        descriptor, kind = self._viewer.drawable()
        side = CLEAN_PICTURE_SIDE if kind.family == kinds.PICTURE else CLEAN_PAGE_SIDE
        first = jobs.picture(descriptor, kind, 1, side)
        self._pages = min(first.pages, CLEAN_PAGES_MAX)
        if first.pages > CLEAN_PAGES_MAX:
            self._notes["pages-cut"] = CLEAN_PAGES_MAX
        if kind.family == kinds.PICTURE and first.pages == 1:
            return "png", pixels.png(first)
        return "pdf", pixels.pdf(self._all(first, lambda page: jobs.picture(descriptor, kind, page, CLEAN_PAGE_SIDE)))

    def _text(self) -> Iterator[bytes]:
        source = self._viewer.source
        read = jobs.text(source.descriptor, source.kind, COPY_TEXT_MAX_BYTES)
        self._notes |= {name: number for name, number in read.facts.items() if name in findings.NOTES}
        yield read.text.encode()

    def _all(self, first: Picture, draw: Callable[[int], Picture]) -> Iterator[Picture]:
        yield first
        for page in range(2, self._pages + 1):
            yield draw(page)
