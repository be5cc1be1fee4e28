"""Serves the pages that explain, from their content files, and the list of all of them.

Rule: a page is made of its file and the settings. /pusaka alone looks whether it is seen inside another app.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Response, current_app

from dropbox.vocabulary.codes import Status
from dropbox.web.base.articles import ARTICLES, Article
from dropbox.web.base.current import localized, site
from dropbox.web.base.desks import closed_reason
from dropbox.web.base.labels import STATUS_LABELS
from dropbox.web.base.view import bare_path_of, page
from dropbox.web.http.addresses import HERE
from dropbox.web.pages.qr import qr_svg
from dropbox.web.pages.webview import comes_inside_app, ways_out

# The list of all pages, in groups of (heading's key, pages).
GROUPS: Final = (
    ("before", ("wbs", "dumas", "safety", "limits", "pusaka")),
    ("after", ("how", "procedure", "refusals", "statistics", "keys", "verify", "container", "proof")),
    ("rights", ("rights", "duty", "reward", "privacy")),
    ("help", ("violence", "contacts", "access")),
)

_REPORTERS_TURN: Final = (Status.BUTUH_INFO,)  # its days are the reporter's, and no target of ours


def articles() -> Mapping[str, Article]:
    """Return the articles of the running site, by name."""
    return site().articles


def _article(name: str) -> Callable[[], Response]:
    def show() -> Response:
        article = articles()[name]
        return page(
            f"article-{name}.html" if name in _OWN else "article.html",
            article=article,
            updated=localized(article.date),
            **_OWN.get(name, dict[str, Any])(),
        )

    return show


def _safety() -> dict[str, Any]:
    onion = site().settings.onion
    return {"onion": f"http://{onion}/" if onion else "", "picture": qr_svg(f"http://{onion}/") if onion else ""}


def _procedure() -> dict[str, Any]:
    days = site().settings.service_days
    return {"stages": [(STATUS_LABELS[status], days[status]) for status in days if status not in _REPORTERS_TURN]}


def _start() -> dict[str, Any]:
    return {"intake_open": not closed_reason()}


def _pusaka() -> dict[str, Any]:
    home, inside = bare_path_of("home"), comes_inside_app()
    return {"inside": inside, "onwards": HERE + home if inside else home, "scripts": ["copy"], **ways_out(home)}


_OWN: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "wbs": _start,
    "dumas": _start,
    "how": dict[str, Any],
    "safety": _safety,
    "procedure": _procedure,
    "pusaka": _pusaka,
}


def _info() -> Response:
    titles = {name: article.title for name, article in articles().items()}
    served = {endpoint.rpartition(".")[2] for endpoint in current_app.view_functions}
    groups = [(heading, [name for name in names if name in served]) for heading, names in GROUPS]
    return page("info.html", groups=groups, titles=titles)


VIEWS: Final = {name: _article(name) for name in ARTICLES} | {"info": _info}
