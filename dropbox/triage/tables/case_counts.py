"""Numbers of cases, for the pages of oversight and the statistics.

Rule: counts and dates alone, and only of cases that the officer may open; with None for the officer, of all cases.
"""

from collections.abc import Collection
from typing import Final, NamedTuple

from dropbox.triage.tables import cases
from dropbox.triage.tables.cases import LEADING, LIVE, NOT_ENDED
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.exclusions import VISIBLE
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

_RUNNING: Final = f"{NOT_ENDED} and {LEADING} and {LIVE} and {VISIBLE}"


class Clock(NamedTuple):
    """A case's clock; `since` and `due` (0 for none) are day numbers."""

    number: CaseNumber
    status: str
    since: Day
    due: Day


def _count(db: Database, where: str, /, **values: object) -> int:
    return int(cases.query(db, "count(*)", f"{where} and {VISIBLE}", **values).fetchone()[0])


def live(db: Database, officer: str) -> int:
    """Return how many cases have content."""
    return _count(db, LIVE, officer=officer)


def deleted(db: Database, officer: str) -> int:
    """Return of how many cases the content was deleted."""
    return _count(db, f"not ({LIVE})", officer=officer)


def closed_until(db: Database, officer: str, status: str, day: Day) -> int:
    """Return how many cases of a status were closed by a day and still have content."""
    return _count(
        db, f"{LIVE} and {LEADING} and status = :status and closed <= :day", officer=officer, status=status, day=day
    )


def clocks(db: Database, officer: str, ended: Collection[str]) -> list[Clock]:
    """Return the clock of each case whose status is none of `ended`."""
    columns = "number, status, case clock when 0 then sent else clock end, due"
    return [Clock(*row) for row in cases.query(db, columns, _RUNNING, officer=officer, ended=listed(ended))]


def running(db: Database, officer: str | None, ended: Collection[str], today: Day) -> tuple[int, int]:
    """Return (overdue cases, all cases) of those whose status is none of `ended`."""
    columns = "coalesce(sum(due between 1 and :last), 0), count(*)"
    values = {"officer": officer, "ended": listed(ended), "last": today - 1}
    overdue, every = cases.query(db, columns, _RUNNING, **values).fetchone()
    return overdue, every
