"""Handles the tracks of a case: protection, measures, identity, the clearing letter, the printed case.

Rule: an identity that two officers opened is shown on one page, once; it is not stored, and reloading the page shows
nothing. A letter's file name reveals nothing of the case, because files are forwarded under their names.
"""

import datetime
import secrets
from typing import Final

from flask import Flask, g, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.disk.passphrases import without_blanks
from dropbox.errors import DropboxError, NotFoundError, RefusedError
from dropbox.serving.pages.language import language, sentence
from dropbox.triage.access import identity, permission
from dropbox.triage.access.identity import Credentials
from dropbox.triage.access.roles import Permission
from dropbox.triage.casefile import printing
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import letters, measures, protection
from dropbox.triage.ui import case_forms, export_folder, safety, tracks
from dropbox.triage.ui.case_forms import Act, case_of
from dropbox.triage.ui.messages import ERRORS
from dropbox.triage.ui.pages.case import show
from dropbox.triage.ui.pages.inbox import logins
from dropbox.triage.ui.pages.outgoing import telling
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.ui.view import page, vault, whole, work
from dropbox.wire.calendar import day_of

NOTICE: Final = "pemberitahuan"  # the form of the notice before an opening
_ONCE: Final = "identity"
_LETTER_FIELDS: Final = ("name", "position", "unit", "number", "signer", "signer_title", "place", "nip")


def _ask(case: Case, typed: MultiDict[str, str]) -> str:
    protection.open_request(work(), case, typed.get("kind", ""))
    return _("Permintaan perlindungan dibuka. Pelapor akan membacanya.")


def _answer(case: Case, typed: MultiDict[str, str]) -> str:
    number = _request(case, typed.get("request", ""))
    outcome, text = typed.get("outcome", ""), typed.get("text", "").strip()
    if outcome:
        protection.answer(work(), number, outcome, text)
        return _("Permintaan perlindungan sudah dijawab.")
    protection.say(work(), number, text)
    return _("Pesan tersimpan. Permintaannya tetap terbuka.")


def _request(case: Case, untrusted: str) -> int:
    for one, _name in tracks.of(vault(), case).requests:
        if str(one.number) == untrusted:
            return one.number
    raise NotFoundError("protection.not-open")


def _seal(case: Case, typed: MultiDict[str, str]) -> str:
    identity.enter(work(), case, typed.get("identity", ""))
    return _("Identitas tersegel. Hanya dua petugas bersama dapat membukanya.")


def _clear(case: Case, typed: MultiDict[str, str]) -> str:
    folder = export_folder.folder(work())
    fields = {name: typed.get(name, "") for name in _LETTER_FIELDS}
    letter = letters.clear(work(), case, letters.Clearing(**fields))
    return export_folder.keep(folder, "surat-hasil-pemeriksaan", letter)


def _print(case: Case, _typed: MultiDict[str, str]) -> str:
    folder = export_folder.folder(work())
    return export_folder.keep(folder, "berkas-kasus", printing.print_case(work(), case))


def _measure(case: Case, typed: MultiDict[str, str]) -> str:
    try:
        day = day_of(datetime.date.fromisoformat(typed.get("day", "")))
    except ValueError:
        raise RefusedError("measure.day") from None
    kind, decider = typed.get("kind", ""), typed.get("decider", "")
    measures.add(work(), case, kind, day, decider)
    return _("Tindakan dicatat.")


def _measure_result(case: Case, typed: MultiDict[str, str]) -> str:
    number = whole(typed.get("measure", ""))
    if number not in [one.number for one in measures.of_case(work(), case)]:
        raise NotFoundError("measure.not-running")
    measures.finish(work(), number, typed.get("result", ""))
    return _("Hasil tindakan dicatat.")


ACTS: Final[dict[str, Act]] = {
    "tindakan": _measure,
    "hasil-tindakan": _measure_result,
    "minta-pelindungan": _ask,
    "jawab-pelindungan": _answer,
    "segel-identitas": _seal,
    "surat": _clear,
    "cetak": _print,
}

LOOKS: Final[dict[str, Act]] = {"minta-pelindungan": _ask, "jawab-pelindungan": _answer}


def _act(number: int, act: str) -> Response:
    return case_forms.do(number, act, ACTS, show, url_for("case", number=number), LOOKS)


def identity_form(case: Case, one: int, fault: str = "", **more: object) -> Response:
    """Return the page on which two officers open an identity; `more`: of the notice to its reporter (ui.safety)."""
    session[_ONCE] = secrets.token_urlsafe(16)
    others = [(login, name) for login, name in logins() if login != vault().officer.login]
    return page(
        "identity.html",
        409 if fault or more.get("notice_fault") else 200,
        case=case,
        number=one,
        fault=fault,
        once=session[_ONCE],
        others=others,
        reasons=[(code, names[language()]) for code, names in identity.REASONS.items()],
        typed=request.form,
        form=NOTICE,
        look=g.get("look") or telling.Look(),
        **safety.notice_context(work(), one, language()),
        **more,
    )


def identity_case(number: int, one: int) -> Case:
    """Return the case of an address whose identity the officer may open with another.

    Raises:
        NotFoundError: there is no such case or identity (for this officer).
        RefusedError: the officer's roles do not allow it.
    """
    case = case_of(number)
    permission.permit(work(), Permission.IDENTITY_OPEN, case.number)
    if one not in [sealed for sealed, _name in tracks.of(vault(), case).identities]:
        raise NotFoundError("identity.not-found")
    return case


def _identity(number: int, one: int) -> Response:
    case = identity_case(number, one)
    if request.method == "GET":
        return identity_form(case, one)
    typed = request.form
    expected = session.pop(_ONCE, "")
    if not expected or not secrets.compare_digest(expected.encode(), typed.get("once", "").encode()):
        return identity_form(case, one, str(ERRORS["form-old"]))
    both = (
        Credentials(vault().officer.login, without_blanks(typed.get("own", ""))),
        Credentials(typed.get("second", ""), without_blanks(typed.get("second-passphrase", ""))),
    )
    try:
        if not both[1].login:
            raise RefusedError("identity.two-officers")
        opened = identity.open_together(work(), one, both, typed.get("reason", ""))
    except DropboxError as error:
        return identity_form(case, one, sentence(error))
    return page("identity.html", case=case, number=one, opened=opened, second=both[1].login)


def register(app: Flask) -> None:
    """Add the routes of a case's tracks."""
    for name in ACTS:
        app.add_url_rule(f"/kasus/<int:number>/{name}", f"case-{name}", _act, defaults={"act": name}, methods=["POST"])
    app.add_url_rule("/kasus/<int:number>/identitas/<int:one>", "identity", _identity, methods=["GET", "POST"])
