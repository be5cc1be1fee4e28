"""Shows the numbers of a period, writes its report, and publishes the public part of it.

Rule: an officer sees the numbers exactly as they will be published: the form contains a digest of those shown, and is
refused if they have changed meanwhile.
"""

import functools
import hashlib
from typing import Any, Final

from flask import Flask, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, RefusedError
from dropbox.serving.pages.language import language, sentence
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases.periods import Span, recent, span_of
from dropbox.triage.exchange import statistics_extract
from dropbox.triage.statistics import reports
from dropbox.triage.statistics.counters import COLUMNS, COUNTERS, row_label
from dropbox.triage.statistics.tables import count
from dropbox.triage.ui import export_folder
from dropbox.triage.ui.view import desk, page, vault, work
from dropbox.triage.ui.view import gettext as _
from dropbox.vocabulary.tables import TOTAL
from dropbox.wire.statistics import Period, Table

_PERIOD: Final = "masa"


def spans() -> list[tuple[str, str]]:
    """Return (code, label) of the periods to choose from."""
    return [(span.code, span.label(language())) for span in recent(desk().today())]


def chosen_span(typed: str) -> Span:
    """Return the period of an address or a form, this year if it is empty; raises RefusedError."""
    return span_of(typed) if typed else recent(desk().today())[0]


def words() -> dict[str, Any]:
    """Return the template variables for tables."""
    return {
        "counters": COUNTERS,
        "column_words": COLUMNS,
        "total": TOTAL,
        "row_label": functools.partial(row_label, bodies=work().settings.workstation.referral_targets),
        "share": _share,
        "spans": spans(),
    }


def _share(table: Table, value: int | None) -> int:
    """Return the length of a bar, in percent of the table's longest one."""
    longest = max((row.values[0] or 0 for row in table.rows if row.code != TOTAL), default=0)
    return 100 * (value or 0) // longest if longest else 0


def _page() -> Response:
    permission.permit(work(), Permission.STATISTICS_READ)
    span = chosen_span(request.args.get(_PERIOD, ""))
    counts = count(work(), span)
    return page(
        "statistics.html",
        here="statistics",
        span=span,
        tables=counts.tables,
        summary=reports.summary(counts, vault().officer.name, language()),
        **words(),
    )


def _file() -> Response:
    span, kind = chosen_span(request.form.get(_PERIOD, "")), request.form.get("kind", "")
    made = reports.report(work(), span, kind, language())
    flash(export_folder.keep(export_folder.folder(work()), f"statistik-{span.code}", made, kind))
    return redirect(url_for("statistics", masa=span.code))


def _seen(period: Period) -> str:
    """Return a value that identifies the numbers that an officer saw."""
    return hashlib.sha256(period.encode()).hexdigest()


def _public(fault: str = "") -> Response:
    permission.permit(work(), Permission.STATISTICS_PUBLISH)
    typed = request.values.get(_PERIOD, "")
    preview = span = None
    if typed and not fault:
        try:
            span = span_of(typed)
            preview = statistics_extract.preview(work(), span)
        except RefusedError as error:
            fault = sentence(error)
    return page(
        "public_statistics.html",
        409 if fault else 200,
        here="statistics",
        span=span,
        preview=preview,
        seen=_seen(preview) if preview else "",
        published=reversed(statistics_extract.published(vault())),
        fault=fault,
        **words(),
    )


def _decide() -> Response:
    try:
        span = span_of(request.form.get(_PERIOD, ""))
        if _seen(statistics_extract.preview(work(), span)) != request.form.get("seen"):
            raise RefusedError("statistics.changed")
        statistics_extract.decide(work(), span)
    except DropboxError as error:
        return _public(sentence(error))
    flash(_("Sudah diputuskan. Angka ini ikut pada terbitan berikutnya."))
    return redirect(url_for("public-statistics"))


def register(app: Flask) -> None:
    """Add the routes of the numbers and their publication."""
    app.add_url_rule("/statistik", "statistics", _page)
    app.add_url_rule("/statistik/berkas", "statistics-file", _file, methods=["POST"])
    app.add_url_rule("/statistik/umum", "public-statistics", _public)
    app.add_url_rule("/statistik/umum", "publish-statistics", _decide, methods=["POST"])
