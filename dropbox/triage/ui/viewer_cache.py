"""The one file that an officer looks at: opened once, a page at a time, and its last page as it was drawn.

Rule: its plaintext is held in memory alone, and given back when another page of the desk is opened or the desk locks;
if it is being read at that moment, when that has ended. While the sandbox draws, others have the vault.
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
    """An open file; `place` is (number of its case, its number in the case)."""

    place: tuple[int, int]
    viewer: Viewer = field(repr=False)
    _last: Page | None = field(default=None, repr=False)
    _use: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _is_over: bool = False

    def page(self, number: int, desk: Desk) -> Page:
        """A page, 1-based, drawn while others have the vault's turn.

        Raises:
            NotFoundError: the file was given back meanwhile.
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
        """Give the memory back, now or when the page is drawn."""
        self._is_over = True
        if self._use.acquire(blocking=False):
            try:
                self._last = None
                self.viewer.close()
            finally:
                self._use.release()


def look(desk: Desk, work: Work, case: casebook.Case, number: int) -> Look:
    """The file of a case, by its 1-based number, opened if it is not open yet; raises as Viewer does."""
    permission.permit(work, Permission.FILE_PREVIEW, case.number)
    place = (case.number, number)
    kept = desk.kept
    if isinstance(kept, Look) and kept.place == place:
        return kept
    desk.keep(None)  # before the next one is in memory as well
    opened = Look(place, Viewer(work, case, number))
    desk.keep(opened)
    return opened
