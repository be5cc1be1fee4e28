"""Shows a file: a page as a picture made of plain pixels, or its text as lines; never the file itself.

    picture, PDF          -> PNG of one page
    office                -> PDF -> PNG of one page, each step in a sandbox of its own
    text, mail, archive   -> lines, made visible, LINES_SHOWN a page
    sound, video          -> only facts (findings)

Rule: one page at a time, on demand, so that a file of ten thousand pages costs no more than a file of one.
"""

import contextlib
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from dropbox.disk.visible import visible_lines
from dropbox.limits import COPY_TEXT_MAX_BYTES, PREVIEW_SIDE
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.evidence import jobs, kinds, pixels
from dropbox.triage.evidence.cover import NOTHING, Cover
from dropbox.triage.evidence.kinds import KINDS, Kind
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.source import Source
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work

LINES_SHOWN: Final = 2000  # a chat of a week; a browser lays them out in a moment


@dataclass(frozen=True)
class Page:
    """One page of `pages`: a PNG, or lines of text (then `png` is empty)."""

    kind: Kind
    number: int
    pages: int
    png: bytes = field(default=b"", repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)


class Viewer:
    """A file that an officer views page by page; opened and logged once, closed as a context manager.

    It holds the plaintext in memory: its owner must close it when the vault is locked.
    """

    def __init__(self, work: Work, case: casebook.Case, number: int, place: str = "") -> None:
        """Open a file of a case, by its 1-based number, or its part at a place (evidence.source).

        Raises:
            RefusedError: the officer's roles do not allow it.
            NotFoundError: the officer is excluded from the case, or it has no such file or part.
            DamagedError: the file is not in the vault as it was taken in.
            ConfigurationError: there is no sandbox on this machine.
            UnreadableError: see reasons.
        """
        permission.permit(work, Permission.FILE_PREVIEW, case.number)
        with contextlib.ExitStack() as opening:
            file = casebook.file_of(work.vault, case, number)
            self.source = opening.enter_context(Source.open(work.vault, file, place))
            with transaction(work.vault.db):
                audit_log.write(work.vault, "file.preview", case.number, file=number, kind=self.source.kind.code)
            self._open = opening.pop_all()
        self._document: int | None = None
        self._lines: list[str] | None = None

    def page(self, number: int = 1, cover: Cover = NOTHING) -> Page:
        """Return a page, 1-based, with what is covered on it.

        Raises:
            RefusedError: `cover` does not fit the file.
            ConfigurationError: there is no sandbox on this machine.
            UnreadableError: see reasons.
        """
        kind = self.source.kind
        if kind.family in kinds.UNREAD:
            raise UnreadableError(kinds.UNREAD[kind.family])
        if kind.family in (kinds.TEXT, kinds.MAIL, kinds.ARCHIVE):
            lines = self._lines_under(cover)
            pages = max(1, -(-len(lines) // LINES_SHOWN))
            if not 1 <= number <= pages:
                raise UnreadableError("no-page")
            return Page(kind, number, pages, lines=tuple(lines[(number - 1) * LINES_SHOWN : number * LINES_SHOWN]))
        descriptor, shown = self.drawable()
        picture = cover.picture(number, jobs.picture(descriptor, shown, number, PREVIEW_SIDE))
        return Page(kind, number, picture.pages, png=b"".join(pixels.png(picture)))

    def _lines_under(self, cover: Cover) -> list[str]:
        kind = self.source.kind
        if cover is not NOTHING:  # it is for the copy, which has more of a long text
            return _shown(cover.text(jobs.text(self.source.descriptor, kind, COPY_TEXT_MAX_BYTES).text))
        if self._lines is None:
            self._lines = _shown(jobs.text(self.source.descriptor, kind).text)
        return self._lines

    def drawable(self) -> tuple[int, Kind]:
        """Return (descriptor, kind) of what pages are drawn from: the file, or the PDF made of it; raises as `page`."""
        if self.source.kind.family not in (kinds.OFFICE, kinds.OLD_OFFICE):
            return self.source.descriptor, self.source.kind
        if self._document is None:
            made = jobs.document(self.source.descriptor, self.source.kind)
            self._document = self._open.enter_context(made)
        return self._document, KINDS["pdf"]

    def close(self) -> None:
        """Free the memory."""
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _shown(text: str) -> list[str]:
    return visible_lines(text.replace("\t", "    "))
