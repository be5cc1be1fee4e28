"""Defines the site's worker process and its log, which record nothing about visitors.

Rule: a request refused before any page gets our headers and quotes nothing; the log names types and places, no address
and no input.
"""

import sys

from gunicorn.glogging import Logger
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.http.message import Request

from dropbox.limits import FORM_MAX_BYTES, GATHER_BYTES
from dropbox.serving import worker
from dropbox.web.base.log import HOUR_FORMAT, place_of
from dropbox.web.base.messages import message
from dropbox.web.http.headers import HEADERS

FORM_TYPE = "application/x-www-form-urlencoded"


class QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's log without stack traces, because an error's text may quote what was sent, and by the hour."""

    datefmt = HOUR_FORMAT

    def exception(self, *_: object, **__: object) -> None:
        """Type and place alone."""
        kind, _error, trace = sys.exc_info()
        self.error_log.error("server error: %s at %s", kind.__name__ if kind else "?", place_of(trace))


class Worker(worker.Worker):
    """One worker process of the site."""

    def gather_most(self, request: Request) -> int:
        """A text form is gathered whole: what was typed must come back whatever happens."""
        kinds = [value for name, value in request.headers if name == "CONTENT-TYPE"]
        return FORM_MAX_BYTES + GATHER_BYTES if kinds and kinds[0].lower().startswith(FORM_TYPE) else GATHER_BYTES

    def refusal(self, error: BaseException) -> bytes:
        """Say what is wrong without repeating it."""
        status, key = "400 Bad Request", "bad-request"
        if isinstance(error, LimitRequestLine):
            status = "414 URI Too Long"
        elif isinstance(error, LimitRequestHeaders):
            status = "431 Request Header Fields Too Large"
        elif not isinstance(error, ParseException):
            status, key = "500 Internal Server Error", "server-error"
        text = message(key)
        page = (
            f'<!doctype html><html lang="id"><meta charset="utf-8"><title>{message("title-error")}</title>'
            f'<p role="alert" data-error="{key}">{text}</p></html>'
        ).encode()
        headers = (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(page))),
            ("Connection", "close"),
            *HEADERS,
        )
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("ascii") + page
