"""Handles the forms of the inbox: acts on several cases, saved filters, and the decision of refusals proposed together.

Rule: after a form the officer is back at the list from which they came, and reads which cases were done and which not.
"""

from typing import Any

from flask import Flask, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError
from dropbox.serving.pages.language import sentence
from dropbox.triage.casework.choosing import batches, saved
from dropbox.triage.tables.numbers import CaseNumber, ProposalNumber
from dropbox.triage.ui.pages.inbox import filter_of, kept_filter
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.ui.view import whole, work


def _numbers(name: str) -> list[int]:
    """Return the numbers of a form's boxes, each once; what is no number is left out."""
    found = (whole(typed) for typed in request.form.getlist(name))
    return list(dict.fromkeys(number for number in found if number is not None))


def _tags(name: str) -> tuple[str, ...]:
    return tuple(request.form.get(name, "").replace(",", " ").split())


def _do() -> Response:
    typed = request.form
    wanted = batches.Wanted(
        typed.get("office", ""),
        typed.get("officer", ""),
        typed.get("text", ""),
        _tags("add"),
        _tags("remove"),
        typed.get("spam") == "1",
        typed.get("grounds", ""),
    )
    try:
        _tell(batches.do(work(), [CaseNumber(one) for one in _numbers("case")], wanted))
    except DropboxError as error:
        flash(sentence(error), "warn")
    return _back()


def _decide() -> Response:
    numbers = [ProposalNumber(one) for one in _numbers("proposal")]
    try:
        _tell(batches.decide(work(), numbers, approve=request.form.get("approve") == "1"))
    except DropboxError as error:
        flash(sentence(error), "warn")
    return redirect(url_for("proposals", _anchor="kabar"))


def _tell(outcome: batches.Outcome) -> None:
    """Say which cases were done, and the others by their reason."""
    if outcome.done:
        flash(_("%(n)s kasus selesai: %(names)s.", n=len(outcome.done), names=", ".join(outcome.done)))
    reasons: dict[str, list[str]] = {}
    for name, error in outcome.refused:
        reasons.setdefault(sentence(error), []).append(name)
    for reason, names in reasons.items():
        flash(_("Tidak dikerjakan: %(names)s. %(reason)s", names=", ".join(names), reason=reason), "warn")


def _save() -> Response:
    try:
        number = saved.save(work(), request.form.get("name", ""), filter_of(MultiDict(kept_filter())))
    except DropboxError as error:
        flash(sentence(error), "warn")
        return _back()
    flash(_("Saringan tersimpan."))
    return redirect(url_for("inbox", saved=number, _anchor="kabar"))


def _delete(number: int) -> Response:
    saved.delete(work(), number)
    flash(_("Saringan dihapus."))
    return redirect(url_for("inbox", _anchor="kabar"))


def _back() -> Response:
    kept: dict[str, Any] = {**kept_filter(), "_anchor": "kabar"}
    return redirect(url_for("inbox", **kept))


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/pilihan", "several", _do, methods=["POST"])
    app.add_url_rule("/saringan", "filter-save", _save, methods=["POST"])
    app.add_url_rule("/saringan/<int:number>/hapus", "filter-delete", _delete, methods=["POST"])
    app.add_url_rule("/persetujuan/bersama", "proposals-together", _decide, methods=["POST"])
