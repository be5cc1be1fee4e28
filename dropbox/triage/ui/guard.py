"""Admits only requests of this machine's own browser, bound by the start link, from the desk's own pages.

Rule: every request is checked before any page handles it: Host, Origin, the bound browser, and for the vault the pass
of its last unlocking; a change also needs the token of Flask-WTF. Every answer has the same headers. Locking and the
page's clock wait for no other request, and a page that was made while the vault was being locked is not shown.
"""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from dropbox.serving.headers import headers, policy
from dropbox.serving.pages import origin
from dropbox.serving.pages.application import put_headers
from dropbox.triage.ui.messages import ERRORS
from dropbox.triage.ui.session import Desk
from dropbox.triage.ui.view import EXTENSION, desk, error_page

_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")
_OPEN: Final = ("static", "start")  # without the bound browser
_LOCKED: Final = (*_OPEN, "unlock", "lock", "state")  # without an open vault, and without its turn
QUIET: Final = "X-Quiet"  # a request that a page makes by itself: no sign of an officer
QUIET_FIELD: Final = "sendiri"  # the same in an address, of a page that reloads itself
CSP: Final = policy(
    {
        "img-src": "'self' data:",
        # blob: what our own script puts together in memory. Firefox writes what it plays from an address to a file.
        "media-src": "'self' blob:",
    }
)
HEADERS: Final = headers(CSP, "same-origin")
_csrf = CSRFProtect()


def _check_place() -> AnyResponse | None:
    """Refuse another host name that resolves to here (DNS rebinding), and a form that another page sends."""
    if origin.host() not in _HOSTS:
        return error_page("wrong-host", 403)
    if origin.is_foreign() and request.endpoint not in _OPEN:
        return error_page("cross-site", 403)
    return None


def _check_browser() -> AnyResponse | None:
    """Refuse any other browser than the bound one."""
    if request.endpoint in _OPEN:
        return None
    here: Desk = current_app.extensions[EXTENSION]
    if not here.knows(session.get("browser", "")):
        return error_page("not-started", 403)
    g.admitted = True
    return None


def _take_turn() -> AnyResponse | None:
    """Wait for the vault's turn; meanwhile it may have been locked, or unlocked by another officer."""
    if request.endpoint in _LOCKED or "admitted" not in g:
        return None
    here, shown = desk(), session.get("pass", "")
    if here.admits(shown):
        if not here.enter():
            return error_page("busy", 503)
        g.turn = True
        if here.admits(shown):
            g.vault = here.vault(is_activity=QUIET not in request.headers and QUIET_FIELD not in request.args)
        if g.get("vault") is not None:
            return None
    if request.method == "GET":
        return redirect(url_for("unlock", to=request.full_path.rstrip("?")))
    flash(str(ERRORS["locked"]), "warn")
    return redirect(url_for("unlock", to=urlsplit(request.referrer or "").path or None))


def _hide(response: Response) -> AnyResponse:
    """Replace an answer that was made while the vault was being locked."""
    if g.get("vault") is None or desk().has(g.vault):
        return response
    return redirect(url_for("unlock"))


def _release(_error: BaseException | None) -> None:
    if g.pop("turn", False):
        desk().leave()


def register(app: Flask) -> None:
    """Register the checks, in this order; Flask runs the steps after an answer in reverse."""
    app.before_request(_check_place)
    app.before_request(_check_browser)
    app.before_request(_take_turn)
    app.teardown_request(_release)
    put_headers(app, HEADERS)
    app.after_request(_hide)
    _csrf.init_app(app)
