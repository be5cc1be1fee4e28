"""The one file that an officer looks at: opened once, a page at a time, and its last page as it was drawn.

Rule: its plaintext is held in memory alone, and given back when another page of the desk is opened or the desk locks.
"""

from dataclasses import dataclass, field

from dropbox.triage import casebook, policy
from dropbox.triage.desk.session import Desk
from dropbox.triage.evidence.preview import Page, Viewer
from dropbox.triage.vault import Vault


@dataclass
class Look:
    """An open file; `place` is (number of its case, its number in the case)."""

    place: tuple[int, int]
    viewer: Viewer = field(repr=False)
    _last: Page | None = field(default=None, repr=False)

    def page(self, number: int) -> Page:
        """A page, 1-based; raises as Viewer.page does."""
        if self._last is None or self._last.number != number:
            self._last = self.viewer.page(number)
        return self._last

    def close(self) -> None:
        """Give the memory back."""
        self._last = None
        self.viewer.close()


def look(desk: Desk, vault: Vault, case: casebook.Case, number: int) -> Look:
    """The file of a case, by its 1-based number, opened if it is not open yet; raises as Viewer does."""
    policy.permit(vault, desk.settings, "file.preview", case.number)
    place = (case.number, number)
    kept = desk.kept
    if isinstance(kept, Look) and kept.place == place:
        return kept
    desk.keep(None)  # before the next one is in memory as well
    opened = Look(place, Viewer(vault, desk.settings, case, number))
    desk.keep(opened)
    return opened
