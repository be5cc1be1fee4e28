"""/lapor: form, review, receipt. Code and words are shown before anything is sent; then one text, sealed by itself.

Rule: whatever goes wrong, the page that answers holds everything that was typed.
"""

from typing import Final

from flask import Response, request
from werkzeug.datastructures import MultiDict

from dropbox.crypto.sealing import Address
from dropbox.crypto.secret import FIRST_FORM, ReporterSecret, new_secret
from dropbox.errors import (
    MalformedError,
    StorageBusyError,
    StorageFullError,
    TooLargeError,
    WrongCodeError,
    WrongWordsError,
)
from dropbox.form.model import UNANSWERED
from dropbox.web.base.forms import faults_in, read_secret, typed_values
from dropbox.web.base.log import log_fault
from dropbox.web.base.view import closed_page, error_page, error_text, keyring, known_desks, language, site
from dropbox.web.http.body import InterruptedBodyError, read_form
from dropbox.web.intake.sealing_stream import Sender, send_text
from dropbox.web.report import form_token
from dropbox.web.report.pages import form_page, receipt, review_page
from dropbox.web.report.review import completed, read_back
from dropbox.web.thread.additions import Additions
from dropbox.web.thread.views import look_up, thread_page
from dropbox.wire.blob import REPORT

_SECRET_FIELDS: Final = ("code", "words", "mac")
_FAULTS: Final[dict[type[Exception], tuple[str, int]]] = {
    StorageFullError: ("storage-full", 507),
    StorageBusyError: ("busy", 503),
}


def closed_reason() -> str:
    """Why the form is closed (key of a text), or an empty string while it is open."""
    here = site()
    if not here.settings.intake_open:
        return "closed"
    today = here.utc_day()
    return "" if keyring().open_desks(today) else "keys-expired"


def show() -> Response:
    """GET: a form that the browser seals; where scripts are off, the one below."""
    return _fresh(sealed=True)


def show_server() -> Response:
    """GET: a form that the server seals, for whoever chooses it."""
    return _fresh(sealed=False)


def _fresh(*, sealed: bool) -> Response:
    reason = closed_reason()
    typed = typed_values(MultiDict(), site().form)
    return closed_page(reason) if reason else form_page(typed, {}, {}, sealed=sealed)


def _all_typed(typed: dict[str, str]) -> str:
    return "\n\n".join(f"{answer.label}\n{answer.value}" for answer in read_back(typed, site().form, language()))


def receive() -> Response:
    """POST: review, edit or send (field `step`); nothing is sealed before the last."""
    try:
        untrusted, is_whole = read_form(request)
    except (MalformedError, InterruptedBodyError) as error:
        return error_page("bad-form" if isinstance(error, MalformedError) else "send-again", 400)
    typed = typed_values(untrusted, site().form)
    if not is_whole:
        return error_page("too-large-text", 413, _all_typed(typed))
    try:
        return _checked(untrusted, typed)
    except Exception as error:  # noqa: BLE001  # whatever it was, as in _send
        key, status = _FAULTS.get(type(error), ("server-error", 500))
        log_fault(type(error), error.__traceback__)
        return error_page(key, status, _all_typed(typed))


def _checked(untrusted: MultiDict[str, str], typed: dict[str, str]) -> Response:
    """What is told at any step: already here, closed; else the page that follows."""
    secret, origin = _secret_of(untrusted)
    reason = closed_reason()
    if secret and origin != form_token.FOREIGN and (reason or origin == form_token.LATE) and look_up(secret).desks:
        # A tab that was loaded again days later: what it sent is here, and its code and words hold.
        return thread_page(secret, Additions(text_typed=_all_typed(typed), errors={"": error_text("already-sent")}))
    if reason:
        return closed_page(reason, _all_typed(typed))
    if untrusted.get("reader") in known_desks():
        typed["desk"] = untrusted["reader"]
    return _answer(untrusted, typed, secret, origin)


def _answer(
    untrusted: MultiDict[str, str], typed: dict[str, str], secret: ReporterSecret | None, origin: str
) -> Response:
    """The page that follows: the next one, or the one on which something must be mended first."""
    step = untrusted.get("step")
    kept = {name: untrusted.get(name, "") for name in _SECRET_FIELDS}
    if step == "edit":
        return form_page(typed, {}, kept)
    if faults := _faults(typed, secret):
        return form_page(typed, faults, kept, 422)
    if _address(typed) is None:  # before anybody copies a code for nothing
        return closed_page("keys-expired", _all_typed(typed))
    if secret is None or origin != form_token.FRESH:
        return _reviewed_with_new_secret(typed, origin, is_first=not any(kept.values()))
    return (
        _send_confirmed(secret, typed, untrusted.get("confirm", ""))
        if step == "send"
        else review_page(secret, typed, {})
    )


def _send_confirmed(secret: ReporterSecret, typed: dict[str, str], confirm: str) -> Response:
    if not secret.is_confirmed_by(confirm):
        key = "confirm-wrong" if confirm.strip() else "confirm-required"
        return review_page(secret, typed, {"confirm": error_text(key)}, 422, confirm)
    return _send(secret, typed, confirm)


def _reviewed_with_new_secret(typed: dict[str, str], origin: str, *, is_first: bool) -> Response:
    if is_first:
        return review_page(new_secret(), typed, {})
    key = "form-late" if origin == form_token.LATE else "form-forged"
    return review_page(new_secret(), typed, {"": error_text(key)}, 422)


def _secret_of(untrusted: MultiDict[str, str]) -> tuple[ReporterSecret | None, str]:
    """The secret in the form's hidden fields, and whether this server made it: a word of formmac."""
    here = site()
    try:
        secret = read_secret(untrusted)
    except (WrongCodeError, WrongWordsError):
        return None, form_token.FOREIGN
    return secret, form_token.origin(here.store, secret, untrusted.get("mac", ""), here.clock().timestamp())


def _faults(typed: dict[str, str], secret: ReporterSecret | None) -> dict[str, str]:
    """The text of what is wrong, by field, before anything can be reviewed or sent."""
    whole = completed(typed, site().form, language())
    faults = faults_in(whole)
    if whole["desk"] not in known_desks():
        faults["desk"] = "desk-required"
    if secret:
        faults |= {name: "secret-in-text" for name, value in typed.items() if secret.is_revealed_by(value)}
    return {name: error_text(key) for name, key in faults.items()}


def _address(typed: dict[str, str]) -> Address | None:
    """Of the desk that was chosen; None while it has no key for today."""
    return keyring().address(typed["desk"] or UNANSWERED["desk"], site().utc_day())


def _send(secret: ReporterSecret, typed: dict[str, str], confirm: str) -> Response:
    here = site()
    whole = completed(typed, here.form, language())
    address = _address(typed)
    if address is None:
        return closed_page("keys-expired", _all_typed(typed))
    keys = secret.keys(here.instance, whole["desk"])
    sender = Sender(here, keys, whole["desk"], address, language(), FIRST_FORM)
    fields = {name: value for name, value in whole.items() if name != "desk" and value}
    try:
        send_text(sender, REPORT, 0, fields)
    except StorageFullError:
        return review_page(secret, typed, {"": error_text("storage-full")}, 507, confirm)
    except StorageBusyError:
        return review_page(secret, typed, {"": error_text("busy")}, 503, confirm)
    except TooLargeError:
        return review_page(secret, typed, {"": error_text("too-long")}, 413, confirm)
    except Exception as error:  # noqa: BLE001  # whatever it was: what was typed must come back
        log_fault(type(error), error.__traceback__)
        return review_page(secret, typed, {"": error_text("server-error")}, 500, confirm)
    return receipt(secret, whole["desk"])
