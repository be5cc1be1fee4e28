"""Shows the maintenance of the vault: findings, certificate, second copy, backup, what is due for deletion.

Rule: nothing is destroyed here: the deletion of cases and keys is proposed, and a second officer decides.
"""

import contextlib
from functools import partial
from typing import Any, Final

from flask import Flask, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, NotFoundError
from dropbox.serving.pages.language import sentence
from dropbox.triage.access import approvals, holds, permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.casework import giving_up, resetting, retention
from dropbox.triage.maintenance import outcomes, second_copies
from dropbox.triage.maintenance.examination import examine
from dropbox.triage.tasks import TASKS
from dropbox.triage.ui import choices, findings
from dropbox.triage.ui.pages.upkeep import backups, renewal
from dropbox.triage.ui.view import desk, may, page, vault, whole, work
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.vault import anew, known_exports, whole_copy
from dropbox.vocabulary import lazy
from dropbox.wire.calendar import Epoch, epoch_first_day, epoch_last_day
from dropbox.wire.signed import shown_number

CARE: Final = TASKS["doctor"].permission


def _show(fault: str = "", form: str = "", *, every_blob: bool = False, **more: Any) -> Response:  # noqa: ANN401
    permission.permit(work(), CARE)
    desk().chores.keep(work())
    today = desk().today()
    waiting = approvals.pending(vault())
    return page(
        "care.html",
        409 if fault else 200,
        here="care",
        findings=findings.shown(examine(work(), every_blob=every_blob)),
        every_blob=every_blob,
        until=renewal.until(),
        backed_up=backups.state_of(outcomes.BACKUP),
        drilled=backups.state_of(outcomes.DRILL),
        act_states=lazy.table("care_state"),
        copy_folder=vault().copy_folder,
        withheld=anew.withheld(vault()),
        spent=retention.spent(work()) if may(Permission.DELETE_PROPOSE) else [],
        held=holds.in_force(work()) if may(Permission.HOLD_PLACE) else [],
        hold_reasons=holds.REASONS,
        case_name=partial(casebook.case_name, vault().desk),
        epochs=retention.epochs_waiting(vault(), today) if may(Permission.EPOCH_PROPOSE) else [],
        asked_unopened=any(one.action == giving_up.ACTION for one in waiting),
        asked_cases={one.case for one in waiting if one.action == retention.DELETE},
        asked_epochs={one.details["epoch"] for one in waiting if one.action == retention.EPOCH},
        newest=known_exports.remembered(vault()),
        shown_number=shown_number,
        is_reset_asked=any(one.action == resetting.ACTION for one in waiting),
        first_day=epoch_first_day,
        last_day=epoch_last_day,
        choices=choices,
        fault=fault,
        form=form,
        **more,
    )


def _examine() -> Response:
    """Read and repair every sealed file in both places; it takes minutes, so only on request."""
    answer = _show(every_blob=True)  # shows the damage, also where it is repaired now
    with contextlib.suppress(DropboxError):  # the findings say what is wrong, too
        whole_copy.mend(vault(), desk().today())
    return answer


def _copy() -> Response:
    try:
        failed = second_copies.mend(work())
    except DropboxError as error:
        return _show(sentence(error), "salinan")
    if failed:
        return _show(_("%(n)s berkas tidak dapat disalin. Lihat pemeriksaan.", n=len(failed)), "salinan")
    flash(_("Salinan kedua sudah dicocokkan dan dibaca ulang."))
    return redirect(url_for("care"))


def _propose() -> Response:
    """Propose the deletion of a case, or of an old week's key."""
    number = request.form.get("number", "")
    try:
        if request.form.get("unopened") == "1":
            giving_up.propose(work())
        elif request.form.get("epoch") == "1":
            retention.propose_epoch(work(), Epoch(_number(number)))
        else:
            retention.propose(work(), casebook.find_case(vault(), number))
    except DropboxError as error:
        return _show(sentence(error), "hapus")
    flash(_("Diusulkan. Petugas kedua memutuskan di halaman Persetujuan."))
    return redirect(url_for("care"))


def _reset() -> Response:
    try:
        resetting.propose(work())
    except DropboxError as error:
        return _show(sentence(error), "ekspor")
    flash(_("Diusulkan. Petugas kedua memutuskan di halaman Persetujuan."))
    return redirect(url_for("care"))


def _number(typed: str) -> int:
    number = whole(typed)
    if number is None:
        raise NotFoundError("desk.no-number")
    return number


def register(app: Flask) -> None:
    """Add the routes of the page and its actions."""
    app.add_url_rule("/perawatan", "care", _show)
    app.add_url_rule("/perawatan/periksa", "care-examine", _examine, methods=["POST"])
    app.add_url_rule("/perawatan/salinan", "care-copy", _copy, methods=["POST"])
    app.add_url_rule("/perawatan/ekspor", "care-reset", _reset, methods=["POST"])
    app.add_url_rule("/perawatan/usul", "care-propose", _propose, methods=["POST"])
