"""Shows the maintenance of the vault: findings, second copy, backup and its drill, what is due for deletion.

Rule: a form names a disk by its place in a list that this page made. Nothing is destroyed here: the deletion of cases
and keys is proposed, and a second officer decides.
"""

import contextlib
from functools import partial
from pathlib import Path
from typing import Any, Final

from flask import Flask, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, NotFoundError, RefusedError, WrongPassphraseError
from dropbox.triage.access import approvals, holds, permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.casework import giving_up, resetting, retention
from dropbox.triage.exchange import drive
from dropbox.triage.maintenance import backup, disks, second_copies
from dropbox.triage.maintenance.examination import examine
from dropbox.triage.tasks import TASKS
from dropbox.triage.ui import choices, findings
from dropbox.triage.ui.view import desk, localized, may, page, sentence, settings, vault, whole, work
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.vault import anew, known_exports, whole_copy
from dropbox.wire.calendar import Epoch, epoch_first_day, epoch_last_day

CARE: Final = TASKS["doctor"].permission


def _folder_on(disk: Path) -> Path:
    """Return the folder of this desk's backup on a disk."""
    return disk / f"cadangan-{vault().desk}"


def _places() -> list[tuple[disks.Disk, bool]]:
    """Return connected disks, and whether each has a backup of this desk."""
    found = disks.mounted(settings().workstation.stick)
    return [(disk, backup.is_backup(_folder_on(disk.path))) for disk in found]


def _show(fault: str = "", form: str = "", *, every_blob: bool = False, **more: Any) -> Response:  # noqa: ANN401
    permission.permit(work(), CARE)
    today = desk().today()
    waiting = approvals.pending(vault())
    return page(
        "care.html",
        409 if fault else 200,
        here="care",
        findings=findings.shown(examine(work(), every_blob=every_blob)),
        every_blob=every_blob,
        places=list(enumerate(_places())),
        stick=settings().workstation.stick,
        copy_folder=vault().copy_folder,
        certificates=[path.name for path in _certificates()],
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


def _stick() -> Path:
    return settings().workstation.stick


def _certificates() -> list[Path]:
    return drive.find_certificates(vault(), _stick())


def _certificate() -> Response:
    number, found = whole(request.form.get("number", "")), _certificates()
    try:
        if number is None or number >= len(found):
            raise NotFoundError("desk.stick-changed")
        raw = found[number].read_bytes()
        installed = drive.install_certificate(work(), raw)
    except DropboxError as error:
        return _show(sentence(error), "sertifikat")
    flash(_("Sertifikat terpasang. Berlaku sampai %(day)s.", day=localized(installed.last)))
    return redirect(url_for("care"))


def _request() -> Response:
    try:
        written = drive.give_request(work(), _stick())
    except DropboxError as error:
        return _show(sentence(error), "sertifikat")
    flash(_("Permintaan %(name)s ada di stik. Bawa ke upacara kunci.", name=written.name))
    return redirect(url_for("care"))


def _copy() -> Response:
    try:
        failed = second_copies.mend(work())
    except DropboxError as error:
        return _show(sentence(error), "salinan")
    if failed:
        return _show(_("%(n)s berkas tidak dapat disalin. Lihat pemeriksaan.", n=len(failed)), "salinan")
    flash(_("Salinan kedua sudah dicocokkan dan dibaca ulang."))
    return redirect(url_for("care"))


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
        done = backup.back_up(work(), _chosen())
    except DropboxError as error:
        return _show(sentence(error), "cadangan")
    flash(_("Cadangan sudah ditulis dan dibaca ulang: %(n)s berkas, %(new)s baru.", n=done.blobs, new=done.new))
    if done.failed:
        flash(_("%(n)s berkas brankas tidak terbaca dan tidak masuk cadangan.", n=len(done.failed)), "warn")
    return redirect(url_for("care"))


def _drill() -> Response:
    """Show the findings at once: they are of a vault that is deleted again."""
    try:
        permission.permit(work(), CARE)
        typed = request.form.get("passphrase", "")
        done = backup.drill(work(), _chosen(), vault().officer.login, typed)
    except WrongPassphraseError:
        return _show(_("Kata sandi Anda salah. Cadangan tidak dibuka."), "uji")
    except DropboxError as error:
        return _show(sentence(error), "uji")
    return _show(drilled=findings.shown(done), is_good=not any(one.is_bad for one in done))


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
    app.add_url_rule("/perawatan/sertifikat", "care-certificate", _certificate, methods=["POST"])
    app.add_url_rule("/perawatan/permintaan", "care-request", _request, methods=["POST"])
    app.add_url_rule("/perawatan/salinan", "care-copy", _copy, methods=["POST"])
    app.add_url_rule("/perawatan/cadangan", "care-backup", _backup, methods=["POST"])
    app.add_url_rule("/perawatan/uji", "care-drill", _drill, methods=["POST"])
    app.add_url_rule("/perawatan/ekspor", "care-reset", _reset, methods=["POST"])
    app.add_url_rule("/perawatan/usul", "care-propose", _propose, methods=["POST"])
