"""Shows the officer's own account: language and passphrase.

Rule: officers change only their own passphrase, and must give the old one.
"""

from flask import Flask, flash, redirect, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.crypto.words import random_words
from dropbox.disk.passphrases import without_blanks
from dropbox.errors import DropboxError, WrongPassphraseError
from dropbox.limits import STAFF_PASSPHRASE_MIN
from dropbox.serving.pages.language import sentence
from dropbox.settings.installation import LANGUAGES
from dropbox.triage.access import officers
from dropbox.triage.ui.acts import GROUPS
from dropbox.triage.ui.pages.officers import PASSPHRASE_WORDS, new_passphrase
from dropbox.triage.ui.view import desk, page, vault
from dropbox.triage.ui.view import gettext as _


def _show(fault: str = "", form: str = "", typed: MultiDict[str, str] | None = None) -> Response:
    return page(
        "account.html",
        409 if fault else 200,
        here="account",
        one=officers.find(vault(), vault().officer.login),
        groups=GROUPS,
        languages=LANGUAGES,
        suggested=(typed and typed.get("suggested")) or random_words(PASSPHRASE_WORDS),
        least=STAFF_PASSPHRASE_MIN,
        fault=fault,
        form=form,
        typed=typed or MultiDict(),
    )


def _language() -> Response:
    lang = request.form.get("lang", "")
    try:
        officers.change_language(vault(), lang)
    except DropboxError as error:
        return _show(sentence(error), "bahasa")
    session["lang"] = lang
    flash(_("Bahasa halaman tersimpan."))
    return redirect(url_for("account"))


def _passphrase() -> Response:
    try:
        old = without_blanks(request.form.get("old", ""))
        officers.change_passphrase(vault(), old, new_passphrase(request.form), desk().cost)
    except WrongPassphraseError:
        return _show(_("Frasa sandi yang lama salah."), "sandi", request.form)
    except DropboxError as error:
        return _show(sentence(error), "sandi", request.form)
    flash(_("Frasa sandi baru berlaku mulai sekarang."))
    return redirect(url_for("account"))


def register(app: Flask) -> None:
    """Add the routes of the page and its two forms."""
    app.add_url_rule("/akun", "account", _show)
    app.add_url_rule("/akun/bahasa", "account-language", _language, methods=["POST"])
    app.add_url_rule("/akun/sandi", "account-passphrase", _passphrase, methods=["POST"])
