"""Shows the leaders' page: what waits for them, load, what is overdue, age, trend, protection, recommendations.

Rule: the figures are those of the cases that the officer may open (oversight.overview); the page only shows them.
"""

from typing import Final

import babel.dates
from flask import Flask, Response

from dropbox.serving.pages.language import language
from dropbox.triage.cases.casebook import case_name
from dropbox.triage.casework import protection
from dropbox.triage.oversight import overview, pictures
from dropbox.triage.ui.pages.inbox import office_choices
from dropbox.triage.ui.pages.proposals import to_decide
from dropbox.triage.ui.view import desk, page, vault, work
from dropbox.vocabulary import lazy
from dropbox.wire.calendar import Day, date_of

_ROWS: Final = 8  # of each list; the rest is on the list's own page


def _month(first: Day) -> str:
    """Return a month in short form, `Nov 26`."""
    return babel.dates.format_date(date_of(first), "MMM yy", language())


def _code(first: Day) -> str:
    """Return a month as an address of the register has it, `2026-11`."""
    return f"{date_of(first):%Y-%m}"


def _show() -> Response:
    found = overview.of(work())
    mine = [(one, case_name(vault().desk, one.case) if one.case else "") for one in to_decide(vault())]
    return page(
        "overview.html",
        here="overview",
        found=found,
        picture=pictures.trend(found.months),
        size=(pictures.WIDTH, pictures.HEIGHT),
        month=_month,
        code_of=_code,
        ages=overview.AGES,
        most=_ROWS,
        to_decide=mine,
        act_words=lazy.table("permission"),
        office_names=dict(office_choices()),
        kinds=protection.KINDS,
        case_name=lambda number: case_name(vault().desk, number),
        today=desk().today(),
    )


def register(app: Flask) -> None:
    """Add the route of the page."""
    app.add_url_rule("/ikhtisar", "overview", _show)
