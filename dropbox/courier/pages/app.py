"""Puts the courier's page together.

Rule: the key that signs cookies is new at each start and never leaves memory; a file that is handed in stays in memory
until the gate has it.
"""

import io
import secrets
import sys
import traceback
from pathlib import Path
from typing import IO, Any, Final

import flask_babel
from flask import Flask, Request, Response, g
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from dropbox.courier.pages import carrying, downloading, entering, guard
from dropbox.courier.pages.view import EXTENSION, Place, error_page, language, localized, refusal, sentence
from dropbox.disk.visible import visible
from dropbox.errors import DropboxError
from dropbox.serving.templates import template_folder
from dropbox.wire.signed import shown_number

_TRANSLATIONS: Final = Path(__file__).parent / "translations"
_KEPT_HEADERS: Final = ("Allow", "Content-Range")  # of an error: what may be asked instead


class _MovingFile(io.BytesIO):
    """A file in memory; each part of it that arrives is use of its sender's session."""

    def write(self, data: Any, /) -> int:  # noqa: ANN401  a class of Python 3.12
        """Add what has arrived."""
        g.use()
        return super().write(data)


class _MemoryRequest(Request):
    """A request whose upload never becomes a temporary file."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002  werkzeug's signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return _MovingFile()


class _QuietFlask(Flask):
    """A Flask application that logs where something failed, never the error's text."""

    request_class = _MemoryRequest

    def log_exception(self, exc_info: Any) -> None:  # noqa: ANN401  flask's signature
        """Also when an error's own page fails: Flask would write the error's text, which might hold input."""
        _say_where(exc_info[1])


def create_app(place: Place) -> Flask:
    """The WSGI application of the courier's page."""
    app = _QuietFlask(
        "dropbox.courier.pages",
        template_folder=str(template_folder()),
        static_folder=str(Path(__file__).parent / "static"),
    )
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_NAME="courier",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_TIME_LIMIT=None,  # a form is valid as long as its session
        BABEL_DEFAULT_LOCALE="id",
        BABEL_TRANSLATION_DIRECTORIES=str(_TRANSLATIONS),
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(spoken=sentence, visible=visible, day=localized, number=shown_number)
    app.jinja_env.filters.update(file_name=downloading.file_name)
    app.extensions[EXTENSION] = place
    flask_babel.Babel(app, locale_selector=language)
    guard.register(app)
    app.context_processor(lambda: {"lang": language(), "courier": g.get("courier"), "office": place.settings.office})
    for part in (entering, carrying, downloading):
        part.register(app)
    app.register_error_handler(CSRFError, lambda _: error_page("form-old", 400))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DropboxError, refusal)
    app.register_error_handler(Exception, _internal)
    return app


def _http_error(error: HTTPException) -> Response:
    keys = {404: "not-found", 413: "too-large"}
    answer = error_page(keys.get(error.code or 500, "refused"), error.code or 500)
    for name, value in error.get_headers():
        if name in _KEPT_HEADERS:
            answer.headers[name] = value
    return answer


def _internal(error: Exception) -> Response:
    _say_where(error)
    return error_page("internal", 500)


def _say_where(error: BaseException) -> None:
    """Write type and place to stderr, nothing of its text."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    sys.stderr.write(f"courier: {type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}\n")
