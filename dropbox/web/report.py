"""/lapor: code and words are shown before anything is sent; then one text, sealed and acknowledged by itself.

Rule: whatever goes wrong, the page that answers holds everything that was typed.
"""

import datetime
import secrets

from flask import Response, request
from werkzeug.datastructures import MultiDict

from dropbox.crypto.secret import FIRST_FORM, ReporterSecret, new_secret
from dropbox.errors import (
    MalformedError,
    StorageBusyError,
    StorageFullError,
    TooLargeError,
    WrongCodeError,
    WrongWordsError,
)
from dropbox.web import formmac
from dropbox.web.additions import Additions
from dropbox.web.body import InterruptedBodyError, read_form
from dropbox.web.forms import REPORT_FIELDS, REPORT_TEXTS, ReportForm, faults_of, read_secret, typed_values
from dropbox.web.log import log_fault
from dropbox.web.messages import CATEGORIES, CHANNELS, DESK_CHOICES, STATUS_LABELS
from dropbox.web.receiving import Envelope, send_text
from dropbox.web.scripted import scripted_context
from dropbox.web.thread import known_desks, look_up, thread_page
from dropbox.web.view import (
    closed_page,
    desk_label,
    desks_context,
    error_page,
    error_text,
    keyring,
    language,
    localized,
    page,
    site,
)
from dropbox.wire.blob import REPORT


def return_by() -> str:
    """When the reporter should look again, as a localized date."""
    here = site()
    return localized(here.today() + datetime.timedelta(days=here.settings.return_days))


def closed_reason() -> str:
    """Why the form is closed (key of a text), or an empty string while it is open."""
    here = site()
    if not here.settings.intake_open:
        return "closed"
    today = here.utc_day()
    return "" if keyring().open_desks(today) else "keys-expired"


def _form_page(
    secret: ReporterSecret, typed: dict[str, str], errors: dict[str, str], status: int = 200, *, sealed: bool = False
) -> Response:
    here = site()
    scripted = scripted_context(service=service_days()) if sealed else {}
    return page(
        "report.html",
        status,
        form=typed,
        errors=errors,
        code=secret.code,
        words=secret.words,
        mac=formmac.make(here.store, secret, here.clock().timestamp()),
        return_by=return_by(),
        who_reads={desk["name"]: desk["reads"] for desk in desks_context()},
        channels=CHANNELS,
        desk_choices=DESK_CHOICES,
        categories=CATEGORIES,
        sealed=sealed,
        **scripted,
    )


def show() -> Response:
    """GET: a form that the browser seals; where scripts are off, the one below."""
    return _fresh(sealed=True)


def show_server() -> Response:
    """GET: a form with fresh secrets that the server seals, for whoever chooses it."""
    return _fresh(sealed=False)


def _fresh(*, sealed: bool) -> Response:
    reason = closed_reason()
    return closed_page(reason) if reason else _form_page(new_secret(), typed_values({}), {}, sealed=sealed)


def _all_typed(typed: dict[str, str]) -> str:
    return "\n\n".join(typed[name] for name in REPORT_TEXTS if typed[name])


def receive() -> Response:
    """POST: check, seal, store, acknowledge."""
    try:
        untrusted, is_whole = read_form(request)
    except (MalformedError, InterruptedBodyError) as error:
        return error_page("bad-form" if isinstance(error, MalformedError) else "send-again", 400)
    typed = typed_values(untrusted)
    if not is_whole:
        return error_page("too-large-text", 413, _all_typed(typed))
    secret, origin = _secret_of(untrusted)
    reason = closed_reason()
    if secret and origin != formmac.FOREIGN and (reason or origin == formmac.LATE) and look_up(secret).desks:
        # A tab that was loaded again days later: what it sent is here, and its code and words hold.
        return thread_page(secret, Additions(text_typed=_all_typed(typed), errors={"": error_text("already-sent")}))
    if reason:
        return closed_page(reason, _all_typed(typed))
    form = ReportForm(formdata=untrusted)
    if secret and origin == formmac.FRESH:
        errors = _faults(form, typed, secret)
        return _form_page(secret, typed, errors, 422) if errors else _send(secret, typed, form)
    typed["noted"] = ""
    errors = {"": error_text("form-late" if origin == formmac.LATE else "form-forged"), **_faults(form, typed, None)}
    return _form_page(new_secret(), typed, errors, 422)


def _secret_of(untrusted: MultiDict[str, str]) -> tuple[ReporterSecret | None, str]:
    """The secret in the form's hidden fields, and whether this server made it: a word of formmac."""
    here = site()
    try:
        secret = read_secret(untrusted)
    except (WrongCodeError, WrongWordsError):
        return None, formmac.FOREIGN
    return secret, formmac.origin(here.store, secret, untrusted.get("mac", ""), here.clock().timestamp())


def _faults(form: ReportForm, typed: dict[str, str], secret: ReporterSecret | None) -> dict[str, str]:
    form.validate()
    faults = faults_of(form)
    if secret is None:
        faults.pop("noted", None)  # the new secrets are asked for by the late form's own text
    if typed["desk"] not in known_desks():
        faults["desk"] = "desk-required"
    if secret:
        faults |= {name: "secret-in-text" for name in REPORT_TEXTS if secret.is_told_by(typed[name])}
    return {name: error_text(key) for name, key in faults.items()}


def _send(secret: ReporterSecret, typed: dict[str, str], form: ReportForm) -> Response:
    here = site()
    today = here.utc_day()
    address = keyring().address(typed["desk"], today)
    if address is None:
        return closed_page("keys-expired", _all_typed(typed))
    keys = secret.keys(here.instance, typed["desk"])
    envelope = Envelope(here, keys, typed["desk"], address, language(), FIRST_FORM)
    fields = {name: form[name].data for name in REPORT_FIELDS if form[name].data}
    try:
        send_text(envelope, REPORT, 0, fields)
    except StorageFullError:
        return _form_page(secret, typed, {"": error_text("storage-full")}, 507)
    except StorageBusyError:
        return _form_page(secret, typed, {"": error_text("busy")}, 503)
    except TooLargeError:
        return _form_page(secret, typed, {"": error_text("too-long")}, 413)
    except Exception as error:  # noqa: BLE001  # whatever it was: what was typed must come back
        log_fault(type(error), error.__traceback__)
        return _form_page(secret, typed, {"": error_text("server-error")}, 500)
    return receipt(secret, typed["desk"])


def service_days() -> list[dict[str, object]]:
    """The stages that a reporter may wait for, and how many working days each may take."""
    return [
        {"label": str(STATUS_LABELS[status]), "days": days}
        for status, days in site().settings.service_days.items()
        if status in ("DITERIMA", "VERIFIKASI", "TELAAH", "KLARIFIKASI")
    ]


def receipt(secret: ReporterSecret, desk: str) -> Response:
    """The acknowledgement, with the form for files."""
    return page(
        "receipt.html",
        code=secret.code,
        words=secret.words,
        desk=desk,
        desk_label=desk_label(desk),
        return_by=return_by(),
        service=service_days(),
        nonce=secrets.token_hex(12),
        added=None,
        errors={},
        form={"what": ""},
    )
