"""Serves /lapor: the form, its review, and the sending. Code and words are shown before anything is sent.

Rule: whatever goes wrong, the page that answers contains everything that was typed.
"""

from typing import Final

from flask import Response, request

from dropbox.crypto.sealing import Address
from dropbox.crypto.secret import FIRST_FORM, ReporterSecret, new_secret
from dropbox.errors import MalformedError, StorageBusyError, StorageFullError, TooLargeError
from dropbox.web.base.current import keyring, language, site
from dropbox.web.base.desks import closed_reason, known_desks
from dropbox.web.base.log import log_fault
from dropbox.web.base.view import closed_page, error_page, error_text
from dropbox.web.http.body import InterruptedBodyError, read_form
from dropbox.web.intake.sealing_stream import Sender, send_text
from dropbox.web.report import form_token
from dropbox.web.report.draft import EDIT, SEND, Draft, blank, read_draft
from dropbox.web.report.pages import form_page, receipt, review_page
from dropbox.web.thread.additions import Additions
from dropbox.web.thread.lookup import look_up
from dropbox.web.thread.pages import thread_page
from dropbox.wire.blob import REPORT

_ERRORS: Final[dict[type[Exception], tuple[str, int]]] = {
    StorageFullError: ("storage-full", 507),
    StorageBusyError: ("busy", 503),
    TooLargeError: ("too-long", 413),
}


def show() -> Response:
    """Answer GET with the form that the browser seals, and within it the form for browsers without scripts."""
    return _fresh(sealed=True)


def show_server() -> Response:
    """Answer GET with the form that the server seals, for reporters who choose it."""
    return _fresh(sealed=False)


def _fresh(*, sealed: bool) -> Response:
    reason = closed_reason()
    return closed_page(reason) if reason else form_page(blank(site().form), {}, {}, sealed=sealed)


def receive() -> Response:
    """Answer POST with the next page of review, edit and send (field `step`); only `send` seals and stores."""
    try:
        untrusted, is_whole = read_form(request)
    except (MalformedError, InterruptedBodyError) as error:
        return error_page("bad-form" if isinstance(error, MalformedError) else "send-again", 400)
    draft = read_draft(untrusted, site().form, language())
    if not is_whole:
        return error_page("too-large-text", 413, draft.text)
    try:
        return _admit(draft)
    except Exception as error:  # noqa: BLE001  # whatever it was, as in _send
        key, status = _logged(error)
        return error_page(key, status, draft.text)


def _admit(draft: Draft) -> Response:
    """Answer whatever does not depend on the step: a report that is already here, a closed intake."""
    origin = _origin(draft)
    reason = closed_reason()
    is_returned = origin == form_token.LATE or (reason and origin == form_token.FRESH)
    if draft.secret and is_returned and look_up(draft.secret).desks:
        # A tab that was loaded again days later: its report is already stored, and its code and words are valid.
        return thread_page(draft.secret, Additions(text_typed=draft.text, errors={"": error_text("already-sent")}))
    return closed_page(reason, draft.text) if reason else _answer(draft, origin)


def _answer(draft: Draft, origin: str) -> Response:
    """Answer with the next page, or with the form and its errors."""
    if draft.step == EDIT:
        return form_page(draft.typed, {}, draft.hidden)
    errors = draft.errors if draft.desk in known_desks() else {**draft.errors, "desk": "desk-required"}
    if errors:
        return form_page(draft.typed, {name: error_text(key) for name, key in errors.items()}, draft.hidden, 422)
    address = keyring().address(draft.desk, site().utc_day())
    if address is None:  # before anybody copies a code that leads nowhere
        return closed_page("keys-expired", draft.text)
    if draft.secret is None or origin != form_token.FRESH:
        return _review_with_new_secret(draft, origin)
    return _send_confirmed(draft, draft.secret, address) if draft.step == SEND else review_page(draft, draft.secret)


def _origin(draft: Draft) -> str:
    """Whether this server made the secret in the form: FRESH, LATE or FOREIGN of form_token."""
    if draft.secret is None:
        return form_token.FOREIGN
    here = site()
    return form_token.origin(here.store, draft.secret, draft.hidden["mac"], here.clock().timestamp())


def _review_with_new_secret(draft: Draft, origin: str) -> Response:
    renewed = draft.unconfirmed()
    if not any(draft.hidden.values()):
        return review_page(renewed, new_secret())
    key = "form-late" if origin == form_token.LATE else "form-forged"
    return review_page(renewed, new_secret(), {"": error_text(key)}, 422)


def _send_confirmed(draft: Draft, secret: ReporterSecret, address: Address) -> Response:
    if draft.is_confirmed:
        return _send(draft, secret, address)
    key = "confirm-wrong" if draft.confirm.strip() else "confirm-required"
    return review_page(draft, secret, {"confirm": error_text(key)}, 422)


def _send(draft: Draft, secret: ReporterSecret, address: Address) -> Response:
    here = site()
    keys = secret.keys(here.instance, draft.desk)
    sender = Sender(here, keys, draft.desk, address, language(), FIRST_FORM)
    try:
        send_text(sender, REPORT, 0, draft.fields)
    except Exception as error:  # noqa: BLE001  # whatever it was: what was typed must come back
        key, status = _logged(error)
        return review_page(draft, secret, {"": error_text(key)}, status)
    return receipt(secret, draft.desk)


def _logged(error: Exception) -> tuple[str, int]:
    """(key of the text, HTTP status) for an error; one that nobody expected is logged."""
    expected = next((answer for kind, answer in _ERRORS.items() if isinstance(error, kind)), None)
    if expected is None:
        log_fault(type(error), error.__traceback__)
    return expected or ("server-error", 500)
