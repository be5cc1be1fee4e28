"""Shares what every page of the desk needs: the open vault, texts, error pages.

Rule: a page shows a reporter's words as text, through `visible`; an address has only numbers and codes.
"""

import re
from typing import Any, Final, cast

import flask_babel
from flask import Response, current_app, g, make_response, render_template

from dropbox.errors import DropboxError, NotFoundError
from dropbox.serving.pages.language import sentence
from dropbox.settings.installation import Settings
from dropbox.triage.access import roles
from dropbox.triage.ui.messages import ERRORS
from dropbox.triage.ui.session import Desk
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

EXTENSION: Final = "dropbox-desk"


def desk() -> Desk:
    """Return the running desk."""
    return cast("Desk", current_app.extensions[EXTENSION])


def settings() -> Settings:
    """Return the settings of the desk."""
    return desk().settings


def vault() -> Vault:
    """Return the open vault, the same for the whole request; raises NotFoundError if locked, which guard prevents."""
    if g.get("vault") is None:
        raise NotFoundError("vault.locked")
    return cast("Vault", g.vault)


def work() -> Work:
    """Return the open vault, the settings and today, with which every action is done."""
    return Work(vault(), settings(), desk().today())


def whole(typed: str) -> int | None:
    """Return the number in a text of an address or a form, below 10^9; None for anything else."""
    return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else None


def may(action: str) -> bool:
    """Return whether the officer's roles have an action, for what a page offers; permission.permit decides."""
    return roles.may(settings().workstation, vault().officer, roles.Permission(action))


def page(template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401
    """Return a rendered page."""
    return make_response(render_template(f"desk/{template}", **context), status)


def error_page(key: str, status: int, detail: str = "") -> Response:
    """Return a page that says what is wrong and what to do; `detail` is a sentence of our own error, without input."""
    return page("error.html", status, message=ERRORS[key], detail=detail, data_error=key)


def gettext(text: str, **values: object) -> str:
    """Return a sentence in the officer's language."""
    return str(flask_babel.gettext(text, **values))


def refusal(error: DropboxError) -> Response:
    """Return one of our errors as a page."""
    missing = isinstance(error, NotFoundError)
    return error_page("not-found" if missing else "refused", 404 if missing else 409, sentence(error))
