"""Assembles the site: routes, middleware, error pages.

Rule: nothing is configured here that is not in Site; no secret key, no session, no cookie.
"""

from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final

import flask_babel
from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from dropbox.errors import StorageBusyError, StorageFullError
from dropbox.limits import FORM_MAX_BYTES
from dropbox.serving.templates import template_folder
from dropbox.web import routes
from dropbox.web.base.current import EXTENSION, language
from dropbox.web.base.log import log_fault
from dropbox.web.base.messages import message
from dropbox.web.base.site import Site
from dropbox.web.base.templates import TRANSLATIONS, environments
from dropbox.web.base.view import TEMPLATES, error_page
from dropbox.web.checks.own_process import describe
from dropbox.web.http import compression
from dropbox.web.http.addresses import BareAddresses
from dropbox.web.http.headers import ConstantHeaders
from dropbox.web.http.health import KEYS, STORE, WELL, Health
from dropbox.web.http.page_cache import PageCache
from dropbox.web.intake import tus
from dropbox.web.pages import downloads, manifest, onion, sealer, security_txt, webview
from dropbox.web.pages.shared import host_of, hosts, shared_paths, state_of

_PAGES: Final = "dropbox-pages"  # the extension that holds the PageCache
_STATIC: Final = Path(__file__).parent / "static"
_HTTP_TEXTS: Final = {404: "page-not-found", 405: "method-not-allowed", 413: "too-large", 415: "unsupported"}


class _QuietFlask(Flask):
    """A Flask that logs where something failed, never with which input."""

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        """Log the type of an error and the place that raised it; its text might contain input."""
        log_fault(exc_info[0], exc_info[2])


def create_app(site: Site, static_folder: Path = _STATIC) -> Flask:
    """Return the WSGI application of a site.

    Args:
        site: what it consists of.
        static_folder: with style, icon, the built scripts, and what the build made of them.
    """
    app = _QuietFlask(
        "dropbox.web",
        template_folder=str(template_folder()),
        static_folder=str(static_folder),
    )
    app.config.update(
        MAX_CONTENT_LENGTH=None,  # bodies are read by http.body, which has limits of its own
        MAX_FORM_MEMORY_SIZE=FORM_MAX_BYTES,
        WTF_CSRF_ENABLED=False,
        WTF_I18N_ENABLED=False,
        BABEL_DEFAULT_LOCALE="id",
        BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS),
        TRAP_BAD_REQUEST_ERRORS=False,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[EXTENSION] = site
    flask_babel.Babel(app, locale_selector=language)
    app.extensions[TEMPLATES] = environments(app)
    routes.register(app)
    onion.register(app)
    webview.register(app)
    downloads.register(app)
    security_txt.register(app)
    tus.register(app)
    sealer.register(app, site)
    manifest.register(app, site)
    compression.register(app)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StorageFullError, lambda _: error_page("storage-full", 507))
    app.register_error_handler(StorageBusyError, lambda _: error_page("busy", 503))
    app.register_error_handler(Exception, _internal_error)
    pages = PageCache(app.wsgi_app, set(shared_paths(app)), partial(host_of, site), partial(state_of, site))
    app.extensions[_PAGES] = pages
    whole = ConstantHeaders(BareAddresses(pages))
    monitor = site.settings.health
    app.wsgi_app = Health(whole, monitor, partial(_condition, site), describe) if monitor else whole  # type: ignore[method-assign]
    return app


def make_pages(app: Flask, site: Site) -> None:
    """Make the pages of `app` that are equal for all visitors, before anybody asks for them."""
    kept: PageCache = app.extensions[_PAGES]
    for host in hosts(site):
        kept.make_all(host)


def _condition(site: Site) -> str:
    """Return whether reports can be sealed and stored now, as a word of http.health."""
    try:
        today = site.utc_day()
        return WELL if site.keyring.get(today).open_desks(today) else KEYS
    except Exception as error:  # noqa: BLE001  # whatever fails here fails for reporters too
        log_fault(type(error), error.__traceback__)
        return STORE


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:  # a redirect of the router
        return Response(status=status, headers={"Location": dict(error.get_headers()).get("Location", "/")})
    response = error_page(_HTTP_TEXTS.get(status, "bad-request"), status)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers["Allow"] = value
    return response


def _internal_error(error: Exception) -> Response:
    log_fault(type(error), error.__traceback__)
    try:
        return error_page("server-error", 500)
    except Exception:  # noqa: BLE001  # even the error page failed: a plain sentence is better than none
        return Response(message("server-error"), 500, mimetype="text/plain")
