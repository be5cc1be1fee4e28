"""Counts over the cases that an officer may open, for the page of the leaders.

Rule: every query has VISIBLE, so that a case from which the officer is kept out is in no sum.
"""

from collections.abc import Collection
from typing import Final, NamedTuple

from dropbox.triage.tables import cases
from dropbox.triage.tables.cases import LEADING, LIVE, NOT_ENDED
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.exclusions import VISIBLE
from dropbox.triage.tables.safety.risks import WAITS
from dropbox.wire.calendar import Day

_OPEN: Final = f"{NOT_ENDED} and {LEADING} and {LIVE} and {VISIBLE}"


class Assigned(NamedTuple):
    """The open cases of an office and an officer (login; both may be empty).

    Attributes:
        office: a code of the settings.
        officer: login.
        open: how many.
        overdue: how many of them are overdue.
        since: due day (number) of the one that is overdue the longest, or 0.
    """

    office: str
    officer: str
    open: int
    overdue: int
    since: Day


class Life(NamedTuple):
    """How many cases were sent on a day (number) and closed on one (0: not), and whether they are worked on."""

    sent: Day
    closed: Day
    leads: int
    cases: int


def assigned(db: Database, officer: str, ended: Collection[str], today: Day) -> list[Assigned]:
    """Return the open cases by whom they are assigned to; `ended` are the statuses that are not open."""
    columns = (
        "office, cases.officer, count(*), coalesce(sum(due between 1 and :last), 0),"
        " coalesce(min(case when due between 1 and :last then due end), 0)"
    )
    values = {"officer": officer, "ended": listed(ended), "last": today - 1}
    return [Assigned(*row) for row in cases.query(db, columns, _OPEN, "group by 1, 2", **values)]


def open_by_sent(db: Database, officer: str, ended: Collection[str]) -> list[tuple[Day, int]]:
    """Return (day of sending, how many open cases were sent on it)."""
    rows = cases.query(db, "sent, count(*)", _OPEN, "group by sent", officer=officer, ended=listed(ended))
    return rows.fetchall()  # type: ignore[no-any-return]


def lives(db: Database, officer: str) -> list[Life]:
    """Return when cases began and ended, also of cases whose content was deleted."""
    columns = f"sent, coalesce(closed, 0), {LEADING}, count(*)"
    return [Life(*row) for row in cases.query(db, columns, VISIBLE, "group by 1, 2, 3", officer=officer)]


def count_risks_waiting(db: Database, officer: str, ended: Collection[str]) -> int:
    """Return of how many open cases the risk waits for a decision."""
    found = cases.query(db, "count(*)", f"{_OPEN} and {WAITS}", officer=officer, ended=listed(ended))
    return int(found.fetchone()[0])
