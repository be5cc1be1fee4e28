"""Shows the register (buku agenda) of a period: searched, printed, written as a file.

Rule: the page shows the lines that its file would have, at most as many as fit a page.
"""

from typing import Final

from flask import Flask, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dropbox.serving.pages.language import language
from dropbox.triage.statistics import register as book
from dropbox.triage.statistics import reports
from dropbox.triage.ui import export_folder
from dropbox.triage.ui.pages.statistics import chosen_span, spans
from dropbox.triage.ui.view import page, work

_SHOWN: Final = 300
_QUERY_MAX: Final = 200
_ON_SCREEN: Final = (
    "sent",
    "channel",
    "category",
    "risk",
    "subject",
    "reported",
    "unit",
    "place",
    "disposition",
    "status",
)


def _page() -> Response:
    span = chosen_span(request.args.get("masa", ""))
    typed = request.args.get("kata", "")[:_QUERY_MAX]
    found = book.lines(work(), span, typed, language())
    return page(
        "book.html",
        here="book",
        span=span,
        spans=spans(),
        words=typed,
        count=len(found),
        lines=found[:_SHOWN],
        names=_ON_SCREEN,
        heads={name: words[language()] for name, words in book.COLUMNS.items()},
        kinds=reports.REGISTER_KINDS,
    )


def _file() -> Response:
    span, kind = chosen_span(request.form.get("masa", "")), request.form.get("kind", "")
    typed = request.form.get("kata", "")[:_QUERY_MAX]
    made = reports.register_file(work(), span, kind, typed, language())
    flash(export_folder.keep(export_folder.folder(work()), f"register-{span.code}", made, kind))
    return redirect(url_for("book", masa=span.code))


def register(app: Flask) -> None:
    """Add the routes of the register and its files."""
    app.add_url_rule("/buku-register", "book", _page)
    app.add_url_rule("/buku-register/berkas", "book-file", _file, methods=["POST"])
