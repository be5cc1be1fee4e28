"""Enters reports manually, one by one: letters, visits, WhatsApp and copies.

Rule: scans stay in memory until they are sealed; code and words are shown once, for the paper that a reporter takes
home, and cannot be shown again.
"""

import contextlib
import datetime
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, flash, redirect, request, url_for
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, RefusedError
from dropbox.limits import FILES_PER_FORM_MAX, MIB
from dropbox.serving.pages.language import sentence
from dropbox.settings.installation import LANGUAGES
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases.casebook import case_name
from dropbox.triage.cases.origins import ORIGINS
from dropbox.triage.casework import letters
from dropbox.triage.intake import manual_entry
from dropbox.triage.intake.manual_entry import Scan, Typed
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.ui import choices
from dropbox.triage.ui.view import desk, page, settings, vault, work
from dropbox.triage.ui.view import gettext as _
from dropbox.wire.calendar import date_of, day_of
from dropbox.wire.statuses import UNSTATED

WALK_IN = "langsung"


def origin_choices() -> list[tuple[str, object]]:
    """Return (code, label) of the origins of manually entered reports."""
    return [(code, choices.ORIGINS[code]) for code in ORIGINS]


def _form(fault: str = "", typed: MultiDict[str, str] | None = None, *, lost_scans: bool = False) -> Response:
    permission.permit(work(), Permission.CASE_ENTER)
    today = date_of(desk().today()).isoformat()
    fresh = MultiDict(
        {"origin": "surat", "day": today, "channel": UNSTATED, "category": "tidak-tahu", "lang": "id"}
        | {"form": secrets.token_urlsafe(16)}
    )
    return page(
        "enter.html",
        409 if fault else 200,
        here="enter",
        typed=fresh if typed is None else typed,
        origins=origin_choices(),
        choices=choices,
        languages=LANGUAGES,
        today=today,
        files_max=FILES_PER_FORM_MAX,
        upload_mib=(request.max_content_length or 0) // MIB,
        fault=fault,
        lost_scans=lost_scans,
    )


@contextlib.contextmanager
def _scans(uploads: list[FileStorage]) -> Iterator[tuple[Scan, ...]]:
    """Yield the uploads as files in memory that have a path, while they are read."""
    with contextlib.ExitStack() as open_files:
        scans = []
        for upload in uploads:
            file = open_files.enter_context(os.fdopen(os.memfd_create("scan", os.MFD_CLOEXEC), "wb"))
            upload.save(file)
            file.flush()
            scans.append(Scan(Path(f"/proc/self/fd/{file.fileno()}"), upload.filename or "", upload.mimetype))
        yield tuple(scans)


def _enter() -> Response:
    typed = request.form
    before = desk().handouts.sent(typed.get("form", ""))
    if before is not None:
        return _after(before)
    uploads = [scan for scan in request.files.getlist("scans") if scan.filename]
    try:
        permission.permit(work(), Permission.CASE_ENTER)
        with _scans(uploads) as scans:
            entered = manual_entry.enter(work(), _typed(typed, scans))
    except DropboxError as error:
        return _form(sentence(error), typed, lost_scans=bool(uploads))
    number = entered.case.number
    desk().handouts.remember(typed.get("form", ""), number)
    if typed.get("receipt") == "1" or typed.get("origin") == WALK_IN:
        desk().handouts.put(number, entered.secret, typed.get("lang", "id"))
    else:
        flash(_("Tersimpan sebagai %(name)s.", name=entered.case.name))
    return _after(number)


def _after(number: int) -> Response:
    return redirect(url_for("receipt" if desk().handouts.waits(CaseNumber(number)) else "case", number=number))


def _typed(typed: MultiDict[str, str], scans: tuple[Scan, ...]) -> Typed:
    try:
        day = day_of(datetime.date.fromisoformat(typed.get("day", "")))
    except ValueError:
        raise RefusedError("entry.date") from None
    return Typed(
        origin=typed.get("origin", ""),
        day=day,
        channel=typed.get("channel", ""),
        category=typed.get("category", ""),
        fields={name: typed.get(name, "").replace("\r\n", "\n") for name in ("what", "who", "where", "when")},
        lang=typed.get("lang", ""),
        scans=scans,
    )


def _receipt(number: int) -> Response:
    """Show code and words once, even to an officer whom the new case excludes: the reporter is waiting for them."""
    permission.permit(work(), Permission.CASE_ENTER)
    taken = desk().handouts.take(CaseNumber(number))
    sheet = letters.receipt_page(settings(), taken[0], desk().today(), taken[1]) if taken else None
    return page(
        "receipt.html",
        200 if taken else 410,
        here="enter",
        number=number,
        name=case_name(vault().desk, number),
        sheet=sheet,
        sheet_lang=taken[1] if taken else "",
    )


def register(app: Flask) -> None:
    """Add the routes of the form and the receipt."""
    app.add_url_rule("/catat", "enter", _form)
    app.add_url_rule("/catat", "enter-save", _enter, methods=["POST"])
    app.add_url_rule("/catat/tanda-terima/<int:number>", "receipt", _receipt)
