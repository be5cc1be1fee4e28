"""Maps each address to its page, in both languages; nothing else."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, request

from dropbox.crypto.signing import epoch_fingerprint, root_fingerprint, station_fingerprint
from dropbox.crypto.words import fingerprint_words
from dropbox.settings.installation import LANGUAGES
from dropbox.web.base.current import keyring, localized, site
from dropbox.web.base.desks import closed_reason, desk_label, place_of
from dropbox.web.base.view import PAGES, error_page, page
from dropbox.web.http.body import is_cross_site
from dropbox.web.intake import container
from dropbox.web.pages import content, statistics
from dropbox.web.pages.manifest import manifest_of
from dropbox.web.pages.sealer import sealer_of
from dropbox.web.report import views as report_views
from dropbox.web.thread import proof
from dropbox.web.thread import views as thread_views
from dropbox.wire.calendar import epoch_first_day, epoch_last_day, epoch_of

CLEAR_SITE_DATA = '"cache", "cookies", "storage"'


def _home() -> Response:
    return page("home.html", intake_open=not closed_reason())


def _keys() -> Response:
    here = site()
    today = here.utc_day()
    root, shown = root_fingerprint(here.anchor), manifest_of()
    desks = [
        {
            "desk": desk.name,
            "label": desk_label(desk.name),
            "station_words": fingerprint_words(station_fingerprint(desk.certificate.station)),
            "certificate_until": localized(desk.certificate.last),
            "open": desk.key(today) is not None,
            "epochs": [
                {
                    "number": epoch,
                    "from": localized(epoch_first_day(epoch)),
                    "until": localized(epoch_last_day(epoch)),
                    "words": fingerprint_words(epoch_fingerprint(key_sha256)),
                }
                for epoch, key_sha256 in sorted(desk.bundle.epochs.items())
                if epoch >= epoch_of(today)
            ],
        }
        for desk in sorted(keyring().desks, key=lambda desk: place_of(desk.name))
    ]
    return page(
        "keys.html",
        root_fingerprint_words=fingerprint_words(root),
        root_fingerprint_hex=root.hex(),
        instance_hex=here.instance.hex(),
        desk_keys=desks,
        sealer=sealer_of(current_app),
        manifest=shown and shown.manifest,
        manifest_words=fingerprint_words(shown.fingerprint) if shown else "",
    )


def _done() -> Response:
    response = page("done.html")
    response.headers["Clear-Site-Data"] = CLEAR_SITE_DATA
    return response


def _favicon() -> Response:
    return Response(status=204)


def _post(view: Callable[[], Response]) -> Callable[[], Response]:
    def guarded() -> Response:
        return error_page("cross-site", 403) if is_cross_site(request) else view()

    return guarded


def register(app: Flask) -> None:
    """Add all routes, Indonesian at the root and English below /en."""
    for lang in LANGUAGES:
        routes = Blueprint(lang, __name__)
        routes.add_url_rule(PAGES["home"], "home", _home)
        routes.add_url_rule(PAGES["keys"], "keys", _keys)
        routes.add_url_rule(PAGES["done"], "done", _done)
        routes.add_url_rule(PAGES["report"], "report", report_views.show)
        routes.add_url_rule(PAGES["report-server"], "report-server", report_views.show_server)
        routes.add_url_rule(PAGES["report"], "send-report", _post(report_views.receive), methods=["POST"])
        routes.add_url_rule(PAGES["status"], "status", thread_views.show)
        routes.add_url_rule(PAGES["status-server"], "status-server", thread_views.show_server)
        routes.add_url_rule(PAGES["status"], "open-thread", _post(thread_views.receive), methods=["POST"])
        routes.add_url_rule(PAGES["add"], "add", _post(thread_views.add), methods=["POST"])
        for name, view in content.VIEWS.items():
            routes.add_url_rule(PAGES[name], name, view)
        routes.add_url_rule(PAGES["act"], "act", _post(thread_views.add), methods=["POST"])
        routes.add_url_rule(PAGES["proof"], "proof", proof.show)
        routes.add_url_rule(PAGES["proof-server"], "proof-server", proof.show_server)
        routes.add_url_rule(PAGES["proof"], "make-proof", _post(proof.receive), methods=["POST"])
        routes.add_url_rule(PAGES["container"], "container", container.show)
        routes.add_url_rule(PAGES["container"], "send-container", _post(container.receive), methods=["POST"])
        routes.add_url_rule(PAGES["statistics"], "statistics", statistics.show)
        app.register_blueprint(routes, url_prefix="/en" if lang == "en" else None)
    app.add_url_rule("/en", "en-home", _home)
    app.add_url_rule("/favicon.ico", "favicon", _favicon)
