"""Checks authorship: a challenge for a person who claims to be the author of a case, and their signed claim.

Rule: it also works for archived and deleted cases; the file that a claimant brings stays in memory.
"""

import base64
import binascii

from flask import Flask, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, MalformedError, NotFoundError
from dropbox.limits import KIB
from dropbox.serving.pages.language import sentence
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import claims
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.ui.view import page, vault, work
from dropbox.wire.claim import STATEMENT_MAX_BYTES

_FILE_MAX_BYTES = STATEMENT_MAX_BYTES + KIB


def _case(typed: str) -> Case:
    return casebook.find_case(vault(), typed, deleted=True)


def _find() -> Response:
    permission.permit(work(), Permission.CLAIM_CHECK)
    typed = request.form.get("nomor", "")
    if request.method == "GET":
        return page("claim.html", here="claims")
    try:
        return redirect(url_for("claim", number=_case(typed).number))
    except NotFoundError:
        fault = _("Tidak ada kasus dengan nomor itu.")
        return page("claim.html", 404, here="claims", fault=fault, nomor=typed)


def _show(number: int) -> Response:
    return _page(_case(str(number)))


def _page(case: Case, fault: str = "", statement: str | None = None) -> Response:
    return page(
        "claim.html",
        409 if fault else 200,
        here="claims",
        case=case,
        waiting=claims.waiting(work(), case),
        fault=fault,
        statement=statement,
        typed=request.form,
    )


def _challenge(number: int) -> Response:
    case = _case(str(number))
    try:
        claims.challenge(work(), case)
    except DropboxError as error:
        return _page(case, sentence(error))
    flash(_("Kode uji baru dibuat. Yang lama tidak berlaku lagi."))
    return redirect(url_for("claim", number=number))


def _check(number: int) -> Response:
    case = _case(str(number))
    try:
        statement = claims.check(work(), case, _untrusted())
    except DropboxError as error:
        return _page(case, sentence(error))
    return _page(case, statement=statement)


def _untrusted() -> bytes:
    """Return the bytes of the claim, uploaded or pasted as base64; raises MalformedError."""
    file = request.files.get("file")
    if file is not None and file.filename:
        raw = file.stream.read(_FILE_MAX_BYTES + 1)
    else:
        try:
            raw = base64.b64decode("".join(request.form.get("pasted", "").split()), validate=True)
        except (binascii.Error, ValueError):
            raise MalformedError("claim.pasted") from None
    if not raw or len(raw) > _FILE_MAX_BYTES:
        raise MalformedError("claim.not-claim")
    return raw


def register(app: Flask) -> None:
    """Add the routes of the page of claims."""
    app.add_url_rule("/pembuktian", "claims", _find, methods=["GET", "POST"])
    app.add_url_rule("/pembuktian/<int:number>", "claim", _show)
    app.add_url_rule("/pembuktian/<int:number>/tantangan", "claim-challenge", _challenge, methods=["POST"])
    app.add_url_rule("/pembuktian/<int:number>/periksa", "claim-check", _check, methods=["POST"])
