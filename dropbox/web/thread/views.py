"""/status, /tambah and /pilihan: code and words open the answers; additions are sealed while they arrive.

Rule: code and words come in a form's body and go back into hidden fields, nowhere else. Found or not found is decided
in memory for this one request.
"""

import contextlib
import secrets
from dataclasses import dataclass, field

from flask import Response, request

from dropbox.crypto.secret import FIRST_FORM, ReporterSecret, form_nonce
from dropbox.errors import DamagedError, MalformedError, TooLargeError, WrongCodeError, WrongWordsError
from dropbox.published.boards import Answer, is_old
from dropbox.web.base.forms import read_secret, secret_error
from dropbox.web.base.labels import DESK_CHOICES, MEANINGS, PROTECTIONS
from dropbox.web.base.messages import message
from dropbox.web.base.script_texts import scripted_context
from dropbox.web.base.upload_limit import upload_slot
from dropbox.web.base.view import (
    closed_desks,
    desk_label,
    error_page,
    error_text,
    known_desks,
    language,
    localized,
    page,
    site,
)
from dropbox.web.http.body import InterruptedBodyError, read_form, read_pieces, swallow
from dropbox.web.http.multipart import FieldPart, boundary_of, read_parts
from dropbox.web.thread import timeline
from dropbox.web.thread.additions import Additions, receive_additions
from dropbox.web.thread.current_status import current_status, without_answer


@dataclass(frozen=True)
class Found:
    """What the site knows of a thread right now."""

    answers: list[Answer]
    held_at: list[str] = field(default_factory=list)  # desks whose first message is stored here

    @property
    def desks(self) -> list[str]:
        """Desks that have the thread, in the order of the boards, then of the store."""
        return [answer.desk for answer in self.answers] + [
            desk for desk in self.held_at if desk not in {answer.desk for answer in self.answers}
        ]


def look_up(secret: ReporterSecret) -> Found:
    """Look for the thread on the boards and among the stored first messages, with each desk's own keys."""
    here = site()
    today = here.utc_day()
    # Also desks whose keys do not verify today: their reporters must not hear that their report is not here.
    keys = {desk: secret.keys(here.instance, desk) for desk in known_desks()}
    nonce = form_nonce(FIRST_FORM, 0)
    ids = {keys[desk].blob_id(nonce): desk for desk in keys}
    held = here.store.blobs.stored_ids(list(ids))
    answers = [answer for desk in keys if (answer := here.boards.answer(desk, keys[desk], today))]
    return Found(answers, [desk for blob_id, desk in ids.items() if blob_id in held])


def show() -> Response:
    """GET /status: the form that the browser answers itself; where scripts are off, the one below."""
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
    """GET /status/server: the form that the server answers, for whoever chooses it."""
    return page("status.html", form={"code": "", "words": ""}, errors={})


def receive() -> Response:
    """POST /status: open the thread."""
    try:
        untrusted, _ = read_form(request)
    except (MalformedError, InterruptedBodyError):
        return error_page("bad-form", 400)
    typed = {"code": untrusted.get("code", "")[:100], "words": untrusted.get("words", "")[:400]}
    try:
        secret = read_secret(untrusted)
    except (WrongCodeError, WrongWordsError) as error:
        name, key, position = secret_error(untrusted, error)
        return page("status.html", 422, form=typed, errors={name: error_text(key, position)})
    return thread_page(secret, Additions())


def thread_page(secret: ReporterSecret, added: Additions) -> Response:
    """The thread as it stands, with what was just added, and the form for more."""
    here = site()
    try:
        found = look_up(secret)
    except (DamagedError, MalformedError):
        return error_page("answer-damaged", 500, code=secret.code, words=secret.words)
    if not found.desks and not added.any and not added.typed:
        typed = {"code": secret.code, "words": secret.words}
        return page("status.html", 404, form=typed, errors={"": error_text("not-found-thread")})
    today = here.utc_day()
    entries = [line for answer in found.answers for line in timeline.lines(answer)]
    several = len(found.desks) > 1
    states = [current_status(one, today, desk_label(one.desk) if several else "") for one in found.answers]
    answered = {answer.desk for answer in found.answers}
    states += [without_answer(desk_label(desk) if several else "") for desk in found.desks if desk not in answered]
    closed = closed_desks(found.desks)
    threads = [(desk, desk_label(desk), "") for desk in found.desks if desk not in closed]
    shut = list(closed.values()) if here.settings.intake_open else [error_text("closed")]
    old = [answer.made for answer in found.answers if is_old(answer, today)]
    return page(
        "thread.html",
        added.http_status,
        code=secret.code,
        words=secret.words,
        entries=entries or [timeline.sent_line("")],
        states=states or [without_answer()],
        answered=answered,
        protections=PROTECTIONS,
        old_board=localized(min(old)) if old else "",
        nonce=added.next_nonce or secrets.token_hex(12),
        desk=threads[0][0] if len(threads) == 1 else "",
        threads=threads,
        shut=shut,
        is_open=here.settings.intake_open and bool(threads or not found.desks),
        typed=added.typed,
        added={"text": added.text_kept, "files": added.files_kept, "act": added.act_kept} if added.any else None,
        errors=added.errors,
        form={"what": added.text_typed, "act": added.act},
    )


def add() -> Response:
    """POST /tambah, /pilihan: more words and files for a thread, or what its reporter does besides writing."""
    with upload_slot(request) as taken:
        if not taken:
            return _too_busy()
        return _add()


def _too_busy() -> Response:
    """Every slot is taken: no more is read, but what was typed before the files comes back."""
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
    added = receive_additions(site(), boundary, read_pieces(request), language(), _desks_of)
    if added.fatal:
        here = site().settings
        swallow(request, here.file_max_bytes * here.files_max)
        if added.secret is None:
            return error_page(added.fatal, added.http_status, added.typed)
        added.errors[""] = error_text(added.fatal)
    if added.secret is None:
        return error_page("bad-form", 400, added.typed)
    return thread_page(added.secret, added)


def _desks_of(secret: ReporterSecret) -> list[str]:
    """The desks that have the thread, as far as it can be told."""
    try:
        return look_up(secret).desks
    except (DamagedError, MalformedError):
        return []
