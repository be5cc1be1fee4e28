"""Renders a thread: where it stands, its lines, what was just added, and the form for more."""

import secrets

from flask import Response

from dropbox.crypto.secret import ReporterSecret
from dropbox.errors import DamagedError, MalformedError
from dropbox.published.boards import is_old
from dropbox.web.base.current import localized, site
from dropbox.web.base.desks import closed_desks, desk_label
from dropbox.web.base.labels import PROTECTIONS
from dropbox.web.base.view import error_page, error_text, page
from dropbox.web.thread import timeline
from dropbox.web.thread.additions import Additions
from dropbox.web.thread.current_status import ANSWERED, WITHDRAWN, current_status, without_answer
from dropbox.web.thread.lookup import look_up
from dropbox.web.thread.shown import first_names, shortened


def thread_page(secret: ReporterSecret, added: Additions) -> Response:
    """Render the thread as it is now, with what was just added, and the form for more."""
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
    did = added.did & {f"{what}-{desk}" for what in (ANSWERED, WITHDRAWN) for desk in found.desks}
    states = [current_status(one, today, desk_label(one.desk) if several else "", did) for one in found.answers]
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
        chosen=added.desk,
        threads=threads,
        shut=shut,
        is_open=here.settings.intake_open and bool(threads or not found.desks),
        typed=added.typed,
        added={
            "text": shortened(added.text_kept),
            "files": len(added.files_kept),
            "names": first_names(added.files_kept),
            "act": added.act_kept,
            "act_text": shortened(added.act_text),
        }
        if added.any
        else None,
        kept=" ".join(sorted(did)),
        errors=added.errors,
        form={"what": added.text_typed, "act": added.act},
    )
