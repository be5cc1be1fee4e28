"""Caches the one file that an officer views: opened once, with its last page as it was drawn.

Rule: its plaintext is only in memory, and is freed when another page of the desk is opened or the desk locks; while a
page is being drawn, right after that. During the drawing, other requests may use the vault.
"""

import threading
from dataclasses import dataclass, field

from dropbox.errors import NotFoundError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.evidence.preview import Page, Viewer
from dropbox.triage.ui.session import Desk
from dropbox.triage.vault.work import Work


@dataclass
class Look:
    """An opened file; `place` is (number of its case, its number in the case)."""

    place: tuple[int, int]
    viewer: Viewer = field(repr=False)
    _last: Page | None = field(default=None, repr=False)
    _use: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _is_over: bool = False

    def page(self, number: int, desk: Desk) -> Page:
        """Return a page, 1-based, drawn while other requests may have the turn.

        Raises:
            NotFoundError: the file was closed meanwhile.
            LockedError: the vault was locked meanwhile.
            ConfigurationError, UnreadableError: see Viewer.page.
        """
        if self._last is not None and self._last.number == number:
            return self._last
        with desk.aside():
            try:
                with self._use:
                    if self._is_over:
                        raise NotFoundError("evidence.closed")
                    self._last = page = self.viewer.page(number)
            finally:
                if self._is_over:
                    self.close()
        return page

    def close(self) -> None:
        """Free the memory, now or when the page is drawn."""
        self._is_over = True
        if self._use.acquire(blocking=False):
            try:
                self._last = None
                self.viewer.close()
            finally:
                self._use.release()


def look(desk: Desk, work: Work, case: casebook.Case, number: int) -> Look:
    """Return the file of a case (1-based number), opened if it is not open yet; raises as Viewer does."""
    permission.permit(work, Permission.FILE_PREVIEW, case.number)
    place = (case.number, number)
    kept = desk.kept
    if isinstance(kept, Look) and kept.place == place:
        return kept
    desk.keep(None)  # so that two files are never in memory
    opened = Look(place, Viewer(work, case, number))
    desk.keep(opened)
    return opened
