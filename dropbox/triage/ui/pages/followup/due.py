"""Shows what is due at whose desk: dispositions of an office or officer, and recommendations not carried out.

Rule: what overdue means is decided by the day alone; every list and count is of cases that the officer may open.
"""

from flask import Flask, request
from werkzeug.wrappers import Response

from dropbox.triage.cases.casebook import case_name
from dropbox.triage.followup import duties
from dropbox.triage.tables.followup.dispositions import Wanted
from dropbox.triage.ui.pages.inbox import logins, office_choices
from dropbox.triage.ui.view import desk, page, vault, whole, work
from dropbox.vocabulary import lazy


def _show() -> Response:
    today, place = desk().today(), max(whole(request.args.get("halaman", "")) or 1, 1)
    officer, office = request.args.get("petugas", ""), request.args.get("unit", "")
    late, everybody = request.args.get("lewat") == "1", request.args.get("semua") == "1"
    wanted = duties.mine(work())
    if officer or office or everybody:
        wanted = Wanted(vault().officer.login, officer, (office,) if office else ())
    if late:
        wanted = Wanted(wanted.officer, wanted.assignee, wanted.offices, today)
    rows = duties.waiting(work(), wanted, place)
    units = duties.by_unit(work())
    return page(
        "duties.html",
        here="duties",
        rows=rows[: duties.PAGE_ROWS],
        next=place + 1 if len(rows) > duties.PAGE_ROWS else 0,
        kept={name: request.args[name] for name in ("petugas", "unit", "lewat", "semua") if name in request.args},
        chosen=(officer, office, late, everybody),
        desks=duties.desks(work()),
        officers=logins(),
        office_choices=office_choices(),
        office_names=dict(office_choices()),
        advised=duties.open_recommendations(work()),
        more=max(sum(one.open for one in units) - duties.RECOMMENDATIONS_SHOWN, 0),
        units=units,
        kinds=lazy.table("recommended"),
        outcomes=lazy.table("settlement"),
        today=today,
        name_of=lambda number: case_name(vault().desk, number),
    )


def register(app: Flask) -> None:
    """Add the route of the page."""
    app.add_url_rule("/tugas", "duties", _show)
