"""Shows backup and drill: begins them, shows how far they are, and how the last ones went.

Rule: the page reloads itself without a script, and such a reload is no sign of an officer. What was begun and neither
runs nor has an outcome is called interrupted.
"""

from pathlib import Path
from typing import Any, Final, NamedTuple

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from dropbox.disk.passphrases import without_blanks
from dropbox.errors import DropboxError, NotFoundError, RefusedError, WrongPassphraseError
from dropbox.sentences.catalogue import Sentence
from dropbox.serving.pages.language import sentence
from dropbox.triage.access import permission
from dropbox.triage.maintenance import backup, disks, outcomes
from dropbox.triage.maintenance.backup import Copying
from dropbox.triage.maintenance.examination import BAD, Finding
from dropbox.triage.maintenance.outcomes import BACKUP, DRILL, Outcome, Progress
from dropbox.triage.maintenance.restoring import Drill
from dropbox.triage.tasks import TASKS
from dropbox.triage.ui import findings
from dropbox.triage.ui.guard import QUIET_FIELD
from dropbox.triage.ui.view import desk, page, settings, vault, whole, work
from dropbox.triage.ui.view import gettext as _
from dropbox.vocabulary import lazy

CARE: Final = TASKS["backup"].permission
RUNNING, INTERRUPTED = "running", "interrupted"  # further states of an outcome, for the page
_RELOAD_SECONDS: Final = 4


class State(NamedTuple):
    """A backup or drill as the page shows it: a state, its outcome, its progress, the sentence of its error."""

    state: str
    outcome: Outcome
    progress: Progress | None = None
    said: str = ""

    @property
    def verdict(self) -> str:
        """Return the state, or `bad` for one that ended and shows that the backup is not good."""
        is_bad = self.outcome.unread or any(state == BAD for _, state, _ in self.outcome.found)
        return "bad" if self.state == outcomes.DONE and is_bad else self.state


def state_of(act: str) -> State | None:
    """Return how BACKUP or DRILL is now; None if there never was one."""
    now, last = desk().chores.now, outcomes.last(vault(), act)
    if now is not None and now.act == act:
        return State(RUNNING, now.begun, now.progress)
    if last is None:
        return None
    said = sentence(Sentence(last.code, **last.values)) if last.code else ""
    return State(INTERRUPTED if last.state == outcomes.BEGUN else last.state, last, None, said)


def _folder_on(disk: Path) -> Path:
    """Return the folder of this desk's backup on a disk."""
    return disk / f"cadangan-{vault().desk}"


def _places() -> list[tuple[disks.Disk, bool]]:
    """Return connected disks, and whether each has a whole backup of this desk."""
    found = disks.mounted(settings().workstation.stick)
    return [(disk, backup.is_whole(_folder_on(disk.path))) for disk in found]


def _show(fault: str = "", form: str = "", **more: Any) -> Response:  # noqa: ANN401
    permission.permit(work(), CARE)
    desk().chores.keep(work())
    drilled = state_of(DRILL)
    found = [Finding(*one) for one in drilled.outcome.found] if drilled else []
    return page(
        "backups.html",
        409 if fault else 200,
        here="care",
        backed_up=state_of(BACKUP),
        drilled=drilled,
        found=findings.shown(found),
        running=desk().chores.now,
        stages=lazy.table("care_stage"),
        reload=_RELOAD_SECONDS,
        quiet=QUIET_FIELD,
        places=list(enumerate(_places())),
        stick=settings().workstation.stick,
        fault=fault,
        form=form,
        **more,
    )


def _chosen() -> Path:
    """Return the backup's folder on the disk of a form; raises RefusedError, NotFoundError."""
    if not request.form.get("disk"):
        raise RefusedError("desk.choose-disk")
    number, places = whole(request.form["disk"]), _places()
    if number is None or number >= len(places):
        raise NotFoundError("desk.disks-changed")
    return _folder_on(places[number][0].path)


def _backup() -> Response:
    try:
        permission.permit(work(), CARE)
        desk().chores.keep(work())
        desk().chores.check_free()
        desk().chores.back_up(Copying.begin(work(), _chosen()))
    except DropboxError as error:
        return _show(sentence(error), BACKUP)
    return redirect(url_for("backups"))


def _drill() -> Response:
    try:
        permission.permit(work(), CARE)
        desk().chores.keep(work())
        desk().chores.check_free()
        typed = without_blanks(request.form.get("passphrase", ""))
        desk().chores.drill(Drill.begin(work(), _chosen(), vault().officer.login, typed))
    except WrongPassphraseError:
        return _show(_("Frasa sandi Anda salah. Cadangan tidak dibuka."), DRILL)
    except DropboxError as error:
        return _show(sentence(error), DRILL)
    return redirect(url_for("backups"))


def register(app: Flask) -> None:
    """Add the routes of the page and its actions."""
    app.add_url_rule("/perawatan/cadangan", "backups", _show)
    app.add_url_rule("/perawatan/cadangan", "care-backup", _backup, methods=["POST"])
    app.add_url_rule("/perawatan/uji", "care-drill", _drill, methods=["POST"])
