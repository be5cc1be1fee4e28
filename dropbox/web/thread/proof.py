"""Serves /bukti: code and words sign a statement for a desk, which proves that the reporter wrote the report.

Rule: nothing is looked up, stored or sent on; the file is made in memory for this one request. Where scripts run, the
browser makes it and no request follows.
"""

from typing import Final

from flask import Response, request

from dropbox.crypto.claims import make_claim
from dropbox.crypto.secret import ReporterSecret
from dropbox.errors import MalformedError
from dropbox.form.lengths import characters
from dropbox.web.base.current import site
from dropbox.web.base.desks import known_desks
from dropbox.web.base.labels import DESK_CHOICES
from dropbox.web.base.messages import MESSAGES
from dropbox.web.base.script_texts import scripted_context
from dropbox.web.base.view import error_page, error_text, page
from dropbox.web.http.body import InterruptedBodyError, read_form
from dropbox.web.thread.secret_fields import read_secret
from dropbox.wire.claim import STATEMENT_MAX_CHARACTERS, parse_challenge

FILE_NAME: Final = "bukti.dbxm"
# That the script shows too, with their placeholders.
_TEXTS: Final = ("challenge-required", "challenge-wrong", "statement-required", "statement-too-long")


def _page(typed: dict[str, str], errors: dict[str, str], status: int = 200, *, sealed: bool = False) -> Response:
    scripted = scripted_context() if sealed else {}
    if sealed:
        scripted["texts"] |= {key: str(MESSAGES[key]) for key in _TEXTS}
    return page(
        "proof.html",
        status,
        form=typed,
        errors=errors,
        desk_choices=DESK_CHOICES,
        file_name=FILE_NAME,
        sealed=sealed,
        **scripted,
    )


def show() -> Response:
    """Answer GET /bukti with the form that the browser handles, and within it the form without scripts."""
    return _page({}, {}, sealed=True)


def show_server() -> Response:
    """Answer GET /bukti/server with the form that the server answers, for reporters who choose it."""
    return _page({}, {})


def receive() -> Response:
    """Answer POST /bukti with the proof file, or with the form and its errors."""
    try:
        untrusted, is_whole = read_form(request)
    except (MalformedError, InterruptedBodyError):
        return error_page("bad-form", 400)
    most = {"code": 100, "words": 400, "desk": 16, "challenge": 400}
    typed = {name: untrusted.get(name, "")[:length] for name, length in most.items()}
    typed["statement"] = untrusted.get("statement", "")
    if not is_whole:
        return error_page("too-large-text", 413, typed["statement"])
    secret, errors = read_secret(untrusted)
    errors |= {name: error_text(key) for name, key in _faults(typed, secret).items()}
    if secret is None or errors:
        return _page(typed, errors, 422)
    challenge = parse_challenge(typed["challenge"])
    made = make_claim(secret, site().instance, typed["desk"], challenge, typed["statement"])
    response = Response(made, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


def _faults(typed: dict[str, str], secret: ReporterSecret | None) -> dict[str, str]:
    faults = {}
    if typed["desk"] not in known_desks():
        faults["desk"] = "desk-required"
    try:
        parse_challenge(typed["challenge"])
    except MalformedError:
        faults["challenge"] = "challenge-wrong" if typed["challenge"].strip() else "challenge-required"
    if not typed["statement"].strip():
        faults["statement"] = "statement-required"
    elif characters(typed["statement"]) > STATEMENT_MAX_CHARACTERS:
        faults["statement"] = "statement-too-long"
    elif secret and secret.is_revealed_by(typed["statement"]):
        faults["statement"] = "secret-in-text"
    return faults
