"""Serves /status, /tambah and /pilihan: code and words open the answers; additions are sealed while they arrive.

Rule: code and words come in a form's body and go back into hidden fields, nowhere else. Found or not found is decided
in memory for this one request.
"""

import contextlib

from flask import Response, request

from dropbox.errors import MalformedError, StorageBusyError, TooLargeError
from dropbox.web.base.current import language, site
from dropbox.web.base.labels import DESK_CHOICES, MEANINGS, PROTECTIONS
from dropbox.web.base.messages import message
from dropbox.web.base.script_texts import scripted_context
from dropbox.web.base.view import error_page, error_text, page
from dropbox.web.http.body import InterruptedBodyError, read_form, read_pieces, swallow
from dropbox.web.http.multipart import FieldPart, boundary_of, read_parts
from dropbox.web.http.upload_limit import upload_slot
from dropbox.web.thread.additions import Additions, receive_additions
from dropbox.web.thread.lookup import desks_of
from dropbox.web.thread.pages import thread_page
from dropbox.web.thread.secret_fields import read_secret


def show() -> Response:
    """Answer GET /status with the form that the browser handles, and within it the form without scripts."""
    context = scripted_context(desk_choices=DESK_CHOICES, protections=PROTECTIONS)
    context["texts"] |= {f"meaning-{code}": str(text) for code, text in MEANINGS.items()}
    context["texts"] |= {key: message(key) for key in ("protection-required", "withdraw-sure")}
    return page(
        "status.html",
        form={"code": "", "words": ""},
        errors={},
        sealed=True,
        closed=not site().settings.intake_open,
        **context,
    )


def show_server() -> Response:
    """Answer GET /status/server with the form that the server answers, for reporters who choose it."""
    return page("status.html", form={"code": "", "words": ""}, errors={})


def receive() -> Response:
    """Answer POST /status with the thread, or with the form and its errors."""
    try:
        untrusted, _ = read_form(request)
    except (MalformedError, InterruptedBodyError):
        return error_page("bad-form", 400)
    typed = {"code": untrusted.get("code", "")[:100], "words": untrusted.get("words", "")[:400]}
    secret, errors = read_secret(untrusted)
    if secret is None:
        return page("status.html", 422, form=typed, errors=errors)
    return thread_page(secret, Additions())


def add() -> Response:
    """Answer POST /tambah and /pilihan: take more text and files for a thread, or an act of its reporter."""
    with upload_slot(request) as taken:
        if not taken:
            return _too_busy()
        return _add()


def _too_busy() -> Response:
    """Refuse because every slot is taken: files are not read, but the text typed before them comes back."""
    typed: dict[str, str] = {}
    with contextlib.suppress(MalformedError, TooLargeError, InterruptedBodyError):
        for part in read_parts(boundary_of(request), read_pieces(request)):
            if not isinstance(part, FieldPart):
                break
            typed[part.name] = part.value
    text = typed.get("what") or typed.get("act-text", "")
    response = error_page("busy", 503, text, typed.get("code", ""), typed.get("words", ""))
    response.headers["Retry-After"] = "60"
    return response


def _add() -> Response:
    try:
        boundary = boundary_of(request)
    except MalformedError:
        return error_page("bad-form", 400)
    added = receive_additions(site(), boundary, read_pieces(request), language(), desks_of)
    if added.fatal:
        here = site().settings
        swallow(request, here.file_max_bytes * here.files_max)
        if added.secret is None:
            return error_page(added.fatal, added.http_status, added.typed)
        added.errors[""] = error_text(added.fatal)
    if added.secret is None:
        return error_page("bad-form", 400, added.typed)
    try:
        return thread_page(added.secret, added)
    except (
        StorageBusyError
    ):  # what was kept is kept, and sending it again changes nothing: what was typed must come back
        return error_page("busy", 503, added.typed, added.secret.code, added.secret.words)
