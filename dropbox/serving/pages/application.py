"""Puts together what every program with pages for people who log in has.

Rule: the key that signs cookies is new at each start and never leaves memory; a log line has the type and the place of
an error, never its text, which might hold input.
"""

import secrets
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import flask_babel
from flask import Flask, Response
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter

from dropbox.errors import DropboxError
from dropbox.serving.headers import Headers
from dropbox.serving.pages.language import language, localized, sentence
from dropbox.serving.pages.memory import MemoryRequest
from dropbox.serving.templates import template_folder

ErrorPage = Callable[[str, int], Response]
_KEPT_HEADERS: Final = ("Allow", "Content-Range")  # of an error: what may be asked instead
_ERRORS: Final = {404: "not-found", 413: "too-large"}


class _NumberConverter(IntegerConverter):
    """A number in an address: at most fifteen ASCII digits, which every database takes; any other is no address."""

    regex = "[0-9]{1,15}"


class QuietFlask(Flask):
    """A Flask application that logs where something failed, never the error's text."""

    program = ""  # what a log line begins with

    def log_exception(self, exc_info: Any) -> None:  # noqa: ANN401  flask's signature
        """Also when an error's own page fails: Flask would write the error's text."""
        self.say_where(exc_info[1])

    def say_where(self, error: BaseException) -> None:
        """Write type and place of an error to stderr."""
        frame = traceback.extract_tb(error.__traceback__)[-1]
        sys.stderr.write(f"{self.program}: {type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}\n")


def make(program: str, package: str, folder: Path, request_class: type[MemoryRequest]) -> QuietFlask:
    """Return an application without pages.

    Args:
        program: names its cookie, and begins its log lines.
        package: to which the application belongs.
        folder: of the package, with `static` and `translations`.
        request_class: its requests.
    """
    app = QuietFlask(package, template_folder=str(template_folder()), static_folder=str(folder / "static"))
    app.program, app.request_class = program, request_class
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_NAME=program,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_TIME_LIMIT=None,  # a form is valid as long as its session
        BABEL_DEFAULT_LOCALE="id",
        BABEL_TRANSLATION_DIRECTORIES=str(folder / "translations"),
        PROPAGATE_EXCEPTIONS=False,
    )
    app.url_map.converters["int"] = _NumberConverter
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(spoken=sentence, day=localized)
    flask_babel.Babel(app, locale_selector=language)
    return app


def handle_errors(
    app: QuietFlask,
    error_page: ErrorPage,
    refusal: Callable[[DropboxError], Response],
    is_interrupted: Callable[[], bool] = lambda: False,
) -> None:
    """Show every error as a page.

    Args:
        app: the application.
        error_page: makes a page by the key of its message and the status.
        refusal: makes a page of one of our own errors.
        is_interrupted: whether the request was ended on purpose, so that its error is not logged.
    """

    def from_http(error: HTTPException) -> Response:
        status = error.code or 500
        answer = error_page(_ERRORS.get(status, "refused"), status)
        for name, value in error.get_headers():
            if name in _KEPT_HEADERS:
                answer.headers[name] = value
        return answer

    def internal(error: Exception) -> Response:
        if not is_interrupted():
            app.say_where(error)
        return error_page("internal", 500)

    app.register_error_handler(CSRFError, lambda _: error_page("form-old", 400))
    app.register_error_handler(HTTPException, from_http)
    app.register_error_handler(DropboxError, refusal)
    app.register_error_handler(Exception, internal)


def put_headers(app: Flask, headers: Headers) -> None:
    """Set the headers on every answer."""

    def put(response: Response) -> Response:
        for name, value in headers:
            response.headers[name] = value
        return response

    app.after_request(put)
