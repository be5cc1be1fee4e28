"""Shares what every page of the courier needs: door, gate, error pages.

Rule: a page shows nothing that was typed; an address has only numbers.
"""

from dataclasses import dataclass
from typing import Any, Final, cast

from flask import Response, current_app, make_response, render_template

from dropbox.courier.gate.client import Gate
from dropbox.courier.pages.door import Door
from dropbox.courier.pages.messages import ERRORS
from dropbox.errors import DropboxError, GateError, NotFoundError, StorageBusyError
from dropbox.serving.pages.language import sentence
from dropbox.settings.installation import Settings

EXTENSION: Final = "dropbox-courier"
_SILENT: Final = ("gate.closed", "gate.ended")  # the gate gave no answer; any other error is one
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Place:
    """What the page consists of: its settings, its door, and the gate to the store."""

    settings: Settings
    door: Door
    gate: Gate


def place() -> Place:
    """Return the running page's parts."""
    return cast("Place", current_app.extensions[EXTENSION])


def door() -> Door:
    """Return who may come in."""
    return place().door


def gate() -> Gate:
    """Return the gate to the store."""
    return place().gate


def hosts() -> tuple[str, ...]:
    """Return the host names under which the page answers: this machine's own, and its onion service."""
    onion = place().settings.courier_page.onion
    return (*_LOOPBACK, onion) if onion else _LOOPBACK


def page(template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401
    """Return a rendered page."""
    return make_response(render_template(f"courier/{template}", **context), status)


def error_page(key: str, status: int, detail: str = "") -> Response:
    """Return a page that says what is wrong and what to do; `detail` is a sentence of our own error, without input."""
    return page("error.html", status, message=ERRORS[key], detail=detail, data_error=key)


def refusal(error: DropboxError) -> Response:
    """Return one of our errors as a page."""
    if isinstance(error, GateError | StorageBusyError):
        return error_page("gate" if error.code in _SILENT else "refused", 503, sentence(error))
    is_missing = isinstance(error, NotFoundError)
    return error_page("not-found" if is_missing else "refused", 404 if is_missing else 409, sentence(error))
