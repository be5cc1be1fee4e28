"""Puts the desk together.

Rule: the key that signs cookies is new at each start and never leaves memory; uploads stay in memory too.
"""

import io
import secrets
import sys
import traceback
from pathlib import Path
from typing import IO, Any, Final

import flask_babel
from flask import Flask, Request, Response, current_app, g
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from dropbox.disk.visible import visible, visible_lines
from dropbox.errors import DropboxError
from dropbox.limits import MIB
from dropbox.serving.templates import template_folder
from dropbox.triage.access.names import Names
from dropbox.triage.exchange import restored
from dropbox.triage.practice import people
from dropbox.triage.tasks import MENU
from dropbox.triage.ui import guard
from dropbox.triage.ui.files import routes as files
from dropbox.triage.ui.pages import (
    account,
    benchmark,
    book,
    care,
    case,
    claim,
    door,
    entering,
    exchange,
    inbox,
    journal,
    officers,
    oversight,
    phrases,
    policies,
    prevention,
    proposals,
    receivers,
    referral,
    registers,
    statistics,
    tracks,
)
from dropbox.triage.ui.pages.choosing import several
from dropbox.triage.ui.pages.followup import acts as followup_acts
from dropbox.triage.ui.pages.followup import due as followup_due
from dropbox.triage.ui.pages.learning import pages as learning
from dropbox.triage.ui.pages.outgoing import unpublished
from dropbox.triage.ui.pages.overview import page as overview
from dropbox.triage.ui.pages.records import holds as hold_pages
from dropbox.triage.ui.pages.records import statements as statement_pages
from dropbox.triage.ui.pages.safety import acts as safety
from dropbox.triage.ui.pages.upkeep import backups, renewal
from dropbox.triage.ui.session import Desk
from dropbox.triage.ui.view import EXTENSION, error_page, language, localized, may, refusal, sentence, short_date

UPLOAD_MAX_BYTES: Final = 64 * MIB  # scans of one letter, held in memory
_TRANSLATIONS: Final = Path(__file__).parent / "translations"


class _MemoryRequest(Request):
    """A request whose uploads never become temporary files: they are letters of reporters."""

    max_form_memory_size = UPLOAD_MAX_BYTES

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002  werkzeug's signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return io.BytesIO()


class _DeskFlask(Flask):
    """A Flask application that logs where something failed, never the error's text."""

    request_class = _MemoryRequest

    def log_exception(self, exc_info: Any) -> None:  # noqa: ANN401  flask's signature
        """Also when an error's own page fails: Flask would write the error's text, which might hold input."""
        _say_where(exc_info[1])


def create_app(desk: Desk) -> Flask:
    """The WSGI application of a desk."""
    app = _DeskFlask(
        "dropbox.triage.ui",
        template_folder=str(template_folder()),
        static_folder=str(Path(__file__).parent / "static"),
    )
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_NAME="desk",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=UPLOAD_MAX_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # a form is valid as long as its session, which ends when another officer unlocks
        BABEL_DEFAULT_LOCALE="id",
        BABEL_TRANSLATION_DIRECTORIES=str(_TRANSLATIONS),
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(spoken=sentence, visible=visible, lines=visible_lines, day=localized, short=short_date)
    app.extensions[EXTENSION] = desk
    flask_babel.Babel(app, locale_selector=language)
    guard.register(app)
    app.context_processor(_context)
    for part in (
        door,
        inbox,
        several,
        case,
        unpublished,
        files,
        tracks,
        hold_pages,
        statement_pages,
        safety,
        claim,
        proposals,
        entering,
        registers,
        exchange,
        phrases,
    ):
        part.register(app)
    for part in (
        book,
        overview,
        statistics,
        benchmark,
        prevention,
        policies,
        referral,
        receivers,
        officers,
        journal,
        oversight,
        care,
        renewal,
        backups,
        account,
        followup_acts,
        followup_due,
        learning,
    ):
        part.register(app)
    app.register_error_handler(CSRFError, lambda _: error_page("form-old", 400))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DropboxError, refusal)
    app.register_error_handler(Exception, _internal)
    return app


def _context() -> dict[str, object]:
    from dropbox.triage.ui.view import desk  # noqa: PLC0415  a name of its own here

    here = desk()
    # Whoever was not let in, or has not the vault's turn, sees neither officer nor desk, and keeps nothing awake.
    vault = g.vault if g.get("turn") and g.get("vault") is not None and here.has(g.vault) else None
    return {
        "lang": language(),
        "office": here.settings.office[language()],
        "officer": vault.officer if vault else None,
        "desk_name": vault.desk if vault else "",
        "practice": people.is_practice(here.folder),
        "idle_minutes": here.settings.workstation.idle_minutes,
        "may": may,
        "endpoints": current_app.view_functions,
        "menu": [task for task in MENU if task.page in current_app.view_functions],
        "restored_day": restored.day(vault) if vault else 0,
        "letterhead": here.settings.workstation.letterhead,
        "printed_on": here.today(),
        "who": Names(vault.db, here.settings, language()).short if vault else str,
        "counts": {"proposals": len(proposals.to_decide(vault))} if vault else {},
    }


def _http_error(error: HTTPException) -> Response:
    keys = {404: "not-found", 413: "too-large"}
    return error_page(keys.get(error.code or 500, "refused"), error.code or 500)


def _internal(error: Exception) -> Response:
    if g.get("vault") is None or current_app.extensions[EXTENSION].has(g.vault):
        _say_where(error)  # an action that locking interrupted is not an error
    return error_page("internal", 500)


def _say_where(error: BaseException) -> None:
    """Write type and place to stderr, nothing of its text."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    sys.stderr.write(f"desk: {type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}\n")
