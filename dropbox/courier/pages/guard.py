"""Admits only requests under the page's own names, of a browser that has logged in, from the page's own forms.

Rule: every request is checked before any page handles it and before its body is read: host, origin, session, size, and
a place for an upload; a change also needs the token of Flask-WTF. Every answer has the same headers.
"""

import functools
import threading
from typing import Final

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from dropbox.courier.pages.view import door, error_page, hosts
from dropbox.limits import KIB, MIB, RETURN_BUNDLE_MAX_BYTES
from dropbox.serving.connection import PEER
from dropbox.serving.headers import headers, policy
from dropbox.serving.pages import origin
from dropbox.serving.pages.application import put_headers

OPEN: Final = ("static", "enter", "language")  # without a session
UPLOAD: Final = "upload"
DOWNLOAD: Final = "download"
FORM_MAX_BYTES: Final = 16 * KIB  # of any other form: four short fields
UPLOAD_MAX_BYTES: Final = RETURN_BUNDLE_MAX_BYTES + FORM_MAX_BYTES
UPLOADS_MAX: Final = 2  # at once: their files are held in memory
_SWALLOW_BYTES: Final = 1024 * MIB  # of a courier's refused file; of anybody else's the largest that could be taken
HEADERS: Final = headers(policy(), "same-origin")
_PLACES: Final = "dropbox-uploads"  # the extension that holds the places
_csrf = CSRFProtect()


def _check_place() -> AnyResponse | None:
    """Refuse another host name that resolves to here (DNS rebinding), and a form that another page sends."""
    request.max_content_length = UPLOAD_MAX_BYTES if request.endpoint == UPLOAD else FORM_MAX_BYTES
    if origin.host() not in hosts():
        return error_page("wrong-host", 403)
    if request.method not in ("GET", "HEAD") and origin.is_foreign():
        return error_page("cross-site", 403)
    return None


def _check_session() -> AnyResponse | None:
    """Send whoever is not logged in to the door; nothing of the body has been read.

    A download gets an error: a browser that goes on with one would save the door's page as the file.
    """
    if request.endpoint == "static":
        return None
    token = session.get("token", "")
    g.courier, g.use = door().session(token), functools.partial(door().use, token)
    if g.courier is None:
        session.pop("token", None)
    if g.courier is None and request.endpoint not in OPEN:
        _let_finish()
        if request.endpoint == DOWNLOAD:
            return error_page("ended", 403)
        if request.method == "POST" and request.endpoint != "leave":
            session["is_dropped"] = True  # the door says so until the next log-in
        return redirect(url_for("enter"), 303)
    return None


def _check_size() -> AnyResponse | None:
    """Refuse a body that is too large, and one more upload than there are places; a length must be stated."""
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        return error_page("refused", 411)
    if (request.content_length or 0) > (request.max_content_length or 0):
        _let_finish()
        return error_page("too-large", 413)
    if request.endpoint == UPLOAD and request.method == "POST":
        if not _places().acquire(blocking=False):
            _let_finish()
            return error_page("upload-busy", 503)
        g.place = True
    return None


def _let_finish() -> None:
    """Discard what is left of a refused body, without a thread: a browser shows an answer when it has sent all."""
    peer = request.environ.get(PEER)
    if peer is not None:
        peer.swallow(_SWALLOW_BYTES if g.get("courier") else UPLOAD_MAX_BYTES)


def _places() -> threading.Semaphore:
    places: threading.Semaphore = current_app.extensions[_PLACES]
    return places


def _release(_error: BaseException | None) -> None:
    if g.pop("place", False):
        _places().release()


def register(app: Flask) -> None:
    """Register the checks, in this order."""
    app.extensions[_PLACES] = threading.BoundedSemaphore(UPLOADS_MAX)
    app.before_request(_check_place)
    app.before_request(_check_session)
    app.before_request(_check_size)
    app.teardown_request(_release)
    put_headers(app, HEADERS)
    _csrf.init_app(app)
