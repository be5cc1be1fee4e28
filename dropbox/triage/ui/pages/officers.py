"""Manages officer accounts: list, add, change, remove, and what each role may do.

Rule: a typed passphrase is never sent back to a page; officers who change their own account must unlock again.
"""

from typing import Final

from flask import Flask, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.crypto.words import random_words
from dropbox.disk.passphrases import without_blanks
from dropbox.errors import DropboxError, RefusedError
from dropbox.limits import STAFF_PASSPHRASE_MIN
from dropbox.serving.pages.language import language, sentence
from dropbox.settings.installation import LANGUAGES
from dropbox.triage.access import officers, permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.ui.acts import GROUPS
from dropbox.triage.ui.view import desk, page, settings, vault, work
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.vault.officer import NewOfficer

PASSPHRASE_WORDS: Final = 6  # 66 random bits before Argon2id


def _show(fault: str = "", typed: MultiDict[str, str] | None = None) -> Response:
    permission.permit(work(), Permission.OFFICER_MANAGE)
    known = officers.all_officers(vault())
    return page(
        "officers.html",
        409 if fault else 200,
        here="officers",
        active=[one for one in known if one.active],
        left=[one for one in known if not one.active],
        roles=settings().workstation.roles,
        groups=GROUPS,
        suggested=(typed and typed.get("suggested")) or random_words(PASSPHRASE_WORDS),
        least=STAFF_PASSPHRASE_MIN,
        fault=fault,
        typed=typed or MultiDict(),
    )


def new_passphrase(typed: MultiDict[str, str]) -> str:
    """Return the passphrase that was typed twice, or the suggested one; raises RefusedError if the two differ."""
    if typed.get("use") == "1":
        return without_blanks(typed.get("suggested", ""))
    passphrase = without_blanks(typed.get("passphrase", ""))
    if passphrase != without_blanks(typed.get("again", "")):
        raise RefusedError("passphrase.differ-unchanged")
    return passphrase


def _add() -> Response:
    typed = request.form
    login = typed.get("login", "").strip().lower()
    try:
        permission.permit(work(), Permission.OFFICER_MANAGE)  # checked before any message about the typed values
        new = NewOfficer(
            login, typed.get("name", ""), tuple(typed.getlist("roles")), new_passphrase(typed), typed.get("unit", "")
        )
        officers.add(work(), new, desk().cost)
    except DropboxError as error:
        return _show(sentence(error), typed)
    flash(_("%(login)s sekarang dapat membuka meja kerja ini.", login=login))
    return redirect(url_for("officers"))


def _officer(login: str) -> Response:
    return _one(login)


def _one(login: str, fault: str = "", form: str = "", typed: MultiDict[str, str] | None = None) -> Response:
    permission.permit(work(), Permission.OFFICER_MANAGE)
    return page(
        "officer.html",
        409 if fault else 200,
        here="officers",
        one=officers.find(vault(), login),
        roles=settings().workstation.roles,
        languages=LANGUAGES,
        fault=fault,
        form=form,
        typed=typed or MultiDict(),
    )


def _change(login: str) -> Response:
    typed = request.form
    changed = officers.Change(typed.get("name"), typed.get("unit"), tuple(typed.getlist("roles")), typed.get("lang"))
    try:
        officers.change(work(), login, changed)
    except DropboxError as error:
        return _one(login, sentence(error), "ubah", typed)
    if login == vault().officer.login:
        return _out(_("Data Anda sudah berubah. Buka meja lagi."))
    flash(_("Data petugas tersimpan."))
    return redirect(url_for("officers"))


def _remove(login: str) -> Response:
    try:
        if request.form.get("sure") != "1":
            raise RefusedError("officer.tick-removal")
        in_copy = officers.remove(work(), login, lose_identities=request.form.get("lose") == "1")
    except DropboxError as error:
        return _one(login, sentence(error), "keluarkan", request.form)
    if not in_copy:
        flash(_("Salinan kedua belum terhapus. Pasang disknya, lalu cocokkan di halaman Perawatan."), "warn")
    if login == vault().officer.login:
        return _out(_("Anda sudah keluar dari meja kerja ini."))
    flash(_("%(login)s tidak dapat lagi membuka meja kerja ini.", login=login))
    return redirect(url_for("officers"))


def _out(said: str) -> Response:
    """Lock the desk: the open vault still has the old account."""
    desk().close("officer")
    flash(said)
    return redirect(url_for("unlock"))


def register(app: Flask) -> None:
    """Add the routes of the list and of one officer."""
    app.add_url_rule("/petugas", "officers", _show)
    app.add_url_rule("/petugas", "officer-add", _add, methods=["POST"])
    app.add_url_rule("/petugas/<login>", "officer", _officer)
    app.add_url_rule("/petugas/<login>/ubah", "officer-change", _change, methods=["POST"])
    app.add_url_rule("/petugas/<login>/keluarkan", "officer-remove", _remove, methods=["POST"])
    app.jinja_env.globals["role_label"] = role_label


def role_label(code: str) -> str:
    """Return the settings' name of a role, or its code if they no longer have it."""
    role = settings().workstation.roles.get(code)
    return role.label[language()] if role else code
