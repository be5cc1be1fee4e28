"""Offers the site's onion address, and refuses to work through a proxy that reads along.

Rule: a proxy of the tor2web kind sees everything that passes it, so nothing is shown or accepted there but a warning.
"""

from urllib.parse import quote

from flask import Flask, Response, request

from dropbox.web.base.current import site
from dropbox.web.base.view import error_page

_HARMLESS = ("static", "favicon")


def _host() -> str:
    """The host of the request, without port and final dot."""
    return request.headers.get("Host", "").rsplit(":", 1)[0].rstrip(".").lower()


def _warn() -> Response | None:
    if ".onion." not in _host() and "X-Tor2web" not in request.headers:
        return None
    if request.endpoint in _HARMLESS:
        return None
    return error_page("tor2web", 403)


def _offer(response: Response) -> Response:
    # For GET (and so HEAD) alone: who has just received an answer to a form must not be led away from it.
    onion = site().settings.onion
    if (
        onion
        and request.method in ("GET", "HEAD")
        and response.mimetype == "text/html"
        and not _host().endswith(".onion")
    ):
        response.headers["Onion-Location"] = f"http://{onion}{quote(request.path)}"
    return response


def register(app: Flask) -> None:
    """Before and after every request."""
    app.before_request(_warn)
    app.after_request(_offer)
