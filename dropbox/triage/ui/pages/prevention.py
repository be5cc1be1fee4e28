"""Shows what recurs within a year, the recommendations against it, and whether they were carried out.

Rule: a refused form is shown again with what was typed; a recommendation must be about an entry of the list.
"""

import datetime

from flask import Flask, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dropbox.errors import DropboxError, RefusedError
from dropbox.serving.pages.language import sentence
from dropbox.triage.statistics import recommendations, recurrence
from dropbox.triage.ui import choices
from dropbox.triage.ui.view import desk, page, work
from dropbox.triage.ui.view import gettext as _
from dropbox.wire.calendar import Day, date_of, day_of


def _show(fault: str = "", form: str = "", typed: MultiDict[str, str] | None = None) -> Response:
    today = desk().today()
    recurring = recommendations.recurring(work(), recurrence.last_year(today))
    is_open, is_late = request.args.get("belum") == "1", request.args.get("lewat") == "1"
    made = [
        one
        for one in recommendations.visible_to(work())
        if not (is_open and one.done) and not (is_late and (one.done or one.due >= today))
    ]
    forms = {*(f"{one.kind}:{one.subject}" for one in recurring), *(str(one.number) for one in made if not one.done)}
    return page(
        "prevention.html",
        409 if fault else 200,
        here="prevention",
        recurring=recurring,
        made=[(one, one.state(today)) for one in made],
        choices=choices,
        tomorrow=date_of(today + 1),
        text_max=recommendations.TEXT_MAX,
        who_max=recommendations.WHO_MAX,
        fault=fault,
        is_lost=form not in forms,  # its subject is no longer on the page
        form=form,
        typed=typed or MultiDict(),
    )


def _recommend() -> Response:
    typed = request.form
    about = (typed.get("kind", ""), typed.get("subject", ""))
    try:
        due = _day(typed.get("due", ""))
        recommendations.recommend(work(), about, typed.get("text", ""), typed.get("who", ""), due)
    except DropboxError as error:
        return _show(sentence(error), ":".join(about), typed)
    flash(_("Rekomendasi tersimpan."))
    return redirect(url_for("prevention"))


def _finish(number: int) -> Response:
    try:
        recommendations.finish(work(), number, request.form.get("result", ""))
    except DropboxError as error:
        return _show(sentence(error), str(number), request.form)
    flash(_("Rekomendasi ditandai sudah dijalankan."))
    return redirect(url_for("prevention"))


def _day(typed: str) -> Day:
    try:
        return day_of(datetime.date.fromisoformat(typed))
    except ValueError:
        raise RefusedError("recommendation.day") from None


def register(app: Flask) -> None:
    """Add the routes of the page and its two actions."""
    app.add_url_rule("/pencegahan", "prevention", _show)
    app.add_url_rule("/pencegahan", "recommend", _recommend, methods=["POST"])
    app.add_url_rule("/pencegahan/<int:number>/selesai", "recommendation-finish", _finish, methods=["POST"])
