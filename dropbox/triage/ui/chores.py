"""Runs backup and drill while officers go on working: one at a time, in a thread of its own.

    backup    goes on when the desk is locked: it only copies sealed files
    drill     opens the restored vault, and so ends when the desk is locked; what it restored is removed

Rule: the thread has no turn on the vault. An outcome is kept in the vault by the next request that has the turn and an
officer with the act of care; until then the vault says "begun", which is never shown as done.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from dropbox.errors import DropboxError, LockedError, RefusedError, StorageFullError
from dropbox.triage.evidence import leash
from dropbox.triage.maintenance import backup, restoring
from dropbox.triage.maintenance.backup import Copying
from dropbox.triage.maintenance.outcomes import BACKUP, DRILL, Outcome, Progress
from dropbox.triage.maintenance.restoring import Drill
from dropbox.triage.ui.bench import Bench
from dropbox.triage.vault.work import Work

_FINISH: Final[dict[str, Callable[[Work, Outcome], None]]] = {BACKUP: backup.finish, DRILL: restoring.finish_drill}


@dataclass(eq=False)
class Chore:
    """A backup or drill: `outcome` is None while it runs."""

    act: str
    begun: Outcome
    progress: Progress
    outcome: Outcome | None = None


@dataclass
class Chores:
    """The one backup or drill of a desk."""

    _bench: Bench = field(default_factory=lambda: Bench("care"), repr=False)
    _now: Chore | None = None

    @property
    def now(self) -> Chore | None:
        """Return what runs, or what ended and is not kept in the vault yet."""
        return self._now

    def check_free(self) -> None:
        """Pass if nothing runs; raises RefusedError."""
        if self._now is not None:
            raise RefusedError("care.running")

    def back_up(self, copying: Copying) -> None:
        """Run a backup that was begun."""
        self._begin(BACKUP, copying.begun, lambda progress: copying.outcome(copying.run(progress)))

    def drill(self, drill: Drill) -> None:
        """Run a drill that was begun."""
        self._begin(DRILL, drill.begun, lambda progress: drill.outcome(drill.run(progress)))

    def _begin(self, act: str, begun: Outcome, run: Callable[[Progress], Outcome]) -> None:
        chore = self._now = Chore(act, begun, Progress())
        self._bench.ask(chore, lambda: self._run(chore, run))

    def _run(self, chore: Chore, run: Callable[[Progress], Outcome]) -> None:
        held = leash.held()

        def check() -> None:
            if held.is_cut:
                raise LockedError("vault.locked-meanwhile")

        chore.progress.check = check
        try:
            chore.outcome = run(chore.progress)
        except LockedError:
            self._now = None  # the vault says "begun": interrupted
        except DropboxError as error:
            chore.outcome = backup.failed(chore.begun, error)
        except Exception:  # noqa: BLE001  whatever went wrong, the page that waits must end
            if held.is_cut:  # a statement that was broken off
                self._now = None
                return
            chore.outcome = backup.failed(chore.begun, StorageFullError("care.unexpected"))

    def keep(self, work: Work) -> None:
        """Keep the outcome of what ended in the vault; raises RefusedError if the officer has no act of care."""
        chore = self._now
        if chore is not None and chore.outcome is not None:
            _FINISH[chore.act](work, chore.outcome)
            self._now = None

    def lock(self) -> None:
        """End a drill; a backup goes on."""
        self._bench.drop(lambda key: isinstance(key, Chore) and key.act == BACKUP)
        chore = self._now
        if chore is not None and chore.act == DRILL and chore.outcome is None and self._bench.seconds(chore) is None:
            self._now = None  # it had not begun
