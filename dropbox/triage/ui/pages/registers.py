"""Imports many reports at once from a CSV file: an old register, or an export of LAPOR!.

Rule: a form names a file of the USB drive by its place in a list that this page made; a bad row is named by its number
and its error, never by its content.
"""

from typing import Any, Final

from flask import Flask, request
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, NotFoundError, RefusedError
from dropbox.limits import MIB
from dropbox.serving.pages.language import sentence
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases.origins import ORIGINS
from dropbox.triage.exchange import drive
from dropbox.triage.intake import csv_entry
from dropbox.triage.ui import choices
from dropbox.triage.ui.pages.entering import origin_choices
from dropbox.triage.ui.view import page, settings, whole, work

_SHOWN: Final = 200  # bad rows


def _form(**more: Any) -> Response:  # noqa: ANN401
    permission.permit(work(), Permission.CASE_ENTER)
    stick = settings().workstation.stick
    return page(
        "register.html",
        409 if more.get("fault") else 200,
        here="enter",
        tables=[(number, path.relative_to(stick)) for number, path in enumerate(drive.find_tables(stick))],
        stick=stick,
        origins=origin_choices(),
        choices=choices,
        origin=request.form.get("origin", "surat"),
        upload_mib=(request.max_content_length or 0) // MIB,
        **more,
    )


def _chosen() -> bytes:
    """Return the bytes of the upload or of the chosen file; raises RefusedError, NotFoundError."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return upload.stream.read()
    if not request.form.get("number"):
        raise RefusedError("desk.choose-a-file")
    number = whole(request.form["number"])
    tables = drive.find_tables(settings().workstation.stick)
    if number is None or number >= len(tables):
        raise NotFoundError("desk.stick-changed")
    try:
        with tables[number].open("rb") as file:
            return file.read(csv_entry.FILE_MAX_BYTES + 1)
    except OSError:
        raise NotFoundError("desk.file-unreadable") from None


def _import() -> Response:
    """Import the file; it may be repeated: a row is stored once."""
    try:
        permission.permit(work(), Permission.CASE_ENTER)
        if request.form.get("origin") not in ORIGINS:
            raise RefusedError("register.channel")
        done = csv_entry.import_csv(work(), _chosen(), request.form["origin"])
    except DropboxError as error:
        return _form(fault=sentence(error))
    return _form(done=done, bad=[(number, sentence(why)) for number, why in done.bad[:_SHOWN]])


def register(app: Flask) -> None:
    """Add the routes of the page and its import."""
    app.add_url_rule("/catat/tabel", "register", _form)
    app.add_url_rule("/catat/tabel", "register-import", _import, methods=["POST"])
