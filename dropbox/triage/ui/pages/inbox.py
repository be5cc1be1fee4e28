"""Shows the inbox, sorted as the officer asks, and the search.

Rule: filters are codes in the address, never text of a report; the words of a search are only in the address of its own
page. A saved filter is a number in the address, and so is the place at which the page before ended.
"""

from dataclasses import fields, replace
from typing import Any, Final

from flask import Flask, Response, redirect, request, session, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from dropbox.errors import NotFoundError
from dropbox.form import regions
from dropbox.serving.pages.language import language
from dropbox.triage.casework import inbox, search
from dropbox.triage.casework.choosing import saved
from dropbox.triage.tables import officers
from dropbox.triage.tasks import TASKS
from dropbox.triage.ui import choices, findings
from dropbox.triage.ui.view import desk, may, page, settings, vault, whole, work

_NUMBERS = ("age", "younger")
_FLAGS = ("unread", "is_open", "falls", "risk_waits")
_SAVED: Final = "saved"
_ORDER: Final = ("sort", "falls")  # asked for anew, also where a saved filter has an order
# No other part of an address is kept or linked.
_FILTERS = frozenset(one.name for one in fields(inbox.Filter)) | {_SAVED}
_KEPT_MAX = 200
OPEN: Final = {"is_open": "1"}  # what is shown if nothing is asked for
ORDERS: Final = {
    "due": _l("Jatuh tempo"),
    "sent": _l("Menunggu sejak"),
    "number": _l("Kasus"),
    "subject": _l("Perihal"),
    "unit": _l("Satker"),
    "place": _l("Tempat"),
    "channel": _l("Kanal dan jenis"),
    "status": _l("Status"),
    "officer": _l("Petugas"),
    "risk": _l("Risiko"),
}


def filter_of(untrusted: MultiDict[str, str]) -> inbox.Filter:
    """Return the filter of an address, or the saved one that it names; an unknown filter is ignored."""
    values: dict[str, Any] = {}
    for one in fields(inbox.Filter):
        typed = untrusted.get(one.name, "").strip()
        if one.name in _FLAGS:
            values[one.name] = typed == "1"
        elif one.name in _NUMBERS:
            values[one.name] = min(whole(typed) or 0, 10_000)
        else:
            values[one.name] = typed[:_KEPT_MAX]
    number = whole(untrusted.get(_SAVED, ""))
    if number is None:
        return inbox.Filter(**values)
    try:
        kept = saved.wanted_of(work(), number)
    except NotFoundError:  # it was deleted
        return inbox.Filter(is_open=True)
    return replace(kept, **{name: values[name] for name in _ORDER}) if values["sort"] else kept


def kept_filter() -> dict[str, str]:
    """Return the filter of the list from which the officer came, as an address has it."""
    return dict(session.get("inbox", OPEN))


def _inbox() -> AnyResponse:
    if not may(TASKS["list"].permission):  # the overseer's first page is another
        return redirect(url_for("proposals"))
    typed = request.args if request.args else MultiDict(OPEN)
    wanted = filter_of(typed)
    kept = {name: value[:_KEPT_MAX] for name, value in typed.items(multi=False) if name in _FILTERS}
    session["inbox"] = kept
    session.pop("around", None)
    return _show(wanted, kept, whole(typed.get("after", "")))


def _show(wanted: inbox.Filter, kept: dict[str, str], after: int | None) -> Response:
    """Return the list's page; `kept` is the filter as an address has it, `after` the number of a place."""
    found = inbox.page(work(), wanted, after=desk().handouts.places.get(after) if after is not None else None)
    narrowed = any(getattr(wanted, one.name) for one in fields(wanted) if one.name not in ("is_open", *_ORDER))
    return page(
        "inbox.html",
        here="inbox",
        page=found,
        behind=desk().handouts.places.put(found.next) if found.next else 0,
        wanted=wanted,
        narrowed=narrowed,
        orders=ORDERS,
        sort=wanted.sort if wanted.sort in ORDERS else next(iter(ORDERS)),
        saved=saved.all_saved(work()),
        chosen_filter=whole(kept.get(_SAVED, "")),
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
