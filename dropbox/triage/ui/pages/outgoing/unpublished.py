"""Lists everything that leaves with the next publication, for a last look, with a button to take each back.

    bound    what cannot be taken back, with the reason (casework.outgoing.records)

Rule: of cases from which the officer is kept out, nothing is listed or counted.
"""

from flask import Flask, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError
from dropbox.serving.pages.language import language, sentence
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.casework.outgoing import withdrawal
from dropbox.triage.ui.pages.outgoing import telling
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.ui.view import page, vault, whole, work


def _show(fault: str = "") -> Response:
    permission.permit(work(), Permission.CASE_READ)
    return page(
        "unpublished.html",
        409 if fault else 200,
        here="unpublished",
        waiting=telling.waiting(),
        bound=telling.bound(),
        bound_words=telling.BOUND,
        why_bound=telling.WHY_BOUND,
        may_take_back=telling.may_take_back,
        act_label=lambda one: telling.label(one, language()),
        reading=telling.reading,
        language_of=lambda case: casebook.language(vault(), case),
        fault=fault,
    )


def _take_back() -> Response:
    permission.permit(work(), Permission.CASE_READ)
    try:
        withdrawal.withdraw(work(), withdrawal.of_number(work(), whole(request.form.get("telling", "")) or 0))
    except DropboxError as error:
        return _show(sentence(error))
    flash(_("Ditarik kembali. Pelapor tidak akan membacanya."))
    return redirect(url_for("unpublished", _anchor="kabar"))


def register(app: Flask) -> None:
    """Add the routes of the page and its action."""
    app.add_url_rule("/belum-terbit", "unpublished", _show)
    app.add_url_rule("/belum-terbit/tarik", "unpublished-back", _take_back, methods=["POST"])
