"""Shows the yearly comparison with target and peers.

Rule: a figure that is unconfirmed or unknown says so in its cell.
"""

from flask import Flask, request
from werkzeug.wrappers import Response

from dropbox.triage.cases.periods import recent
from dropbox.triage.statistics import benchmark
from dropbox.triage.ui.pages.statistics import chosen_span
from dropbox.triage.ui.view import desk, language, page, work


def _page() -> Response:
    span, today = chosen_span(request.args.get("masa", "")), desk().today()
    return page(
        "benchmark.html",
        here="statistics",
        span=span,
        lines=benchmark.table(work(), span),
        years=[(span.code, span.label(language())) for span in recent(today) if span.kind == "year"],
        shown=benchmark.shown,
    )


def register(app: Flask) -> None:
    """Add the route of the page."""
    app.add_url_rule("/statistik/pembanding", "benchmark", _page)
