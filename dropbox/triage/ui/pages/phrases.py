"""Edits the standard phrases of answers in both languages: previewed before they are saved, and restored.

Rule: the only placeholder is {next}; a preview changes nothing.
"""

from dataclasses import replace
from typing import Final

from flask import Flask, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError
from dropbox.serving.pages.language import sentence
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import deadlines
from dropbox.triage.casework import phrases
from dropbox.triage.ui import choices
from dropbox.triage.ui.view import desk, page, settings, vault, work
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.vault.phrasebook import Phrase, defaults

_NEW: Final = Phrase("", "", "", "", "")
_EXAMPLE_DAYS: Final = 14  # of a phrase whose status has no service days


def _list() -> Response:
    permission.permit(work(), Permission.PHRASE_EDIT)
    known = phrases.all_phrases(vault())
    groups = [(status, [one for one in known if one.status == status]) for status in (*permission.MOVES, "")]
    return page(
        "phrases.html",
        here="phrases",
        groups=[(status, found) for status, found in groups if found],
        choices=choices,
        defaults=defaults(),
    )


def _phrase(code: str) -> Response:
    return _one(phrases.phrase_of(vault(), code))


def _new() -> Response:
    return _one(_NEW)


def _one(phrase: Phrase, fault: str = "", previews: list[tuple[str, str]] | None = None) -> Response:
    permission.permit(work(), Permission.PHRASE_EDIT)
    known = {one.code for one in phrases.all_phrases(vault())}
    original = defaults().get(phrase.code)
    return page(
        "phrase.html",
        409 if fault else 200,
        here="phrases",
        one=phrase,
        is_new=phrase.code not in known,
        is_changed=original is not None and phrases.phrase_of(vault(), phrase.code) != original,
        statuses=[(status, choices.STATUSES[status]) for status in permission.MOVES],
        fault=fault,
        previews=previews or [],
    )


def _typed(code: str, typed: MultiDict[str, str]) -> Phrase:
    texts = (typed.get(name, "").replace("\r\n", "\n") for name in ("text_id", "text_en"))
    return Phrase(code, typed.get("status", ""), typed.get("title", "").strip(), *texts)


def _save() -> Response:
    """Save a phrase, or show how a reporter would read it."""
    phrase = _typed(request.form.get("code", "").strip(), request.form)
    if request.form.get("preview") == "1":
        return _one(phrase, previews=_previews(phrase))
    try:
        if request.form.get("new") == "1" and any(one.code == phrase.code for one in phrases.all_phrases(vault())):
            return _one(replace(phrase, code=""), _("Kode ini sudah dipakai. Pilih kode lain."))
        phrases.edit(work(), phrase)
    except DropboxError as error:
        return _one(phrase, sentence(error))
    flash(_("Templat tersimpan."))
    return redirect(url_for("phrases"))


def _previews(phrase: Phrase) -> list[tuple[str, str]]:
    today = desk().today()
    day = deadlines.due_day(settings(), phrase.status, today) if phrase.status else 0
    texts = (("id", phrase.text_id), ("en", phrase.text_en))
    return [(lang, phrases.with_date(text, lang, day or today + _EXAMPLE_DAYS)) for lang, text in texts]


def _restore(code: str) -> Response:
    phrases.restore(work(), code)
    flash(_("Templat kembali seperti semula."))
    return redirect(url_for("phrase", code=code))


def register(app: Flask) -> None:
    """Add the routes of the list and of one phrase."""
    app.add_url_rule("/templat", "phrases", _list)
    app.add_url_rule("/templat/baru", "phrase-new", _new)
    app.add_url_rule("/templat/simpan", "phrase-save", _save, methods=["POST"])
    app.add_url_rule("/templat/teks/<code>", "phrase", _phrase)
    app.add_url_rule("/templat/teks/<code>/semula", "phrase-restore", _restore, methods=["POST"])
