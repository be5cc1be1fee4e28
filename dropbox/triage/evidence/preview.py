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
        """Choose a file of a case, by its 1-based number, or its part at a place (evidence.source).

        It is opened by its first page: that needs neither the database nor its turn.

        Raises:
            RefusedError: the officer's roles do not allow it.
            NotFoundError: the officer is excluded from the case, or it has no such file.
        """
        permission.permit(work, Permission.FILE_PREVIEW, case.number)
        self._vault, self._file, self._place = work.vault, casebook.file_of(work.vault, case, number), place
        with transaction(work.vault.db):
            part = {"part": place} if place else {}
            audit_log.write(work.vault, "file.preview", case.number, file=number, **part)
        self._open = contextlib.ExitStack()
        self._source: Source | None = None
        self._document: int | None = None
        self._lines: list[str] | None = None

    @property
    def source(self) -> Source:
        """Return the opened file.

        Raises:
            NotFoundError: it has no such part.
            DamagedError: the file is not in the vault as it was taken in.
            ConfigurationError: there is no sandbox on this machine.
            UnreadableError: see reasons.
        """
        if self._source is None:
            self._source = self._open.enter_context(Source.open(self._vault, self._file, self._place))
        return self._source

    def page(self, number: int = 1, cover: Cover = NOTHING, side: int = PREVIEW_SIDE) -> Page:
        """Return a page, 1-based, of at most `side` pixels a side, with what is covered on it.

        Raises:
            RefusedError: `cover` does not fit the file.
            NotFoundError, DamagedError, ConfigurationError, UnreadableError: see source.
        """
        kind = self.source.kind
        if kind.family in kinds.UNREAD:
            raise UnreadableError(kinds.UNREAD[kind.family])
        if kind.family in (kinds.TEXT, kinds.MAIL, kinds.ARCHIVE):
            return page_of(kind, self._lines_under(cover), number)
        descriptor, shown = self.drawable()
        picture = cover.picture(number, jobs.picture(descriptor, shown, number, side))
        return Page(kind, number, picture.pages, png=b"".join(pixels.png(picture)))

    def _lines_under(self, cover: Cover) -> list[str]:
        kind = self.source.kind
        if cover is not NOTHING:  # it is for the copy, which has more of a long text
            return lines(cover.text(jobs.text(self.source.descriptor, kind, COPY_TEXT_MAX_BYTES).text))
        if self._lines is None:
            self._lines = lines(jobs.text(self.source.descriptor, kind).text)
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
        """Free the memory; the next page opens the file again."""
        self._open.close()
        self._source = self._document = self._lines = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def lines(text: str) -> list[str]:
    """Return the lines of a text that was read from a file, made visible."""
    return visible_lines(text.replace("\t", "    "))


def page_of(kind: Kind, every: list[str], number: int) -> Page:
    """Return a page (1-based) of the lines of a text; raises UnreadableError (`no-page`)."""
    pages = max(1, -(-len(every) // LINES_SHOWN))
    if not 1 <= number <= pages:
        raise UnreadableError("no-page")
    return Page(kind, number, pages, lines=tuple(every[(number - 1) * LINES_SHOWN : number * LINES_SHOWN]))
