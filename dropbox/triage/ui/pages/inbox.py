"""Shows the inbox, sorted by due date, and the search.

Rule: filters are codes in the address, never text of a report; the words of a search are only in the address of its own
page.
"""

from dataclasses import fields
from typing import Any

from flask import Flask, Response, redirect, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from dropbox.form import regions
from dropbox.triage.casework import inbox, search
from dropbox.triage.tables import officers
from dropbox.triage.tasks import TASKS
from dropbox.triage.ui import choices, findings
from dropbox.triage.ui.view import desk, language, may, page, settings, vault, whole, work
from dropbox.wire.calendar import Day

_NUMBERS = ("age",)
_FLAGS = ("unread", "is_open")
_FILTERS = frozenset(one.name for one in fields(inbox.Filter))  # no other part of an address is kept or linked
_KEPT_MAX = 200


def filter_of(untrusted: MultiDict[str, str]) -> inbox.Filter:
    """Return the filter of an address; an unknown filter is ignored."""
    values: dict[str, Any] = {}
    for one in fields(inbox.Filter):
        typed = untrusted.get(one.name, "").strip()
        if one.name in _FLAGS:
            values[one.name] = typed == "1"
        elif one.name in _NUMBERS:
            values[one.name] = min(whole(typed) or 0, 10_000)
        else:
            values[one.name] = typed[:_KEPT_MAX]
    return inbox.Filter(**values)


def place_of(untrusted: str) -> inbox.Place | None:
    """Return the place that an address has as `due-number`; None if invalid."""
    due, number = map(whole, untrusted.partition("-")[::2])
    return None if due is None or number is None else inbox.Place(Day(due), number)


def _inbox() -> AnyResponse:
    if not may(TASKS["list"].permission):  # the overseer's first page is another
        return redirect(url_for("proposals"))
    typed = request.args if request.args else MultiDict({"is_open": "1"})
    wanted = filter_of(typed)
    kept = {name: value[:_KEPT_MAX] for name, value in typed.items(multi=False) if name in _FILTERS}
    session["inbox"] = kept
    found = inbox.page(work(), wanted, after=place_of(typed.get("after", "")))
    narrowed = any(getattr(wanted, one.name) for one in fields(wanted) if one.name != "is_open")
    return page(
        "inbox.html",
        here="inbox",
        page=found,
        wanted=wanted,
        narrowed=narrowed,
        today=desk().today(),
        unopened=findings.unopened(work()),
        officers=logins(),
        tag_choices=[(tag, tag) for tag in inbox.all_tags(work())],
        province_choices=list(regions.provinces().items()),
        provinces=regions.provinces(),
        choices=choices,
        office_choices=office_choices(),
        office_names=dict(office_choices()),
        kept=kept,
    )


def office_choices() -> list[tuple[str, str]]:
    """Return (code, name) of the offices, in the officer's language."""
    return [(code, names[language()]) for code, names in settings().workstation.offices.items()]


def logins() -> list[tuple[str, str]]:
    """Return (login, name) of the active officers."""
    return sorted(((one.login, one.name) for one in officers.active(vault().db)), key=lambda one: one[1])


def _search() -> Response:
    typed = request.args.get("q", "")
    hits = search.search(work(), typed)
    return page("search.html", query=typed, hits=hits, recognized=search.RECOGNIZED)


def register(app: Flask) -> None:
    """Add the routes of inbox and search."""
    app.add_url_rule("/", "inbox", _inbox)
    app.add_url_rule("/cari", "search", _search)
