"""Says which answers are equal for all visitors, and what they depend on (http.page_cache keeps them).

Rule: a page that looks at its visitor is in OWN, or its visitors get answers of their own. The settings, the articles
and the form do not change while the site runs; the store's published bodies, its room and the day do.
"""

from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Final
from wsgiref.types import WSGIEnvironment

from flask import Flask

from dropbox.web.base.address import HOST, is_loopback, is_onion
from dropbox.web.base.site import Site
from dropbox.web.http.page_cache import STATIC
from dropbox.web.pages.webview import is_inside_app

OWN: Final = ("pusaka",)  # says what a visitor's browser needs to open the site elsewhere
UNKNOWN: Final = "site.invalid"  # the host of pages that show no address of theirs (RFC 2606)
_PACKED: Final = (".br", ".gz")  # beside the files, for the answers that may be packed


def shared_paths(app: Flask) -> Iterator[str]:
    """Yield the paths of all answers to GET that are equal for all."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint.rpartition(".")[2] not in OWN:
            yield rule.rule
    folder = Path(app.static_folder or "")
    yield from (STATIC + path.name for path in folder.glob("*") if path.is_file() and path.suffix not in _PACKED)


def hosts(site: Site) -> Iterator[str]:
    """Yield the hosts for which pages are made before anybody asks: those that the settings name, or UNKNOWN."""
    yield site.settings.address.partition("://")[2] or UNKNOWN
    if site.settings.onion:
        yield site.settings.onion


def host_of(site: Site, environ: WSGIEnvironment) -> str | None:
    """Return the host for a visitor's answers; None for a visitor who gets their own.

    That is a visitor inside an app, behind a proxy that reads along, or at an onion address which the settings do not
    name: no page is made for it before, and a fast answer would say that somebody was there.
    """
    host: str = environ.get("HTTP_HOST", "").lower()
    if "HTTP_X_TOR2WEB" in environ or ".onion." in host or not HOST.fullmatch(host):
        return None
    if is_inside_app(environ.get("HTTP_USER_AGENT", ""), environ.get("HTTP_X_REQUESTED_WITH", "")):
        return None
    address, onion = site.settings.address.partition("://")[2], site.settings.onion
    if is_onion(host) and (onion or not address):
        return onion or None
    return address or (host if is_loopback(host) else UNKNOWN)


def state_of(site: Site) -> Hashable:
    """Return what shared answers depend on: the days, the numbers of what is published, whether files are taken."""
    numbers = frozenset(site.store.published.numbers().items())
    return site.today(), site.utc_day(), numbers, site.store.room.takes_files()
