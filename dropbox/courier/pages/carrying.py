"""Shows what waits and what became of a file, has exports written, and takes what the desks have signed.

Rule: it decides nothing about a file; the gate verifies it from the pinned root, and its sentence is shown.
"""

import io
from typing import BinaryIO, Final, cast

from flask import Flask, g, redirect, request, url_for
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response

from dropbox.courier.gate.client import State
from dropbox.courier.pages.guard import UPLOAD
from dropbox.courier.pages.messages import AGAIN, CARRY, COPY, NEWER, RETRY, TELL
from dropbox.courier.pages.view import door, error_page, gate, page, place
from dropbox.errors import (
    DropboxError,
    GateError,
    MalformedError,
    RefusedError,
    StorageBusyError,
    UntrustedError,
)
from dropbox.limits import BOARD_FRESH_DAYS, CERTIFICATE_WARN_DAYS, RETURN_BUNDLE_MAX_BYTES
from dropbox.wire.calendar import day_of, epoch_of


def _home() -> Response:
    here = place()
    today = day_of(here.settings.today())
    state, export = here.gate.state(), here.gate.export()
    return page(
        "home.html",
        state=state,
        export=export,
        notes=[note for note in export.notes if note not in state.notes] if export else [],
        weeks=_weeks(state, today),
        today=today,
        fresh_days=BOARD_FRESH_DAYS,
        warn_days=CERTIFICATE_WARN_DAYS,
        labels=here.settings.desks,
        most=RETURN_BUNDLE_MAX_BYTES,
    )


def _weeks(state: State, today: int) -> int:
    """Return the whole weeks since the week of the oldest report; 0 for this week and without one."""
    return max(0, epoch_of(today) - state.oldest_week) if state.oldest_week is not None else 0


def _prepare() -> Response:
    gate().prepare()
    return redirect(url_for("home", _anchor="ekspor"), 303)


def _upload() -> Response:
    file = request.files.get("file")
    if file is None or not file.filename:
        return error_page("no-file", 400)
    try:
        stream = cast("BinaryIO", file.stream)
        length = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        door().keep(g.courier, gate().take(stream, length))
    except DropboxError as error:
        door().keep(g.courier, error)
    finally:
        file.close()
    return redirect(url_for("result"), 303)


_BY_CODE: Final = {
    **dict.fromkeys(("return.older", "return.bundle-older", "return.revocations-older"), NEWER),
    **dict.fromkeys(("return.private-file", "return.unknown-desk", "return.bundle-differs"), TELL),
    **dict.fromkeys(("return.is-export", "return.unknown-kind", "return.too-large-server"), CARRY),
    "return.cut": COPY,
}


def next_step(error: DropboxError) -> LazyString:
    """Return what a courier does about a file that was refused."""
    if error.code.startswith("kind."):  # a file of another kind is named by its kind, with its place
        return CARRY
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    if isinstance(error, GateError | StorageBusyError):
        return RETRY
    return AGAIN if isinstance(error, MalformedError | UntrustedError | RefusedError) else TELL


def _result() -> Response:
    result = g.courier.result
    if result is None:
        return redirect(url_for("home"), 303)
    g.courier.is_seen = True
    if isinstance(result, DropboxError):
        is_unsure = isinstance(result, GateError)  # it may have ended after the import
        return page("result.html", error=result, step=next_step(result), is_unsure=is_unsure)
    return page("result.html", taken=result)


def _help() -> Response:
    return page("help.html")


def register(app: Flask) -> None:
    """Add the routes of the courier's work."""
    app.add_url_rule("/", "home", _home)
    app.add_url_rule("/ekspor", "prepare", _prepare, methods=["POST"])
    app.add_url_rule("/kiriman", UPLOAD, _upload, methods=["POST"])
    app.add_url_rule("/hasil", "result", _result)
    app.add_url_rule("/bantuan", "help", _help)
