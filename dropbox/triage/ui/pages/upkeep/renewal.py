"""Renews the certificate: shows what holds until when, writes the request, and installs what the root answered.

Rule: a form names a file by its place in a list that this page made; every file of the root that cannot be installed is
named with its reason.
"""

from typing import Any, Final

from flask import Flask, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, NotFoundError, UntrustedError
from dropbox.limits import CERTIFICATE_WARN_DAYS, REVOCATIONS_DAYS
from dropbox.serving.pages.language import localized, sentence
from dropbox.triage.access import permission
from dropbox.triage.exchange import drive, root_answers
from dropbox.triage.tasks import TASKS
from dropbox.triage.ui.view import desk, page, settings, vault, whole, work
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.vault.vault import request_path
from dropbox.wire.calendar import Day
from dropbox.wire.signed import Certificate, Revocations

CARE: Final = TASKS["certificate"].permission


def until() -> tuple[Day, Day]:
    """Return the last days of the installed certificate and of the list of revocations, 0 where none is installed."""
    held, listed = vault().installed(), vault().revocations_held()
    return Day(held.last if held else 0), Day(listed.made + REVOCATIONS_DAYS if listed else 0)


def _answers() -> list[root_answers.Answer]:
    return root_answers.find(vault(), settings().workstation.stick, desk().today())


def _fault() -> str:
    """Return why the installed certificate or list does not hold today, empty if both do."""
    try:
        vault().certificate(desk().today())
        vault().revocations(desk().today())
    except UntrustedError as error:
        return sentence(error)
    return ""


def _show(fault: str = "", **more: Any) -> Response:  # noqa: ANN401
    permission.permit(work(), CARE)
    today, stick = desk().today(), settings().workstation.stick
    last, list_last = until()
    name = request_path(vault().folder, vault().desk).name
    ends = min(last, list_last)
    return page(
        "renewal.html",
        409 if fault else 200,
        here="care",
        held=vault().installed(),
        listed=vault().revocations_held(),
        last=last,
        list_last=list_last,
        left=ends - today,
        renew_from=Day(max(ends - CERTIFICATE_WARN_DAYS, 0)),
        is_due=ends - today < CERTIFICATE_WARN_DAYS,
        broken=_fault(),
        answers=_answers(),
        is_certificate=lambda one: isinstance(one, Certificate),
        is_revocations=lambda one: isinstance(one, Revocations),
        request_name=name,
        is_written=any(path.name == name for path in drive.files(stick)),
        published=Day(vault().count("published day")),
        stick=stick,
        fault=fault,
        **more,
    )


def _install() -> Response:
    permission.permit(work(), CARE)  # the page lists files of the USB drive
    number, found = whole(request.form.get("number", "")), _answers()
    try:
        if number is None or number >= len(found):
            raise NotFoundError("desk.stick-changed")
        try:
            raw = root_answers.read(found[number].path)
        except OSError:
            raise NotFoundError("desk.stick-changed") from None
        installed = root_answers.install(work(), raw)
    except DropboxError as error:
        return _show(sentence(error))
    if isinstance(installed, Certificate):
        flash(_("Sertifikat terpasang. Berlaku sampai %(day)s.", day=localized(installed.last)))
    else:
        flash(_("Daftar pencabutan nomor %(n)s terpasang.", n=installed.number))
    return redirect(url_for("renewal"))


def _request() -> Response:
    try:
        written = drive.give_request(work(), settings().workstation.stick)
    except DropboxError as error:
        return _show(sentence(error))
    flash(_("Permintaan %(name)s ada di stik. Bawa ke upacara kunci.", name=written.name))
    return redirect(url_for("renewal"))


def register(app: Flask) -> None:
    """Add the routes of the page and its actions."""
    app.add_url_rule("/perawatan/sertifikat", "renewal", _show)
    app.add_url_rule("/perawatan/sertifikat", "care-certificate", _install, methods=["POST"])
    app.add_url_rule("/perawatan/permintaan", "care-request", _request, methods=["POST"])
