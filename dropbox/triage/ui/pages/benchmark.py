"""Shows the yearly comparison with target and peers.

Rule: a figure that is unconfirmed has a mark in its cell, one that is unknown says so there.
"""

from flask import Flask, request
from werkzeug.wrappers import Response

from dropbox.serving.pages.language import language
from dropbox.triage.cases.periods import recent
from dropbox.triage.statistics import benchmark
from dropbox.triage.ui.pages.statistics import chosen_span
from dropbox.triage.ui.view import desk, page, work


def _page() -> Response:
    span, today = chosen_span(request.args.get("masa", "")), desk().today()
    lines = benchmark.table(work(), span)
    return page(
        "benchmark.html",
        here="statistics",
        span=span,
        lines=lines,
        has_unconfirmed=any(not one.target_confirmed or any(map(_is_open, one.peers)) for one in lines),
        years=[(span.code, span.label(language())) for span in recent(today) if span.kind == "year"],
        shown=benchmark.shown,
    )


def _is_open(peer: benchmark.Peer) -> bool:
    return bool(peer.date) and not peer.confirmed


def register(app: Flask) -> None:
    """Add the route of the page."""
    app.add_url_rule("/statistik/pembanding", "benchmark", _page)
