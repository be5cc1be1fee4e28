"""Shows what reporters will read if an act is done: the act itself is done in the vault, read, and undone.

Rule: what is shown is what the act writes, for it is the same code; nothing of it stays. Of a case from which the
officer is kept out, nothing is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dropbox.triage.access import permission
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.tables import events
from dropbox.triage.vault.schema import rehearsal
from dropbox.triage.vault.work import Work
from dropbox.wire.board import Entry
from dropbox.wire.statuses import QUESTION


@dataclass(frozen=True)
class Told:
    """What the reporter of one case will read.

    Attributes:
        before: the case as it stands.
        after: as it will stand.
        language: in which its reporter reads, `id` or `en`.
        entries: what is added to the timeline, in order.
        again: what was on it and is taken back, in order.
    """

    before: Case
    after: Case
    language: str
    entries: tuple[Entry, ...]
    again: tuple[Entry, ...] = ()

    @property
    def stops(self) -> bool:
        """Return whether the office's clock stops."""
        return self.after.status == QUESTION != self.before.status

    @property
    def gets_agenda(self) -> bool:
        """Return whether the case gets its agenda number."""
        return bool(self.after.agenda) and not self.before.agenda


def told(work: Work, act: Callable[[], object]) -> list[Told]:
    """Return what an act would tell, by case; raises what the act raises, and StorageFullError.

    Args:
        work: the vault, the settings and the day.
        act: does it, in the vault alone; a file that it wrote would stay.
    """
    vault = work.vault
    with rehearsal(vault.db):
        before = events.not_left(vault.db)
        act()
        now = events.not_left(vault.db)
        gone, new = [one for one in before if one not in now], [one for one in now if one not in before]
        numbers = dict.fromkeys(case for _, case, _ in (*gone, *new))
        after = {number: casebook.case_of(vault, number) for number in numbers}
    return [
        Told(
            before=casebook.case_of(vault, number),
            after=after[number],
            language=casebook.language(vault, after[number]),
            entries=tuple(entry for _, case, entry in new if case == number),
            again=tuple(entry for _, case, entry in gone if case == number),
        )
        for number in numbers
        if not permission.is_excluded(vault, number)
    ]
